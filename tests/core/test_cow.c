/* VMOs that share pages until somebody writes: all that they show, and the memory that it costs. */
#include <stdlib.h>

#include "compat/core/layer.h"
#include "compat/core/vmar.h"
#include "compat/core/vmo.h"
#include "tests/core/aspace_model.h"
#include "tests/core/core_fixture.h"

#define PAGES(n) ((n) * 4096ull)
#define READ_WRITE (ZX_VM_PERM_READ | ZX_VM_PERM_WRITE)

static uint64_t pages_before;
static uint32_t memories_before;

static int setup(void **state)
{
	int result = fixture__setup(state);

	aspace_model__reset();
	pages_before = host_test_pages();
	memories_before = host_test_memories();
	return result;
}

#define cow_case(name) cmocka_unit_test_setup_teardown(name, setup, fixture__teardown)

/* Pages of VMOs that the test has made. */
static uint64_t pages(void)
{
	return (host_test_pages() - pages_before) / PAGES(1);
}

static struct vmo *make(uint64_t count, bool resizable)
{
	struct vmo *vmo;

	assert_int_equal(vmo__create(PAGES(count), resizable, &vmo), ZX_OK);
	return vmo;
}

static struct vmo *snapshot(struct vmo *parent, uint64_t from, uint64_t count)
{
	struct vmo *vmo;

	assert_int_equal(vmo__create_snapshot(parent, PAGES(from), PAGES(count), true, &vmo),
			 ZX_OK);
	return vmo;
}

static void put(struct vmo *vmo)
{
	object__put(&vmo->object);
}

static void set(struct vmo *vmo, uint64_t page, uint8_t value)
{
	assert_int_equal(vmo__write(vmo, &value, PAGES(page), 1), ZX_OK);
}

static uint8_t get(struct vmo *vmo, uint64_t page)
{
	uint8_t value;

	assert_int_equal(vmo__read(vmo, &value, PAGES(page), 1), ZX_OK);
	return value;
}

static struct vmo *filled(uint64_t count)
{
	struct vmo *vmo = make(count, true);

	for (uint64_t i = 0; i < count; i++)
		set(vmo, i, (uint8_t)(i + 1));
	return vmo;
}

static uint64_t map(struct process *process, struct vmo *vmo, uint64_t from, uint64_t count)
{
	uint64_t addr;

	assert_int_equal(vmar__map(fx.self, process->root_vmar, READ_WRITE, 0, vmo,
				   HOST_PROT_READ | HOST_PROT_WRITE, PAGES(from), PAGES(count),
				   &addr),
			 ZX_OK);
	return addr;
}

static void unmap(struct process *process, uint64_t addr, uint64_t count)
{
	assert_int_equal(vmar__unmap(fx.self, process->root_vmar, addr, PAGES(count)), ZX_OK);
}

static uint8_t peek(uint64_t addr, uint64_t page)
{
	uint8_t value = 0xee;

	assert_true(aspace_model__peek(fx.process, addr + PAGES(page), &value));
	return value;
}

static void poke(uint64_t addr, uint64_t page, uint8_t value)
{
	assert_true(aspace_model__poke(fx.process, addr + PAGES(page), value));
}

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

/* --- anything, in any order, beside a model of it --- */

enum { FAMILY = 12, SIZE = 24, ROUNDS = 3000, MAPS = 16 };

struct member {
	struct vmo *vmo;
	int source; /* of a slice or live clone; -1 */
	uint64_t start;
	uint64_t size;
	bool slice;
	uint8_t data[SIZE];
	bool own[SIZE]; /* of a live clone */
	uint32_t users; /* members that need it */
};

static struct member family[FAMILY];

struct map_at {
	int member;
	struct process *process;
	uint64_t addr;
	uint64_t from;
	uint64_t count;
	bool writable;
};

static struct map_at maps[MAPS];

