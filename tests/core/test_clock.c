/* Clocks. */
#include <zircon/eras.h>
#include <zxabi/clock.h>

#include "compat/core/clock.h"
#include "compat/core/vmar.h"
#include "tests/core/core_fixture.h"

#define V1 ZX_CLOCK_ARGS_VERSION(1)
#define V2 ZX_CLOCK_ARGS_VERSION(2)
#define VALUE ZX_CLOCK_UPDATE_OPTION_VALUE_VALID
#define RATE ZX_CLOCK_UPDATE_OPTION_RATE_ADJUST_VALID
#define BOUND ZX_CLOCK_UPDATE_OPTION_ERROR_BOUND_VALID
#define REFERENCE ZX_CLOCK_UPDATE_OPTION_REFERENCE_VALUE_VALID
#define SECOND 1000000000ll
/* A long time, so that what passes during the test does not matter. */
#define FAR (1000000 * SECOND)

static zx_handle_t make_clock(uint64_t options, zx_time_t backstop)
{
	zx_clock_create_args_v1_t *args = user_scratch();
	zx_handle_t *out = (zx_handle_t *)(args + 1);

	args->backstop_time = backstop;
	assert_int_equal(sys_clock_create(fx.self, options | V1, UADDR(args), UADDR(out)), ZX_OK);
	return *out;
}

static zx_time_t read_clock(zx_handle_t clock)
{
	zx_time_t *now = user_scratch();

	assert_int_equal(sys_clock_read(fx.self, clock, UADDR(now)), ZX_OK);
	return *now;
}

static zx_status_t update(zx_handle_t clock, uint64_t options, int32_t rate, zx_time_t value,
			  uint64_t bound)
{
	zx_clock_update_args_v1_t *args = user_scratch();

	*args = (zx_clock_update_args_v1_t){ .rate_adjust = rate, .value = value,
					     .error_bound = bound };
	return sys_clock_update(fx.self, clock, options | V1, UADDR(args));
}

static zx_status_t update_v2(zx_handle_t clock, uint64_t options, int32_t rate, zx_time_t value,
			     zx_time_t reference)
{
	zx_clock_update_args_v2_t *args = user_scratch();

	*args = (zx_clock_update_args_v2_t){ .rate_adjust = rate, .synthetic_value = value,
					     .reference_value = reference };
	return sys_clock_update(fx.self, clock, options | V2, UADDR(args));
}

static zx_clock_details_v1_t details_of(zx_handle_t clock)
{
	zx_clock_details_v1_t *details = user_scratch();

	assert_int_equal(sys_clock_get_details(fx.self, clock, V1, UADDR(details)), ZX_OK);
	return *details;
}

static zx_handle_t weaker(zx_handle_t clock, zx_rights_t rights)
{
	object__get(fixture__object(clock));
	return fixture__handle(fixture__object(clock), rights);
}

static void assert_near(zx_time_t value, zx_time_t expected)
{
	assert_in_range((uint64_t)value, (uint64_t)expected, (uint64_t)(expected + 100 * SECOND));
}

