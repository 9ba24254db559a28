/* The table of eras. */
#include <zircon/eras.h>
#include <zircon/syscalls/object.h>

#include "tests/core/core_fixture.h"

static uint32_t era_of(const char *date)
{
	uint32_t era = ZXERA_COUNT;

	assert_true(era__from_date(date, &era));
	return era;
}

static void dates(void **state)
{
	(void)state;
	for (uint32_t era = 0; era < ZXERA_COUNT; era++)
		assert_int_equal(era_of(era_traits[era].date), era);
	/* The newest that is not later; before the first, the first. */
	assert_int_equal(era_of("2018-01"), ZXERA_2018_07);
	assert_int_equal(era_of("2018-09"), ZXERA_2018_07);
	assert_int_equal(era_of("2018-11"), ZXERA_2018_10);
	assert_int_equal(era_of("2019-12"), ZXERA_2019_01);
	assert_int_equal(era_of("2020-12"), ZXERA_2020_07);
	assert_int_equal(era_of("2035-12"), ZXERA_2021_01);
}

static void no_dates(void **state)
{
	static const char *const texts[] = {
		"", "2018", "2018-7", "2018-13", "2018-00", "18-07", "2018/07",
		"2018-07x", "2018-07-01", "newestx", "newes", "old", "20a8-07",
	};
	uint32_t era;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_false(era__from_date(texts[i], &era));
}

/* A row that somebody forgot to fill in would show here. */
static void rows_are_complete(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < ZXERA_COUNT; i++) {
		const struct era_traits *era = era__of(i);

		assert_true(era->wait_many_max >= 16);
		assert_true(era->retcode_kill && era->retcode_policy && era->retcode_exception &&
			    era->retcode_critical);
		assert_true(era->job_no_processes && era->job_no_jobs);
		assert_true(era->right_info && era->right_job_create &&
			    era->right_process_create && era->right_thread_create &&
			    era->right_thread_start);
		assert_true(era->vmo_create_options && era->vmo_child_options && era->vm_options &&
			    era->vmo_op_last);
		assert_true(era->policy_max && era->properties && era->info_last);
		assert_true(era->no_mapping != ZX_OK);
	}
}

static void default_rights(void **state)
{
	(void)state;
	assert_int_equal(era__default_rights(ZXERA_2018_07, ZX_OBJ_TYPE_CHANNEL),
			 ZX_DEFAULT_CHANNEL_RIGHTS_201810);
	assert_int_equal(era__default_rights(ZXERA_2018_12, ZX_OBJ_TYPE_CHANNEL),
			 ZX_DEFAULT_CHANNEL_RIGHTS);
	assert_int_equal(era__default_rights(ZXERA_2018_10, ZX_OBJ_TYPE_EVENT),
			 ZX_DEFAULT_EVENT_RIGHTS_201810);
	assert_int_equal(era__default_rights(ZXERA_2018_10, ZX_OBJ_TYPE_EVENTPAIR),
			 ZX_DEFAULT_EVENTPAIR_RIGHTS_201810);
	assert_int_equal(era__default_rights(ZXERA_2018_10, ZX_OBJ_TYPE_TIMER),
			 ZX_DEFAULT_TIMERS_RIGHTS_201810);
	assert_int_equal(era__default_rights(ZXERA_2018_07, ZX_OBJ_TYPE_SOCKET),
			 ZX_DEFAULT_SOCKET_RIGHTS_201807);
	assert_int_equal(era__default_rights(ZXERA_2018_10, ZX_OBJ_TYPE_SOCKET),
			 ZX_DEFAULT_SOCKET_RIGHTS);
	assert_int_equal(era__default_rights(ZXERA_NEWEST, ZX_OBJ_TYPE_SOCKET),
			 ZX_DEFAULT_SOCKET_RIGHTS_NEWEST);
	assert_int_equal(era__default_rights(ZXERA_2018_07, ZX_OBJ_TYPE_JOB),
			 ZX_DEFAULT_JOB_RIGHTS_201810);
	assert_int_equal(era__default_rights(ZXERA_2019_01, ZX_OBJ_TYPE_JOB),
			 ZX_DEFAULT_JOB_RIGHTS_2018);
	assert_int_equal(era__default_rights(ZXERA_2020_07, ZX_OBJ_TYPE_JOB),
			 ZX_DEFAULT_JOB_RIGHTS);
	assert_int_equal(era__default_rights(ZXERA_2018_10, ZX_OBJ_TYPE_PROCESS),
			 ZX_DEFAULT_PROCESS_RIGHTS_201810);
	assert_int_equal(era__default_rights(ZXERA_2018_12, ZX_OBJ_TYPE_VMO),
			 ZX_DEFAULT_VMO_RIGHTS_2018);
	assert_int_equal(era__default_rights(ZXERA_2020_07, ZX_OBJ_TYPE_VMO),
			 ZX_DEFAULT_VMO_RIGHTS);
	assert_int_equal(era__default_rights(ZXERA_NEWEST, ZX_OBJ_TYPE_VMAR),
			 ZX_DEFAULT_VMAR_RIGHTS_NEWEST);
	assert_int_equal(era__default_rights(ZXERA_NEWEST, ZX_OBJ_TYPE_CLOCK),
			 ZX_DEFAULT_CLOCK_RIGHTS_NEWEST);
	assert_int_equal(era__default_rights(ZXERA_2020_07, ZX_OBJ_TYPE_CLOCK),
			 ZX_DEFAULT_CLOCK_RIGHTS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates),
		cmocka_unit_test(no_dates),
		cmocka_unit_test(rows_are_complete),
		cmocka_unit_test(default_rights),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
