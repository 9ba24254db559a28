/* Virtual interrupts, waited for and bound to ports. */
#include <zircon/eras.h>
#include <zircon/syscalls/next.h>
#include <zircon/syscalls/port.h>

#include "compat/core/interrupt.h"
#include "compat/core/resource.h"
#include "tests/core/core_fixture.h"

static zx_handle_t make(void)
{
	zx_handle_t *out = user_new(zx_handle_t);

	assert_int_equal(sys_interrupt_create(fx.self, 0, 0, ZX_INTERRUPT_VIRTUAL, UADDR(out)),
			 ZX_OK);
	return *out;
}

static zx_handle_t make_port(uint32_t options)
{
	zx_handle_t *out = user_new(zx_handle_t);

	assert_int_equal(sys_port_create(fx.self, options, UADDR(out)), ZX_OK);
	return *out;
}

static zx_status_t trigger(zx_handle_t handle, zx_time_t timestamp)
{
	return sys_interrupt_trigger(fx.self, handle, 0, timestamp);
}

static zx_status_t wait(zx_handle_t handle, zx_time_t *timestamp)
{
	zx_time_t *out = user_new(zx_time_t);
	zx_status_t status = sys_interrupt_wait(fx.self, handle, UADDR(out));

	*timestamp = *out;
	return status;
}

static zx_port_packet_t next_packet(zx_handle_t port)
{
	zx_port_packet_t *packet = user_new(zx_port_packet_t);

	assert_int_equal(sys_port_wait(fx.self, port, 0, UADDR(packet)), ZX_OK);
	return *packet;
}

static void assert_packet(zx_handle_t port, uint64_t key, zx_time_t timestamp)
{
	zx_port_packet_t packet = next_packet(port);

	assert_int_equal(packet.type, ZX_PKT_TYPE_INTERRUPT);
	assert_int_equal(packet.key, key);
	assert_int_equal(packet.status, ZX_OK);
	assert_int_equal(packet.interrupt.timestamp, timestamp);
}

static void assert_no_packet(zx_handle_t port)
{
	assert_int_equal(sys_port_wait(fx.self, port, 0, UADDR(user_scratch())), ZX_ERR_TIMED_OUT);
}

