/* The calls of two sets of definitions, name by name and era by era. */
#include "diff.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "diff_form.h"
#include "text.h"

#define ALL_ERAS	((1u << ERA_COUNT) - 1)

/* A name that programs can call, and its definition in each era: NULL where it is not public. */
struct public_call {
	const char *name;
	const struct abi_call *form[ERA_COUNT];
};

struct public_calls {
	struct public_call *v;
	size_t n;
};

/* How many calls have findings of each kind, and how many of them break. */
struct summary {
	size_t calls[FOUND_KINDS];
	size_t breaking;
};

void findings_add(struct findings *list, enum finding_kind kind, bool breaks, const char *fmt, ...)
{
	struct text text;
	FILE *out = text_open(&text);
	va_list ap;

	va_start(ap, fmt);
	vfprintf(out, fmt, ap);
	va_end(ap);
	text_close(&text);
	for (size_t i = 0; i < list->n; i++) {
		struct finding *other = &list->v[i];

		if (other->kind == kind && other->breaks == breaks &&
		    !strcmp(other->text, text.s)) {
			other->eras |= 1u << list->era;
			free(text.s);
			return;
		}
	}
	list->v = xgrow(list->v, list->n, sizeof(*list->v));
	list->v[list->n++] = (struct finding){ kind, breaks, 1u << list->era, text.s };
}

static void set_forms(struct public_call *call, const struct abi_call *form)
{
	for (unsigned i = 0; i < form->neras; i++)
		for (unsigned era = form->eras[i].first; era <= form->eras[i].last; era++)
			call->form[era] = form;
}

static int compare_name(const void *name, const void *call)
{
	return strcmp(name, ((const struct public_call *)call)->name);
}

static struct public_calls find_public(const struct abi *abi)
{
	struct public_calls calls = { .v = xcalloc(abi->ncalls + 1, sizeof(*calls.v)) };

	for (size_t i = 0; i < abi->ncalls; i++) {
		if (!call_public(&abi->calls[i]))
			continue;
		calls.v[calls.n].name = abi->calls[i].name;
		set_forms(&calls.v[calls.n++], &abi->calls[i]);
	}
	/* A variant stands for its call where it holds. */
	for (size_t i = 0; i < abi->ncalls; i++) {
		const struct abi_call *form = &abi->calls[i];
		struct public_call *call;

		if (!form->variant_of)
			continue;
		call = bsearch(form->variant_of, calls.v, calls.n, sizeof(*calls.v), compare_name);
		if (call)
			set_forms(call, form);
	}
	return calls;
}

/* @old or @new is NULL when only the other set knows the name. */
static void compare(struct findings *list, const struct public_call *old,
		    const struct public_call *new)
{
	for (unsigned era = 0; era < ERA_COUNT; era++) {
		const struct abi_call *was = old ? old->form[era] : NULL;
		const struct abi_call *is = new ? new->form[era] : NULL;

		list->era = (enum era)era;
		if (was && is)
			diff_forms(list, was, is);
		else if (was)
			findings_add(list, FOUND_REMOVED, true, "%s", "");
		else if (is)
			findings_add(list, FOUND_ADDED, false, "%s", "");
	}
}

static void print_eras(FILE *out, unsigned eras)
{
	const char *before = " in ";

	for (unsigned first = 0, last; first < ERA_COUNT; first = last + 1) {
		last = first;
		if (!(eras & (1u << first)))
			continue;
		while (eras & (1u << (last + 1)))
			last++;
		fprintf(out, "%s%s", before, era_dates[first]);
		if (last > first)
			fprintf(out, "..%s", era_dates[last]);
		before = ", ";
	}
}

static void print_finding(FILE *out, const char *name, const struct finding *finding)
{
	static const char *const words[] = { "added", "removed", "changed", "changed" };

	fprintf(out, "%s %s", words[finding->kind], name);
	if (finding->eras != ALL_ERAS)
		print_eras(out, finding->eras);
	if (*finding->text)
		fprintf(out, ": %s", finding->text);
	fputs(finding->breaks ? " (breaks binaries)\n" : "\n", out);
}

/* Print what was found about @name, count it, and empty the list. */
static void report(FILE *out, const char *name, struct findings *list, struct summary *summary)
{
	bool kinds[FOUND_KINDS] = { false };
	bool breaks = false;

	for (size_t i = 0; i < list->n; i++) {
		print_finding(out, name, &list->v[i]);
		kinds[list->v[i].kind] = true;
		breaks = breaks || list->v[i].breaks;
		free(list->v[i].text);
	}
	kinds[FOUND_TEXT] &= !kinds[FOUND_CHANGED];
	for (unsigned kind = 0; kind < FOUND_KINDS; kind++)
		summary->calls[kind] += kinds[kind];
	summary->breaking += breaks;
	free(list->v);
	*list = (struct findings){ 0 };
}

static void print_summary(FILE *out, const struct summary *summary)
{
	const size_t *calls = summary->calls;

	if (!calls[FOUND_ADDED] && !calls[FOUND_REMOVED] && !calls[FOUND_CHANGED] &&
	    !calls[FOUND_TEXT])
		return;
	fprintf(out, "%zu added, %zu removed, %zu changed, %zu in documentation only; ",
		calls[FOUND_ADDED], calls[FOUND_REMOVED], calls[FOUND_CHANGED], calls[FOUND_TEXT]);
	if (!summary->breaking)
		fputs("nothing breaks binaries\n", out);
	else
		fprintf(out, "%zu break%s binaries\n", summary->breaking,
			summary->breaking == 1 ? "s" : "");
}

bool diff_abi(FILE *out, const struct abi *old, const struct abi *new)
{
	struct public_calls a = find_public(old), b = find_public(new);
	struct findings list = { 0 };
	struct summary summary = { 0 };
	size_t i = 0, j = 0;

	while (i < a.n || j < b.n) {
		int order = i == a.n ? 1 : j == b.n ? -1 : strcmp(a.v[i].name, b.v[j].name);
		const struct public_call *was = order <= 0 ? &a.v[i++] : NULL;
		const struct public_call *is = order >= 0 ? &b.v[j++] : NULL;

		compare(&list, was, is);
		report(out, was ? was->name : is->name, &list, &summary);
	}
	print_summary(out, &summary);
	free(a.v);
	free(b.v);
	return summary.breaking;
}
