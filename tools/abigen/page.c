#include "page.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "types.h"

/* More relatives than these say little. */
#define MAX_RELATED	8

/* The lines in one string, with a newline for each empty line. */
static char *join(const struct str_list *lines)
{
	struct text text;
	FILE *out = text_open(&text);
	bool blank = false;

	for (size_t i = 0; i < lines->n; i++) {
		if (!*lines->v[i]) {
			fputc('\n', out);
			blank = false;
			continue;
		}
		fprintf(out, "%s%s", blank ? " " : "", lines->v[i]);
		blank = true;
	}
	text_close(&text);
	return text.s;
}

/* The length of the sentence at the start of @s: to a full stop, or to the paragraph's end. */
static size_t sentence_len(const char *s)
{
	size_t len = 0;

	while (s[len] && s[len] != '\n') {
		if (s[len++] == '.' && strchr(" \n", s[len]))
			break;
	}
	return len;
}

char *page_summary(const struct abi_call *call)
{
	char *all = join(&call->description);
	const char *start = all + strspn(all, "\n");
	char *summary = xstrndup(start, sentence_len(start));

	free(all);
	return summary;
}

/* Add the parts of @s to @parts, each as long as @part_len says. */
static void split(const char *s, size_t (*part_len)(const char *s), struct str_list *parts)
{
	for (s += strspn(s, " \n"); *s; s += strspn(s, " \n")) {
		size_t len = part_len(s);

		str_list_add(parts, xstrndup(s, len));
		s += len;
	}
}

static size_t paragraph_len(const char *s)
{
	return strcspn(s, "\n");
}

void page_description(const struct abi_call *call, struct str_list *paragraphs)
{
	char *all = join(&call->description);
	const char *rest = all + strspn(all, "\n");

	split(rest + sentence_len(rest), paragraph_len, paragraphs);
	free(all);
}

void page_rights(const struct abi_call *call, struct str_list *sentences)
{
	char *all = join(&call->rights);

	split(all, sentence_len, sentences);
	free(all);
}

const char *page_no_rights(const struct abi_call *call)
{
	for (unsigned i = 0; i < call->nargs; i++)
		if (!strcmp(call->args[i].type, "zx_handle_t") &&
		    !(call->args[i].attrs & ABI_ARG_HANDLE_ACQUIRE))
			return "None are known.";
	return "None.";
}

static bool returns_status(const struct abi_call *call)
{
	return call->ret && !strcmp(call->ret, "zx_status_t");
}

char *page_no_errors(const struct abi_call *call)
{
	if (returns_status(call))
		return text_copy("None are known.");
	return text_format("%s() cannot fail.", call->name);
}

char *page_return_value(const struct abi_call *call)
{
	const char *name = call->name;

	if (call->attrs & ABI_CALL_NORETURN)
		return text_format("%s() does not return.", name);
	if (!call->ret)
		return text_format("%s() returns nothing.", name);
	if (returns_status(call))
		return text_format("%s() returns ZX_OK on success. On failure it returns an error.",
				   name);
	if (!strcmp(call->ret, "string"))
		return text_format("%s() returns a constant text that ends with a zero byte.",
				   name);
	return text_format("%s() returns a value of type %s.", name, call->ret);
}

struct page_error page_error(const char *error)
{
	size_t len = strcspn(error, " \t");

	return (struct page_error){
		.status_len = (int)len,
		.status = error,
		.when = error + len + strspn(error + len, " \t"),
	};
}

/* zircon/syscalls.h brings these along. */
static bool always_included(const char *header)
{
	static const char *const headers[] = {
		"zircon/string_view.h",
		"zircon/syscalls/object.h",
		"zircon/syscalls/pci.h",
		"zircon/syscalls/profile.h",
	};

	return words_index(headers, sizeof(headers) / sizeof(headers[0]), header) >= 0;
}

void page_headers(const struct abi_call *call, struct str_list *headers)
{
	str_list_add(headers, text_copy("zircon/syscalls.h"));
	for (unsigned i = 0; i < call->nargs; i++) {
		const struct type_info *type = type_find(call->args[i].type);

		if (type && type->header && !always_included(type->header) &&
		    !str_list_has(headers, type->header))
			str_list_add(headers, text_copy(type->header));
	}
	str_list_sort(headers);
}

static void print_range(FILE *out, const struct era_range *range, bool capital)
{
	if (range->first == ERA_NEWEST)
		fprintf(out, "%cn the newest interface", capital ? 'I' : 'i');
	else if (range->first == range->last)
		fprintf(out, "%cn %s", capital ? 'I' : 'i', era_dates[range->first]);
	else if (range->last == ERA_NEWEST)
		fprintf(out, "%crom %s on", capital ? 'F' : 'f', era_dates[range->first]);
	else
		fprintf(out, "%crom %s to %s", capital ? 'F' : 'f', era_dates[range->first],
			era_dates[range->last]);
}

void page_print_eras(FILE *out, const struct abi_call *call)
{
	for (unsigned i = 0; i < call->neras; i++) {
		if (i)
			fputs(i + 1 == call->neras ? " and " : ", ", out);
		print_range(out, &call->eras[i], !i);
	}
}

static int compare_eras(const void *a, const void *b)
{
	const struct abi_call *const *x = a, *const *y = b;

	return (int)(*x)->eras[0].first - (int)(*y)->eras[0].first;
}

size_t page_variants(const struct abi *abi, const struct abi_call *call,
		     const struct abi_call ***variants)
{
	const struct abi_call **v = NULL;
	size_t n = 0;

	for (size_t i = 0; i < abi->ncalls; i++) {
		if (abi->calls[i].base != call)
			continue;
		v = xgrow(v, n, sizeof(*v));
		v[n++] = &abi->calls[i];
	}
	if (n)
		qsort(v, n, sizeof(*v), compare_eras);
	*variants = v;
	return n;
}

void page_related(const struct abi *abi, const struct abi_call *call, struct str_list *names)
{
	size_t family = strcspn(call->name, "_");

	for (size_t i = 0; i < abi->ncalls && names->n < MAX_RELATED; i++) {
		const struct abi_call *other = &abi->calls[i];

		if (other != call && call_exported(other) &&
		    !strncmp(other->name, call->name, family) &&
		    (other->name[family] == '_' || !other->name[family]))
			str_list_add(names, text_copy(other->name));
	}
}
