/* Pagers: which pages of their VMOs are dirty, who is asked before, and what is written back. */
#include <zircon/syscalls/next.h>

#include "tests/core/pager_helpers.h"

#define DIRTY ZX_PAGER_OP_DIRTY
#define BEGIN ZX_PAGER_OP_WRITEBACK_BEGIN
#define END ZX_PAGER_OP_WRITEBACK_END

static int setup_newest(void **state)
{
	int result = setup(state);
	zx_handle_t *out = user_scratch();

	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(sys_pager_create(fx.self, 0, UADDR(out)), ZX_OK);
	pager = *out;
	return result;
}

#define dirty_case(name)                                                                           \
	cmocka_unit_test_setup_teardown(name, setup_newest, fixture__teardown)

static zx_status_t op(zx_handle_t vmo, uint32_t what, uint64_t page, uint64_t count, uint64_t data)
{
	return sys_pager_op_range(fx.self, pager, what, vmo, PAGES(page), PAGES(count), data);
}

static void write_byte(zx_handle_t vmo, uint64_t offset)
{
	char *byte = user_scratch();

	*byte = 'w';
	assert_int_equal(sys_vmo_write(fx.self, vmo, UADDR(byte), offset, 1), ZX_OK);
}

/* Dirty ranges, in pages; ends with a count of 0. */
static void expect_ranges(zx_handle_t vmo, uint64_t size, const zx_vmo_dirty_range_t *want)
{
	zx_vmo_dirty_range_t *got = user_scratch();
	size_t *counts = (size_t *)(got + 16);
	size_t n = 0;

	assert_int_equal(sys_pager_query_dirty_ranges(fx.self, pager, vmo, 0, PAGES(size),
						      UADDR(got), 16 * sizeof(*got), UADDR(counts),
						      UADDR(counts + 1)),
			 ZX_OK);
	for (; want[n].length; n++) {
		assert_true(n < counts[0]);
		assert_int_equal(got[n].offset, PAGES(want[n].offset));
		assert_int_equal(got[n].length, PAGES(want[n].length));
		assert_int_equal(got[n].options, want[n].options);
	}
	assert_int_equal(counts[0], n);
	assert_int_equal(counts[1], n);
}

#define RANGES(...) ((zx_vmo_dirty_range_t[]){ __VA_ARGS__ __VA_OPT__(, ) { 0, 0, 0 } })

static void writes_are_dirty(void **state)
{
	zx_handle_t vmo = make(8, 0);

	(void)state;
	assert_int_equal(supply(vmo, 0, 8, 'a'), ZX_OK);
	expect_ranges(vmo, 8, RANGES());
	write_byte(vmo, PAGES(1));
	write_byte(vmo, PAGES(2) + 7);
	write_byte(vmo, PAGES(5));
	expect_no_packet();
	expect_ranges(vmo, 8, RANGES({ 1, 2, 0 }, { 5, 1, 0 }));
	assert_int_equal(op(vmo, BEGIN, 0, 8, 0), ZX_OK);
	expect_ranges(vmo, 8, RANGES({ 1, 2, 0 }, { 5, 1, 0 }));
	write_byte(vmo, PAGES(2));
	assert_int_equal(op(vmo, END, 0, 8, 0), ZX_OK);
	/* What was written meanwhile is still to be written back. */
	expect_ranges(vmo, 8, RANGES({ 2, 1, 0 }));
	/* What is clean is not made anything else by an end without a beginning. */
	assert_int_equal(op(vmo, END, 0, 8, 0), ZX_OK);
	expect_ranges(vmo, 8, RANGES({ 2, 1, 0 }));
}

static void mapped_writes_are_dirty(void **state)
{
	zx_handle_t vmo = make(4, 0);
	uint64_t addr = map(vmo, 4);

	(void)state;
	assert_int_equal(supply(vmo, 0, 4, 'b'), ZX_OK);
	assert_int_equal(vmar__fault_in(fx.self, addr, HOST_PROT_READ), ZX_OK);
	assert_int_equal(aspace_model__prot(fx.process, addr), HOST_PROT_READ);
	assert_int_equal(vmar__fault_in(fx.self, addr + PAGES(1), HOST_PROT_WRITE), ZX_OK);
	assert_int_equal(aspace_model__prot(fx.process, addr), HOST_PROT_READ);
	assert_int_equal(aspace_model__prot(fx.process, addr + PAGES(1)),
			 HOST_PROT_READ | HOST_PROT_WRITE);
	expect_ranges(vmo, 4, RANGES({ 1, 1, 0 }));
	assert_int_equal(op(vmo, BEGIN, 1, 1, 0), ZX_OK);
	assert_int_equal(aspace_model__prot(fx.process, addr + PAGES(1)), HOST_PROT_READ);
	assert_int_equal(vmar__fault_in(fx.self, addr + PAGES(1), HOST_PROT_WRITE), ZX_OK);
	assert_int_equal(op(vmo, END, 1, 1, 0), ZX_OK);
	expect_ranges(vmo, 4, RANGES({ 1, 1, 0 }));
	assert_int_equal(vmar__unmap(fx.self, fx.process->root_vmar, addr, PAGES(4)), ZX_OK);
}

