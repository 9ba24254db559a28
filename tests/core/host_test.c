/* The host of the core in unit tests: VMOs are memfds, sleep is futex, and tasks are but names. */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tests/core/aspace_model.h"
#include "tests/core/core_fixture.h"
#include "tests/core/guest_model.h"

#define NS_PER_SECOND 1000000000ll

uint32_t host_test_logged;
uint32_t host_test_excess;
uint64_t host_test_segment_base;
uint32_t host_test_synced[2];
struct thread *host_test_scheduled;
size_t host_test_entropy;
uint32_t host_test_yields;
zx_status_t host_test_fail;
zx_status_t host_test_map_fail;
struct host_test_range host_test_map;
uint64_t host_test_protected;
zx_duration_t host_test_slept = HOST_TEST_SLEPT;

static zx_time_t now(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * NS_PER_SECOND + ts.tv_nsec;
}

static zx_time_t clock_monotonic(void)
{
	return now(CLOCK_MONOTONIC);
}

/* As after a long sleep of the machine, so that nobody takes it for the monotonic clock. */
static zx_time_t clock_boot(void)
{
	return now(CLOCK_MONOTONIC) + __atomic_load_n(&host_test_slept, __ATOMIC_RELAXED);
}

static zx_time_t clock_utc(void)
{
	return now(CLOCK_REALTIME);
}

static bool futex_wait(uint32_t *word, uint32_t value, zx_time_t deadline)
{
	struct timespec ts = { deadline / NS_PER_SECOND, deadline % NS_PER_SECOND };

	if (deadline <= 0)
		return false;
	return !syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, value,
			deadline == ZX_TIME_INFINITE ? NULL : &ts, NULL, FUTEX_BITSET_MATCH_ANY) ||
	       errno != ETIMEDOUT;
}

static void futex_wake(uint32_t *word, int count)
{
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

static void spin(const uint32_t *word)
{
	(void)word;
}

static void wake_unlocked(uint32_t *word)
{
	futex_wake(word, 1);
}

static uint32_t self_id(void)
{
	static __thread uint32_t id;

	if (!id)
		id = (uint32_t)gettid();
	return id;
}

static void unlocked(void)
{
}

/* Tests look at the return code that follows. */
static void exception_raised(struct thread *self, const struct zx_exception_report_v2 *report)
{
	(void)self;
	(void)report;
}

static void exception_resumed(struct thread *self)
{
	(void)self;
}

static void report_exception(struct thread *thread, const char *what)
{
	(void)thread;
	(void)what;
}

static void lock_stuck(uint32_t owner)
{
	fprintf(stderr, "thread %u sits on a lock of the core\n", owner);
	abort();
}

static void fill_random(void *buffer, size_t size)
{
	if (getrandom(buffer, size, 0) != (ssize_t)size)
		abort();
}

static bool add_entropy(const void *buffer, size_t size)
{
	(void)buffer;
	host_test_entropy = size;
	return host_test_fail == ZX_OK;
}

static void log_record(const struct log_record *record)
{
	(void)record;
	__atomic_fetch_add(&host_test_logged, 1, __ATOMIC_RELAXED);
}

static void arena_trim(void *start, size_t size)
{
	madvise(start, size, MADV_DONTNEED);
}

static void arena_excess(void)
{
	__atomic_fetch_add(&host_test_excess, 1, __ATOMIC_RELAXED);
}

/* The descriptors of VMOs' memory. */
#define MEMORIES 4096
static bool memories[MEMORIES];

uint64_t host_test_pages(void)
{
	uint64_t sum = 0;

	for (int id = 0; id < MEMORIES; id++) {
		struct stat st;

		if (memories[id] && !fstat(id, &st))
			sum += (uint64_t)st.st_blocks * 512;
	}
	return sum;
}

uint32_t host_test_memories(void)
{
	uint32_t count = 0;

	for (int id = 0; id < MEMORIES; id++)
		count += memories[id];
	return count;
}

static zx_status_t mem_create(uint64_t size, uint32_t others, int *out_id)
{
	int fd = memfd_create("vmo", MFD_CLOEXEC);

	(void)others;
	if (fd < 0)
		return ZX_ERR_NO_MEMORY;
	if (ftruncate(fd, (off_t)size)) {
		close(fd);
		return ZX_ERR_NO_MEMORY;
	}
	*out_id = fd;
	if (fd < MEMORIES)
		__atomic_store_n(&memories[fd], true, __ATOMIC_RELAXED);
	return ZX_OK;
}

static zx_status_t mem_create_shared(uint64_t size, int *out_id, void **out_addr)
{
	zx_status_t status = host_test_fail != ZX_OK ? host_test_fail : mem_create(size, 0, out_id);

	if (status != ZX_OK)
		return status;
	*out_addr = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, *out_id, 0);
	if (*out_addr != MAP_FAILED)
		return ZX_OK;
	close(*out_id);
	return ZX_ERR_NO_MEMORY;
}