static void create_checks(void **state)
{
	zx_handle_t *out = user_new(zx_handle_t);
	struct resource *root = resource__create_all(RESOURCE_ROOT, RESOURCE_FORM_2020, "root");
	zx_handle_t resource = fixture__handle(&root->object, ZX_DEFAULT_RESOURCE_RIGHTS);

	(void)state;
	assert_int_equal(sys_interrupt_create(fx.self, 0, 1, 0, UADDR(out)), ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_interrupt_create(fx.self, make(), 1, 0, UADDR(out)),
			 ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_interrupt_create(fx.self, resource, 1, 0, UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_interrupt_create(fx.self, 0, 0, ZX_INTERRUPT_VIRTUAL |
					      ZX_INTERRUPT_MODE_EDGE_LOW, UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_interrupt_create(fx.self, 0, 0, ZX_INTERRUPT_VIRTUAL |
					      ZX_INTERRUPT_WAKE_VECTOR, UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_interrupt_create(fx.self, 0, 0, ZX_INTERRUPT_VIRTUAL,
					      FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_interrupt_create(fx.self, 0, 0, ZX_INTERRUPT_VIRTUAL |
					      ZX_INTERRUPT_TIMESTAMP_MONO, UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(sys_interrupt_create(fx.self, 0, 0, ZX_INTERRUPT_VIRTUAL |
					      ZX_INTERRUPT_TIMESTAMP_MONO, UADDR(out)),
			 ZX_OK);
	/* One that wakes the machine wants the resource even when virtual. */
	assert_int_equal(sys_interrupt_create(fx.self, 0, 0, ZX_INTERRUPT_VIRTUAL |
					      ZX_INTERRUPT_WAKE_VECTOR, UADDR(out)),
			 ZX_ERR_BAD_HANDLE);
}

static void rights_are_asked_for(void **state)
{
	zx_handle_t interrupt = make();
	zx_handle_t port = make_port(ZX_PORT_BIND_TO_INTERRUPT);
	zx_handle_t plain = make_port(0);
	zx_handle_t weak;

	(void)state;
	object__get(fixture__object(interrupt));
	weak = fixture__handle(fixture__object(interrupt), ZX_RIGHT_NONE);
	assert_int_equal(trigger(weak, 1), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_interrupt_wait(fx.self, weak, 0), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_interrupt_ack(fx.self, weak), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_interrupt_bind(fx.self, weak, port, 0, 0), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_interrupt_bind(fx.self, interrupt, plain, 0, 0), ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_interrupt_bind(fx.self, port, port, 0, 0), ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_interrupt_bind(fx.self, 0, port, 0, 2), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_interrupt_trigger(fx.self, 0, 1, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_interrupt_destroy(fx.self, port), ZX_ERR_WRONG_TYPE);
	/* Only to end it no right is needed. */
	assert_int_equal(sys_interrupt_destroy(fx.self, weak), ZX_OK);
	fixture__set_era(ZXERA_2019_01);
	assert_int_equal(sys_interrupt_bind(fx.self, interrupt, port, 0, 1), ZX_ERR_INVALID_ARGS);
}

static void first_time_counts(void **state)
{
	zx_handle_t interrupt = make();
	zx_time_t timestamp;

	(void)state;
	assert_int_equal(trigger(interrupt, 5), ZX_OK);
	assert_int_equal(trigger(interrupt, 6), ZX_OK);
	assert_int_equal(wait(interrupt, &timestamp), ZX_OK);
	assert_int_equal(timestamp, 5);
	assert_int_equal(trigger(interrupt, 7), ZX_OK);
	assert_int_equal(sys_interrupt_wait(fx.self, interrupt, 0), ZX_OK);
	assert_int_equal(trigger(interrupt, 8), ZX_OK);
	assert_int_equal(sys_interrupt_wait(fx.self, interrupt, FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_interrupt_ack(fx.self, interrupt), ZX_ERR_BAD_STATE);
}

static void wait_body(struct thread *self, void *data)
{
	zx_handle_t *handle = data;

	*handle = (zx_handle_t)sys_interrupt_wait(self, *handle, UADDR(user_scratch()));
}

static void waiter_is_woken(void **state)
{
	zx_handle_t interrupt = make();
	zx_handle_t port = make_port(ZX_PORT_BIND_TO_INTERRUPT);
	zx_handle_t result = interrupt;
	struct runner runner;

	(void)state;
	fixture__run(&runner, wait_body, &result);
	fixture__await_blocked(&runner, ZX_THREAD_STATE_BLOCKED_INTERRUPT);
	assert_int_equal(sys_interrupt_wait(fx.self, interrupt, 0), ZX_ERR_BAD_STATE);
	assert_int_equal(sys_interrupt_bind(fx.self, interrupt, port, 0, 0), ZX_ERR_BAD_STATE);
	assert_int_equal(trigger(interrupt, 42), ZX_OK);
	fixture__join(&runner);
	assert_int_equal(result, ZX_OK);
	assert_int_equal(*(zx_time_t *)user_scratch(), 42);
}

static void waiter_ends_with_the_interrupt(void **state)
{
	zx_handle_t interrupt = make();
	zx_handle_t result = interrupt;
	struct runner runner;

	(void)state;
	fixture__run(&runner, wait_body, &result);
	fixture__await_blocked(&runner, ZX_THREAD_STATE_BLOCKED_INTERRUPT);
	assert_int_equal(sys_interrupt_destroy(fx.self, interrupt), ZX_OK);
	fixture__join(&runner);
	assert_int_equal((zx_status_t)result, ZX_ERR_CANCELED);
	assert_int_equal(trigger(interrupt, 1), ZX_ERR_CANCELED);
	assert_int_equal(sys_interrupt_wait(fx.self, interrupt, 0), ZX_ERR_CANCELED);

	result = interrupt = make();
	fixture__run(&runner, wait_body, &result);
	fixture__await_blocked(&runner, ZX_THREAD_STATE_BLOCKED_INTERRUPT);
	fixture__close(interrupt);
	fixture__join(&runner);
	assert_int_equal((zx_status_t)result, ZX_ERR_CANCELED);
}

static void killed_waiter_leaves_it_idle(void **state)
{
	zx_handle_t interrupt = make();
	zx_handle_t result = interrupt;
	struct runner runner;
	zx_time_t timestamp;

	(void)state;
	fixture__run(&runner, wait_body, &result);
	fixture__await_blocked(&runner, ZX_THREAD_STATE_BLOCKED_INTERRUPT);
	thread__kill(runner.thread);
	fixture__join(&runner);
	assert_int_equal((zx_status_t)result, ZX_ERR_INTERNAL_INTR_KILLED);
	assert_int_equal(trigger(interrupt, 3), ZX_OK);
	assert_int_equal(wait(interrupt, &timestamp), ZX_OK);
	assert_int_equal(timestamp, 3);
}

static void packets(void **state)
{
	zx_handle_t interrupt = make();
	zx_handle_t port = make_port(ZX_PORT_BIND_TO_INTERRUPT);
	zx_port_packet_t *user = user_new(zx_port_packet_t);

	(void)state;
	assert_int_equal(sys_interrupt_bind(fx.self, interrupt, port, 9, 0), ZX_OK);
	assert_int_equal(sys_interrupt_bind(fx.self, interrupt, port, 9, 0), ZX_ERR_ALREADY_BOUND);
	assert_int_equal(sys_interrupt_wait(fx.self, interrupt, 0), ZX_ERR_BAD_STATE);
	/* They come before others that were there earlier. */
	user->key = 1;
	assert_int_equal(sys_port_queue(fx.self, port, UADDR(user)), ZX_OK);
	assert_int_equal(trigger(interrupt, 11), ZX_OK);
	assert_int_equal(trigger(interrupt, 12), ZX_OK);
	assert_int_equal(trigger(interrupt, 13), ZX_OK);
	assert_packet(port, 9, 11);
	assert_int_equal(next_packet(port).type, ZX_PKT_TYPE_USER);
	assert_no_packet(port);
	assert_int_equal(sys_interrupt_ack(fx.self, interrupt), ZX_OK);
	assert_packet(port, 9, 12);
	assert_int_equal(sys_interrupt_ack(fx.self, interrupt), ZX_OK);
	assert_no_packet(port);
	assert_int_equal(sys_interrupt_ack(fx.self, interrupt), ZX_OK);
	assert_int_equal(trigger(interrupt, 14), ZX_OK);
	assert_int_equal(trigger(interrupt, 15), ZX_OK);
	assert_int_equal(sys_interrupt_ack(fx.self, interrupt), ZX_ERR_BAD_STATE);
	assert_packet(port, 9, 14);
}

static void unbinding(void **state)
{
	zx_handle_t interrupt = make();
	zx_handle_t port = make_port(ZX_PORT_BIND_TO_INTERRUPT);
	zx_handle_t other = make_port(ZX_PORT_BIND_TO_INTERRUPT);
	zx_time_t timestamp;

	(void)state;
	assert_int_equal(sys_interrupt_bind(fx.self, interrupt, port, 9, ZX_INTERRUPT_UNBIND),
			 ZX_ERR_NOT_FOUND);
	assert_int_equal(sys_interrupt_bind(fx.self, interrupt, port, 9, 0), ZX_OK);
	assert_int_equal(trigger(interrupt, 1), ZX_OK);
	assert_int_equal(sys_interrupt_bind(fx.self, interrupt, other, 9, ZX_INTERRUPT_UNBIND),
			 ZX_ERR_NOT_FOUND);
	assert_int_equal(sys_interrupt_bind(fx.self, interrupt, port, 9, ZX_INTERRUPT_UNBIND),
			 ZX_OK);
	assert_no_packet(port);
	assert_int_equal(trigger(interrupt, 2), ZX_OK);
	assert_int_equal(wait(interrupt, &timestamp), ZX_OK);
	assert_int_equal(timestamp, 2);
	assert_int_equal(sys_interrupt_bind(fx.self, interrupt, other, 9, 0), ZX_OK);
	assert_int_equal(sys_interrupt_destroy(fx.self, interrupt), ZX_ERR_NOT_FOUND);
	assert_int_equal(sys_interrupt_bind(fx.self, interrupt, other, 9, ZX_INTERRUPT_UNBIND),
			 ZX_ERR_CANCELED);
}

static void destroying_a_bound_one(void **state)
{
	zx_handle_t port = make_port(ZX_PORT_BIND_TO_INTERRUPT);
	zx_handle_t interrupt = make();

	(void)state;
	assert_int_equal(sys_interrupt_bind(fx.self, interrupt, port, 9, 0), ZX_OK);
	assert_int_equal(trigger(interrupt, 1), ZX_OK);
	assert_int_equal(sys_interrupt_destroy(fx.self, interrupt), ZX_OK);
	assert_no_packet(port);
	assert_int_equal(sys_interrupt_ack(fx.self, interrupt), ZX_ERR_CANCELED);
	assert_int_equal(sys_interrupt_bind(fx.self, interrupt, port, 9, 0), ZX_ERR_CANCELED);

	interrupt = make();
	assert_int_equal(sys_interrupt_bind(fx.self, interrupt, port, 9, 0), ZX_OK);
	assert_int_equal(trigger(interrupt, 1), ZX_OK);
	assert_packet(port, 9, 1);
	assert_int_equal(sys_interrupt_destroy(fx.self, interrupt), ZX_ERR_NOT_FOUND);
	/* A packet goes with the last handle of its interrupt. */
	interrupt = make();
	assert_int_equal(sys_interrupt_bind(fx.self, interrupt, port, 9, 0), ZX_OK);
	assert_int_equal(trigger(interrupt, 1), ZX_OK);
	fixture__close(interrupt);
	assert_no_packet(port);
}

static void what_came_before(void **state)
{
	zx_handle_t port = make_port(ZX_PORT_BIND_TO_INTERRUPT);
	zx_handle_t interrupt = make();
	zx_time_t timestamp;

	(void)state;
	/* Lost when it is bound, until the newest interface; destroying does not end it then. */
	assert_int_equal(trigger(interrupt, 1), ZX_OK);
	assert_int_equal(sys_interrupt_bind(fx.self, interrupt, port, 9, 0), ZX_OK);
	assert_no_packet(port);
	assert_int_equal(sys_interrupt_destroy(fx.self, interrupt), ZX_OK);
	assert_int_equal(trigger(interrupt, 2), ZX_OK);
	assert_packet(port, 9, 2);

	fixture__set_era(ZXERA_NEWEST);
	interrupt = make();
	assert_int_equal(trigger(interrupt, 3), ZX_OK);
	assert_int_equal(sys_interrupt_bind(fx.self, interrupt, port, 8, 0), ZX_OK);
	assert_packet(port, 8, 3);
	/* One that comes before the acknowledgement by waiting is kept. */
	interrupt = make();
	assert_int_equal(trigger(interrupt, 4), ZX_OK);
	assert_int_equal(wait(interrupt, &timestamp), ZX_OK);
	assert_int_equal(trigger(interrupt, 5), ZX_OK);
	assert_int_equal(wait(interrupt, &timestamp), ZX_OK);
	assert_int_equal(timestamp, 5);
}

static void signals_of_the_newest(void **state)
{
	zx_handle_t old = make();
	zx_handle_t interrupt;
	zx_handle_t port = make_port(ZX_PORT_BIND_TO_INTERRUPT);
	zx_info_interrupt_t *info = user_new(zx_info_interrupt_t);

	(void)state;
	assert_int_equal(fixture__signals(fixture__object(old)), 0);
	fixture__set_era(ZXERA_NEWEST);
	interrupt = make();
	assert_int_equal(sys_object_get_info(fx.self, interrupt, ZX_INFO_INTERRUPT, UADDR(info),
					     sizeof(*info), 0, 0),
			 ZX_OK);
	assert_int_equal(info->options, ZX_INTERRUPT_VIRTUAL);
	assert_int_equal(fixture__signals(fixture__object(interrupt)),
			 ZX_VIRTUAL_INTERRUPT_UNTRIGGERED);
	assert_int_equal(sys_interrupt_bind(fx.self, interrupt, port, 8, 0), ZX_OK);
	assert_int_equal(trigger(interrupt, 1), ZX_OK);
	assert_int_equal(fixture__signals(fixture__object(interrupt)), 0);
	assert_int_equal(trigger(interrupt, 2), ZX_OK);
	next_packet(port);
	assert_int_equal(sys_interrupt_ack(fx.self, interrupt), ZX_OK);
	assert_int_equal(fixture__signals(fixture__object(interrupt)), 0);
	next_packet(port);
	assert_int_equal(sys_interrupt_ack(fx.self, interrupt), ZX_OK);
	assert_int_equal(fixture__signals(fixture__object(interrupt)),
			 ZX_VIRTUAL_INTERRUPT_UNTRIGGERED);
	assert_int_equal(trigger(interrupt, 3), ZX_OK);
	assert_int_equal(sys_interrupt_destroy(fx.self, interrupt), ZX_OK);
	assert_int_equal(fixture__signals(fixture__object(interrupt)),
			 ZX_VIRTUAL_INTERRUPT_UNTRIGGERED);
}

/* --- triggered, told of, bound, unbound and closed at the same time --- */

#define TURNS 3000

struct meeting {
	zx_handle_t interrupt;
	zx_handle_t port;
	uint32_t done;
};

static void trigger_body(struct thread *self, void *data)
{
	struct meeting *meeting = data;

	for (int turn = 0; turn < TURNS; turn++)
		assert_int_equal(sys_interrupt_trigger(self, meeting->interrupt, 0, turn + 1),
				 ZX_OK);
	__atomic_store_n(&meeting->done, 1, __ATOMIC_RELEASE);
}

static void bind_body(struct thread *self, void *data)
{
	struct meeting *meeting = data;

	while (!__atomic_load_n(&meeting->done, __ATOMIC_ACQUIRE)) {
		assert_int_equal(sys_interrupt_bind(self, meeting->interrupt, meeting->port, 4,
						    ZX_INTERRUPT_BIND),
				 ZX_OK);
		assert_int_equal(sys_interrupt_bind(self, meeting->interrupt, meeting->port, 4,
						    ZX_INTERRUPT_UNBIND),
				 ZX_OK);
	}
}

static void calls_that_meet(void **state)
{
	struct meeting meeting = { .port = make_port(ZX_PORT_BIND_TO_INTERRUPT) };
	zx_port_packet_t *packet = user_new(zx_port_packet_t);
	struct runner runners[2];

	(void)state;
	fixture__set_era(ZXERA_NEWEST);
	meeting.interrupt = make();
	fixture__run(&runners[0], trigger_body, &meeting);
	fixture__run(&runners[1], bind_body, &meeting);
	while (!__atomic_load_n(&meeting.done, __ATOMIC_ACQUIRE)) {
		zx_status_t status = sys_port_wait(fx.self, meeting.port, 0, UADDR(packet));

		if (status == ZX_OK)
			assert_int_equal(packet->key, 4);
		/* Bound or not as the other thread has it, and again and again its packet. */
		(void)sys_interrupt_ack(fx.self, meeting.interrupt);
	}
	fixture__join(&runners[0]);
	fixture__join(&runners[1]);
	fixture__close(meeting.interrupt);
	assert_no_packet(meeting.port);
}

static void cycle(void)
{
	zx_handle_t interrupt;
	zx_handle_t port;

	fx.user_used = 0;
	interrupt = make();
	port = make_port(ZX_PORT_BIND_TO_INTERRUPT);
	assert_int_equal(sys_interrupt_bind(fx.self, interrupt, port, 9, 0), ZX_OK);
	assert_int_equal(trigger(interrupt, 1), ZX_OK);
	fixture__close(port);
	fixture__close(interrupt);
}

static void nothing_leaks(void **state)
{
	(void)state;
	fixture__check_leaks(cycle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(create_checks),
		test_case(rights_are_asked_for),
		test_case(first_time_counts),
		test_case(waiter_is_woken),
		test_case(waiter_ends_with_the_interrupt),
		test_case(killed_waiter_leaves_it_idle),
		test_case(packets),
		test_case(unbinding),
		test_case(destroying_a_bound_one),
		test_case(what_came_before),
		test_case(signals_of_the_newest),
		test_case(calls_that_meet),
		test_case(nothing_leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
