/* The calls that programs make most. With the argument "loaded", beside much else that is alive. */
#include <zircon/syscalls/port.h>

#include "child.h"
#include "measure.h"
#include "rt.h"
#include "string.h"

#define LARGE 65536
#define SMALL 64
/* What the calls must not become slower by. */
#define HANDLES 100000
#define CHANNELS 10000
#define PROCESSES 64
#define THREADS 8

static zx_handle_t event, vmo, port, channel[2], socket[2], echo[2];
static char bytes[LARGE];
static zx_futex_t word;
static struct rt_thread echo_thread;
static struct rt_child child;

static void die(const char *what)
{
	rt_print_error("bench: %s\n", what);
	zx_process_exit(1);
}

static void wait_signalled(void)
{
	zx_object_wait_one(event, ZX_EVENT_SIGNALED, ZX_TIME_INFINITE, NULL);
}

static void signal(void)
{
	zx_object_signal(event, 0, ZX_USER_SIGNAL_0);
}

static void pass(uint32_t size)
{
	uint32_t got;

	if (zx_channel_write(channel[0], 0, bytes, size, NULL, 0) ||
	    zx_channel_read(channel[1], 0, bytes, NULL, size, 0, &got, NULL))
		die("channel");
}

static void channel_small(void)
{
	pass(SMALL);
}

static void channel_large(void)
{
	pass(LARGE);
}

static void socket_small(void)
{
	size_t actual;

	if (zx_socket_write(socket[0], 0, bytes, SMALL, &actual) ||
	    zx_socket_read(socket[1], 0, bytes, SMALL, &actual))
		die("socket");
}

static void port_packet(void)
{
	zx_port_packet_t packet = { .type = ZX_PKT_TYPE_USER };

	if (zx_port_queue(port, &packet) || zx_port_wait(port, ZX_TIME_INFINITE, &packet))
		die("port");
}

static void read_page(void)
{
	zx_vmo_read(vmo, bytes, 0, RT_PAGE_SIZE);
}

static void write_page(void)
{
	zx_vmo_write(vmo, bytes, 0, RT_PAGE_SIZE);
}

static void map_page(void)
{
	zx_vaddr_t at;

	if (zx_vmar_map(rt_boot.root_vmar, ZX_VM_PERM_READ | ZX_VM_PERM_WRITE, 0, vmo, 0,
			RT_PAGE_SIZE, &at) ||
	    zx_vmar_unmap(rt_boot.root_vmar, at, RT_PAGE_SIZE))
		die("map");
}

static void make_event(void)
{
	zx_handle_t made;

	zx_event_create(0, &made);
	zx_handle_close(made);
}

static void wake(void)
{
	zx_futex_wake(&word, 1);
}

static void ask_thread(void)
{
	uint64_t message = 0;
	uint32_t size;

	if (zx_channel_write(echo[0], 0, &message, sizeof(message), NULL, 0) ||
	    zx_object_wait_one(echo[0], ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, NULL) ||
	    zx_channel_read(echo[0], 0, &message, NULL, sizeof(message), 0, &size, NULL))
		die("round trip");
}

static void answer(void *arg)
{
	uint64_t message;
	uint32_t size;

	(void)arg;
	while (!zx_object_wait_one(echo[1], ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, NULL) &&
	       !zx_channel_read(echo[1], 0, &message, NULL, sizeof(message), 0, &size, NULL))
		zx_channel_write(echo[1], 0, &message, sizeof(message), NULL, 0);
}

static void ask_process(void)
{
	int64_t got;

	if (rt_child__ask(&child, RT_CHILD_PEEK, child.data, &got))
		die("round trip between processes");
}

static void set_up(void)
{
	if (zx_event_create(0, &event) || zx_object_signal(event, 0, ZX_EVENT_SIGNALED) ||
	    zx_vmo_create(LARGE, 0, &vmo) || zx_vmo_write(vmo, bytes, 0, LARGE) ||
	    zx_port_create(0, &port) || zx_channel_create(0, &channel[0], &channel[1]) ||
	    zx_socket_create(0, &socket[0], &socket[1]) || zx_channel_create(0, &echo[0], &echo[1]) ||
	    rt_thread__start(&echo_thread, "echo", answer, NULL) ||
	    rt_child__create(&child, rt_boot.job, "echo") || rt_child__start(&child))
		die("set-up");
}

/* One is started, and the others wait in a call, as most threads do most of the time. */
static void start_sleepers(void)
{
	static struct rt_child sleeper;
	zx_handle_t thread;

	for (int i = 0; i < PROCESSES; i++) {
		if (rt_child__create(&sleeper, rt_boot.job, "load") || rt_child__start(&sleeper))
			die("processes");
		for (int j = 1; j < THREADS; j++)
			if (rt_child__add_thread(&sleeper, "load", &thread))
				die("threads");
	}
}

static void load(void)
{
	zx_handle_t pair[2];

	for (int i = 0; i < HANDLES; i++)
		if (zx_event_create(0, &pair[0]))
			die("handles");
	for (int i = 0; i < CHANNELS; i++)
		if (zx_channel_create(0, &pair[0], &pair[1]) ||
		    zx_channel_write(pair[0], 0, bytes, SMALL, NULL, 0))
			die("channels");
	start_sleepers();
}

int main(int argc, char **argv)
{
	set_up();
	if (argc > 1 && !strcmp(argv[1], "loaded"))
		load();
	report("object_wait_one", wait_signalled);
	report("object_signal", signal);
	report("channel_64", channel_small);
	report_slow("channel_64k", channel_large);
	report("socket_64", socket_small);
	report("port", port_packet);
	report("vmo_read_4k", read_page);
	report("vmo_write_4k", write_page);
	report_slow("vmar_map", map_page);
	report("event_create", make_event);
	report("futex_wake", wake);
	report_slow("round_trip_threads", ask_thread);
	report_slow("round_trip_processes", ask_process);
	return 0;
}
