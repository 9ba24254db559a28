/* What refused calls say of the handles that they are given. */
#include "compat/core/vmo.h"
#include "tests/core/core_fixture.h"

static zx_handle_t make_vmo(void)
{
	zx_handle_t *out = user_new(zx_handle_t);

	assert_int_equal(sys_vmo_create(fx.self, 1, 0, UADDR(out)), ZX_OK);
	return *out;
}

static void handle_comes_first(void **state)
{
	(void)state;
	assert_int_equal(core_refuse(fx.self, ZX_HANDLE_INVALID, ZX_ERR_ACCESS_DENIED),
			 ZX_ERR_BAD_HANDLE);
	assert_int_equal(core_refuse(fx.self, 3, ZX_ERR_WRONG_TYPE), ZX_ERR_BAD_HANDLE);
	assert_int_equal(core_refuse(fx.self, make_vmo(), ZX_ERR_ACCESS_DENIED),
			 ZX_ERR_WRONG_TYPE);
	assert_int_equal(core_refuse(fx.self, make_vmo(), ZX_ERR_WRONG_TYPE), ZX_ERR_WRONG_TYPE);
	/* A system that lacks all of it looks at nothing. */
	assert_int_equal(core_refuse(fx.self, ZX_HANDLE_INVALID, ZX_ERR_NOT_SUPPORTED),
			 ZX_ERR_NOT_SUPPORTED);
}

static void handle_is_taken(void **state)
{
	zx_handle_t vmo = make_vmo();

	(void)state;
	assert_int_equal(core_refuse_taken(fx.self, vmo, ZX_ERR_WRONG_TYPE), ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_handle_check_valid(fx.self, vmo), ZX_ERR_NOT_FOUND);
	assert_int_equal(core_refuse_taken(fx.self, vmo, ZX_ERR_WRONG_TYPE), ZX_ERR_BAD_HANDLE);
}

static void power_state(void **state)
{
	uint64_t *value = user_new(uint64_t);
	zx_handle_t *port = user_new(zx_handle_t);

	(void)state;
	assert_int_equal(sys_port_create(fx.self, 0, UADDR(port)), ZX_OK);
	assert_int_equal(sys_system_set_processor_power_state(fx.self, make_vmo(), UADDR(value)),
			 ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_system_set_processor_power_state(fx.self, *port, FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_system_set_processor_power_state(fx.self, *port, UADDR(value)),
			 ZX_ERR_NOT_FOUND);
}

static void bti(void **state)
{
	(void)state;
	assert_int_equal(sys_bti_create(fx.self, ZX_HANDLE_INVALID, 1, 0, FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_bti_create(fx.self, ZX_HANDLE_INVALID, 0, 0, FIXTURE_BAD_ADDR),
			 ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_bti_create(fx.self, make_vmo(), 0, 0, FIXTURE_BAD_ADDR),
			 ZX_ERR_WRONG_TYPE);
}

static void another_kernel(void **state)
{
	(void)state;
	assert_int_equal(sys_system_mexec(fx.self, ZX_HANDLE_INVALID, make_vmo(), make_vmo()),
			 ZX_ERR_NOT_SUPPORTED);
	fixture__set_era(ZXERA_2019_01);
	assert_int_equal(sys_system_mexec(fx.self, ZX_HANDLE_INVALID, make_vmo(), make_vmo()),
			 ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_system_mexec_payload_get(fx.self, make_vmo(), FIXTURE_BAD_ADDR, 8),
			 ZX_ERR_WRONG_TYPE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(handle_comes_first, fixture__setup,
						fixture__teardown),
		cmocka_unit_test_setup_teardown(handle_is_taken, fixture__setup, fixture__teardown),
		cmocka_unit_test_setup_teardown(bti, fixture__setup, fixture__teardown),
		cmocka_unit_test_setup_teardown(another_kernel, fixture__setup, fixture__teardown),
		cmocka_unit_test_setup_teardown(power_state, fixture__setup, fixture__teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
