/* The shim's own parts. Freestanding: no libc, every system call through linux_syscall(). */
#ifndef VDSO_SHIM_H
#define VDSO_SHIM_H

#include <stddef.h>
#include <stdint.h>
#include <zxabi/layout.h>
#include <zxabi/marshal.h>

/* Everything is one image at one address: no global offset table is wanted. */
#pragma GCC visibility push(hidden)

#define boot ((const struct zxabi_boot *)ZXABI_BOOT)

/* A Linux system call; the result is negative errno on failure. The only `syscall` of the shim. */
long linux_syscall(long nr, long a, long b, long c, long d, long e, long f);
/* Where signal handlers return to. */
void shim_restorer(void);

#define SYS0(nr) linux_syscall(nr, 0, 0, 0, 0, 0, 0)
#define SYS1(nr, a) linux_syscall(nr, (long)(a), 0, 0, 0, 0, 0)
#define SYS2(nr, a, b) linux_syscall(nr, (long)(a), (long)(b), 0, 0, 0, 0)
#define SYS3(nr, a, b, c) linux_syscall(nr, (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define SYS4(nr, a, b, c, d) linux_syscall(nr, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)
#define SYS6(nr, a, b, c, d, e, f)                                                                 \
	linux_syscall(nr, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

static inline struct zxabi_slot *slot__at(uint32_t index)
{
	return (struct zxabi_slot *)(ZXABI_SLOTS + (uint64_t)index * ZXABI_SLOT_SIZE);
}

/*
 * The calling thread's slot, found without its gs base (which the program may have changed): by the
 * thread's Linux id.
 */
struct zxabi_slot *slot__search(void);
/* The same in the usual case, where the gs base still points to the slot. */
struct zxabi_slot *slot__self(void);
/* The same, and NULL for the agent, which has none. */
struct zxabi_slot *slot__find(void);

/* The gs base as the program knows it: 0 while it is the shim's. */
uint64_t program_gs_base(const struct zxabi_slot *slot);

/* Segment selectors that the program has loaded become zero, as where Zircon switches threads. */
void selectors__forget(void);

/*
 * Copies between the program's memory and the shim's; they return 0, or -1 where the program's
 * side faults (the signal handler sees to that).
 */
int shim_copy(void *dst, const void *src, size_t size);
/* Makes sure that [addr, addr + size) can be written, without changing it. */
int shim_probe(void *addr, size_t size);
/* The code range of the two, and where a fault in it continues. */
extern const char shim_copy_begin[];
extern const char shim_copy_end[];
extern const char shim_copy_fault[];
/* Where a copy goes on whose words are not aligned, while the program has that checked. */
extern const char shim_copy_bytes[];
/* First and last byte of the shim's code. */
extern const char shim_text_begin[];
extern const char shim_text_end[];

static inline int shim__has(uint64_t rip)
{
	return rip >= (uint64_t)shim_text_begin && rip < (uint64_t)shim_text_end;
}

/* Runs call @nr, with its arguments in the slot; for the gates. */
int64_t shim_call(struct zxabi_slot *slot, uint32_t nr);
/*
 * Hands the slot's request to the supervisor and waits for the answer, doing its actions
 * meanwhile.
 */
void slot__transact(struct zxabi_slot *slot);
/* Does @action; @memory is the descriptor that belongs to it, or -1. Returns 0 or -errno. */
int64_t action__run(const struct zxabi_action *action, int memory);
/* Receives one message of at most @size bytes and a descriptor (*fd = -1: none came). */
long socket__receive(int socket, void *data, size_t size, int *fd);

/* For the gates: fills @buffer; the number of bytes, or negative where it is bad. */
int64_t shim_random(void *buffer, uint64_t size);
/* clock_gettime(2), by Linux's vDSO where there is one. */
int shim_clock(int clock, void *time);

/* Sets up signal handling: handlers once a process, the signal stack once a thread. */
void signals__install(void);
void signals__thread(uint32_t index);

/* The registers of a signal frame to slot.context; and back, where the supervisor changed them. */
struct sigcontext;
struct siginfo;
struct ucontext;
void context__save(struct zxabi_slot *slot, const struct sigcontext *mc);
void context__load(struct zxabi_slot *slot, struct sigcontext *mc);

/* --- places in the shim's assembly that the handlers know --- */
extern const char gate_begin[];  /* the gates, which begin on the program's stack */
extern const char gate_tail[];   /* leaving the gate: looks at slot.stop */
extern const char gate_return[]; /* the last of it, with the program's registers */
extern const char gate_returned[];
extern const char gate_stop[];   /* the way out for one that does not just return */
extern const char gate_trap[];   /* an undefined instruction there */
extern const char enter_look[];  /* leaving for a new thread's entry: looks at slot.stop */
extern const char enter_jump[];  /* the last instruction before the program's first */
extern const char enter_trap[];  /* an undefined instruction, instead of it */

/* --- shim_stop.c --- */
/* A thread that is to stop comes to an undefined instruction; true where it was such a one. */
int stop__trapped(struct sigcontext *mc);
/*
 * A fault on the way into the program, or on the program's stack in a gate, is one of the program.
 * It is seen as if it had happened at the entry point of the call, where it can go on; or where the
 * gate returns to: there the thread shall run into it once more, for which the result is true.
 */
int stop__leave_shim(struct sigcontext *mc);
/* A single step that ended, or a breakpoint, in the shim: true where it is none of the program's. */
int stop__stepped(struct sigcontext *mc, int code);
/*
 * What a handler that made a request ends with: a request to stop that came meanwhile was no signal.
 */
void stop__if_asked(struct zxabi_slot *slot, struct sigcontext *mc);
void stop__on_signal(int signal, struct siginfo *info, struct ucontext *context);
/* Reports @signal, with the registers in @mc, and takes over what they became. */
void exception__raise(struct zxabi_slot *slot, const struct zxabi_exception *exception,
		      struct sigcontext *mc);

/* First C code of a new thread, on its call stack; goes on to the program. */
void thread__begin(struct zxabi_slot *slot);
/* Leaves the shim for slot.entry with clean registers. */
__attribute__((noreturn)) void shim_enter_program(struct zxabi_slot *slot);
/* clone() for a thread that begins on @stack in thread__begin(slot). */
long shim_clone(unsigned long flags, void *stack, uint32_t *tid, struct zxabi_slot *slot);
__attribute__((noreturn)) void thread__exit(void);

#pragma GCC visibility pop

#endif
