/*
 * Everything that the core asks of the outside world. The image that links the core (supervisor,
 * unit test) defines the one table `core_host`; nothing of it lives in the arena.
 */
#ifndef COMPAT_CORE_HOST_H
#define COMPAT_CORE_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zircon/types.h>

struct process;
struct thread;
struct log_record;
struct zx_exception_report_v2;
struct vcpu_exit;
struct vcpu_mode;
struct vcpu_registers;

/* Access bits of a mapping, as the host's map and protect take them. */
#define HOST_PROT_READ 1u
#define HOST_PROT_WRITE 2u
#define HOST_PROT_EXEC 4u

/* The registers that a thread begins with; the others are 0. */
struct thread_entry {
	uint64_t pc;
	uint64_t sp;
	uint64_t arg1;
	uint64_t arg2;
	uint64_t tp;      /* fs base */
	uint64_t abi_reg; /* r15 */
};

#define HOST_BREAKPOINTS 4

enum host_break {
	HOST_BREAK_EXECUTE,
	HOST_BREAK_WRITE,
	HOST_BREAK_ACCESS,
};

struct host_runtime {
	zx_duration_t cpu;    /* on a processor */
	zx_duration_t queued; /* ready to run, and waiting for one */
	uint32_t last_cpu;    /* where a thread was last */
};

struct host_breakpoint {
	uint64_t addr;
	uint32_t size; /* 0: none */
	enum host_break on;
};

struct core_host_ops {
	/* --- time and sleep; times are nanoseconds of the monotonic clock --- */

	/*
	 * Sleeps while *word == value, until woken or @deadline (ZX_TIME_INFINITE: for ever). May
	 * return early for no reason. Returns false only if the deadline has passed.
	 */
	bool (*futex_wait)(uint32_t *word, uint32_t value, zx_time_t deadline);
	void (*futex_wake)(uint32_t *word, int count);
	/* Looks for a few microseconds, where that may be of use, whether *word is no longer 0. */
	void (*spin)(const uint32_t *word);
	/*
	 * Wakes one, but not before the caller has given back the locks it holds: who is woken is
	 * likely to want one of them. *word stays mapped, whatever becomes of what lies there.
	 */
	void (*wake_unlocked)(uint32_t *word);
	/* A lock is about to be taken; what self_id() gives. */
	uint32_t (*locking)(void);
	/* It has been given back. */
	void (*unlocked)(void);
	zx_time_t (*clock_monotonic)(void);
	zx_time_t (*clock_boot)(void); /* as monotonic, and goes on while the machine sleeps */
	zx_time_t (*clock_utc)(void);
	/* Non-zero and below MUTEX_WAITERS: names the calling Linux thread as a lock's owner. */
	uint32_t (*self_id)(void);
	/* Called each second that a lock is waited for; reports an owner that is dead. */
	void (*lock_stuck)(uint32_t owner);

	/* --- entropy and output --- */

	void (*random)(void *buffer, size_t size);
	/* Mixes bytes into the source of what random() gives; false where that is not possible. */
	bool (*add_entropy)(const void *buffer, size_t size);
	/* Puts one debug log record on the outside's log (zxrun's standard error). */
	void (*log)(const struct log_record *record);
	/*
	 * Reports that @thread raised an exception by something else than an instruction: @what says
	 * it in a few words. Its process is ended next, as nobody handles it.
	 */
	void (*report_exception)(struct thread *thread, const char *what);
	/*
	 * For those who look on: @self raises an exception that handlers may see; and that it goes on
	 * after it.
	 */
	void (*exception_raised)(struct thread *self, const struct zx_exception_report_v2 *report);
	void (*exception_resumed)(struct thread *self);
	/* Gives pages of the arena that hold nothing back to the system. */
	void (*arena_trim)(void *start, size_t size);
	/*
	 * There are idle pages: arena__tidy() is to be called before long, though not at once, as they
	 * may be wanted again. Called with a lock held, and not again before that.
	 */
	void (*arena_excess)(void);

	/* --- memory behind VMOs; ids are small non-negative numbers, all ranges in bytes --- */

	/* @others: how many more the process has that it is for; where they run short that counts. */
	zx_status_t (*mem_create)(uint64_t size, uint32_t others, int *out_id);
	/*
	 * Memory of a fixed size, committed, that is mapped at *out_addr on this side too, for what
	 * is shared with programs word by word. Nobody can shrink it.
	 */
	zx_status_t (*mem_create_shared)(uint64_t size, int *out_id, void **out_addr);
	void (*mem_unmap_shared)(void *addr, uint64_t size);
	void (*mem_destroy)(int id);
	zx_status_t (*mem_resize)(int id, uint64_t size);
	/* The range lies inside the memory's size; the core has checked that. */
	zx_status_t (*mem_read)(int id, uint64_t offset, void *buffer, size_t size);
	zx_status_t (*mem_write)(int id, uint64_t offset, const void *buffer, size_t size);
	/*
	 * Copies what holds data; holes of the source leave the (new, zero) destination
	 * untouched.
	 */
	zx_status_t (*mem_copy)(int dst, uint64_t dst_offset, int src, uint64_t src_offset,
				uint64_t size);
	zx_status_t (*mem_commit)(int id, uint64_t offset, uint64_t size);
	/* Frees the pages of the range; they read as zero from then on. */
	zx_status_t (*mem_decommit)(int id, uint64_t offset, uint64_t size);
	uint64_t (*mem_committed)(int id, uint64_t offset, uint64_t size);
	/* The first run of pages in [from, end); false where there is none. */
	bool (*mem_next_data)(int id, uint64_t from, uint64_t end, uint64_t *begin,
			      uint64_t *stop);

