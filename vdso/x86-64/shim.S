/*
 * The shim's assembly: its entry points, the one page with `syscall`, and what touches program
 * memory.
 */
#include <asm/unistd.h>
#include <zxabi/layout.h>

/* How to go from frame to frame, for debuggers: in no segment, as the program does not need it. */
	.cfi_sections .debug_frame

/* ---- the page that the guard lets through ---- */

	.section .text.syscall, "ax", @progbits
	.globl shim_text_begin
shim_text_begin:

/* long linux_syscall(nr, a, b, c, d, e, f) */
	.globl linux_syscall
	.type linux_syscall, @function
linux_syscall:
	mov	%rdi, %rax
	mov	%rsi, %rdi
	mov	%rdx, %rsi
	mov	%rcx, %rdx
	mov	%r8, %r10
	mov	%r9, %r8
	mov	8(%rsp), %r9
	syscall
	ret
	.size linux_syscall, . - linux_syscall

	.globl shim_restorer
	.type shim_restorer, @function
shim_restorer:
	mov	$__NR_rt_sigreturn, %eax
	syscall
	ud2
	.size shim_restorer, . - shim_restorer

/* long shim_clone(flags, stack, tid, slot): the child goes to thread__begin(slot) on @stack. */
	.globl shim_clone
	.type shim_clone, @function
shim_clone:
	mov	%rdx, %r10	/* child tid, cleared when the thread is gone */
	mov	%rcx, %r9	/* kept over the call: not clobbered by the kernel */
	mov	$__NR_clone, %eax
	xor	%r8d, %r8d
	syscall
	test	%rax, %rax
	jz	1f
	ret
1:	xor	%ebp, %ebp
	mov	%r9, %rdi
	call	thread__begin
	ud2
	.size shim_clone, . - shim_clone

/* ---- gates: fixed addresses that the vDSO jumps to ---- */

	.section .text.gates, "ax", @progbits
	.balign ZXABI_GATE_SIZE
	jmp	gate_call
	.balign ZXABI_GATE_SIZE
	jmp	gate_call8
	.balign ZXABI_GATE_SIZE
	jmp	gate_random
	.balign ZXABI_GATE_SIZE
	jmp	gate_clock
	.balign ZXABI_GATE_SIZE
	jmp	gate_copy

	.text

/* Leaves the slot's address in r10; keeps all argument registers and eax. */
	.macro	FIND_SLOT
	rdgsbase %r10
	movabs	$ZXABI_SLOTS, %r11
	sub	%r11, %r10
	cmp	$(ZXABI_THREADS * ZXABI_SLOT_SIZE), %r10
	jae	.Lsearch\@
	test	$(ZXABI_SLOT_SIZE - 1), %r10d
	jnz	.Lsearch\@
	add	%r11, %r10
	jmp	.Lfound\@
.Lsearch\@:
	/* Where the program's stack has no room, this faults here, with its registers as they were. */
	lock orb $0, -8(%rsp)
	lock orb $0, -1024(%rsp)
	call	search_slot
.Lfound\@:
	.endm

/* slot__search() for FIND_SLOT: on the program's stack, as any function that it calls. */
	.type search_slot, @function
search_slot:
	push	%rax
	push	%rdi
	push	%rsi
	push	%rdx
	push	%rcx
	push	%r8
	push	%r9
	push	%rbp
	mov	%rsp, %rbp
	and	$-16, %rsp
	call	slot__search
	mov	%rax, %r10
	mov	%rbp, %rsp
	pop	%rbp
	pop	%r9
	pop	%r8
	pop	%rcx
	pop	%rdx
	pop	%rsi
	pop	%rdi
	pop	%rax
	ret
	.size search_slot, . - search_slot

