#include "page_md.h"

#include <stdlib.h>
#include <string.h>

#include "markup.h"
#include "page.h"
#include "proto.h"
#include "text.h"

#define MAX_WIDTH	80

static void put_arg(FILE *out, const char *name)
{
	fprintf(out, "*%s*", name);
}

static void put_constant(FILE *out, const char *name)
{
	fprintf(out, "**%s**", name);
}

static void put_type(FILE *out, const char *name)
{
	fprintf(out, "`%s`", name);
}

/* The brackets make it a link, by the references at the end of the page. */
static void put_call(FILE *out, const char *name, bool other)
{
	fprintf(out, other ? "[`zx_%s()`]" : "`zx_%s()`", name);
}

static void put_plain(FILE *out, char c)
{
	fputc(c, out);
}

static const struct markup markdown = {
	.arg = put_arg,
	.constant = put_constant,
	.type = put_type,
	.call = put_call,
	.plain = put_plain,
};

/* Characters, not bytes, of the UTF-8 text. */
static size_t width(const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += (s[i] & 0xc0) != 0x80;
	return n;
}

/* True for a word that would begin a list or a heading if it stood first in a line. */
static bool begins_block(const char *word, size_t len)
{
	size_t digits = strspn(word, "0123456789");

	if (strchr("#>=|", *word) || (len == 1 && strchr("-+*", *word)))
		return true;
	return digits && digits + 1 == len && strchr(".)", word[digits]);
}

/* The length of the word at @s, with the words behind it that must not begin a line. */
static size_t unbroken_len(const char *s)
{
	size_t len = strcspn(s, " ");

	for (;;) {
		const char *next = s + len + strspn(s + len, " ");
		size_t next_len = strcspn(next, " ");

		if (!next_len || !begins_block(next, next_len))
			return len;
		len = (size_t)(next - s) + next_len;
	}
}

/* Print a paragraph in lines that are not too long. Blanks of the text are kept within a line. */
static void print_wrapped(FILE *out, const char *text)
{
	size_t col = 0;

	while (*text) {
		size_t blanks = strspn(text, " ");
		size_t len = unbroken_len(text + blanks);
		size_t columns = width(text + blanks, len);

		if (col && col + blanks + columns > MAX_WIDTH) {
			fputc('\n', out);
			col = 0;
		} else {
			fprintf(out, "%.*s", (int)blanks, text);
			col += blanks;
		}
		fprintf(out, "%.*s", (int)len, text + blanks);
		col += columns;
		text += blanks + len;
	}
	fputc('\n', out);
}

/* Print a paragraph of plain text, with markup. */
static void print_paragraph(FILE *out, const struct abi *abi, const struct abi_call *call,
			    const char *plain)
{
	struct text text;

	markup_text(text_open(&text), &markdown, abi, call, plain);
	text_close(&text);
	print_wrapped(out, text.s);
	free(text.s);
}

static void write_name(FILE *out, const struct abi *abi, const struct abi_call *call)
{
	char *summary = page_summary(call);

	(void)abi;
	fprintf(out, "%s - %s\n", call->name, *summary ? summary : "not described");
	free(summary);
}

static bool name_known(const struct abi_call *call)
{
	return call->description.n > 0;
}

static void write_synopsis(FILE *out, const struct abi *abi, const struct abi_call *call)
{
	struct str_list headers = { 0 };

	(void)abi;
	page_headers(call, &headers);
	fputs("```\n", out);
	for (size_t i = 0; i < headers.n; i++)
		fprintf(out, "#include <%s>\n", headers.v[i]);
	fputc('\n', out);
	proto_print(out, call, call->name);
	fputs("```\n", out);
	str_list_free(&headers);
}

/* What a description without a second sentence can say. */
static void write_summary(FILE *out, const struct abi *abi, const struct abi_call *call)
{
	char *summary = page_summary(call);
	struct text text;

	fprintf(text_open(&text), "`zx_%s()`: ", call->name);
	markup_sentence(text.out, &markdown, abi, call, *summary ? summary : "not described");
	text_close(&text);
	print_wrapped(out, text.s);
	free(text.s);
	free(summary);
}

