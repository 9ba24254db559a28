/*
 * Much of everything, and then nothing again: handles, channels with messages, messages through one
 * channel, processes with threads. After each part a line says so, and a byte on standard input lets
 * it go on, so that somebody can look at what this costs whoever runs it.
 *
 *   load [PERCENT]   of the full load (100), after a hundredth of it to warm up
 */
#include <zircon/errors.h>

#include "check.h"
#include "child.h"
#include "string.h"

#define HANDLES 100000
#define CHANNELS 10000
#define MESSAGES 1000000
#define PROCESSES 64
#define THREADS 8
#define MESSAGE_SIZE 100
/* The first time, code and tables are touched that stay. */
#define WARM_UP 1

static zx_handle_t handles[HANDLES];
static zx_handle_t ends[CHANNELS][2];
static struct rt_child children[PROCESSES];
static zx_handle_t threads[PROCESSES][THREADS];
static uint64_t percent;

static uint32_t scaled(uint32_t full)
{
	uint32_t some = (uint32_t)(full * percent / 100);

	return some ? some : 1;
}

/* Says what has been reached, and waits to be told to go on; not while it warms up. */
static void pause_at(const char *what)
{
	zx_handle_t input = rt_boot__fd(0);
	size_t actual;
	char byte;

	if (percent == WARM_UP)
		return;
	rt_print("at %s\n", what);
	zx_object_wait_one(input, ZX_SOCKET_READABLE | ZX_SOCKET_PEER_CLOSED, ZX_TIME_INFINITE, NULL);
	zx_socket_read(input, 0, &byte, 1, &actual);
}

static void live_handles(void)
{
	uint32_t count = scaled(HANDLES);

	for (uint32_t i = 0; i < count; i++)
		REQUIRE_OK(zx_event_create(0, &handles[i]));
	pause_at("handles");
	CHECK_OK(zx_handle_close_many(handles, count));
}

static void live_channels(void)
{
	uint32_t count = scaled(CHANNELS);
	char message[MESSAGE_SIZE] = { 0 };

	for (uint32_t i = 0; i < count; i++) {
		REQUIRE_OK(zx_channel_create(0, &ends[i][0], &ends[i][1]));
		for (int j = 0; j < 4; j++)
			REQUIRE_OK(zx_channel_write(ends[i][j & 1], 0, message, sizeof(message), NULL,
						    0));
	}
	pause_at("channels");
	CHECK_OK(zx_handle_close_many(&ends[0][0], 2 * count));
}

/* A thousand at a time, as the other end would read them. */
static void many_messages(void)
{
	uint32_t count = scaled(MESSAGES) / 1000 + 1;
	char message[MESSAGE_SIZE] = { 0 };
	zx_handle_t pair[2];
	uint32_t size;

	REQUIRE_OK(zx_channel_create(0, &pair[0], &pair[1]));
	for (uint32_t i = 0; i < count; i++) {
		for (int j = 0; j < 1000; j++)
			REQUIRE_OK(zx_channel_write(pair[0], 0, message, sizeof(message), NULL, 0));
		for (int j = 0; j < 1000; j++)
			REQUIRE_OK(zx_channel_read(pair[1], 0, message, NULL, sizeof(message), 0, &size,
						   NULL));
	}
	zx_handle_close_many(pair, 2);
	pause_at("messages");
}

static void start_process(uint32_t i)
{
	REQUIRE_OK(rt_child__create(&children[i], rt_boot.job, "loaded"));
	REQUIRE_OK(rt_child__start(&children[i]));
	for (uint32_t j = 1; j < THREADS; j++)
		REQUIRE_OK(rt_child__add_thread(&children[i], "child", &threads[i][j]));
}

static void end_process(uint32_t i)
{
	int64_t code = -1;

	CHECK_OK(rt_child__tell(&children[i], RT_CHILD_EXIT, i));
	CHECK_OK(rt_child__wait(&children[i], &code));
	CHECK_EQ(code, i);
	rt_child__close(&children[i]);
	zx_handle_close_many(threads[i], THREADS);
}

static void many_processes(void)
{
	uint32_t count = scaled(PROCESSES);
	int64_t answer;

	for (uint32_t i = 0; i < count; i++)
		start_process(i);
	for (uint32_t i = 0; i < count; i++)
		CHECK_OK(rt_child__ask(&children[i], RT_CHILD_MAKE_EVENT, 0, &answer));
	pause_at("processes");
	for (uint32_t i = 0; i < count; i++)
		end_process(i);
}

static void all_parts(void)
{
	live_handles();
	pause_at("handles closed");
	live_channels();
	pause_at("channels closed");
	many_messages();
	many_processes();
}

int main(int argc, char **argv)
{
	percent = WARM_UP;
	all_parts();
	percent = 100;
	if (argc > 1) {
		percent = 0;
		for (const char *digit = argv[1]; *digit; digit++)
			percent = percent * 10 + (uint64_t)(*digit - '0');
	}
	pause_at("begin");
	RUN(all_parts);
	pause_at("end");
	return rt_check_result();
}
