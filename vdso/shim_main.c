/*
 * How a program process begins: it gives up all that Linux put there, and then obeys the
 * supervisor.
 */
#include <asm/unistd.h>
#include <linux/errno.h>
#include <linux/auxvec.h>
#include <linux/fcntl.h>
#include <linux/membarrier.h>
#include <linux/mman.h>
#include <linux/prctl.h>
#include <linux/seccomp.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/socket.h>

#include "vdso/shim.h"

/* struct msghdr and its parts as the kernel has them; the user-space headers bring libc along. */
struct message_vector {
	void *base;
	size_t size;
};

struct message_header {
	void *name;
	int name_size;
	struct message_vector *vector;
	size_t vectors;
	void *control;
	size_t control_size;
	unsigned int flags;
};

struct control_message {
	size_t size;
	int level;
	int type;
	int fd;
	int padding;
};

#define SOL_SOCKET_LEVEL 1
#define SCM_RIGHTS_TYPE 1
#define MSG_CMSG_CLOEXEC_FLAG 0x40000000

long socket__receive(int socket, void *data, size_t size, int *fd)
{
	struct control_message control = { 0 };
	struct message_vector vector = { data, size };
	struct message_header header = {
		.vector = &vector,
		.vectors = 1,
		.control = &control,
		.control_size = sizeof(control),
	};
	long got = SYS3(__NR_recvmsg, socket, &header, MSG_CMSG_CLOEXEC_FLAG);

	*fd = -1;
	if (got > 0 && header.control_size >= sizeof(control) - sizeof(int) &&
	    control.level == SOL_SOCKET_LEVEL && control.type == SCM_RIGHTS_TYPE)
		*fd = control.fd;
	return got;
}

static int64_t start_thread(uint32_t index)
{
	struct zxabi_slot *slot;
	long tid;

	if (index >= ZXABI_THREADS)
		return -1;
	slot = slot__at(index);
	slot->stack = ZXABI_STACKS + (uint64_t)(index + 1) * ZXABI_STACK_SIZE - 64;
	tid = shim_clone(ZXABI_CLONE_FLAGS, (void *)slot->stack, &slot->tid, slot);
	return tid < 0 ? tid : 0;
}

/* Linux wants a process to say that it will use a command, which costs it milliseconds. */
static long membarrier(long command, long registration)
{
	long result = SYS3(__NR_membarrier, command, 0, 0);

	if (result != -EPERM)
		return result;
	result = SYS3(__NR_membarrier, registration, 0, 0);
	return result ? result : SYS3(__NR_membarrier, command, 0, 0);
}

int64_t action__run(const struct zxabi_action *action, int memory)
{
	long result;

	switch (action->op) {
	case ZXABI_MAP:
		result = SYS6(__NR_mmap, action->addr, action->size, action->prot,
			      MAP_SHARED | MAP_FIXED, memory, action->offset);
		return result < 0 && result > -4096 ? result : 0;
	case ZXABI_UNMAP:
		return SYS2(__NR_munmap, action->addr, action->size);
	case ZXABI_PROTECT:
		return SYS3(__NR_mprotect, action->addr, action->size, action->prot);
	case ZXABI_START:
		return start_thread(action->prot);
	case ZXABI_SET_FS:
		__builtin_ia32_wrfsbase64(action->addr);
		return 0;
	case ZXABI_SET_GS:
		__builtin_ia32_wrgsbase64(action->addr);
		return 0;
	case ZXABI_SYNC_DATA:
		return membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED,
				  MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
	case ZXABI_SYNC_INSTRUCTIONS:
		return membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE,
				  MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE);
	case ZXABI_GET_FS:
		return (int64_t)__builtin_ia32_rdfsbase64();
	case ZXABI_GET_GS:
		return (int64_t)program_gs_base(slot__self());
	case ZXABI_YIELD:
		return SYS0(__NR_sched_yield);
	default:
		return -1;
	}
}

/* The thread that Linux started: it acts for the supervisor, and never runs program code. */
static void serve_agent(void)
{
	struct zxabi_action action;
	int memory;

	for (;;) {
		long got = socket__receive(ZXABI_FD_AGENT, &action, sizeof(action), &memory);

		if (got == -4 /* EINTR */)
			continue;
		if (got != sizeof(action))
			SYS1(__NR_exit_group, 0); /* the supervisor is gone */
		action.result = action__run(&action, memory);
		if (memory >= 0)
			SYS1(__NR_close, memory);
		SYS6(__NR_sendto, ZXABI_FD_AGENT, &action, sizeof(action), 0, 0, 0);
	}
}

void thread__begin(struct zxabi_slot *slot)
{
	__builtin_ia32_wrgsbase64((uint64_t)slot);
	slot->tid = (uint32_t)SYS0(__NR_gettid);
	if (__atomic_load_n(&slot->exit, __ATOMIC_SEQ_CST))
		thread__exit();
	signals__thread(slot->index);
	slot->rseq.cpu_id = UINT32_MAX;
	SYS4(__NR_rseq, &slot->rseq, sizeof(slot->rseq), 0, 0);
	shim_enter_program(slot);
}

void thread__exit(void)
{
	SYS1(__NR_exit, 0);
	__builtin_unreachable();
}

static struct zxabi_slot *search(void)
{
	uint32_t tid = (uint32_t)SYS0(__NR_gettid);

	for (uint32_t i = 0; i < ZXABI_THREADS; i++) {
		if (slot__at(i)->tid == tid)
			return slot__at(i);
	}
	return NULL;
}

static struct zxabi_slot *or_exit(struct zxabi_slot *slot)
{
	if (!slot)
		thread__exit();
	return slot;
}

struct zxabi_slot *slot__search(void)
{
	return or_exit(search());
}

