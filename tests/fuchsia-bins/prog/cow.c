/* Copies of memory that are made when somebody writes. */
#include "check.h"
#include "child.h"
#include "string.h"

#include <zircon/errors.h>
#include <zircon/rights.h>

#define PAGE ((uint64_t)RT_PAGE_SIZE)
#define READ_WRITE (ZX_VM_PERM_READ | ZX_VM_PERM_WRITE)
#define GIB (1ull << 30)

static struct rt_child child;

static zx_handle_t make_vmo(uint64_t size, uint32_t options)
{
	zx_handle_t vmo = ZX_HANDLE_INVALID;

	CHECK_OK(zx_vmo_create(size, options, &vmo));
	return vmo;
}

static zx_handle_t clone_of(zx_handle_t vmo, uint32_t kind, uint64_t offset, uint64_t size)
{
	zx_handle_t clone = ZX_HANDLE_INVALID;

	CHECK_OK(zx_vmo_create_child(vmo, kind, offset, size, &clone));
	return clone;
}

static zx_handle_t snapshot_of(zx_handle_t vmo, uint64_t size)
{
	return clone_of(vmo, ZX_VMO_CHILD_SNAPSHOT, 0, size);
}

static volatile uint64_t *map(zx_handle_t vmo, uint64_t size)
{
	zx_vaddr_t addr = 0;

	CHECK_OK(zx_vmar_map(rt_boot.root_vmar, READ_WRITE, 0, vmo, 0, size, &addr));
	return (volatile uint64_t *)addr;
}

static void unmap(volatile uint64_t *at, uint64_t size)
{
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, (zx_vaddr_t)at, size));
}

static volatile uint64_t *page_of(volatile uint64_t *at, uint64_t page)
{
	return at + page * (PAGE / sizeof(*at));
}

static uint64_t word(zx_handle_t vmo, uint64_t page)
{
	uint64_t value = ~0ull;

	CHECK_OK(zx_vmo_read(vmo, &value, page * PAGE, sizeof(value)));
	return value;
}

static void put_word(zx_handle_t vmo, uint64_t page, uint64_t value)
{
	CHECK_OK(zx_vmo_write(vmo, &value, page * PAGE, sizeof(value)));
}

static uint64_t committed(zx_handle_t vmo)
{
	zx_info_vmo_t info = { 0 };

	CHECK_OK(zx_object_get_info(vmo, ZX_INFO_VMO, &info, sizeof(info), NULL, NULL));
	return info.committed_bytes;
}

/* Both sides write through mappings that were there before, and ones that came later. */
static void both_mapped(void)
{
	static const uint32_t kinds[] = { ZX_VMO_CHILD_SNAPSHOT,
					  ZX_VMO_CHILD_SNAPSHOT_AT_LEAST_ON_WRITE };

	for (size_t k = 0; k < RT_ARRAY_SIZE(kinds); k++) {
		zx_handle_t parent = make_vmo(8 * PAGE, 0), copy;
		volatile uint64_t *p = map(parent, 8 * PAGE), *c, *late;

		for (uint64_t i = 0; i < 8; i++)
			*page_of(p, i) = 100 + i;
		copy = clone_of(parent, kinds[k], 0, 8 * PAGE);
		c = map(copy, 8 * PAGE);
		CHECK_EQ(committed(copy), 0);
		CHECK_EQ(committed(parent), 8 * PAGE);
		*page_of(p, 1) = 1;
		*page_of(c, 2) = 2;
		CHECK_EQ(*page_of(c, 1), 101);
		CHECK_EQ(*page_of(p, 2), 102);
		CHECK_EQ(*page_of(p, 1), 1);
		CHECK_EQ(*page_of(c, 2), 2);
		CHECK_EQ(word(copy, 1), 101);
		CHECK_EQ(word(copy, 2), 2);
		CHECK_EQ(word(parent, 1), 1);
		/* What the parent has lost counts for the one that still shows it. */
		CHECK_EQ(committed(copy), 2 * PAGE);
		CHECK_EQ(committed(parent), 8 * PAGE);
		/* Calls write what mappings show, and the other way round. */
		put_word(copy, 3, 3);
		put_word(parent, 4, 4);
		CHECK_EQ(*page_of(c, 3), 3);
		CHECK_EQ(*page_of(p, 3), 103);
		CHECK_EQ(*page_of(p, 4), 4);
		CHECK_EQ(*page_of(c, 4), 104);
		late = map(copy, 8 * PAGE);
		CHECK_EQ(*page_of(late, 3), 3);
		*page_of(late, 5) = 5;
		CHECK_EQ(*page_of(c, 5), 5);
		CHECK_EQ(*page_of(p, 5), 105);
		zx_handle_close(parent);
		unmap(p, 8 * PAGE);
		/* The parent is gone, with all that only it showed. */
		CHECK_EQ(*page_of(c, 0), 100);
		CHECK_EQ(committed(copy), 8 * PAGE);
		*page_of(c, 0) = 7;
		CHECK_EQ(*page_of(late, 0), 7);
		unmap(c, 8 * PAGE);
		unmap(late, 8 * PAGE);
		zx_handle_close(copy);
	}
}

