/* VMOs: children of each kind, and memory to be executed. */
#include "tests/core/vmo_tools.h"

static void snapshots(void **state)
{
	zx_handle_t vmo = make_vmo(PAGES(2), 0);
	zx_handle_t child;

	(void)state;
	write_byte(vmo, 0, 'a');
	child = make_child(vmo, ZX_VMO_CHILD_SNAPSHOT, 0, PAGES(3));
	write_byte(vmo, 0, 'b');
	write_byte(child, 1, 'c');
	assert_int_equal(read_byte(child, 0), 'a');
	assert_int_equal(read_byte(vmo, 1), 0);
	/* Beyond the parent there are zeros. */
	assert_int_equal(size_of(child), PAGES(3));
	assert_int_equal(read_byte(child, PAGES(2)), 0);
	assert_int_equal(fixture__signals(fixture__object(vmo)) & ZX_VMO_ZERO_CHILDREN, 0);
	fixture__close(child);
	assert_int_not_equal(fixture__signals(fixture__object(vmo)) & ZX_VMO_ZERO_CHILDREN, 0);
}

static void slices(void **state)
{
	zx_handle_t vmo = make_vmo(PAGES(3), 0);
	zx_handle_t slice = make_child(vmo, ZX_VMO_CHILD_SLICE, PAGES(1), PAGES(1));

	(void)state;
	write_byte(slice, 5, 'a');
	assert_int_equal(read_byte(vmo, PAGES(1) + 5), 'a');
	write_byte(vmo, PAGES(1) + 6, 'b');
	assert_int_equal(read_byte(slice, 6), 'b');
	assert_int_equal(create_child(vmo, ZX_VMO_CHILD_SLICE, PAGES(1), PAGES(3)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(create_child(vmo, ZX_VMO_CHILD_SLICE, 1, PAGES(1)), ZX_ERR_INVALID_ARGS);
	assert_int_equal(create_child(vmo, ZX_VMO_CHILD_SLICE | ZX_VMO_CHILD_RESIZABLE, 0, 1),
			 ZX_ERR_INVALID_ARGS);
	vmo = make_vmo(PAGES(1), ZX_VMO_RESIZABLE);
	assert_int_equal(create_child(vmo, ZX_VMO_CHILD_SLICE, 0, PAGES(1)), ZX_ERR_NOT_SUPPORTED);
}

static void references(void **state)
{
	zx_handle_t vmo = make_vmo(PAGES(1), 0);
	zx_handle_t child;

	(void)state;
	assert_int_equal(create_child(vmo, ZX_VMO_CHILD_REFERENCE, 0, 0), ZX_ERR_INVALID_ARGS);
	fixture__set_era(ZXERA_NEWEST);
	child = make_child(vmo, ZX_VMO_CHILD_REFERENCE, 0, 0);
	write_byte(vmo, 0, 'a');
	assert_int_equal(read_byte(child, 0), 'a');
	assert_int_equal(create_child(vmo, ZX_VMO_CHILD_REFERENCE, 0, PAGES(1)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(create_child(vmo, ZX_VMO_CHILD_REFERENCE | ZX_VMO_CHILD_RESIZABLE, 0, 0),
			 ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(sys_vmo_set_size(fx.self, child, PAGES(2)), ZX_ERR_UNAVAILABLE);
	child = make_child(vmo, ZX_VMO_CHILD_SLICE, 0, PAGES(1));
	assert_int_equal(create_child(child, ZX_VMO_CHILD_REFERENCE, 0, 0), ZX_ERR_NOT_SUPPORTED);
}

/* A reference has the sizes of its parent, and may change them. */
static void references_that_resize(void **state)
{
	uint64_t *size = user_new(uint64_t);
	zx_handle_t vmo;
	zx_handle_t fixed;
	zx_handle_t other;

	(void)state;
	fixture__set_era(ZXERA_NEWEST);
	vmo = make_vmo(PAGES(2), ZX_VMO_RESIZABLE);
	fixed = make_child(vmo, ZX_VMO_CHILD_REFERENCE, 0, 0);
	other = make_child(vmo, ZX_VMO_CHILD_REFERENCE | ZX_VMO_CHILD_RESIZABLE, 0, 0);
	assert_int_equal(create_child(weaker(vmo, ZX_RIGHT_RESIZE),
				      ZX_VMO_CHILD_REFERENCE | ZX_VMO_CHILD_RESIZABLE, 0, 0),
			 ZX_OK);
	assert_int_equal(create_child(fixed, ZX_VMO_CHILD_SLICE, 0, PAGES(1)),
			 ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(sys_vmo_set_size(fx.self, other, PAGES(5)), ZX_OK);
	assert_int_equal(size_of(vmo), PAGES(5));
	assert_int_equal(size_of(fixed), PAGES(5));
	write_byte(fixed, PAGES(4), 'a');
	assert_int_equal(read_byte(vmo, PAGES(4)), 'a');
	assert_int_equal(sys_vmo_set_size(fx.self, vmo, PAGES(1)), ZX_OK);
	assert_int_equal(size_of(other), PAGES(1));
	assert_int_equal(sys_vmo_set_stream_size(fx.self, fixed, 100), ZX_OK);
	assert_int_equal(sys_vmo_get_stream_size(fx.self, vmo, UADDR(size)), ZX_OK);
	assert_int_equal(*size, 100);
	assert_int_equal(sys_vmo_set_size(fx.self, fixed, PAGES(2)), ZX_ERR_ACCESS_DENIED);
	fixture__close(vmo);
	write_byte(other, 0, 'b');
	assert_int_equal(read_byte(fixed, 0), 'b');
}

static void child_options(void **state)
{
	zx_handle_t vmo = make_vmo(PAGES(1), 0);

	(void)state;
	assert_int_equal(create_child(vmo, 0, 0, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(create_child(vmo, ZX_VMO_CHILD_RESIZABLE, 0, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(create_child(vmo, ZX_VMO_CHILD_SNAPSHOT | 2, 0, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(create_child(vmo, ZX_VMO_CHILD_SNAPSHOT |
						   ZX_VMO_CHILD_SNAPSHOT_AT_LEAST_ON_WRITE,
				      0, 1),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(create_child(vmo, ZX_VMO_CHILD_SNAPSHOT, 1, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(create_child(vmo, ZX_VMO_CHILD_SNAPSHOT, 0, UINT64_MAX),
			 ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(create_child(weaker(vmo, ZX_RIGHT_READ), ZX_VMO_CHILD_SNAPSHOT, 0, 1),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(create_child(weaker(vmo, ZX_RIGHT_DUPLICATE), ZX_VMO_CHILD_SNAPSHOT, 0, 1),
			 ZX_ERR_ACCESS_DENIED);
	make_child(vmo, ZX_VMO_CHILD_SNAPSHOT_AT_LEAST_ON_WRITE | ZX_VMO_CHILD_RESIZABLE, 0, 1);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(create_child(vmo, ZX_VMO_CHILD_SNAPSHOT | ZX_VMO_CHILD_RESIZABLE |
						   ZX_VMO_CHILD_NO_WRITE,
				      0, 1),
			 ZX_ERR_INVALID_ARGS);
}

static void child_rights(void **state)
{
	zx_handle_t vmo = make_vmo(PAGES(1), 0);
	zx_handle_t *out = user_new(zx_handle_t);
	zx_handle_t poor;
	zx_handle_t child;

	(void)state;
	assert_int_equal(sys_vmo_replace_as_executable(fx.self, vmo, ZX_HANDLE_INVALID, UADDR(out)),
			 ZX_OK);
	vmo = *out;
	assert_int_equal(fixture__rights(vmo), ZX_DEFAULT_VMO_RIGHTS | ZX_RIGHT_EXECUTE);
	/* A copy to write to cannot be run; one without writing can. */
	poor = weaker(vmo, ZX_RIGHT_WRITE | ZX_RIGHTS_PROPERTY);
	child = make_child(poor, ZX_VMO_CHILD_SNAPSHOT, 0, 1);
	assert_int_equal(fixture__rights(child), ZX_DEFAULT_VMO_RIGHTS);
	child = make_child(poor, ZX_VMO_CHILD_SNAPSHOT | ZX_VMO_CHILD_NO_WRITE, 0, 1);
	assert_int_equal(fixture__rights(child),
			 (ZX_DEFAULT_VMO_RIGHTS | ZX_RIGHT_EXECUTE) & ~ZX_RIGHT_WRITE);
	/* A slice is as good as its parent's handle. */
	child = make_child(poor, ZX_VMO_CHILD_SLICE, 0, PAGES(1));
	assert_int_equal(fixture__rights(child),
			 (ZX_DEFAULT_VMO_RIGHTS | ZX_RIGHT_EXECUTE) & ~ZX_RIGHT_WRITE);
	fixture__set_era(ZXERA_NEWEST);
	child = make_child(vmo, ZX_VMO_CHILD_SNAPSHOT | ZX_VMO_CHILD_RESIZABLE, 0, 1);
	assert_int_equal(fixture__rights(child), ZX_DEFAULT_VMO_RIGHTS | ZX_RIGHT_RESIZE);
}

static void child_names(void **state)
{
	zx_handle_t vmo = make_vmo(PAGES(1), 0);
	struct vmo *child;

	(void)state;
	vmo__set_name(fixture__object(vmo), "parent");
	child = fixture__object(make_child(vmo, ZX_VMO_CHILD_SNAPSHOT, 0, 1));
	assert_string_equal(child->name, "parent");
	child = fixture__object(make_child(weaker(vmo, ZX_RIGHT_GET_PROPERTY),
					   ZX_VMO_CHILD_SNAPSHOT, 0, 1));
	assert_string_equal(child->name, "");
}

static void clones_of_2018(void **state)
{
	zx_handle_t *out = user_new(zx_handle_t);
	zx_handle_t vmo;

	(void)state;
	fixture__set_era(ZXERA_2018_12);
	vmo = make_vmo(PAGES(1), 0);
	write_byte(vmo, 0, 'a');
	assert_int_equal(sys_vmo_clone(fx.self, vmo, 0, 0, PAGES(1), UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmo_clone(fx.self, vmo, 4 | ZX_VMO_CLONE_COPY_ON_WRITE_2018, 0,
				       PAGES(1), UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmo_clone(fx.self, weaker(vmo, ZX_RIGHT_WRITE),
				       ZX_VMO_CLONE_COPY_ON_WRITE_2018, 0, PAGES(1), UADDR(out)),
			 ZX_OK);
	assert_int_equal(fixture__rights(*out), ZX_DEFAULT_VMO_RIGHTS_2018);
	assert_int_equal(read_byte(*out, 0), 'a');
	/* It was no snapshot yet. */
	write_byte(vmo, 1, 'b');
	assert_int_equal(read_byte(*out, 1), 'b');
	assert_int_equal(sys_vmo_set_size(fx.self, *out, PAGES(2)), ZX_OK);
	assert_int_equal(sys_vmo_clone(fx.self, vmo,
				       ZX_VMO_CLONE_COPY_ON_WRITE_2018 |
					       ZX_VMO_CLONE_NON_RESIZEABLE_2018,
				       0, PAGES(1), UADDR(out)),
			 ZX_OK);
	assert_int_equal(sys_vmo_set_size(fx.self, *out, PAGES(2)), ZX_ERR_UNAVAILABLE);
}

static void replace_as_executable(void **state)
{
	zx_handle_t *out = user_new(zx_handle_t);
	zx_handle_t vmo = make_vmo(PAGES(1), 0);
	zx_handle_t other = make_vmo(PAGES(1), 0);

	(void)state;
	/* Whatever goes wrong, the handle is used up. */
	assert_int_equal(sys_vmo_replace_as_executable(fx.self, vmo, other, UADDR(out)),
			 ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_handle_check_valid(fx.self, vmo), ZX_ERR_NOT_FOUND);
	vmo = make_vmo(PAGES(1), 0);
	assert_int_equal(sys_vmo_replace_as_executable(fx.self, vmo, 3, UADDR(out)),
			 ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_handle_check_valid(fx.self, vmo), ZX_ERR_NOT_FOUND);
	assert_int_equal(sys_vmo_replace_as_executable(fx.self, 3, ZX_HANDLE_INVALID, UADDR(out)),
			 ZX_ERR_BAD_HANDLE);
	object__get(&core_root->root_job->object);
	other = fixture__handle(&core_root->root_job->object, ZX_RIGHTS_BASIC);
	assert_int_equal(sys_vmo_replace_as_executable(fx.self, other, ZX_HANDLE_INVALID,
						       UADDR(out)),
			 ZX_ERR_BAD_HANDLE);
	/* vmex is judged first. */
	object__get(&core_root->root_job->object);
	other = fixture__handle(&core_root->root_job->object, ZX_RIGHTS_BASIC);
	vmo = make_vmo(PAGES(1), 0);
	assert_int_equal(sys_vmo_replace_as_executable(fx.self, other, vmo, UADDR(out)),
			 ZX_ERR_WRONG_TYPE);
	vmo = make_vmo(PAGES(1), 0);
	assert_int_equal(sys_vmo_replace_as_executable(fx.self, vmo, ZX_HANDLE_INVALID,
						       FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_handle_check_valid(fx.self, vmo), ZX_ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(snapshots),
		test_case(slices),
		test_case(references),
		test_case(references_that_resize),
		test_case(child_options),
		test_case(child_rights),
		test_case(child_names),
		test_case(clones_of_2018),
		test_case(replace_as_executable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
