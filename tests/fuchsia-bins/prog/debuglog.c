/* The debug log: writing records. What they look like is up to the one who reads it. */
#include "check.h"

#include <zircon/errors.h>
#include <zircon/syscalls/log.h>

static void writing(void)
{
	char record[ZX_LOG_RECORD_MAX];
	zx_handle_t log;

	REQUIRE_OK(zx_debuglog_create(ZX_HANDLE_INVALID, 0, &log));
	CHECK_OK(zx_debuglog_write(log, 0, "a record of the log", 19));
	CHECK_OK(zx_debuglog_write(log, 0, "two lines\nin a record", 21));
	CHECK_STATUS(zx_debuglog_write(log, 0x80000000, "x", 1), ZX_ERR_INVALID_ARGS);
	/* A log that was not opened for reading. */
	CHECK_STATUS(zx_debuglog_read(log, 0, record, sizeof(record)), ZX_ERR_ACCESS_DENIED);
	CHECK_STATUS(zx_debuglog_write(rt_boot.process, 0, "x", 1), ZX_ERR_WRONG_TYPE);
	CHECK_OK(zx_handle_close(log));
}

static void debug_write(void)
{
	CHECK_OK(zx_debug_write("written to the debug port\n", 26));
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(writing);
	RUN(debug_write);
	return rt_check_result();
}