/* Each of a chain of copies keeps what it was when it was copied. */
static void depth(void)
{
	enum { DEPTH = 8, PAGES = 2 * DEPTH };
	zx_handle_t chain[DEPTH + 1];
	volatile uint64_t *at[DEPTH + 1];

	chain[0] = make_vmo(PAGES * PAGE, 0);
	at[0] = map(chain[0], PAGES * PAGE);
	for (uint64_t i = 0; i < PAGES; i++)
		*page_of(at[0], i) = i;
	for (uint64_t d = 1; d <= DEPTH; d++) {
		chain[d] = snapshot_of(chain[d - 1], PAGES * PAGE);
		at[d] = map(chain[d], PAGES * PAGE);
		*page_of(at[d], d) = 1000 + d;
		/* Behind its back. */
		*page_of(at[d - 1], PAGES - d) = 2000 + d;
	}
	for (uint64_t d = 0; d <= DEPTH; d++) {
		for (uint64_t i = 0; i < PAGES; i++) {
			uint64_t want = i && i <= d ? 1000 + i : i;

			if (d < DEPTH && i == PAGES - (d + 1))
				want = 2000 + d + 1;
			CHECK_EQ(*page_of(at[d], i), want);
			CHECK_EQ(word(chain[d], i), want);
		}
	}
	/* In any order. */
	for (uint64_t d = 0; d <= DEPTH; d += 2) {
		unmap(at[d], PAGES * PAGE);
		zx_handle_close(chain[d]);
	}
	for (uint64_t d = 1; d <= DEPTH; d += 2) {
		CHECK_EQ(*page_of(at[d], 1), 1001);
		*page_of(at[d], 0) = 9;
		CHECK_EQ(word(chain[d], 0), 9);
		unmap(at[d], PAGES * PAGE);
		zx_handle_close(chain[d]);
	}
}

/* A part of the parent, and more than it has. */
static void part(void)
{
	zx_handle_t parent = make_vmo(4 * PAGE, ZX_VMO_RESIZABLE), copy;
	volatile uint64_t *c;

	for (uint64_t i = 0; i < 4; i++)
		put_word(parent, i, 10 + i);
	copy = clone_of(parent, ZX_VMO_CHILD_SNAPSHOT | ZX_VMO_CHILD_RESIZABLE, 2 * PAGE, 5 * PAGE);
	c = map(copy, 8 * PAGE);
	CHECK_EQ(*page_of(c, 1), 13);
	CHECK_EQ(*page_of(c, 2), 0);
	*page_of(c, 4) = 4;
	/* Cutting the parent takes nothing from the copy. */
	CHECK_OK(zx_vmo_set_size(parent, PAGE));
	CHECK_OK(zx_vmo_set_size(parent, 4 * PAGE));
	CHECK_EQ(word(parent, 2), 0);
	CHECK_EQ(*page_of(c, 0), 12);
	*page_of(c, 0) = 1;
	CHECK_OK(zx_vmo_set_size(copy, PAGE));
	CHECK_OK(zx_vmo_set_size(copy, 8 * PAGE));
	CHECK_EQ(*page_of(c, 0), 1);
	CHECK_EQ(*page_of(c, 1), 0);
	CHECK_EQ(*page_of(c, 4), 0);
	*page_of(c, 7) = 7;
	CHECK_EQ(word(copy, 7), 7);
	unmap(c, 8 * PAGE);
	zx_handle_close(copy);
	zx_handle_close(parent);
}

