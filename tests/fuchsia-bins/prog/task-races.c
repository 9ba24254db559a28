/*
 * Threads that wait, run, crash and end, while others suspend and kill them at any moment: each
 * comes to its end, and leaves nothing locked. Takes a system that can end threads (to 2021).
 */
#include "check.h"
#include "string.h"
#include "suspend.h"

#include <zircon/errors.h>
#include <zircon/syscalls/debug.h>
#include <zircon/syscalls/port.h>

#define MS 1000000ll
#define PAGE ((uint64_t)RT_PAGE_SIZE)
#define KILLERS 3
#define VICTIMS 6 /* of each killer */
#define ROUNDS 150

struct victim {
	struct rt_thread thread;
	void (*run)(void);
	zx_handle_t exceptions; /* of one that crashes */
};

struct killer {
	struct rt_thread thread;
	struct victim victims[VICTIMS];
};

static struct killer killers[KILLERS];
static uint32_t ended; /* killers that have */
static zx_handle_t event, port, near, far, pager, requests, pages, vmo;
static zx_vaddr_t memory;
static zx_futex_t futex;

static uint64_t any(uint64_t n)
{
	uint64_t value;

	zx_cprng_draw(&value, sizeof(value));
	return value % n;
}

static void pause(void)
{
	if (any(2))
		zx_nanosleep(zx_deadline_after((zx_duration_t)any(MS)));
}

/* --- What victims do, again and again --- */

static void wait_one(void)
{
	zx_object_wait_one(event, ZX_USER_SIGNAL_0, ZX_TIME_INFINITE, NULL);
}

static void wait_many(void)
{
	zx_wait_item_t items[] = { { event, ZX_USER_SIGNAL_1, 0 }, { near, ZX_USER_SIGNAL_2, 0 } };

	zx_object_wait_many(items, RT_ARRAY_SIZE(items), ZX_TIME_INFINITE);
}

static void wait_for_packet(void)
{
	zx_port_packet_t packet;

	zx_port_wait(port, ZX_TIME_INFINITE, &packet);
}

static void wait_for_futex(void)
{
	zx_futex_wait(&futex, 0, ZX_HANDLE_INVALID, ZX_TIME_INFINITE);
}

static void call(void)
{
	uint32_t message[4] = { 0 };
	uint32_t bytes, handles;
	zx_channel_call_args_t args = { .wr_bytes = message,
					.wr_num_bytes = sizeof(message),
					.rd_bytes = message,
					.rd_num_bytes = sizeof(message) };

	zx_channel_call(near, 0, ZX_TIME_INFINITE, &args, &bytes, &handles);
}

static void sleep(void)
{
	zx_nanosleep(zx_deadline_after((zx_duration_t)any(3 * MS)));
}

static void compute(void)
{
	for (volatile int i = 0; i < 1000; i++)
		continue;
}

static void crash(void)
{
	__asm__ volatile("ud2");
}

static void touch(void)
{
	(void)*(volatile uint8_t *)(memory + any(4) * PAGE);
}

static void read_pages(void)
{
	uint64_t word;

	zx_vmo_read(pages, &word, any(4) * PAGE, sizeof(word));
}

/* Calls that change the address space, and lock much. */
static void copy_and_map(void)
{
	zx_handle_t copy = ZX_HANDLE_INVALID;
	zx_vaddr_t at;

	if (zx_vmo_create_child(vmo, ZX_VMO_CHILD_SNAPSHOT, 0, 4 * PAGE, &copy) != ZX_OK)
		return;
	if (zx_vmar_map(rt_boot.root_vmar, ZX_VM_PERM_READ | ZX_VM_PERM_WRITE, 0, copy, 0, 4 * PAGE,
			&at) == ZX_OK) {
		*(volatile uint8_t *)at = 1;
		zx_vmar_unmap(rt_boot.root_vmar, at, 4 * PAGE);
	}
	zx_handle_close(copy);
}

static void end_soon(void)
{
	sleep();
	zx_thread_exit();
}

static void (*const kinds[])(void) = {
	wait_one, wait_many, wait_for_packet, wait_for_futex, call, sleep, compute,
	crash, touch, read_pages, copy_and_map, end_soon,
};

static void run_victim(void *arg)
{
	for (;;)
		((struct victim *)arg)->run();
}

/* --- What happens to them --- */

static void start(struct victim *victim)
{
	victim->run = kinds[any(RT_ARRAY_SIZE(kinds))];
	if (!CHECK_OK(rt_thread__create(&victim->thread, "victim", run_victim, victim)))
		return;
	victim->exceptions = ZX_HANDLE_INVALID;
	if (victim->run == crash)
		CHECK_OK(zx_task_create_exception_channel(victim->thread.handle, 0,
							  &victim->exceptions));
	CHECK_OK(rt_thread__resume(&victim->thread));
}

static void look_at_suspended(zx_handle_t thread)
{
	zx_thread_state_general_regs_t regs;

	CHECK_EQ(rt_signals_of(thread), ZX_THREAD_SUSPENDED);
	CHECK_OK(zx_thread_read_state(thread, ZX_THREAD_STATE_GENERAL_REGS, &regs, sizeof(regs)));
	CHECK_OK(zx_thread_write_state(thread, ZX_THREAD_STATE_GENERAL_REGS, &regs, sizeof(regs)));
}

