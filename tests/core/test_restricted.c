/* The calls on restricted mode that need no state of it. */
#include "tests/core/core_fixture.h"

static zx_handle_t handle_to(struct thread *thread, zx_rights_t rights)
{
	object__get(&thread->object);
	return fixture__handle(&thread->object, rights);
}

static void unbinding(void **state)
{
	(void)state;
	assert_int_equal(sys_restricted_unbind_state(fx.self, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_restricted_unbind_state(fx.self, 0), ZX_OK);
}

static void entering(void **state)
{
	(void)state;
	assert_int_equal(sys_restricted_enter(fx.self, 1, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_restricted_enter(fx.self, 0, UINT64_MAX, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_restricted_enter(fx.self, 0, 0x10000000, 0), ZX_ERR_BAD_STATE);
	assert_int_equal(sys_restricted_bind_state(fx.self, 1, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_restricted_bind_state(fx.self, 0, 0, 0), ZX_ERR_NOT_SUPPORTED);
}

static void sharing(void **state)
{
	char *name = user_new(char);
	zx_handle_t *out = user_new(zx_handle_t);

	(void)state;
	assert_int_equal(sys_event_create(fx.self, 0, UADDR(out)), ZX_OK);
	assert_int_equal(sys_process_create_shared(fx.self, 0, 1, 0, 0, 0, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_process_create_shared(fx.self, 0, 0, FIXTURE_BAD_ADDR, 1, 0, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_process_create_shared(fx.self, 0, 0, UADDR(name), 1, 0, 0),
			 ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_process_create_shared(fx.self, *out, 0, UADDR(name), 1, 0, 0),
			 ZX_ERR_WRONG_TYPE);
}

static void nothing(struct thread *self, void *data)
{
	(void)self;
	(void)data;
}

static void kicking(void **state)
{
	zx_handle_t self = handle_to(fx.self, ZX_RIGHT_MANAGE_THREAD);
	zx_handle_t *out = user_new(zx_handle_t);
	struct runner runner;
	zx_handle_t dead;

	(void)state;
	assert_int_equal(sys_restricted_kick(fx.self, 0, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_restricted_kick(fx.self, 0, 0), ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_restricted_kick(fx.self, handle_to(fx.self, 0), 0),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_event_create(fx.self, 0, UADDR(out)), ZX_OK);
	assert_int_equal(sys_restricted_kick(fx.self, *out, 0), ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_restricted_kick(fx.self, self, 0), ZX_OK);
	fixture__run(&runner, nothing, NULL);
	dead = handle_to(runner.thread, ZX_RIGHT_MANAGE_THREAD);
	fixture__join(&runner);
	assert_int_equal(sys_restricted_kick(fx.self, dead, 0), ZX_ERR_BAD_STATE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(unbinding),
		test_case(entering),
		test_case(sharing),
		test_case(kicking),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