static void writes_are_asked_for(void **state)
{
	struct access access = { .vmo = make(8, ZX_VMO_TRAP_DIRTY), .offset = PAGES(1) + 5,
				 .size = PAGES(3) };

	(void)state;
	assert_int_equal(supply(access.vmo, 0, 3, 'c'), ZX_OK);
	expect_ranges(access.vmo, 8, RANGES());
	begin(&access, do_write);
	/* Page after page: those that are there first. */
	expect_packet(ZX_PAGER_VMO_DIRTY, 1, 2);
	assert_int_equal(op(access.vmo, DIRTY, 1, 2, 0), ZX_OK);
	expect_packet(ZX_PAGER_VMO_READ, 3, 2);
	assert_int_equal(supply(access.vmo, 3, 2, 'c'), ZX_OK);
	expect_packet(ZX_PAGER_VMO_DIRTY, 3, 2);
	assert_int_equal(op(access.vmo, DIRTY, 3, 1, 0), ZX_OK);
	expect_no_packet();
	assert_int_equal(op(access.vmo, DIRTY, 4, 1, 0), ZX_OK);
	expect_end(&access, ZX_OK);
	expect_ranges(access.vmo, 8, RANGES({ 1, 4, 0 }));
	/* That was it: the next write needs no leave. */
	do_write(fx.self, &access);
	assert_int_equal(access.status, ZX_OK);
	expect_no_packet();
	/* Once it is being written back it does. */
	assert_int_equal(op(access.vmo, BEGIN, 0, 8, 0), ZX_OK);
	begin(&access, do_write);
	expect_packet(ZX_PAGER_VMO_DIRTY, 1, 4);
	assert_int_equal(refuse(access.vmo, 1, 1, ZX_ERR_NO_SPACE), ZX_OK);
	expect_end(&access, ZX_ERR_NO_SPACE);
	assert_int_equal(op(access.vmo, END, 0, 8, 0), ZX_OK);
	expect_ranges(access.vmo, 8, RANGES());
}

static void faults_ask(void **state)
{
	zx_handle_t vmo = make(4, ZX_VMO_TRAP_DIRTY);
	uint64_t addr = map(vmo, 4);
	struct access access = { .addr = addr + 8, .prot = HOST_PROT_WRITE };

	(void)state;
	begin(&access, do_fault);
	expect_packet(ZX_PAGER_VMO_READ, 0, 1);
	assert_int_equal(supply(vmo, 0, 2, 'd'), ZX_OK);
	expect_packet(ZX_PAGER_VMO_DIRTY, 0, 1);
	assert_int_equal(op(vmo, DIRTY, 0, 1, 0), ZX_OK);
	expect_end(&access, ZX_OK);
	assert_int_equal(aspace_model__prot(fx.process, addr), HOST_PROT_READ | HOST_PROT_WRITE);
	assert_int_equal(aspace_model__prot(fx.process, addr + PAGES(1)), HOST_PROT_READ);
	assert_int_equal(vmar__unmap(fx.self, fx.process->root_vmar, addr, PAGES(4)), ZX_OK);
}

