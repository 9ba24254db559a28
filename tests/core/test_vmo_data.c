/* Which pages of a VMO hold something: its own, shared ones, none that a pager has to supply. */
#include "compat/core/vmo.h"
#include "tests/core/pager_helpers.h"

static struct vmo *make_plain(uint64_t count)
{
	struct vmo *vmo;

	assert_int_equal(vmo__create(PAGES(count), true, &vmo), ZX_OK);
	return vmo;
}

static void set(struct vmo *vmo, uint64_t page)
{
	assert_int_equal(vmo__write(vmo, "x", PAGES(page), 1), ZX_OK);
}

/* The next run in pages [from, end) is [begin, stop). */
static void expect(struct vmo *vmo, uint64_t from, uint64_t end, uint64_t begin, uint64_t stop)
{
	uint64_t found = 0;
	uint64_t to = 0;

	assert_true(vmo__next_data(vmo, PAGES(from), PAGES(end), &found, &to));
	assert_int_equal(found, PAGES(begin));
	assert_int_equal(to, PAGES(stop));
}

static void expect_none(struct vmo *vmo, uint64_t from, uint64_t end)
{
	uint64_t found;
	uint64_t to;

	assert_false(vmo__next_data(vmo, PAGES(from), PAGES(end), &found, &to));
}

static void own_pages(void **state)
{
	struct vmo *vmo = make_plain(8);

	(void)state;
	expect_none(vmo, 0, 8);
	set(vmo, 1);
	set(vmo, 2);
	set(vmo, 5);
	expect(vmo, 0, 8, 1, 3);
	expect(vmo, 2, 8, 2, 3);
	expect(vmo, 3, 8, 5, 6);
	expect(vmo, 0, 2, 1, 2);
	expect_none(vmo, 3, 5);
	expect_none(vmo, 6, 8);
	/* Behind the end there is nothing. */
	expect(vmo, 5, 100, 5, 6);
	expect_none(vmo, 8, 100);
	object__put(&vmo->object);
}

static void shared_pages(void **state)
{
	struct vmo *parent = make_plain(8);
	struct vmo *child;

	(void)state;
	set(parent, 2);
	set(parent, 6);
	assert_int_equal(vmo__create_snapshot(parent, PAGES(1), PAGES(6), false, &child), ZX_OK);
	set(child, 3);
	set(parent, 7);
	expect(child, 0, 6, 1, 2);
	expect(child, 2, 6, 3, 4);
	expect(child, 4, 6, 5, 6);
	expect(parent, 3, 8, 6, 7);
	expect(parent, 7, 8, 7, 8);
	object__put(&child->object);
	object__put(&parent->object);
}

static void windows(void **state)
{
	struct vmo *parent = make_plain(8);
	struct vmo *slice;

	(void)state;
	parent->resizable = false;
	set(parent, 0);
	set(parent, 4);
	set(parent, 7);
	assert_int_equal(vmo__create_slice(parent, PAGES(3), PAGES(3), &slice), ZX_OK);
	expect(slice, 0, 3, 1, 2);
	expect_none(slice, 2, 3);
	expect_none(slice, 2, 8);
	object__put(&slice->object);
	object__put(&parent->object);
}

static void missing_pages(void **state)
{
	zx_handle_t handle = make(4, 0);
	struct vmo *vmo;

	(void)state;
	assert_int_equal(handle__get(fx.self, handle, ZX_OBJ_TYPE_VMO, 0, &vmo), ZX_OK);
	expect_none(vmo, 0, 4);
	assert_int_equal(supply(handle, 1, 2, 'x'), ZX_OK);
	expect(vmo, 0, 4, 1, 3);
	expect_none(vmo, 3, 4);
	object__put(&vmo->object);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		pager_case(own_pages),
		pager_case(shared_pages),
		pager_case(windows),
		pager_case(missing_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
