/* The guest's first instructions: 64-bit code, in the page table that the monitor made. */
#include "../devices.h"

	.section .start, "ax"
	.global _start
_start:
	mov	$VMM_STACK_TOP, %esp
	lgdt	gdt_pointer(%rip)
	pushq	$8
	lea	1f(%rip), %rax
	pushq	%rax
	lretq
1:	mov	$16, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %ss
	call	guest_main
	/* Its result is the end. */
	out	%al, $VMM_PORT_EXIT
2:	cli
	hlt
	jmp	2b

	.text
	.global timer_entry
timer_entry:
	push	%rax
	push	%rcx
	push	%rdx
	push	%rsi
	push	%rdi
	push	%r8
	push	%r9
	push	%r10
	push	%r11
	cld
	call	timer_handler
	pop	%r11
	pop	%r10
	pop	%r9
	pop	%r8
	pop	%rdi
	pop	%rsi
	pop	%rdx
	pop	%rcx
	pop	%rax
	iretq

	.section .rodata
	.balign 8
gdt:	.quad	0
	.quad	0x00af9a000000ffff	/* 64-bit code */
	.quad	0x00cf92000000ffff	/* data */
gdt_pointer:
	.short	gdt_pointer - gdt - 1
	.quad	gdt