/* What comes before the page that is refused is written. */
static void part_is_written(void **state)
{
	struct access access = { .vmo = make(4, ZX_VMO_TRAP_DIRTY), .size = PAGES(3) };
	char *byte;

	(void)state;
	assert_int_equal(supply(access.vmo, 0, 4, 'd'), ZX_OK);
	assert_int_equal(op(access.vmo, DIRTY, 0, 1, 0), ZX_OK);
	access.buffer = user_alloc(PAGES(3));
	memset(access.buffer, 'D', PAGES(3));
	begin(&access, do_write);
	expect_packet(ZX_PAGER_VMO_DIRTY, 1, 2);
	assert_int_equal(refuse(access.vmo, 1, 2, ZX_ERR_NO_SPACE), ZX_OK);
	expect_end(&access, ZX_ERR_NO_SPACE);
	byte = user_scratch();
	assert_int_equal(sys_vmo_read(fx.self, access.vmo, UADDR(byte), PAGES(1) - 1, 2), ZX_OK);
	assert_memory_equal(byte, "Dd", 2);
	expect_ranges(access.vmo, 4, RANGES({ 0, 1, 0 }));
}

/* Of a VMO in many pieces a fault makes more than its page dirty. */
static void many_ranges(void **state)
{
	const uint64_t count = 4096;
	zx_handle_t vmo = make(2 * count + 64, 0);
	struct page_range range;
	uint64_t addr;

	(void)state;
	assert_int_equal(supply(vmo, 0, 2 * count + 64, 'D'), ZX_OK);
	for (uint64_t i = 0; i < count; i++)
		write_byte(vmo, PAGES(2 * i));
	addr = map(vmo, 2 * count + 64);
	assert_int_equal(vmar__fault_in(fx.self, addr + PAGES(2 * count + 40), HOST_PROT_WRITE),
			 ZX_OK);
	assert_true(pager__next_dirty(fixture__object(vmo), PAGES(2 * count), PAGES(2 * count + 64),
				      &range));
	assert_int_equal(range.begin, PAGES(2 * count + 32));
	assert_int_equal(range.end, PAGES(2 * count + 48));
	assert_int_equal(vmar__unmap(fx.self, fx.process->root_vmar, addr, PAGES(2 * count + 64)),
			 ZX_OK);
}

