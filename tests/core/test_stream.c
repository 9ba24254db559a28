/* Streams. */
#include <zircon/eras.h>

#include "compat/core/stream.h"
#include "compat/core/vmo.h"
#include "tests/core/core_fixture.h"

#define PAGES(n) ((n) * 4096ull)
#define READ_WRITE (ZX_STREAM_MODE_READ | ZX_STREAM_MODE_WRITE)

struct made {
	zx_handle_t stream;
	struct vmo *vmo; /* not referenced: a handle of the process keeps it */
};

static struct made make_stream(uint32_t options, uint64_t size, bool resizable, uint64_t seek)
{
	zx_handle_t *out = user_scratch();
	struct made made;
	zx_handle_t vmo;

	assert_int_equal(vmo__create(size, resizable, &made.vmo), ZX_OK);
	vmo = fixture__handle(&made.vmo->object, ZX_DEFAULT_VMO_RIGHTS | ZX_RIGHT_RESIZE);
	assert_int_equal(sys_stream_create(fx.self, options, vmo, seek, UADDR(out)), ZX_OK);
	made.stream = *out;
	return made;
}

/* One vector for each of the @count texts, in program memory. */
static zx_iovec_t *vectors_of(const char *const *texts, size_t count)
{
	zx_iovec_t *vectors = user_alloc(count * sizeof(*vectors));

	for (size_t i = 0; i < count; i++) {
		vectors[i].capacity = strlen(texts[i]);
		vectors[i].buffer = user_alloc(vectors[i].capacity);
		memcpy(vectors[i].buffer, texts[i], vectors[i].capacity);
	}
	return vectors;
}

static zx_status_t write_text(zx_handle_t stream, uint32_t options, const char *text,
			      size_t *actual)
{
	size_t *out = user_new(size_t);
	zx_status_t status;

	status = sys_stream_writev(fx.self, stream, options, UADDR(vectors_of(&text, 1)), 1,
				   UADDR(out));
	*actual = *out;
	return status;
}

/* What @size bytes from the stream's place are, as a string that stays until the next call. */
static char *read_text(zx_handle_t stream, size_t size)
{
	zx_iovec_t *vector = user_new(zx_iovec_t);
	size_t *actual = user_new(size_t);
	char *text = user_scratch();

	vector->buffer = text;
	vector->capacity = size;
	assert_int_equal(sys_stream_readv(fx.self, stream, 0, UADDR(vector), 1, UADDR(actual)),
			 ZX_OK);
	text[*actual] = '\0';
	return text;
}

static uint64_t place_of(zx_handle_t stream)
{
	uint64_t *out = user_new(uint64_t);

	assert_int_equal(sys_stream_seek(fx.self, stream, ZX_STREAM_SEEK_ORIGIN_CURRENT, 0,
					 UADDR(out)),
			 ZX_OK);
	return *out;
}