static void write_description(FILE *out, const struct abi *abi, const struct abi_call *call)
{
	struct str_list paragraphs = { 0 };

	page_description(call, &paragraphs);
	if (!paragraphs.n)
		write_summary(out, abi, call);
	for (size_t i = 0; i < paragraphs.n; i++) {
		if (i)
			fputc('\n', out);
		print_paragraph(out, abi, call, paragraphs.v[i]);
	}
	str_list_free(&paragraphs);
}

/* A paragraph in one line for each sentence. */
static void write_rights(FILE *out, const struct abi *abi, const struct abi_call *call)
{
	struct str_list sentences = { 0 };

	page_rights(call, &sentences);
	if (!sentences.n)
		fprintf(out, "%s\n", page_no_rights(call));
	for (size_t i = 0; i < sentences.n; i++) {
		if (i)
			fputc('\n', out);
		markup_sentence(out, &markdown, abi, call, sentences.v[i]);
		fputc('\n', out);
	}
	str_list_free(&sentences);
}

static bool rights_known(const struct abi_call *call)
{
	return call->rights.n > 0;
}

static void write_return_value(FILE *out, const struct abi *abi, const struct abi_call *call)
{
	char *text = page_return_value(call);

	print_paragraph(out, abi, call, text);
	free(text);
}

static void write_error(FILE *out, const struct abi *abi, const struct abi_call *call,
			struct page_error error)
{
	struct text text;

	fprintf(text_open(&text), "**%.*s**  ", error.status_len, error.status);
	markup_sentence(text.out, &markdown, abi, call, error.when);
	text_close(&text);
	print_wrapped(out, text.s);
	free(text.s);
}

static void write_errors(FILE *out, const struct abi *abi, const struct abi_call *call)
{
	if (!call->errors.n) {
		char *text = page_no_errors(call);

		print_paragraph(out, abi, call, text);
		free(text);
	}
	for (size_t i = 0; i < call->errors.n; i++) {
		if (i)
			fputc('\n', out);
		write_error(out, abi, call, page_error(call->errors.v[i]));
	}
}

static void write_eras(FILE *out, const struct abi *abi, const struct abi_call *call)
{
	const struct abi_call **variants;
	size_t n = page_variants(abi, call, &variants);

	page_print_eras(out, call);
	fputs(".\n", out);
	for (size_t i = 0; i < n; i++) {
		fputc('\n', out);
		page_print_eras(out, variants[i]);
		fputs(" the call had another form:\n\n```\n", out);
		proto_print(out, variants[i], call->name);
		fputs("```\n", out);
	}
	free(variants);
}

static void write_see_also(FILE *out, const struct abi *abi, const struct abi_call *call)
{
	struct str_list names = { 0 };

	page_related(abi, call, &names);
	for (size_t i = 0; i < names.n; i++)
		fprintf(out, " - [`zx_%s()`]\n", names.v[i]);
	str_list_free(&names);
}

static bool always_known(const struct abi_call *call)
{
	(void)call;
	return true;
}

/* In the order of a page. */
const struct md_section md_sections[] = {
	{ "NAME", MD_DEFINITION, write_name, name_known },
	{ "SYNOPSIS", MD_DEFINITION, write_synopsis, always_known },
	{ "DESCRIPTION", MD_PEOPLE, write_description, always_known },
	{ "RIGHTS", MD_DEFINITION, write_rights, rights_known },
	{ "RETURN VALUE", MD_PEOPLE, write_return_value, always_known },
	{ "ERRORS", MD_MARKED, write_errors, always_known },
	{ "ERAS", MD_MARKED, write_eras, always_known },
	{ "SEE ALSO", MD_PEOPLE, write_see_also, always_known },
};

const size_t nmd_sections = sizeof(md_sections) / sizeof(md_sections[0]);

void md_write_page(FILE *out, const struct abi *abi, const struct abi_call *call)
{
	fprintf(out, "# zx_%s\n", call->name);
	for (size_t i = 0; i < nmd_sections; i++) {
		const struct md_section *section = &md_sections[i];
		struct text text;

		section->write(text_open(&text), abi, call);
		text_close(&text);
		if (text.len)
			fprintf(out, "\n## %s\n\n%s%s", section->heading,
				section->owner == MD_PEOPLE ? "" : MD_MARKER "\n\n", text.s);
		free(text.s);
	}
}