static uint8_t *cell(int i, uint64_t page, bool write)
{
	static uint8_t zero;
	struct member *m = &family[i];

	while (m->source >= 0 && (m->slice || !m->own[page])) {
		if (!m->slice && write) {
			m->data[page] = *cell((int)(m - family), page, false);
			m->own[page] = true;
			break;
		}
		page += m->start;
		m = &family[m->source];
		if (page >= m->size) {
			zero = 0;
			return &zero;
		}
	}
	return &m->data[page];
}

static uint64_t below(uint64_t limit)
{
	return (uint64_t)rand() % limit;
}

static int some_member(void)
{
	int i = (int)below(FAMILY);

	return family[i].vmo ? i : -1;
}

static void new_member(int parent)
{
	int i = (int)below(FAMILY);
	struct member *m = &family[i];
	struct member *p = &family[parent];
	uint64_t kind = below(5);

	if (m->vmo || i == parent || !p->size)
		return;
	memset(m, 0, sizeof(*m));
	m->source = -1;
	m->start = below(p->size);
	m->size = 1 + below(SIZE - 1);
	if (kind == 0) {
		if (p->vmo->resizable || m->start + m->size > p->size)
			return;
		assert_int_equal(vmo__create_slice(p->vmo, PAGES(m->start), PAGES(m->size),
						   &m->vmo),
				 ZX_OK);
		m->slice = true;
	} else if (kind == 1) {
		assert_int_equal(vmo__create_live(p->vmo, PAGES(m->start), PAGES(m->size),
						  false, &m->vmo),
				 ZX_OK);
		for (uint64_t n = 0; n < m->size; n++)
			m->own[n] = m->start + n >= p->size;
	} else {
		assert_int_equal(vmo__create_snapshot(p->vmo, PAGES(m->start), PAGES(m->size),
						      kind == 2, &m->vmo),
				 ZX_OK);
		for (uint64_t n = 0; n < m->size; n++)
			m->data[n] = m->start + n < p->size ? *cell(parent, m->start + n, false) :
							      0;
	}
	if (kind <= 1) {
		m->source = parent;
		p->users++;
	}
}

static void drop_member(int i)
{
	struct member *m = &family[i];

	if (m->users)
		return;
	for (int n = 0; n < MAPS; n++)
		if (maps[n].process && maps[n].member == i)
			return;
	if (m->source >= 0)
		family[m->source].users--;
	vmo__retire(m->vmo);
	put(m->vmo);
	m->vmo = NULL;
}

/* Live clones of what is cut are zero there from now on. */
static void cut_live(int i, uint64_t size)
{
	for (int n = 0; n < FAMILY; n++) {
		struct member *m = &family[n];

		for (uint64_t page = 0; m->vmo && m->source == i && !m->slice && page < m->size;
		     page++) {
			if (page + m->start < size || m->own[page])
				continue;
			m->own[page] = true;
			m->data[page] = 0;
		}
	}
}

static void resize(int i, uint64_t size)
{
	struct member *m = &family[i];

	if (!m->vmo->resizable)
		return;
	assert_int_equal(vmo__set_size(m->vmo, PAGES(size)), ZX_OK);
	if (size < m->size)
		cut_live(i, size);
	for (uint64_t n = size; n < SIZE; n++)
		m->data[n] = 0;
	m->size = size;
}

static void zero(int i, uint64_t from, uint64_t count)
{
	assert_int_equal(vmo__op_range(family[i].vmo, ZX_VMO_OP_ZERO, PAGES(from), PAGES(count)),
			 ZX_OK);
	for (uint64_t n = from; n < from + count; n++)
		*cell(i, n, true) = 0;
}

static void write_run(int i, uint64_t from, uint64_t count)
{
	static uint8_t data[PAGES(SIZE)];

	memset(data, (int)below(255) + 1, PAGES(count));
	assert_int_equal(vmo__write(family[i].vmo, data, PAGES(from), PAGES(count)), ZX_OK);
	for (uint64_t n = from; n < from + count; n++)
		*cell(i, n, true) = data[0];
}

