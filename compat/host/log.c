/*
 * What zxrun itself says on standard error. The debug log comes there as on Fuchsia's serial
 * console: a record a line.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "compat/core/debuglog.h"
#include "compat/host/host.h"

#define NS_PER_US 1000
#define US_PER_SECOND 1000000

void host__log(const struct log_record *record)
{
	char line[64 + LOG_DATA_MAX + 1];
	uint64_t us = (uint64_t)record->time / NS_PER_US;
	size_t size = record->size;
	int used;

	while (size && (record->data[size - 1] == '\n' || record->data[size - 1] == '\r'))
		size--;
	used = snprintf(line, 64, "[%05llu.%06llu] %05llu:%05llu> ",
			(unsigned long long)(us / US_PER_SECOND),
			(unsigned long long)(us % US_PER_SECOND), (unsigned long long)record->pid,
			(unsigned long long)record->tid);
	for (size_t i = 0; i < size; i++) {
		/* One record is one line, whatever is in it. */
		char c = record->data[i];

		line[used++] = c == '\n' || c == '\r' ? ' ' : c;
	}
	line[used++] = '\n';
	/* In one piece, so that lines of several processes do not mix. */
	if (write(STDERR_FILENO, line, (size_t)used) < 0)
		return; /* nowhere left to say it */
}

bool host__verbose;

void host__note(const char *format, ...)
{
	char text[256];
	va_list args;

	if (!host__verbose)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fprintf(stderr, "zxrun: %s\n", text);
}

/* Bytes of the character of UTF-8 that @text begins with; 0: none that may be printed. */
static size_t printable(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t size = at[0] < 0x80 ? 1 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;

	if (at[0] < ' ' || at[0] == 0x7f || (at[0] >= 0x80 && at[0] < 0xc2) || at[0] > 0xf4)
		return 0;
	/* Another set of control characters. */
	if (at[0] == 0xc2 && at[1] < 0xa0)
		return 0;
	for (size_t i = 1; i < size; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	}
	return size;
}

void host__clean(char *text)
{
	while (*text) {
		size_t size = printable(text);

		if (!size)
			*text = '?';
		text += size ? size : 1;
	}
}

const char *host__printable(char *to, const char *name)
{
	size_t size = strnlen(name, ZX_MAX_NAME_LEN - 1);

	memcpy(to, name, size);
	to[size] = 0;
	host__clean(to);
	return to;
}