static void mem_unmap_shared(void *addr, uint64_t size)
{
	munmap(addr, size);
}

static void mem_destroy(int id)
{
	if (id < MEMORIES)
		__atomic_store_n(&memories[id], false, __ATOMIC_RELAXED);
	close(id);
}

static zx_status_t mem_resize(int id, uint64_t size)
{
	return ftruncate(id, (off_t)size) ? ZX_ERR_NO_MEMORY : ZX_OK;
}

static zx_status_t mem_read(int id, uint64_t offset, void *buffer, size_t size)
{
	return pread(id, buffer, size, (off_t)offset) == (ssize_t)size ? ZX_OK : ZX_ERR_IO;
}

static zx_status_t mem_write(int id, uint64_t offset, const void *buffer, size_t size)
{
	return pwrite(id, buffer, size, (off_t)offset) == (ssize_t)size ? ZX_OK : ZX_ERR_IO;
}

/* The end of the run of data or of hole that @offset lies in, at most @end; tells which. */
static uint64_t run_end(int id, uint64_t offset, uint64_t end, bool *data)
{
	off_t next_data = lseek(id, (off_t)offset, SEEK_DATA);
	off_t next;

	*data = next_data == (off_t)offset;
	if (*data)
		next = lseek(id, (off_t)offset, SEEK_HOLE);
	else
		next = next_data < 0 ? (off_t)end : next_data;
	return next > (off_t)end ? end : (uint64_t)next;
}

static zx_status_t mem_copy(int dst, uint64_t dst_offset, int src, uint64_t src_offset,
			    uint64_t size)
{
	uint64_t end = src_offset + size;
	char page[4096];

	for (uint64_t at = src_offset; at < end;) {
		bool data;
		uint64_t stop = run_end(src, at, end, &data);

		while (data && at < stop) {
			size_t part = stop - at < sizeof(page) ? stop - at : sizeof(page);

			if (mem_read(src, at, page, part) != ZX_OK ||
			    mem_write(dst, dst_offset + (at - src_offset), page, part) != ZX_OK)
				return ZX_ERR_NO_MEMORY;
			at += part;
		}
		at = stop;
	}
	return ZX_OK;
}

static zx_status_t mem_commit(int id, uint64_t offset, uint64_t size)
{
	return posix_fallocate(id, (off_t)offset, (off_t)size) ? ZX_ERR_NO_MEMORY : ZX_OK;
}

static zx_status_t mem_decommit(int id, uint64_t offset, uint64_t size)
{
	return fallocate(id, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)offset,
			 (off_t)size) ?
		       ZX_ERR_NO_MEMORY :
		       ZX_OK;
}

static uint64_t mem_committed(int id, uint64_t offset, uint64_t size)
{
	uint64_t end = offset + size;
	uint64_t sum = 0;

	while (offset < end) {
		bool data;
		uint64_t stop = run_end(id, offset, end, &data);

		if (data)
			sum += stop - offset;
		offset = stop;
	}
	return sum;
}

static bool mem_next_data(int id, uint64_t from, uint64_t end, uint64_t *begin, uint64_t *stop)
{
	bool data;

	*begin = run_end(id, from, end, &data);
	if (data)
		*begin = from;
	else if (*begin == end)
		return false;
	*stop = run_end(id, *begin, end, &data);
	return true;
}

/*
 * Only the memory that the fixture gives its process is really mapped, for the test to see; all
 * else the model keeps.
 */
static zx_status_t map(struct thread *caller, struct process *process, uint64_t addr, uint64_t size,
		       uint32_t prot, int id, uint64_t offset, bool writable)
{
	(void)caller;
	(void)writable;
	if (host_test_fail != ZX_OK || host_test_map_fail != ZX_OK)
		return host_test_fail ? host_test_fail : host_test_map_fail;
	host_test_map = (struct host_test_range){ .addr = addr, .size = size, .offset = offset };
	if (process != fx.process || addr != FIXTURE_USER_BASE)
		return aspace_model__map(process, addr, size, prot, id, offset);
	return mmap((void *)addr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, id,
		    (off_t)offset) == MAP_FAILED ?
		       ZX_ERR_NO_MEMORY :
		       ZX_OK;
}

static zx_status_t unmap(struct thread *caller, struct process *process, uint64_t addr,
			 uint64_t size)
{
	(void)caller;
	if (host_test_fail == ZX_OK)
		aspace_model__unmap(process, addr, size);
	return host_test_fail;
}

static zx_status_t protect(struct thread *caller, struct process *process, uint64_t addr,
			   uint64_t size, uint32_t prot)
{
	(void)caller;
	host_test_protected = size;
	if (host_test_fail == ZX_OK)
		aspace_model__protect(process, addr, size, prot);
	return host_test_fail;
}

