#include "compat/host/fd_reserve.h"

#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

/* Of few files this part is kept, of many no more than so many. */
#define RESERVE_PART 8
#define RESERVE_MAX 512
/* Who has more than this part of the rest ... */
#define MANY_PART 8
/* ... leaves the last such part to others. */
#define OTHERS_PART 4

/* Where the reserve begins: Linux gives the lowest number that is free. */
static int first_reserved(void)
{
	static int first;
	struct rlimit limit;
	int known = __atomic_load_n(&first, __ATOMIC_RELAXED);
	rlim_t reserve;

	if (known)
		return known;
	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur > INT32_MAX)
		limit.rlim_cur = INT32_MAX;
	reserve = limit.rlim_cur / RESERVE_PART;
	if (reserve > RESERVE_MAX)
		reserve = RESERVE_MAX;
	known = (int)(limit.rlim_cur - reserve);
	__atomic_store_n(&first, known, __ATOMIC_RELAXED);
	return known;
}

static int keep_below(int fd, int end)
{
	if (fd < end)
		return fd;
	close(fd);
	errno = EMFILE;
	return -1;
}

int host__keep_reserve(int fd)
{
	return fd < 0 ? fd : keep_below(fd, first_reserved());
}

int host__keep_share(int fd, uint32_t others)
{
	int end = first_reserved();

	if (fd < 0)
		return fd;
	if (others > (uint32_t)end / MANY_PART)
		end -= end / OTHERS_PART;
	return keep_below(fd, end);
}
