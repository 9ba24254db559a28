#include "diag.h"

#include <stdarg.h>
#include <string.h>

/* Bytes of a line, and of a message, that are shown. */
#define MAX_EXCERPT	200
#define MAX_MESSAGE	256

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

/* What is no text would move the terminal's cursor, or worse. */
static char shown(char c)
{
	return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f ? ' ' : c;
}

static bool continues_char(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/*
 * The line with a caret below the column. Tabs are repeated so that it stands there however wide
 * they are shown, and the bytes of one character count once. Of a long line there is only a part.
 */
static void print_excerpt(FILE *out, struct pos pos)
{
	size_t len, col = pos.col - 1, start = 0;
	const char *line = find_line(pos, &len);

	if (len > MAX_EXCERPT) {
		start = col > MAX_EXCERPT / 2 ? col - MAX_EXCERPT / 2 : 0;
		len = len - start > MAX_EXCERPT ? start + MAX_EXCERPT : len;
	}
	for (size_t i = start; i < len; i++)
		fputc(shown(line[i]), out);
	fputc('\n', out);
	for (size_t i = start; i < col; i++)
		if (i >= len || !continues_char(line[i]))
			fputc(i < len && line[i] == '\t' ? '\t' : ' ', out);
	fputs("^\n", out);
}

/* Words of the input stand in messages, and an input can be one word. */
static void print_message(FILE *out, const char *fmt, va_list ap)
{
	char message[MAX_MESSAGE];
	int len = vsnprintf(message, sizeof(message), fmt, ap);

	for (char *p = message; len > 0 && *p; p++)
		fputc(shown(*p), out);
	fputs(len >= (int)sizeof(message) ? "...\n" : "\n", out);
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
	print_message(diag->out, fmt, ap);
	va_end(ap);
	print_excerpt(diag->out, pos);
}

bool diag_full(const struct diag *diag)
{
	return diag->errors > diag->limit;
}
