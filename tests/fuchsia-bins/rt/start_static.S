/*
 * Entry point: rdi = handle of the bootstrap channel, rsi = base of the vDSO, and the stack as
 * after a call (rsp = 8 mod 16) but with no return address on it.
 */
	.text
	.globl _start
	.hidden _start
	.type _start, @function
_start:
	xorl	%ebp, %ebp
	andq	$-16, %rsp
	call	rt_entry
	ud2
	.size _start, . - _start

	.section .note.GNU-stack, "", @progbits
