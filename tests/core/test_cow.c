/* VMOs that share pages until somebody writes: all that they show, and the memory that it costs. */
#include "tests/core/cow_tools.h"

static void nothing_is_copied(void **state)
{
	struct vmo *vmo = filled(100);
	struct vmo *child;
	struct vmo *grandchild;

	(void)state;
	child = snapshot(vmo, 0, 100);
	grandchild = snapshot(child, 10, 20);
	assert_int_equal(pages(), 100);
	assert_int_equal(get(child, 99), 100);
	assert_int_equal(get(grandchild, 0), 11);
	assert_int_equal(vmo__committed(vmo), PAGES(100));
	assert_int_equal(vmo__committed(child), 0);
	set(grandchild, 0, 77);
	assert_int_equal(pages(), 101);
	assert_int_equal(vmo__committed(grandchild), PAGES(1));
	assert_int_equal(get(child, 10), 11);
	set(vmo, 10, 78);
	assert_int_equal(pages(), 102);
	/* Of the page that it was, the child is the first that shows it now. */
	assert_int_equal(vmo__committed(vmo), PAGES(100));
	assert_int_equal(vmo__committed(child), PAGES(1));
	set(child, 10, 79);
	assert_int_equal(pages(), 102);
	put(vmo);
	put(child);
	put(grandchild);
	assert_int_equal(host_test_memories(), memories_before);
}

static void counts(void **state)
{
	struct vmo *vmo = filled(4);
	struct vmo *child = snapshot(vmo, 0, 4);
	struct vmo_count count;

	(void)state;
	set(child, 0, 9);
	vmo__count(child, 0, UINT64_MAX, &count);
	assert_int_equal(count.attributed, PAGES(1));
	assert_int_equal(count.alone, PAGES(1));
	assert_int_equal(count.scaled, PAGES(1) + PAGES(3) / 2);
	vmo__count(vmo, 0, UINT64_MAX, &count);
	assert_int_equal(count.attributed, PAGES(4));
	assert_int_equal(count.alone, PAGES(1));
	vmo__count(vmo, PAGES(1), PAGES(2), &count);
	assert_int_equal(count.attributed, PAGES(2));
	put(vmo);
	put(child);
}

/* A parent that nobody can reach any more holds no memory for itself. */
static void parent_goes(void **state)
{
	struct vmo *vmo = filled(10);
	zx_handle_t handle = fixture__handle(&vmo->object, ZX_DEFAULT_VMO_RIGHTS);
	struct vmo *child = snapshot(vmo, 0, 2);
	uint64_t addr = map(fx.process, vmo, 0, 10);

	(void)state;
	set(vmo, 0, 50);
	fixture__close(handle);
	assert_int_equal(pages(), 11);
	unmap(fx.process, addr, 10);
	assert_int_equal(pages(), 2);
	assert_int_equal(vmo__committed(child), PAGES(2));
	/* All its own now: nothing is copied. */
	set(child, 1, 3);
	assert_int_equal(pages(), 2);
	assert_int_equal(get(child, 0), 1);
	put(child);
}

/* Copies that come and go leave neither pages nor layers behind. */
static void forks(void **state)
{
	struct vmo *vmo = filled(50);
	uint64_t addr = map(fx.process, vmo, 0, 50);

	(void)state;
	for (uint64_t i = 0; i < 200; i++) {
		struct vmo *child = snapshot(vmo, 0, 50);

		poke(addr, i % 50, (uint8_t)i);
		set(child, (i * 7) % 50, 1);
		poke(addr, (i * 3) % 50, (uint8_t)i);
		put(child);
		assert_int_equal(pages(), 50);
	}
	assert_true(host_test_memories() <= memories_before + 3);
	assert_true(vmo->runs.count <= 100);
	unmap(fx.process, addr, 50);
	put(vmo);
	assert_int_equal(pages(), 0);
}

/* What is not there is not copied, and stays so. */
static void sparse(void **state)
{
	struct vmo *vmo = make(1ull << 24, false);
	struct vmo *child;
	uint64_t addr;

	(void)state;
	set(vmo, 5, 1);
	set(vmo, 1ull << 23, 2);
	child = snapshot(vmo, 0, 1ull << 24);
	addr = map(fx.process, child, 0, 1ull << 24);
	poke(addr, 1000, 7);
	assert_int_equal(aspace_model_faults, 0);
	poke(addr, 5, 8);
	assert_int_equal(aspace_model_faults, 1);
	assert_int_equal(pages(), 4);
	assert_int_equal(peek(addr, 1ull << 23), 2);
	assert_int_equal(get(vmo, 1000), 0);
	unmap(fx.process, addr, 1ull << 24);
	put(vmo);
	put(child);
}

/* Writes that follow each other copy more at a time, scattered ones one page each. */
static void fault_sizes(void **state)
{
	struct vmo *vmo = filled(1000);
	struct vmo *child = snapshot(vmo, 0, 1000);
	uint64_t addr = map(fx.process, child, 0, 1000);

	(void)state;
	poke(addr, 500, 1);
	assert_int_equal(vmo__committed(child), PAGES(1));
	poke(addr, 900, 1);
	poke(addr, 700, 1);
	assert_int_equal(vmo__committed(child), PAGES(3));
	aspace_model_faults = 0;
	for (uint64_t i = 0; i < 256; i++)
		poke(addr, i, 2);
	assert_true(aspace_model_faults < 25);
	assert_true(vmo__committed(child) < PAGES(3 + 256 + 16));
	unmap(fx.process, addr, 1000);
	put(vmo);
	put(child);
}