static void map_member(int i)
{
	struct map_at *at = &maps[below(MAPS)];

	if (at->process) {
		unmap(at->process, at->addr, at->count);
		at->process = NULL;
		return;
	}
	at->member = i;
	at->process = below(2) ? fx.process : NULL;
	if (!at->process)
		return;
	at->from = below(SIZE);
	at->count = 1 + below(SIZE);
	at->addr = map(at->process, family[i].vmo, at->from, at->count);
	at->writable = true;
}

static void use_map(void)
{
	struct map_at *at = &maps[below(MAPS)];
	uint64_t page = below(SIZE);
	uint8_t value = (uint8_t)below(256);
	bool inside = at->from + page < family[at->member].size;

	if (!at->process || page >= at->count)
		return;
	if (!below(8)) {
		at->writable = !at->writable;
		assert_int_equal(vmar__protect(fx.self, at->process->root_vmar,
					       at->writable ? READ_WRITE : ZX_VM_PERM_READ,
					       at->addr, PAGES(at->count)),
				 ZX_OK);
	}
	if (!inside)
		return;
	assert_int_equal(aspace_model__poke(at->process, at->addr + PAGES(page), value),
			 at->writable);
	if (at->writable)
		*cell(at->member, at->from + page, true) = value;
}

static void step(void)
{
	int i = some_member();
	uint64_t from;
	uint64_t count;

	if (i < 0)
		return;
	from = below(SIZE);
	count = 1 + below(4);
	switch (below(9)) {
	case 0:
	case 1:
		new_member(i);
		break;
	case 2:
		drop_member(i);
		break;
	case 3:
		resize(i, below(SIZE));
		break;
	case 4:
		map_member(i);
		break;
	default:
		use_map();
	}
	if (!family[i].vmo || from + count > family[i].size)
		return;
	if (below(4))
		write_run(i, from, count);
	else
		zero(i, from, count);
}

static void compare(void)
{
	uint64_t sum = 0;

	for (int i = 0; i < FAMILY; i++) {
		for (uint64_t n = 0; family[i].vmo && n < family[i].size; n++)
			assert_int_equal(get(family[i].vmo, n), *cell(i, n, false));
		if (family[i].vmo)
			sum += vmo__committed(family[i].vmo);
	}
	for (int k = 0; k < MAPS; k++) {
		const struct map_at *at = &maps[k];

		for (uint64_t n = 0; at->process && n < at->count; n++) {
			if (at->from + n < family[at->member].size)
				assert_int_equal(peek(at->addr, n),
						 *cell(at->member, at->from + n, false));
		}
	}
	/* Every page that is there counts for one of them. */
	assert_int_equal(sum, PAGES(pages()));
}

static void random_family(uint32_t seed)
{
	memset(family, 0, sizeof(family));
	memset(maps, 0, sizeof(maps));
	srand(seed);
	family[0].vmo = make(SIZE, seed & 1);
	family[0].size = SIZE;
	family[0].source = -1;
	for (int i = 0; i < ROUNDS; i++) {
		step();
		compare();
		if (some_member() < 0 && !family[0].vmo) {
			memset(&family[0], 0, sizeof(family[0]));
			family[0].vmo = make(SIZE, i & 1);
			family[0].size = SIZE;
			family[0].source = -1;
		}
	}
	for (int k = 0; k < MAPS; k++)
		if (maps[k].process)
			unmap(maps[k].process, maps[k].addr, maps[k].count);
	memset(maps, 0, sizeof(maps));
	for (int n = 0; n < FAMILY; n++)
		for (int i = 0; i < FAMILY; i++)
			if (family[i].vmo)
				drop_member(i);
	assert_int_equal(pages(), 0);
	assert_int_equal(host_test_memories(), memories_before);
}

static void random_families(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= 4; seed++)
		random_family(seed);
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
		cow_case(random_families),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
