/* The calls on VMARs: rights, options, and what a failure leaves. */
#include "tests/core/vmar_tools.h"

static void map_and_unmap(void **state)
{
	zx_handle_t vmar = root_vmar(RWX);
	zx_handle_t vmo = make_vmo(2, ZX_DEFAULT_VMO_RIGHTS);
	zx_vaddr_t addr;

	(void)state;
	assert_int_equal(map(vmar, READ_WRITE, 0, vmo, PAGES(1) + 1, &addr), ZX_OK);
	assert_int_equal(prot_at(addr), MAPPED(HOST_PROT_READ | HOST_PROT_WRITE));
	assert_int_equal(prot_at(addr + PAGES(1)), MAPPED(HOST_PROT_READ | HOST_PROT_WRITE));
	assert_int_equal(prot_at(addr + PAGES(2)), 0);
	/* The handle may go: mappings keep the memory. */
	fixture__close(vmo);
	assert_int_equal(sys_vmar_protect(fx.self, vmar, ZX_VM_PERM_READ, addr, PAGES(1)), ZX_OK);
	assert_int_equal(prot_at(addr), MAPPED(HOST_PROT_READ));
	assert_int_equal(sys_vmar_unmap(fx.self, vmar, addr, PAGES(1)), ZX_OK);
	assert_int_equal(prot_at(addr), 0);
	assert_int_equal(prot_at(addr + PAGES(1)), MAPPED(HOST_PROT_READ | HOST_PROT_WRITE));
	assert_int_equal(sys_vmar_unmap(fx.self, vmar, addr + 1, PAGES(1)), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmar_unmap(fx.self, vmar, addr, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmar_unmap(fx.self, 3, addr, PAGES(1)), ZX_ERR_BAD_HANDLE);
}

static void map_handle_errors(void **state)
{
	zx_handle_t vmar = root_vmar(RWX);
	zx_handle_t vmo = make_vmo(1, ZX_DEFAULT_VMO_RIGHTS);
	zx_vaddr_t addr;

	(void)state;
	assert_int_equal(map(3, READ_WRITE, 0, vmo, PAGES(1), &addr), ZX_ERR_BAD_HANDLE);
	assert_int_equal(map(vmar, READ_WRITE, 0, 3, PAGES(1), &addr), ZX_ERR_BAD_HANDLE);
	assert_int_equal(map(vmo, READ_WRITE, 0, vmo, PAGES(1), &addr), ZX_ERR_WRONG_TYPE);
	assert_int_equal(map(vmar, READ_WRITE, 0, vmar, PAGES(1), &addr), ZX_ERR_WRONG_TYPE);
	assert_int_equal(map(vmar, 0, 0, make_vmo(1, ZX_RIGHT_READ), PAGES(1), &addr),
			 ZX_ERR_ACCESS_DENIED);
}

/* What both handles allow is what can be mapped, and what the mapping may become. */
static void map_rights(void **state)
{
	zx_handle_t all = root_vmar(RWX);
	zx_handle_t vmo = make_vmo(1, ZX_RIGHT_MAP | ZX_RIGHT_READ | ZX_RIGHT_WRITE);
	zx_vaddr_t addr;

	(void)state;
	assert_int_equal(map(all, ZX_VM_PERM_READ | ZX_VM_PERM_EXECUTE, 0, vmo, PAGES(1), &addr),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(map(root_vmar(ZX_RIGHT_READ), READ_WRITE, 0, vmo, PAGES(1), &addr),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(map(root_vmar(0), ZX_VM_PERM_READ, 0, vmo, PAGES(1), &addr),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(map(root_vmar(ZX_RIGHT_READ), ZX_VM_PERM_READ, 0, vmo, PAGES(1), &addr),
			 ZX_OK);
	/* The VMAR's handle of that time had no right to write. */
	assert_int_equal(sys_vmar_protect(fx.self, all, READ_WRITE, addr, PAGES(1)),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(map(all, ZX_VM_PERM_READ, 0, vmo, PAGES(1), &addr), ZX_OK);
	assert_int_equal(sys_vmar_protect(fx.self, all, READ_WRITE, addr, PAGES(1)), ZX_OK);
	assert_int_equal(sys_vmar_protect(fx.self, root_vmar(ZX_RIGHT_READ), READ_WRITE, addr,
					  PAGES(1)),
			 ZX_ERR_ACCESS_DENIED);
}

static void map_options(void **state)
{
	zx_handle_t vmar = root_vmar(RWX);
	zx_handle_t vmo = make_vmo(1, ZX_DEFAULT_VMO_RIGHTS);
	zx_vaddr_t addr;

	(void)state;
	assert_int_equal(map(vmar, ZX_VM_PERM_WRITE, 0, vmo, PAGES(1), &addr),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(map(vmar, ZX_VM_CAN_MAP_READ, 0, vmo, PAGES(1), &addr),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(map(vmar, ZX_VM_COMPACT, 0, vmo, PAGES(1), &addr), ZX_ERR_INVALID_ARGS);
	assert_int_equal(map(vmar, ZX_VM_CAN_MAP_SPECIFIC, 0, vmo, PAGES(1), &addr),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(map(vmar, ZX_VM_MAP_RANGE | ZX_VM_SPECIFIC_OVERWRITE, 0, vmo, PAGES(1),
			     &addr),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(map(vmar, ZX_VM_PERM_READ, PAGES(1), vmo, PAGES(1), &addr),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(map(vmar, ZX_VM_PERM_READ, 0, vmo, 0, &addr), ZX_ERR_INVALID_ARGS);
	assert_int_equal(map(vmar, ZX_VM_PERM_READ | 1u << 14, 0, vmo, PAGES(1), &addr),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(map(vmar, ZX_VM_PERM_READ | 9u << ZX_VM_ALIGN_BASE, 0, vmo, PAGES(1),
			     &addr),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(map(vmar, ZX_VM_PERM_READ | 33u << ZX_VM_ALIGN_BASE, 0, vmo, PAGES(1),
			     &addr),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(map(vmar, ZX_VM_PERM_READ | ZX_VM_ALIGN_4GB, 0, vmo, PAGES(1), &addr),
			 ZX_OK);
	assert_int_equal(addr & 0xffffffffu, 0);
	assert_int_equal(map(vmar, ZX_VM_PERM_READ | ZX_VM_MAP_RANGE, 0, vmo, PAGES(1), &addr),
			 ZX_OK);
}

static void options_by_era(void **state)
{
	zx_handle_t vmar = root_vmar(RWX);
	zx_handle_t vmo = make_vmo(1, ZX_DEFAULT_VMO_RIGHTS);
	zx_handle_t run = make_vmo(1, ZX_DEFAULT_VMO_RIGHTS | ZX_RIGHT_EXECUTE);
	zx_vaddr_t addr;

	(void)state;
	assert_int_equal(map(vmar, ZX_VM_PERM_READ | ZX_VM_ALLOW_FAULTS, 0, vmo, PAGES(1), &addr),
			 ZX_OK);
	fixture__set_era(ZXERA_2018_12);
	assert_int_equal(map(vmar, ZX_VM_PERM_READ | ZX_VM_ALLOW_FAULTS, 0, vmo, PAGES(1), &addr),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(map(vmar, ZX_VM_PERM_READ | ZX_VM_ALIGN_4GB, 0, vmo, PAGES(1), &addr),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(map(vmar, ZX_VM_PERM_READ | ZX_VM_REQUIRE_NON_RESIZABLE, 0, vmo, PAGES(1),
			     &addr),
			 ZX_OK);
	/* Memory that can be run but not read is not to be had: this option reads as well. */
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(map(vmar, ZX_VM_PERM_EXECUTE | ZX_VM_PERM_READ_IF_XOM_UNSUPPORTED, 0, run,
			     PAGES(1), &addr),
			 ZX_OK);
	assert_int_equal(prot_at(addr), MAPPED(HOST_PROT_READ | HOST_PROT_EXEC));
}

static void map_specific(void **state)
{
	zx_handle_t vmar = root_vmar(RWX);
	zx_handle_t vmo = make_vmo(2, ZX_DEFAULT_VMO_RIGHTS);
	size_t offset = 0x600000000000;
	zx_vaddr_t addr;

	(void)state;
	assert_int_equal(map(vmar, ZX_VM_PERM_READ | ZX_VM_SPECIFIC, offset, vmo, PAGES(2), &addr),
			 ZX_OK);
	assert_int_equal(addr, ASPACE_BASE + offset);
	assert_int_equal(map(vmar, ZX_VM_PERM_READ | ZX_VM_SPECIFIC, offset, vmo, PAGES(1), &addr),
			 ZX_ERR_NO_MEMORY);
	assert_int_equal(map(vmar, READ_WRITE | ZX_VM_SPECIFIC_OVERWRITE, offset, vmo, PAGES(1),
			     &addr),
			 ZX_OK);
	assert_int_equal(prot_at(addr), MAPPED(HOST_PROT_READ | HOST_PROT_WRITE));
	assert_int_equal(prot_at(addr + PAGES(1)), MAPPED(HOST_PROT_READ));
}

static void map_that_fails_leaves_nothing(void **state)
{
	zx_handle_t vmar = root_vmar(RWX);
	zx_handle_t vmo = make_vmo(1, ZX_DEFAULT_VMO_RIGHTS);
	uint32_t before = fx.process->root_vmar->count;
	zx_vaddr_t addr;

	(void)state;
	assert_int_equal(sys_vmar_map(fx.self, vmar, ZX_VM_PERM_READ, 0, vmo, 0, PAGES(1),
				      FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(fx.process->root_vmar->count, before);
	host_test_fail = ZX_ERR_NO_MEMORY;
	assert_int_equal(map(vmar, ZX_VM_PERM_READ, 0, vmo, PAGES(1), &addr), ZX_ERR_NO_MEMORY);
	host_test_fail = ZX_OK;
	assert_int_equal(fx.process->root_vmar->count, before);
}

static void sub_vmars(void **state)
{
	zx_handle_t vmar = root_vmar(RWX);
	zx_handle_t vmo = make_vmo(1, ZX_DEFAULT_VMO_RIGHTS | ZX_RIGHT_EXECUTE);
	struct object *object;
	zx_rights_t rights;
	zx_handle_t child;
	zx_vaddr_t base;
	zx_vaddr_t addr;

	(void)state;
	assert_int_equal(allocate(vmar, ZX_VM_CAN_MAP_READ | ZX_VM_CAN_MAP_SPECIFIC, 0, PAGES(16),
				  &child, &base),
			 ZX_OK);
	assert_int_equal(handle__get_rights(fx.self, child, ZX_OBJ_TYPE_VMAR, 0, &object, &rights),
			 ZX_OK);
	object__put(object);
	assert_int_equal(rights, ZX_DEFAULT_VMAR_RIGHTS | ZX_RIGHT_READ);
	assert_int_equal(map(child, ZX_VM_PERM_READ | ZX_VM_SPECIFIC, PAGES(3), vmo, PAGES(1),
			     &addr),
			 ZX_OK);
	assert_int_equal(addr, base + PAGES(3));
	assert_int_equal(map(child, READ_WRITE, 0, vmo, PAGES(1), &addr), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_vmar_destroy(fx.self, child), ZX_OK);
	assert_int_equal(prot_at(base + PAGES(3)), 0);
	assert_int_equal(sys_vmar_destroy(fx.self, child), ZX_ERR_BAD_STATE);
	assert_int_equal(map(child, ZX_VM_PERM_READ, 0, vmo, PAGES(1), &addr), ZX_ERR_BAD_STATE);
}

static void allocate_errors(void **state)
{
	zx_handle_t vmar = root_vmar(RWX);
	uint32_t before = fx.process->root_vmar->count;
	uint32_t handles = fx.process->handles.count;
	zx_handle_t child;
	zx_vaddr_t base;
	uint64_t *out = user_new(uint64_t);

	(void)state;
	assert_int_equal(allocate(vmar, ZX_VM_PERM_READ, 0, PAGES(1), &child, &base),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(allocate(vmar, ZX_VM_SPECIFIC_OVERWRITE, 0, PAGES(1), &child, &base),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(allocate(vmar, ZX_VM_MAP_RANGE, 0, PAGES(1), &child, &base),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(allocate(vmar, CAN_ALL, 0, 1, &child, &base), ZX_ERR_INVALID_ARGS);
	assert_int_equal(allocate(vmar, CAN_ALL, 0, 0, &child, &base), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmar_allocate(fx.self, vmar, CAN_ALL, 0, PAGES(1), FIXTURE_BAD_ADDR,
					   UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmar_allocate(fx.self, vmar, CAN_ALL, 0, PAGES(1), UADDR(out),
					   FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(fx.process->root_vmar->count, before);
	assert_int_equal(fx.process->handles.count, handles);
	assert_int_equal(allocate(root_vmar(ZX_RIGHT_READ), CAN_ALL, 0, PAGES(1), &child, &base),
			 ZX_ERR_ACCESS_DENIED);
}

static void protect_errors(void **state)
{
	zx_handle_t vmar = root_vmar(RWX);
	zx_handle_t vmo = make_vmo(2, ZX_DEFAULT_VMO_RIGHTS);
	zx_vaddr_t addr;

	(void)state;
	assert_int_equal(map(vmar, ZX_VM_PERM_READ, 0, vmo, PAGES(2), &addr), ZX_OK);
	assert_int_equal(sys_vmar_protect(fx.self, vmar, ZX_VM_PERM_WRITE, addr, PAGES(1)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmar_protect(fx.self, vmar, ZX_VM_PERM_READ | ZX_VM_SPECIFIC, addr,
					  PAGES(1)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmar_protect(fx.self, vmar, ZX_VM_PERM_READ, addr + 1, PAGES(1)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmar_protect(fx.self, vmar, ZX_VM_PERM_READ, addr, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmar_protect(fx.self, vmar, ZX_VM_PERM_READ, addr, PAGES(3)),
			 ZX_ERR_NOT_FOUND);
	assert_int_equal(sys_vmar_protect(fx.self, vmar,
					  ZX_VM_PERM_READ | ZX_VM_PERM_EXECUTE, addr, PAGES(1)),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_vmar_protect(fx.self, vmar, 0, addr, PAGES(2)), ZX_OK);
	assert_int_equal(prot_at(addr), MAPPED(0));
}

static void old_order_of_arguments(void **state)
{
	zx_handle_t vmar = root_vmar(RWX);
	zx_handle_t vmo = make_vmo(1, ZX_DEFAULT_VMO_RIGHTS);
	zx_vaddr_t *addr = user_new(zx_vaddr_t);
	zx_handle_t *child = user_new(zx_handle_t);

	(void)state;
	fixture__set_era(ZXERA_2018_10);
	assert_int_equal(sys_vmar_map_old(fx.self, vmar, 0, vmo, 0, PAGES(1), READ_WRITE,
					  UADDR(addr)),
			 ZX_OK);
	assert_int_equal(sys_vmar_protect_old(fx.self, vmar, *addr, PAGES(1), ZX_VM_PERM_READ),
			 ZX_OK);
	assert_int_equal(prot_at(*addr), MAPPED(HOST_PROT_READ));
	assert_int_equal(sys_vmar_allocate_old(fx.self, vmar, 0, PAGES(1), CAN_ALL, UADDR(child),
					       UADDR(addr)),
			 ZX_OK);
	assert_int_equal(((struct vmar *)fixture__object(*child))->region.base, *addr);
	/* In 2018-07 the plain names had it. */
	fixture__set_era(ZXERA_2018_07);
	assert_int_equal(sys_vmar_map_2018_07(fx.self, vmar, 0, vmo, 0, PAGES(1), READ_WRITE,
					      UADDR(addr)),
			 ZX_OK);
	assert_int_equal(sys_vmar_protect_2018_07(fx.self, vmar, *addr, PAGES(1), ZX_VM_PERM_READ),
			 ZX_OK);
	assert_int_equal(prot_at(*addr), MAPPED(HOST_PROT_READ));
	assert_int_equal(sys_vmar_allocate_2018_07(fx.self, vmar, 0, PAGES(1), CAN_ALL,
						   UADDR(child), UADDR(addr)),
			 ZX_OK);
	assert_int_equal(((struct vmar *)fixture__object(*child))->region.base, *addr);
}

static void discardable_memory(void **state)
{
	zx_handle_t vmar = root_vmar(RWX);
	zx_handle_t vmo = make_vmo(1, ZX_DEFAULT_VMO_RIGHTS);
	zx_vaddr_t addr;

	(void)state;
	((struct vmo *)fixture__object(vmo))->discardable = true;
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(map(vmar, READ_WRITE, 0, vmo, PAGES(1), &addr), ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(map(vmar, READ_WRITE | ZX_VM_ALLOW_FAULTS, 0, vmo, PAGES(1), &addr),
			 ZX_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(map_and_unmap),
		test_case(map_handle_errors),
		test_case(map_rights),
		test_case(map_options),
		test_case(options_by_era),
		test_case(map_specific),
		test_case(map_that_fails_leaves_nothing),
		test_case(sub_vmars),
		test_case(allocate_errors),
		test_case(protect_errors),
		test_case(old_order_of_arguments),
		test_case(discardable_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
