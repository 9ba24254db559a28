/* What the monitor and its guest have agreed on. Both include it. */
#ifndef VMM_DEVICES_H
#define VMM_DEVICES_H

#define VMM_MEMORY_SIZE 0x400000
#define VMM_LOAD_ADDR 0x100000 /* of the image; it is begun at its first byte */
#define VMM_STACK_TOP 0x100000

/* I/O ports */
#define VMM_PORT_CONSOLE 0x10 /* out, a byte: to the monitor's output */
#define VMM_PORT_CODE 0x11    /* in, a byte: what to end with */
#define VMM_PORT_EXIT 0x12    /* out, a byte: the end */

/* A timer. Writing a number of milliseconds to it has it interrupt that often; 0 ends that. */
#define VMM_TIMER 0x10000000
#define VMM_TIMER_PERIOD VMM_TIMER
#define VMM_TIMER_COUNT (VMM_TIMER + 4) /* read: how often it has fired */
#define VMM_TIMER_VECTOR 32

/* Writing anything here is counted by the monitor. */
#define VMM_BELL 0x10001000

#endif
