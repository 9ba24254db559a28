/* zx_clock_create, _read, _get_details. */
#include "clock.h"

#include <zircon/eras.h>

static zx_status_t create(uint64_t options, const void *args)
{
	zx_handle_t clock;
	zx_status_t status = zx_clock_create(options, args, &clock);

	if (status == ZX_OK)
		own(clock);
	return status;
}

static zx_status_t create_at(uint64_t options, zx_time_t backstop)
{
	const zx_clock_create_args_v1_t args = { backstop };

	return create(options | V1, &args);
}

static zx_status_t read(zx_handle_t clock)
{
	zx_time_t now;

	return zx_clock_read(clock, &now);
}

static zx_clock_details_v1_t details_of(zx_handle_t clock)
{
	zx_clock_details_v1_t details;

	EXPECT_OK(zx_clock_get_details(clock, V1, &details));
	return details;
}

static zx_status_t get_details(zx_handle_t clock)
{
	zx_clock_details_v1_t details;

	return zx_clock_get_details(clock, V1, &details);
}

REFUSES(clock_create, ZX_ERR_INVALID_ARGS, unknown_option,
	create(UINT64_C(1) << 30, NULL), .line = "options has")

CHECK_ERROR(clock_create, ZX_ERR_INVALID_ARGS, boot_and_mappable, .line = "options has",
	    .to = ERA_2021_01)
{
	EXPECT_STATUS(create(UINT64_C(1) << 3, NULL), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(create(UINT64_C(1) << 4, NULL), ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(clock_create, ZX_ERR_INVALID_ARGS, unknown_version, .line = "options has")
{
	const zx_clock_create_args_v1_t args = { 0 };

	EXPECT_STATUS(create(ZX_CLOCK_ARGS_VERSION(2), &args), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(create(ZX_CLOCK_ARGS_VERSION(63), &args), ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(clock_create, ZX_ERR_INVALID_ARGS, args_without_version, .line = "args is not NULL")
{
	const zx_clock_create_args_v1_t args = { 0 };

	EXPECT_STATUS(create(0, &args), ZX_ERR_INVALID_ARGS);
}

REFUSES(clock_create, ZX_ERR_INVALID_ARGS, continuous_alone,
	create(ZX_CLOCK_OPT_CONTINUOUS, NULL), .line = "ZX_CLOCK_OPT_CONTINUOUS")
REFUSES(clock_create, ZX_ERR_INVALID_ARGS, negative_backstop,
	create_at(0, -1), .line = "is negative")
REFUSES(clock_create, ZX_ERR_INVALID_ARGS, backstop_ahead,
	create_at(ZX_CLOCK_OPT_AUTO_START, ZX_TIME_INFINITE), .line = "lies ahead")

CHECK_ERROR(clock_create, ZX_ERR_INVALID_ARGS, bad_args, .line = "args or out")
{
	EXPECT_STATUS(create(V1, BAD_POINTER), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(create(V1, NULL), ZX_ERR_INVALID_ARGS);
}

REFUSES(clock_create, ZX_ERR_INVALID_ARGS, bad_out,
	zx_clock_create(0, NULL, BAD_OUT), .line = "args or out")

CHECK(clock_create, rights, .from = ERA_NEWEST)
{
	zx_handle_t clock = make_clock(0);

	EXPECT_EQ(type_of(clock), ZX_OBJ_TYPE_CLOCK);
	EXPECT_EQ(rights_of(clock), ZX_DEFAULT_CLOCK_RIGHTS_NEWEST);
}

CHECK(clock_create, fewer_rights, .to = ERA_2021_01)
{
	EXPECT_EQ(rights_of(make_clock(0)), ZX_RIGHTS_BASIC | ZX_RIGHTS_IO);
}

CHECK(clock_create, does_not_run)
{
	zx_handle_t clock = make_clock(ZX_CLOCK_OPT_MONOTONIC | ZX_CLOCK_OPT_CONTINUOUS);

	EXPECT_SIGNALS(clock, 0);
	EXPECT_EQ(read_clock(clock), 0);
}

CHECK(clock_create, shows_the_backstop_time)
{
	const zx_clock_create_args_v1_t args = { 123456789 };
	zx_handle_t clock;

	EXPECT_OK(zx_clock_create(V1, &args, &clock));
	EXPECT_EQ(read_clock(own(clock)), 123456789);
}

CHECK(clock_create, auto_start)
{
	zx_handle_t clock = make_clock(ZX_CLOCK_OPT_AUTO_START);
	zx_time_t before = zx_clock_get_monotonic();
	zx_time_t now = read_clock(clock);

	EXPECT(now >= before - ROUNDING);
	EXPECT(now <= zx_clock_get_monotonic() + ROUNDING);
	EXPECT_SIGNALS(clock, ZX_CLOCK_STARTED);
}

CHECK(clock_create, boot, .from = ERA_NEWEST)
{
	zx_handle_t clock = make_clock(ZX_CLOCK_OPT_BOOT | ZX_CLOCK_OPT_AUTO_START);
	zx_time_t before = zx_clock_get_boot();
	zx_time_t now = read_clock(clock);

	EXPECT(now >= before - ROUNDING);
	EXPECT(now <= zx_clock_get_boot() + ROUNDING);
}

CHECK(clock_create, mappable_has_the_right, .from = ERA_NEWEST)
{
	EXPECT_EQ(rights_of(make_clock(ZX_CLOCK_OPT_MAPPABLE)),
		  ZX_DEFAULT_CLOCK_RIGHTS_NEWEST | ZX_RIGHT_MAP);
}

CHECK_HANDLE(clock_read, handle, READ, make_clock(0), read(h))

REFUSES(clock_read, ZX_ERR_INVALID_ARGS, bad_now, zx_clock_read(make_clock(0), BAD_POINTER))

CHECK_HANDLE(clock_get_details, handle, READ, make_clock(0), get_details(h))

CHECK_ERROR(clock_get_details, ZX_ERR_INVALID_ARGS, version, .line = "options")
{
	zx_clock_details_v1_t details;

	EXPECT_STATUS(zx_clock_get_details(make_clock(0), 0, &details), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_clock_get_details(make_clock(0), V2, &details), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_clock_get_details(make_clock(0), V1 | 1, &details), ZX_ERR_INVALID_ARGS);
}

REFUSES(clock_get_details, ZX_ERR_INVALID_ARGS, no_details,
	zx_clock_get_details(make_clock(0), V1, NULL), .line = "details is NULL")
REFUSES(clock_get_details, ZX_ERR_INVALID_ARGS, bad_details,
	zx_clock_get_details(make_clock(0), V1, BAD_POINTER), .line = "details is NULL")

CHECK(clock_get_details, options_before_handle)
{
	zx_clock_details_v1_t details;

	EXPECT_STATUS(zx_clock_get_details(ZX_HANDLE_INVALID, 0, &details), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_clock_get_details(ZX_HANDLE_INVALID, V1, NULL), ZX_ERR_INVALID_ARGS);
}

CHECK(clock_get_details, of_a_clock_that_does_not_run)
{
	const zx_clock_create_args_v1_t args = { 55 };
	zx_clock_details_v1_t details;
	zx_handle_t clock;

	EXPECT_OK(zx_clock_create(V1 | ZX_CLOCK_OPT_MONOTONIC, &args, &clock));
	details = details_of(own(clock));
	EXPECT_EQ(details.options & ~ZX_CLOCK_ARGS_VERSION_MASK, ZX_CLOCK_OPT_MONOTONIC);
	EXPECT_EQ(details.backstop_time, 55);
	EXPECT_EQ(details.mono_to_synthetic.synthetic_offset, 55);
	EXPECT_EQ(details.mono_to_synthetic.rate.synthetic_ticks, 0);
	EXPECT_EQ(details.error_bound, ZX_CLOCK_UNKNOWN_ERROR);
	EXPECT_EQ(details.last_value_update_ticks, 0);
	EXPECT_EQ(details.last_rate_adjust_update_ticks, 0);
	EXPECT_EQ(details.last_error_bounds_update_ticks, 0);
}

CHECK(clock_get_details, query_time)
{
	zx_handle_t clock = make_clock(0);
	zx_ticks_t before = zx_ticks_get();
	zx_ticks_t query = details_of(clock).query_ticks;

	EXPECT(query >= before);
	EXPECT(query <= zx_ticks_get());
}

CHECK(clock_get_details, of_an_update)
{
	zx_clock_update_args_v1_t args = { .rate_adjust = -250, .value = 9000, .error_bound = 77 };
	zx_handle_t clock = make_clock(0);
	uint32_t generation = details_of(clock).generation_counter;
	zx_clock_details_v1_t details;
	zx_ticks_t before = zx_ticks_get();

	EXPECT_OK(zx_clock_update(clock, V1 | ZX_CLOCK_UPDATE_OPTIONS_ALL, &args));
	details = details_of(clock);
	EXPECT_EQ(details.mono_to_synthetic.synthetic_offset, 9000);
	EXPECT_EQ(details.ticks_to_synthetic.synthetic_offset, 9000);
	EXPECT_EQ((uint64_t)details.mono_to_synthetic.rate.synthetic_ticks * 1000000,
		  (uint64_t)details.mono_to_synthetic.rate.reference_ticks * 999750);
	EXPECT_EQ(details.error_bound, 77);
	EXPECT(details.last_value_update_ticks >= before);
	EXPECT_EQ(details.last_rate_adjust_update_ticks, details.last_value_update_ticks);
	EXPECT_EQ(details.last_error_bounds_update_ticks, details.last_value_update_ticks);
	EXPECT(details.generation_counter > generation);
}