static void dirty_errors(void **state)
{
	struct access access = { .vmo = make(4, ZX_VMO_TRAP_DIRTY), .size = 1 };
	zx_handle_t plain = make(2, 0);

	(void)state;
	assert_int_equal(supply(access.vmo, 0, 1, 'e'), ZX_OK);
	assert_int_equal(op(plain, DIRTY, 0, 9, 0), ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(op(access.vmo, DIRTY, 0, 1, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(op(access.vmo, BEGIN, 0, 1, 2), ZX_ERR_INVALID_ARGS);
	assert_int_equal(op(access.vmo, END, 0, 1, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(op(access.vmo, BEGIN, 0, 5, 0), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(op(access.vmo, END, 4, 1, 0), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(op(access.vmo, DIRTY, 5, 1, 0), ZX_ERR_OUT_OF_RANGE);
	begin(&access, do_write);
	expect_packet(ZX_PAGER_VMO_DIRTY, 0, 1);
	/* A wrong answer is one, too: it is asked again. */
	assert_int_equal(op(access.vmo, DIRTY, 0, 5, 0), ZX_ERR_OUT_OF_RANGE);
	expect_packet(ZX_PAGER_VMO_DIRTY, 0, 1);
	assert_int_equal(op(access.vmo, DIRTY, 0, 2, 0), ZX_ERR_NOT_FOUND);
	expect_packet(ZX_PAGER_VMO_DIRTY, 0, 1);
	expect_ranges(access.vmo, 4, RANGES());
	assert_int_equal(sys_pager_detach_vmo(fx.self, pager, access.vmo), ZX_OK);
	expect_end(&access, ZX_ERR_BAD_STATE);
	assert_int_equal(op(access.vmo, DIRTY, 0, 1, 0), ZX_ERR_BAD_STATE);
}

static void zeros(void **state)
{
	zx_handle_t vmo = make(8, 0);

	(void)state;
	assert_int_equal(supply(vmo, 0, 4, 'f'), ZX_OK);
	write_byte(vmo, 0);
	assert_int_equal(sys_vmo_op_range(fx.self, vmo, ZX_VMO_OP_ZERO, PAGES(1), PAGES(5), 0, 0),
			 ZX_OK);
	expect_no_packet();
	expect_ranges(vmo, 8, RANGES({ 0, 1, 0 }, { 1, 5, 1 }));
	write_byte(vmo, PAGES(3));
	expect_ranges(vmo, 8, RANGES({ 0, 1, 0 }, { 1, 2, 1 }, { 3, 1, 0 }, { 4, 2, 1 }));
	/* Only zeros were written back: the pages are still to be. */
	assert_int_equal(op(vmo, BEGIN, 0, 8, ZX_VMO_DIRTY_RANGE_IS_ZERO), ZX_OK);
	write_byte(vmo, PAGES(4));
	assert_int_equal(op(vmo, END, 0, 8, 0), ZX_OK);
	expect_ranges(vmo, 8, RANGES({ 0, 1, 0 }, { 3, 2, 0 }));
}

/* Clean zeros are the pager's to supply. */
static void clean_zeros_are_gone(void **state)
{
	struct access access = { .vmo = make(2, 0), .offset = PAGES(1), .size = 1 };

	(void)state;
	assert_int_equal(sys_vmo_op_range(fx.self, access.vmo, ZX_VMO_OP_ZERO, PAGES(1), PAGES(1),
					  0, 0),
			 ZX_OK);
	access.buffer = user_alloc(16);
	do_read(fx.self, &access);
	assert_int_equal(access.status, ZX_OK);
	assert_int_equal(op(access.vmo, BEGIN, 1, 1, 0), ZX_OK);
	assert_int_equal(op(access.vmo, END, 1, 1, 0), ZX_OK);
	begin(&access, do_read);
	expect_packet(ZX_PAGER_VMO_READ, 1, 1);
	assert_int_equal(supply(access.vmo, 1, 1, 'g'), ZX_OK);
	expect_end(&access, ZX_OK);
	assert_int_equal(access.buffer[0], 'g');
}

static void parts_of_pages(void **state)
{
	struct access access = { .vmo = make(4, ZX_VMO_TRAP_DIRTY), .offset = 100,
				 .size = PAGES(2) };
	char *byte;

	(void)state;
	begin(&access, do_zero);
	expect_packet(ZX_PAGER_VMO_READ, 0, 1);
	assert_int_equal(supply(access.vmo, 0, 1, 'h'), ZX_OK);
	expect_packet(ZX_PAGER_VMO_DIRTY, 0, 1);
	assert_int_equal(op(access.vmo, DIRTY, 0, 1, 0), ZX_OK);
	expect_packet(ZX_PAGER_VMO_READ, 2, 1);
	assert_int_equal(supply(access.vmo, 2, 1, 'h'), ZX_OK);
	expect_packet(ZX_PAGER_VMO_DIRTY, 2, 1);
	assert_int_equal(op(access.vmo, DIRTY, 2, 1, 0), ZX_OK);
	expect_end(&access, ZX_OK);
	expect_ranges(access.vmo, 4, RANGES({ 0, 1, 0 }, { 1, 1, 1 }, { 2, 1, 0 }));
	byte = user_scratch();
	assert_int_equal(sys_vmo_read(fx.self, access.vmo, UADDR(byte), 99, 2), ZX_OK);
	assert_memory_equal(byte, "h", 2);
	assert_int_equal(sys_vmo_read(fx.self, access.vmo, UADDR(byte), PAGES(2) + 99, 2), ZX_OK);
	assert_memory_equal(byte, "\0h", 2);
	/* What is zero already needs no leave for more zeros; what is to be a page does. */
	access.offset = PAGES(1) + 5;
	access.size = 10;
	do_zero(fx.self, &access);
	assert_int_equal(access.status, ZX_OK);
	access.offset = PAGES(1);
	access.size = PAGES(1);
	begin(&access, do_commit);
	expect_packet(ZX_PAGER_VMO_DIRTY, 1, 1);
	assert_int_equal(op(access.vmo, DIRTY, 1, 1, 0), ZX_OK);
	expect_end(&access, ZX_OK);
	expect_ranges(access.vmo, 4, RANGES({ 0, 3, 0 }));
}

static void sizes(void **state)
{
	zx_handle_t vmo = make(4, ZX_VMO_RESIZABLE | ZX_VMO_TRAP_DIRTY);
	struct access access = { .vmo = vmo, .offset = PAGES(3), .size = PAGES(1) };

	(void)state;
	assert_int_equal(supply(vmo, 0, 4, 'i'), ZX_OK);
	assert_int_equal(op(vmo, DIRTY, 1, 1, 0), ZX_OK);
	begin(&access, do_write);
	expect_packet(ZX_PAGER_VMO_DIRTY, 3, 1);
	assert_int_equal(sys_vmo_set_size(fx.self, vmo, PAGES(3)), ZX_OK);
	expect_end(&access, ZX_ERR_OUT_OF_RANGE);
	expect_no_packet();
	assert_int_equal(sys_vmo_set_size(fx.self, vmo, PAGES(6)), ZX_OK);
	expect_ranges(vmo, 6, RANGES({ 1, 1, 0 }, { 3, 3, 1 }));
	assert_int_equal(sys_vmo_set_size(fx.self, vmo, PAGES(5)), ZX_OK);
	expect_ranges(vmo, 5, RANGES({ 1, 1, 0 }, { 3, 2, 1 }));
	/* Less content: what lies behind it is nobody's business. */
	assert_int_equal(sys_vmo_set_stream_size(fx.self, vmo, PAGES(1)), ZX_OK);
	expect_ranges(vmo, 5, RANGES());
	assert_int_equal(sys_vmo_set_stream_size(fx.self, vmo, PAGES(2)), ZX_OK);
	expect_ranges(vmo, 5, RANGES({ 1, 1, 1 }));
}

static void detach_keeps_dirty_pages(void **state)
{
	struct access access = { .vmo = make(4, 0), .size = 1, .buffer = user_alloc(16) };

	(void)state;
	assert_int_equal(supply(access.vmo, 0, 2, 'j'), ZX_OK);
	write_byte(access.vmo, PAGES(1));
	assert_int_equal(sys_pager_detach_vmo(fx.self, pager, access.vmo), ZX_OK);
	do_read(fx.self, &access);
	assert_int_equal(access.status, ZX_ERR_BAD_STATE);
	access.offset = PAGES(1);
	do_read(fx.self, &access);
	assert_int_equal(access.status, ZX_OK);
	expect_ranges(access.vmo, 4, RANGES({ 1, 1, 0 }));
	assert_int_equal(op(access.vmo, BEGIN, 0, 4, 0), ZX_OK);
	assert_int_equal(op(access.vmo, END, 0, 4, 0), ZX_OK);
	expect_ranges(access.vmo, 4, RANGES());
}

static void query_parts(void **state)
{
	zx_handle_t vmo = make(8, 0);
	zx_handle_t other = make(1, 0);
	zx_vmo_dirty_range_t *got;
	size_t *counts;

	(void)state;
	assert_int_equal(supply(vmo, 0, 8, 'k'), ZX_OK);
	for (uint64_t i = 0; i < 8; i += 2)
		write_byte(vmo, PAGES(i));
	got = user_scratch();
	counts = (size_t *)(got + 4);
	assert_int_equal(sys_pager_query_dirty_ranges(fx.self, pager, vmo, PAGES(2) + 1, PAGES(5),
						      UADDR(got), 2 * sizeof(*got) + 5,
						      UADDR(counts), UADDR(counts + 1)),
			 ZX_OK);
	assert_int_equal(counts[0], 2);
	assert_int_equal(counts[1], 3);
	assert_int_equal(got[1].offset, PAGES(4));
	assert_int_equal(sys_pager_query_dirty_ranges(fx.self, pager, vmo, 0, PAGES(8), 0, 0, 0,
						      UADDR(counts)),
			 ZX_OK);
	assert_int_equal(counts[0], 4);
	assert_int_equal(sys_pager_query_dirty_ranges(fx.self, pager, vmo, 0, PAGES(8), 0, 0,
						      UADDR(counts), 0),
			 ZX_OK);
	assert_int_equal(counts[0], 0);
	assert_int_equal(sys_pager_query_dirty_ranges(fx.self, pager, vmo, 1, PAGES(8), 0, 0, 0, 0),
			 ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_pager_query_dirty_ranges(fx.self, pager, vmo, 0, PAGES(8),
						      FIXTURE_BAD_ADDR, 64, 0, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_pager_query_dirty_ranges(fx.self, pager, make_aux(1, 'k'), 0, 0, 0, 0,
						      0, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_pager_query_dirty_ranges(fx.self, other, vmo, 0, 0, 0, 0, 0, 0),
			 ZX_ERR_WRONG_TYPE);
}

static uint32_t modified(zx_handle_t vmo, uint32_t options)
{
	zx_pager_vmo_stats_t *stats = user_scratch();

	assert_int_equal(sys_pager_query_vmo_stats(fx.self, pager, vmo, options, UADDR(stats),
						   sizeof(*stats)),
			 ZX_OK);
	return stats->modified;
}

static void stats(void **state)
{
	zx_handle_t vmo = make(4, ZX_VMO_RESIZABLE);
	uint64_t addr = map(vmo, 4);
	char *buffer = user_scratch();

	(void)state;
	assert_int_equal(supply(vmo, 0, 4, 'l'), ZX_OK);
	assert_int_equal(modified(vmo, 0), 0);
	write_byte(vmo, 0);
	assert_int_equal(modified(vmo, 0), ZX_PAGER_VMO_STATS_MODIFIED);
	assert_int_equal(vmar__fault_in(fx.self, addr, HOST_PROT_WRITE), ZX_OK);
	assert_int_equal(modified(vmo, ZX_PAGER_RESET_VMO_STATS), ZX_PAGER_VMO_STATS_MODIFIED);
	assert_int_equal(modified(vmo, 0), 0);
	/* A page that is dirty is still noticed when it is written again. */
	assert_int_equal(aspace_model__prot(fx.process, addr), HOST_PROT_READ);
	assert_int_equal(vmar__fault_in(fx.self, addr, HOST_PROT_WRITE), ZX_OK);
	assert_int_equal(aspace_model__prot(fx.process, addr), HOST_PROT_READ | HOST_PROT_WRITE);
	assert_int_equal(modified(vmo, ZX_PAGER_RESET_VMO_STATS), ZX_PAGER_VMO_STATS_MODIFIED);
	assert_int_equal(sys_vmo_set_size(fx.self, vmo, PAGES(3)), ZX_OK);
	assert_int_equal(modified(vmo, ZX_PAGER_RESET_VMO_STATS), ZX_PAGER_VMO_STATS_MODIFIED);
	expect_ranges(vmo, 3, RANGES({ 0, 1, 0 }));
	assert_int_equal(sys_pager_query_vmo_stats(fx.self, pager, vmo, 2, UADDR(buffer), 3),
			 ZX_ERR_BUFFER_TOO_SMALL);
	assert_int_equal(sys_pager_query_vmo_stats(fx.self, pager, vmo, 2, UADDR(buffer), 4),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_pager_query_vmo_stats(fx.self, pager, vmo, 0, FIXTURE_BAD_ADDR, 4),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(vmar__unmap(fx.self, fx.process->root_vmar, addr, PAGES(4)), ZX_OK);
}

/* A VMO of an older system knows nothing of it. */
static void older(void **state)
{
	zx_handle_t vmo;

	(void)state;
	fixture__set_era(ZXERA_2021_01);
	assert_int_equal(create(ZX_VMO_TRAP_DIRTY, 1), ZX_ERR_INVALID_ARGS);
	vmo = make(1, 0);
	assert_int_equal(op(vmo, BEGIN, 0, 1, 0), ZX_ERR_NOT_SUPPORTED);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(op(vmo, BEGIN, 0, 2, 0), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(op(vmo, BEGIN, 0, 1, 0), ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(op(vmo, END, 0, 1, 0), ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(sys_pager_query_dirty_ranges(fx.self, pager, vmo, 0, 1, 0, 0, 0, 0),
			 ZX_ERR_NOT_SUPPORTED);
}

static void cycle(void)
{
	zx_handle_t vmo = make(8, ZX_VMO_RESIZABLE);

	assert_int_equal(supply(vmo, 0, 8, 'm'), ZX_OK);
	for (uint64_t i = 0; i < 8; i += 2)
		write_byte(vmo, PAGES(i));
	assert_int_equal(op(vmo, BEGIN, 0, 5, 0), ZX_OK);
	assert_int_equal(sys_vmo_set_size(fx.self, vmo, PAGES(3) + 1), ZX_OK);
	assert_int_equal(op(vmo, END, 0, 3, 0), ZX_OK);
	fixture__close(vmo);
	expect_packet(ZX_PAGER_VMO_COMPLETE, 0, 0);
}

static void leaks(void **state)
{
	(void)state;
	fixture__check_leaks(cycle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		dirty_case(writes_are_dirty),
		dirty_case(mapped_writes_are_dirty),
		dirty_case(writes_are_asked_for),
		dirty_case(faults_ask),
		dirty_case(part_is_written),
		dirty_case(many_ranges),
		dirty_case(dirty_errors),
		dirty_case(zeros),
		dirty_case(clean_zeros_are_gone),
		dirty_case(parts_of_pages),
		dirty_case(sizes),
		dirty_case(detach_keeps_dirty_pages),
		dirty_case(query_parts),
		dirty_case(stats),
		dirty_case(older),
		dirty_case(leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
