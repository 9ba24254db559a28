/* The shim's functions, as this image calls them: see GATE_CODE. */
#include "entry.h"

	.macro	GATE_FUNCTION name, gate
	GATE_CODE \name, 0, \gate
	.globl	\name
	.hidden	\name
	.type	\name, @function
	.size	\name, . - \name
	.endm

	GATE_FUNCTION gate_random, ZXABI_GATE_RANDOM
	GATE_FUNCTION gate_clock, ZXABI_GATE_CLOCK
	GATE_FUNCTION gate_copy, ZXABI_GATE_COPY