static void operations(void)
{
	zx_handle_t parent = make_vmo(8 * PAGE, 0), copy, slice;
	volatile uint64_t *c, *p = map(parent, 8 * PAGE), *s;

	for (uint64_t i = 0; i < 8; i++)
		*page_of(p, i) = 10 + i;
	slice = clone_of(parent, ZX_VMO_CHILD_SLICE, 2 * PAGE, 4 * PAGE);
	s = map(slice, 4 * PAGE);
	copy = snapshot_of(parent, 8 * PAGE);
	c = map(copy, 8 * PAGE);
	/* A slice writes its parent's pages, not those of the copy. */
	*page_of(s, 0) = 5;
	CHECK_EQ(*page_of(p, 2), 5);
	CHECK_EQ(*page_of(c, 2), 12);
	put_word(slice, 1, 6);
	CHECK_EQ(*page_of(p, 3), 6);
	CHECK_EQ(*page_of(s, 1), 6);
	CHECK_EQ(*page_of(c, 3), 13);
	CHECK_OK(zx_vmo_op_range(copy, ZX_VMO_OP_ZERO, PAGE / 2, PAGE, NULL, 0));
	CHECK_EQ(*page_of(c, 0), 10);
	CHECK_EQ(*page_of(c, 1), 0);
	CHECK_EQ(*page_of(p, 1), 11);
	CHECK_OK(zx_vmo_op_range(copy, ZX_VMO_OP_ZERO, 4 * PAGE, 2 * PAGE, NULL, 0));
	CHECK_EQ(*page_of(c, 4), 0);
	CHECK_EQ(*page_of(c, 5), 0);
	CHECK_EQ(*page_of(c, 6), 16);
	CHECK_EQ(*page_of(p, 5), 15);
	CHECK_OK(zx_vmo_op_range(copy, ZX_VMO_OP_COMMIT, 6 * PAGE, 2 * PAGE, NULL, 0));
	CHECK_EQ(*page_of(c, 6), 16);
	CHECK_OK(zx_vmar_protect(rt_boot.root_vmar, ZX_VM_PERM_READ, (zx_vaddr_t)c, 8 * PAGE));
	put_word(copy, 7, 70);
	CHECK_EQ(*page_of(c, 7), 70);
	CHECK_OK(zx_vmar_protect(rt_boot.root_vmar, READ_WRITE, (zx_vaddr_t)c, 8 * PAGE));
	*page_of(c, 7) = 71;
	*page_of(c, 2) = 72;
	CHECK_EQ(*page_of(p, 7), 17);
	CHECK_EQ(word(copy, 2), 72);
	/* A part of a mapping goes, the rest goes on. */
	unmap(page_of(c, 3), PAGE);
	*page_of(c, 4) = 44;
	CHECK_EQ(word(copy, 4), 44);
	unmap(c, 8 * PAGE);
	unmap(s, 4 * PAGE);
	unmap(p, 8 * PAGE);
	zx_handle_close(slice);
	zx_handle_close(copy);
	zx_handle_close(parent);
}

/* Calls put their results into pages that are shared. */
static void results(void)
{
	enum { SIZE = 64 << 10 };
	zx_handle_t vmo = make_vmo(SIZE, 0), copy, from = make_vmo(SIZE, 0), ends[2];
	volatile uint64_t *at = map(vmo, SIZE);
	uint32_t bytes = 0;

	memset((void *)at, 0x11, SIZE);
	put_word(from, 0, 77);
	put_word(from, 15, 78);
	/* One that travels with the call, and one that does not. */
	copy = snapshot_of(vmo, SIZE);
	CHECK_OK(zx_vmo_read(from, (void *)at, 0, 16));
	CHECK_EQ(*at, 77);
	CHECK_EQ(word(copy, 0), 0x1111111111111111);
	zx_handle_close(copy);
	copy = snapshot_of(vmo, SIZE);
	CHECK_OK(zx_vmo_read(from, (void *)at, 0, SIZE));
	CHECK_EQ(*page_of(at, 15), 78);
	CHECK_EQ(word(copy, 15), 0x1111111111111111);
	zx_handle_close(copy);
	REQUIRE_OK(zx_channel_create(0, &ends[0], &ends[1]));
	CHECK_OK(zx_channel_write(ends[0], 0, (const void *)at, SIZE, NULL, 0));
	*page_of(at, 15) = 79;
	copy = snapshot_of(vmo, SIZE);
	CHECK_OK(zx_channel_read(ends[1], 0, (void *)at, NULL, SIZE, 0, &bytes, NULL));
	CHECK_EQ(bytes, SIZE);
	CHECK_EQ(*page_of(at, 15), 78);
	CHECK_EQ(word(copy, 15), 79);
	zx_handle_close(ends[0]);
	zx_handle_close(ends[1]);
	zx_handle_close(copy);
	unmap(at, SIZE);
	zx_handle_close(vmo);
	zx_handle_close(from);
}

