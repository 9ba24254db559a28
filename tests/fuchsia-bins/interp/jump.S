/*
 * _Noreturn void interp_jump(zx_handle_t bootstrap, const void *vdso, uintptr_t entry)
 *
 * rdi and rsi are in place; the stack must be as at a function's entry, with a return address of 0.
 */
	.text
	.globl interp_jump
	.hidden interp_jump
	.type interp_jump, @function
interp_jump:
	movq	%rdx, %rax
	andq	$-16, %rsp
	xorl	%ebp, %ebp
	pushq	%rbp
	xorl	%ebx, %ebx
	xorl	%ecx, %ecx
	xorl	%edx, %edx
	jmpq	*%rax
	.size interp_jump, . - interp_jump

	.section .note.GNU-stack, "", @progbits