struct zxabi_slot *slot__find(void)
{
	uint64_t base = __builtin_ia32_rdgsbase64();

	if (base >= ZXABI_SLOTS && base < ZXABI_SLOTS + (uint64_t)ZXABI_THREADS * ZXABI_SLOT_SIZE &&
	    !((base - ZXABI_SLOTS) % ZXABI_SLOT_SIZE))
		return (struct zxabi_slot *)base;
	return search();
}

struct zxabi_slot *slot__self(void)
{
	return or_exit(slot__find());
}

int shim_clock(int clock, void *time)
{
	int (*clock_gettime)(int, void *) = (void *)boot->clock_gettime;

	if (clock_gettime)
		return clock_gettime(clock, time);
	return (int)SYS2(__NR_clock_gettime, clock, time);
}

static uint64_t hex(const char **text)
{
	uint64_t value = 0;

	for (;; ++*text) {
		char c = **text;

		if (c >= '0' && c <= '9')
			value = value << 4 | (uint64_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			value = value << 4 | (uint64_t)(c - 'a' + 10);
		else
			return value;
	}
}

#define MREMAP_MOVE 3 /* MREMAP_MAYMOVE | MREMAP_FIXED */

/*
 * Moves Linux's vDSO and the data pages before it, one mapping at a time and keeping their
 * distances, out of the program's address space. @maps: the text of /proc/self/maps. Returns the
 * new place of the vDSO, or 0 where there is none.
 */
static uint64_t move_linux_vdso(const char *maps)
{
	uint64_t first = 0;
	uint64_t vdso = 0;

	while (*maps) {
		uint64_t begin = hex(&maps);
		uint64_t end;
		const char *line;

		maps++;
		end = hex(&maps);
		line = maps;
		while (*maps && *maps != '\n')
			maps++;
		while (line < maps && *line != '[')
			line++;
		/* [vvar], [vvar_vclock], [vdso] */
		if (line + 4 < maps && line[1] == 'v' && (line[2] == 'v' || line[2] == 'd')) {
			if (!first)
				first = begin;
			if (end - first <= ZXABI_LINUX_VDSO_SIZE &&
			    SYS6(__NR_mremap, begin, end - begin, end - begin, MREMAP_MOVE,
				 ZXABI_LINUX_VDSO + (begin - first), 0) > 0 &&
			    line[2] == 'd')
				vdso = ZXABI_LINUX_VDSO + (begin - first);
		}
		if (*maps)
			maps++;
	}
	return vdso;
}

static void read_maps(char *buffer, size_t size)
{
	long fd = SYS4(__NR_openat, AT_FDCWD, "/proc/self/maps", O_RDONLY, 0);
	size_t used = 0;

	while (fd >= 0 && used < size - 1) {
		long got = SYS3(__NR_read, fd, buffer + used, size - 1 - used);

		if (got <= 0)
			break;
		used += (size_t)got;
	}
	buffer[used] = 0;
	SYS1(__NR_close, fd);
}

/*
 * Where memory runs out Linux ends a program first, and not what stands behind all of them: that has
 * the memory of a program's objects, and frees it when the program is gone.
 */
static void go_first(void)
{
	long fd = SYS4(__NR_openat, AT_FDCWD, "/proc/self/oom_score_adj", O_WRONLY, 0);

	if (fd < 0)
		return;
	SYS3(__NR_write, fd, "1000", 4);
	SYS1(__NR_close, fd);
}

static void fail(int code)
{
	SYS1(__NR_exit_group, code);
}

static void map_fixed(uint64_t addr, uint64_t size, int flags, int fd, int code)
{
	long result = SYS6(__NR_mmap, addr, size, PROT_READ | PROT_WRITE, flags | MAP_FIXED, fd, 0);

	if (result != (long)addr)
		fail(code);
}

/* @stack: as Linux prepares it. Words of the command line follow the number of them. */
void shim_main(const char *const *stack);
void shim_main(const char *const *stack)
{
	static char maps[0x4000];
	struct sock_fprog program;
	uint64_t vdso;

	SYS2(__NR_prctl, PR_SET_PDEATHSIG, SIGKILL);
	/* People find the process by its name. */
	SYS2(__NR_prctl, PR_SET_NAME, stack[1]);
	read_maps(maps, sizeof(maps));
	go_first();
	vdso = move_linux_vdso(maps);
	SYS2(__NR_munmap, 0, ZXABI_SHIM_BASE);
	SYS2(__NR_munmap, ZXABI_SHIM_END, ZXABI_LINUX_END - ZXABI_SHIM_END);
	map_fixed(ZXABI_BOOT, ZXABI_CHANNEL_SIZE, MAP_SHARED, ZXABI_FD_CHANNEL,
		  ZXABI_EXIT_CHANNEL);
	map_fixed(ZXABI_STACKS, (uint64_t)ZXABI_THREADS * ZXABI_STACK_SIZE,
		  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, ZXABI_EXIT_STACKS);
	SYS1(__NR_close, ZXABI_FD_CHANNEL);
	/* The signal on the parent's death is armed; but it may have died before that. */
	if ((uint32_t)SYS0(__NR_getppid) != boot->supervisor_pid)
		fail(ZXABI_EXIT_ORPHAN);
	if (boot->clock_gettime)
		((struct zxabi_boot *)ZXABI_BOOT)->clock_gettime =
			vdso ? vdso + boot->clock_gettime : 0;
	signals__install();
	program.len = (unsigned short)boot->filter_count;
	program.filter = (struct sock_filter *)boot->filter;
	if (SYS6(__NR_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0) ||
	    SYS3(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program))
		fail(ZXABI_EXIT_GUARD);
	serve_agent();
}
