/* Output to the descriptors that the program got, or to the debug log. */
#include "rt.h"

#include <zircon/syscalls/log.h>

#include "format.h"
#include "string.h"

#define LINE_MAX 1024

/* How descriptors were passed before 2020: a type per transport, and this flag in the argument. */
#define PA_FDIO_SOCKET_2018 0x36u
#define PA_FDIO_LOGGER_2018 0x35u
#define FD_STDIO_FLAG_2018 0x8000u

zx_handle_t rt_boot__fd(uint32_t fd)
{
	static const uint32_t types[] = { PA_FD, PA_FDIO_SOCKET_2018, PA_FDIO_LOGGER_2018 };
	uint32_t i;

	for (i = 0; i < RT_ARRAY_SIZE(types); i++) {
		zx_handle_t handle = rt_boot__handle(types[i], fd);

		if (handle == ZX_HANDLE_INVALID && fd < 3)
			handle = rt_boot__handle(types[i], FD_STDIO_FLAG_2018);
		if (handle != ZX_HANDLE_INVALID)
			return handle;
	}
	return ZX_HANDLE_INVALID;
}

zx_status_t rt_socket_write_all(zx_handle_t socket, const void *data, size_t size)
{
	const char *next = data;

	while (size) {
		size_t actual = 0;
		zx_status_t status;

		status = zx_socket_write(socket, 0, next, size, &actual);
		if (status == ZX_ERR_SHOULD_WAIT)
			status = zx_object_wait_one(socket,
						    ZX_SOCKET_WRITABLE | ZX_SOCKET_PEER_CLOSED,
						    ZX_TIME_INFINITE, NULL);
		if (status != ZX_OK)
			return status;
		next += actual;
		size -= actual;
	}
	return ZX_OK;
}

/* The log takes records of limited length, without line ends. */
static void log_lines(zx_handle_t log, const char *text, size_t size)
{
	while (size) {
		size_t length = 0;

		while (length < size && length < ZX_LOG_RECORD_MAX / 2 && text[length] != '\n')
			length++;
		if (length)
			zx_debuglog_write(log, 0, text, length);
		if (length < size && text[length] == '\n')
			length++;
		text += length;
		size -= length;
	}
}

static zx_obj_type_t object_type(zx_handle_t handle)
{
	zx_info_handle_basic_t info;
	zx_status_t status;

	status = zx_object_get_info(handle, ZX_INFO_HANDLE_BASIC, &info, sizeof(info), NULL, NULL);
	return status == ZX_OK ? info.type : ZX_OBJ_TYPE_NONE;
}

static void write_fd(uint32_t fd, const char *text, size_t size)
{
	zx_handle_t handle = rt_boot__fd(fd);
	zx_handle_t log;

	switch (object_type(handle)) {
	case ZX_OBJ_TYPE_SOCKET:
		rt_socket_write_all(handle, text, size);
		break;
	case ZX_OBJ_TYPE_LOG:
		log_lines(handle, text, size);
		break;
	default:
		if (zx_debuglog_create(ZX_HANDLE_INVALID, 0, &log) != ZX_OK) {
			zx_debug_write(text, size);
			break;
		}
		log_lines(log, text, size);
		zx_handle_close(log);
	}
}

void rt_print(const char *format, ...)
{
	char line[LINE_MAX];
	va_list args;

	va_start(args, format);
	write_fd(1, line, rt_vformat(line, sizeof(line), format, args));
	va_end(args);
}

void rt_print_error(const char *format, ...)
{
	char line[LINE_MAX];
	va_list args;

	va_start(args, format);
	write_fd(2, line, rt_vformat(line, sizeof(line), format, args));
	va_end(args);
}
