#include "md_lines.h"

#include <string.h>

#include "abigen.h"

/* The fence of the code that a line is in; @len is 0 outside of code. */
struct fence {
	char c;
	size_t len;
};

static size_t run(const char *s, size_t len, char c)
{
	size_t n = 0;

	while (n < len && s[n] == c)
		n++;
	return n;
}

/* Set @fence to what stands in the line, and tell what is behind it. */
static size_t find_fence(const struct md_line *line, struct fence *fence)
{
	size_t indent = run(line->s, line->len, ' ');
	const char *s = line->s + indent;
	size_t len = line->len - indent;

	fence->len = 0;
	if (indent > 3 || !len || (*s != '`' && *s != '~'))
		return 0;
	fence->c = *s;
	fence->len = run(s, len, *s);
	if (fence->len < 3)
		fence->len = 0;
	return indent + fence->len;
}

static bool blank_from(const struct md_line *line, size_t from)
{
	while (from < line->len && (line->s[from] == ' ' || line->s[from] == '\t'))
		from++;
	return from == line->len;
}

/* Mark the line as code when it is, and follow the fences. */
static void mark_code(struct md_line *line, struct fence *open)
{
	struct fence here;
	size_t end = find_fence(line, &here);

	line->code = open->len || here.len;
	if (!open->len) {
		/* `code` in a line is no fence. */
		if (here.len && here.c == '`' && memchr(line->s + end, '`', line->len - end))
			line->code = false;
		else
			*open = here;
	} else if (here.len >= open->len && here.c == open->c && blank_from(line, end)) {
		open->len = 0;
	}
}

struct md_lines md_split(const char *text, size_t len)
{
	struct md_lines lines = { 0 };
	struct fence open = { 0 };
	size_t at = 0;

	while (at < len) {
		const char *eol = memchr(text + at, '\n', len - at);
		struct md_line line = { .s = text + at };

		line.full = eol ? (size_t)(eol - line.s) + 1 : len - at;
		line.len = line.full - (eol ? 1 : 0);
		if (eol && line.len && line.s[line.len - 1] == '\r')
			line.len--;
		mark_code(&line, &open);
		lines.v = xgrow(lines.v, lines.n, sizeof(*lines.v));
		lines.v[lines.n++] = line;
		at += line.full;
	}
	lines.unclosed = open.len > 0;
	return lines;
}

bool md_line_is(const struct md_line *line, const char *text)
{
	size_t len = strlen(text);

	return !line->code && line->len >= len && !memcmp(line->s, text, len) &&
	       blank_from(line, len);
}

bool md_blank(const struct md_line *line)
{
	return blank_from(line, 0);
}

unsigned md_heading(const struct md_line *line)
{
	size_t level = run(line->s, line->len, '#');

	if (line->code || !level || level > 6)
		return 0;
	if (level < line->len && line->s[level] != ' ' && line->s[level] != '\t')
		return 0;
	return (unsigned)level;
}
