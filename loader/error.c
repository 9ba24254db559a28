#include "loader/error.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <zircon/errors.h>

void text__clean(char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = '?';
	}
}

int error__set(struct error *error, int exit_code, const char *fmt, ...)
{
	va_list args;

	error->exit_code = exit_code;
	va_start(args, fmt);
	vsnprintf(error->text, sizeof(error->text), fmt, args);
	va_end(args);
	text__clean(error->text);
	return -1;
}

#define NAME(status) { status, #status }

/* All, since services pass on what they were given. */
static const struct {
	zx_status_t status;
	const char *name;
} status_names[] = {
	NAME(ZX_ERR_INTERNAL),
	NAME(ZX_ERR_NOT_SUPPORTED),
	NAME(ZX_ERR_NO_RESOURCES),
	NAME(ZX_ERR_NO_MEMORY),
	NAME(ZX_ERR_INTERNAL_INTR_RETRY),
	NAME(ZX_ERR_INVALID_ARGS),
	NAME(ZX_ERR_BAD_HANDLE),
	NAME(ZX_ERR_WRONG_TYPE),
	NAME(ZX_ERR_BAD_SYSCALL),
	NAME(ZX_ERR_OUT_OF_RANGE),
	NAME(ZX_ERR_BUFFER_TOO_SMALL),
	NAME(ZX_ERR_BAD_STATE),
	NAME(ZX_ERR_TIMED_OUT),
	NAME(ZX_ERR_SHOULD_WAIT),
	NAME(ZX_ERR_CANCELED),
	NAME(ZX_ERR_PEER_CLOSED),
	NAME(ZX_ERR_NOT_FOUND),
	NAME(ZX_ERR_ALREADY_EXISTS),
	NAME(ZX_ERR_ALREADY_BOUND),
	NAME(ZX_ERR_UNAVAILABLE),
	NAME(ZX_ERR_ACCESS_DENIED),
	NAME(ZX_ERR_IO),
	NAME(ZX_ERR_IO_REFUSED),
	NAME(ZX_ERR_IO_DATA_INTEGRITY),
	NAME(ZX_ERR_IO_DATA_LOSS),
	NAME(ZX_ERR_IO_NOT_PRESENT),
	NAME(ZX_ERR_IO_OVERRUN),
	NAME(ZX_ERR_IO_MISSED_DEADLINE),
	NAME(ZX_ERR_IO_INVALID),
	NAME(ZX_ERR_BAD_PATH),
	NAME(ZX_ERR_NOT_DIR),
	NAME(ZX_ERR_NOT_FILE),
	NAME(ZX_ERR_FILE_BIG),
	NAME(ZX_ERR_NO_SPACE),
	NAME(ZX_ERR_NOT_EMPTY),
	NAME(ZX_ERR_STOP),
	NAME(ZX_ERR_NEXT),
	NAME(ZX_ERR_ASYNC),
	NAME(ZX_ERR_PROTOCOL_NOT_SUPPORTED),
	NAME(ZX_ERR_ADDRESS_UNREACHABLE),
	NAME(ZX_ERR_ADDRESS_IN_USE),
	NAME(ZX_ERR_NOT_CONNECTED),
	NAME(ZX_ERR_CONNECTION_REFUSED),
	NAME(ZX_ERR_CONNECTION_RESET),
	NAME(ZX_ERR_CONNECTION_ABORTED),
	NAME(ZX_ERR_INTERNAL_INTR_KILLED),
};

#undef NAME

const char *status__name(zx_status_t status)
{
	for (size_t i = 0; i < sizeof(status_names) / sizeof(status_names[0]); i++) {
		if (status_names[i].status == status)
			return status_names[i].name;
	}
	return "an unknown status";
}
