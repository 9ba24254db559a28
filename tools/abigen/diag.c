#include "diag.h"

#include <stdarg.h>
#include <string.h>

/* The line of @pos and, in @len, its length without the line's end. Sources may hold NUL bytes. */
static const char *find_line(struct pos pos, size_t *len)
{
	const char *p = pos.src->text;
	const char *end = p + pos.src->len;
	const char *nl;

	for (unsigned line = 1; line < pos.line; line++) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if (!nl)
			break;
		p = nl + 1;
	}
	nl = memchr(p, '\n', (size_t)(end - p));
	*len = (size_t)((nl ? nl : end) - p);
	if (*len && p[*len - 1] == '\r')
		(*len)--;
	return p;
}

/* Tabs are repeated so that the caret stands below its column however wide tabs are shown. */
static void print_excerpt(FILE *out, struct pos pos)
{
	size_t len;
	const char *line = find_line(pos, &len);

	for (size_t i = 0; i < len; i++)
		fputc(line[i] ? line[i] : ' ', out);
	fputc('\n', out);
	for (unsigned i = 1; i < pos.col; i++)
		fputc(i <= len && line[i - 1] == '\t' ? '\t' : ' ', out);
	fputs("^\n", out);
}

void diag_error(struct diag *diag, struct pos pos, const char *fmt, ...)
{
	va_list ap;

	diag->errors++;
	if (diag->errors > diag->limit) {
		if (diag->errors == diag->limit + 1)
			fprintf(diag->out, "more errors are not shown\n");
		return;
	}
	fprintf(diag->out, "%s:%u:%u: ", pos.src->path, pos.line, pos.col);
	va_start(ap, fmt);
	vfprintf(diag->out, fmt, ap);
	va_end(ap);
	fputc('\n', diag->out);
	print_excerpt(diag->out, pos);
}

bool diag_full(const struct diag *diag)
{
	return diag->errors > diag->limit;
}