static void create_checks(void **state)
{
	zx_clock_create_args_v1_t *args = user_new(zx_clock_create_args_v1_t);
	zx_handle_t *out = user_new(zx_handle_t);

	(void)state;
	assert_int_equal(sys_clock_create(fx.self, 0, 0, UADDR(out)), ZX_OK);
	fixture__close(*out);
	assert_int_equal(sys_clock_create(fx.self, 0, UADDR(args), UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_clock_create(fx.self, V2, UADDR(args), UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_clock_create(fx.self, V1, FIXTURE_BAD_ADDR, UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_clock_create(fx.self, ZX_CLOCK_OPT_CONTINUOUS, 0, UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_clock_create(fx.self, 1u << 20, 0, UADDR(out)), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_clock_create(fx.self, ZX_CLOCK_OPT_BOOT, 0, UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	args->backstop_time = -1;
	assert_int_equal(sys_clock_create(fx.self, V1, UADDR(args), UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	args->backstop_time = ZX_TIME_INFINITE;
	assert_int_equal(sys_clock_create(fx.self, V1 | ZX_CLOCK_OPT_AUTO_START, UADDR(args),
					  UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_clock_create(fx.self, 0, 0, FIXTURE_BAD_ADDR), ZX_ERR_INVALID_ARGS);
	assert_int_equal(fx.process->handles.count, 0);
}

static void starting(void **state)
{
	zx_handle_t clock = make_clock(0, 77);
	struct object *object = fixture__object(clock);

	(void)state;
	assert_int_equal(read_clock(clock), 77);
	assert_int_equal(fixture__signals(object), 0);
	assert_int_equal(update(clock, RATE, 0, 0, 0), ZX_ERR_BAD_STATE);
	assert_int_equal(update(clock, BOUND, 0, 0, 5), ZX_ERR_BAD_STATE);
	assert_int_equal(update(clock, VALUE, 0, 76, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(update(clock, VALUE, 0, FAR, 0), ZX_OK);
	assert_int_equal(fixture__signals(object), ZX_CLOCK_STARTED);
	assert_near(read_clock(clock), FAR);
	/* This clock may be set back. */
	assert_int_equal(update(clock, VALUE, 0, 78, 0), ZX_OK);
	assert_near(read_clock(clock), 78);
}

static void auto_start(void **state)
{
	zx_handle_t clock = make_clock(ZX_CLOCK_OPT_AUTO_START, 0);
	zx_time_t before = core_host.clock_monotonic();
	zx_time_t now = read_clock(clock);

	(void)state;
	assert_in_range((uint64_t)now, (uint64_t)before, (uint64_t)core_host.clock_monotonic());
	assert_int_equal(fixture__signals(fixture__object(clock)), ZX_CLOCK_STARTED);
}

static void rates(void **state)
{
	zx_handle_t clock = make_clock(ZX_CLOCK_OPT_AUTO_START, 0);
	struct clock *object = fixture__object(clock);
	zx_clock_details_v1_t details;

	(void)state;
	assert_int_equal(update(clock, RATE, 1001, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(update(clock, RATE, -1001, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(update(clock, RATE, 1000, 0, 0), ZX_OK);
	details = details_of(clock);
	assert_int_equal(details.mono_to_synthetic.rate.synthetic_ticks, 1001000);
	assert_int_equal(details.mono_to_synthetic.rate.reference_ticks, 1000000);
	/* The line goes on where it was: a bend is no jump. */
	assert_int_equal(details.mono_to_synthetic.reference_offset,
			 details.mono_to_synthetic.synthetic_offset);
	/* A million seconds later it is a thousand ahead, to the nanosecond. */
	object->line.reference_offset = core_host.clock_monotonic() - 1000000 * SECOND;
	object->line.synthetic_offset = 0;
	assert_near(read_clock(clock), 1001000 * SECOND);
}

/* Times before the line's origin round down like all others. */
static void rounding(void **state)
{
	zx_handle_t handle = make_clock(0, 0);
	struct clock *clock = fixture__object(handle);

	(void)state;
	clock->line = (zx_clock_transformation_t){
		.reference_offset = ZX_TIME_INFINITE, .synthetic_offset = 0,
		.rate = { .synthetic_ticks = 999999, .reference_ticks = 1000000 },
	};
	assert_true(read_clock(handle) < 0);
	/* What does not fit stays at the end of what does. */
	clock->line.reference_offset = ZX_TIME_INFINITE_PAST;
	clock->line.synthetic_offset = ZX_TIME_INFINITE;
	assert_int_equal(read_clock(handle), ZX_TIME_INFINITE);
	clock->line.reference_offset = ZX_TIME_INFINITE;
	clock->line.synthetic_offset = ZX_TIME_INFINITE_PAST;
	assert_int_equal(read_clock(handle), ZX_TIME_INFINITE_PAST);
}

static void monotonic_clocks(void **state)
{
	zx_handle_t clock = make_clock(ZX_CLOCK_OPT_MONOTONIC, 0);

	(void)state;
	assert_int_equal(update(clock, VALUE, 0, FAR, 0), ZX_OK);
	assert_int_equal(update(clock, VALUE, 0, FAR - SECOND, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(update(clock, VALUE | RATE, -1000, 2 * FAR, 0), ZX_OK);
	assert_near(read_clock(clock), 2 * FAR);
	clock = make_clock(ZX_CLOCK_OPT_MONOTONIC | ZX_CLOCK_OPT_CONTINUOUS, 0);
	assert_int_equal(update(clock, VALUE, 0, FAR, 0), ZX_OK);
	/* A continuous one is set once. */
	assert_int_equal(update(clock, VALUE, 0, 2 * FAR, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(update(clock, RATE, 5, 0, 0), ZX_OK);
}

static void update_checks(void **state)
{
	zx_handle_t clock = make_clock(0, 0);
	void *args = user_alloc(64);

	(void)state;
	assert_int_equal(update(clock, 0, 0, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(update(clock, 1u << 10, 0, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(update(clock, VALUE | REFERENCE, 0, 1, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_clock_update(fx.self, clock, VALUE | V1, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_clock_update(fx.self, clock, VALUE | V1, FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_clock_update(fx.self, clock, VALUE, UADDR(args)), ZX_ERR_INVALID_ARGS);
	assert_int_equal(update_v2(clock, VALUE, 0, 1, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(update(3, VALUE, 0, 1, 0), ZX_ERR_BAD_HANDLE);
	assert_int_equal(update(weaker(clock, ZX_RIGHT_READ), VALUE, 0, 1, 0),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_clock_read(fx.self, weaker(clock, ZX_RIGHT_WRITE), UADDR(args)),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_clock_read(fx.self, clock, FIXTURE_BAD_ADDR), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_clock_adjust(fx.self, clock, ZX_CLOCK_UTC, 1), ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_clock_adjust(fx.self, 3, ZX_CLOCK_UTC, 1), ZX_ERR_BAD_HANDLE);
}

static void second_version(void **state)
{
	zx_handle_t clock;
	zx_time_t now;

	(void)state;
	fixture__set_era(ZXERA_NEWEST);
	clock = make_clock(0, 0);
	now = core_host.clock_monotonic();
	assert_int_equal(update_v2(clock, REFERENCE | BOUND, 0, 0, now), ZX_ERR_INVALID_ARGS);
	/* The value held a while ago. */
	assert_int_equal(update_v2(clock, VALUE | REFERENCE, 0, FAR, now - 1000 * SECOND), ZX_OK);
	assert_near(read_clock(clock), FAR + 1000 * SECOND);
	clock = make_clock(ZX_CLOCK_OPT_MONOTONIC, 0);
	assert_int_equal(update_v2(clock, VALUE, 0, FAR, 0), ZX_OK);
	assert_int_equal(update_v2(clock, VALUE, 0, 2 * FAR, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(update_v2(clock, VALUE | REFERENCE, 0, 2 * FAR, now), ZX_OK);
	assert_int_equal(update_v2(clock, VALUE | REFERENCE, 0, FAR, now), ZX_ERR_INVALID_ARGS);
	assert_int_equal(update_v2(clock, RATE | REFERENCE, 5, 0, now), ZX_ERR_INVALID_ARGS);
	assert_int_equal(update_v2(clock, RATE, 5, 0, 0), ZX_OK);
}

static void details(void **state)
{
	zx_handle_t clock = make_clock(ZX_CLOCK_OPT_MONOTONIC, 5);
	zx_clock_details_v1_t got = details_of(clock);
	void *buffer = user_alloc(sizeof(got));

	(void)state;
	assert_int_equal(got.options, ZX_CLOCK_OPT_MONOTONIC);
	assert_int_equal(got.backstop_time, 5);
	assert_int_equal(got.error_bound, ZX_CLOCK_UNKNOWN_ERROR);
	assert_int_equal(got.generation_counter, 0);
	assert_int_equal(got.mono_to_synthetic.rate.synthetic_ticks, 0);
	assert_int_equal(got.last_value_update_ticks, 0);
	assert_int_equal(update(clock, VALUE | BOUND, 0, FAR, 9), ZX_OK);
	got = details_of(clock);
	assert_int_equal(got.error_bound, 9);
	assert_true(got.generation_counter > 0);
	assert_true(got.last_value_update_ticks > 0);
	assert_int_equal(got.last_value_update_ticks, got.last_error_bounds_update_ticks);
	assert_int_equal(got.last_value_update_ticks, got.last_rate_adjust_update_ticks);
	assert_true(got.query_ticks >= got.last_value_update_ticks);
	assert_memory_equal(&got.ticks_to_synthetic, &got.mono_to_synthetic,
			    sizeof(got.mono_to_synthetic));
	assert_int_equal(sys_clock_get_details(fx.self, clock, 0, UADDR(buffer)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_clock_get_details(fx.self, clock, V1, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_clock_get_details(fx.self, clock, V1, FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_clock_get_details(fx.self, weaker(clock, ZX_RIGHT_WRITE), V1,
					       UADDR(buffer)),
			 ZX_ERR_ACCESS_DENIED);
}

static void wait_for_update(struct thread *self, void *data)
{
	uint32_t observed = 0;

	assert_int_equal(object__wait_one(self, data, NULL, 0, ZX_CLOCK_UPDATED,
					  fixture__after_ms(10000), &observed),
			 ZX_OK);
	assert_int_not_equal(observed & ZX_CLOCK_UPDATED, 0);
}

/* Who waits hears of each update, though the signal does not stay. */
static void updates_are_announced(void **state)
{
	zx_handle_t clock = make_clock(ZX_CLOCK_OPT_AUTO_START, 0);
	struct runner runner;

	(void)state;
	fixture__run(&runner, wait_for_update, fixture__object(clock));
	fixture__await_blocked(&runner, ZX_THREAD_STATE_BLOCKED_WAIT_ONE);
	assert_int_equal(update(clock, BOUND, 0, 0, 1), ZX_OK);
	fixture__join(&runner);
	assert_int_equal(fixture__signals(fixture__object(clock)), ZX_CLOCK_STARTED);
}

static void utc(void **state)
{
	struct clock *clock;

	(void)state;
	assert_int_equal(clock__create_utc(&clock), ZX_OK);
	assert_near(clock__read(clock), core_host.clock_utc() - SECOND);
	assert_int_equal(fixture__signals(&clock->object), ZX_CLOCK_STARTED);
	object__put(&clock->object);
}

static void boot_clocks(void **state)
{
	zx_clock_create_args_v1_t *args = user_new(zx_clock_create_args_v1_t);
	zx_handle_t *out = user_new(zx_handle_t);
	zx_time_t before = core_host.clock_boot();
	zx_handle_t clock;
	zx_time_t now;

	(void)state;
	fixture__set_era(ZXERA_NEWEST);
	clock = make_clock(ZX_CLOCK_OPT_BOOT | ZX_CLOCK_OPT_AUTO_START, 0);
	now = read_clock(clock);
	assert_in_range((uint64_t)now, (uint64_t)before, (uint64_t)core_host.clock_boot());
	assert_true(details_of(clock).query_ticks >= now);
	assert_int_equal(update(clock, RATE, 10, 0, 0), ZX_OK);
	assert_true(details_of(clock).last_rate_adjust_update_ticks >= now);
	/* The backstop is compared with the boot clock too. */
	args->backstop_time = before;
	assert_int_equal(sys_clock_create(fx.self, V1 | ZX_CLOCK_OPT_AUTO_START, UADDR(args),
					  UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	make_clock(ZX_CLOCK_OPT_BOOT | ZX_CLOCK_OPT_AUTO_START, before);
}

static zx_status_t map_clock(zx_handle_t vmar, zx_vm_option_t options, zx_handle_t clock,
			     size_t len)
{
	zx_vaddr_t *addr = user_scratch();

	return sys_vmar_map_clock(fx.self, vmar, options, 0, clock, len, UADDR(addr));
}

static zx_handle_t root_vmar(zx_rights_t rights)
{
	object__get(&fx.process->root_vmar->object);
	return fixture__handle(&fx.process->root_vmar->object, rights);
}

static void mapping_checks(void **state)
{
	const size_t size = ZXABI_CLOCK_SIZE;
	const zx_vm_option_t read = ZX_VM_PERM_READ;
	zx_handle_t vmar = root_vmar(ZX_RIGHT_READ | ZX_RIGHT_WRITE);
	zx_handle_t clock;
	zx_handle_t plain;

	(void)state;
	fixture__set_era(ZXERA_NEWEST);
	clock = make_clock(ZX_CLOCK_OPT_MAPPABLE, 0);
	plain = make_clock(0, 0);
	assert_int_equal(fixture__rights(clock) & ~fixture__rights(plain), ZX_RIGHT_MAP);
	/* Options and size come before handles, the clock before the region. */
	assert_int_equal(map_clock(3, read | ZX_VM_PERM_WRITE, 3, size), ZX_ERR_INVALID_ARGS);
	assert_int_equal(map_clock(3, ZX_VM_PERM_READ_IF_XOM_UNSUPPORTED, 3, size),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(map_clock(3, read, 3, size - 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(map_clock(3, read, 3, size), ZX_ERR_BAD_HANDLE);
	assert_int_equal(map_clock(3, read, vmar, size), ZX_ERR_WRONG_TYPE);
	assert_int_equal(map_clock(3, read, plain, size), ZX_ERR_INVALID_ARGS);
	assert_int_equal(map_clock(clock, read, clock, size), ZX_ERR_WRONG_TYPE);
	assert_int_equal(map_clock(vmar, read, weaker(clock, ZX_RIGHT_READ), size),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(map_clock(vmar, read, weaker(clock, ZX_RIGHT_MAP), size),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(map_clock(root_vmar(ZX_RIGHT_WRITE), read, clock, size),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(map_clock(vmar, read | ZX_VM_FAULT_BEYOND_STREAM_SIZE | ZX_VM_ALLOW_FAULTS,
				   clock, size),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(map_clock(vmar, read, clock, size), ZX_OK);
	assert_int_equal(sys_clock_create(fx.self, ZX_CLOCK_OPT_MAPPABLE, 0, FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
	host_test_fail = ZX_ERR_NO_MEMORY;
	assert_int_equal(sys_clock_create(fx.self, ZX_CLOCK_OPT_MAPPABLE, 0,
					  UADDR(user_scratch())),
			 ZX_ERR_NO_MEMORY);
	host_test_fail = ZX_OK;
}

/* What programs see of a clock follows it, and stays when it is gone. */
static void mapped_state(void **state)
{
	const struct zxabi_clock *mapped;
	zx_handle_t clock;
	struct vmo *vmo;

	(void)state;
	fixture__set_era(ZXERA_NEWEST);
	clock = make_clock(ZX_CLOCK_OPT_MAPPABLE | ZX_CLOCK_OPT_MONOTONIC, 7);
	vmo = ((struct clock *)fixture__object(clock))->vmo;
	mapped = vmo->shared;
	assert_int_equal(vmo->object.koid, ((struct object *)fixture__object(clock))->koid);
	assert_int_equal(mapped->sequence, 2);
	assert_int_equal(details_of(clock).generation_counter, 1);
	assert_int_equal(mapped->options, ZX_CLOCK_OPT_MAPPABLE | ZX_CLOCK_OPT_MONOTONIC);
	assert_int_equal(mapped->backstop, 7);
	assert_int_equal(mapped->line.synthetic_offset, 7);
	assert_int_equal(update(clock, VALUE | BOUND, 0, FAR, 9), ZX_OK);
	assert_int_equal(mapped->sequence, 4);
	assert_int_equal(details_of(clock).generation_counter, 2);
	assert_int_equal(mapped->error_bound, 9);
	assert_near(zxabi_clock__apply(&mapped->line, core_host.clock_monotonic()), FAR);
	object__get(&vmo->object);
	fixture__close(clock);
	assert_int_equal(mapped->error_bound, 9);
	object__put(&vmo->object);
}

static void mapped_size(void **state)
{
	uint64_t *size = user_new(uint64_t);
	zx_handle_t clock;

	(void)state;
	fixture__set_era(ZXERA_NEWEST);
	clock = make_clock(ZX_CLOCK_OPT_MAPPABLE, 0);
	assert_int_equal(sys_object_get_info(fx.self, clock, ZX_INFO_CLOCK_MAPPED_SIZE, UADDR(size),
					     sizeof(*size), 0, 0),
			 ZX_OK);
	assert_int_equal(*size, ZXABI_CLOCK_SIZE);
	assert_int_equal(sys_object_get_info(fx.self, weaker(clock, ZX_RIGHT_READ),
					     ZX_INFO_CLOCK_MAPPED_SIZE, UADDR(size), sizeof(*size),
					     0, 0),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_object_get_info(fx.self, make_clock(0, 0), ZX_INFO_CLOCK_MAPPED_SIZE,
					     UADDR(size), sizeof(*size), 0, 0),
			 ZX_ERR_INVALID_ARGS);
}

/* Said once more, the rate of a clock leaves its line where it is. */
static void same_rate(void **state)
{
	zx_handle_t clock = make_clock(ZX_CLOCK_OPT_AUTO_START, 0);
	zx_clock_details_v1_t before;
	zx_clock_details_v1_t after;

	(void)state;
	assert_int_equal(update(clock, RATE, 5, 0, 0), ZX_OK);
	before = details_of(clock);
	assert_int_equal(update(clock, RATE, 5, 0, 0), ZX_OK);
	after = details_of(clock);
	assert_memory_equal(&before.mono_to_synthetic, &after.mono_to_synthetic,
			    sizeof(before.mono_to_synthetic));
	assert_true(after.last_rate_adjust_update_ticks > before.last_rate_adjust_update_ticks);
}

static void use_clocks(void)
{
	zx_handle_t clock = make_clock(0, 0);

	assert_int_equal(update(clock, VALUE, 0, 1, 0), ZX_OK);
	fixture__close(clock);
	fixture__set_era(ZXERA_NEWEST);
	fixture__close(make_clock(ZX_CLOCK_OPT_MAPPABLE, 0));
	fixture__set_era(ZXERA_2020_07);
}

static void no_leaks(void **state)
{
	(void)state;
	fixture__check_leaks(use_clocks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(create_checks),
		test_case(starting),
		test_case(auto_start),
		test_case(rates),
		test_case(rounding),
		test_case(monotonic_clocks),
		test_case(update_checks),
		test_case(second_version),
		test_case(details),
		test_case(updates_are_announced),
		test_case(utc),
		test_case(boot_clocks),
		test_case(mapping_checks),
		test_case(mapped_state),
		test_case(mapped_size),
		test_case(same_rate),
		test_case(no_leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
