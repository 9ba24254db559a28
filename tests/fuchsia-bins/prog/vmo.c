/* Memory objects: size, contents, and children. */
#include "check.h"
#include "string.h"

#include <zircon/errors.h>
#include <zircon/rights.h>

#define PAGE RT_PAGE_SIZE

static uint8_t buffer[4 * PAGE];

static uint8_t byte_at(zx_handle_t vmo, uint64_t offset)
{
	uint8_t byte = 0xee;

	CHECK_OK(zx_vmo_read(vmo, &byte, offset, 1));
	return byte;
}

static void put_byte(zx_handle_t vmo, uint64_t offset, uint8_t byte)
{
	CHECK_OK(zx_vmo_write(vmo, &byte, offset, 1));
}

static zx_signals_t signals_of(zx_handle_t handle)
{
	zx_signals_t signals = 0;

	zx_object_wait_one(handle, 0, 0, &signals);
	return signals;
}

static void size(void)
{
	uint64_t value = 0;
	zx_handle_t vmo;

	REQUIRE_OK(zx_vmo_create(1, 0, &vmo));
	CHECK_OK(zx_vmo_get_size(vmo, &value));
	CHECK_EQ(value, PAGE);
	CHECK_STATUS(zx_vmo_set_size(vmo, 2 * PAGE), ZX_ERR_UNAVAILABLE);
	zx_handle_close(vmo);

	REQUIRE_OK(zx_vmo_create(PAGE, ZX_VMO_RESIZABLE, &vmo));
	put_byte(vmo, PAGE - 1, 7);
	CHECK_OK(zx_vmo_set_size(vmo, 3 * PAGE));
	CHECK_OK(zx_vmo_get_size(vmo, &value));
	CHECK_EQ(value, 3 * PAGE);
	CHECK_EQ(byte_at(vmo, PAGE - 1), 7);
	CHECK_EQ(byte_at(vmo, 3 * PAGE - 1), 0);
	/* What is cut off comes back as zeros. */
	CHECK_OK(zx_vmo_set_size(vmo, 0));
	CHECK_STATUS(zx_vmo_read(vmo, buffer, 0, 1), ZX_ERR_OUT_OF_RANGE);
	CHECK_OK(zx_vmo_set_size(vmo, PAGE));
	CHECK_EQ(byte_at(vmo, PAGE - 1), 0);
	zx_handle_close(vmo);
	CHECK_STATUS(zx_vmo_create(PAGE, 0x8000, &vmo), ZX_ERR_INVALID_ARGS);
	REQUIRE_OK(zx_vmo_create(0, 0, &vmo));
	CHECK_OK(zx_vmo_get_size(vmo, &value));
	CHECK_EQ(value, 0);
	zx_handle_close(vmo);
}

static void contents(void)
{
	zx_handle_t vmo, less;
	size_t i;

	REQUIRE_OK(zx_vmo_create(4 * PAGE, 0, &vmo));
	CHECK_OK(zx_vmo_read(vmo, buffer, 0, sizeof(buffer)));
	for (i = 0; i < sizeof(buffer) && !buffer[i]; i++)
		;
	CHECK_EQ(i, sizeof(buffer));
	for (i = 0; i < sizeof(buffer); i++)
		buffer[i] = (uint8_t)(i % 253);
	CHECK_OK(zx_vmo_write(vmo, buffer, 5, sizeof(buffer) - 5));
	memset(buffer, 0, sizeof(buffer));
	CHECK_OK(zx_vmo_read(vmo, buffer, 5, sizeof(buffer) - 5));
	for (i = 0; i < sizeof(buffer) - 5 && buffer[i] == i % 253; i++)
		;
	CHECK_EQ(i, sizeof(buffer) - 5);

	CHECK_STATUS(zx_vmo_read(vmo, buffer, 4 * PAGE, 1), ZX_ERR_OUT_OF_RANGE);
	CHECK_STATUS(zx_vmo_read(vmo, buffer, 4 * PAGE - 1, 2), ZX_ERR_OUT_OF_RANGE);
	CHECK_STATUS(zx_vmo_write(vmo, buffer, UINT64_MAX, 2), ZX_ERR_OUT_OF_RANGE);
	CHECK_OK(zx_vmo_read(vmo, buffer, 4 * PAGE, 0));
	REQUIRE_OK(zx_handle_duplicate(vmo, ZX_RIGHT_READ, &less));
	CHECK_STATUS(zx_vmo_write(less, buffer, 0, 1), ZX_ERR_ACCESS_DENIED);
	CHECK_OK(zx_vmo_read(less, buffer, 0, 1));
	zx_handle_close(less);
	zx_handle_close(vmo);
}

