/*
 * The guard. Only one page of the shim may enter Linux, with the calls that the shim needs; the
 * moved Linux vDSO may ask for the time. Any other `syscall` instruction raises SIGSYS, which the
 * shim turns into the exception that a stray system call is on Zircon.
 *
 * libseccomp cannot compare the instruction pointer: these comparisons stand in front of the
 * allow-list that it builds.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "compat/host/host.h"

#define IP_LOW (offsetof(struct seccomp_data, instruction_pointer))
#define IP_HIGH (IP_LOW + 4)

#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)
#define JUMP(test, value, yes, no) BPF_JUMP(BPF_JMP | (test) | BPF_K, value, yes, no)
#define TRAP BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP)
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

#define LOW(x) ((uint32_t)(x))
#define HIGH(x) ((uint32_t)((uint64_t)(x) >> 32))

/* Everything of the shim's range has the same upper half: lower halves decide. */
static const struct sock_filter prefix[] = {
	LOAD(IP_HIGH),
	JUMP(BPF_JEQ, HIGH(ZXABI_SHIM_BASE), 0, 9),
	LOAD(IP_LOW),
	/* The shim's own page: on to the allow-list behind this prefix. */
	JUMP(BPF_JGE, LOW(ZXABI_SYSCALL_PAGE), 0, 1),
	JUMP(BPF_JGE, LOW(ZXABI_SYSCALL_PAGE) + 0x1000, 0, 7),
	/* Linux's vDSO falls back to these where it cannot tell by itself. */
	JUMP(BPF_JGE, LOW(ZXABI_LINUX_VDSO), 0, 5),
	JUMP(BPF_JGE, LOW(ZXABI_LINUX_VDSO) + ZXABI_LINUX_VDSO_SIZE, 4, 0),
	LOAD(offsetof(struct seccomp_data, nr)),
	JUMP(BPF_JEQ, SYS_clock_gettime, 1, 0),
	JUMP(BPF_JEQ, SYS_clock_getres, 0, 1),
	ALLOW,
	TRAP,
};

_Static_assert(HIGH(ZXABI_SHIM_BASE) == HIGH(ZXABI_SHIM_END), "one upper half");

static int add_plain(scmp_filter_ctx filter)
{
	static const int plain[] = {
		SYS_munmap, SYS_mprotect, SYS_close,	    SYS_exit,	SYS_rt_sigreturn,
		SYS_rseq,   SYS_gettid,	  SYS_sigaltstack, SYS_getrandom, SYS_clock_gettime,
		SYS_sched_yield,
	};

	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		int error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, plain[i], 0);

		if (error)
			return error;
	}
	return 0;
}

static const int barriers[] = {
	MEMBARRIER_CMD_PRIVATE_EXPEDITED,
	MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED,
	MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE,
	MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE,
};

/* Calls whose arguments matter. */
static int add_checked(scmp_filter_ctx filter)
{
	int error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SYS_futex, 1,
				     SCMP_A1(SCMP_CMP_EQ, FUTEX_WAIT));

	if (!error)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SYS_futex, 1,
					 SCMP_A1(SCMP_CMP_EQ, FUTEX_WAKE));
	if (!error)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SYS_mmap, 1,
					 SCMP_A3(SCMP_CMP_EQ, MAP_SHARED | MAP_FIXED));
	if (!error)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SYS_clone, 1,
					 SCMP_A0(SCMP_CMP_EQ, ZXABI_CLONE_FLAGS));
	if (!error)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SYS_recvmsg, 1,
					 SCMP_A0(SCMP_CMP_EQ, ZXABI_FD_AGENT));
	if (!error)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SYS_recvmsg, 1,
					 SCMP_A0(SCMP_CMP_EQ, ZXABI_FD_MEMORY));
	if (!error)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SYS_sendto, 1,
					 SCMP_A0(SCMP_CMP_EQ, ZXABI_FD_AGENT));
	for (size_t i = 0; !error && i < sizeof(barriers) / sizeof(barriers[0]); i++)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SYS_membarrier, 1,
					 SCMP_A0(SCMP_CMP_EQ, barriers[i]));
	if (!error)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SYS_exit_group, 0);
	return error;
}

/* Appends the program that libseccomp makes of @rules. */
static int append(scmp_filter_ctx rules, uint64_t *filter, uint32_t max, uint32_t *count)
{
	int fd = memfd_create("filter", MFD_CLOEXEC);
	int error = fd < 0 ? -errno : seccomp_export_bpf(rules, fd);
	ssize_t got;

	if (!error) {
		got = pread(fd, filter, max * sizeof(*filter), 0);
		if (got <= 0 || (size_t)got == max * sizeof(*filter))
			error = -E2BIG;
		else
			*count += (uint32_t)((size_t)got / sizeof(*filter));
	}
	if (fd >= 0)
		close(fd);
	return error;
}

int host__filter_build(uint64_t *filter, uint32_t max, uint32_t *count)
{
	const uint32_t length = sizeof(prefix) / sizeof(prefix[0]);
	scmp_filter_ctx rules = seccomp_init(SCMP_ACT_TRAP);
	int error;

	_Static_assert(sizeof(struct sock_filter) == sizeof(*filter), "an instruction is a word");
	if (!rules)
		return -ENOMEM;
	memcpy(filter, prefix, sizeof(prefix));
	*count = length;
	/* Calls of other machines too (x32): the usual answer ends the thread, and tells nobody. */
	error = seccomp_attr_set(rules, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_TRAP);
	if (!error)
		error = add_plain(rules);
	if (!error)
		error = add_checked(rules);
	/* The ones that programs wait for stand first in the filter. */
	if (!error)
		error = seccomp_syscall_priority(rules, SYS_futex, UINT8_MAX);
	if (!error)
		error = seccomp_syscall_priority(rules, SYS_getrandom, UINT8_MAX - 1);
	if (!error)
		error = append(rules, filter + length, max - length, count);
	seccomp_release(rules);
	return error;
}