/* Where no host memory is to be had, nothing changes, and it can be tried again. */
static void no_memory(void **state)
{
	struct vmo *vmo = filled(4);
	uint64_t addr = map(fx.process, vmo, 0, 4);
	struct vmo *child;

	(void)state;
	host_test_fail = ZX_ERR_NO_MEMORY;
	assert_int_equal(vmo__create_snapshot(vmo, 0, PAGES(4), false, &child), ZX_ERR_NO_MEMORY);
	host_test_fail = ZX_OK;
	poke(addr, 0, 9);
	child = snapshot(vmo, 0, 4);
	/* The mapping cannot follow: the page is not shown until it can. */
	host_test_map_fail = ZX_ERR_NO_MEMORY;
	set(vmo, 1, 10);
	host_test_map_fail = ZX_OK;
	assert_int_equal(peek(addr, 1), 10);
	assert_int_equal(get(child, 1), 2);
	unmap(fx.process, addr, 4);
	put(vmo);
	put(child);
}

static void not_allowed(void **state)
{
	struct vmo *vmo = filled(4);
	struct vmo *child = snapshot(vmo, 0, 4);
	uint64_t addr = map(fx.process, child, 0, 6);
	struct process *process = fx.process;

	(void)state;
	assert_int_equal(vmar__fault(process, addr + PAGES(4), HOST_PROT_WRITE),
			 ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(vmar__fault(process, addr + PAGES(6), HOST_PROT_READ), ZX_ERR_NOT_FOUND);
	assert_int_equal(vmar__fault(process, addr, HOST_PROT_EXEC), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(vmar__protect(fx.self, process->root_vmar, ZX_VM_PERM_READ, addr,
				       PAGES(6)),
			 ZX_OK);
	assert_int_equal(vmar__fault(process, addr, HOST_PROT_WRITE), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(peek(addr, 0), 1);
	unmap(process, addr, 6);
	put(vmo);
	put(child);
}

/* Up to 2019-01: what the clone has not written is the parent's, also later. */
static void live_clones(void **state)
{
	struct vmo *vmo = filled(6);
	struct vmo *clone;
	struct vmo *second;
	uint64_t parent_at;
	uint64_t addr;

	(void)state;
	assert_int_equal(vmo__create_live(vmo, PAGES(1), PAGES(7), true, &clone), ZX_OK);
	assert_int_equal(vmo__create_live(clone, PAGES(1), PAGES(3), true, &second), ZX_OK);
	parent_at = map(fx.process, vmo, 0, 6);
	addr = map(fx.process, clone, 0, 7);
	poke(parent_at, 2, 50);
	assert_int_equal(peek(addr, 1), 50);
	assert_int_equal(get(second, 0), 50);
	poke(addr, 1, 51);
	assert_int_equal(get(vmo, 2), 50);
	assert_int_equal(get(second, 0), 51);
	poke(parent_at, 2, 52);
	assert_int_equal(peek(addr, 1), 51);
	assert_int_equal(peek(addr, 6), 0);
	/* Decommitted, it shows the parent again. */
	assert_int_equal(vmo__op_range(clone, ZX_VMO_OP_DECOMMIT, 0, PAGES(7)), ZX_OK);
	assert_int_equal(peek(addr, 1), 52);
	poke(addr, 1, 53);
	assert_int_equal(get(vmo, 2), 52);
	assert_int_equal(vmo__set_size(vmo, PAGES(2)), ZX_OK);
	assert_int_equal(peek(addr, 0), 2);
	assert_int_equal(peek(addr, 3), 0);
	assert_int_equal(get(second, 0), 53);
	assert_int_equal(vmo__committed(clone), PAGES(1));
	unmap(fx.process, addr, 7);
	unmap(fx.process, parent_at, 6);
	put(vmo);
	put(clone);
	put(second);
	assert_int_equal(pages(), 0);
}
/* What the clone wrote behind the parent's end stays, when that moves; the rest is the parent's. */
static void clones_follow(void **state)
{
	struct vmo *vmo = filled(2);
	struct vmo *clone;
	struct vmo *second;
	uint64_t addr;

	(void)state;
	assert_int_equal(vmo__create_following(vmo, PAGES(1), PAGES(4), true, &clone), ZX_OK);
	assert_int_equal(vmo__create_live(clone, 0, PAGES(4), true, &second), ZX_OK);
	addr = map(fx.process, clone, 0, 4);
	assert_int_equal(peek(addr, 1), 0);
	poke(addr, 2, 60);
	assert_int_equal(vmo__set_size(vmo, PAGES(4)), ZX_OK);
	set(vmo, 2, 61);
	set(vmo, 3, 62);
	assert_int_equal(peek(addr, 0), 2);
	assert_int_equal(peek(addr, 1), 61);
	assert_int_equal(peek(addr, 2), 60);
	assert_int_equal(peek(addr, 3), 0);
	assert_int_equal(get(second, 1), 61);
	poke(addr, 1, 63);
	assert_int_equal(get(vmo, 2), 61);
	poke(addr, 2, 64);
	assert_int_equal(get(clone, 2), 64);
	assert_int_equal(vmo__set_size(vmo, PAGES(8)), ZX_OK);
	assert_int_equal(vmo__set_size(vmo, 0), ZX_OK);
	assert_int_equal(peek(addr, 0), 0);
	assert_int_equal(peek(addr, 1), 63);
	unmap(fx.process, addr, 4);
	put(vmo);
	put(clone);
	put(second);
	assert_int_equal(pages(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cow_case(nothing_is_copied),
		cow_case(counts),
		cow_case(parent_goes),
		cow_case(forks),
		cow_case(sparse),
		cow_case(fault_sizes),
		cow_case(no_memory),
		cow_case(not_allowed),
		cow_case(live_clones),
		cow_case(clones_follow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