static zx_status_t process_create(struct process *process)
{
	(void)process;
	return host_test_fail;
}

/* Nothing runs behind a process of a test but its threads, which the fixture ends itself. */
static void process_kill(struct process *process)
{
	process__host_gone(process);
}

static void process_free(struct process *process)
{
	(void)process;
}

struct thread_entry host_test_entry;

static zx_status_t thread_start(struct thread *caller, struct thread *thread,
				const struct thread_entry *entry)
{
	(void)caller;
	(void)thread;
	host_test_entry = *entry;
	return host_test_fail;
}

struct host_breakpoint host_test_breakpoints[HOST_BREAKPOINTS];

static zx_status_t set_breakpoints(struct thread *thread, const struct host_breakpoint *breakpoints)
{
	(void)thread;
	if (host_test_fail == ZX_OK)
		memcpy(host_test_breakpoints, breakpoints, sizeof(host_test_breakpoints));
	return host_test_fail;
}

static void thread_kill(struct thread *thread)
{
	(void)thread;
}

/* All threads of a test are one Linux process. */
static bool thread_runtime(struct thread *thread, struct host_runtime *out)
{
	(void)thread;
	*out = (struct host_runtime){ now(CLOCK_PROCESS_CPUTIME_ID), 1, 0 };
	return true;
}

static zx_duration_t process_runtime(struct process *process)
{
	(void)process;
	return now(CLOCK_PROCESS_CPUTIME_ID);
}

static zx_status_t set_segment_base(struct thread *self, uint32_t which, uint64_t base)
{
	(void)self;
	(void)which;
	host_test_segment_base = base;
	return ZX_OK;
}

static void thread_schedule(struct thread *thread)
{
	host_test_scheduled = thread;
}

static zx_status_t sync_process(struct thread *self, bool instructions)
{
	(void)self;
	host_test_synced[instructions]++;
	return host_test_fail;
}

static zx_status_t get_segment_base(struct thread *self, uint32_t which, uint64_t *base)
{
	(void)self;
	*base = host_test_segment_base + which;
	return ZX_OK;
}

static zx_status_t yield(struct thread *self)
{
	(void)self;
	host_test_yields++;
	return ZX_OK;
}

const struct core_host_ops core_host = {
	.futex_wait = futex_wait,
	.futex_wake = futex_wake,
	.clock_monotonic = clock_monotonic,
	.clock_boot = clock_boot,
	.clock_utc = clock_utc,
	.spin = spin,
	.wake_unlocked = wake_unlocked,
	.locking = self_id,
	.unlocked = unlocked,
	.self_id = self_id,
	.lock_stuck = lock_stuck,
	.random = fill_random,
	.add_entropy = add_entropy,
	.log = log_record,
	.report_exception = report_exception,
	.exception_raised = exception_raised,
	.exception_resumed = exception_resumed,
	.arena_trim = arena_trim,
	.arena_excess = arena_excess,
	.mem_create = mem_create,
	.mem_create_shared = mem_create_shared,
	.mem_unmap_shared = mem_unmap_shared,
	.mem_destroy = mem_destroy,
	.mem_resize = mem_resize,
	.mem_read = mem_read,
	.mem_write = mem_write,
	.mem_copy = mem_copy,
	.mem_commit = mem_commit,
	.mem_decommit = mem_decommit,
	.mem_committed = mem_committed,
	.mem_next_data = mem_next_data,
	.map = map,
	.unmap = unmap,
	.protect = protect,
	.process_create = process_create,
	.process_kill = process_kill,
	.process_free = process_free,
	.thread_start = thread_start,
	.thread_kill = thread_kill,
	.thread_stop = thread_kill,
	.thread_set_breakpoints = set_breakpoints,
	.thread_runtime = thread_runtime,
	.process_runtime = process_runtime,
	.thread_schedule = thread_schedule,
	.set_segment_base = set_segment_base,
	.sync_process = sync_process,
	.get_segment_base = get_segment_base,
	.yield = yield,
	.guest_create = guest_model__create,
	.vcpu_create = guest_model__create_vcpu,
	.vcpu_destroy = guest_model__destroy_vcpu,
	.vcpu_run = guest_model__run,
	.vcpu_stop = guest_model__stop,
	.vcpu_answer = guest_model__answer,
	.vcpu_finish = guest_model__finish,
	.vcpu_refuse = guest_model__refuse,
	.vcpu_interrupt = guest_model__interrupt,
	.vcpu_wants_interrupts = guest_model__want,
	.vcpu_get_registers = guest_model__get_registers,
	.vcpu_set_registers = guest_model__set_registers,
	.vcpu_get_mode = guest_model__get_mode,
	.vcpu_translate = guest_model__translate,
	.vcpu_ticks = guest_model__ticks,
	.vcpu_ticks_per_ms = guest_model__ticks_per_ms,
	.vcpu_note = guest_model__note,
};
