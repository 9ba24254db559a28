/*
 * From the moment that the helper looks into files it can do nothing but that: what a hostile ELF
 * file could make of it is a process that computes for a while.
 */
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "compat/crash/crash.h"

#define MAX_CPU_SECONDS 30
/* Files are mapped besides. Debug information of a browser takes about this much. */
#define MAX_MEMORY (8ull << 30)

static void limit(__rlimit_resource_t resource, rlim_t value)
{
	struct rlimit limits = { value, value };

	/* One that is lower already stays. */
	(void)setrlimit(resource, &limits);
}

void sandbox__limit(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	/* Of zxrun's thread, which waits: when that is gone, nobody wants the answer. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* Where memory runs out, this is what can be missed. */
	if (fd >= 0) {
		if (write(fd, "1000", 4) < 0)
			errno = 0;
		close(fd);
	}
	limit(RLIMIT_CPU, MAX_CPU_SECONDS);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_FSIZE, 0);
#ifndef __SANITIZE_ADDRESS__
	limit(RLIMIT_DATA, MAX_MEMORY); /* the sanitizer has terabytes of it */
#endif
}

#ifdef __SANITIZE_ADDRESS__

/* The sanitizer's runtime does what it wants: it would fail at every turn. */
bool sandbox__close(void)
{
	return true;
}

#else

static int allow(scmp_filter_ctx filter)
{
	static const int plain[] = {
		SCMP_SYS(read),	   SCMP_SYS(pread64),	    SCMP_SYS(recvmsg), SCMP_SYS(sendmsg),
		SCMP_SYS(munmap),  SCMP_SYS(mremap),	    SCMP_SYS(brk),     SCMP_SYS(madvise),
		SCMP_SYS(close),   SCMP_SYS(fstat),	    SCMP_SYS(lseek),   SCMP_SYS(dup),
		SCMP_SYS(futex),   SCMP_SYS(clock_gettime), SCMP_SYS(exit),    SCMP_SYS(exit_group),
		SCMP_SYS(rt_sigreturn), SCMP_SYS(getrandom),
	};
	int error = 0;

	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]) && !error; i++)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, plain[i], 0);
	/* No new code; and no file by its name. */
	if (!error)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
					 SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	if (!error)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
					 SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	if (!error)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
					 SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH));
	if (!error)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1,
					 SCMP_A1(SCMP_CMP_EQ, F_GETFD));
	return error;
}

bool sandbox__close(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	bool done = filter && !allow(filter) && !seccomp_load(filter);

	if (filter)
		seccomp_release(filter);
	return done;
}

#endif
