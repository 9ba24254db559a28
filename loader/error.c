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

/* Those that the core gives for what the loader asks of it. */
static const struct {
	zx_status_t status;
	const char *name;
} status_names[] = {
	{ ZX_ERR_INTERNAL, "ZX_ERR_INTERNAL" },
	{ ZX_ERR_NOT_SUPPORTED, "ZX_ERR_NOT_SUPPORTED" },
	{ ZX_ERR_NO_RESOURCES, "ZX_ERR_NO_RESOURCES" },
	{ ZX_ERR_NO_MEMORY, "ZX_ERR_NO_MEMORY" },
	{ ZX_ERR_INVALID_ARGS, "ZX_ERR_INVALID_ARGS" },
	{ ZX_ERR_BAD_HANDLE, "ZX_ERR_BAD_HANDLE" },
	{ ZX_ERR_OUT_OF_RANGE, "ZX_ERR_OUT_OF_RANGE" },
	{ ZX_ERR_BAD_STATE, "ZX_ERR_BAD_STATE" },
	{ ZX_ERR_PEER_CLOSED, "ZX_ERR_PEER_CLOSED" },
	{ ZX_ERR_NOT_FOUND, "ZX_ERR_NOT_FOUND" },
	{ ZX_ERR_ALREADY_EXISTS, "ZX_ERR_ALREADY_EXISTS" },
	{ ZX_ERR_ACCESS_DENIED, "ZX_ERR_ACCESS_DENIED" },
	{ ZX_ERR_IO, "ZX_ERR_IO" },
	{ ZX_ERR_NO_SPACE, "ZX_ERR_NO_SPACE" },
};

const char *status__name(zx_status_t status)
{
	for (size_t i = 0; i < sizeof(status_names) / sizeof(status_names[0]); i++) {
		if (status_names[i].status == status)
			return status_names[i].name;
	}
	return "an unknown status";
}
