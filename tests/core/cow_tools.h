/* What tests of VMOs that share pages use: small VMOs, and what all of them cost. */
#ifndef TESTS_CORE_COW_TOOLS_H
#define TESTS_CORE_COW_TOOLS_H

#include "compat/core/layer.h"
#include "compat/core/vmar.h"
#include "compat/core/vmo.h"
#include "tests/core/aspace_model.h"
#include "tests/core/core_fixture.h"

#define PAGES(n) ((n) * 4096ull)
#define READ_WRITE (ZX_VM_PERM_READ | ZX_VM_PERM_WRITE)

static uint64_t pages_before;
static uint32_t memories_before;

static inline int setup(void **state)
{
	int result = fixture__setup(state);

	aspace_model__reset();
	pages_before = host_test_pages();
	memories_before = host_test_memories();
	return result;
}

#define cow_case(name) cmocka_unit_test_setup_teardown(name, setup, fixture__teardown)

/* Pages of VMOs that the test has made. */
static inline uint64_t pages(void)
{
	return (host_test_pages() - pages_before) / PAGES(1);
}

static inline struct vmo *make(uint64_t count, bool resizable)
{
	struct vmo *vmo;

	assert_int_equal(vmo__create(PAGES(count), resizable, &vmo), ZX_OK);
	return vmo;
}

static inline struct vmo *snapshot(struct vmo *parent, uint64_t from, uint64_t count)
{
	struct vmo *vmo;

	assert_int_equal(vmo__create_snapshot(parent, PAGES(from), PAGES(count), true, &vmo),
			 ZX_OK);
	return vmo;
}

static inline void put(struct vmo *vmo)
{
	object__put(&vmo->object);
}

static inline void set(struct vmo *vmo, uint64_t page, uint8_t value)
{
	assert_int_equal(vmo__write(vmo, &value, PAGES(page), 1), ZX_OK);
}

static inline uint8_t get(struct vmo *vmo, uint64_t page)
{
	uint8_t value;

	assert_int_equal(vmo__read(vmo, &value, PAGES(page), 1), ZX_OK);
	return value;
}

static inline struct vmo *filled(uint64_t count)
{
	struct vmo *vmo = make(count, true);

	for (uint64_t i = 0; i < count; i++)
		set(vmo, i, (uint8_t)(i + 1));
	return vmo;
}

static inline uint64_t map(struct process *process, struct vmo *vmo, uint64_t from, uint64_t count)
{
	uint64_t addr;

	assert_int_equal(vmar__map(fx.self, process->root_vmar, READ_WRITE, 0, vmo,
				   HOST_PROT_READ | HOST_PROT_WRITE, PAGES(from), PAGES(count),
				   &addr),
			 ZX_OK);
	return addr;
}

static inline void unmap(struct process *process, uint64_t addr, uint64_t count)
{
	assert_int_equal(vmar__unmap(fx.self, process->root_vmar, addr, PAGES(count)), ZX_OK);
}

static inline uint8_t peek(uint64_t addr, uint64_t page)
{
	uint8_t value = 0xee;

	assert_true(aspace_model__peek(fx.process, addr + PAGES(page), &value));
	return value;
}

static inline void poke(uint64_t addr, uint64_t page, uint8_t value)
{
	assert_true(aspace_model__poke(fx.process, addr + PAGES(page), value));
}

#endif
