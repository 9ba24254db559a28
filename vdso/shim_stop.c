/*
 * Threads that stop. What a stopped thread's registers are must be known, so a thread stops in a
 * signal handler that has interrupted program code; or where it was about to leave the shim, with
 * the program's registers loaded already: it raises a signal by an undefined instruction there.
 */
#include <asm/sigcontext.h>
#include <asm/siginfo.h>
#include <linux/signal.h>
#include <asm/ucontext.h>
#include <zircon/errors.h>
#include <zircon/types.h>

#include "vdso/shim.h"

#define FLAG_TRAP 0x100ul
#define FLAGS_OF_RESULTS 0x8d5ul /* carry, parity, adjust, zero, sign, overflow */
#define VECTOR_DEBUG 1
/* si_code of a single step */
#define STEP_CODE 2

static uint32_t take(struct zxabi_slot *slot, uint32_t bits)
{
	return __atomic_fetch_and(&slot->stop, ~bits, __ATOMIC_SEQ_CST) & bits;
}

static int asked(const struct zxabi_slot *slot)
{
	return __atomic_load_n(&slot->stop, __ATOMIC_SEQ_CST) & ZXABI_STOP_ASKED;
}

/* Stands still with the registers in @mc until it is told to go on, with others perhaps. */
static void stop(struct zxabi_slot *slot, uint32_t nr, struct sigcontext *mc)
{
	context__save(slot, mc);
	slot->nr = nr;
	slot->carried_count = 0;
	/* It will be long: no spinning, so that the worker can have this processor. */
	__atomic_store_n(&slot->worker_cpu, slot->rseq.cpu_id, __ATOMIC_RELAXED);
	slot__transact(slot);
	context__load(slot, mc);
}

void stop__if_asked(struct zxabi_slot *slot, struct sigcontext *mc)
{
	while (asked(slot))
		stop(slot, ZXABI_CALL_STOP, mc);
}

static void report_step(struct zxabi_slot *slot, struct sigcontext *mc)
{
	struct zxabi_exception exception = {
		.signal = SIGTRAP,
		.code = STEP_CODE,
		.address = mc->rip,
		.trap = VECTOR_DEBUG,
	};

	exception__raise(slot, &exception, mc);
}

/* As after a SYSCALL; the other registers that a call may change hold nothing of ours. */
static void show_end(struct sigcontext *mc)
{
	mc->rip = mc->rcx;
	mc->r11 = mc->eflags;
	mc->rdi = mc->rsi = mc->rdx = mc->r8 = mc->r9 = mc->r10 = 0;
}

/* Makes the call again: back to the beginning of its entry point. */
static void begin_again(const uint64_t args[6], struct sigcontext *mc)
{
	mc->rip -= ZXABI_ENTRY_SIZE;
	mc->rdi = args[0];
	mc->rsi = args[1];
	mc->rdx = args[2];
	mc->rcx = args[3];
	mc->r8 = args[4];
	mc->r9 = args[5];
}

/*
 * At the end of a call: as Zircon's kernel, first it stops, and then it has made its step. What was
 * not done returns an error, as there, upon which the vDSO makes the call again: so another result
 * can be written, or the thread be led elsewhere.
 */
static void at_gate(struct zxabi_slot *slot, struct sigcontext *mc)
{
	uint64_t end = mc->rcx;
	uint32_t again = take(slot, ZXABI_STOP_RETRY);
	uint32_t step = take(slot, ZXABI_STOP_STEP);
	uint64_t args[6];

	for (int i = 0; i < 6; i++)
		args[i] = slot->args[i];
	slot->in_call = 1;
	if (step)
		mc->eflags |= FLAG_TRAP;
	show_end(mc);
	if (again) {
		mc->rax = (uint64_t)ZX_ERR_INTERNAL_INTR_RETRY;
		/* The supervisor knows that it is to stop, but may not have asked yet. */
		stop(slot, ZXABI_CALL_STOP, mc);
	}
	stop__if_asked(slot, mc);
	if (again && mc->rip == end && (zx_status_t)mc->rax == ZX_ERR_INTERNAL_INTR_RETRY) {
		begin_again(args, mc);
		/* It was being stepped over, as one instruction: so it goes on. */
		if (step && mc->eflags & FLAG_TRAP) {
			mc->eflags &= ~FLAG_TRAP;
			__atomic_fetch_or(&slot->stop, ZXABI_STOP_STEP, __ATOMIC_SEQ_CST);
		}
	} else if (mc->eflags & FLAG_TRAP) {
		report_step(slot, mc);
		stop__if_asked(slot, mc);
	}
	slot->in_call = 0;
}

