/*
 * Calls that exist no more, or had another form or other constants, in 2018-12. With the argument
 * "2018-07" the still older forms of futexes are used, which a program can't tell by itself.
 */
#include "check.h"
#include "child.h"
#include "string.h"

#include <zircon/eras.h>
#include <zircon/errors.h>
#include <zircon/rights.h>

#define PAGE ((size_t)RT_PAGE_SIZE)
#define READ_WRITE (ZX_VM_PERM_READ | ZX_VM_PERM_WRITE)

/* The forms of the time, under names of their own: the header declares the newest ones. */
zx_time_t clock_get_2018(zx_clock_t clock) __asm__("zx_clock_get");
zx_status_t futex_wait_201810(zx_futex_t *word, int value, zx_time_t deadline) __asm__(
	"zx_futex_wait");
zx_status_t futex_requeue_201810(zx_futex_t *word, uint32_t wake, int value, zx_futex_t *other,
				 uint32_t requeue) __asm__("zx_futex_requeue");

static zx_signals_t signals_of(zx_handle_t handle)
{
	zx_signals_t signals = 0;

	zx_object_wait_one(handle, 0, 0, &signals);
	return signals;
}

static void clocks(void)
{
	zx_time_t before = zx_clock_get_monotonic();
	zx_time_t now = 0;

	CHECK(clock_get_2018(ZX_CLOCK_MONOTONIC) >= before);
	CHECK_OK(zx_clock_get_new(ZX_CLOCK_MONOTONIC, &now));
	CHECK(now >= before);
	CHECK(now <= clock_get_2018(ZX_CLOCK_MONOTONIC));
}

static void memory_objects(void)
{
	zx_info_handle_basic_t info = { 0 };
	zx_handle_t vmo, clone;
	uint64_t size = 0;
	uint8_t byte = 7;

	/* Resizable, unless the creator says otherwise. */
	REQUIRE_OK(zx_vmo_create(PAGE, 0, &vmo));
	CHECK_OK(zx_vmo_set_size(vmo, 2 * PAGE));
	CHECK_OK(zx_vmo_get_size(vmo, &size));
	CHECK_EQ(size, 2 * PAGE);
	CHECK_OK(zx_object_get_info(vmo, ZX_INFO_HANDLE_BASIC, &info, sizeof(info), NULL, NULL));
	CHECK_EQ(info.rights & ZX_RIGHT_EXECUTE, ZX_RIGHT_EXECUTE);

	CHECK_OK(zx_vmo_write(vmo, &byte, PAGE, 1));
	REQUIRE_OK(zx_vmo_clone(vmo, ZX_VMO_CLONE_COPY_ON_WRITE_2018, PAGE, PAGE, &clone));
	byte = 8;
	CHECK_OK(zx_vmo_write(clone, &byte, 0, 1));
	CHECK_OK(zx_vmo_read(vmo, &byte, PAGE, 1));
	CHECK_EQ(byte, 7);
	CHECK_OK(zx_vmo_set_size(clone, 3 * PAGE));
	zx_handle_close(clone);
	zx_handle_close(vmo);
	REQUIRE_OK(zx_vmo_create(PAGE, ZX_VMO_NON_RESIZABLE_2018, &vmo));
	CHECK_STATUS(zx_vmo_set_size(vmo, 2 * PAGE), ZX_ERR_UNAVAILABLE);
	zx_handle_close(vmo);
}

