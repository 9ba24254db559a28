/* zx_channel_call(): a request and its answer, with a server on another thread. */
#include "check.h"
#include "string.h"

#include <zircon/errors.h>

struct message {
	zx_txid_t txid;
	uint32_t number;
};

static struct rt_thread server_thread;

/* Answers each request with its number plus one; ends when the client is gone. */
static void serve(void *arg)
{
	zx_handle_t channel = (zx_handle_t)(uintptr_t)arg;
	struct message message;
	uint32_t size, count;

	for (;;) {
		zx_signals_t seen = 0;

		zx_object_wait_one(channel, ZX_CHANNEL_READABLE | ZX_CHANNEL_PEER_CLOSED,
				   ZX_TIME_INFINITE, &seen);
		if (!(seen & ZX_CHANNEL_READABLE))
			break;
		if (!CHECK_OK(zx_channel_read(channel, 0, &message, NULL, sizeof(message), 0, &size,
					      &count)))
			break;
		/* The kernel's transaction numbers have the top bit set. */
		CHECK(message.txid & 0x80000000u);
		message.number++;
		CHECK_OK(zx_channel_write(channel, 0, &message, sizeof(message), NULL, 0));
	}
	zx_handle_close(channel);
}

static zx_status_t call(zx_handle_t channel, zx_time_t deadline, uint32_t number, uint32_t *answer)
{
	struct message request = { 0, number };
	struct message reply = { 0 };
	zx_channel_call_args_t args = {
		.wr_bytes = &request,
		.rd_bytes = &reply,
		.wr_num_bytes = sizeof(request),
		.rd_num_bytes = sizeof(reply),
	};
	uint32_t size = 0, count = 0;
	zx_status_t status;

	status = zx_channel_call(channel, 0, deadline, &args, &size, &count);
	if (status == ZX_OK) {
		CHECK_EQ(size, sizeof(reply));
		CHECK_EQ(count, 0);
		*answer = reply.number;
	}
	return status;
}

static void answers(void)
{
	zx_handle_t client, server;
	uint32_t answer = 0;
	uint32_t i;

	REQUIRE_OK(zx_channel_create(0, &client, &server));
	REQUIRE_OK(rt_thread__start(&server_thread, "server", serve, (void *)(uintptr_t)server));
	for (i = 0; i < 1000; i++) {
		if (!CHECK_OK(call(client, ZX_TIME_INFINITE, i, &answer)))
			break;
		CHECK_EQ(answer, i + 1);
	}
	zx_handle_close(client);
	rt_thread__join(&server_thread);
}

static void nobody_answers(void)
{
	zx_handle_t client, server;
	struct message message;
	uint32_t answer = 0, size, count;
	zx_time_t deadline;

	REQUIRE_OK(zx_channel_create(0, &client, &server));
	deadline = zx_deadline_after(20 * 1000 * 1000);
	CHECK_STATUS(call(client, deadline, 1, &answer), ZX_ERR_TIMED_OUT);
	CHECK(zx_clock_get_monotonic() >= deadline);

	/* An answer that comes too late is a message like any other. */
	CHECK_OK(zx_channel_read(server, 0, &message, NULL, sizeof(message), 0, &size, &count));
	CHECK_OK(zx_channel_write(server, 0, &message, sizeof(message), NULL, 0));
	CHECK_OK(zx_channel_read(client, 0, &message, NULL, sizeof(message), 0, &size, &count));

	zx_handle_close(server);
	CHECK_STATUS(call(client, ZX_TIME_INFINITE, 1, &answer), ZX_ERR_PEER_CLOSED);
	zx_handle_close(client);
}

static void close_after_reading(void *arg)
{
	zx_handle_t channel = (zx_handle_t)(uintptr_t)arg;

	zx_object_wait_one(channel, ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, NULL);
	zx_handle_close(channel);
}

static void server_goes_away(void)
{
	zx_handle_t client, server;
	uint32_t answer = 0;

	REQUIRE_OK(zx_channel_create(0, &client, &server));
	REQUIRE_OK(rt_thread__start(&server_thread, "closer", close_after_reading,
				    (void *)(uintptr_t)server));
	CHECK_STATUS(call(client, ZX_TIME_INFINITE, 1, &answer), ZX_ERR_PEER_CLOSED);
	rt_thread__join(&server_thread);
	zx_handle_close(client);
}

static void bad_arguments(void)
{
	struct message message = { 0 };
	zx_channel_call_args_t args = { .wr_bytes = &message, .rd_bytes = &message };
	zx_handle_t client, server;
	uint32_t size, count;

	REQUIRE_OK(zx_channel_create(0, &client, &server));
	/* A request must have room for the transaction number. */
	args.wr_num_bytes = 3;
	CHECK_STATUS(zx_channel_call(client, 0, ZX_TIME_INFINITE, &args, &size, &count),
		     ZX_ERR_INVALID_ARGS);
	args.wr_num_bytes = sizeof(message);
	CHECK_STATUS(zx_channel_call(client, 1, ZX_TIME_INFINITE, &args, &size, &count),
		     ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_channel_call(rt_boot.process, 0, ZX_TIME_INFINITE, &args, &size, &count),
		     ZX_ERR_WRONG_TYPE);
	zx_handle_close(client);
	zx_handle_close(server);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(answers);
	RUN(nobody_answers);
	RUN(server_goes_away);
	RUN(bad_arguments);
	return rt_check_result();
}
