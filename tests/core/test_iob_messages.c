/* I/O buffers: ids for blobs, and messages in a ring. */
#include "tests/core/iob_ends.h"

static zx_status_t allocate(zx_handle_t end, const void *blob, size_t size, uint32_t *out_id)
{
	char *data = user_scratch();
	uint32_t *id = (uint32_t *)(data + 8192);
	zx_status_t status;

	memcpy(data, blob, size);
	status = sys_iob_allocate_id(fx.self, end, 0, 0, UADDR(data), size, UADDR(id));
	*out_id = *id;
	return status;
}

static void ids(void **state)
{
	struct ends ends = make(private_region(EP0_MAP | EP0_WRITES | EP1_WRITES, PAGE, IDS));
	const uint32_t *words = region_of(ends.handle[0], 0)->memory;
	static const char zeros[PAGE];
	uint32_t id = 99;

	(void)state;
	assert_int_equal(words[0], 0);
	assert_int_equal(words[1], PAGE);
	assert_int_equal(allocate(ends.handle[0], "hello", 5, &id), ZX_OK);
	assert_int_equal(id, 0);
	assert_int_equal(allocate(ends.handle[1], "you", 3, &id), ZX_OK);
	assert_int_equal(id, 1);
	assert_int_equal(words[0], 2);
	assert_int_equal(words[1], PAGE - 8);
	assert_int_equal(words[2], 5);
	assert_int_equal(words[3], PAGE - 5);
	assert_int_equal(words[4], 3);
	assert_int_equal(words[5], PAGE - 8);
	assert_memory_equal((const char *)words + PAGE - 8, "youhello", 8);
	assert_int_equal(allocate(ends.handle[1], "", 0, &id), ZX_OK);
	assert_int_equal(allocate(ends.handle[0], zeros, PAGE, &id), ZX_ERR_NO_MEMORY);
	/* To the last byte: 4 entries and the header, the blobs, and this one. */
	assert_int_equal(allocate(ends.handle[0], zeros, PAGE - 5 * 8 - 8 + 1, &id),
			 ZX_ERR_NO_MEMORY);
	assert_int_equal(allocate(ends.handle[0], zeros, PAGE - 5 * 8 - 8, &id), ZX_OK);
	assert_int_equal(id, 3);
	assert_int_equal(allocate(ends.handle[0], "", 0, &id), ZX_ERR_NO_MEMORY);
}

