/* Events, eventpairs, and the signalling calls on them. */
#include "compat/core/event.h"
#include "compat/core/eventpair.h"
#include "tests/core/core_fixture.h"

static zx_handle_t make_event(void)
{
	zx_handle_t *out = user_new(zx_handle_t);

	assert_int_equal(sys_event_create(fx.self, 0, UADDR(out)), ZX_OK);
	return *out;
}

static void make_pair(zx_handle_t *handle0, zx_handle_t *handle1)
{
	zx_handle_t *out = user_alloc(2 * sizeof(*out));

	assert_int_equal(sys_eventpair_create(fx.self, 0, UADDR(&out[0]), UADDR(&out[1])), ZX_OK);
	*handle0 = out[0];
	*handle1 = out[1];
}

static void event_create_checks(void **state)
{
	zx_handle_t *out = user_new(zx_handle_t);

	(void)state;
	assert_int_equal(sys_event_create(fx.self, 1, UADDR(out)), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_event_create(fx.self, 0, FIXTURE_BAD_ADDR), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_eventpair_create(fx.self, 1, UADDR(out), UADDR(out)),
			 ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(sys_eventpair_create(fx.self, 0, UADDR(out), FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(fx.process->handles.count, 0);
}

static void event_signals(void **state)
{
	zx_handle_t event = make_event();
	struct object *object = fixture__object(event);

	(void)state;
	assert_int_equal(fixture__signals(object), 0);
	assert_int_equal(sys_object_signal(fx.self, event, 0, ZX_EVENT_SIGNALED | ZX_USER_SIGNAL_3),
			 ZX_OK);
	assert_int_equal(fixture__signals(object), ZX_EVENT_SIGNALED | ZX_USER_SIGNAL_3);
	/* What is cleared and set at once ends up set. */
	assert_int_equal(sys_object_signal(fx.self, event, ZX_EVENT_SIGNALED | ZX_USER_SIGNAL_3,
					   ZX_USER_SIGNAL_3),
			 ZX_OK);
	assert_int_equal(fixture__signals(object), ZX_USER_SIGNAL_3);
}

static void signal_errors(void **state)
{
	zx_handle_t event = make_event();
	zx_handle_t weak;

	(void)state;
	assert_int_equal(sys_object_signal(fx.self, event, 0, __ZX_OBJECT_READABLE),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_object_signal(fx.self, event, __ZX_OBJECT_PEER_CLOSED, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_object_signal(fx.self, ZX_HANDLE_INVALID, 0, 0), ZX_ERR_BAD_HANDLE);
	object__get(fixture__object(event));
	weak = fixture__handle(fixture__object(event), ZX_RIGHT_WAIT);
	assert_int_equal(sys_object_signal(fx.self, weak, 0, ZX_USER_SIGNAL_0),
			 ZX_ERR_ACCESS_DENIED);
	/* An event's handle has no right for the peer's signals; with it, there is no peer. */
	assert_int_equal(sys_object_signal_peer(fx.self, event, 0, ZX_USER_SIGNAL_0),
			 ZX_ERR_ACCESS_DENIED);
	object__get(fixture__object(event));
	weak = fixture__handle(fixture__object(event), ZX_RIGHT_SIGNAL_PEER);
	assert_int_equal(sys_object_signal_peer(fx.self, weak, 0, ZX_USER_SIGNAL_0),
			 ZX_ERR_NOT_SUPPORTED);
}

static void port_cannot_be_signalled(void **state)
{
	zx_handle_t *out = user_new(zx_handle_t);
	struct object *port;
	zx_handle_t strong;

	(void)state;
	assert_int_equal(sys_port_create(fx.self, 0, UADDR(out)), ZX_OK);
	port = fixture__object(*out);
	object__get(port);
	strong = fixture__handle(port, ZX_RIGHT_SIGNAL);
	assert_int_equal(sys_object_signal(fx.self, strong, 0, ZX_USER_SIGNAL_0),
			 ZX_ERR_NOT_SUPPORTED);
}

static void pair_signals_peer(void **state)
{
	zx_handle_t handle0;
	zx_handle_t handle1;
	struct object *end0;
	struct object *end1;

	(void)state;
	make_pair(&handle0, &handle1);
	end0 = fixture__object(handle0);
	end1 = fixture__object(handle1);
	assert_int_equal(end0->related_koid, end1->koid);
	assert_int_equal(end1->related_koid, end0->koid);
	assert_int_equal(sys_object_signal_peer(fx.self, handle0, 0, ZX_EVENTPAIR_SIGNALED), ZX_OK);
	assert_int_equal(fixture__signals(end0), 0);
	assert_int_equal(fixture__signals(end1), ZX_EVENTPAIR_SIGNALED);
	assert_int_equal(sys_object_signal(fx.self, handle0, 0, ZX_USER_SIGNAL_7), ZX_OK);
	assert_int_equal(fixture__signals(end0), ZX_USER_SIGNAL_7);
	assert_int_equal(sys_object_signal_peer(fx.self, handle0, 0, ZX_EVENTPAIR_PEER_CLOSED),
			 ZX_ERR_INVALID_ARGS);
}

static void pair_peer_closed(void **state)
{
	zx_handle_t handle0;
	zx_handle_t handle1;

	(void)state;
	make_pair(&handle0, &handle1);
	fixture__close(handle1);
	assert_int_equal(fixture__signals(fixture__object(handle0)), ZX_EVENTPAIR_PEER_CLOSED);
	assert_int_equal(sys_object_signal_peer(fx.self, handle0, 0, ZX_USER_SIGNAL_0),
			 ZX_ERR_PEER_CLOSED);
	assert_int_equal(sys_object_signal(fx.self, handle0, 0, ZX_USER_SIGNAL_0), ZX_OK);
}

static void pair_without_handles(void **state)
{
	struct eventpair *end0;
	struct eventpair *end1;

	(void)state;
	assert_int_equal(eventpair__create(&end0, &end1), ZX_OK);
	object__put(&end0->object);
	assert_int_equal(fixture__signals(&end1->object), ZX_EVENTPAIR_PEER_CLOSED);
	object__put(&end1->object);
}

static void cycle(void)
{
	zx_handle_t handle0;
	zx_handle_t handle1;

	make_pair(&handle0, &handle1);
	fixture__close(handle0);
	fixture__close(handle1);
	fixture__close(make_event());
}

static void nothing_leaks(void **state)
{
	(void)state;
	fixture__check_leaks(cycle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(event_create_checks),
		test_case(event_signals),
		test_case(signal_errors),
		test_case(port_cannot_be_signalled),
		test_case(pair_signals_peer),
		test_case(pair_peer_closed),
		test_case(pair_without_handles),
		test_case(nothing_leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
