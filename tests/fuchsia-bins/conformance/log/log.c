/* The system's log, written by a program without a resource. */
#include "conformance.h"

#include <zircon/eras.h>
#include <zircon/syscalls/log.h>
#include <zircon/syscalls/resource.h>

#include "string.h"

static char large[4096];
static zx_handle_t out;

static zx_handle_t make_log(void)
{
	EXPECT_OK(zx_debuglog_create(ZX_HANDLE_INVALID, 0, &out));
	return own(out);
}

static zx_status_t create(zx_handle_t resource, uint32_t options)
{
	zx_status_t status = zx_debuglog_create(resource, options, &out);

	if (status == ZX_OK)
		own(out);
	return status;
}

static zx_status_t write(zx_handle_t log)
{
	return zx_debuglog_write(log, 0, "a record", 8);
}

static zx_status_t read(zx_handle_t log)
{
	return zx_debuglog_read(log, 0, large, sizeof(large));
}

REFUSES(debuglog_create, ZX_ERR_BAD_HANDLE, closed,
	create(closed_handle(), 0), .line = "is no valid handle")
REFUSES(debuglog_create, ZX_ERR_BAD_HANDLE, reading_needs_a_resource,
	create(ZX_HANDLE_INVALID, ZX_LOG_FLAG_READABLE),
	.line = "options is not 0", .from = ERA_NEWEST)
REFUSES(debuglog_create, ZX_ERR_WRONG_TYPE, resource, create(make_event(), 0))
REFUSES(debuglog_create, ZX_ERR_INVALID_ARGS, options,
	create(ZX_HANDLE_INVALID, 1), .line = "options has", .from = ERA_2020_07, .to = ERA_2021_01)
REFUSES(debuglog_create, ZX_ERR_INVALID_ARGS, bad_out,
	zx_debuglog_create(ZX_HANDLE_INVALID, 0, BAD_OUT), .line = "bad pointer")

CHECK(debuglog_create, cannot_be_read)
{
	zx_handle_t log = make_log();

	EXPECT_EQ(type_of(log), ZX_OBJ_TYPE_LOG);
	EXPECT_EQ(rights_of(log) & (ZX_RIGHT_READ | ZX_RIGHT_WRITE), ZX_RIGHT_WRITE);
}

CHECK_HANDLE(debuglog_write, handle, WRITE, make_log(), write(h))

CHECK_ERROR(debuglog_write, ZX_ERR_INVALID_ARGS, options, .line = "options has")
{
	EXPECT_STATUS(zx_debuglog_write(make_log(), 0x80000000u, "x", 1), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_debuglog_write(ZX_HANDLE_INVALID, 0x80000000u, "x", 1),
		      ZX_ERR_INVALID_ARGS);
}

REFUSES(debuglog_write, ZX_ERR_INVALID_ARGS, bad_buffer,
	zx_debuglog_write(make_log(), 0, BAD_POINTER, 8), .line = "bad pointer")
REFUSES(debuglog_write, ZX_ERR_OUT_OF_RANGE, large,
	zx_debuglog_write(make_log(), 0, large, sizeof(large)), .to = ERA_2019_01)

CHECK(debuglog_write, appends)
{
	EXPECT_OK(write(make_log()));
	EXPECT_OK(zx_debuglog_write(make_log(), 0, "", 0));
}

CHECK(debuglog_write, large_record_is_cut, .from = ERA_2020_07)
{
	memset(large, 'x', sizeof(large));
	EXPECT_OK(zx_debuglog_write(make_log(), 0, large, sizeof(large)));
}

CHECK_HANDLE_VALID(debuglog_read, handle, read(h))
CHECK_HANDLE_TYPE(debuglog_read, handle, make_event(), read(h))
CHECK_HANDLE_RIGHT(debuglog_read, handle, READ, make_log(), read(h))

CHECK_ERROR(debuglog_read, ZX_ERR_INVALID_ARGS, options, .line = "options")
{
	EXPECT_STATUS(zx_debuglog_read(make_log(), 1, large, sizeof(large)), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_debuglog_read(ZX_HANDLE_INVALID, 1, large, sizeof(large)),
		      ZX_ERR_INVALID_ARGS);
}

/* --- The older names --- */

REFUSES(log_create, ZX_ERR_INVALID_ARGS, bad_out, zx_log_create(0, BAD_POINTER))

