#include "md_refs.h"

#include <stdlib.h>
#include <string.h>

#include "page_md.h"
#include "text.h"

#define OPEN	"[`zx_"
#define CLOSE	"()`]"

/* @file if there is such a page; freed and NULL otherwise. */
static char *existing(const struct md_targets *targets, char *file)
{
	if (targets->files && str_list_has(targets->files, file))
		return file;
	free(file);
	return NULL;
}

char *md_page_file(const struct md_targets *targets, const char *name)
{
	const struct abi_call *call = abi_find(targets->abi, name);
	char *file = existing(targets, text_format("%s.md", name));

	if (!file)
		file = existing(targets, text_format("zx_%s.md", name));
	if (!file && call && call_exported(call))
		file = text_format("%s.md", name);
	return file;
}

/* The name in a link that begins at @s, and the length of the whole; NULL when it is no link. */
static char *linked_name(const char *s, const char *end, size_t *len)
{
	const char *name = s + strlen(OPEN);
	size_t n = 0;

	if ((size_t)(end - s) < strlen(OPEN) || memcmp(s, OPEN, strlen(OPEN)))
		return NULL;
	while (name + n < end && (name[n] == '_' || (name[n] >= '0' && name[n] <= '9') ||
				  (name[n] >= 'a' && name[n] <= 'z') ||
				  (name[n] >= 'A' && name[n] <= 'Z')))
		n++;
	if (!n || (size_t)(end - name) - n < strlen(CLOSE) ||
	    memcmp(name + n, CLOSE, strlen(CLOSE)))
		return NULL;
	*len = strlen(OPEN) + n + strlen(CLOSE);
	return xstrndup(name, n);
}

bool md_is_reference(const struct md_line *line)
{
	size_t len;
	char *name = linked_name(line->s, line->s + line->len, &len);

	free(name);
	return name && !line->code && len < line->len && line->s[len] == ':';
}

static void add_once(struct str_list *names, char *name)
{
	if (str_list_has(names, name))
		free(name);
	else
		str_list_add(names, name);
}

/* Names in links of the line, but those that say themselves where they lead. */
static void find_names(const struct md_line *line, struct str_list *names,
		       struct str_list *defined)
{
	const char *end = line->s + line->len;

	for (const char *p = line->s; (p = memchr(p, '[', (size_t)(end - p))); p++) {
		size_t len;
		char *name = linked_name(p, end, &len);

		if (!name)
			continue;
		if (p == line->s && p + len < end && p[len] == ':')
			add_once(defined, name);
		else if (p + len < end && (p[len] == '(' || p[len] == '['))
			free(name);
		else
			add_once(names, name);
	}
}

void md_write_references(FILE *out, const struct md_targets *targets, const char *self,
			 const char *text, size_t len)
{
	struct md_lines lines = md_split(text, len);
	struct str_list names = { 0 }, defined = { 0 };

	for (size_t i = 0; i < lines.n; i++)
		if (!lines.v[i].code)
			find_names(&lines.v[i], &names, &defined);
	str_list_sort(&names);
	for (size_t i = 0; i < names.n; i++) {
		char *file = md_page_file(targets, names.v[i]);

		if (file && strcmp(names.v[i], self) && !str_list_has(&defined, names.v[i]))
			fprintf(out, OPEN "%s" CLOSE ": %s\n", names.v[i], file);
		free(file);
	}
	str_list_free(&names);
	str_list_free(&defined);
	free(lines.v);
}

void md_print_with_references(FILE *out, const struct md_targets *targets, const char *self,
			      const char *page, size_t len)
{
	struct text references;

	md_write_references(text_open(&references), targets, self, page, len);
	text_close(&references);
	fwrite(page, 1, len, out);
	if (references.len)
		fprintf(out, "\n" MD_REFERENCES "\n\n%s", references.s);
	free(references.s);
}
