/* Reference pages for section 2 of the manual, in the macros of man(7). */
#include "outputs.h"

#include <stdlib.h>
#include <string.h>

#include "markup.h"
#include "page.h"
#include "proto.h"
#include "text.h"

/* A page must have a date, and nothing tells the day of a definition. This is the oldest's. */
#define PAGE_DATE	"2018-07-01"

static void put_plain(FILE *out, char c)
{
	if (c == '\\')
		fputs("\\e", out);
	else if ((unsigned char)c < ' ')
		fputc(' ', out);
	else
		fputc(c, out);
}

/* Code: what a typesetter would make nicer is kept as it is. */
static void put_code(FILE *out, char c)
{
	if (c == '-')
		fputs("\\-", out);
	else
		put_plain(out, c);
}

static void put_font(FILE *out, char font, const char *text)
{
	fprintf(out, "\\f%c", font);
	while (*text)
		put_code(out, *text++);
	fputs("\\fR", out);
}

static void put_arg(FILE *out, const char *name)
{
	put_font(out, 'I', name);
}

static void put_bold(FILE *out, const char *name)
{
	put_font(out, 'B', name);
}

static void put_call(FILE *out, const char *name, bool other)
{
	fprintf(out, "\\fBzx_%s\\fR%s", name, other ? "(2)" : "()");
}

static const struct markup man = {
	.arg = put_arg,
	.constant = put_bold,
	.type = put_bold,
	.call = put_call,
	.plain = put_plain,
};

/* Print filled text, a line for each sentence. No line begins like a request. */
static void print_filled(FILE *out, const char *s)
{
	bool at_start = true;

	for (s += strspn(s, " "); *s; s++) {
		if (at_start && (*s == '.' || *s == '\''))
			fputs("\\&", out);
		at_start = *s == '.' && s[1] == ' ';
		fputc(*s, out);
		if (at_start) {
			fputc('\n', out);
			s += strspn(s + 1, " ");
		}
	}
	fputc('\n', out);
}

static void print_text(FILE *out, const struct abi *abi, const struct abi_call *call,
		       const char *plain)
{
	struct text text;

	markup_sentence(text_open(&text), &man, abi, call, plain);
	text_close(&text);
	print_filled(out, text.s);
	free(text.s);
}

static void print_paragraphs(FILE *out, const struct abi *abi, const struct abi_call *call,
			     const struct str_list *paragraphs)
{
	for (size_t i = 0; i < paragraphs->n; i++) {
		if (i)
			fputs(".PP\n", out);
		print_text(out, abi, call, paragraphs->v[i]);
	}
}

/* A summary without its full stop, as the NAME line of a page has it. */
static void print_name(FILE *out, const struct abi_call *call)
{
	char *summary = page_summary(call);
	size_t len = strlen(summary);

	if (len && summary[len - 1] == '.')
		summary[len - 1] = '\0';
	fprintf(out, ".SH NAME\nzx_%s \\- ", call->name);
	for (const char *p = *summary ? summary : "not described"; *p; p++)
		put_plain(out, *p);
	fputc('\n', out);
	free(summary);
}

static void print_proto(FILE *out, const struct abi_call *call, const char *name)
{
	struct text text;

	proto_print(text_open(&text), call, name);
	text_close(&text);
	for (char *line = strtok(text.s, "\n"); line; line = strtok(NULL, "\n")) {
		put_bold(out, line);
		fputc('\n', out);
	}
	free(text.s);
}

static void print_synopsis(FILE *out, const struct abi_call *call)
{
	struct str_list headers = { 0 };

	page_headers(call, &headers);
	fputs(".SH SYNOPSIS\n.nf\n", out);
	for (size_t i = 0; i < headers.n; i++)
		fprintf(out, ".B #include <%s>\n", headers.v[i]);
	fputs(".PP\n", out);
	print_proto(out, call, call->name);
	fputs(".fi\n", out);
	str_list_free(&headers);
}

static void print_description(FILE *out, const struct abi *abi, const struct abi_call *call)
{
	struct str_list paragraphs = { 0 };
	char *summary = page_summary(call);

	if (!*summary) {
		free(summary);
		summary = text_copy("There is no description.");
	}
	str_list_add(&paragraphs, summary);
	page_description(call, &paragraphs);
	fputs(".SH DESCRIPTION\n", out);
	print_paragraphs(out, abi, call, &paragraphs);
	str_list_free(&paragraphs);
}

static void print_rights(FILE *out, const struct abi *abi, const struct abi_call *call)
{
	struct str_list sentences = { 0 };

	page_rights(call, &sentences);
	if (!sentences.n)
		str_list_add(&sentences, text_copy(page_no_rights(call)));
	fputs(".SH RIGHTS\n", out);
	print_paragraphs(out, abi, call, &sentences);
	str_list_free(&sentences);
}

static void print_return_value(FILE *out, const struct abi *abi, const struct abi_call *call)
{
	char *text = page_return_value(call);

	fputs(".SH RETURN VALUE\n", out);
	print_text(out, abi, call, text);
	free(text);
}

static void print_errors(FILE *out, const struct abi *abi, const struct abi_call *call)
{
	fputs(".SH ERRORS\n", out);
	if (!call->errors.n) {
		char *text = page_no_errors(call);

		print_text(out, abi, call, text);
		free(text);
	}
	for (size_t i = 0; i < call->errors.n; i++) {
		struct page_error error = page_error(call->errors.v[i]);

		fprintf(out, ".TP\n.B %.*s\n", error.status_len, error.status);
		print_text(out, abi, call, error.when);
	}
}

static void print_history(FILE *out, const struct abi *abi, const struct abi_call *call)
{
	const struct abi_call **variants;
	size_t n = page_variants(abi, call, &variants);

	fputs(".SH HISTORY\n", out);
	page_print_eras(out, call);
	fputs(".\n", out);
	for (size_t i = 0; i < n; i++) {
		fputs(".PP\n", out);
		page_print_eras(out, variants[i]);
		fputs(" the call had another form:\n.PP\n.nf\n", out);
		print_proto(out, variants[i], call->name);
		fputs(".fi\n", out);
	}
	free(variants);
}

static void print_see_also(FILE *out, const struct abi *abi, const struct abi_call *call)
{
	struct str_list names = { 0 };

	page_related(abi, call, &names);
	if (names.n)
		fputs(".SH SEE ALSO\n", out);
	for (size_t i = 0; i < names.n; i++)
		fprintf(out, ".BR zx_%s (2)%s\n", names.v[i], i + 1 < names.n ? "," : "");
	str_list_free(&names);
}

void out_man(FILE *out, const struct abi *abi, const struct abi_call *call)
{
	fputs(".\\\" Made by abigen. Changes belong in the definitions.\n", out);
	fprintf(out, ".TH zx_%s 2 " PAGE_DATE " Zircon \"Zircon calls\"\n", call->name);
	print_name(out, call);
	fputs(".SH LIBRARY\nZircon vDSO (libzircon, \\-lzircon)\n", out);
	print_synopsis(out, call);
	print_description(out, abi, call);
	print_rights(out, abi, call);
	print_return_value(out, abi, call);
	print_errors(out, abi, call);
	print_history(out, abi, call);
	print_see_also(out, abi, call);
}
