/* Threads that are suspended while they wait for a pager, in program code and in calls. */
#include "check.h"
#include "string.h"
#include "suspend.h"

#include <zircon/errors.h>
#include <zircon/syscalls/debug.h>
#include <zircon/syscalls/exception.h>
#include <zircon/syscalls/port.h>

#define MS 1000000ll
#define PAGE ((uint64_t)RT_PAGE_SIZE)
#define SIZE (16 * PAGE)
#define WAITS ZX_THREAD_STATE_BLOCKED_PAGER

static zx_handle_t pager, port, vmo, object;
static zx_vaddr_t memory;
static struct rt_thread thread, other;
static volatile uint64_t value;
static volatile zx_status_t result;

static bool set_up(void)
{
	return CHECK_OK(zx_pager_create(0, &pager)) && CHECK_OK(zx_port_create(0, &port)) &&
	       CHECK_OK(zx_pager_create_vmo(pager, 0, port, 0, SIZE, &vmo)) &&
	       CHECK_OK(zx_vmar_map(rt_boot.root_vmar, ZX_VM_PERM_READ | ZX_VM_PERM_WRITE, 0, vmo,
				    0, SIZE, &memory));
}

static void tear_down(void)
{
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, memory, SIZE));
	CHECK_OK(zx_handle_close(vmo));
	CHECK_OK(zx_handle_close(pager));
	CHECK_OK(zx_handle_close(port));
}

/* A page whose words are @word. */
static void supply(uint64_t offset, uint64_t word)
{
	zx_handle_t source;

	if (!CHECK_OK(zx_vmo_create(PAGE, 0, &source)))
		return;
	CHECK_OK(zx_vmo_write(source, &word, 0, sizeof(word)));
	CHECK_OK(zx_pager_supply_pages(pager, vmo, offset, PAGE, source, 0));
	CHECK_OK(zx_handle_close(source));
}

static void start(void (*run)(void *arg), uint64_t arg)
{
	value = 0;
	result = ZX_ERR_INTERNAL;
	CHECK_OK(rt_thread__start(&thread, "waits", run, (void *)arg));
	CHECK(rt_until_blocked(thread.handle, WAITS));
}

static void touch(void *arg)
{
	value = *(volatile uint64_t *)(memory + (uint64_t)arg);
}

static void in_a_fault(void)
{
	zx_thread_state_general_regs_t first, second;
	zx_handle_t token;

	if (!set_up())
		return;
	start(touch, PAGE);
	token = rt_suspend(thread.handle);
	CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &first,
				      sizeof(first)));
	CHECK_OK(zx_handle_close(token));
	CHECK(rt_until_blocked(thread.handle, WAITS));
	token = rt_suspend(thread.handle);
	CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &second,
				      sizeof(second)));
	CHECK_EQ(first.rip, second.rip);
	supply(PAGE, 44);
	zx_nanosleep(zx_deadline_after(5 * MS));
	CHECK_EQ(value, 0);
	CHECK_OK(zx_handle_close(token));
	CHECK_OK(rt_thread__join(&thread));
	CHECK_EQ(value, 44);
	tear_down();
}

/* The page will never come: an exception, but not before the thread goes on. */
static void then_detached(void)
{
	uint32_t answer = ZX_EXCEPTION_STATE_THREAD_EXIT;
	zx_handle_t channel, exception, token;
	zx_exception_info_t info;

	if (!set_up())
		return;
	start(touch, PAGE);
	REQUIRE_OK(zx_task_create_exception_channel(thread.handle, 0, &channel));
	token = rt_suspend(thread.handle);
	CHECK_OK(zx_pager_detach_vmo(pager, vmo));
	CHECK_STATUS(zx_object_wait_one(channel, ZX_CHANNEL_READABLE, zx_deadline_after(5 * MS),
					NULL),
		     ZX_ERR_TIMED_OUT);
	CHECK_EQ(rt_signals_of(thread.handle), ZX_THREAD_SUSPENDED);
	CHECK_OK(zx_handle_close(token));
	CHECK_OK(rt_wait_for(channel, ZX_CHANNEL_READABLE));
	REQUIRE_OK(zx_channel_read(channel, 0, &info, &exception, sizeof(info), 1, NULL, NULL));
	CHECK_EQ(info.type, ZX_EXCP_FATAL_PAGE_FAULT);
	CHECK_OK(zx_object_set_property(exception, ZX_PROP_EXCEPTION_STATE, &answer,
					sizeof(answer)));
	CHECK_OK(zx_handle_close(exception));
	CHECK_OK(rt_thread__join(&thread));
	CHECK_OK(zx_handle_close(channel));
	tear_down();
}

static void read_vmo(void *arg)
{
	uint64_t word = 0;

	result = zx_vmo_read(vmo, &word, (uint64_t)arg, sizeof(word));
	value = word;
}

