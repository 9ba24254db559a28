#include "loader/note.h"

#include <stdarg.h>
#include <stdio.h>

static void print_line(const char *fmt, va_list args)
{
	char text[1024];

	vsnprintf(text, sizeof(text), fmt, args);
	text__clean(text);
	fprintf(stderr, "zxrun: %s\n", text);
}

void say(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	print_line(fmt, args);
	va_end(args);
}

void note(const struct options *options, const char *fmt, ...)
{
	va_list args;

	if (!options->verbose)
		return;
	va_start(args, fmt);
	print_line(fmt, args);
	va_end(args);
}
