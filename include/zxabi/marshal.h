/* Which arguments of a call are buffers, from the abi definitions: the shim carries them. */
#ifndef ZXABI_MARSHAL_H
#define ZXABI_MARSHAL_H

#include <stdint.h>

#define ZXABI_NO_ARG 0xff

struct zxabi_buf {
	uint8_t arg;       /* index of the pointer */
	uint8_t dir;       /* 1 in, 2 out, 3 both */
	uint8_t count_arg; /* index of the element count, or ZXABI_NO_ARG: @count */
	uint8_t mul_arg;   /* index of a second factor, or ZXABI_NO_ARG */
	uint32_t elem;     /* bytes of an element */
	uint32_t count;
};

struct zxabi_marshal {
	uint8_t nargs;
	uint8_t nbufs;
	uint8_t noreturn;
	uint8_t blocking;
	struct zxabi_buf bufs[6];
};

#endif
