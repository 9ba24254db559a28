/* The calls on handles: close, duplicate, replace. */
#include <zircon/syscalls/exception.h>

#include "compat/core/event.h"
#include "compat/core/eventpair.h"
#include "tests/core/core_fixture.h"

#define RIGHTS (ZX_RIGHTS_BASIC | ZX_RIGHT_SIGNAL)

static zx_handle_t make_event(zx_rights_t rights)
{
	return fixture__handle(event__create(), rights);
}

static void close_one(void **state)
{
	zx_handle_t event = make_event(RIGHTS);

	(void)state;
	assert_int_equal(sys_handle_close(fx.self, ZX_HANDLE_INVALID), ZX_OK);
	assert_int_equal(sys_handle_check_valid(fx.self, event), ZX_OK);
	assert_int_equal(sys_handle_close(fx.self, event), ZX_OK);
	assert_int_equal(sys_handle_close(fx.self, event), ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_handle_check_valid(fx.self, event), ZX_ERR_NOT_FOUND);
	assert_int_equal(sys_handle_check_valid(fx.self, ZX_HANDLE_INVALID), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_handle_check_valid(fx.self, event & ~1u), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_handle_check_valid(fx.self, event & ~2u), ZX_ERR_OUT_OF_RANGE);
	/* Values have their two low bits set. */
	assert_int_equal(event & 3, 3);
	assert_int_equal(sys_handle_close(fx.self, make_event(RIGHTS) & ~1u), ZX_ERR_BAD_HANDLE);
}

