/*
 * What `debug` looks at: threads that are blocked in one way each, and one that runs. Tells where
 * `turns` is, and ends when its input does.
 */
#include <stdint.h>
#include <threads.h>
#include <unistd.h>
#include <zircon/syscalls.h>
#include <zircon/syscalls/port.h>

static zx_handle_t event, port;
static volatile uint64_t turns;
static mtx_t taken;

static int sleeps(void *arg)
{
	(void)arg;
	return zx_nanosleep(ZX_TIME_INFINITE);
}

static int waits_for_one(void *arg)
{
	(void)arg;
	return zx_object_wait_one(event, ZX_USER_SIGNAL_0, ZX_TIME_INFINITE, NULL);
}

static int waits_for_many(void *arg)
{
	zx_wait_item_t item = { .handle = event, .waitfor = ZX_USER_SIGNAL_0 };

	(void)arg;
	return zx_object_wait_many(&item, 1, ZX_TIME_INFINITE);
}

static int waits_for_port(void *arg)
{
	zx_port_packet_t packet;

	(void)arg;
	return zx_port_wait(port, ZX_TIME_INFINITE, &packet);
}

static int waits_for_mutex(void *arg)
{
	(void)arg;
	return mtx_lock(&taken);
}

/* lseek() is libfdio's. */
static int turns_round(void *arg)
{
	(void)arg;
	for (;;) {
		(void)lseek(-1, 0, SEEK_SET);
		turns++;
	}
}

static const thrd_start_t kinds[] = { sleeps, waits_for_one, waits_for_many,
				      waits_for_port, waits_for_mutex, turns_round };

int main(void)
{
	volatile uint64_t *at = &turns;
	thrd_t thread;
	char byte;

	zx_event_create(0, &event);
	zx_port_create(0, &port);
	mtx_init(&taken, mtx_plain);
	mtx_lock(&taken);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (thrd_create(&thread, kinds[i], NULL) != thrd_success)
			return 1;
	if (write(1, &at, sizeof(at)) != sizeof(at))
		return 2;
	while (read(0, &byte, 1) > 0)
		;
	return 7;
}
