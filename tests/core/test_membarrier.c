/* Barriers on the threads of a process: what the host is asked for, and where it cannot. */
#include "tests/core/core_fixture.h"

static void asks_the_host(void **state)
{
	(void)state;
	memset(host_test_synced, 0, sizeof(host_test_synced));
	sys_membarrier_sync_process_data(fx.self);
	assert_int_equal(host_test_synced[0], 1);
	assert_int_equal(host_test_synced[1], 0);
	sys_membarrier_sync_process_insn(fx.self);
	assert_int_equal(host_test_synced[0], 1);
	assert_int_equal(host_test_synced[1], 1);
	assert_int_equal(fx.process->state, PROCESS_RUNNING);
}

/* The call cannot fail, so a program must not go on. */
static void ends_the_process_where_it_cannot(void **state)
{
	(void)state;
	host_test_fail = ZX_ERR_INTERNAL;
	sys_membarrier_sync_process_data(fx.self);
	host_test_fail = ZX_OK;
	assert_int_equal(fx.process->return_code, ZX_TASK_RETCODE_EXCEPTION_KILL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(asks_the_host),
		test_case(ends_the_process_where_it_cannot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
