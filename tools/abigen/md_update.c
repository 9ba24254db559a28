#include "md_update.h"

#include <stdlib.h>
#include <string.h>

#include "page_md.h"

/* A page being updated. @out gets its new text but for the references. */
struct update {
	struct md_result *result;
	const struct md_targets *targets;
	const struct abi_call *call;
	struct md_lines lines;
	const char *eol;
	bool ends_bare;		/* the last line has no end */
	FILE *out;
	/* The references that the page has; the page's end for none. */
	size_t refs_first, refs_end;
};

static void stale(struct update *up, const char *part)
{
	str_list_add(&up->result->stale, text_copy(part));
}

static void fault(struct update *up, char *message)
{
	str_list_add(&up->result->faults, message);
}

static void put_lines(struct update *up, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++)
		fwrite(up->lines.v[i].s, 1, up->lines.v[i].full, up->out);
}

/* Print generated text with the ends of line that the page has. */
static void put_generated(const struct update *up, FILE *out, const char *s)
{
	while (*s) {
		size_t len = strcspn(s, "\n");

		fwrite(s, 1, len, out);
		s += len;
		if (*s) {
			fputs(up->eol, out);
			s++;
		}
	}
}

/* Whether the lines from @first to @end are @text, but for the bare end of a page. */
static bool lines_are(const struct update *up, size_t first, size_t end, const char *text)
{
	for (size_t i = first; i < end; i++) {
		const struct md_line *line = &up->lines.v[i];
		size_t len = strcspn(text, "\n");
		size_t eol = line->full - line->len;

		if (line->len != len || memcmp(line->s, text, len) || !text[len])
			return false;
		if (eol ? eol != strlen(up->eol) : i + 1 != up->lines.n)
			return false;
		text += len + 1;
	}
	return !*text;
}

static bool starts_section(const struct md_line *line)
{
	unsigned level = md_heading(line);

	return level == 1 || level == 2;
}

static bool is_section(const struct md_line *line, const char *heading)
{
	return md_heading(line) == 2 && line->len > 3 &&
	       md_line_is(&(struct md_line){ .s = line->s + 3, .len = line->len - 3 }, heading);
}

static size_t count_sections(const struct update *up, const char *heading)
{
	size_t n = 0;

	for (size_t i = 0; i < up->lines.n; i++)
		n += is_section(&up->lines.v[i], heading);
	return n;
}

/* The line behind the section whose text begins at @first. */
static size_t section_end(const struct update *up, size_t first)
{
	size_t end = first <= up->refs_first ? up->refs_first : up->lines.n;

	while (first < end && !starts_section(&up->lines.v[first]))
		first++;
	return first;
}

static bool has_marker(const struct update *up, size_t first, size_t end)
{
	while (first < end && md_blank(&up->lines.v[first]))
		first++;
	return first < end && md_line_is(&up->lines.v[first], MD_MARKER);
}

/* The section that begins at line @i and is to be generated; NULL for people's text. */
static const struct md_section *generated_section(const struct update *up, size_t i)
{
	for (size_t s = 0; s < nmd_sections; s++) {
		const struct md_section *section = &md_sections[s];

		if (!is_section(&up->lines.v[i], section->heading))
			continue;
		if (section->owner == MD_PEOPLE || !section->known(up->call) ||
		    count_sections(up, section->heading) > 1)
			return NULL;
		if (section->owner == MD_MARKED && !has_marker(up, i + 1, section_end(up, i + 1)))
			return NULL;
		return section;
	}
	return NULL;
}

/* Write the section that begins at line @i, and tell where it ended. */
static size_t put_section(struct update *up, size_t i, const struct md_section *section)
{
	size_t end = section_end(up, i + 1);
	struct text text;

	fputs("\n" MD_MARKER "\n\n", text_open(&text));
	section->write(text.out, up->targets->abi, up->call);
	if (end < up->lines.n)
		fputc('\n', text.out);
	text_close(&text);
	put_lines(up, i, i + 1);
	if (up->lines.v[i].full == up->lines.v[i].len)
		fputs(up->eol, up->out);
	put_generated(up, up->out, text.s);
	if (!lines_are(up, i + 1, end, text.s))
		stale(up, section->heading);
	free(text.s);
	return end;
}

/* The line of the title, below which only people's text stands before the sections. */
static size_t find_title(const struct update *up)
{
	for (size_t i = 0; i < up->lines.n; i++) {
		unsigned level = md_heading(&up->lines.v[i]);

		if (level)
			return level == 1 ? i : up->lines.n;
	}
	return up->lines.n;
}

static void put_title(struct update *up, size_t i)
{
	char *title = text_format("# zx_%s\n", up->call->name);

	put_generated(up, up->out, title);
	if (!lines_are(up, i, i + 1, title))
		stale(up, "title");
	free(title);
}

static void put_part(struct update *up, size_t first, size_t end, size_t title)
{
	for (size_t i = first; i < end; ) {
		const struct md_section *section = generated_section(up, i);

		if (i == title) {
			put_title(up, i++);
		} else if (section) {
			i = put_section(up, i, section);
		} else {
			put_lines(up, i, i + 1);
			i++;
		}
	}
}

static void find_references(struct update *up)
{
	size_t n = up->lines.n, i = 0;

	while (i < n && !md_line_is(&up->lines.v[i], MD_REFERENCES))
		i++;
	up->refs_first = i;
	if (i < n)
		i++;
	for (size_t j = i; j < n; j++) {
		if (md_is_reference(&up->lines.v[j]))
			i = j + 1;
		else if (!md_blank(&up->lines.v[j]))
			break;
	}
	/* Blank lines before other text are people's, those at the end are nobody's. */
	while (i < n && md_blank(&up->lines.v[i]))
		i++;
	if (i < n && i > up->refs_first)
		while (i > up->refs_first + 1 && md_blank(&up->lines.v[i - 1]))
			i--;
	up->refs_end = i;
}