static void id_checks(void **state)
{
	struct ends ends = make(private_region(EP0_MAP | EP1_WRITES, PAGE, IDS));
	struct ends plain = make(private_region(EP0_MAP, PAGE, NONE));
	uint32_t *words = region_of(ends.handle[0], 0)->memory;
	zx_handle_t end = ends.handle[1];
	uint32_t *out = user_new(uint32_t);
	uint32_t id;

	(void)state;
	assert_int_equal(sys_iob_allocate_id(fx.self, 3, 1, 9, 0, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_iob_allocate_id(fx.self, 3, 0, 9, 0, 0, 0), ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_iob_allocate_id(fx.self, root_vmar(), 0, 9, 0, 0, 0),
			 ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_iob_allocate_id(fx.self, weaker(end, ZX_RIGHT_READ), 0, 9, 0, 0, 0),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_iob_allocate_id(fx.self, end, 0, 1, 0, 0, 0), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(allocate(plain.handle[0], "", 0, &id), ZX_ERR_WRONG_TYPE);
	assert_int_equal(allocate(ends.handle[0], "", 0, &id), ZX_ERR_ACCESS_DENIED);
	/* A blob that cannot be read costs its number. */
	assert_int_equal(sys_iob_allocate_id(fx.self, end, 0, 0, FIXTURE_BAD_ADDR, 4, UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(words[0], 1);
	assert_int_equal(words[2], 0);
	assert_int_equal(sys_iob_allocate_id(fx.self, end, 0, 0, 0, 0, FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
	/* What the other end writes is not trusted. */
	words[1] = PAGE + 1;
	assert_int_equal(allocate(end, "", 0, &id), ZX_ERR_IO_DATA_INTEGRITY);
	words[1] = 16;
	words[0] = 5;
	assert_int_equal(allocate(end, "", 0, &id), ZX_ERR_IO_DATA_INTEGRITY);
	words[0] = UINT32_MAX;
	words[1] = UINT32_MAX;
	assert_int_equal(allocate(end, "", 0, &id), ZX_ERR_IO_DATA_INTEGRITY);
	words[0] = 1;
	words[1] = PAGE;
	words[4] = 1;
	assert_int_equal(allocate(end, "", 0, &id), ZX_ERR_IO_DATA_INTEGRITY);
}

#define RACE_IDS 2000

struct allocator {
	zx_handle_t end;
	int failed;
};

static void allocate_many(struct thread *self, void *data)
{
	struct allocator *allocator = data;
	uint32_t *id = user_new(uint32_t);

	for (int i = 0; i < RACE_IDS; i++) {
		if (sys_iob_allocate_id(self, allocator->end, 0, 0, UADDR(id), 4, UADDR(id)) !=
		    ZX_OK)
			allocator->failed++;
	}
}

static void ids_from_both_ends(void **state)
{
	struct ends ends = make(private_region(EP0_WRITES | EP1_WRITES, 64 * PAGE, IDS));
	const uint32_t *words = region_of(ends.handle[0], 0)->memory;
	struct allocator allocators[2] = { { ends.handle[0], 0 }, { ends.handle[1], 0 } };
	struct runner runners[2];

	(void)state;
	for (int i = 0; i < 2; i++)
		fixture__run(&runners[i], allocate_many, &allocators[i]);
	for (int i = 0; i < 2; i++) {
		fixture__join(&runners[i]);
		assert_int_equal(allocators[i].failed, 0);
	}
	assert_int_equal(words[0], 2 * RACE_IDS);
	for (uint32_t i = 0; i < 2 * RACE_IDS; i++)
		assert_int_equal(words[2 + 2 * i], 4);
}

static zx_status_t write_message(zx_handle_t end, const char *first, const char *second)
{
	char *data = user_scratch();
	zx_iovec_t *vectors = (zx_iovec_t *)(data + 8192);

	strcpy(data, first);
	strcpy(data + 4096, second);
	vectors[0] = (zx_iovec_t){ data, strlen(first) };
	vectors[1] = (zx_iovec_t){ data + 4096, strlen(second) };
	return sys_iob_writev(fx.self, end, 0, 0, UADDR(vectors), 2);
}

static void messages(void **state)
{
	zx_handle_t shared = make_shared(2 * PAGE);
	struct ends one = make(ring_region(EP0_WRITES, shared, 11));
	struct ends two = make(ring_region(EP1_WRITES | EP0_MAP, shared, 22));
	const uint64_t *header = region_of(one.handle[0], 0)->shared->vmo->shared;
	const uint64_t *ring = header + PAGE / 8;

	(void)state;
	/* The memory is that of the object. */
	assert_int_equal(info_of(one.handle[0]).koid,
			 ((struct object *)fixture__object(shared))->koid);
	assert_int_equal(info_of(one.handle[0]).region.size, 0);
	assert_int_equal(write_message(one.handle[0], "abc", "defgh"), ZX_OK);
	assert_int_equal(header[0], 24);
	assert_int_equal(ring[0], 11);
	assert_int_equal(ring[1], 8);
	assert_memory_equal(&ring[2], "abcdefgh", 8);
	assert_int_equal(write_message(two.handle[1], "i", ""), ZX_OK);
	assert_int_equal(header[0], 48);
	assert_int_equal(ring[3], 22);
	assert_int_equal(ring[4], 1);
	assert_int_equal(sys_iob_writev(fx.self, one.handle[0], 0, 0, 0, 0), ZX_OK);
	assert_int_equal(header[0], 64);
	assert_int_equal(map(two.handle[0], ZX_VM_PERM_READ | ZX_VM_PERM_WRITE, 0), ZX_OK);
	/* Both buffers and the handle may go, in any order. */
	fixture__close(shared);
	fixture__close(one.handle[0]);
	fixture__close(one.handle[1]);
	assert_int_equal(write_message(two.handle[1], "x", "y"), ZX_OK);
}

static void ring_wraps(void **state)
{
	zx_handle_t shared = make_shared(2 * PAGE);
	zx_handle_t end = make(ring_region(EP0_WRITES, shared, 11)).handle[0];
	uint64_t *header = region_of(end, 0)->shared->vmo->shared;
	const uint64_t *ring = header + PAGE / 8;

	(void)state;
	/* The header at the ring's end, the bytes at its start. */
	header[0] = 3 * PAGE - 16;
	header[1] = 3 * PAGE - 16;
	assert_int_equal(write_message(end, "across", ""), ZX_OK);
	assert_int_equal(header[0], 3 * PAGE + 8);
	assert_int_equal(ring[PAGE / 8 - 2], 11);
	assert_int_equal(ring[PAGE / 8 - 1], 6);
	assert_memory_equal(ring, "across", 6);
	/* The last byte that is free, and one more. */
	header[1] = header[0] + 24 - PAGE;
	assert_int_equal(write_message(end, "123456789", ""), ZX_ERR_NO_SPACE);
	assert_int_equal(write_message(end, "1234", "5678"), ZX_OK);
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 0, 0, 0), ZX_ERR_NO_SPACE);
	/* Numbers that cannot be. */
	header[1] = header[0] + 8;
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 0, 0, 0), ZX_ERR_IO_DATA_INTEGRITY);
	header[1] = 0;
	header[0] = 4;
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 0, 0, 0), ZX_ERR_IO_DATA_INTEGRITY);
	header[0] = UINT64_MAX - 7;
	header[1] = UINT64_MAX - 7;
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 0, 0, 0), ZX_ERR_IO_DATA_INTEGRITY);
}