/* The token, where it is still to be closed. One in an exception would never be suspended. */
static zx_handle_t suspend(struct victim *victim)
{
	zx_handle_t thread = victim->thread.handle;
	zx_handle_t token = ZX_HANDLE_INVALID;
	zx_status_t status = zx_task_suspend_token(thread, &token);

	if (status != ZX_OK) {
		CHECK(status == ZX_ERR_BAD_STATE && victim->run == end_soon);
		return ZX_HANDLE_INVALID;
	}
	if (any(2) && victim->run != crash) {
		CHECK_OK(rt_wait_for(thread, ZX_THREAD_SUSPENDED | ZX_THREAD_TERMINATED));
		if (rt_signals_of(thread) != ZX_THREAD_TERMINATED)
			look_at_suspended(thread);
	}
	if (any(3))
		return token;
	CHECK_OK(zx_handle_close(token));
	pause();
	return ZX_HANDLE_INVALID;
}

static void kill(struct victim *victim)
{
	zx_handle_t thread = victim->thread.handle;
	zx_thread_state_general_regs_t regs;
	zx_info_thread_t info = { 0 };
	zx_handle_t token;

	CHECK_OK(zx_task_kill(thread));
	CHECK_STATUS(zx_task_suspend_token(thread, &token), ZX_ERR_BAD_STATE);
	CHECK_OK(zx_object_get_info(thread, ZX_INFO_THREAD, &info, sizeof(info), NULL, NULL));
	CHECK(info.state == ZX_THREAD_STATE_DYING || info.state == ZX_THREAD_STATE_DEAD);
	CHECK_OK(rt_wait_for(thread, ZX_THREAD_TERMINATED));
	CHECK_EQ(rt_signals_of(thread), ZX_THREAD_TERMINATED);
	CHECK_STATUS(zx_thread_read_state(thread, ZX_THREAD_STATE_GENERAL_REGS, &regs, sizeof(regs)),
		     ZX_ERR_BAD_STATE);
}

static void run_killer(void *arg)
{
	struct killer *killer = arg;

	for (int i = 0; i < VICTIMS; i++)
		start(&killer->victims[i]);
	for (int i = 0; i < ROUNDS; i++) {
		struct victim *victim = &killer->victims[i % VICTIMS];
		zx_handle_t token = any(2) ? suspend(victim) : ZX_HANDLE_INVALID;

		pause();
		kill(victim);
		zx_handle_close(token);
		zx_handle_close(victim->exceptions);
		CHECK_OK(rt_thread__join(&victim->thread));
		if (i < ROUNDS - VICTIMS)
			start(victim);
	}
	__atomic_fetch_add(&ended, 1, __ATOMIC_SEQ_CST);
}

/* --- What they wait for happens now and then --- */

static void answer_call(void)
{
	uint32_t message[4];

	if (zx_channel_read(far, 0, message, NULL, sizeof(message), 0, NULL, NULL) == ZX_OK)
		zx_channel_write(far, 0, message, sizeof(message), NULL, 0);
	/* Replies to those who are no more. */
	while (zx_channel_read(near, 0, message, NULL, sizeof(message), 0, NULL, NULL) == ZX_OK)
		continue;
}

/* Half of the pages never come. */
static void supply_page(void)
{
	uint64_t word = 1;
	zx_handle_t source;

	REQUIRE_OK(zx_vmo_create(PAGE, 0, &source));
	CHECK_OK(zx_vmo_write(source, &word, 0, sizeof(word)));
	CHECK_OK(zx_pager_supply_pages(pager, pages, any(2) * PAGE, PAGE, source, 0));
	CHECK_OK(zx_handle_close(source));
}

static void stir(void)
{
	zx_port_packet_t packet = { .type = ZX_PKT_TYPE_USER };

	CHECK_OK(zx_object_signal(event, 0, ZX_USER_SIGNAL_0 | ZX_USER_SIGNAL_1));
	CHECK_OK(zx_object_signal(event, ZX_USER_SIGNAL_0 | ZX_USER_SIGNAL_1, 0));
	CHECK_OK(zx_port_queue(port, &packet));
	CHECK_OK(zx_futex_wake(&futex, 1));
	answer_call();
	supply_page();
	while (zx_port_wait(requests, 0, &packet) == ZX_OK)
		continue;
	while (any(4) && zx_port_wait(port, 0, &packet) == ZX_OK)
		continue;
}

static size_t threads(void)
{
	zx_koid_t koids[4];
	size_t count = 0;

	CHECK_OK(zx_object_get_info(rt_boot.process, ZX_INFO_PROCESS_THREADS, koids, sizeof(koids),
				    NULL, &count));
	return count;
}

static void all_kinds(void)
{
	for (int i = 0; i < KILLERS; i++)
		REQUIRE_OK(rt_thread__start(&killers[i].thread, "killer", run_killer, &killers[i]));
	while (__atomic_load_n(&ended, __ATOMIC_SEQ_CST) < KILLERS) {
		stir();
		zx_nanosleep(zx_deadline_after(MS));
	}
	for (int i = 0; i < KILLERS; i++)
		CHECK_OK(rt_thread__join(&killers[i].thread));
	/* One that has ended leaves its process soon after it was seen to. */
	while (threads() != 1)
		zx_nanosleep(zx_deadline_after(MS));
}

static void objects(void)
{
	REQUIRE_OK(zx_event_create(0, &event));
	REQUIRE_OK(zx_port_create(0, &port));
	REQUIRE_OK(zx_channel_create(0, &near, &far));
	REQUIRE_OK(zx_vmo_create(4 * PAGE, 0, &vmo));
	REQUIRE_OK(zx_pager_create(0, &pager));
	REQUIRE_OK(zx_port_create(0, &requests));
	REQUIRE_OK(zx_pager_create_vmo(pager, 0, requests, 0, 4 * PAGE, &pages));
	REQUIRE_OK(zx_vmar_map(rt_boot.root_vmar, ZX_VM_PERM_READ, 0, pages, 0, 4 * PAGE, &memory));
}

int main(void)
{
	RUN(objects);
	RUN(all_kinds);
	return rt_check_result();
}
