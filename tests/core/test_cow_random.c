/* Families of VMOs that share pages, to which anything happens: all show what a simple model does. */
#include <stdlib.h>

#include "tests/core/cow_tools.h"

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
		cow_case(random_families),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
