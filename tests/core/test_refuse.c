/* What refused calls say of the handles that they are given. */
#include <zircon/eras.h>
#include <zircon/syscalls/system.h>

#include "compat/core/resource.h"
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

static zx_handle_t make_resource(uint32_t era, uint32_t kind, uint64_t base, uint64_t size)
{
	struct resource_request request = { .kind = kind, .base = base, .size = size };
	struct resource *resource;

	fixture__set_era(era);
	if (kind == RESOURCE_ROOT)
		resource = resource__create_all(kind, era__of(era)->resource_form, "root");
	else
		assert_int_equal(resource__create(&request, &resource), ZX_OK);
	return fixture__handle(&resource->object, ZX_DEFAULT_RESOURCE_RIGHTS);
}

static void another_kind(void **state)
{
	zx_handle_t irq = make_resource(ZXERA_2018_07, RESOURCE_IRQ, 40, 2);

	(void)state;
	assert_int_equal(sys_ktrace_read(fx.self, irq, 0, 0, 0, 0), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_ioports_request(fx.self, irq, 1, 1), ZX_ERR_ACCESS_DENIED);
	fixture__set_era(ZXERA_2018_10);
	assert_int_equal(sys_ktrace_read(fx.self, irq, 0, 0, 0, 0), ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_ioports_request(fx.self, irq, 1, 1), ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_vmo_create_physical(fx.self, irq, 0, 4096, 0), ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_pci_get_nth_device(fx.self, irq, 40, 0, 0), ZX_ERR_WRONG_TYPE);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(sys_pci_get_nth_device(fx.self, irq, 42, 0, 0), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_pci_get_nth_device(fx.self, irq, 41, 0, 0), ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(sys_pci_init(fx.self, irq, 0, 0), ZX_ERR_WRONG_TYPE);
}

static void another_base(void **state)
{
	zx_handle_t power = make_resource(ZXERA_NEWEST, RESOURCE_SYSTEM, ZX_RSRC_SYSTEM_POWER_BASE, 1);
	zx_handle_t mmio = make_resource(ZXERA_NEWEST, RESOURCE_MMIO, 8192, 4096);

	(void)state;
	assert_int_equal(sys_ktrace_read(fx.self, power, 0, 0, 0, 0), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_system_powerctl(fx.self, power, 77, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_system_powerctl(fx.self, power, ZX_SYSTEM_POWERCTL_REBOOT, 0),
			 ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(sys_vmo_create_physical(fx.self, mmio, 0, 4096, 0), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_vmo_create_physical(fx.self, mmio, 8192, 4096, 0),
			 ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(sys_vmo_create_physical(fx.self, mmio, 8193, 4095, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_pci_init(fx.self, mmio, 0, 0), ZX_ERR_INVALID_ARGS);
}

static void with_the_root_resource(void **state)
{
	zx_handle_t root = make_resource(ZXERA_2020_07, RESOURCE_ROOT, 0, 0);
	char *desc = user_alloc(8);

	(void)state;
	assert_int_equal(sys_iommu_create(fx.self, root, 0, UADDR(desc), 4097, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_iommu_create(fx.self, root, 0, FIXTURE_BAD_ADDR, 8, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_iommu_create(fx.self, root, 0, UADDR(desc), 8, 0),
			 ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(sys_ioports_release(fx.self, root, 65535, 2), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_ioports_release(fx.self, root, 65535, 1), ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(sys_framebuffer_get_info(fx.self, root, 0, 0, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_framebuffer_set_range(fx.self, root, root, 0, 0, 0, 0, 0),
			 ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_framebuffer_set_range(fx.self, root, make_vmo(), 0, 0, 0, 0, 0),
			 ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(sys_ktrace_write(fx.self, root, 2048, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_system_powerctl(fx.self, root,
					     ZX_SYSTEM_POWERCTL_ACK_KERNEL_INITIATED_REBOOT, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_system_powerctl(fx.self, root, ZX_SYSTEM_POWERCTL_X86_SET_PKG_PL1,
					     FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
}

static void contiguous_memory(void **state)
{
	(void)state;
	assert_int_equal(sys_vmo_create_contiguous(fx.self, 0, 0, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmo_create_contiguous(fx.self, 0, 1, 11, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmo_create_contiguous(fx.self, 0, 1, 64, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmo_create_contiguous(fx.self, 0, 1, 63, 0), ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_vmo_create_contiguous(fx.self, make_vmo(), 1, 0, 0),
			 ZX_ERR_WRONG_TYPE);
}

static void sampler(void **state)
{
	(void)state;
	assert_int_equal(sys_sampler_create(fx.self, 0, 1, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_sampler_create(fx.self, 0, 0, 0, 0), ZX_ERR_NOT_SUPPORTED);
}

static void restartable_sequence(void **state)
{
	(void)state;
	assert_int_equal(sys_thread_set_rseq(fx.self, ZX_HANDLE_INVALID, 0, 0), ZX_OK);
	assert_int_equal(sys_thread_set_rseq(fx.self, ZX_HANDLE_INVALID, 32, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_thread_set_rseq(fx.self, 1, 8, 32), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_thread_set_rseq(fx.self, 1, 32, 31), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_thread_set_rseq(fx.self, 1, 32, 32), ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_thread_set_rseq(fx.self, make_vmo(), 32, 32), ZX_ERR_NOT_SUPPORTED);
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
		cmocka_unit_test_setup_teardown(another_kind, fixture__setup, fixture__teardown),
		cmocka_unit_test_setup_teardown(another_base, fixture__setup, fixture__teardown),
		cmocka_unit_test_setup_teardown(with_the_root_resource, fixture__setup,
						fixture__teardown),
		cmocka_unit_test_setup_teardown(sampler, fixture__setup, fixture__teardown),
		cmocka_unit_test_setup_teardown(restartable_sequence, fixture__setup,
						fixture__teardown),
		cmocka_unit_test_setup_teardown(contiguous_memory, fixture__setup,
						fixture__teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
