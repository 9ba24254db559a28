/* The debug console and the kernel's trace, to a program without a resource. */
#include "conformance.h"

static char text[64];
static size_t actual;

/* Its buffer's size went both ways in one argument until 2019. */
extern zx_status_t debug_read_2018(zx_handle_t handle, char *buffer, size_t *buffer_size)
	__asm__("zx_debug_read") __attribute__((weak));

/* From 2020 on a system can be started without these calls. */
static zx_status_t unless_lacking(zx_status_t status)
{
	if (era() >= ERA_2020_07 && status == ZX_ERR_NOT_SUPPORTED)
		skip("the system was started without debugging calls");
	return status;
}

static zx_status_t unless_there(zx_status_t status)
{
	if (status == ZX_ERR_BAD_HANDLE)
		skip("the system was started with debugging calls");
	return status;
}

static zx_status_t read_2018(zx_handle_t handle)
{
	size_t size = sizeof(text);

	return debug_read_2018(handle, text, &size);
}

#define CHECK_REFUSED(call, argument, expression, ...) \
	CHECK_HANDLE_VALID(call, argument, expression, ##__VA_ARGS__) \
	CHECK_HANDLE_TYPE(call, argument, make_event(), expression, ##__VA_ARGS__)

CHECK_REFUSED(debug_read, handle, read_2018(h), .to = ERA_2019_01)
CHECK_REFUSED(debug_send_command, resource, zx_debug_send_command(h, "help", 4), .to = ERA_2019_01)
CHECK_REFUSED(ktrace_read, handle,
	      unless_lacking(zx_ktrace_read(h, text, 0, sizeof(text), &actual)))
CHECK_REFUSED(ktrace_control, handle, unless_lacking(zx_ktrace_control(h, 77, 0, NULL)))
CHECK_REFUSED(ktrace_write, handle, unless_lacking(zx_ktrace_write(h, 0, 0, 0)))
CHECK_REFUSED(mtrace_control, handle, unless_lacking(zx_mtrace_control(h, 0, 0, 0, NULL, 0)))

REFUSES(debug_read, ZX_ERR_NOT_SUPPORTED, without_it,
	unless_there(zx_debug_read(closed_handle(), text, sizeof(text), &actual)),
	.from = ERA_2020_07)
REFUSES(debug_send_command, ZX_ERR_NOT_SUPPORTED, without_it,
	unless_there(zx_debug_send_command(closed_handle(), "help", 4)), .from = ERA_2020_07)
REFUSES(debug_write, ZX_ERR_INVALID_ARGS, bad_buffer,
	unless_lacking(zx_debug_write(BAD_POINTER, 8)))

CHECK(debug_write, text)
{
	EXPECT_OK(unless_lacking(zx_debug_write("a line\n", 7)));
}
