/* VMARs: calls on ranges, and what happens to mappings of children. */
#include "tests/core/vmar_tools.h"

static void op_range(void **state)
{
	zx_handle_t vmar = root_vmar(RWX);
	zx_handle_t vmo = make_vmo(2, ZX_DEFAULT_VMO_RIGHTS);
	struct vmo *memory = fixture__object(vmo);
	zx_vaddr_t addr;
	char byte = 'a';

	(void)state;
	assert_int_equal(map(vmar, READ_WRITE, 0, vmo, PAGES(2), &addr), ZX_OK);
	assert_int_equal(vmo__write(memory, &byte, PAGES(1), 1), ZX_OK);
	assert_int_equal(sys_vmar_op_range(fx.self, vmar, ZX_VMAR_OP_DECOMMIT, addr + PAGES(1), 1,
					   0, 0),
			 ZX_OK);
	assert_int_equal(vmo__read(memory, &byte, PAGES(1), 1), ZX_OK);
	assert_int_equal(byte, 0);
	assert_int_equal(sys_vmar_op_range(fx.self, vmar, ZX_VMAR_OP_MAP_RANGE, addr, PAGES(2), 0,
					   0),
			 ZX_OK);
	assert_int_equal(sys_vmar_op_range(fx.self, vmar, ZX_VMAR_OP_MAP_RANGE, addr, PAGES(3), 0,
					   0),
			 ZX_ERR_BAD_STATE);
	assert_int_equal(sys_vmar_op_range(fx.self, vmar, ZX_VMAR_OP_MAP_RANGE, addr, PAGES(1),
					   UADDR(user_scratch()), 1),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmar_op_range(fx.self, vmar, ZX_VMAR_OP_MAP_RANGE, addr + 1, PAGES(1),
					   0, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmar_op_range(fx.self, vmar, ZX_VMAR_OP_ZERO, addr, PAGES(1), 0, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmar_op_range(fx.self, vmar, 77, addr, PAGES(1), 0, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmar_op_range(fx.self, vmar, ZX_VMAR_OP_MAP_RANGE, 0, PAGES(1), 0, 0),
			 ZX_ERR_OUT_OF_RANGE);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(sys_vmar_op_range(fx.self, vmar, ZX_VMAR_OP_ZERO, addr, PAGES(1), 0, 0),
			 ZX_OK);
	assert_int_equal(sys_vmar_op_range(fx.self, root_vmar(ZX_RIGHT_READ), ZX_VMAR_OP_ZERO, addr,
					   PAGES(1), 0, 0),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_vmar_op_range(fx.self, root_vmar(ZX_RIGHT_WRITE),
					   ZX_VMAR_OP_MAP_RANGE, addr, PAGES(1), 0, 0),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(map(vmar, ZX_VM_PERM_READ, 0, make_vmo(1, ZX_RIGHT_MAP | ZX_RIGHT_READ),
			     PAGES(1), &addr),
			 ZX_OK);
	assert_int_equal(sys_vmar_op_range(fx.self, vmar, ZX_VMAR_OP_ZERO, addr, PAGES(1), 0, 0),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_vmar_op_range(fx.self, vmar, ZX_VMAR_OP_ALWAYS_NEED, addr, PAGES(1), 0,
					   0),
			 ZX_OK);
}

/* From 2022 on there is a right to reach into sub-VMARs. */
static void right_to_reach_children(void **state)
{
	zx_handle_t vmar = root_vmar(RWX);
	struct object *object;
	zx_rights_t rights;
	zx_handle_t child;
	zx_vaddr_t base;

	(void)state;
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(allocate(vmar, CAN_ALL, 0, PAGES(4), &child, &base), ZX_OK);
	assert_int_equal(handle__get_rights(fx.self, child, ZX_OBJ_TYPE_VMAR, 0, &object, &rights),
			 ZX_OK);
	object__put(object);
	assert_int_equal(rights, ZX_DEFAULT_VMAR_RIGHTS | ZX_RIGHT_OP_CHILDREN | RWX);
	assert_int_equal(sys_vmar_unmap(fx.self, vmar, base, PAGES(4)), ZX_ERR_INVALID_ARGS);
	/* What is empty is a gap like any other. */
	assert_int_equal(sys_vmar_op_range(fx.self, vmar, ZX_VMAR_OP_ALWAYS_NEED, base, PAGES(4), 0,
					   0),
			 ZX_ERR_BAD_STATE);
	assert_int_equal(sys_vmar_destroy(fx.self, vmar), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_vmar_destroy(fx.self, root_vmar(ZX_RIGHT_OP_CHILDREN)),
			 ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(sys_vmar_unmap(fx.self, root_vmar(RWX | ZX_RIGHT_OP_CHILDREN), base,
					PAGES(4)),
			 ZX_OK);
	assert_int_equal(sys_vmar_destroy(fx.self, child), ZX_ERR_BAD_STATE);
}

/* A child of three pages in @vmar: read-write, read, and nothing. */
static zx_vaddr_t make_child(zx_handle_t vmar, zx_handle_t *child)
{
	zx_handle_t vmo = make_vmo(2, ZX_DEFAULT_VMO_RIGHTS);
	zx_vaddr_t base;
	zx_vaddr_t addr;

	assert_int_equal(allocate(vmar, CAN_ALL, 0, PAGES(3), child, &base), ZX_OK);
	assert_int_equal(map(*child, READ_WRITE | ZX_VM_SPECIFIC, 0, vmo, PAGES(2), &addr), ZX_OK);
	assert_int_equal(sys_vmar_protect(fx.self, *child, ZX_VM_PERM_READ, base + PAGES(1),
					  PAGES(1)),
			 ZX_OK);
	return base;
}

/* In the newest era a range can reach into regions below, to take access away. */
static void protect_below(void **state)
{
	zx_handle_t deep = root_vmar(RWX | ZX_RIGHT_OP_CHILDREN);
	zx_handle_t flat = root_vmar(RWX);
	zx_handle_t child;
	zx_vaddr_t base;

	(void)state;
	fixture__set_era(ZXERA_NEWEST);
	base = make_child(deep, &child);
	assert_int_equal(sys_vmar_protect(fx.self, flat, ZX_VM_PERM_READ, base, PAGES(2)),
			 ZX_ERR_INVALID_ARGS);
	/* A gap comes before that, where it comes first. */
	assert_int_equal(sys_vmar_protect(fx.self, flat, ZX_VM_PERM_READ, base + PAGES(2),
					  PAGES(1)),
			 ZX_ERR_NOT_FOUND);
	assert_int_equal(sys_vmar_protect(fx.self, deep, ZX_VM_PERM_READ, base, PAGES(3)),
			 ZX_ERR_NOT_FOUND);
	/* The second page can only be read now: from above it stays so. */
	assert_int_equal(sys_vmar_protect(fx.self, deep, READ_WRITE, base, PAGES(2)),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_vmar_protect(fx.self, deep, READ_WRITE, base, PAGES(1)), ZX_OK);
	assert_int_equal(prot_at(base), MAPPED(HOST_PROT_READ | HOST_PROT_WRITE));
	assert_int_equal(sys_vmar_protect(fx.self, deep, ZX_VM_PERM_READ, base, PAGES(2)), ZX_OK);
	assert_int_equal(prot_at(base), MAPPED(HOST_PROT_READ));
	assert_int_equal(sys_vmar_protect(fx.self, deep, 0, base + PAGES(1), PAGES(1)), ZX_OK);
	assert_int_equal(prot_at(base), MAPPED(HOST_PROT_READ));
	assert_int_equal(prot_at(base + PAGES(1)), MAPPED(0));
	/* Its own region can give it back. */
	assert_int_equal(sys_vmar_protect(fx.self, child, READ_WRITE, base, PAGES(2)), ZX_OK);
	assert_int_equal(prot_at(base + PAGES(1)), MAPPED(HOST_PROT_READ | HOST_PROT_WRITE));
	assert_int_equal(sys_vmar_protect(fx.self, child, ZX_VM_PERM_READ | ZX_VM_PERM_EXECUTE,
					  base, PAGES(1)),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_vmar_protect(fx.self, deep, ZX_VM_PERM_READ, base, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmar_destroy(fx.self, child), ZX_OK);
	assert_int_equal(sys_vmar_protect(fx.self, child, ZX_VM_PERM_READ, base, PAGES(1)),
			 ZX_ERR_BAD_STATE);
	fixture__set_era(ZXERA_2021_01);
	base = make_child(deep, &child);
	assert_int_equal(sys_vmar_protect(fx.self, deep, ZX_VM_PERM_READ, base, PAGES(1)),
			 ZX_ERR_INVALID_ARGS);
}

static zx_status_t op(zx_handle_t vmar, uint32_t op, zx_vaddr_t addr, size_t size)
{
	return sys_vmar_op_range(fx.self, vmar, op, addr, size, 0, 0);
}

static void ops_of_the_newest_era(void **state)
{
	zx_handle_t deep = root_vmar(RWX | ZX_RIGHT_OP_CHILDREN);
	zx_handle_t flat = root_vmar(RWX);
	zx_handle_t child;
	zx_vaddr_t base;

	(void)state;
	fixture__set_era(ZXERA_NEWEST);
	base = make_child(deep, &child);
	/* The operation comes first, then the rights of the handle, then the range. */
	assert_int_equal(op(root_vmar(0), 77, base + 1, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(op(root_vmar(ZX_RIGHT_READ), ZX_VMAR_OP_ZERO, base + 1, 0),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(op(root_vmar(ZX_RIGHT_WRITE), ZX_VMAR_OP_MAP_RANGE, base, PAGES(1)),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(op(root_vmar(0), ZX_VMAR_OP_DONT_NEED, base + 1, PAGES(1)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(op(child, ZX_VMAR_OP_ZERO, base, PAGES(4)), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(op(child, ZX_VMAR_OP_ZERO, base, PAGES(3)), ZX_ERR_BAD_STATE);
	assert_int_equal(op(child, ZX_VMAR_OP_COMMIT, base, PAGES(2)), ZX_OK);
	assert_int_equal(op(flat, ZX_VMAR_OP_ZERO, base, PAGES(2)), ZX_ERR_INVALID_ARGS);
	assert_int_equal(op(deep, ZX_VMAR_OP_ZERO, base, PAGES(2)), ZX_OK);
	/* These are for the mapping's own region only. */
	assert_int_equal(op(deep, ZX_VMAR_OP_COMMIT, base, PAGES(2)), ZX_ERR_INVALID_ARGS);
	assert_int_equal(op(deep, ZX_VMAR_OP_DECOMMIT, base, PAGES(2)), ZX_ERR_INVALID_ARGS);
	assert_int_equal(op(deep, ZX_VMAR_OP_PREFETCH, base, PAGES(2)), ZX_ERR_INVALID_ARGS);
	assert_int_equal(op(child, ZX_VMAR_OP_PREFETCH, base, PAGES(2)), ZX_OK);
	assert_int_equal(op(deep, ZX_VMAR_OP_DONT_NEED, base, PAGES(2)), ZX_OK);
}

/* That there is no place was another error before the newest era. */
static void no_place(void **state)
{
	zx_handle_t vmar = root_vmar(RWX);
	zx_handle_t vmo = make_vmo(1, ZX_DEFAULT_VMO_RIGHTS);
	zx_vaddr_t *out = user_new(zx_vaddr_t);
	zx_handle_t child;
	zx_handle_t other;
	zx_vaddr_t addr;

	(void)state;
	assert_int_equal(allocate(vmar, CAN_ALL, 0, PAGES(2), &child, &addr), ZX_OK);
	assert_int_equal(map(child, READ_WRITE | ZX_VM_SPECIFIC, 0, vmo, PAGES(1), &addr), ZX_OK);
	for (uint32_t era = ZXERA_2018_12; era <= ZXERA_NEWEST; era++) {
		bool newest = era == ZXERA_NEWEST;

		fixture__set_era(era);
		assert_int_equal(map(child, READ_WRITE | ZX_VM_SPECIFIC, 0, vmo, PAGES(1), &addr),
				 newest ? ZX_ERR_ALREADY_EXISTS : ZX_ERR_NO_MEMORY);
		assert_int_equal(allocate(child, ZX_VM_CAN_MAP_READ | ZX_VM_SPECIFIC, 0, PAGES(1),
					  &other, &addr),
				 newest ? ZX_ERR_ALREADY_EXISTS : ZX_ERR_NO_MEMORY);
		assert_int_equal(map(child, READ_WRITE, 0, vmo, PAGES(2), &addr),
				 newest ? ZX_ERR_NO_RESOURCES : ZX_ERR_NO_MEMORY);
		assert_int_equal(allocate(child, ZX_VM_CAN_MAP_READ, 0, PAGES(2), &other, &addr),
				 newest ? ZX_ERR_NO_RESOURCES : ZX_ERR_NO_MEMORY);
		assert_int_equal(sys_vmar_map(fx.self, vmar, READ_WRITE, 0, vmo, 0 - PAGES(1),
					      PAGES(2), UADDR(out)),
				 newest ? ZX_ERR_OUT_OF_RANGE : ZX_ERR_INVALID_ARGS);
		assert_int_equal(sys_vmar_map(fx.self, vmar, READ_WRITE, 0, vmo, 0, UINT64_MAX,
					      UADDR(out)),
				 newest ? ZX_ERR_OUT_OF_RANGE : ZX_ERR_INVALID_ARGS);
		assert_int_equal(sys_vmar_map(fx.self, vmar, READ_WRITE, 0, vmo, 1, UINT64_MAX,
					      UADDR(out)),
				 ZX_ERR_INVALID_ARGS);
	}
}

static void unmap_and_exit(void **state)
{
	zx_handle_t vmar = root_vmar(RWX);
	zx_handle_t vmo = make_vmo(1, ZX_DEFAULT_VMO_RIGHTS);
	zx_vaddr_t addr;

	(void)state;
	assert_int_equal(map(vmar, READ_WRITE, 0, vmo, PAGES(1), &addr), ZX_OK);
	assert_int_equal(sys_vmar_unmap_handle_close_thread_exit(fx.self, vmar, addr + 1, PAGES(1),
								 vmo),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(fx.self->killed, 0);
	assert_int_equal(sys_handle_check_valid(fx.self, vmo), ZX_OK);
	assert_int_equal(sys_vmar_unmap_handle_close_thread_exit(fx.self, vmar, addr, PAGES(1),
								 vmo),
			 ZX_ERR_INTERNAL_INTR_KILLED);
	assert_int_equal(fx.self->killed, 1);
	assert_int_equal(prot_at(addr), 0);
	assert_int_equal(sys_handle_check_valid(fx.self, vmo), ZX_ERR_NOT_FOUND);
}

/* Cutting a hole into the last mapping for which the array of a VMAR's children has room. */
static void hole_in_full_vmar(void **state)
{
	zx_handle_t root = root_vmar(RWX);
	zx_handle_t vmo = make_vmo(3, ZX_DEFAULT_VMO_RIGHTS);
	zx_handle_t vmar[2];
	zx_vaddr_t base;
	zx_vaddr_t first[2];
	zx_vaddr_t addr;

	(void)state;
	/* Their arrays lie side by side. */
	for (int i = 0; i < 2; i++) {
		assert_int_equal(allocate(root, CAN_ALL, 0, PAGES(64), &vmar[i], &base), ZX_OK);
		assert_int_equal(map(vmar[i], READ_WRITE, 0, vmo, PAGES(3), &first[i]), ZX_OK);
	}
	for (int i = 1; i < 7; i++)
		assert_int_equal(map(vmar[0], READ_WRITE, 0, vmo, PAGES(3), &addr), ZX_OK);
	assert_int_equal(sys_vmar_unmap(fx.self, vmar[0], addr + PAGES(1), PAGES(1)), ZX_OK);
	assert_int_equal(prot_at(addr), MAPPED(HOST_PROT_READ | HOST_PROT_WRITE));
	assert_int_equal(prot_at(addr + PAGES(1)), 0);
	assert_int_equal(prot_at(addr + PAGES(2)), MAPPED(HOST_PROT_READ | HOST_PROT_WRITE));
	assert_int_equal(prot_at(first[1]), MAPPED(HOST_PROT_READ | HOST_PROT_WRITE));
}

/* A mapping of a slice shows no more of the parent than the slice has, however long it is. */
static void mapping_longer_than_slice(void **state)
{
	zx_handle_t vmar = root_vmar(RWX);
	zx_handle_t parent = make_vmo(4, ZX_DEFAULT_VMO_RIGHTS);
	zx_handle_t *out = user_new(zx_handle_t);
	zx_vaddr_t addr;
	char byte;

	(void)state;
	assert_int_equal(sys_vmo_create_child(fx.self, parent, ZX_VMO_CHILD_SLICE, PAGES(1),
					      PAGES(2), UADDR(out)),
			 ZX_OK);
	assert_int_equal(map(vmar, READ_WRITE, 0, *out, PAGES(3), &addr), ZX_OK);
	assert_int_equal(host_test_map.addr, addr);
	assert_int_equal(host_test_map.offset, PAGES(1));
	assert_int_equal(host_test_map.size, PAGES(2));
	assert_int_equal(user__read_process(fx.process, &byte, addr + PAGES(2), 1, NULL),
			 ZX_ERR_INVALID_ARGS);
	/* Nor does a change of access to all of it, or to what is left of it. */
	assert_int_equal(sys_vmar_protect(fx.self, vmar, 0, addr, PAGES(3)), ZX_OK);
	assert_int_equal(sys_vmar_protect(fx.self, vmar, ZX_VM_PERM_READ, addr, PAGES(3)), ZX_OK);
	assert_int_equal(host_test_map.size, PAGES(2));
	assert_int_equal(sys_vmar_protect(fx.self, vmar, READ_WRITE, addr, PAGES(3)), ZX_OK);
	assert_int_equal(host_test_protected, PAGES(2));
	/* All of it lies behind the slice: there is nothing to map at all. */
	host_test_map.size = 0;
	assert_int_equal(sys_vmar_map(fx.self, vmar, READ_WRITE, 0, *out, PAGES(2), PAGES(1),
				      UADDR(user_scratch())),
			 ZX_OK);
	assert_int_equal(host_test_map.size, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(op_range),
		test_case(protect_below),
		test_case(ops_of_the_newest_era),
		test_case(no_place),
		test_case(right_to_reach_children),
		test_case(unmap_and_exit),
		test_case(hole_in_full_vmar),
		test_case(mapping_longer_than_slice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
