/*
 * Where things lie in a program process, and what its shim and the supervisor share. One header
 * for vDSO, shim and supervisor; every offset that two of them use is pinned below.
 */
#ifndef ZXABI_LAYOUT_H
#define ZXABI_LAYOUT_H

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>
#endif

/*
 * The shim's range begins where the program's address space ends. Its first 64 KiB stay unmapped,
 * so that running over the end of the address space faults as on Zircon.
 */
#define ZXABI_SHIM_BASE 0x7fe000000000
#define ZXABI_SHIM_IMAGE (ZXABI_SHIM_BASE + 0x10000)
/* First page of the image: the only one whose `syscall` instructions the guard lets through. */
#define ZXABI_SYSCALL_PAGE ZXABI_SHIM_IMAGE
/* Second page: entry points for the vDSO, ZXABI_GATE_SIZE bytes each. */
#define ZXABI_GATES (ZXABI_SHIM_IMAGE + 0x1000)
#define ZXABI_GATE_SIZE 16
#define ZXABI_GATE_CALL (ZXABI_GATES + 0 * ZXABI_GATE_SIZE)  /* up to six arguments */
#define ZXABI_GATE_CALL8 (ZXABI_GATES + 1 * ZXABI_GATE_SIZE) /* seven or eight */
#define ZXABI_GATE_RANDOM (ZXABI_GATES + 2 * ZXABI_GATE_SIZE)
/* Up to this size a draw copes with pages that are only not there yet. */
#define ZXABI_RANDOM_SMALL 64
#define ZXABI_GATE_CLOCK (ZXABI_GATES + 3 * ZXABI_GATE_SIZE) /* Linux's clock_gettime */
#define ZXABI_GATE_COPY (ZXABI_GATES + 4 * ZXABI_GATE_SIZE)  /* memory that may not be there */
#define ZXABI_GATES_END (ZXABI_GATES + 5 * ZXABI_GATE_SIZE)
/* Linux's own vDSO and its data pages, moved here from wherever Linux had put them. */
#define ZXABI_LINUX_VDSO (ZXABI_SHIM_BASE + 0x1000000)
#define ZXABI_LINUX_VDSO_SIZE 0x100000
#define ZXABI_BOOT (ZXABI_SHIM_BASE + 0x2000000)
#define ZXABI_BOOT_SIZE 0x10000
#define ZXABI_SLOTS (ZXABI_BOOT + ZXABI_BOOT_SIZE)
#define ZXABI_SLOT_SIZE 0x8000
#define ZXABI_THREADS 2048
/* Boot block and slots: one memfd, mapped whole on both sides. */
#define ZXABI_CHANNEL_SIZE (ZXABI_BOOT_SIZE + (uint64_t)ZXABI_THREADS * ZXABI_SLOT_SIZE)
/* Two stacks a thread: the lower one for signals, the upper one for calls. */
#define ZXABI_STACKS (ZXABI_SHIM_BASE + 0x10000000)
#define ZXABI_STACK_SIZE 0x10000
#define ZXABI_SHIM_END (ZXABI_STACKS + ZXABI_THREADS * ZXABI_STACK_SIZE)
/* End of what Linux lets a process map (four page-table levels). */
#define ZXABI_LINUX_END 0x7ffffffff000

/* File descriptors of a program process. */
#define ZXABI_FD_CHANNEL 3 /* boot block and slots; closed once mapped */
#define ZXABI_FD_AGENT 4   /* commands to the agent thread and its answers */
#define ZXABI_FD_MEMORY 5  /* descriptors for the mappings that a thread makes for itself */

/* Signals of Linux to a program thread (SIGUSR1 and SIGUSR2): end, and stop. */
#define ZXABI_KILL_SIGNAL 10
#define ZXABI_STOP_SIGNAL 12

/*
 * What the Linux process of a program exits with, plus the signal, where one that a fault would
 * raise came from outside: its handler cannot have Linux end the process by it.
 */
#define ZXABI_EXIT_SIGNAL 128
/* And what with where it cannot begin. */
#define ZXABI_EXIT_CHANNEL 120 /* what it shares with the supervisor cannot be mapped */
#define ZXABI_EXIT_STACKS 121  /* no memory for stacks */
#define ZXABI_EXIT_ORPHAN 122  /* the supervisor is gone */
#define ZXABI_EXIT_GUARD 123   /* Linux sets up no filter of system calls */

/* The clone() of a program thread, which is the only one that the guard lets through. */
#define ZXABI_CLONE_FLAGS                                                                          \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |        \
	 CLONE_CHILD_CLEARTID)

/* Offsets that assembly uses. */
#define ZXABI_SLOT_ARGS 64
#define ZXABI_SLOT_STOP 36
#define ZXABI_SLOT_CALLER 40
#define ZXABI_SLOT_STACK 48
#define ZXABI_SLOT_ENTRY_ABI_REG 56
#define ZXABI_SLOT_ENTRY 128
#define ZXABI_SLOT_ENTRY_TP 4040
#define ZXABI_SLOT_CALLER_RIP 4056
#define ZXABI_SLOT_CALLER_RBP 4064
#define ZXABI_SLOT_HEADER 0x1000