int stop__trapped(struct sigcontext *mc)
{
	struct zxabi_slot *slot;

	if (mc->rip != (uint64_t)gate_trap && mc->rip != (uint64_t)enter_trap)
		return 0;
	slot = slot__self();
	if (mc->rip == (uint64_t)gate_trap) {
		at_gate(slot, mc);
	} else {
		mc->rip = slot->entry;
		mc->eflags &= ~FLAGS_OF_RESULTS;
		stop(slot, ZXABI_CALL_START, mc);
		stop__if_asked(slot, mc);
	}
	return 1;
}

int stop__leave_shim(struct sigcontext *mc)
{
	struct zxabi_slot *slot = slot__self();
	uint64_t back;

	if (mc->rip == (uint64_t)enter_jump) {
		mc->rip = slot->entry;
		mc->eflags &= ~FLAGS_OF_RESULTS;
	} else if (mc->rip >= (uint64_t)gate_tail && mc->rip < (uint64_t)gate_trap) {
		mc->rbp = slot->caller_rbp;
		mc->rsp = slot->caller + 2 * sizeof(back);
		mc->rcx = slot->caller_rip;
		at_gate(slot, mc);
		return 1;
	} else if (mc->rip >= (uint64_t)gate_begin && mc->rip < (uint64_t)gate_tail &&
		   mc->rsp < ZXABI_SHIM_BASE &&
		   !shim_copy(&back, (const void *)mc->rsp, sizeof(back))) {
		mc->rip = back - ZXABI_ENTRY_SIZE;
		mc->rsp += sizeof(back);
		mc->r10 = mc->r11 = 0;
		if (take(slot, ZXABI_STOP_STEP))
			mc->eflags |= FLAG_TRAP;
	}
	return 0;
}

/* Code that a program is not to know of: the shim's, and Linux's vDSO behind it. */
static int in_shim(const struct sigcontext *mc)
{
	return mc->rip >= ZXABI_SHIM_BASE && mc->rip < ZXABI_SHIM_END;
}

int stop__stepped(struct sigcontext *mc, int code)
{
	if (code != ZXABI_CODE_BREAKPOINT && mc->trapno != VECTOR_DEBUG)
		return 0;
	if (!in_shim(mc))
		return 0;
	if (code == ZXABI_CODE_BREAKPOINT)
		return 1;
	/* A gate is passed at full speed, and reported at its end. */
	if (mc->rip >= ZXABI_GATES && mc->rip < ZXABI_GATES_END) {
		mc->eflags &= ~FLAG_TRAP;
		__atomic_fetch_or(&slot__self()->stop, ZXABI_STOP_STEP, __ATOMIC_SEQ_CST);
	}
	return 1;
}

/*
 * In the shim the registers are not the program's. What it is doing ends with a look at slot.stop,
 * or it is past that: then it is sent back.
 */
static void redirect(struct sigcontext *mc)
{
	if (mc->rip >= (uint64_t)gate_return && mc->rip < (uint64_t)gate_returned)
		mc->rip = (uint64_t)gate_stop;
	else if (mc->rip > (uint64_t)gate_tail && mc->rip < (uint64_t)gate_return)
		mc->rip = (uint64_t)gate_tail;
	else if (mc->rip > (uint64_t)enter_look && mc->rip <= (uint64_t)enter_jump)
		mc->rip = (uint64_t)enter_look;
}

void stop__on_signal(int signal, struct siginfo *info, struct ucontext *context)
{
	struct sigcontext *mc = &context->uc_mcontext;
	struct zxabi_slot *slot = slot__find();

	(void)signal;
	(void)info;
	/* One from outside may come to any thread, and to the agent first. */
	if (!slot || !asked(slot))
		return;
	if (in_shim(mc))
		redirect(mc);
	else
		stop__if_asked(slot, mc);
}
