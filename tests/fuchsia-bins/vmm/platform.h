/* What the monitor and its guests agree on: where a guest of this platform finds what. */
#ifndef VMM_PLATFORM_H
#define VMM_PLATFORM_H

/*
 * A guest's image lies here, and begins to run with its first byte: in 64-bit mode, the first 4 GiB
 * mapped to themselves by tables below PLATFORM_COMMAND_LINE, the size of memory in rdi, and the
 * address of its command line in rsi.
 */
#define PLATFORM_IMAGE		0x100000
#define PLATFORM_COMMAND_LINE	0x7000
#define PLATFORM_COMMAND_LINE_SIZE 0x1000

/* I/O ports: a serial line, of which no more works than what output needs ... */
#define PLATFORM_CONSOLE	0x3f8
#define PLATFORM_CONSOLE_PORTS	8
/* ... and the end: 4 bytes, the exit code. */
#define PLATFORM_EXIT		0x500
#define PLATFORM_EXIT_PORTS	4

/* A timer, with registers of 4 bytes in memory. Each tick is an interrupt. */
#define PLATFORM_TIMER		0xd0000000
#define PLATFORM_TIMER_SIZE	0x1000
#define PLATFORM_TIMER_PERIOD	0	/* written: microseconds between ticks; 0 stops it */
#define PLATFORM_TIMER_TICKS	4	/* read: ticks so far */
#define PLATFORM_TIMER_VECTOR	32

/*
 * A journal: the guest puts text into a ring in its memory, and writes anything to the bell. It is
 * printed while the guest goes on. Both places only grow; what counts is their rest by the size.
 */
#define PLATFORM_JOURNAL	0x8000
#define PLATFORM_JOURNAL_SIZE	2048
#define PLATFORM_BELL		0xd0001000
#define PLATFORM_BELL_SIZE	0x1000

#ifndef __ASSEMBLER__
#include <stdint.h>

struct platform_journal {
	uint32_t written; /* by the guest */
	uint32_t read;	  /* by the monitor */
	char text[PLATFORM_JOURNAL_SIZE];
};
#endif

#endif