/*
 * From the program's stack to the thread's call stack. Where the program's has no room, or is no
 * longer there when the call is over, the handler of faults knows what belongs into the registers.
 */
	.macro	ENTER_SHIM
	.cfi_remember_state
	mov	%rbp, ZXABI_SLOT_CALLER_RBP(%r10)
	mov	(%rsp), %r11
	mov	%r11, ZXABI_SLOT_CALLER_RIP(%r10)
	push	%rbp
	.cfi_def_cfa_offset 16
	.cfi_offset %rbp, -16
	mov	%rsp, %rbp
	.cfi_def_cfa_register %rbp
	mov	%rbp, ZXABI_SLOT_CALLER(%r10)
	mov	ZXABI_SLOT_STACK(%r10), %rsp
	push	%r10
	push	%r10
	/* A system call of Zircon takes any flags; C code wants this one clear. */
	cld
	.endm

	.globl gate_begin
gate_begin:
	.cfi_startproc
	/* The caller's stack may lie below: debuggers take that only from a frame of this kind. */
	.cfi_signal_frame

/* C functions with their arguments where the program has put them. */
	.type gate_random, @function
gate_random:
	FIND_SLOT
	ENTER_SHIM
	call	shim_random
	jmp	gate_leave
	.cfi_restore_state
	.type gate_clock, @function
gate_clock:
	FIND_SLOT
	ENTER_SHIM
	call	shim_clock
	jmp	gate_leave
	.cfi_restore_state

	.type gate_copy, @function
gate_copy:
	FIND_SLOT
	ENTER_SHIM
	call	shim_copy
	jmp	gate_leave
	.cfi_restore_state

/* eax: call number; arguments as for a C function. */
	.type gate_call8, @function
gate_call8:
	FIND_SLOT
	mov	16(%rsp), %r11
	mov	%r11, ZXABI_SLOT_ARGS + 48(%r10)
	mov	24(%rsp), %r11
	mov	%r11, ZXABI_SLOT_ARGS + 56(%r10)
	jmp	1f
	.type gate_call, @function
gate_call:
	FIND_SLOT
1:	mov	%rdi, ZXABI_SLOT_ARGS + 0(%r10)
	mov	%rsi, ZXABI_SLOT_ARGS + 8(%r10)
	mov	%rdx, ZXABI_SLOT_ARGS + 16(%r10)
	mov	%rcx, ZXABI_SLOT_ARGS + 24(%r10)
	mov	%r8, ZXABI_SLOT_ARGS + 32(%r10)
	mov	%r9, ZXABI_SLOT_ARGS + 40(%r10)
	ENTER_SHIM
	mov	%r10, %rdi
	mov	%eax, %esi
	call	shim_call
gate_leave:
	pop	%rcx
	/* What a call may change shows nothing of ours, also where the thread is looked at later. */
	xor	%edx, %edx
	xor	%esi, %esi
	xor	%edi, %edi
	xor	%r8d, %r8d
	xor	%r9d, %r9d
	xor	%r10d, %r10d
	xor	%r11d, %r11d
	/*
	 * From here to the return the handler of the stop signal knows how to begin again, so no
	 * request to stop gets lost: see vdso/shim_stop.c.
	 */
	.globl gate_tail
gate_tail:
	cmpl	$0, ZXABI_SLOT_STOP(%rcx)
	jne	1f
	mov	%rbp, %rsp
	pop	%rbp
	.cfi_def_cfa %rsp, 8
	.cfi_restore %rbp
	.globl gate_return
gate_return:
	mov	(%rsp), %rcx
	ret
	.globl gate_returned
gate_returned:
	.cfi_def_cfa %rbp, 16
	.cfi_offset %rbp, -16
1:	mov	%rbp, %rsp
	pop	%rbp
	.cfi_def_cfa %rsp, 8
	.cfi_restore %rbp
	/* All registers are the program's by now, but for rcx: it tells where the gate returns to. */
	.globl gate_stop
gate_stop:
	pop	%rcx
	.cfi_def_cfa_offset 0
	.globl gate_trap
gate_trap:
	ud2
	.cfi_endproc
	.size gate_call, . - gate_call

/* void shim_enter_program(slot) */
	.globl shim_enter_program
	.type shim_enter_program, @function
