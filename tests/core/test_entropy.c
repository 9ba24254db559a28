/* Bytes that programs add to the source of random numbers. */
#include "tests/core/core_fixture.h"

static void adding(void **state)
{
	char *bytes = user_alloc(ZX_CPRNG_ADD_ENTROPY_MAX_LEN);

	(void)state;
	host_test_entropy = 0;
	assert_int_equal(sys_cprng_add_entropy(fx.self, UADDR(bytes),
					       ZX_CPRNG_ADD_ENTROPY_MAX_LEN + 1),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_cprng_add_entropy(fx.self, FIXTURE_BAD_ADDR, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(host_test_entropy, 0);
	assert_int_equal(sys_cprng_add_entropy(fx.self, UADDR(bytes),
					       ZX_CPRNG_ADD_ENTROPY_MAX_LEN),
			 ZX_OK);
	assert_int_equal(host_test_entropy, ZX_CPRNG_ADD_ENTROPY_MAX_LEN);
	assert_int_equal(sys_cprng_add_entropy(fx.self, 0, 0), ZX_OK);
	host_test_fail = ZX_ERR_IO;
	assert_int_equal(sys_cprng_add_entropy(fx.self, UADDR(bytes), 1), ZX_ERR_NOT_SUPPORTED);
	host_test_fail = ZX_OK;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(adding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