/* What a clone has not written is the parent's, as it is now: in mappings as well. */
static void live_clones(void)
{
	zx_handle_t vmo, clone;
	volatile uint8_t *parent, *copy;
	zx_vaddr_t at = 0;

	REQUIRE_OK(zx_vmo_create(2 * PAGE, 0, &vmo));
	REQUIRE_OK(zx_vmo_clone(vmo, ZX_VMO_CLONE_COPY_ON_WRITE_2018, 0, 2 * PAGE, &clone));
	REQUIRE_OK(zx_vmar_map_old(rt_boot.root_vmar, 0, vmo, 0, 2 * PAGE, READ_WRITE, &at));
	parent = (volatile uint8_t *)at;
	REQUIRE_OK(zx_vmar_map_old(rt_boot.root_vmar, 0, clone, 0, 2 * PAGE, READ_WRITE, &at));
	copy = (volatile uint8_t *)at;
	parent[1] = 5;
	CHECK_EQ(copy[1], 5);
	copy[2] = 6;
	CHECK_EQ(parent[2], 0);
	parent[1] = 7;
	CHECK_EQ(copy[1], 5);
	parent[PAGE] = 8;
	CHECK_EQ(copy[PAGE], 8);
	/* What it gives back is the parent's again. */
	CHECK_OK(zx_vmo_op_range(clone, ZX_VMO_OP_DECOMMIT, 0, PAGE, NULL, 0));
	CHECK_EQ(copy[1], 7);
	CHECK_EQ(copy[2], 0);
	copy[1] = 9;
	CHECK_EQ(parent[1], 7);
	zx_handle_close(vmo);
	zx_handle_close(clone);
	CHECK_EQ(copy[PAGE], 8);
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, (zx_vaddr_t)parent, 2 * PAGE));
	CHECK_EQ(copy[PAGE], 8);
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, (zx_vaddr_t)copy, 2 * PAGE));
}

/* The older order of arguments. */
static void address_regions(void)
{
	const uint32_t can_all =
		ZX_VM_CAN_MAP_READ | ZX_VM_CAN_MAP_WRITE | ZX_VM_CAN_MAP_SPECIFIC;
	zx_handle_t child, vmo;
	zx_vaddr_t base = 0, at = 0;

	REQUIRE_OK(zx_vmo_create(PAGE, 0, &vmo));
	REQUIRE_OK(zx_vmar_allocate_old(rt_boot.root_vmar, 0, 4 * PAGE, can_all, &child, &base));
	REQUIRE_OK(zx_vmar_map_old(child, PAGE, vmo, 0, PAGE, READ_WRITE | ZX_VM_SPECIFIC, &at));
	CHECK_EQ(at, base + PAGE);
	*(volatile uint8_t *)at = 1;
	CHECK_OK(zx_vmar_protect_old(child, at, PAGE, ZX_VM_PERM_READ));
	CHECK_EQ(*(volatile uint8_t *)at, 1);
	CHECK_OK(zx_vmar_destroy(child));
	zx_handle_close(child);
	zx_handle_close(vmo);
}

static void cookies(void)
{
	zx_handle_t event, scope, other;
	uint64_t cookie = 0;

	REQUIRE_OK(zx_event_create(0, &event));
	REQUIRE_OK(zx_event_create(0, &scope));
	REQUIRE_OK(zx_event_create(0, &other));
	CHECK_STATUS(zx_object_get_cookie(event, scope, &cookie), ZX_ERR_ACCESS_DENIED);
	CHECK_OK(zx_object_set_cookie(event, scope, 42));
	CHECK_OK(zx_object_get_cookie(event, scope, &cookie));
	CHECK_EQ(cookie, 42);
	CHECK_OK(zx_object_set_cookie(event, scope, 43));
	CHECK_STATUS(zx_object_set_cookie(event, other, 44), ZX_ERR_ACCESS_DENIED);
	CHECK_STATUS(zx_object_get_cookie(event, other, &cookie), ZX_ERR_ACCESS_DENIED);
	CHECK_OK(zx_object_get_cookie(event, scope, &cookie));
	CHECK_EQ(cookie, 43);
	zx_handle_close(other);
	zx_handle_close(scope);
	zx_handle_close(event);
}

static void socket_control(void)
{
	zx_handle_t a, b;
	char buffer[8];
	size_t actual = 0;

	REQUIRE_OK(zx_socket_create(ZX_SOCKET_HAS_CONTROL_2018, &a, &b));
	CHECK_EQ(signals_of(a) & ZX_SOCKET_CONTROL_WRITABLE_2018, ZX_SOCKET_CONTROL_WRITABLE_2018);
	CHECK_STATUS(zx_socket_read(b, ZX_SOCKET_CONTROL_2018, buffer, sizeof(buffer), &actual),
		     ZX_ERR_SHOULD_WAIT);
	CHECK_OK(zx_socket_write(a, ZX_SOCKET_CONTROL_2018, "ctl", 3, &actual));
	CHECK_EQ(signals_of(b) & ZX_SOCKET_CONTROL_READABLE_2018, ZX_SOCKET_CONTROL_READABLE_2018);
	/* One message at a time, apart from the data. */
	CHECK_STATUS(zx_socket_write(a, ZX_SOCKET_CONTROL_2018, "ctl", 3, &actual),
		     ZX_ERR_SHOULD_WAIT);
	CHECK_OK(zx_socket_write(a, 0, "data", 4, &actual));
	CHECK_OK(zx_socket_read(b, 0, buffer, sizeof(buffer), &actual));
	CHECK_EQ(actual, 4);
	CHECK_OK(zx_socket_read(b, ZX_SOCKET_CONTROL_2018, buffer, sizeof(buffer), &actual));
	CHECK_EQ(actual, 3);
	zx_handle_close(a);
	zx_handle_close(b);
}

