/* The calls on VMOs. */
#include "tests/core/vmo_tools.h"

static void create(void **state)
{
	zx_handle_t *out = user_new(zx_handle_t);
	zx_handle_t vmo = make_vmo(5000, 0);

	(void)state;
	assert_int_equal(size_of(vmo), PAGES(2));
	assert_int_equal(fixture__rights(vmo), ZX_DEFAULT_VMO_RIGHTS);
	assert_int_equal(sys_vmo_create(fx.self, 1, 1, UADDR(out)), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmo_create(fx.self, 1, ZX_VMO_DISCARDABLE, UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmo_create(fx.self, UINT64_MAX, 0, UADDR(out)), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_vmo_create(fx.self, 1, 0, FIXTURE_BAD_ADDR), ZX_ERR_INVALID_ARGS);
	assert_int_equal(fx.process->handles.count, 1);
}

/* The same options say the opposite in 2018, and rights grew. */
static void create_by_era(void **state)
{
	zx_handle_t vmo;

	(void)state;
	fixture__set_era(ZXERA_2018_12);
	vmo = make_vmo(1, 0);
	assert_int_equal(fixture__rights(vmo), ZX_DEFAULT_VMO_RIGHTS_2018);
	assert_int_equal(sys_vmo_set_size(fx.self, vmo, PAGES(3)), ZX_OK);
	vmo = make_vmo(1, ZX_VMO_NON_RESIZABLE_2018);
	assert_int_equal(sys_vmo_set_size(fx.self, vmo, PAGES(3)), ZX_ERR_UNAVAILABLE);
	fixture__set_era(ZXERA_2020_07);
	vmo = make_vmo(1, 0);
	assert_int_equal(sys_vmo_set_size(fx.self, vmo, PAGES(3)), ZX_ERR_UNAVAILABLE);
	fixture__set_era(ZXERA_NEWEST);
	vmo = make_vmo(1, ZX_VMO_RESIZABLE);
	assert_int_equal(fixture__rights(vmo), ZX_DEFAULT_VMO_RIGHTS | ZX_RIGHT_RESIZE);
	assert_int_equal(sys_vmo_set_size(fx.self, weaker(vmo, ZX_RIGHT_RESIZE), PAGES(3)),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_vmo_set_size(fx.self, weaker(vmo, ZX_RIGHT_WRITE), PAGES(3)),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_vmo_set_size(fx.self, vmo, PAGES(3)), ZX_OK);
	assert_int_equal(size_of(vmo), PAGES(3));
}

/* As large as can be, with content that is smaller. */
static void unbounded(void **state)
{
	zx_handle_t *out = user_new(zx_handle_t);
	uint64_t *size = user_new(uint64_t);
	zx_handle_t vmo;

	(void)state;
	assert_int_equal(sys_vmo_create(fx.self, 1, ZX_VMO_UNBOUNDED, UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(sys_vmo_create(fx.self, 1, ZX_VMO_UNBOUNDED | ZX_VMO_RESIZABLE,
					UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmo_create(fx.self, UINT64_MAX, ZX_VMO_UNBOUNDED, UADDR(out)),
			 ZX_ERR_OUT_OF_RANGE);
	vmo = make_vmo(5000, ZX_VMO_UNBOUNDED);
	assert_true(size_of(vmo) > 1ull << 62);
	assert_int_equal(sys_vmo_get_stream_size(fx.self, vmo, UADDR(size)), ZX_OK);
	assert_int_equal(*size, 5000);
	write_byte(vmo, 1ull << 40, 'a');
	assert_int_equal(read_byte(vmo, 1ull << 40), 'a');
	assert_int_equal(sys_vmo_set_size(fx.self, vmo, 1), ZX_ERR_UNAVAILABLE);
	assert_int_equal(sys_vmo_set_stream_size(fx.self, vmo, 1ull << 41), ZX_OK);
	assert_int_equal(sys_vmo_set_stream_size(fx.self, vmo, 1), ZX_OK);
	assert_int_equal(read_byte(vmo, 1ull << 40), 0);
}

/* Larger than what is copied at a time. */
static void read_and_write(void **state)
{
	const size_t size = 300000;
	zx_handle_t vmo = make_vmo(size, 0);
	char *out = user_alloc(size);
	char *in = user_alloc(size);

	(void)state;
	for (size_t i = 0; i < size; i++)
		in[i] = (char)(i * 7 + (i >> 8));
	assert_int_equal(sys_vmo_write(fx.self, vmo, UADDR(in), 3, size - 3), ZX_OK);
	assert_int_equal(sys_vmo_read(fx.self, vmo, UADDR(out), 3, size - 3), ZX_OK);
	assert_memory_equal(in, out, size - 3);
	assert_int_equal(read_byte(vmo, 0), 0);
	/* All or nothing. */
	assert_int_equal(sys_vmo_read(fx.self, vmo, UADDR(out), size_of(vmo), 1),
			 ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_vmo_read(fx.self, vmo, UADDR(out), 1, size_of(vmo)),
			 ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_vmo_write(fx.self, vmo, UADDR(out), UINT64_MAX, 2),
			 ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_vmo_read(fx.self, vmo, UADDR(out), size_of(vmo), 0), ZX_OK);
}

static void read_and_write_errors(void **state)
{
	zx_handle_t vmo = make_vmo(PAGES(1), 0);
	char *buffer = user_alloc(16);

	(void)state;
	assert_int_equal(sys_vmo_read(fx.self, weaker(vmo, ZX_RIGHT_READ), UADDR(buffer), 0, 1),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_vmo_write(fx.self, weaker(vmo, ZX_RIGHT_WRITE), UADDR(buffer), 0, 1),
			 ZX_ERR_ACCESS_DENIED);
	fixture__set_era(ZXERA_2019_01);
	assert_int_equal(sys_vmo_read(fx.self, vmo, FIXTURE_BAD_ADDR, 0, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmo_write(fx.self, vmo, FIXTURE_BAD_ADDR, 0, 1), ZX_ERR_INVALID_ARGS);
	fixture__set_era(ZXERA_2020_07);
	assert_int_equal(sys_vmo_read(fx.self, vmo, FIXTURE_BAD_ADDR, 0, 1), ZX_ERR_NOT_FOUND);
	assert_int_equal(sys_vmo_write(fx.self, vmo, FIXTURE_BAD_ADDR, 0, 1), ZX_ERR_NOT_FOUND);
	assert_int_equal(sys_vmo_read(fx.self, 3, UADDR(buffer), 0, 1), ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_vmo_get_size(fx.self, vmo, FIXTURE_BAD_ADDR), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmo_get_size(fx.self, 3, UADDR(buffer)), ZX_ERR_BAD_HANDLE);
}

static void shrinking_forgets(void **state)
{
	zx_handle_t vmo = make_vmo(PAGES(2), ZX_VMO_RESIZABLE);

	(void)state;
	write_byte(vmo, 100, 'a');
	write_byte(vmo, PAGES(1) + 100, 'b');
	assert_int_equal(sys_vmo_set_size(fx.self, vmo, PAGES(1)), ZX_OK);
	assert_int_equal(sys_vmo_set_size(fx.self, vmo, PAGES(2)), ZX_OK);
	assert_int_equal(read_byte(vmo, 100), 'a');
	assert_int_equal(read_byte(vmo, PAGES(1) + 100), 0);
	assert_int_equal(sys_vmo_set_size(fx.self, vmo, UINT64_MAX), ZX_ERR_OUT_OF_RANGE);
}

/* Until some time after 2021-01: libmemfs counts on it. */
static void content_begins_empty(void **state)
{
	zx_handle_t vmo = make_vmo(5000, ZX_VMO_RESIZABLE);
	uint64_t *content = user_new(uint64_t);

	(void)state;
	assert_int_equal(sys_object_get_property(fx.self, vmo, ZX_PROP_VMO_CONTENT_SIZE,
						 UADDR(content), sizeof(*content)),
			 ZX_OK);
	assert_int_equal(*content, 0);
	*content = 300;
	assert_int_equal(sys_object_set_property(fx.self, vmo, ZX_PROP_VMO_CONTENT_SIZE,
						 UADDR(content), sizeof(*content)),
			 ZX_OK);
	assert_int_equal(sys_vmo_set_size(fx.self, vmo, PAGES(4)), ZX_OK);
	assert_int_equal(sys_object_get_property(fx.self, vmo, ZX_PROP_VMO_CONTENT_SIZE,
						 UADDR(content), sizeof(*content)),
			 ZX_OK);
	assert_int_equal(*content, 300);
}

static void stream_size(void **state)
{
	uint64_t *size = user_new(uint64_t);
	zx_handle_t vmo;

	(void)state;
	fixture__set_era(ZXERA_NEWEST);
	vmo = make_vmo(5000, 0);
	assert_int_equal(sys_vmo_get_stream_size(fx.self, vmo, UADDR(size)), ZX_OK);
	assert_int_equal(*size, 5000);
	write_byte(vmo, 200, 'a');
	assert_int_equal(sys_vmo_set_stream_size(fx.self, vmo, 100), ZX_OK);
	assert_int_equal(sys_vmo_get_stream_size(fx.self, vmo, UADDR(size)), ZX_OK);
	assert_int_equal(*size, 100);
	assert_int_equal(sys_vmo_set_stream_size(fx.self, vmo, 300), ZX_OK);
	assert_int_equal(read_byte(vmo, 200), 0);
	/* What was written behind the content is no content later. */
	write_byte(vmo, 299, 'b');
	write_byte(vmo, 400, 'c');
	assert_int_equal(sys_vmo_set_stream_size(fx.self, vmo, 5000), ZX_OK);
	assert_int_equal(read_byte(vmo, 299), 'b');
	assert_int_equal(read_byte(vmo, 400), 0);
	assert_int_equal(sys_vmo_set_stream_size(fx.self, vmo, PAGES(2) + 1), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_vmo_set_stream_size(fx.self, weaker(vmo, ZX_RIGHT_WRITE), 1),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(size_of(vmo), PAGES(2));
}

static void op_range(void **state)
{
	zx_handle_t vmo = make_vmo(PAGES(4), 0);
	zx_handle_t read_only = weaker(vmo, ZX_RIGHT_WRITE);

	(void)state;
	write_byte(vmo, 10, 'a');
	write_byte(vmo, PAGES(1), 'b');
	assert_int_equal(sys_vmo_op_range(fx.self, vmo, ZX_VMO_OP_COMMIT, 0, PAGES(4), 0, 0),
			 ZX_OK);
	assert_int_equal(sys_vmo_op_range(fx.self, vmo, ZX_VMO_OP_ZERO, 10, 1, 0, 0), ZX_OK);
	assert_int_equal(read_byte(vmo, 10), 0);
	assert_int_equal(read_byte(vmo, PAGES(1)), 'b');
	assert_int_equal(sys_vmo_op_range(fx.self, vmo, ZX_VMO_OP_DECOMMIT, 0, PAGES(4), 0, 0),
			 ZX_OK);
	assert_int_equal(read_byte(vmo, PAGES(1)), 0);
	assert_int_equal(sys_vmo_op_range(fx.self, read_only, ZX_VMO_OP_COMMIT, 0, 1, 0, 0),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_vmo_op_range(fx.self, read_only, ZX_VMO_OP_CACHE_SYNC, 0, 1, 0, 0),
			 ZX_OK);
	assert_int_equal(sys_vmo_op_range(fx.self, vmo, 0, 0, 1, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmo_op_range(fx.self, vmo, 5, 0, 1, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmo_op_range(fx.self, vmo, ZX_VMO_OP_LOCK, 0, 1, 0, 0),
			 ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(sys_vmo_op_range(fx.self, vmo, 99, 0, 1, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmo_op_range(fx.self, vmo, ZX_VMO_OP_PREFETCH, 0, 1, 0, 0),
			 ZX_ERR_INVALID_ARGS);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(sys_vmo_op_range(fx.self, vmo, ZX_VMO_OP_PREFETCH, 0, 1, 0, 0), ZX_OK);
	fixture__set_era(ZXERA_2018_12);
	assert_int_equal(sys_vmo_op_range(fx.self, vmo, ZX_VMO_OP_ZERO, 0, 1, 0, 0),
			 ZX_ERR_INVALID_ARGS);
}

/* What is zero anyway gets no memory by being made zero. */
static void zero_parts(void **state)
{
	zx_handle_t vmo = make_vmo(PAGES(3), 0);

	(void)state;
	assert_int_equal(sys_vmo_op_range(fx.self, vmo, ZX_VMO_OP_ZERO, 100, PAGES(2), 0, 0),
			 ZX_OK);
	assert_int_equal(vmo__committed(fixture__object(vmo)), 0);
	write_byte(vmo, PAGES(1) - 1, 'a');
	write_byte(vmo, PAGES(2), 'b');
	assert_int_equal(sys_vmo_op_range(fx.self, vmo, ZX_VMO_OP_ZERO, PAGES(1) - 1,
					  PAGES(1) + 2, 0, 0),
			 ZX_OK);
	assert_int_equal(read_byte(vmo, PAGES(1) - 1), 0);
	assert_int_equal(read_byte(vmo, PAGES(2)), 0);
}

static zx_status_t op(zx_handle_t vmo, uint32_t what, uint64_t offset, uint64_t size)
{
	return sys_vmo_op_range(fx.self, vmo, what, offset, size, 0, 0);
}

/* To 2021-01 the range was cut where the VMO ends. */
static void commit_by_era(void **state)
{
	zx_handle_t vmo = make_vmo(PAGES(4), 0);

	(void)state;
	for (uint32_t era = ZXERA_2018_07; era <= ZXERA_2021_01; era++) {
		fixture__set_era(era);
		assert_int_equal(op(vmo, ZX_VMO_OP_COMMIT, PAGES(3), PAGES(9)), ZX_OK);
		assert_int_equal(op(vmo, ZX_VMO_OP_COMMIT, PAGES(4), 1), ZX_OK);
		assert_int_equal(op(vmo, ZX_VMO_OP_COMMIT, PAGES(5), 0), ZX_ERR_OUT_OF_RANGE);
		assert_int_equal(op(vmo, ZX_VMO_OP_COMMIT, 1, UINT64_MAX), ZX_ERR_OUT_OF_RANGE);
		write_byte(vmo, PAGES(3), 'a');
		assert_int_equal(op(vmo, ZX_VMO_OP_DECOMMIT, PAGES(3), PAGES(9)), ZX_OK);
		assert_int_equal(read_byte(vmo, PAGES(3)), 0);
	}
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(op(vmo, ZX_VMO_OP_COMMIT, PAGES(4), 1), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(op(vmo, ZX_VMO_OP_DECOMMIT, PAGES(3), PAGES(2)), ZX_ERR_OUT_OF_RANGE);
}

/* From 2020 on whole pages, and none that a snapshot shares. */
static void decommit_by_era(void **state)
{
	zx_handle_t vmo = make_vmo(PAGES(4), 0);
	zx_handle_t slice = make_child(vmo, ZX_VMO_CHILD_SLICE, PAGES(1), PAGES(2));
	zx_handle_t child;
	zx_handle_t grandchild;

	(void)state;
	write_byte(vmo, PAGES(1), 'a');
	assert_int_equal(op(vmo, ZX_VMO_OP_DECOMMIT, PAGES(1) + 1, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(op(vmo, ZX_VMO_OP_DECOMMIT, PAGES(1), 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(op(vmo, ZX_VMO_OP_DECOMMIT, 1, 0), ZX_OK);
	assert_int_equal(op(slice, ZX_VMO_OP_DECOMMIT, 0, PAGES(1)), ZX_OK);
	assert_int_equal(read_byte(vmo, PAGES(1)), 0);
	child = make_child(vmo, ZX_VMO_CHILD_SNAPSHOT, 0, PAGES(4));
	grandchild = make_child(child, ZX_VMO_CHILD_SNAPSHOT, 0, PAGES(4));
	assert_int_equal(op(vmo, ZX_VMO_OP_DECOMMIT, 1, 1), ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(op(slice, ZX_VMO_OP_DECOMMIT, 0, PAGES(1)), ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(op(child, ZX_VMO_OP_DECOMMIT, 0, PAGES(1)), ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(op(grandchild, ZX_VMO_OP_DECOMMIT, 0, PAGES(1)), ZX_ERR_NOT_SUPPORTED);
	fixture__close(child);
	assert_int_equal(op(grandchild, ZX_VMO_OP_DECOMMIT, 0, PAGES(1)), ZX_ERR_NOT_SUPPORTED);
	fixture__close(slice);
	fixture__close(vmo);
	/* All others are gone: it is on its own. */
	assert_int_equal(op(grandchild, ZX_VMO_OP_DECOMMIT, 0, PAGES(1)), ZX_OK);
	fixture__set_era(ZXERA_2018_12);
	vmo = make_vmo(PAGES(2), 0);
	write_byte(vmo, 5, 'a');
	assert_int_equal(op(vmo, ZX_VMO_OP_DECOMMIT, 1, 1), ZX_OK);
	assert_int_equal(read_byte(vmo, 5), 0);
}

static zx_status_t lock(zx_handle_t vmo, uint32_t what, uint64_t size, void *buffer, size_t room)
{
	return sys_vmo_op_range(fx.self, vmo, what, 0, size, UADDR(buffer), room);
}

static void discardable(void **state)
{
	zx_vmo_lock_state_t *locked = user_new(zx_vmo_lock_state_t);
	zx_handle_t plain = make_vmo(PAGES(2), 0);
	zx_handle_t vmo;

	(void)state;
	fixture__set_era(ZXERA_NEWEST);
	vmo = make_vmo(PAGES(2), ZX_VMO_DISCARDABLE);
	assert_int_equal(lock(plain, ZX_VMO_OP_TRY_LOCK, PAGES(2), NULL, 0), ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(lock(vmo, ZX_VMO_OP_UNLOCK, PAGES(2), NULL, 0), ZX_ERR_BAD_STATE);
	assert_int_equal(lock(vmo, ZX_VMO_OP_TRY_LOCK, PAGES(1), NULL, 0), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(lock(weaker(vmo, ZX_RIGHTS_IO), ZX_VMO_OP_TRY_LOCK, PAGES(2), NULL, 0),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(lock(weaker(vmo, ZX_RIGHT_WRITE), ZX_VMO_OP_TRY_LOCK, PAGES(2), NULL, 0),
			 ZX_OK);
	locked->discarded_size = 77;
	assert_int_equal(lock(vmo, ZX_VMO_OP_LOCK, PAGES(2), locked, sizeof(*locked)), ZX_OK);
	assert_int_equal(locked->size, PAGES(2));
	assert_int_equal(locked->discarded_size, 0);
	/* A lock whose answer cannot be given is not held. */
	assert_int_equal(lock(vmo, ZX_VMO_OP_LOCK, PAGES(2), locked, sizeof(*locked) - 1),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(lock(vmo, ZX_VMO_OP_LOCK, PAGES(2), (void *)FIXTURE_BAD_ADDR,
			      sizeof(*locked)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(lock(vmo, ZX_VMO_OP_UNLOCK, PAGES(2), NULL, 0), ZX_OK);
	assert_int_equal(lock(vmo, ZX_VMO_OP_UNLOCK, PAGES(2), NULL, 0), ZX_OK);
	assert_int_equal(lock(vmo, ZX_VMO_OP_UNLOCK, PAGES(2), NULL, 0), ZX_ERR_BAD_STATE);
	assert_int_equal(create_child(vmo, ZX_VMO_CHILD_SNAPSHOT, 0, 1), ZX_ERR_NOT_SUPPORTED);
}

static zx_status_t transfer(zx_handle_t dst, uint64_t offset, uint64_t size, zx_handle_t src,
			    uint64_t src_offset)
{
	return sys_vmo_transfer_data(fx.self, dst, 0, offset, size, src, src_offset);
}

static void transfer_data(void **state)
{
	zx_handle_t src;
	zx_handle_t dst;

	(void)state;
	fixture__set_era(ZXERA_NEWEST);
	src = make_vmo(PAGES(40), 0);
	dst = make_vmo(PAGES(40), 0);
	for (uint64_t i = 0; i < 40; i += 2)
		write_byte(src, PAGES(i), (char)(i + 1));
	write_byte(dst, PAGES(6), 'x');
	write_byte(dst, PAGES(39), 'y');
	assert_int_equal(transfer(dst, PAGES(5), PAGES(30), src, PAGES(4)), ZX_OK);
	assert_int_equal(read_byte(dst, PAGES(5)), 5);
	assert_int_equal(read_byte(dst, PAGES(6)), 0);
	assert_int_equal(read_byte(dst, PAGES(33)), 33);
	assert_int_equal(read_byte(dst, PAGES(39)), 'y');
	assert_int_equal(read_byte(src, PAGES(4)), 0);
	assert_int_equal(read_byte(src, PAGES(34)), 35);
	assert_int_equal(vmo__committed(fixture__object(src)), PAGES(5));
	/* Onto itself, both ways. */
	assert_int_equal(transfer(dst, PAGES(7), PAGES(30), dst, PAGES(5)), ZX_OK);
	assert_int_equal(read_byte(dst, PAGES(5)), 0);
	assert_int_equal(read_byte(dst, PAGES(7)), 5);
	assert_int_equal(read_byte(dst, PAGES(35)), 33);
	assert_int_equal(transfer(dst, PAGES(5), PAGES(32), dst, PAGES(7)), ZX_OK);
	assert_int_equal(read_byte(dst, PAGES(5)), 5);
	assert_int_equal(read_byte(dst, PAGES(33)), 33);
	assert_int_equal(read_byte(dst, PAGES(35)), 0);
	assert_int_equal(transfer(dst, PAGES(5), PAGES(1), dst, PAGES(5)), ZX_OK);
	assert_int_equal(read_byte(dst, PAGES(5)), 5);
	assert_int_equal(transfer(dst, 0, PAGES(1), dst, PAGES(40)), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(transfer(dst, PAGES(40), PAGES(1), src, 0), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(transfer(dst, 1, PAGES(1), src, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(transfer(dst, 0, 1, 3, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(transfer(dst, 0, PAGES(1), 3, 0), ZX_ERR_BAD_HANDLE);
	assert_int_equal(transfer(weaker(dst, ZX_RIGHT_WRITE), 0, PAGES(1), src, 0),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(transfer(dst, 0, PAGES(1), weaker(src, ZX_RIGHT_WRITE), 0),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_vmo_transfer_data(fx.self, dst, 1, 0, PAGES(1), src, 0),
			 ZX_ERR_INVALID_ARGS);
}

static void cache_policy(void **state)
{
	zx_handle_t vmo = make_vmo(PAGES(1), 0);
	char *byte = user_new(char);

	(void)state;
	assert_int_equal(sys_vmo_set_cache_policy(fx.self, vmo, ZX_CACHE_POLICY_MASK + 1),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmo_set_cache_policy(fx.self, weaker(vmo, ZX_RIGHT_MAP),
						  ZX_CACHE_POLICY_UNCACHED),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_vmo_set_cache_policy(fx.self, vmo, ZX_CACHE_POLICY_UNCACHED), ZX_OK);
	/* Not to be read or written in any way that goes through the caches. */
	assert_int_equal(sys_vmo_read(fx.self, vmo, UADDR(byte), PAGES(2), 1), ZX_ERR_BAD_STATE);
	assert_int_equal(sys_vmo_write(fx.self, vmo, UADDR(byte), 0, 1), ZX_ERR_BAD_STATE);
	make_child(vmo, ZX_VMO_CHILD_SLICE, 0, PAGES(1));
	assert_int_equal(sys_vmo_set_cache_policy(fx.self, vmo, ZX_CACHE_POLICY_CACHED),
			 ZX_ERR_BAD_STATE);
}

static void cache_policy_of_pages(void **state)
{
	zx_handle_t vmo = make_vmo(PAGES(1), 0);

	(void)state;
	write_byte(vmo, 0, 'a');
	assert_int_equal(sys_vmo_set_cache_policy(fx.self, vmo, ZX_CACHE_POLICY_UNCACHED),
			 ZX_ERR_BAD_STATE);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(sys_vmo_set_cache_policy(fx.self, vmo, ZX_CACHE_POLICY_UNCACHED), ZX_OK);
}

static void use_vmos(void)
{
	zx_handle_t vmo = make_vmo(PAGES(20), ZX_VMO_RESIZABLE);
	zx_handle_t child = make_child(vmo, ZX_VMO_CHILD_SNAPSHOT, 0, PAGES(2));

	assert_int_equal(sys_vmo_read(fx.self, vmo, UADDR(user_scratch()), 0, PAGES(10)), ZX_OK);
	assert_int_equal(sys_vmo_create(fx.self, 1, 0, FIXTURE_BAD_ADDR), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmo_read(fx.self, vmo, FIXTURE_BAD_ADDR, 0, PAGES(10)),
			 ZX_ERR_NOT_FOUND);
	fixture__close(vmo);
	fixture__close(child);
}

static void no_leaks(void **state)
{
	(void)state;
	fixture__check_leaks(use_vmos);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(create),
		test_case(create_by_era),
		test_case(unbounded),
		test_case(read_and_write),
		test_case(read_and_write_errors),
		test_case(shrinking_forgets),
		test_case(content_begins_empty),
		test_case(stream_size),
		test_case(op_range),
		test_case(zero_parts),
		test_case(commit_by_era),
		test_case(decommit_by_era),
		test_case(discardable),
		test_case(transfer_data),
		test_case(cache_policy),
		test_case(cache_policy_of_pages),
		test_case(no_leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
