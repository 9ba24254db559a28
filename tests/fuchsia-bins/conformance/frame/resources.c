/* What checks work with, and its end. */
#include "conformance.h"

#include <stdatomic.h>

#include "string.h"
#include "vmar.h"

#define OWNED_MAX 1024
#define MAPPED_MAX 16
#define THREADS_MAX 16

static zx_handle_t owned[OWNED_MAX];
static size_t owned_count;

static struct {
	uintptr_t base;
	size_t size;
} mapped[MAPPED_MAX];
static size_t mapped_count;

static struct rt_thread threads[THREADS_MAX];
static size_t thread_count;

/* --- Handles --- */

bool is_valid(zx_handle_t handle)
{
	return zx_object_get_info(handle, ZX_INFO_HANDLE_VALID, NULL, 0, NULL, NULL) == ZX_OK;
}

zx_handle_t own(zx_handle_t handle)
{
	EXPECT(owned_count < OWNED_MAX);
	owned[owned_count++] = handle;
	return handle;
}

zx_handle_t make_event(void)
{
	zx_handle_t event;

	EXPECT_OK(zx_event_create(0, &event));
	return own(event);
}

zx_handle_t make_vmo(uint64_t size)
{
	zx_handle_t vmo;

	EXPECT_OK(zx_vmo_create(size, 0, &vmo));
	return own(vmo);
}

zx_handle_t make_port(void)
{
	zx_handle_t port;

	EXPECT_OK(zx_port_create(0, &port));
	return own(port);
}

zx_handle_t make_timer(void)
{
	zx_handle_t timer;

	EXPECT_OK(zx_timer_create(ZX_TIMER_SLACK_CENTER, ZX_CLOCK_MONOTONIC, &timer));
	return own(timer);
}

void make_channel(zx_handle_t *a, zx_handle_t *b)
{
	EXPECT_OK(zx_channel_create(0, a, b));
	own(*a);
	own(*b);
}

void make_socket(uint32_t options, zx_handle_t *a, zx_handle_t *b)
{
	EXPECT_OK(zx_socket_create(options, a, b));
	own(*a);
	own(*b);
}

void make_eventpair(zx_handle_t *a, zx_handle_t *b)
{
	EXPECT_OK(zx_eventpair_create(0, a, b));
	own(*a);
	own(*b);
}

void make_fifo(size_t count, size_t size, zx_handle_t *a, zx_handle_t *b)
{
	EXPECT_OK(zx_fifo_create(count, size, 0, a, b));
	own(*a);
	own(*b);
}

zx_handle_t with_rights(zx_handle_t handle, zx_rights_t rights)
{
	zx_handle_t other;

	if (rights_of(handle) & ZX_RIGHT_DUPLICATE)
		EXPECT_OK(zx_handle_duplicate(handle, rights, &other));
	else
		EXPECT_OK(zx_handle_replace(handle, rights, &other));
	return own(other);
}

zx_handle_t without_rights(zx_handle_t handle, zx_rights_t rights)
{
	return with_rights(handle, rights_of(handle) & ~rights);
}

zx_handle_t duplicate(zx_handle_t handle)
{
	return with_rights(handle, ZX_RIGHT_SAME_RIGHTS);
}

zx_handle_t closed_handle(void)
{
	zx_handle_t event = make_event();

	EXPECT_OK(zx_handle_close(event));
	return event;
}

zx_handle_t wrong_type_for(zx_handle_t handle)
{
	return type_of(handle) == ZX_OBJ_TYPE_EVENT ? make_port() : make_event();
}

static zx_info_handle_basic_t basic_info(zx_handle_t handle)
{
	zx_info_handle_basic_t info;

	EXPECT_OK(zx_object_get_info(handle, ZX_INFO_HANDLE_BASIC, &info, sizeof(info), NULL,
				     NULL));
	return info;
}

zx_rights_t rights_of(zx_handle_t handle)
{
	return basic_info(handle).rights;
}

zx_obj_type_t type_of(zx_handle_t handle)
{
	return basic_info(handle).type;
}

zx_signals_t signals_of(zx_handle_t handle)
{
	zx_signals_t signals = 0;

	EXPECT_STATUS(zx_object_wait_one(handle, 0, 0, &signals), ZX_ERR_TIMED_OUT);
	return signals;
}

size_t frame_handle_count(void)
{
	zx_info_process_handle_stats_t stats;
	size_t sum = 0;
	size_t i;

	EXPECT_OK(zx_object_get_info(rt_boot.process, ZX_INFO_PROCESS_HANDLE_STATS, &stats,
				     sizeof(stats), NULL, NULL));
	for (i = 0; i < RT_ARRAY_SIZE(stats.handle_count); i++)
		sum += stats.handle_count[i];
	return sum;
}

/* --- Memory --- */

zx_status_t map_vmo(zx_handle_t vmo, zx_vm_option_t options, size_t size, zx_vaddr_t *base)
{
	return rt_vmar__map(rt_boot.root_vmar, options, 0, vmo, 0, size, base);
}

void own_mapping(zx_vaddr_t base, size_t size)
{
	EXPECT(mapped_count < MAPPED_MAX);
	mapped[mapped_count].base = base;
	mapped[mapped_count++].size = size;
}

void *map_pages(size_t count, zx_vm_option_t permissions)
{
	size_t size = count * RT_PAGE_SIZE;
	zx_handle_t vmo = make_vmo(size);
	zx_vaddr_t base;

	EXPECT_OK(map_vmo(vmo, permissions, size, &base));
	EXPECT_OK(zx_handle_close(vmo));
	own_mapping(base, size);
	return (void *)base;
}

/* --- Threads --- */

zx_handle_t start_thread(void (*run)(void *arg), void *arg)
{
	struct rt_thread *thread = &threads[thread_count];

	EXPECT(thread_count < THREADS_MAX);
	EXPECT_OK(rt_thread__start(thread, "check", run, arg));
	thread_count++;
	return thread->handle;
}

void until_blocked(zx_handle_t thread, uint32_t state)
{
	zx_time_t limit = LATE;
	zx_info_thread_t info = { 0 };

	while (info.state != state && info.state != ZX_THREAD_STATE_BLOCKED) {
		EXPECT(zx_clock_get_monotonic() < limit);
		EXPECT_OK(zx_nanosleep(zx_deadline_after(MILLISECOND)));
		EXPECT_OK(zx_object_get_info(thread, ZX_INFO_THREAD, &info, sizeof(info), NULL,
					     NULL));
	}
}

void until_main_is_blocked(uint32_t state)
{
	until_blocked(rt_boot.thread, state);
}

bool frame_on_own_thread(void)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);

	return here >= (uintptr_t)threads && here < (uintptr_t)(threads + THREADS_MAX);
}

void join_threads(void)
{
	for (; thread_count; thread_count--)
		rt_thread__join(&threads[thread_count - 1]);
}

/*
 * Handles go before threads: where a check has failed, those that wait for one of its objects so
 * get to their end.
 */
void frame_clean_up(void)
{
	frame_end_child();
	while (owned_count)
		if (is_valid(owned[--owned_count]))
			zx_handle_close(owned[owned_count]);
	join_threads();
	while (mapped_count) {
		mapped_count--;
		zx_vmar_unmap(rt_boot.root_vmar, mapped[mapped_count].base,
			      mapped[mapped_count].size);
	}
}