static void operations(void)
{
	zx_handle_t vmo, less;

	REQUIRE_OK(zx_vmo_create(4 * PAGE, 0, &vmo));
	memset(buffer, 0x11, sizeof(buffer));
	CHECK_OK(zx_vmo_write(vmo, buffer, 0, sizeof(buffer)));
	CHECK_OK(zx_vmo_op_range(vmo, ZX_VMO_OP_COMMIT, 0, 4 * PAGE, NULL, 0));
	CHECK_EQ(byte_at(vmo, 0), 0x11);
	CHECK_OK(zx_vmo_op_range(vmo, ZX_VMO_OP_DECOMMIT, PAGE, PAGE, NULL, 0));
	CHECK_EQ(byte_at(vmo, PAGE - 1), 0x11);
	CHECK_EQ(byte_at(vmo, PAGE), 0);
	CHECK_EQ(byte_at(vmo, 2 * PAGE - 1), 0);
	CHECK_EQ(byte_at(vmo, 2 * PAGE), 0x11);
	/* Zeroing goes by bytes. */
	CHECK_OK(zx_vmo_op_range(vmo, ZX_VMO_OP_ZERO, 2 * PAGE + 1, PAGE, NULL, 0));
	CHECK_EQ(byte_at(vmo, 2 * PAGE), 0x11);
	CHECK_EQ(byte_at(vmo, 2 * PAGE + 1), 0);
	CHECK_EQ(byte_at(vmo, 3 * PAGE), 0);
	CHECK_EQ(byte_at(vmo, 3 * PAGE + 1), 0x11);
	CHECK_STATUS(zx_vmo_op_range(vmo, ZX_VMO_OP_COMMIT, 0, 5 * PAGE, NULL, 0),
		     ZX_ERR_OUT_OF_RANGE);
	CHECK_STATUS(zx_vmo_op_range(vmo, 0x7777, 0, PAGE, NULL, 0), ZX_ERR_INVALID_ARGS);
	REQUIRE_OK(zx_handle_duplicate(vmo, ZX_RIGHT_READ, &less));
	CHECK_STATUS(zx_vmo_op_range(less, ZX_VMO_OP_ZERO, 0, PAGE, NULL, 0),
		     ZX_ERR_ACCESS_DENIED);
	zx_handle_close(less);
	zx_handle_close(vmo);
}

static void snapshot(void)
{
	zx_handle_t parent, child, read_only;
	uint64_t value = 0;

	REQUIRE_OK(zx_vmo_create(2 * PAGE, 0, &parent));
	put_byte(parent, 0, 1);
	put_byte(parent, PAGE, 2);
	CHECK_EQ(signals_of(parent) & ZX_VMO_ZERO_CHILDREN, ZX_VMO_ZERO_CHILDREN);
	REQUIRE_OK(zx_vmo_create_child(parent, ZX_VMO_CHILD_SNAPSHOT, 0, 2 * PAGE, &child));
	CHECK_EQ(signals_of(parent) & ZX_VMO_ZERO_CHILDREN, 0);
	CHECK_EQ(byte_at(child, PAGE), 2);
	/* Neither sees what the other writes from now on. */
	put_byte(parent, 0, 10);
	put_byte(child, PAGE, 20);
	CHECK_EQ(byte_at(child, 0), 1);
	CHECK_EQ(byte_at(parent, PAGE), 2);
	CHECK_OK(zx_vmo_get_size(child, &value));
	CHECK_EQ(value, 2 * PAGE);
	/* The child outlives its parent. */
	zx_handle_close(parent);
	CHECK_EQ(byte_at(child, 0), 1);
	CHECK_EQ(byte_at(child, PAGE), 20);

	/* A copy of what may only be read can be written. */
	REQUIRE_OK(zx_handle_replace(child, ZX_RIGHT_READ | ZX_RIGHT_DUPLICATE | ZX_RIGHT_WAIT,
				     &read_only));
	REQUIRE_OK(zx_vmo_create_child(read_only, ZX_VMO_CHILD_SNAPSHOT, PAGE, PAGE, &child));
	CHECK_EQ(byte_at(child, 0), 20);
	put_byte(child, 0, 30);
	CHECK_EQ(byte_at(read_only, PAGE), 20);
	CHECK_EQ(signals_of(read_only) & ZX_VMO_ZERO_CHILDREN, 0);
	zx_handle_close(child);
	CHECK_OK(zx_object_wait_one(read_only, ZX_VMO_ZERO_CHILDREN, ZX_TIME_INFINITE, NULL));
	zx_handle_close(read_only);
}