shim_enter_program:
	mov	%rdi, %r10
	/* Floating point and vector registers as after reset. */
	mov	$0xe7, %eax
	xor	%edx, %edx
	xrstor	fresh_state(%rip)
	mov	ZXABI_SLOT_ENTRY_TP(%r10), %rax
	wrfsbase %rax
	mov	ZXABI_SLOT_ENTRY_ABI_REG(%r10), %r15
	mov	ZXABI_SLOT_ENTRY + 8(%r10), %rsp
	mov	ZXABI_SLOT_ENTRY + 16(%r10), %rdi
	mov	ZXABI_SLOT_ENTRY + 24(%r10), %rsi
	xor	%ebx, %ebx
	xor	%ecx, %ecx
	xor	%edx, %edx
	xor	%ebp, %ebp
	xor	%r8d, %r8d
	xor	%r9d, %r9d
	xor	%r10d, %r10d
	xor	%r11d, %r11d
	xor	%r12d, %r12d
	xor	%r13d, %r13d
	xor	%r14d, %r14d
	cld
	xor	%eax, %eax
	.globl enter_look
enter_look:
	cmpl	$0, %gs:ZXABI_SLOT_STOP
	jne	enter_trap
	/* The flags are clear, too: the result is odd, positive, and not zero. */
	testb	$1, odd(%rip)
	.globl enter_jump
enter_jump:
	jmp	*%gs:ZXABI_SLOT_ENTRY
	.globl enter_trap
enter_trap:
	ud2
	.size shim_enter_program, . - shim_enter_program

/* ---- program memory: a fault in this range continues at shim_copy_fault ---- */

	.globl shim_copy_begin
shim_copy_begin:

/* int shim_copy(dst, src, size) */
	.globl shim_copy
	.type shim_copy, @function
shim_copy:
	mov	%rdx, %rcx
	cmp	$64, %rdx
	ja	2f
	/* Short ones by words: rep movsb has a start-up cost. */
	shr	$3, %rcx
	jz	1f
0:	mov	(%rsi), %rax
	mov	%rax, (%rdi)
	add	$8, %rsi
	add	$8, %rdi
	dec	%rcx
	jnz	0b
1:	mov	%edx, %ecx
	and	$7, %ecx
2:	rep movsb
	xor	%eax, %eax
	ret
	/* Here a program goes on that has words checked for alignment: rcx of them are left. */
	.globl shim_copy_bytes
shim_copy_bytes:
	shl	$3, %rcx
	and	$7, %edx
	add	%rdx, %rcx
	jmp	2b
	.size shim_copy, . - shim_copy

/* int shim_probe(addr, size), size > 0 */
	.globl shim_probe
	.type shim_probe, @function
shim_probe:
	lea	-1(%rdi,%rsi), %rdx
	cmp	%rdi, %rdx
	jb	shim_copy_fault
0:	lock orb $0, (%rdi)
	or	$0xfff, %rdi
	inc	%rdi
	jz	1f
	cmp	%rdx, %rdi
	jbe	0b
1:	lock orb $0, (%rdx)
	xor	%eax, %eax
	ret
	.size shim_probe, . - shim_probe

	.globl shim_copy_end
shim_copy_end:
	.globl shim_copy_fault
shim_copy_fault:
	mov	$-1, %eax
	ret

/* ---- process start: Linux enters here ---- */

	.globl _start
	.type _start, @function
_start:
	.cfi_startproc
	.cfi_undefined %rip
	xor	%ebp, %ebp
	mov	%rsp, %rdi
	lea	start_stack_top(%rip), %rsp
	call	shim_main
	ud2
	.cfi_endproc
	.size _start, . - _start

	.section .rodata
odd:
	.byte 1
	.balign 64
fresh_state:
	.zero	24
	.long	0x1f80		/* MXCSR */
	.zero	1024 - 28

	.bss
	.balign 16
	.zero	0x4000
start_stack_top:
	.section .note.GNU-stack, "", @progbits