/* True when people's text, not a section, comes behind the references. */
static bool text_follows(const struct update *up)
{
	size_t i = up->refs_end;

	while (i < up->lines.n && md_blank(&up->lines.v[i]))
		i++;
	return up->refs_first < up->refs_end && i < up->lines.n &&
	       !starts_section(&up->lines.v[i]);
}

/* The references as they should be, "" for none. */
static char *make_references(const struct update *up, const struct text *before,
			     const struct text *after)
{
	struct text all, refs;

	text_open(&all);
	fwrite(before->s, 1, before->len, all.out);
	fwrite(after->s, 1, after->len, all.out);
	text_close(&all);
	md_write_references(text_open(&refs), up->targets, up->call->name, all.s, all.len);
	text_close(&refs);
	free(all.s);
	text_open(&all);
	if (refs.len)
		fprintf(all.out, MD_REFERENCES "\n\n%s", refs.s);
	else if (text_follows(up))
		/* Without it the text would belong to the section above, and be lost. */
		fputs(MD_REFERENCES "\n", all.out);
	text_close(&all);
	free(refs.s);
	return all.s;
}

static bool ends_with(const struct text *text, const char *a, const char *b)
{
	size_t len = strlen(a) + strlen(b);

	return text->len >= len && !memcmp(text->s + text->len - len, a, strlen(a)) &&
	       !memcmp(text->s + text->len - strlen(b), b, strlen(b));
}

/* The length of the blank lines that @text begins with. */
static size_t blank_start(const struct text *text)
{
	struct md_lines lines = md_split(text->s, text->len);
	size_t len = 0;

	for (size_t i = 0; i < lines.n && md_blank(&lines.v[i]); i++)
		len += lines.v[i].full;
	free(lines.v);
	return len;
}

/* Put the references between the two halves of the new page. */
static void join_halves(struct update *up, const struct text *before, const struct text *after)
{
	bool had = up->refs_first < up->lines.n;
	char *refs = make_references(up, before, after);
	FILE *out = text_open(&up->result->text);
	size_t keep = before->len, skip = 0;

	if (!lines_are(up, up->refs_first, up->refs_end, refs))
		stale(up, "references");
	/* The blank line above references comes and goes with them. */
	if (had && !*refs && !after->len && ends_with(before, up->eol, up->eol))
		keep -= strlen(up->eol);
	/* Where they stood between sections one blank line is enough. */
	if (had && !*refs && ends_with(before, up->eol, up->eol))
		skip = blank_start(after);
	fwrite(before->s, 1, keep, out);
	if (!had && *refs && !ends_with(before, "", "\n"))
		fputs(up->eol, out);
	if (!had && *refs && !ends_with(before, up->eol, up->eol))
		fputs(up->eol, out);
	put_generated(up, out, refs);
	fwrite(after->s + skip, 1, after->len - skip, out);
	text_close(&up->result->text);
	free(refs);
}

static void find_faults(struct update *up)
{
	if (find_title(up) == up->lines.n)
		fault(up, text_copy("has no title"));
	for (size_t i = 0; i < nmd_sections; i++) {
		const struct md_section *section = &md_sections[i];
		size_t n = count_sections(up, section->heading);

		if (!n && section->owner == MD_DEFINITION)
			fault(up, text_format("has no %s section", section->heading));
		else if (n > 1 && section->owner != MD_PEOPLE)
			fault(up, text_format("has more than one %s section", section->heading));
	}
}

/* A page whose last line had no end keeps that, whatever its last line is now. */
static void fit_end(const struct update *up)
{
	struct text *text = &up->result->text;

	if (up->ends_bare && ends_with(text, "", up->eol)) {
		text->len -= strlen(up->eol);
		text->s[text->len] = '\0';
	}
}

static size_t count_references(const struct update *up)
{
	size_t n = 0;

	for (size_t i = 0; i < up->lines.n; i++)
		n += md_line_is(&up->lines.v[i], MD_REFERENCES);
	return n;
}

static void update(struct update *up)
{
	size_t title = find_title(up);
	struct text before, after;

	find_references(up);
	find_faults(up);
	up->out = text_open(&before);
	put_part(up, 0, up->refs_first, title);
	text_close(&before);
	up->out = text_open(&after);
	put_part(up, up->refs_end, up->lines.n, title);
	text_close(&after);
	join_halves(up, &before, &after);
	fit_end(up);
	free(before.s);
	free(after.s);
}

void md_update(struct md_result *result, const struct md_targets *targets,
	       const struct abi_call *call, const char *text, size_t len)
{
	struct update up = { .result = result, .targets = targets, .call = call };

	*result = (struct md_result){ 0 };
	up.lines = md_split(text, len);
	up.ends_bare = len && text[len - 1] != '\n';
	up.eol = up.lines.n && up.lines.v[0].full - up.lines.v[0].len == 2 ? "\r\n" : "\n";
	if (up.lines.unclosed)
		/* Where code does not end, it cannot be told what is a heading. */
		fault(&up, text_copy("has a block of code without an end"));
	else if (count_references(&up) > 1)
		fault(&up, text_copy("has references more than once"));
	else
		update(&up);
	free(up.lines.v);
}

void md_result_free(struct md_result *result)
{
	free(result->text.s);
	str_list_free(&result->stale);
	str_list_free(&result->faults);
}
