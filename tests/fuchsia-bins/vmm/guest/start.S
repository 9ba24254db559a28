/* Where the guest begins, and where its interrupts come to. */
#include "platform.h"

	.section .start, "ax"
	.globl _start
_start:
	lea	stack_end(%rip), %rsp
	lgdt	gdt_pointer(%rip)
	/* The code segment is loaded by a far return only. */
	push	$8
	lea	1f(%rip), %rax
	push	%rax
	lretq
1:	mov	$16, %eax
	mov	%eax, %ss
	mov	%eax, %ds
	mov	%eax, %es
	/* rdi and rsi are as the monitor gave them. */
	call	guest_main
	ud2

/* Each has 16 bytes, and pushes an error code, where the processor does not, and its number. */
	.text
	.globl interrupt_entries
	.balign 16
interrupt_entries:
	.set	vector, 0
	.rept	PLATFORM_TIMER_VECTOR + 1
	.balign 16
	.if	vector != 8 && (vector < 10 || vector > 14) && vector != 17
	push	$0
	.endif
	push	$vector
	jmp	interrupt
	.set	vector, vector + 1
	.endr

interrupt:
	push	%rax
	push	%rcx
	push	%rdx
	push	%rsi
	push	%rdi
	push	%r8
	push	%r9
	push	%r10
	push	%r11
	mov	72(%rsp), %edi		/* number */
	mov	88(%rsp), %rsi		/* rip */
	cld
	call	guest_interrupt
	pop	%r11
	pop	%r10
	pop	%r9
	pop	%r8
	pop	%rdi
	pop	%rsi
	pop	%rdx
	pop	%rcx
	pop	%rax
	add	$16, %rsp
	iretq

	.section .rodata
	.balign 8
gdt:
	.quad	0
	.quad	0x00af9b000000ffff	/* 8: 64-bit code */
	.quad	0x00cf93000000ffff	/* 16: data */
gdt_pointer:
	.short	gdt_pointer - gdt - 1
	.quad	gdt

	.bss
	.balign 16
	.skip	0x4000
stack_end:
