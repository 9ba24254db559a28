/* Linux signals in a program process: faults become exceptions, others end and stop threads. */
#include <asm/sigcontext.h>
#include <asm/siginfo.h>
#include <asm/unistd.h>
#include <linux/audit.h>
#include <linux/signal.h>
#include <asm/ucontext.h>

#include "vdso/shim.h"

struct kernel_sigaction {
	void (*handler)(int signal, siginfo_t *info, struct ucontext *context);
	unsigned long flags;
	void (*restorer)(void);
	unsigned long mask;
};

/* One that is handled stays until the handler returns: then it finds the program's registers. */
#define STOP_MASK (1ul << (ZXABI_STOP_SIGNAL - 1))

/* Bits of a page fault's error code. */
#define FAULT_PRESENT 1
#define FAULT_WRITE 2
#define FAULT_USER 4
#define FAULT_FETCH 16
#define VECTOR_DEBUG 1
#define VECTOR_OVERFLOW 4
#define VECTOR_GENERAL 13
#define VECTOR_PAGE_FAULT 14
#define VECTOR_ALIGNMENT 17

/* Size of an `int`, and the error code where the table of interrupts does not allow it. */
#define INT_SIZE 2
#define INT_ERROR(vector) ((vector) << 3 | 2)

/* Where Linux can be entered: the gate of 32-bit programs, and a page at a fixed address. */
#define LINUX_GATE 0x80
#define LINUX_VSYSCALL 0xffffffffff600000ull
#define LINUX_VSYSCALL_SIZE 4096

/*
 * A copy between the program's memory and the shim's may be the first write to pages that are
 * shared. The slot is not with the supervisor then, but has a call or its answer in it, which stay.
 */
static int may_retry(int signal, const siginfo_t *info, const struct sigcontext *mc)
{
	struct zxabi_slot *slot;
	uint32_t carried;
	int64_t result;
	int64_t retry;
	uint32_t nr;

	if (signal != SIGSEGV || mc->trapno != VECTOR_PAGE_FAULT || !(mc->err & FAULT_WRITE) ||
	    (uint64_t)info->si_addr >= ZXABI_SHIM_BASE)
		return 0;
	slot = slot__self();
	nr = slot->nr;
	carried = slot->carried_count;
	result = slot->result;
	slot->exception = (struct zxabi_exception){
		.signal = (uint32_t)signal,
		.address = (uint64_t)info->si_addr,
		.trap = mc->trapno,
		.error = mc->err,
	};
	slot->nr = ZXABI_CALL_FAULT;
	slot->carried_count = 0;
	slot__transact(slot);
	retry = slot->result != 0;
	slot->nr = nr;
	slot->carried_count = carried;
	slot->result = result;
	return (int)retry;
}

void exception__raise(struct zxabi_slot *slot, const struct zxabi_exception *exception,
		      struct sigcontext *mc)
{
	slot->exception = *exception;
	context__save(slot, mc);
	slot->nr = ZXABI_CALL_EXCEPTION;
	slot->carried_count = 0;
	slot__transact(slot);
	context__load(slot, mc);
}

/* A gate of the machine that programs may not use, which they have tried by an `int`. */
static void refused_gate(struct zxabi_exception *exception, struct sigcontext *mc, uint64_t vector)
{
	exception->signal = SIGSEGV;
	exception->trap = VECTOR_GENERAL;
	exception->error = INT_ERROR(vector);
	exception->syscall = 0;
	mc->rip -= INT_SIZE;
}

/* A jump to where Linux has functions behind all programs. */
static void refused_page(struct zxabi_exception *exception, struct sigcontext *mc, uint64_t address)
{
	exception->signal = SIGSEGV;
	exception->trap = VECTOR_PAGE_FAULT;
	exception->error = FAULT_PRESENT | FAULT_USER | FAULT_FETCH;
	exception->address = address;
	exception->syscall = 0;
	mc->rip = address;
}

static int in_linux_page(uint64_t address)
{
	return address - LINUX_VSYSCALL < LINUX_VSYSCALL_SIZE;
}

/* What Linux gives programs and Zircon does not is to look as if Linux did not. */
static void hide_linux(struct zxabi_exception *exception, struct sigcontext *mc,
		       const siginfo_t *info)
{
	if (exception->signal == SIGSEGV && exception->trap == VECTOR_OVERFLOW) {
		refused_gate(exception, mc, VECTOR_OVERFLOW);
	} else if (exception->signal == SIGSEGV && in_linux_page(mc->rip)) {
		/* The function would have liked another argument. */
		refused_page(exception, mc, mc->rip);
	} else if (exception->signal == SIGSYS && info->si_arch == AUDIT_ARCH_I386) {
		refused_gate(exception, mc, LINUX_GATE);
	} else if (exception->signal == SIGSYS && in_linux_page((uint64_t)info->si_call_addr)) {
		refused_page(exception, mc, (uint64_t)info->si_call_addr);
		/* Linux has returned for it already. */
		mc->rsp -= sizeof(uint64_t);
	}
}

static void describe(struct zxabi_exception *exception, int signal, const siginfo_t *info,
		     struct sigcontext *mc)
{
	*exception = (struct zxabi_exception){
		.signal = (uint32_t)signal,
		.code = (uint32_t)info->si_code,
		.address = (uint64_t)info->si_addr,
		.trap = mc->trapno,
		.error = mc->err,
		.syscall = signal == SIGSYS ? (uint64_t)(uint32_t)info->si_syscall : 0,
	};
	hide_linux(exception, mc, info);
	if (signal == SIGTRAP && info->si_code == ZXABI_CODE_BREAKPOINT) {
		exception->trap = VECTOR_DEBUG;
		exception->error = 0;
		exception->breakpoint = info->si_perf_data;
	}
}

static void on_fault(int signal, siginfo_t *info, struct ucontext *context)
{
	struct sigcontext *mc = &context->uc_mcontext;
	struct zxabi_exception exception;
	struct zxabi_slot *slot;

	/* Somebody's kill(): it ends the process, as other signals do, whatever the thread does. */
	if (info->si_code <= 0)
		SYS1(__NR_exit_group, ZXABI_EXIT_SIGNAL + signal);
	if (mc->rip >= (uint64_t)shim_copy_begin && mc->rip < (uint64_t)shim_copy_end &&
	    signal != SIGTRAP) {
		if (mc->trapno == VECTOR_ALIGNMENT)
			mc->rip = (uint64_t)shim_copy_bytes;
		else if (!may_retry(signal, info, mc))
			mc->rip = (uint64_t)shim_copy_fault;
		return;
	}
	if ((signal == SIGILL && stop__trapped(mc)) ||
	    (signal == SIGTRAP && stop__stepped(mc, info->si_code)))
		return;
	if ((signal == SIGSEGV || signal == SIGBUS) && stop__leave_shim(mc))
		return;
	describe(&exception, signal, info, mc);
	slot = slot__self();
	exception__raise(slot, &exception, mc);
	stop__if_asked(slot, mc);
}

static void on_kill(int signal, siginfo_t *info, struct ucontext *context)
{
	(void)signal;
	(void)info;
	/* In the shim the thread looks at slot.exit by itself, once what it does is done. */
	if (!shim__has(context->uc_mcontext.rip) && slot__self()->exit)
		thread__exit();
}

static void install(int signal, void (*handler)(int, siginfo_t *, struct ucontext *))
{
	struct kernel_sigaction action = {
		.handler = handler,
		.flags = SA_SIGINFO | SA_ONSTACK | SA_RESTORER | SA_NODEFER,
		.restorer = shim_restorer,
		.mask = STOP_MASK,
	};

	SYS4(__NR_rt_sigaction, signal, &action, 0, sizeof(action.mask));
}

void signals__install(void)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS };

	for (unsigned int i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		install(faults[i], on_fault);
	install(ZXABI_KILL_SIGNAL, on_kill);
	install(ZXABI_STOP_SIGNAL, stop__on_signal);
}

void signals__thread(uint32_t index)
{
	stack_t stack = {
		.ss_sp = (void *)(ZXABI_STACKS + (uint64_t)index * ZXABI_STACK_SIZE),
		.ss_size = ZXABI_STACK_SIZE / 2,
	};

	SYS2(__NR_sigaltstack, &stack, 0);
}
