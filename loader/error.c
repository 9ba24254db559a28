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

/* All, since services pass on what they were given. */
static const struct {
	zx_status_t status;
	const char *name;
} status_names[] = {
#define STATUS(status) { status, #status },
#include <zxabi/statuses.inc>
#undef STATUS
};

const char *status__name(zx_status_t status)
{
	for (size_t i = 0; i < sizeof(status_names) / sizeof(status_names[0]); i++) {
		if (status_names[i].status == status)
			return status_names[i].name;
	}
	return "an unknown status";
}