static void in_vmo_read(void)
{
	if (!set_up())
		return;
	start(read_vmo, PAGE);
	for (int i = 0; i < 3; i++) {
		CHECK_OK(zx_handle_close(rt_suspend(thread.handle)));
		CHECK(rt_until_blocked(thread.handle, WAITS));
	}
	supply(PAGE, 45);
	CHECK_OK(rt_thread__join(&thread));
	CHECK_OK(result);
	CHECK_EQ(value, 45);
	tear_down();
}

/* Two pages from the stream; the first word of the second one counts. */
static void read_stream(void *arg)
{
	uint64_t words[2 * PAGE / sizeof(uint64_t)] = { 0 };
	zx_iovec_t vectors[] = { { words, PAGE / 2 }, { (char *)words + PAGE / 2, 3 * PAGE / 2 } };
	size_t bytes = 0;

	(void)arg;
	result = zx_stream_readv(object, 0, vectors, RT_ARRAY_SIZE(vectors), &bytes);
	if (bytes != sizeof(words))
		result = ZX_ERR_BUFFER_TOO_SMALL;
	value = words[PAGE / sizeof(uint64_t)];
}

static void in_a_stream(void)
{
	zx_off_t seek = 0;
	zx_handle_t token;

	if (!set_up())
		return;
	REQUIRE_OK(zx_stream_create(ZX_STREAM_MODE_READ, vmo, PAGE, &object));
	start(read_stream, 0);
	token = rt_suspend(thread.handle);
	supply(PAGE, 46);
	supply(2 * PAGE, 47);
	CHECK_EQ(value, 0);
	CHECK_OK(zx_handle_close(token));
	CHECK_OK(rt_thread__join(&thread));
	CHECK_OK(result);
	CHECK_EQ(value, 47);
	CHECK_OK(zx_stream_seek(object, ZX_STREAM_SEEK_ORIGIN_CURRENT, 0, &seek));
	CHECK_EQ(seek, 3 * PAGE);
	CHECK_OK(zx_handle_close(object));
	tear_down();
}

static void read_on(void *arg)
{
	uint64_t word = 0;
	zx_iovec_t vector = { &word, sizeof(word) };

	(void)arg;
	CHECK_OK(zx_stream_readv(object, 0, &vector, 1, NULL));
	CHECK_EQ(word, 49);
}

/* Somebody reads what follows meanwhile: nobody loses anything, though the thread stops later. */
static void in_a_stream_of_others(void)
{
	zx_handle_t token;

	if (!set_up())
		return;
	REQUIRE_OK(zx_stream_create(ZX_STREAM_MODE_READ, vmo, PAGE, &object));
	supply(3 * PAGE, 49);
	start(read_stream, 0);
	CHECK_OK(rt_thread__start(&other, "reads on", read_on, NULL));
	CHECK_OK(rt_thread__join(&other));
	CHECK_OK(zx_task_suspend_token(thread.handle, &token));
	zx_nanosleep(zx_deadline_after(5 * MS));
	supply(PAGE, 46);
	supply(2 * PAGE, 47);
	CHECK_OK(rt_wait_for(thread.handle, ZX_THREAD_SUSPENDED));
	CHECK_OK(zx_handle_close(token));
	CHECK_OK(rt_thread__join(&thread));
	CHECK_OK(result);
	CHECK_EQ(value, 47);
	CHECK_OK(zx_handle_close(object));
	tear_down();
}

static void read_socket(void *arg)
{
	size_t bytes = 0;

	result = zx_socket_read(object, 0, (void *)(memory + (uint64_t)arg), 8, &bytes);
	value = bytes;
}

/* What was read from the socket is there no more: it is read once. */
static void for_the_buffer_of_a_call(void)
{
	zx_handle_t peer, token;

	if (!set_up())
		return;
	REQUIRE_OK(zx_socket_create(0, &peer, &object));
	REQUIRE_OK(zx_socket_write(peer, 0, "contents", 8, NULL));
	start(read_socket, PAGE);
	CHECK_OK(zx_task_suspend_token(thread.handle, &token));
	zx_nanosleep(zx_deadline_after(5 * MS));
	supply(PAGE, 0);
	CHECK_OK(rt_wait_for(thread.handle, ZX_THREAD_SUSPENDED));
	CHECK_OK(zx_handle_close(token));
	CHECK_OK(rt_thread__join(&thread));
	CHECK_OK(result);
	CHECK_EQ(value, 8);
	CHECK(!memcmp((const void *)(memory + PAGE), "contents", 8));
	CHECK_OK(zx_handle_close(object));
	CHECK_OK(zx_handle_close(peer));
	tear_down();
}

int main(void)
{
	RUN(in_a_fault);
	RUN(then_detached);
	RUN(in_vmo_read);
	RUN(in_a_stream);
	RUN(in_a_stream_of_others);
	RUN(for_the_buffer_of_a_call);
	return rt_check_result();
}
