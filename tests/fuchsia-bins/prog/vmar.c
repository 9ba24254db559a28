/* Address regions: mapping, protecting, unmapping, regions within regions. */
#include "check.h"
#include "string.h"

#include <zircon/errors.h>
#include <zircon/rights.h>

#define PAGE ((size_t)RT_PAGE_SIZE)
#define READ_WRITE (ZX_VM_PERM_READ | ZX_VM_PERM_WRITE)
#define CAN_ALL (ZX_VM_CAN_MAP_READ | ZX_VM_CAN_MAP_WRITE | ZX_VM_CAN_MAP_SPECIFIC)

static zx_handle_t make_vmo(uint64_t size)
{
	zx_handle_t vmo = ZX_HANDLE_INVALID;

	CHECK_OK(zx_vmo_create(size, 0, &vmo));
	return vmo;
}

static void map_and_unmap(void)
{
	zx_handle_t vmo = make_vmo(4 * PAGE);
	zx_vaddr_t first = 0, second = 0;
	volatile uint8_t *a, *b;
	uint8_t byte = 0;

	REQUIRE_OK(zx_vmar_map(rt_boot.root_vmar, READ_WRITE, 0, vmo, 0, 4 * PAGE, &first));
	REQUIRE_OK(zx_vmar_map(rt_boot.root_vmar, ZX_VM_PERM_READ, 0, vmo, PAGE, 2 * PAGE,
			       &second));
	CHECK_EQ(first % PAGE, 0);
	a = (volatile uint8_t *)first;
	b = (volatile uint8_t *)second;
	/* Two views of one object, and the calls that read and write it. */
	a[PAGE] = 7;
	CHECK_EQ(b[0], 7);
	CHECK_OK(zx_vmo_read(vmo, &byte, PAGE, 1));
	CHECK_EQ(byte, 7);
	byte = 8;
	CHECK_OK(zx_vmo_write(vmo, &byte, 2 * PAGE, 1));
	CHECK_EQ(a[2 * PAGE], 8);
	CHECK_EQ(b[PAGE], 8);
	/* The mapping stays without the handle. */
	zx_handle_close(vmo);
	a[0] = 1;
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, second, 2 * PAGE));
	/* From the middle of a mapping: what lies around it stays. */
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, first + PAGE, PAGE));
	CHECK_EQ(a[0], 1);
	CHECK_EQ(a[2 * PAGE], 8);
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, first, PAGE));
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, first + 2 * PAGE, 2 * PAGE));
}

/* What a mapping shows may lie anywhere, also where no memory object could reach. */
static void far_offset(void)
{
	zx_handle_t vmo = make_vmo(PAGE);
	zx_vaddr_t at = 0;

	for (uint64_t offset = 1ull << 62; offset; offset <<= 1) {
		REQUIRE_OK(zx_vmar_map(rt_boot.root_vmar, READ_WRITE, 0, vmo, offset - 2 * PAGE,
				       PAGE, &at));
		CHECK_OK(zx_vmar_protect(rt_boot.root_vmar, ZX_VM_PERM_READ, at, PAGE));
		CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, at, PAGE));
	}
	REQUIRE_OK(zx_vmar_map(rt_boot.root_vmar, READ_WRITE, 0, vmo, -2 * PAGE, PAGE, &at));
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, at, PAGE));
	zx_handle_close(vmo);
}

static void protection(void)
{
	zx_handle_t vmo = make_vmo(3 * PAGE), less;
	zx_vaddr_t at = 0;
	volatile uint8_t *bytes;

	REQUIRE_OK(zx_vmar_map(rt_boot.root_vmar, ZX_VM_PERM_READ, 0, vmo, 0, 3 * PAGE, &at));
	bytes = (volatile uint8_t *)at;
	CHECK_OK(zx_vmar_protect(rt_boot.root_vmar, READ_WRITE, at + PAGE, PAGE));
	bytes[PAGE] = 5;
	CHECK_OK(zx_vmar_protect(rt_boot.root_vmar, ZX_VM_PERM_READ, at, 3 * PAGE));
	CHECK_EQ(bytes[PAGE], 5);
	CHECK_EQ(bytes[0], 0);
	CHECK_STATUS(zx_vmar_protect(rt_boot.root_vmar, ZX_VM_PERM_WRITE, at, PAGE),
		     ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_vmar_protect(rt_boot.root_vmar, ZX_VM_PERM_READ, at + 1, PAGE),
		     ZX_ERR_INVALID_ARGS);
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, at, 3 * PAGE));
	CHECK_STATUS(zx_vmar_protect(rt_boot.root_vmar, ZX_VM_PERM_READ, at, PAGE),
		     ZX_ERR_NOT_FOUND);

	/* Never more than the handle allowed at mapping. */
	REQUIRE_OK(zx_handle_replace(vmo, ZX_RIGHT_READ | ZX_RIGHT_MAP, &less));
	CHECK_STATUS(zx_vmar_map(rt_boot.root_vmar, READ_WRITE, 0, less, 0, PAGE, &at),
		     ZX_ERR_ACCESS_DENIED);
	REQUIRE_OK(zx_vmar_map(rt_boot.root_vmar, ZX_VM_PERM_READ, 0, less, 0, PAGE, &at));
	CHECK_STATUS(zx_vmar_protect(rt_boot.root_vmar, READ_WRITE, at, PAGE),
		     ZX_ERR_ACCESS_DENIED);
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, at, PAGE));
	zx_handle_close(less);
}

