/*
 * Entry point of a program that its interpreter has relocated: rdi = handle of the bootstrap
 * channel.
 *
 * The stack of a process that starts with an interpreter is made just large enough for the
 * interpreter and the bootstrap message, so the program brings its own.
 */
#define STACK_SIZE 0x20000

	.text
	.globl _start
	.hidden _start
	.type _start, @function
_start:
	leaq	first_stack + STACK_SIZE(%rip), %rsp
	xorl	%ebp, %ebp
	xorl	%esi, %esi
	call	rt_start
	ud2
	.size _start, . - _start

	.section .bss.first_stack, "aw", @nobits
	.balign 16
first_stack:
	.skip	STACK_SIZE

	.section .note.GNU-stack, "", @progbits