static void write_checks(void **state)
{
	zx_handle_t shared = make_shared(32 * PAGE);
	struct ends ends = make(ring_region(EP0_WRITES | EP1_MAP, shared, 1));
	struct ends plain = make(private_region(EP0_MAP, PAGE, NONE));
	uint64_t *header = region_of(ends.handle[0], 0)->shared->vmo->shared;
	zx_iovec_t *vectors = user_alloc(9 * sizeof(*vectors));
	zx_handle_t end = ends.handle[0];

	(void)state;
	assert_int_equal(sys_iob_writev(fx.self, 3, 1, 9, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_iob_writev(fx.self, 3, 0, 9, 0, 0), ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_iob_writev(fx.self, shared, 0, 9, 0, 0), ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_iob_writev(fx.self, weaker(end, ZX_RIGHT_READ), 0, 9, 0, 0),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 1, 0, 9), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_iob_writev(fx.self, plain.handle[0], 0, 0, 0, 9), ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_iob_writev(fx.self, ends.handle[1], 0, 0, 0, 9),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 0, UADDR(vectors), 9),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 0, UADDR(vectors), 8), ZX_OK);
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 0, FIXTURE_BAD_ADDR, 1),
			 ZX_ERR_INVALID_ARGS);
	vectors[0] = (zx_iovec_t){ (void *)FIXTURE_BAD_ADDR, 65535 - 16 + 1 };
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 0, UADDR(vectors), 1),
			 ZX_ERR_INVALID_ARGS);
	vectors[0].capacity = 60000;
	vectors[1] = (zx_iovec_t){ (void *)FIXTURE_BAD_ADDR, UINT64_MAX };
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 0, UADDR(vectors), 2),
			 ZX_ERR_INVALID_ARGS);
	/* Nothing is mapped there; no address at all. */
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 0, UADDR(vectors), 1), ZX_ERR_NOT_FOUND);
	vectors[0].buffer = (void *)0xffff800000000000ull;
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 0, UADDR(vectors), 1),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(header[0], 16);
	/* The largest one. */
	vectors[0] = (zx_iovec_t){ (void *)FIXTURE_USER_BASE, 65535 - 16 };
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 0, UADDR(vectors), 1), ZX_OK);
	/* Room is looked for before bytes are. */
	vectors[0].buffer = (void *)FIXTURE_BAD_ADDR;
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 0, UADDR(vectors), 1), ZX_ERR_NO_SPACE);
}

static void wait_for_message(struct thread *self, void *data)
{
	uint32_t observed = 0;

	assert_int_equal(object__wait_one(self, data, NULL, 0, ZX_IOB_SHARED_REGION_UPDATED,
					  fixture__after_ms(10000), &observed),
			 ZX_OK);
	assert_int_not_equal(observed & ZX_IOB_SHARED_REGION_UPDATED, 0);
}

static void messages_are_announced(void **state)
{
	zx_handle_t shared = make_shared(2 * PAGE);
	zx_handle_t end = make(ring_region(EP0_WRITES, shared, 11)).handle[0];
	struct runner runner;

	(void)state;
	fixture__run(&runner, wait_for_message, fixture__object(shared));
	fixture__await_blocked(&runner, ZX_THREAD_STATE_BLOCKED_WAIT_ONE);
	assert_int_equal(write_message(end, "a", "b"), ZX_OK);
	fixture__join(&runner);
	assert_int_equal(fixture__signals(fixture__object(shared)), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		iob_case(ids),
		iob_case(id_checks),
		iob_case(ids_from_both_ends),
		iob_case(messages),
		iob_case(ring_wraps),
		iob_case(write_checks),
		iob_case(messages_are_announced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