static void bad_arguments(void)
{
	zx_handle_t vmo = make_vmo(PAGE), less;
	zx_vaddr_t at;

	CHECK_STATUS(zx_vmar_map(rt_boot.root_vmar, READ_WRITE, 0, vmo, 0, 0, &at),
		     ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_vmar_map(rt_boot.root_vmar, READ_WRITE, 0, vmo, 1, PAGE, &at),
		     ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_vmar_map(rt_boot.root_vmar, ZX_VM_PERM_WRITE, 0, vmo, 0, PAGE, &at),
		     ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_vmar_map(rt_boot.root_vmar, READ_WRITE | ZX_VM_CAN_MAP_READ, 0, vmo, 0,
				 PAGE, &at),
		     ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_vmar_map(vmo, READ_WRITE, 0, vmo, 0, PAGE, &at), ZX_ERR_WRONG_TYPE);
	CHECK_STATUS(zx_vmar_unmap(rt_boot.root_vmar, 0x1001, PAGE), ZX_ERR_INVALID_ARGS);
	REQUIRE_OK(zx_handle_replace(vmo, ZX_RIGHT_READ | ZX_RIGHT_WRITE, &less));
	CHECK_STATUS(zx_vmar_map(rt_boot.root_vmar, ZX_VM_PERM_READ, 0, less, 0, PAGE, &at),
		     ZX_ERR_ACCESS_DENIED);
	zx_handle_close(less);
}

static void regions(void)
{
	zx_handle_t vmo = make_vmo(8 * PAGE), child, grandchild;
	zx_vaddr_t base = 0, at = 0, inner = 0;
	zx_info_vmar_t info = { 0 };

	REQUIRE_OK(zx_vmar_allocate(rt_boot.root_vmar, CAN_ALL, 0, 8 * PAGE, &child, &base));
	CHECK_OK(zx_object_get_info(child, ZX_INFO_VMAR, &info, sizeof(info), NULL, NULL));
	CHECK_EQ(info.base, base);
	CHECK_EQ(info.len, 8 * PAGE);
	REQUIRE_OK(zx_vmar_map(child, READ_WRITE | ZX_VM_SPECIFIC, 2 * PAGE, vmo, 0, PAGE, &at));
	CHECK_EQ(at, base + 2 * PAGE);
	*(volatile uint8_t *)at = 3;
	/* The place is taken, unless what is there may be replaced. */
	CHECK_EITHER(zx_vmar_map(child, READ_WRITE | ZX_VM_SPECIFIC, 2 * PAGE, vmo, 0, PAGE, &at),
		     ZX_ERR_ALREADY_EXISTS, ZX_ERR_NO_MEMORY);
	CHECK_OK(zx_vmar_map(child, READ_WRITE | ZX_VM_SPECIFIC_OVERWRITE, PAGE, vmo, 4 * PAGE,
			     3 * PAGE, &at));
	CHECK_EQ(*(volatile uint8_t *)(base + 2 * PAGE), 0);
	CHECK_STATUS(zx_vmar_map(child, READ_WRITE | ZX_VM_SPECIFIC, 8 * PAGE, vmo, 0, PAGE, &at),
		     ZX_ERR_INVALID_ARGS);

	REQUIRE_OK(zx_vmar_allocate(child, ZX_VM_CAN_MAP_READ | ZX_VM_SPECIFIC, 6 * PAGE, 2 * PAGE,
				    &grandchild, &inner));
	CHECK_EQ(inner, base + 6 * PAGE);
	CHECK_STATUS(zx_vmar_map(grandchild, READ_WRITE, 0, vmo, 0, PAGE, &at),
		     ZX_ERR_ACCESS_DENIED);
	CHECK_STATUS(zx_vmar_map(grandchild, ZX_VM_PERM_READ | ZX_VM_SPECIFIC, 0, vmo, 0, PAGE,
				 &at),
		     ZX_ERR_ACCESS_DENIED);
	REQUIRE_OK(zx_vmar_map(grandchild, ZX_VM_PERM_READ, 0, vmo, 0, PAGE, &at));
	CHECK(at >= inner && at < inner + 2 * PAGE);
	/* A region is unmapped as a whole or not at all. */
	CHECK_STATUS(zx_vmar_unmap(child, inner, PAGE), ZX_ERR_INVALID_ARGS);
	CHECK_OK(zx_vmar_unmap(child, inner, 2 * PAGE));
	CHECK_STATUS(zx_vmar_map(grandchild, ZX_VM_PERM_READ, 0, vmo, 0, PAGE, &at),
		     ZX_ERR_BAD_STATE);
	CHECK_OK(zx_vmar_destroy(child));
	CHECK_STATUS(zx_vmar_map(child, ZX_VM_PERM_READ, 0, vmo, 0, PAGE, &at), ZX_ERR_BAD_STATE);
	zx_handle_close(grandchild);
	zx_handle_close(child);
	zx_handle_close(vmo);
}