/* slot.state: who has to act. The other side sleeps where a wait bit is set. */
#define ZXABI_IDLE 0        /* no call under way */
#define ZXABI_REQUEST 1     /* the supervisor runs a call */
#define ZXABI_ACTION 2      /* the calling thread does slot.action for the supervisor */
#define ZXABI_ACTION_DONE 3 /* slot.action.result is there */
#define ZXABI_DONE 4        /* slot.result is there */
/* slot.tid of a thread that Linux has not begun to run. */
#define ZXABI_TID_STARTING 0xffffffffu

#define ZXABI_STATE_MASK 0xff
#define ZXABI_SLEEPS 0x100 /* futex_wake is needed after a change */
#define ZXABI_DEAD 0x200   /* set by the supervisor: the process is gone */
#define ZXABI_KILL 0x400   /* set by the supervisor: the thread is to end */

/*
 * slot.stop; bits are set and taken away by atomic operations of both sides. A thread that leaves
 * the shim for the program looks at it.
 */
#define ZXABI_STOP_ASKED 1u /* by the supervisor: make a ZXABI_CALL_STOP */
#define ZXABI_STOP_RETRY 2u /* by the supervisor: the call is to be made again, from its entry on */
#define ZXABI_STOP_STEP 4u  /* by the shim: the call is one instruction that is stepped over */

/* An entry point of the vDSO: its size up to the return from the gate, see vdso/entry.h. */
#define ZXABI_ENTRY_SIZE 18

/* Call numbers beyond those of the abi definitions. */
#define ZXABI_CALL_EXCEPTION 0xffff0000u
/* The shim's own access faulted, as in slot.exception: may it be tried again? */
#define ZXABI_CALL_FAULT 0xffff0001u
/* The thread stands still with its registers in slot.context. */
#define ZXABI_CALL_STOP 0xffff0002u
/* The same, before its first instruction. */
#define ZXABI_CALL_START 0xffff0003u

#ifndef __ASSEMBLER__

enum zxabi_action_op {
	ZXABI_MAP = 1, /* of the memory behind the next descriptor */
	ZXABI_UNMAP,
	ZXABI_PROTECT,
	ZXABI_START,   /* a thread, from its slot */
	ZXABI_SET_FS,
	ZXABI_SET_GS,
	ZXABI_SYNC_DATA,         /* membarrier(2) on all threads */
	ZXABI_SYNC_INSTRUCTIONS,
	ZXABI_GET_FS, /* the result is the base */
	ZXABI_GET_GS,
	ZXABI_YIELD,  /* lets other threads run */
};

/* Something that only a thread of the program process can do. Also the agent's message format. */
struct zxabi_action {
	uint32_t op;
	uint32_t prot; /* PROT_* of Linux; for ZXABI_START the slot's index */
	uint64_t addr;
	uint64_t size;
	uint64_t offset;
	int64_t result; /* -errno, or not negative */
};

/* A buffer argument that travels in slot.buffer. */
struct zxabi_carried {
	uint64_t addr;
	uint32_t size;
	uint32_t offset;
	uint32_t dir;     /* 1 in, 2 out, 3 both */
	uint32_t written; /* by the supervisor: how many bytes from the start go out */
};

#define ZXABI_CARRIED 6

/* Registers in the order of zx_thread_state_general_regs_t. */
struct zxabi_registers {
	uint64_t rax, rbx, rcx, rdx, rsi, rdi, rbp, rsp;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
	uint64_t rip, rflags, fs_base, gs_base;
};

/* si_code of SIGTRAP by a perf event (TRAP_PERF, which not all headers have). */
#define ZXABI_CODE_BREAKPOINT 6

/* What a thread was stopped by, for ZXABI_CALL_EXCEPTION. */
struct zxabi_exception {
	uint32_t signal;  /* of Linux */
	uint32_t code;    /* si_code */
	uint64_t address; /* si_addr */
	uint64_t trap;    /* x86 vector */
	uint64_t error;   /* x86 error code */
	union {
		uint64_t syscall;    /* number, for a stray Linux system call */
		uint64_t breakpoint; /* of the machine: which one */
	};
};

#define ZXABI_XSTATE_SIZE 3456

/*
 * Registers of a thread that is stopped. @xstate is the XSAVE area in its standard format, as far
 * as there is room: AVX-512 and the protection keys fit.
 */
struct zxabi_context {
	struct zxabi_registers regs;
	uint32_t xstate_size; /* bytes of @xstate that mean something */
	uint32_t changed;     /* by the supervisor: the thread goes on from what is here */
	uint8_t xstate[ZXABI_XSTATE_SIZE];
};

/* Linux's struct rseq, as far as it is used: the kernel keeps cpu_id up to date. */
struct zxabi_rseq {
	uint32_t cpu_id_start;
	uint32_t cpu_id;
	uint64_t rseq_cs;
	uint32_t flags;
	uint32_t padding[3];
} __attribute__((aligned(32)));

