/* What a row of the generated entries.S becomes. */
#include <zxabi/layout.h>

	.text
/* How to go from frame to frame, for debuggers: in no segment, as the program does not need it. */
	.cfi_sections .debug_frame

/* Exports @name and its twin with an underscore as @target, a symbol of this image. */
	.macro	EXPORT name, target
	.globl	\name
	.type	\name, @function
	.set	\name, \target
	.globl	_\name
	.type	_\name, @function
	.set	_\name, \target
	.endm

/* The code of function @label: on to @gate in the shim, with a number for it in eax. */
	.macro	GATE_CODE label, nr, gate
	.balign	16
\label:
	.cfi_startproc
	mov	$\nr, %eax
	movabs	$\gate, %r11
	/* A call and not a jump: so debuggers find their way, and the shim this place. */
	call	*%r11
	.if . - \label - ZXABI_ENTRY_SIZE
	.error	"ZXABI_ENTRY_SIZE is another"
	.endif
	ret
	.cfi_endproc
	.endm

/* A call that the core runs. */
	.macro	ZXCALL_ENTRY name, nr, nargs
	.if \nargs > 6
	GATE_CODE .Lcall_\name, \nr, ZXABI_GATE_CALL8
	.else
	GATE_CODE .Lcall_\name, \nr, ZXABI_GATE_CALL
	.endif
	EXPORT	\name, .Lcall_\name
	.size	\name, . - .Lcall_\name
	.size	_\name, . - .Lcall_\name
	.endm

/* A call that this image runs itself: vdso_NAME is a function in C. */
	.macro	ZXVDSO_ENTRY name
.Lvdso_\name:
	.cfi_startproc
	jmp	vdso_\name
	.cfi_endproc
	EXPORT	\name, .Lvdso_\name
	.size	\name, . - .Lvdso_\name
	.size	_\name, . - .Lvdso_\name
	.hidden	vdso_\name
	.endm

	.section .note.GNU-stack, "", @progbits
	.text