/* Destroying a region takes its address range free again, and its mappings with it. */
static void destroy_frees(void)
{
	zx_handle_t vmo = make_vmo(PAGE), child;
	zx_vaddr_t base = 0, at = 0;
	zx_info_vmar_t root = { 0 };

	CHECK_OK(zx_object_get_info(rt_boot.root_vmar, ZX_INFO_VMAR, &root, sizeof(root), NULL,
				    NULL));
	REQUIRE_OK(zx_vmar_allocate(rt_boot.root_vmar, CAN_ALL, 0, 16 * PAGE, &child, &base));
	CHECK_OK(zx_vmar_map(child, READ_WRITE, 0, vmo, 0, PAGE, &at));
	CHECK_OK(zx_vmar_destroy(child));
	CHECK_OK(zx_vmar_map(rt_boot.root_vmar, READ_WRITE | ZX_VM_SPECIFIC, base - root.base, vmo,
			     0, PAGE, &at));
	CHECK_EQ(at, base);
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, at, PAGE));
	zx_handle_close(child);
	zx_handle_close(vmo);
}

static void decommit(void)
{
	zx_handle_t vmo = make_vmo(2 * PAGE);
	volatile uint8_t *bytes;
	zx_vaddr_t at = 0;

	REQUIRE_OK(zx_vmar_map(rt_boot.root_vmar, READ_WRITE, 0, vmo, 0, 2 * PAGE, &at));
	bytes = (volatile uint8_t *)at;
	bytes[0] = 1;
	bytes[PAGE] = 2;
	CHECK_OK(zx_vmar_op_range(rt_boot.root_vmar, ZX_VMAR_OP_DECOMMIT, at, PAGE, NULL, 0));
	CHECK_EQ(bytes[0], 0);
	CHECK_EQ(bytes[PAGE], 2);
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, at, 2 * PAGE));
	zx_handle_close(vmo);
}

static void alignment(void)
{
	zx_handle_t vmo = make_vmo(PAGE), child;
	zx_vaddr_t at = 0;

	REQUIRE_OK(zx_vmar_map(rt_boot.root_vmar, ZX_VM_PERM_READ | ZX_VM_ALIGN_2MB, 0, vmo, 0,
			       PAGE, &at));
	CHECK_EQ(at % (2 << 20), 0);
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, at, PAGE));
	REQUIRE_OK(zx_vmar_allocate(rt_boot.root_vmar, CAN_ALL | ZX_VM_ALIGN_64KB, 0, PAGE, &child,
				    &at));
	CHECK_EQ(at % 65536, 0);
	CHECK_OK(zx_vmar_destroy(child));
	zx_handle_close(child);
	zx_handle_close(vmo);
}

/* Code that the program makes itself: mov $42, %eax; ret. */
static void executable(void)
{
	static const uint8_t code[] = { 0xb8, 42, 0, 0, 0, 0xc3 };
	zx_handle_t vmo = make_vmo(PAGE), with;
	zx_vaddr_t at = 0;

	CHECK_OK(zx_vmo_write(vmo, code, 0, sizeof(code)));
	CHECK_STATUS(zx_vmar_map(rt_boot.root_vmar, ZX_VM_PERM_READ | ZX_VM_PERM_EXECUTE, 0, vmo, 0,
				 PAGE, &at),
		     ZX_ERR_ACCESS_DENIED);
	REQUIRE_OK(zx_vmo_replace_as_executable(vmo, ZX_HANDLE_INVALID, &with));
	CHECK_STATUS(zx_handle_close(vmo), ZX_ERR_BAD_HANDLE);
	REQUIRE_OK(zx_vmar_map(rt_boot.root_vmar, ZX_VM_PERM_READ | ZX_VM_PERM_EXECUTE, 0, with, 0,
			       PAGE, &at));
	CHECK_EQ(((int (*)(void))at)(), 42);
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, at, PAGE));
	zx_handle_close(with);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(map_and_unmap);
	RUN(far_offset);
	RUN(protection);
	RUN(bad_arguments);
	RUN(regions);
	RUN(destroy_frees);
	RUN(decommit);
	RUN(alignment);
	RUN(executable);
	return rt_check_result();
}
