/* The lines of a page in Markdown, and which of them are code. */
#ifndef ABIGEN_MD_LINES_H
#define ABIGEN_MD_LINES_H

#include <stdbool.h>
#include <stddef.h>

struct md_line {
	const char *s;
	size_t len;	/* without the end of line */
	size_t full;	/* with it */
	bool code;	/* in a fenced block of code, or one of its fences */
};

struct md_lines {
	struct md_line *v;
	size_t n;
	bool unclosed;	/* the last block of code has no end */
};

/* The lines of @text, which they point into. The caller frees @v. */
struct md_lines md_split(const char *text, size_t len);

/* True for the line @text, with or without blanks behind it; never for code. */
bool md_line_is(const struct md_line *line, const char *text);

/* True for a line of blanks. */
bool md_blank(const struct md_line *line);

/* The level of a heading, 0 for other lines. */
unsigned md_heading(const struct md_line *line);

#endif