struct zxabi_slot {
	uint32_t state; /* a futex */
	uint32_t nr;
	int64_t result;
	uint32_t worker_cpu; /* where the supervisor's thread runs, for the decision to spin */
	uint32_t carried_count;
	uint32_t tid; /* of Linux; cleared by the kernel when the thread is gone: a futex */
	uint32_t index;
	uint32_t exit; /* set by the supervisor: end the thread instead of returning to the program */
	uint32_t stop; /* ZXABI_STOP_*: not to go on in the program as if nothing were */
	/* In a call: the address of the program's rbp, with where the call returns to behind it. */
	uint64_t caller;
	uint64_t stack; /* top of the stack for calls */
	uint64_t entry_abi_reg; /* a new thread's r15 */
	uint64_t args[8];
	/* Where a new thread begins. */
	uint64_t entry;
	uint64_t entry_stack;
	uint64_t entry_arg1;
	uint64_t entry_arg2;
	struct zxabi_rseq rseq;
	struct zxabi_action action;
	struct zxabi_carried carried[ZXABI_CARRIED];
	struct zxabi_exception exception;
	struct zxabi_context context;
	uint64_t entry_tp; /* a new thread's fs base */
	uint32_t in_call;  /* where the thread stops it is in a call, not in program code */
	/* In a call: where it returns to, and the program's rbp: its stack may lose them. */
	uint64_t caller_rip;
	uint64_t caller_rbp;
};

#define ZXABI_BUFFER_SIZE (ZXABI_SLOT_SIZE - ZXABI_SLOT_HEADER)

#define ZXABI_FILTER_MAX 512
#define ZXABI_CALLS_MAX 512

/* Written by the supervisor before the process exists. */
struct zxabi_boot {
	uint32_t supervisor_pid;
	uint32_t num_cpus;
	uint64_t physmem;
	uint64_t spin_cycles; /* how long a wait spins before it sleeps, in TSC cycles */
	uint32_t features[4]; /* zx_system_get_features, by kind */
	uint32_t dcache_line;
	uint32_t era;
	/*
	 * Linux's clock_gettime: offset in its vDSO, from the shim's start on its address; 0:
	 * a system call
	 */
	uint64_t clock_gettime;
	char version[64];
	uint32_t filter_count;
	uint32_t padding;
	uint64_t filter[ZXABI_FILTER_MAX]; /* struct sock_filter */
	uint16_t remap[ZXABI_CALLS_MAX];   /* call number -> the form of the process's era */
};

#define ZXABI_STATIC(name, value) _Static_assert(name == (value), #name)
ZXABI_STATIC(offsetof(struct zxabi_slot, state), 0);
ZXABI_STATIC(offsetof(struct zxabi_slot, nr), 4);
ZXABI_STATIC(offsetof(struct zxabi_slot, result), 8);
ZXABI_STATIC(offsetof(struct zxabi_slot, worker_cpu), 16);
ZXABI_STATIC(offsetof(struct zxabi_slot, carried_count), 20);
ZXABI_STATIC(offsetof(struct zxabi_slot, tid), 24);
ZXABI_STATIC(offsetof(struct zxabi_slot, index), 28);
ZXABI_STATIC(offsetof(struct zxabi_slot, exit), 32);
ZXABI_STATIC(offsetof(struct zxabi_slot, stop), ZXABI_SLOT_STOP);
ZXABI_STATIC(offsetof(struct zxabi_slot, caller), ZXABI_SLOT_CALLER);
ZXABI_STATIC(offsetof(struct zxabi_slot, stack), ZXABI_SLOT_STACK);
ZXABI_STATIC(offsetof(struct zxabi_slot, entry_abi_reg), ZXABI_SLOT_ENTRY_ABI_REG);
ZXABI_STATIC(offsetof(struct zxabi_slot, args), ZXABI_SLOT_ARGS);
ZXABI_STATIC(offsetof(struct zxabi_slot, entry), ZXABI_SLOT_ENTRY);
ZXABI_STATIC(offsetof(struct zxabi_slot, rseq), 160);
ZXABI_STATIC(offsetof(struct zxabi_slot, action), 192);
ZXABI_STATIC(offsetof(struct zxabi_slot, carried), 232);
ZXABI_STATIC(offsetof(struct zxabi_slot, exception), 376);
ZXABI_STATIC(offsetof(struct zxabi_slot, context), 416);
ZXABI_STATIC(offsetof(struct zxabi_slot, entry_tp), ZXABI_SLOT_ENTRY_TP);
ZXABI_STATIC(offsetof(struct zxabi_slot, caller_rip), ZXABI_SLOT_CALLER_RIP);
ZXABI_STATIC(offsetof(struct zxabi_slot, caller_rbp), ZXABI_SLOT_CALLER_RBP);
ZXABI_STATIC(sizeof(struct zxabi_action), 40);
ZXABI_STATIC(sizeof(struct zxabi_carried), 24);
ZXABI_STATIC(sizeof(struct zxabi_rseq), 32);
_Static_assert(sizeof(struct zxabi_slot) <= ZXABI_SLOT_HEADER, "a slot's header fits its page");
_Static_assert(sizeof(struct zxabi_boot) <= ZXABI_BOOT_SIZE, "the boot block fits its place");

#endif
#endif