/* More than are copied at a time, among them none, a bad one and one that comes twice. */
static void close_many(void **state)
{
	zx_handle_t *values = user_alloc(200 * sizeof(*values));

	(void)state;
	for (int i = 0; i < 200; i++)
		values[i] = make_event(RIGHTS);
	assert_int_equal(sys_handle_close_many(fx.self, UADDR(values), 100), ZX_OK);
	assert_int_equal(fx.process->handles.count, 100);
	values[100] = ZX_HANDLE_INVALID;
	values[101] = values[102];
	assert_int_equal(sys_handle_close_many(fx.self, UADDR(&values[100]), 100),
			 ZX_ERR_BAD_HANDLE);
	/* The two whose values were overwritten are left. */
	assert_int_equal(fx.process->handles.count, 2);
	assert_int_equal(sys_handle_close_many(fx.self, FIXTURE_BAD_ADDR, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_handle_close_many(fx.self, FIXTURE_BAD_ADDR, 0), ZX_OK);
}

static void duplicate(void **state)
{
	zx_handle_t event = make_event(RIGHTS);
	zx_handle_t *out = user_new(zx_handle_t);

	(void)state;
	assert_int_equal(sys_handle_duplicate(fx.self, event, ZX_RIGHT_SAME_RIGHTS, UADDR(out)),
			 ZX_OK);
	assert_int_equal(fixture__rights(*out), RIGHTS);
	assert_int_not_equal(*out, event);
	assert_ptr_equal(fixture__object(*out), fixture__object(event));
	assert_int_equal(sys_handle_duplicate(fx.self, event, ZX_RIGHT_WAIT, UADDR(out)), ZX_OK);
	assert_int_equal(fixture__rights(*out), ZX_RIGHT_WAIT);
	assert_int_equal(sys_handle_duplicate(fx.self, *out, ZX_RIGHT_WAIT, UADDR(out)),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_handle_duplicate(fx.self, event, ZX_RIGHT_READ, UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_handle_duplicate(fx.self, 3, ZX_RIGHT_SAME_RIGHTS, UADDR(out)),
			 ZX_ERR_BAD_HANDLE);
}

static void duplicate_that_fails_leaves_nothing(void **state)
{
	zx_handle_t event = make_event(RIGHTS);

	(void)state;
	assert_int_equal(sys_handle_duplicate(fx.self, event, ZX_RIGHT_SAME_RIGHTS,
					      FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(fx.process->handles.count, 1);
	assert_int_equal(((struct object *)fixture__object(event))->handles, 1);
}

/* In the newest interface it stays, and the program is told that it has lost it. */
static void lost(void **state)
{
	zx_handle_t *out = user_scratch();

	(void)state;
	fixture__set_era(ZXERA_2021_01);
	assert_int_equal(sys_event_create(fx.self, 0, FIXTURE_BAD_ADDR), ZX_ERR_INVALID_ARGS);
	assert_int_equal(fx.process->handles.count, 0);
	assert_int_equal(fx.self->noted, 0);

	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(sys_event_create(fx.self, 0, FIXTURE_BAD_ADDR), ZX_ERR_INVALID_ARGS);
	assert_int_equal(fx.process->handles.count, 1);
	assert_int_equal(fx.self->noted, ZX_EXCP_POLICY_ERROR);
	assert_int_equal(fx.self->noted_code, ZX_EXCP_POLICY_CODE_HANDLE_LEAK);
	fx.self->noted = 0;
	assert_int_equal(sys_eventpair_create(fx.self, 0, FIXTURE_BAD_ADDR, UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(fx.process->handles.count, 3);
	assert_int_equal(fx.self->noted_code, ZX_EXCP_POLICY_CODE_HANDLE_LEAK);
}

static void replace(void **state)
{
	zx_handle_t event = make_event(RIGHTS);
	struct object *object = fixture__object(event);
	zx_handle_t *out = user_new(zx_handle_t);

	(void)state;
	assert_int_equal(sys_handle_replace(fx.self, event, ZX_RIGHT_SAME_RIGHTS, UADDR(out)),
			 ZX_OK);
	assert_int_equal(sys_handle_check_valid(fx.self, event), ZX_ERR_NOT_FOUND);
	assert_ptr_equal(fixture__object(*out), object);
	/* The right to duplicate is not asked for. */
	assert_int_equal(sys_handle_replace(fx.self, *out, ZX_RIGHT_WAIT, UADDR(out)), ZX_OK);
	assert_int_equal(sys_handle_replace(fx.self, *out, ZX_RIGHT_SAME_RIGHTS, UADDR(out)),
			 ZX_OK);
	assert_int_equal(fixture__rights(*out), ZX_RIGHT_WAIT);
	/* Failing or not, the old handle is used up. */
	assert_int_equal(sys_handle_replace(fx.self, *out, RIGHTS, UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(fx.process->handles.count, 0);
	assert_int_equal(sys_handle_replace(fx.self, *out, RIGHTS, UADDR(out)), ZX_ERR_BAD_HANDLE);
	event = make_event(RIGHTS);
	assert_int_equal(sys_handle_replace(fx.self, event, ZX_RIGHT_SAME_RIGHTS, FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(fx.process->handles.count, 0);
}

/* The object never goes without a handle meanwhile: its peer hears of nothing. */
static void replace_keeps_the_object_open(void **state)
{
	zx_handle_t *out = user_alloc(2 * sizeof(*out));
	struct object *peer;

	(void)state;
	assert_int_equal(sys_eventpair_create(fx.self, 0, UADDR(&out[0]), UADDR(&out[1])), ZX_OK);
	peer = fixture__object(out[1]);
	assert_int_equal(sys_handle_replace(fx.self, out[0], ZX_RIGHT_SAME_RIGHTS, UADDR(out)),
			 ZX_OK);
	assert_int_equal(fixture__signals(peer), 0);
	assert_int_equal(sys_handle_close(fx.self, out[0]), ZX_OK);
	assert_int_equal(fixture__signals(peer), ZX_EVENTPAIR_PEER_CLOSED);
}

static void cookies(void **state)
{
	zx_handle_t event = make_event(RIGHTS);
	zx_handle_t scope = make_event(RIGHTS);
	zx_handle_t other = make_event(RIGHTS);
	uint64_t *cookie = user_new(uint64_t);

	(void)state;
	fixture__set_era(ZXERA_2018_12);
	assert_int_equal(sys_object_get_cookie(fx.self, event, scope, UADDR(cookie)),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_object_set_cookie(fx.self, event, scope, 7), ZX_OK);
	assert_int_equal(sys_object_set_cookie(fx.self, event, scope, 8), ZX_OK);
	assert_int_equal(sys_object_set_cookie(fx.self, event, other, 9), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_object_get_cookie(fx.self, event, scope, UADDR(cookie)), ZX_OK);
	assert_int_equal(*cookie, 8);
	assert_int_equal(sys_object_get_cookie(fx.self, event, other, UADDR(cookie)),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_object_get_cookie(fx.self, event, 3, UADDR(cookie)),
			 ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_object_get_cookie(fx.self, event, scope, FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
}

static void cookies_of_eventpairs_end_with_the_peer(void **state)
{
	zx_handle_t *out = user_alloc(2 * sizeof(*out));
	zx_handle_t scope = make_event(RIGHTS);
	uint64_t *cookie = user_new(uint64_t);
	struct object *job = &core_root->root_job->object;

	(void)state;
	assert_int_equal(sys_eventpair_create(fx.self, 0, UADDR(&out[0]), UADDR(&out[1])), ZX_OK);
	assert_int_equal(sys_object_set_cookie(fx.self, out[0], scope, 7), ZX_OK);
	assert_int_equal(sys_handle_close(fx.self, out[1]), ZX_OK);
	assert_int_equal(sys_object_get_cookie(fx.self, out[0], scope, UADDR(cookie)),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_object_set_cookie(fx.self, out[0], scope, 7), ZX_ERR_ACCESS_DENIED);
	/* Most objects have none. */
	object__get(job);
	assert_int_equal(sys_object_set_cookie(fx.self, fixture__handle(job, RIGHTS), scope, 7),
			 ZX_ERR_NOT_SUPPORTED);
}

static void use_handles(void)
{
	zx_handle_t *out = user_scratch();
	zx_handle_t event = make_event(RIGHTS);

	assert_int_equal(sys_handle_duplicate(fx.self, event, ZX_RIGHT_WAIT, UADDR(out)), ZX_OK);
	assert_int_equal(sys_handle_replace(fx.self, event, ZX_RIGHT_SAME_RIGHTS, UADDR(out + 1)),
			 ZX_OK);
	assert_int_equal(sys_handle_close_many(fx.self, UADDR(out), 2), ZX_OK);
}

static void no_leaks(void **state)
{
	(void)state;
	fixture__check_leaks(use_handles);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(close_one),
		test_case(close_many),
		test_case(duplicate),
		test_case(duplicate_that_fails_leaves_nothing),
		test_case(lost),
		test_case(replace),
		test_case(replace_keeps_the_object_open),
		test_case(cookies),
		test_case(cookies_of_eventpairs_end_with_the_peer),
		test_case(no_leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