	/*
	 * --- a program process's address space; @caller's own process is the cheap case; NULL:
	 * whoever runs this ---
	 */

	zx_status_t (*map)(struct thread *caller, struct process *process, uint64_t addr,
			   uint64_t size, uint32_t prot, int id, uint64_t offset, bool writable);
	zx_status_t (*unmap)(struct thread *caller, struct process *process, uint64_t addr,
			     uint64_t size);
	zx_status_t (*protect)(struct thread *caller, struct process *process, uint64_t addr,
			       uint64_t size, uint32_t prot);

	/* --- tasks --- */

	/* Starts the Linux process behind @process, with an empty address space. */
	zx_status_t (*process_create)(struct process *process);
	/*
	 * Ends the Linux process for good. Asynchronous: the host calls process__host_gone() once
	 * no code of it runs any more, also where it died by itself.
	 */
	void (*process_kill)(struct process *process);
	/* The last reference is gone: frees what the host keeps for @process. */
	void (*process_free)(struct process *process);
	/* Makes the Linux thread and has it begin at @entry. */
	zx_status_t (*thread_start)(struct thread *caller, struct thread *thread,
				    const struct thread_entry *entry);
	/* Asks a thread that runs program code to end (its process goes on). */
	void (*thread_kill)(struct thread *thread);
	/*
	 * Brings a thread that runs program code to where its registers are known, and has it call
	 * thread__park(). Asynchronous; a thread that blocks in the core is not the host's matter.
	 */
	void (*thread_stop)(struct thread *thread);
	/*
	 * The breakpoints of the machine, HOST_BREAKPOINTS of them, for a thread that is stopped and
	 * whose lock is held. ZX_ERR_NOT_SUPPORTED where the outside has none, or not enough; the old
	 * ones stay then.
	 */
	zx_status_t (*thread_set_breakpoints)(struct thread *thread,
					      const struct host_breakpoint *breakpoints);
	/* False when it does not run yet, or is gone. */
	bool (*thread_runtime)(struct thread *thread, struct host_runtime *out);
	/* Nanoseconds of CPU time used so far; 0 once it is gone. */
	zx_duration_t (*process_runtime)(struct process *process);
	/* Has @thread run by its priority and affinity, as far as that is allowed. */
	void (*thread_schedule)(struct thread *thread);
	/* A segment base (ZX_PROP_REGISTER_FS or _GS) of the calling thread itself. */
	zx_status_t (*set_segment_base)(struct thread *self, uint32_t which, uint64_t base);
	/*
	 * Returns once each thread of the calling one's process has passed a point where its memory
	 * accesses are in order, and with @instructions those of its code too.
	 */
	zx_status_t (*sync_process)(struct thread *self, bool instructions);
	zx_status_t (*get_segment_base)(struct thread *self, uint32_t which, uint64_t *base);
	/* The calling thread lets others run that want its processor. */
	zx_status_t (*yield)(struct thread *self);

	/*
	 * --- guests: see guest_host.h. A processor is used by one thread only, but for vcpu_stop() ---
	 */

	/*
	 * Makes the virtual machine whose memory is the address space of @memory; it goes with
	 * process_free(). Errors: ZX_ERR_NOT_SUPPORTED, ZX_ERR_NO_MEMORY.
	 */
	zx_status_t (*guest_create)(struct process *memory);
	/*
	 * Processor @id (from 0) of it, in the state that Zircon starts one in. Errors:
	 * ZX_ERR_NOT_SUPPORTED, ZX_ERR_NO_MEMORY.
	 */
	zx_status_t (*vcpu_create)(struct process *memory, uint32_t id, uint64_t entry, void **out);
	void (*vcpu_destroy)(void *vcpu);
	/* Runs it until it stops by itself or for vcpu_stop(); at once where *wake is not 0. */
	void (*vcpu_run)(void *vcpu, const uint32_t *wake, struct vcpu_exit *out);
	/* The thread that self_id() names @id may be in vcpu_run(): it is to come out. */
	void (*vcpu_stop)(uint32_t id);
	/*
	 * What the guest reads by the access that it stopped for, and the end of that access, which
	 * else is part of the next run: vcpu_finish() carries the instruction out and no other one.
	 */
	void (*vcpu_answer)(void *vcpu, uint64_t data);
	void (*vcpu_finish)(void *vcpu);
	/* The MSR is none: the instruction is to be a general protection fault. */
	void (*vcpu_refuse)(void *vcpu);
	/*
	 * Has the next run begin with an interrupt, exception or NMI. False where the guest cannot
	 * take it now. @more: others wait for the moment when it can.
	 */
	bool (*vcpu_interrupt)(void *vcpu, uint32_t vector);
	void (*vcpu_wants_interrupts)(void *vcpu, bool more);
	void (*vcpu_get_registers)(void *vcpu, struct vcpu_registers *out);
	void (*vcpu_set_registers)(void *vcpu, const struct vcpu_registers *registers);
	void (*vcpu_get_mode)(void *vcpu, struct vcpu_mode *out);
	/* Where in the guest's memory its program finds @addr; false where nowhere. */
	bool (*vcpu_translate)(void *vcpu, uint64_t addr, uint64_t *out);
	/* The guest's time stamp counter, and how much it counts in a millisecond. */
	uint64_t (*vcpu_ticks)(void *vcpu);
	uint64_t (*vcpu_ticks_per_ms)(void *vcpu);
	/* Says on the outside's log why the guest of @vcpu cannot go on, where that is wanted. */
	void (*vcpu_note)(void *vcpu, const char *what, uint64_t where);
};

extern const struct core_host_ops core_host;

#endif