static void socket_accept(void)
{
	zx_handle_t a, b, passed, peer, got = ZX_HANDLE_INVALID;
	zx_koid_t koid;

	REQUIRE_OK(zx_socket_create(ZX_SOCKET_HAS_ACCEPT_2018, &a, &b));
	REQUIRE_OK(zx_socket_create(0, &passed, &peer));
	koid = rt_koid(passed);
	CHECK_STATUS(zx_socket_accept(b, &got), ZX_ERR_SHOULD_WAIT);
	CHECK_EQ(signals_of(a) & ZX_SOCKET_SHARE_2018, ZX_SOCKET_SHARE_2018);
	CHECK_OK(zx_socket_share(a, passed));
	CHECK_EQ(signals_of(a) & ZX_SOCKET_SHARE_2018, 0);
	CHECK_EQ(signals_of(b) & ZX_SOCKET_ACCEPT_2018, ZX_SOCKET_ACCEPT_2018);
	CHECK_OK(zx_socket_accept(b, &got));
	CHECK_EQ(rt_koid(got), koid);
	zx_handle_close(got);
	zx_handle_close(peer);
	zx_handle_close(a);
	zx_handle_close(b);
}

/* Until 2018-07 an end heard that no more comes when it had read all. */
static void socket_disabled_late(void)
{
	static char large[256 * 1024 + 1];
	zx_handle_t a, b;
	size_t count = 9;
	char byte;

	REQUIRE_OK(zx_socket_create(0, &a, &b));
	CHECK_OK(zx_socket_write(a, 0, "x", 1, &count));
	CHECK_OK(zx_socket_write(a, ZX_SOCKET_SHUTDOWN_WRITE, NULL, 0, NULL));
	CHECK_EQ(signals_of(a), ZX_SOCKET_WRITE_DISABLED);
	CHECK_EQ(signals_of(b), ZX_SOCKET_READABLE | ZX_SOCKET_WRITABLE);
	CHECK_OK(zx_socket_read(b, 0, &byte, 1, &count));
	CHECK_EQ(signals_of(b), ZX_SOCKET_WRITABLE | ZX_SOCKET_PEER_WRITE_DISABLED);
	CHECK_STATUS(zx_socket_read(b, 0, &byte, 1, &count), ZX_ERR_BAD_STATE);
	zx_handle_close(a);
	zx_handle_close(b);
	/* No room will ever be enough. */
	REQUIRE_OK(zx_socket_create(ZX_SOCKET_DATAGRAM, &a, &b));
	CHECK_STATUS(zx_socket_write(a, 0, large, sizeof(large), &count), ZX_ERR_SHOULD_WAIT);
	zx_handle_close(a);
	zx_handle_close(b);
}

static void wait_many(void)
{
	zx_wait_item_t items[ZX_WAIT_MANY_MAX_ITEMS_2018 + 1] = { 0 };

	CHECK_STATUS(zx_object_wait_many(items, ZX_WAIT_MANY_MAX_ITEMS_2018 + 1, 0),
		     ZX_ERR_OUT_OF_RANGE);
	CHECK_STATUS(zx_object_wait_many(items, ZX_WAIT_MANY_MAX_ITEMS_2018, 0), ZX_ERR_BAD_HANDLE);
}

