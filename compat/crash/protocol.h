/*
 * What zxrun and its helper for crash reports tell each other. The helper gets a socket and a file
 * that describes the process: a struct crash_input, its maps, its modules, and folders, each a
 * string with its end. Then the helper asks, and zxrun answers, until one closes the socket.
 */
#ifndef COMPAT_CRASH_PROTOCOL_H
#define COMPAT_CRASH_PROTOCOL_H

#include <stdint.h>
#include <zxabi/layout.h>

/* Descriptors of the helper. */
#define CRASH_FD_SOCKET 3
#define CRASH_FD_INPUT 4

#define CRASH_MAX_MAPS 65536u
#define CRASH_MAX_MODULES 256u
#define CRASH_MAX_DIRS 64u
#define CRASH_NAME_SIZE 64u
#define CRASH_BUILD_ID_MAX 32u
/* The most bytes of a line of the report, or of a path. */
#define CRASH_TEXT_MAX 1024u
/* Memory is read by pages. */
#define CRASH_PAGE 4096u

#define CRASH_MAP_EXECUTABLE 1u

struct crash_map {
	uint64_t base;
	uint64_t size;
	uint64_t offset; /* in what is mapped */
	uint32_t flags;
	char name[36];
};

/* An ELF image in memory. What it says of itself is not to be trusted. */
struct crash_module {
	uint64_t base;
	uint64_t end;
	uint64_t bias; /* address in memory - address in the file */
	uint64_t headers; /* address of its program headers */
	uint64_t entry;   /* 0: none */
	uint32_t num_headers;
	uint32_t is_program; /* it asks for an interpreter */
	uint32_t build_id_size;
	uint8_t build_id[CRASH_BUILD_ID_MAX];
	char name[CRASH_NAME_SIZE];
	char file_name[CRASH_NAME_SIZE]; /* of the file that it came from, as far as known */
	uint32_t padding;
};

struct crash_input {
	uint32_t maps;
	uint32_t modules;
	uint32_t lib_dirs;   /* where libraries are, ... */
	uint32_t debug_dirs; /* ... and debug information beside them */
	uint32_t is_behind;  /* rip is behind the instruction that it is about: a breakpoint */
	uint32_t padding;
	struct zxabi_registers regs;
};

enum crash_op {
	CRASH_READ = 1, /* the page at @addr; the answer's bytes, or none */
	CRASH_FILE,     /* the file that module @index was mapped from, as a descriptor */
	CRASH_PATH,     /* module @index is the file of that name; no answer */
	CRASH_LINE,     /* a line of the report; no answer */
	CRASH_FRAME,	/* frame @index that is shown is at @addr; no answer */
	CRASH_RETURN,	/* the same of one that returns to @addr */
	CRASH_DONE,     /* all lines are there */
};

/* PATH and LINE: the text follows. */
struct crash_request {
	uint32_t op;
	uint32_t index;
	uint64_t addr;
};

struct crash_answer {
	uint32_t size; /* of what follows; FILE: 1 where there is a descriptor */
};

#endif