static void slice(void)
{
	zx_handle_t parent, child;
	uint64_t value = 0;

	REQUIRE_OK(zx_vmo_create(4 * PAGE, 0, &parent));
	REQUIRE_OK(zx_vmo_create_child(parent, ZX_VMO_CHILD_SLICE, PAGE, 2 * PAGE, &child));
	put_byte(parent, PAGE, 5);
	CHECK_EQ(byte_at(child, 0), 5);
	put_byte(child, PAGE, 6);
	CHECK_EQ(byte_at(parent, 2 * PAGE), 6);
	CHECK_OK(zx_vmo_get_size(child, &value));
	CHECK_EQ(value, 2 * PAGE);
	CHECK_STATUS(zx_vmo_read(child, buffer, 2 * PAGE, 1), ZX_ERR_OUT_OF_RANGE);
	zx_handle_close(child);
	CHECK_STATUS(zx_vmo_create_child(parent, ZX_VMO_CHILD_SLICE, PAGE, 4 * PAGE, &child),
		     ZX_ERR_INVALID_ARGS);
	zx_handle_close(parent);
}

static void bad_children(void)
{
	zx_handle_t parent, child;

	REQUIRE_OK(zx_vmo_create(2 * PAGE, 0, &parent));
	CHECK_STATUS(zx_vmo_create_child(parent, 0, 0, PAGE, &child), ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_vmo_create_child(parent, 0x8000, 0, PAGE, &child), ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_vmo_create_child(parent, ZX_VMO_CHILD_SNAPSHOT, 1, PAGE, &child),
		     ZX_ERR_INVALID_ARGS);
	zx_handle_close(parent);
}

static void information(void)
{
	zx_info_vmo_t info = { 0 };
	zx_handle_t parent, child;

	REQUIRE_OK(zx_vmo_create(2 * PAGE, 0, &parent));
	CHECK_OK(zx_object_set_property(parent, ZX_PROP_NAME, "parent", 6));
	REQUIRE_OK(zx_vmo_create_child(parent, ZX_VMO_CHILD_SNAPSHOT, 0, PAGE, &child));
	CHECK_OK(zx_object_get_info(parent, ZX_INFO_VMO, &info, sizeof(info), NULL, NULL));
	CHECK_EQ(info.koid, rt_koid(parent));
	CHECK_STR(info.name, "parent");
	CHECK_EQ(info.size_bytes, 2 * PAGE);
	CHECK_EQ(info.num_children, 1);
	CHECK_EQ(info.parent_koid, 0);
	CHECK_OK(zx_object_get_info(child, ZX_INFO_VMO, &info, sizeof(info), NULL, NULL));
	CHECK_EQ(info.parent_koid, rt_koid(parent));
	CHECK_EQ(info.size_bytes, PAGE);
	zx_handle_close(child);
	zx_handle_close(parent);
}

/* Memory that is there only where it is written to. */
static void sparse(void)
{
	const uint64_t huge = 64ull << 30;
	zx_handle_t vmo;

	REQUIRE_OK(zx_vmo_create(huge, 0, &vmo));
	put_byte(vmo, huge - 1, 9);
	CHECK_EQ(byte_at(vmo, huge - 1), 9);
	CHECK_EQ(byte_at(vmo, huge / 2), 0);
	zx_handle_close(vmo);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(size);
	RUN(contents);
	RUN(operations);
	RUN(snapshot);
	RUN(slice);
	RUN(bad_children);
	RUN(information);
	RUN(sparse);
	return rt_check_result();
}