static void tasks(void)
{
	static struct rt_child child;
	zx_handle_t job;
	int64_t code = 0;

	REQUIRE_OK(zx_job_create(rt_boot.job, 0, &job));
	CHECK_EQ(signals_of(job), ZX_JOB_NO_JOBS | ZX_JOB_NO_PROCESSES_2018);
	REQUIRE_OK(rt_child__create(&child, job, "child"));
	CHECK_EQ(signals_of(job), ZX_JOB_NO_JOBS);
	REQUIRE_OK(rt_child__start(&child));
	CHECK_OK(rt_child__tell(&child, RT_CHILD_SLEEP, 0));
	CHECK_OK(zx_task_kill(child.process));
	CHECK_OK(rt_child__wait(&child, &code));
	CHECK_EQ(code, -1);
	rt_child__close(&child);
	zx_handle_close(job);
}

static zx_futex_t first;
static zx_futex_t second;
static struct rt_thread waiter;
static bool oldest;

static zx_status_t futex_wait(int value, zx_time_t deadline)
{
	if (oldest)
		return futex_wait_201810(&first, value, deadline);
	return zx_futex_wait(&first, value, ZX_HANDLE_INVALID, deadline);
}

static void wait_on_first(void *arg)
{
	(void)arg;
	CHECK_OK(futex_wait(1, ZX_TIME_INFINITE));
}

static void futexes(void)
{
	zx_time_t deadline = zx_deadline_after(20 * 1000 * 1000);

	first = 1;
	CHECK_STATUS(futex_wait(2, ZX_TIME_INFINITE), ZX_ERR_BAD_STATE);
	CHECK_STATUS(futex_wait(1, deadline), ZX_ERR_TIMED_OUT);
	CHECK(zx_clock_get_monotonic() >= deadline);
	REQUIRE_OK(rt_thread__start(&waiter, "waiter", wait_on_first, NULL));
	/* However long it takes to wait, one of the wakes comes later. */
	while (!(signals_of(waiter.handle) & ZX_THREAD_TERMINATED)) {
		zx_status_t status;

		if (oldest)
			status = futex_requeue_201810(&first, 0, 1, &second, 1);
		else
			status = zx_futex_requeue(&first, 0, 1, &second, 1, ZX_HANDLE_INVALID);
		if (!CHECK_OK(status))
			break;
		CHECK_OK(zx_futex_wake(&second, 1));
		zx_nanosleep(zx_deadline_after(1000 * 1000));
	}
	CHECK_OK(rt_thread__join(&waiter));
}

/* --- Times without a sign: until 2018-07 --- */

#define FOREVER_201807 ((zx_time_t)UINT64_MAX)

static void wait_forever(void *arg)
{
	zx_handle_t event = (zx_handle_t)(uintptr_t)arg;

	CHECK_OK(zx_object_wait_one(event, ZX_EVENT_SIGNALED, FOREVER_201807, NULL));
}

static void unsigned_times(void)
{
	zx_time_t past = zx_deadline_after(20 * 1000 * 1000);
	zx_handle_t event;

	CHECK_EQ(zx_deadline_after(FOREVER_201807), FOREVER_201807);
	CHECK_EQ((uint64_t)zx_deadline_after(INT64_MAX) > INT64_MAX, true);
	REQUIRE_OK(zx_event_create(0, &event));
	REQUIRE_OK(rt_thread__start(&waiter, "forever", wait_forever, (void *)(uintptr_t)event));
	CHECK_STATUS(zx_object_wait_one(waiter.handle, ZX_THREAD_TERMINATED, past, NULL),
		     ZX_ERR_TIMED_OUT);
	CHECK_OK(zx_object_signal(event, 0, ZX_EVENT_SIGNALED));
	CHECK_OK(rt_thread__join(&waiter));
	zx_handle_close(event);
}

/* Descriptors came each with the type of what it is. */
static void descriptors(void)
{
	CHECK_EQ(rt_boot__handle(PA_FD, 1), ZX_HANDLE_INVALID);
	CHECK(rt_boot__fd(1) != ZX_HANDLE_INVALID);
}

int main(int argc, char **argv)
{
	oldest = argc > 1 && !strcmp(argv[1], "2018-07");
	RUN(clocks);
	RUN(memory_objects);
	if (!oldest) {
		RUN(live_clones);
		RUN(address_regions);
	}
	RUN(cookies);
	RUN(socket_control);
	RUN(socket_accept);
	if (oldest)
		RUN(socket_disabled_late);
	RUN(wait_many);
	if (!oldest)
		RUN(tasks);
	RUN(futexes);
	if (oldest)
		RUN(unsigned_times);
	RUN(descriptors);
	return rt_check_result();
}
