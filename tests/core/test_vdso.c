/* The vDSO's code: one executable mapping of exactly that in a process, which stays. */
#include "compat/core/vmar.h"
#include "compat/core/vmo.h"
#include "tests/core/core_fixture.h"

#define PAGES(n) ((n) * 4096ull)
#define RX (ZX_VM_PERM_READ | ZX_VM_PERM_EXECUTE)
#define CAN_ALL                                                                                    \
	(ZX_VM_CAN_MAP_READ | ZX_VM_CAN_MAP_WRITE | ZX_VM_CAN_MAP_EXECUTE | ZX_VM_CAN_MAP_SPECIFIC)
#define CODE_PAGE 1
#define CODE_PAGES 2

/* Two program headers: a page of data, and a code segment of a page and a bit from @offset on. */
static void write_headers(char *file, uint64_t offset)
{
	const uint32_t load = 1;
	const uint32_t read = 4;
	const uint32_t read_execute = 5;
	const uint64_t phoff = 64;
	const uint16_t phnum = 2;
	const uint64_t size = PAGES(1) + 8;
	char *phdr = file + phoff;

	memcpy(file + 32, &phoff, sizeof(phoff));
	memcpy(file + 56, &phnum, sizeof(phnum));
	memcpy(phdr, &load, sizeof(load));
	memcpy(phdr + 4, &read, sizeof(read));
	phdr += 56;
	memcpy(phdr, &load, sizeof(load));
	memcpy(phdr + 4, &read_execute, sizeof(read_execute));
	memcpy(phdr + 8, &offset, sizeof(offset));
	memcpy(phdr + 32, &size, sizeof(size));
}

static zx_handle_t make_vdso(void)
{
	char headers[4096] = { 0 };
	struct vmo *vmo;

	write_headers(headers, PAGES(CODE_PAGE));
	assert_int_equal(vmo__create(PAGES(4), false, &vmo), ZX_OK);
	assert_int_equal(vmo__write(vmo, headers, 0, sizeof(headers)), ZX_OK);
	vmo->sealed = true;
	return fixture__handle(&vmo->object, ZX_RIGHTS_BASIC | ZX_RIGHT_READ | ZX_RIGHT_MAP |
						     ZX_RIGHT_EXECUTE);
}

static zx_handle_t make_vmar(uint64_t *base)
{
	zx_handle_t *out = user_scratch();
	uint64_t *addr = (uint64_t *)(out + 2);
	zx_handle_t root;

	object__get(&fx.process->root_vmar->object);
	root = fixture__handle(&fx.process->root_vmar->object,
			       ZX_DEFAULT_VMAR_RIGHTS | ZX_RIGHT_READ | ZX_RIGHT_WRITE |
				       ZX_RIGHT_EXECUTE);
	assert_int_equal(sys_vmar_allocate(fx.self, root, CAN_ALL, 0, PAGES(64), UADDR(out),
					   UADDR(addr)),
			 ZX_OK);
	*base = *addr;
	return *out;
}

static zx_status_t map(zx_handle_t vmar, zx_handle_t vmo, uint32_t options, uint64_t offset,
		       uint64_t vmo_offset, uint64_t size, uint64_t *addr)
{
	uint64_t *out = user_scratch();
	zx_status_t status;

	status = sys_vmar_map(fx.self, vmar, options, offset, vmo, vmo_offset, size, UADDR(out));
	*addr = *out;
	return status;
}

static void code_is_mapped_once(void **state)
{
	zx_handle_t vdso = make_vdso();
	uint64_t base;
	uint64_t addr;
	zx_handle_t vmar = make_vmar(&base);

	(void)state;
	/* All of the code, and nothing else. */
	assert_int_equal(map(vmar, vdso, RX, 0, 0, PAGES(1), &addr), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(map(vmar, vdso, RX, 0, PAGES(CODE_PAGE), PAGES(1), &addr),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(map(vmar, vdso, RX, 0, 0, PAGES(4), &addr), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(fx.process->vdso_base, 0);
	/* Data as often as one likes. */
	assert_int_equal(map(vmar, vdso, ZX_VM_PERM_READ, 0, 0, PAGES(4), &addr), ZX_OK);
	assert_int_equal(map(vmar, vdso, RX, 0, PAGES(CODE_PAGE), PAGES(CODE_PAGES), &addr),
			 ZX_OK);
	assert_int_equal(fx.process->vdso_base, addr - PAGES(CODE_PAGE));
	assert_int_equal(map(vmar, vdso, RX, 0, PAGES(CODE_PAGE), PAGES(CODE_PAGES), &addr),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(map(vmar, vdso, ZX_VM_PERM_READ, 0, 0, PAGES(4), &addr), ZX_OK);
}

static void code_stays(void **state)
{
	zx_handle_t vdso = make_vdso();
	uint64_t base;
	uint64_t addr;
	uint64_t ignored;
	zx_handle_t vmar = make_vmar(&base);

	(void)state;
	assert_int_equal(map(vmar, vdso, RX | ZX_VM_SPECIFIC, PAGES(8), PAGES(CODE_PAGE),
			     PAGES(CODE_PAGES), &addr),
			 ZX_OK);
	assert_int_equal(sys_vmar_unmap(fx.self, vmar, addr, PAGES(CODE_PAGES)),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_vmar_unmap(fx.self, vmar, addr + PAGES(1), PAGES(1)),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_vmar_unmap(fx.self, vmar, base, PAGES(64)), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_vmar_protect(fx.self, vmar, ZX_VM_PERM_READ, addr, PAGES(CODE_PAGES)),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(map(vmar, vdso, ZX_VM_PERM_READ | ZX_VM_SPECIFIC_OVERWRITE, PAGES(7), 0,
			     PAGES(2), &ignored),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_vmar_destroy(fx.self, vmar), ZX_ERR_ACCESS_DENIED);
	/* Not even a hint, in the newest era. */
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(sys_vmar_op_range(fx.self, vmar, ZX_VMAR_OP_ALWAYS_NEED, addr, PAGES(1), 0,
					   0),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_vmar_op_range(fx.self, vmar, ZX_VMAR_OP_ALWAYS_NEED, base, PAGES(64),
					   0, 0),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_vmar_protect(fx.self, vmar, ZX_VM_PERM_READ, addr, PAGES(CODE_PAGES)),
			 ZX_ERR_ACCESS_DENIED);
	fixture__set_era(ZXERA_2020_07);
	/* What lies beside it may go. */
	assert_int_equal(sys_vmar_unmap(fx.self, vmar, base, PAGES(8)), ZX_OK);
	assert_int_equal(sys_vmar_unmap(fx.self, vmar, addr + PAGES(CODE_PAGES), PAGES(8)), ZX_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(code_is_mapped_once),
		test_case(code_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