/* --- writers that go on while copies are made --- */

#define WRITERS 3u
#define ROUNDS 60u

static volatile uint64_t *shared;
static uint64_t stop;
static uint64_t rounds_of[WRITERS];
static struct rt_thread writers[WRITERS];

/* Counts in two pages: the first is never behind the second. */
static void write_on(void *arg)
{
	uint64_t id = (uint64_t)arg, n = 0;

	while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
		n++;
		__atomic_store_n(page_of(shared, 2 * id), n, __ATOMIC_SEQ_CST);
		__atomic_store_n(page_of(shared, 2 * id + 1), n, __ATOMIC_SEQ_CST);
	}
	rounds_of[id] = n;
}

static void while_written(void)
{
	const uint64_t size = 2 * WRITERS * PAGE;
	zx_handle_t vmo = make_vmo(size, 0);
	uint64_t before[2 * WRITERS], torn = 0, changed = 0, back = 0, last[2 * WRITERS] = { 0 };

	shared = map(vmo, size);
	stop = 0;
	for (uint64_t i = 0; i < WRITERS; i++)
		REQUIRE_OK(rt_thread__start(&writers[i], "writer", write_on, (void *)i));
	for (uint64_t round = 0; round < ROUNDS; round++) {
		zx_handle_t copy = snapshot_of(vmo, size);

		for (uint64_t i = 0; i < 2 * WRITERS; i++)
			before[i] = word(copy, i);
		zx_nanosleep(zx_deadline_after(ZX_USEC(100)));
		for (uint64_t i = 0; i < 2 * WRITERS; i++) {
			changed += word(copy, i) != before[i];
			back += before[i] < last[i];
			last[i] = before[i];
		}
		for (uint64_t i = 0; i < WRITERS; i++)
			torn += before[2 * i] - before[2 * i + 1] > 1;
		zx_handle_close(copy);
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
	for (uint64_t i = 0; i < WRITERS; i++) {
		CHECK_OK(rt_thread__join(&writers[i]));
		CHECK(rounds_of[i] > 0);
		CHECK_EQ(word(vmo, 2 * i), rounds_of[i]);
		CHECK_EQ(*page_of(shared, 2 * i + 1), rounds_of[i]);
	}
	CHECK_EQ(changed, 0);
	CHECK_EQ(torn, 0);
	CHECK_EQ(back, 0);
	unmap(shared, size);
	zx_handle_close(vmo);
}

/* Two processes that share a VMO, of which copies are made. */
static void processes(void)
{
	zx_handle_t vmo = make_vmo(4 * PAGE, 0), copy;
	volatile uint64_t *mine = map(vmo, 4 * PAGE), *c;
	zx_vaddr_t theirs = 0, in_copy = 0;
	int64_t answer = 0;

	*page_of(mine, 1) = 50;
	REQUIRE_OK(rt_child__create(&child, rt_boot.job, "cow"));
	REQUIRE_OK(zx_vmar_map(child.root_vmar, READ_WRITE, 0, vmo, 0, 4 * PAGE, &theirs));
	REQUIRE_OK(rt_child__start(&child));
	CHECK_OK(rt_child__ask(&child, RT_CHILD_ADD, theirs + PAGE, &answer));
	CHECK_EQ(answer, 50);
	copy = snapshot_of(vmo, 4 * PAGE);
	c = map(copy, 4 * PAGE);
	REQUIRE_OK(zx_vmar_map(child.root_vmar, READ_WRITE, 0, copy, 0, 4 * PAGE, &in_copy));
	/* Each of the four mappings, and then all see the same as before. */
	CHECK_OK(rt_child__ask(&child, RT_CHILD_ADD, theirs + PAGE, &answer));
	CHECK_EQ(answer, 51);
	CHECK_EQ(*page_of(mine, 1), 52);
	CHECK_EQ(*page_of(c, 1), 51);
	CHECK_OK(rt_child__ask(&child, RT_CHILD_ADD, in_copy + PAGE, &answer));
	CHECK_EQ(answer, 51);
	CHECK_EQ(*page_of(c, 1), 52);
	++*page_of(c, 1);
	*page_of(mine, 1) = 1;
	*page_of(c, 2) = 7;
	*page_of(mine, 3) = 9;
	CHECK_OK(rt_child__ask(&child, RT_CHILD_PEEK, in_copy + PAGE, &answer));
	CHECK_EQ(answer, 53);
	CHECK_OK(rt_child__ask(&child, RT_CHILD_PEEK, theirs + PAGE, &answer));
	CHECK_EQ(answer, 1);
	CHECK_OK(rt_child__ask(&child, RT_CHILD_PEEK, in_copy + 2 * PAGE, &answer));
	CHECK_EQ(answer, 7);
	CHECK_OK(rt_child__ask(&child, RT_CHILD_PEEK, theirs + 3 * PAGE, &answer));
	CHECK_EQ(answer, 9);
	/* A debugger writes too. */
	answer = 33;
	CHECK_OK(zx_process_write_memory(child.process, in_copy + 3 * PAGE, &answer, 4,
					 &(size_t){ 0 }));
	CHECK_EQ(*page_of(c, 3), 33);
	CHECK_EQ(*page_of(mine, 3), 9);
	CHECK_OK(zx_task_kill(child.process));
	rt_child__close(&child);
	*page_of(mine, 2) = 1;
	CHECK_EQ(*page_of(c, 2), 7);
	unmap(c, 4 * PAGE);
	unmap(mine, 4 * PAGE);
	zx_handle_close(copy);
	zx_handle_close(vmo);
}

/* Copy, work on the copy, throw it away, work on: memory stays what the parent needs. */
static void fork_like(void)
{
	enum { PAGES = 256 };
	zx_handle_t vmo = make_vmo(PAGES * PAGE, 0);
	volatile uint64_t *at = map(vmo, PAGES * PAGE);
	uint64_t wrong = 0;

	for (uint64_t i = 0; i < PAGES; i++)
		*page_of(at, i) = i;
	for (uint64_t round = 1; round <= 100; round++) {
		zx_handle_t copy = snapshot_of(vmo, PAGES * PAGE);
		volatile uint64_t *c = map(copy, PAGES * PAGE);

		for (uint64_t i = 0; i < 20; i++) {
			*page_of(c, (round * 7 + i * 13) % PAGES) = 1u << 31;
			*page_of(at, (round * 11 + i * 3) % PAGES) += PAGES;
		}
		unmap(c, PAGES * PAGE);
		zx_handle_close(copy);
	}
	for (uint64_t i = 0; i < PAGES; i++)
		wrong += *page_of(at, i) % PAGES != i;
	CHECK_EQ(wrong, 0);
	CHECK_EQ(committed(vmo), PAGES * PAGE);
	unmap(at, PAGES * PAGE);
	zx_handle_close(vmo);
}

/* One page here, one page there: Linux allows a process a limited number of pieces. */
static void scattered(void)
{
	const uint64_t pages = 60000;
	zx_handle_t vmo = make_vmo(pages * PAGE, 0), copy;
	volatile uint64_t *c;
	uint64_t wrong = 0;

	CHECK_OK(zx_vmo_op_range(vmo, ZX_VMO_OP_COMMIT, 0, pages * PAGE, NULL, 0));
	put_word(vmo, pages - 2, 5);
	copy = snapshot_of(vmo, pages * PAGE);
	c = map(copy, pages * PAGE);
	for (uint64_t i = 0; i < pages; i += 2)
		*page_of(c, i) += i;
	for (uint64_t i = 0; i < pages - 2; i += 2)
		wrong += *page_of(c, i) != i;
	CHECK_EQ(wrong, 0);
	CHECK_EQ(*page_of(c, pages - 2), pages - 2 + 5);
	CHECK_EQ(word(vmo, 2), 0);
	unmap(c, pages * PAGE);
	zx_handle_close(copy);
	zx_handle_close(vmo);
}

/* Some of them, each of what was written since; how long it takes is measured by bench/. */
static void large(void)
{
	zx_handle_t vmo = make_vmo(GIB, 0), copy = ZX_HANDLE_INVALID;
	volatile uint64_t *at = map(vmo, GIB);

	for (uint64_t i = 0; i < GIB / PAGE; i++)
		*page_of(at, i) = i;
	for (int i = 0; i < 5; i++) {
		copy = snapshot_of(copy ? copy : vmo, GIB);
		*page_of(at, 1000 * (uint64_t)i) = 1;
	}
	CHECK_EQ(word(copy, 1000), 1000);
	CHECK_EQ(word(copy, GIB / PAGE - 1), GIB / PAGE - 1);
	CHECK_EQ(word(vmo, 2000), 1);
	unmap(at, GIB);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(both_mapped);
	RUN(depth);
	RUN(part);
	RUN(operations);
	RUN(results);
	RUN(while_written);
	RUN(processes);
	RUN(fork_like);
	RUN(scattered);
	RUN(large);
	return rt_check_result();
}