CHECK(log_create, no_resource)
{
	EXPECT_OK(zx_log_create(0, &out));
	EXPECT_EQ(type_of(own(out)), ZX_OBJ_TYPE_LOG);
}

CHECK_HANDLE(log_write, handle, WRITE, make_log(), zx_log_write(h, 1, "x", 0))

REFUSES(log_write, ZX_ERR_INVALID_ARGS, options,
	zx_log_write(make_log(), 1, "x", 0x80000000u), .line = "options has")
REFUSES(log_write, ZX_ERR_INVALID_ARGS, bad_buffer,
	zx_log_write(make_log(), 1, BAD_POINTER, 0), .line = "bad pointer")
REFUSES(log_write, ZX_ERR_OUT_OF_RANGE, large, zx_log_write(make_log(), sizeof(large), large, 0))

CHECK_HANDLE_VALID(log_read, handle, zx_log_read(h, sizeof(large), large, 0))
CHECK_HANDLE_TYPE(log_read, handle, make_event(), zx_log_read(h, sizeof(large), large, 0))
CHECK_HANDLE_RIGHT(log_read, handle, READ, make_log(), zx_log_read(h, sizeof(large), large, 0))

REFUSES(log_read, ZX_ERR_INVALID_ARGS, options,
	zx_log_read(make_log(), sizeof(large), large, 1), .line = "options")

/* --- Reading, which needs the root resource --- */

/* More records than any system keeps. */
#define MANY 1000000

static zx_handle_t make_readable(void)
{
	zx_handle_t resource = root_resource();

	if (era() == ERA_NEWEST) {
		EXPECT_OK(zx_resource_create(root_resource(), ZX_RSRC_KIND_SYSTEM_2021,
					     ZX_RSRC_SYSTEM_DEBUGLOG_BASE, 1, NULL, 0, &resource));
		own(resource);
	}
	EXPECT_OK(zx_debuglog_create(resource, ZX_LOG_FLAG_READABLE, &out));
	return own(out);
}

CHECK_ERROR(debuglog_read, ZX_ERR_SHOULD_WAIT, after_the_last_record, .root = true)
{
	zx_handle_t log = make_readable();
	zx_status_t status = 0;
	int i;

	for (i = 0; i < MANY && status >= 0; i++)
		status = read(log);
	EXPECT_STATUS(status, ZX_ERR_SHOULD_WAIT);
}

CHECK_ERROR(debuglog_read, ZX_ERR_INVALID_ARGS, bad_buffer, .line = "bad pointer", .root = true)
{
	zx_handle_t log = make_readable();

	EXPECT_OK(write(make_log()));
	EXPECT_STATUS(zx_debuglog_read(log, 0, BAD_POINTER, sizeof(large)), ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(log_read, ZX_ERR_SHOULD_WAIT, after_the_last_record, .root = true)
{
	zx_handle_t log = make_readable();
	zx_status_t status = 0;
	int i;

	for (i = 0; i < MANY && status >= 0; i++)
		status = zx_log_read(log, sizeof(large), large, 0);
	EXPECT_STATUS(status, ZX_ERR_SHOULD_WAIT);
}

CHECK_ERROR(log_read, ZX_ERR_INVALID_ARGS, bad_buffer, .line = "bad pointer", .root = true)
{
	zx_handle_t log = make_readable();

	EXPECT_OK(write(make_log()));
	EXPECT_STATUS(zx_log_read(log, sizeof(large), BAD_POINTER, 0), ZX_ERR_INVALID_ARGS);
}

CHECK(debuglog_create, can_be_read_with_a_resource, .root = true)
{
	EXPECT_EQ(rights_of(make_readable()) & ZX_RIGHT_READ, ZX_RIGHT_READ);
}

/* Others write too: the record is somewhere among those that follow. */
CHECK(debuglog_read, what_was_written, .root = true)
{
	zx_handle_t log = make_readable();
	size_t size = strlen("a record of its own");
	zx_status_t status;
	int i;

	EXPECT_OK(zx_debuglog_write(make_log(), 0, "a record of its own", size));
	for (i = 0; i < MANY; i++) {
		status = read(log);
		EXPECT(status >= 0);
		if ((size_t)status >= size &&
		    !memcmp(large + status - size, "a record of its own", size))
			return;
	}
	EXPECT(!"the record in the log");
}