static void create_checks(void **state)
{
	zx_handle_t *out = user_new(zx_handle_t);
	struct object *object;
	zx_rights_t rights;
	zx_handle_t weak;
	struct vmo *vmo;

	(void)state;
	assert_int_equal(vmo__create(1, false, &vmo), ZX_OK);
	weak = fixture__handle(&vmo->object, ZX_RIGHT_READ);
	assert_int_equal(sys_stream_create(fx.self, 8, weak, 0, UADDR(out)), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_stream_create(fx.self, ZX_STREAM_MODE_APPEND, weak, 0, UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_stream_create(fx.self, READ_WRITE, weak, 0, UADDR(out)),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_stream_create(fx.self, 0, 3, 0, UADDR(out)), ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_stream_create(fx.self, ZX_STREAM_MODE_READ, weak, 0, FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_stream_create(fx.self, ZX_STREAM_MODE_READ, weak, 0, UADDR(out)),
			 ZX_OK);
	assert_int_equal(handle__get_rights(fx.self, *out, ZX_OBJ_TYPE_STREAM, 0, &object, &rights),
			 ZX_OK);
	object__put(object);
	assert_int_equal(rights, ZX_DEFAULT_STREAM_RIGHTS | ZX_RIGHT_READ);
	assert_int_equal(sys_stream_create(fx.self, 0, *out, 0, UADDR(out)), ZX_ERR_WRONG_TYPE);
}

static void write_then_read(void **state)
{
	struct made made = make_stream(READ_WRITE, 0, true, 0);
	size_t actual;

	(void)state;
	assert_int_equal(write_text(made.stream, 0, "hello", &actual), ZX_OK);
	assert_int_equal(actual, 5);
	assert_int_equal(place_of(made.stream), 5);
	assert_int_equal(vmo__stream_size(made.vmo), 5);
	assert_string_equal(read_text(made.stream, 10), "");
	assert_int_equal(sys_stream_seek(fx.self, made.stream, ZX_STREAM_SEEK_ORIGIN_START, 1, 0),
			 ZX_OK);
	assert_string_equal(read_text(made.stream, 3), "ell");
	assert_string_equal(read_text(made.stream, 100), "o");
	assert_int_equal(place_of(made.stream), 5);
}

static void several_buffers(void **state)
{
	static const char *const texts[] = { "one ", "", "two ", "three" };
	struct made made = make_stream(READ_WRITE, 0, true, 0);
	zx_iovec_t *vectors = vectors_of(texts, 4);
	size_t *actual = user_new(size_t);
	char *first = user_alloc(6);
	char *second = user_alloc(100);

	(void)state;
	assert_int_equal(sys_stream_writev(fx.self, made.stream, 0, UADDR(vectors), 4,
					   UADDR(actual)),
			 ZX_OK);
	assert_int_equal(*actual, 13);
	vectors[0] = (zx_iovec_t){ first, 6 };
	vectors[1] = (zx_iovec_t){ second, 100 };
	assert_int_equal(sys_stream_readv_at(fx.self, made.stream, 0, 0, UADDR(vectors), 2,
					     UADDR(actual)),
			 ZX_OK);
	assert_int_equal(*actual, 13);
	assert_memory_equal(first, "one tw", 6);
	assert_memory_equal(second, "o three", 7);
	assert_int_equal(place_of(made.stream), 13);
}

/* More vectors than fit on the stack, and more bytes than are copied at a time. */
static void many_buffers(void **state)
{
	const size_t count = 100;
	const size_t size = 3000;
	struct made made = make_stream(READ_WRITE, 0, true, 0);
	zx_iovec_t *vectors = user_alloc(count * sizeof(*vectors));
	size_t *actual = user_new(size_t);
	char *data = user_alloc(count * size);
	char *back = user_alloc(count * size);

	(void)state;
	for (size_t i = 0; i < count; i++)
		vectors[i] = (zx_iovec_t){ data + i * size, size };
	for (size_t i = 0; i < count * size; i++)
		data[i] = (char)(i * 3 + (i >> 9));
	assert_int_equal(sys_stream_writev(fx.self, made.stream, 0, UADDR(vectors), count,
					   UADDR(actual)),
			 ZX_OK);
	assert_int_equal(*actual, count * size);
	vectors[0] = (zx_iovec_t){ back, count * size };
	assert_int_equal(sys_stream_readv_at(fx.self, made.stream, 0, 0, UADDR(vectors), 1,
					     UADDR(actual)),
			 ZX_OK);
	assert_memory_equal(data, back, count * size);
}

static void at_offsets(void **state)
{
	struct made made = make_stream(READ_WRITE, 0, true, 0);
	const char *text = "hello";
	zx_iovec_t *vector = vectors_of(&text, 1);
	char expected[25] = "";
	size_t actual;

	(void)state;
	assert_int_equal(sys_stream_writev_at(fx.self, made.stream, 0, PAGES(1), UADDR(vector), 1,
					      0),
			 ZX_OK);
	assert_int_equal(vmo__stream_size(made.vmo), PAGES(1) + 5);
	assert_int_equal(place_of(made.stream), 0);
	/* What lies before reads as zero, also where the pages held something else. */
	assert_int_equal(vmo__set_stream_size(made.vmo, 3), ZX_OK);
	assert_int_equal(vmo__write(made.vmo, "junk", 10, 4), ZX_OK);
	assert_int_equal(sys_stream_writev_at(fx.self, made.stream, 0, 20, UADDR(vector), 1, 0),
			 ZX_OK);
	memcpy(expected + 20, text, 5);
	assert_memory_equal(read_text(made.stream, 25), expected, 25);
	assert_int_equal(write_text(made.stream, ZX_STREAM_APPEND, "!", &actual), ZX_OK);
	assert_int_equal(vmo__stream_size(made.vmo), 26);
	assert_int_equal(place_of(made.stream), 26);
	assert_int_equal(sys_stream_writev_at(fx.self, made.stream, 0, UINT64_MAX, UADDR(vector), 1,
					      0),
			 ZX_ERR_FILE_BIG);
}

/* Where no VMO reaches, the newest calls say so. */
static void far_ends(void **state)
{
	struct made made = make_stream(READ_WRITE, PAGES(1), true, 0);
	zx_iovec_t *vector = user_new(zx_iovec_t);

	(void)state;
	*vector = (zx_iovec_t){ user_new(uint64_t), 4 };
	assert_int_equal(vmo__set_stream_size(made.vmo, PAGES(1)), ZX_OK);
	assert_int_equal(sys_stream_writev_at(fx.self, made.stream, 0, UINT64_MAX - 7,
					      UADDR(vector), 1, 0),
			 ZX_ERR_NO_SPACE);
	vector->capacity = UINT64_MAX;
	assert_int_equal(sys_stream_writev(fx.self, made.stream, ZX_STREAM_APPEND, UADDR(vector),
					   1, 0),
			 ZX_ERR_FILE_BIG);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(sys_stream_writev(fx.self, made.stream, ZX_STREAM_APPEND, UADDR(vector),
					   1, 0),
			 ZX_ERR_OUT_OF_RANGE);
	vector->capacity = 4;
	assert_int_equal(sys_stream_writev_at(fx.self, made.stream, 0, UINT64_MAX - 7,
					      UADDR(vector), 1, 0),
			 ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(vmo__size(made.vmo), PAGES(1));
}

/* A VMO that cannot grow takes what fits, then nothing. */
static void full(void **state)
{
	struct made made = make_stream(READ_WRITE, PAGES(1), false, PAGES(1) - 3);
	size_t actual;

	(void)state;
	assert_int_equal(write_text(made.stream, 0, "hello", &actual), ZX_OK);
	assert_int_equal(actual, 3);
	assert_int_equal(place_of(made.stream), PAGES(1));
	assert_int_equal(write_text(made.stream, 0, "lo", &actual), ZX_ERR_NO_SPACE);
	assert_int_equal(write_text(made.stream, ZX_STREAM_APPEND, "lo", &actual), ZX_ERR_NO_SPACE);
	assert_int_equal(write_text(made.stream, 0, "", &actual), ZX_OK);
}

/* In the newest system a VMO grows only for who has the right, at the stream's creation. */
static void growing_needs_a_right(void **state)
{
	zx_handle_t *out = user_new(zx_handle_t);
	struct vmo *vmo;
	size_t actual;

	(void)state;
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(vmo__create(0, true, &vmo), ZX_OK);
	assert_int_equal(sys_stream_create(fx.self, READ_WRITE,
					   fixture__handle(&vmo->object, ZX_RIGHTS_IO), 0,
					   UADDR(out)),
			 ZX_OK);
	assert_int_equal(write_text(*out, 0, "x", &actual), ZX_ERR_NO_SPACE);
	object__get(&vmo->object);
	assert_int_equal(sys_stream_create(fx.self, READ_WRITE,
					   fixture__handle(&vmo->object,
							   ZX_RIGHTS_IO | ZX_RIGHT_RESIZE),
					   0, UADDR(out)),
			 ZX_OK);
	assert_int_equal(write_text(*out, 0, "x", &actual), ZX_OK);
}

static void append_mode(void **state)
{
	struct made made;
	size_t actual;

	(void)state;
	fixture__set_era(ZXERA_NEWEST);
	made = make_stream(READ_WRITE | ZX_STREAM_MODE_APPEND, 0, true, 0);
	assert_int_equal(write_text(made.stream, 0, "one", &actual), ZX_OK);
	assert_int_equal(sys_stream_seek(fx.self, made.stream, ZX_STREAM_SEEK_ORIGIN_START, 0, 0),
			 ZX_OK);
	assert_int_equal(write_text(made.stream, 0, "two", &actual), ZX_OK);
	assert_int_equal(sys_stream_seek(fx.self, made.stream, ZX_STREAM_SEEK_ORIGIN_START, 0, 0),
			 ZX_OK);
	assert_string_equal(read_text(made.stream, 10), "onetwo");
}

static void seeking(void **state)
{
	struct made made = make_stream(READ_WRITE, 100, false, 10);
	uint64_t *out = user_new(uint64_t);
	struct object *stream = fixture__object(made.stream);

	(void)state;
	assert_int_equal(place_of(made.stream), 10);
	assert_int_equal(sys_stream_seek(fx.self, made.stream, ZX_STREAM_SEEK_ORIGIN_END, -5,
					 UADDR(out)),
			 ZX_OK);
	assert_int_equal(*out, 95);
	assert_int_equal(sys_stream_seek(fx.self, made.stream, ZX_STREAM_SEEK_ORIGIN_CURRENT, 10,
					 UADDR(out)),
			 ZX_OK);
	assert_int_equal(*out, 105);
	assert_int_equal(sys_stream_seek(fx.self, made.stream, ZX_STREAM_SEEK_ORIGIN_START, -1, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_stream_seek(fx.self, made.stream, ZX_STREAM_SEEK_ORIGIN_END, -101, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_stream_seek(fx.self, made.stream, 3, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(place_of(made.stream), 105);
	object__get(stream);
	assert_int_equal(sys_stream_seek(fx.self, fixture__handle(stream, ZX_RIGHTS_BASIC),
					 ZX_STREAM_SEEK_ORIGIN_START, 0, 0),
			 ZX_ERR_ACCESS_DENIED);
}

static void transfer_errors(void **state)
{
	struct made made = make_stream(READ_WRITE, 0, true, 0);
	const char *text = "hello";
	zx_iovec_t *vector = vectors_of(&text, 1);
	zx_iovec_t *bad = user_alloc(2 * sizeof(*bad));
	struct made read_only = make_stream(ZX_STREAM_MODE_READ, 10, false, 0);
	struct made write_only = make_stream(ZX_STREAM_MODE_WRITE, 10, false, 0);

	(void)state;
	assert_int_equal(sys_stream_writev(fx.self, made.stream, 2, UADDR(vector), 1, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_stream_writev_at(fx.self, made.stream, 1, 0, UADDR(vector), 1, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_stream_readv(fx.self, made.stream, 1, UADDR(vector), 1, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_stream_readv_at(fx.self, made.stream, 1, 0, UADDR(vector), 1, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_stream_writev(fx.self, made.stream, 0, 0, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_stream_writev(fx.self, made.stream, 0, FIXTURE_BAD_ADDR, 1, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_stream_writev(fx.self, made.stream, 0, UADDR(vector), SIZE_MAX / 16,
					   0),
			 ZX_ERR_NO_MEMORY);
	assert_int_equal(sys_stream_writev(fx.self, read_only.stream, 0, UADDR(vector), 1, 0),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_stream_readv(fx.self, write_only.stream, 0, UADDR(vector), 1, 0),
			 ZX_ERR_ACCESS_DENIED);
	bad[0] = (zx_iovec_t){ vector->buffer, 5 };
	bad[1] = (zx_iovec_t){ vector->buffer, SIZE_MAX };
	assert_int_equal(sys_stream_writev(fx.self, made.stream, 0, UADDR(bad), 2, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(vmo__stream_size(made.vmo), 0);
}

/* A buffer that is not there ends the transfer: what came before counts. */
static void bad_buffers(void **state)
{
	struct made made = make_stream(READ_WRITE, 0, true, 0);
	const char *text = "hello";
	zx_iovec_t *vectors = user_alloc(2 * sizeof(*vectors));
	size_t *actual = user_new(size_t);

	(void)state;
	vectors[0] = *vectors_of(&text, 1);
	vectors[1] = (zx_iovec_t){ (void *)FIXTURE_BAD_ADDR, 5 };
	assert_int_equal(sys_stream_writev(fx.self, made.stream, 0, UADDR(vectors), 2,
					   UADDR(actual)),
			 ZX_OK);
	assert_int_equal(*actual, 5);
	assert_int_equal(vmo__stream_size(made.vmo), 5);
	assert_int_equal(place_of(made.stream), 5);
	assert_int_equal(sys_stream_writev(fx.self, made.stream, 0, UADDR(&vectors[1]), 1,
					   UADDR(actual)),
			 ZX_ERR_NOT_FOUND);
	vectors[1].buffer = (void *)0xffff800000000000ull;
	assert_int_equal(sys_stream_writev(fx.self, made.stream, 0, UADDR(&vectors[1]), 1,
					   UADDR(actual)),
			 ZX_ERR_NOT_FOUND);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(sys_stream_writev(fx.self, made.stream, 0, UADDR(&vectors[1]), 1,
					   UADDR(actual)),
			 ZX_ERR_INVALID_ARGS);
	fixture__set_era(ZXERA_2021_01);
	vectors[1].buffer = (void *)FIXTURE_BAD_ADDR;
	assert_int_equal(vmo__stream_size(made.vmo), 5);
	assert_int_equal(place_of(made.stream), 5);
	assert_int_equal(sys_stream_seek(fx.self, made.stream, ZX_STREAM_SEEK_ORIGIN_START, 0, 0),
			 ZX_OK);
	assert_int_equal(sys_stream_readv(fx.self, made.stream, 0, UADDR(&vectors[1]), 1,
					  UADDR(actual)),
			 ZX_ERR_NOT_FOUND);
	assert_int_equal(place_of(made.stream), 0);
}

static void append_often(struct thread *self, void *data)
{
	zx_handle_t stream = *(zx_handle_t *)data;
	zx_iovec_t *vector = (zx_iovec_t *)data + 1;

	for (int i = 0; i < 500; i++)
		assert_int_equal(sys_stream_writev(self, stream, ZX_STREAM_APPEND, UADDR(vector), 1,
						   0),
				 ZX_OK);
}

/* Two who append at the same time do not write over each other. */
static void appends_do_not_overlap(void **state)
{
	struct made made = make_stream(READ_WRITE, 0, true, 0);
	const char *text = "0123456789";
	struct runner runners[2];
	char data[10000];

	(void)state;
	for (int i = 0; i < 2; i++) {
		zx_iovec_t *place = user_alloc(2 * sizeof(*place));

		*(zx_handle_t *)place = made.stream;
		place[1] = *vectors_of(&text, 1);
		fixture__run(&runners[i], append_often, place);
	}
	for (int i = 0; i < 2; i++)
		fixture__join(&runners[i]);
	assert_int_equal(vmo__stream_size(made.vmo), sizeof(data));
	assert_int_equal(vmo__read(made.vmo, data, 0, sizeof(data)), ZX_OK);
	for (size_t i = 0; i < sizeof(data); i++)
		assert_int_equal(data[i], '0' + i % 10);
}

static void use_streams(void)
{
	struct vmo *vmo;
	struct stream *stream;

	assert_int_equal(vmo__create(1, true, &vmo), ZX_OK);
	assert_int_equal(stream__create(READ_WRITE, vmo, true, 0, &stream), ZX_OK);
	object__put(&vmo->object);
	object__put(&stream->object);
}

static void no_leaks(void **state)
{
	(void)state;
	fixture__check_leaks(use_streams);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(create_checks),
		test_case(write_then_read),
		test_case(several_buffers),
		test_case(many_buffers),
		test_case(at_offsets),
		test_case(far_ends),
		test_case(full),
		test_case(growing_needs_a_right),
		test_case(append_mode),
		test_case(seeking),
		test_case(transfer_errors),
		test_case(bad_buffers),
		test_case(appends_do_not_overlap),
		test_case(no_leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
