/*
 * The comparison of two forms of one call. A change breaks binaries when a program that was built
 * for the old form puts something else into the registers than the new one takes out, or when
 * memory is read or written that the program did not expect to be.
 */
#include "diff_form.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "types.h"

static bool is_byte(const char *type)
{
	return !strcmp(type, "any") || !strcmp(type, "char") || !strcmp(type, "uint8_t");
}

static bool is_zircon_type(const struct type_info *type)
{
	return !strncmp(type->name, "zx_", 3);
}

static bool is_replaceable(const struct type_info *type)
{
	return (type->kind == TYPE_UINT || type->kind == TYPE_INT || type->kind == TYPE_FUTEX) &&
	       type->meaning != MEANS_HANDLE && type->meaning != MEANS_STATUS;
}

/*
 * True when a program does not notice that one type is written for the other: integers of one
 * size, of which not both are Zircon's own. Whether a type of Zircon's has a sign depends on the
 * date, and in registers it does not show.
 */
static bool same_type(const char *old, const char *new)
{
	const struct type_info *a, *b;

	if (!strcmp(old, new))
		return true;
	a = type_find(old);
	b = type_find(new);
	if (!a || !b || !is_replaceable(a) || !is_replaceable(b) || a->size != b->size)
		return false;
	return is_zircon_type(a) != is_zircon_type(b) ||
	       (!is_zircon_type(a) && a->kind == b->kind);
}

static int compare_keys(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* What the length of @arg consists of, whatever the arguments are called: a product commutes. */
static void length_keys(const struct abi_arg *arg, int64_t keys[ABI_MAX_FACTORS])
{
	for (unsigned i = 0; i < arg->nfactors; i++) {
		const struct abi_factor *factor = &arg->factors[i];

		keys[i] = factor->name ? -1 - (int64_t)factor->arg : (int64_t)factor->number;
	}
	qsort(keys, arg->nfactors, sizeof(*keys), compare_keys);
}

static bool same_length(const struct abi_arg *old, const struct abi_arg *new)
{
	int64_t a[ABI_MAX_FACTORS] = { 0 }, b[ABI_MAX_FACTORS] = { 0 };

	if (old->nfactors != new->nfactors)
		return false;
	length_keys(old, a);
	length_keys(new, b);
	return !memcmp(a, b, sizeof(a));
}

/* Of a buffer that is only read a call may look at less than before. */
static bool length_breaks(const struct abi_arg *old, const struct abi_arg *new)
{
	bool numbers = old->nfactors && new->nfactors && !old->factors[0].name &&
		       !new->factors[0].name;

	if (same_length(old, new))
		return false;
	return !numbers || new->dir != ABI_DIR_IN ||
	       new->factors[0].number > old->factors[0].number;
}

static bool arg_same(const struct abi_arg *old, const struct abi_arg *new)
{
	return !strcmp(old->type, new->type) && old->is_array == new->is_array &&
	       old->dir == new->dir && old->attrs == new->attrs && same_length(old, new);
}

static bool arg_breaks(const struct abi_arg *old, const struct abi_arg *new)
{
	bool bytes = old->is_array && is_byte(old->type) && is_byte(new->type);

	return old->is_array != new->is_array || old->dir != new->dir ||
	       !(bytes || same_type(old->type, new->type)) || length_breaks(old, new) ||
	       (old->attrs & ~new->attrs & ABI_ARG_OPTIONAL);
}

/* The type of @arg and all that stands behind it, as in a definition. */
static void print_arg_type(FILE *out, const struct abi_arg *arg)
{
	fputs(arg->type, out);
	for (unsigned i = 0; i < arg->nfactors; i++) {
		fputs(i ? " * " : "[", out);
		if (arg->factors[i].name)
			fputs(arg->factors[i].name, out);
		else
			fprintf(out, "%u", (unsigned)arg->factors[i].number);
	}
	if (arg->is_array)
		fputc(']', out);
	for (unsigned i = 0; i < ABI_ARG_ATTRS; i++)
		if (arg->attrs & (1u << i))
			fprintf(out, " %s", arg_attr_words[i]);
	if (arg->dir != ABI_DIR_NONE)
		fprintf(out, " %s", dir_words[arg->dir]);
}

static char *print_args(const struct abi_call *call)
{
	struct text text;
	FILE *out = text_open(&text);

	fputc('(', out);
	for (unsigned i = 0; i < call->nargs; i++) {
		fprintf(out, "%s%s: ", i ? ", " : "", call->args[i].name);
		print_arg_type(out, &call->args[i]);
	}
	fputc(')', out);
	text_close(&text);
	return text.s;
}

static char *arg_type_text(const struct abi_arg *arg)
{
	struct text text;
	FILE *out = text_open(&text);

	print_arg_type(out, arg);
	text_close(&text);
	return text.s;
}

static const struct abi_arg *find_arg(const struct abi_call *call, const char *name)
{
	for (unsigned i = 0; i < call->nargs; i++)
		if (!strcmp(call->args[i].name, name))
			return &call->args[i];
	return NULL;
}

static bool same_names(const struct abi_call *old, const struct abi_call *new)
{
	for (unsigned i = 0; i < old->nargs; i++)
		if (!find_arg(new, old->args[i].name))
			return false;
	return old->nargs == new->nargs;
}

/*
 * True when each argument of @old can be compared with that of @new at its place. Otherwise some
 * have moved, or given way to others, and only the lists as a whole make sense.
 */
static bool same_places(const struct abi_call *old, const struct abi_call *new)
{
	for (unsigned i = 0; i < old->nargs && i < new->nargs; i++) {
		const struct abi_arg *was = &old->args[i], *is = &new->args[i];

		if (strcmp(was->name, is->name) &&
		    (arg_breaks(was, is) || find_arg(old, is->name) || find_arg(new, was->name)))
			return false;
	}
	return old->nargs == new->nargs;
}

static void diff_arg(struct findings *list, const struct abi_arg *old, const struct abi_arg *new)
{
	char *was, *is;

	if (strcmp(old->name, new->name))
		findings_add(list, FOUND_CHANGED, false, "argument renamed: was %s, is %s",
			     old->name, new->name);
	if (arg_same(old, new))
		return;
	was = arg_type_text(old);
	is = arg_type_text(new);
	findings_add(list, FOUND_CHANGED, arg_breaks(old, new), "%s: was %s, is %s", new->name,
		     was, is);
	free(was);
	free(is);
}

static void diff_args(struct findings *list, const struct abi_call *old,
		      const struct abi_call *new)
{
	char *was, *is;

	if (same_places(old, new)) {
		for (unsigned i = 0; i < old->nargs; i++)
			diff_arg(list, &old->args[i], &new->args[i]);
		return;
	}
	was = print_args(old);
	is = print_args(new);
	findings_add(list, FOUND_CHANGED, true, "%s: were %s, are %s",
		     same_names(old, new) ? "arguments reordered" : "arguments", was, is);
	free(was);
	free(is);
}

static void diff_result(struct findings *list, const struct abi_call *old,
			const struct abi_call *new)
{
	const char *was = call_ret_type(old), *is = call_ret_type(new);

	if ((old->attrs ^ new->attrs) & ABI_CALL_NORETURN)
		findings_add(list, FOUND_CHANGED, true, "%s",
			     new->attrs & ABI_CALL_NORETURN ? "never returns any more" :
							      "returns, which it never did");
	else if (strcmp(was, is))
		findings_add(list, FOUND_CHANGED, !same_type(was, is), "result: was %s, is %s", was,
			     is);
}

/* The words behind the name of @call, in an order of their own; noreturn is told by its effect. */
static char *attrs_text(const struct abi_call *call)
{
	struct str_list words = { 0 };
	struct text text;
	FILE *out = text_open(&text);

	for (unsigned i = 0; i < ABI_CALL_ATTRS; i++)
		if ((call->attrs & ~ABI_CALL_NORETURN) & (1u << i))
			str_list_add(&words, text_copy(call_attr_words[i]));
	for (size_t i = 0; i < call->categories.n; i++)
		str_list_add(&words, text_copy(call->categories.v[i]));
	str_list_sort(&words);
	for (size_t i = 0; i < words.n; i++)
		fprintf(out, "%s%s", i ? " " : "", words.v[i]);
	fputs(words.n ? "" : "none", out);
	text_close(&text);
	str_list_free(&words);
	return text.s;
}

static void diff_attrs(struct findings *list, const struct abi_call *old,
		       const struct abi_call *new)
{
	char *was = attrs_text(old), *is = attrs_text(new);

	if (strcmp(was, is))
		findings_add(list, FOUND_CHANGED, false, "attributes: were %s, are %s", was, is);
	free(was);
	free(is);
}

static bool same_text(const char *old, const char *new)
{
	return old && new ? !strcmp(old, new) : old == new;
}

/* Where a call runs, and whether it works, is the matter of one build; programs are the same. */
static void diff_state(struct findings *list, const struct abi_call *old,
		       const struct abi_call *new)
{
	if (old->where != new->where)
		findings_add(list, FOUND_CHANGED, false, "where: was %s, is %s",
			     where_words[old->where], where_words[new->where]);
	if (old->state != new->state || !same_text(old->refusal, new->refusal))
		findings_add(list, FOUND_CHANGED, false, "state: was %s%s%s, is %s%s%s",
			     state_words[old->state], old->refusal ? " " : "",
			     old->refusal ? old->refusal : "", state_words[new->state],
			     new->refusal ? " " : "", new->refusal ? new->refusal : "");
}

static bool same_lines(const struct str_list *old, const struct str_list *new)
{
	if (old->n != new->n)
		return false;
	for (size_t i = 0; i < old->n; i++)
		if (strcmp(old->v[i], new->v[i]))
			return false;
	return true;
}

/* What `arg:` lines say; another number of arguments is told elsewhere. */
static bool same_shown(const struct abi_call *old, const struct abi_call *new)
{
	for (unsigned i = 0; i < old->nargs && i < new->nargs; i++) {
		const struct abi_arg *was = &old->args[i], *is = &new->args[i];

		if (was->shown != is->shown || was->filled != is->filled ||
		    !same_text(was->set, is->set))
			return false;
	}
	return true;
}

static void diff_documentation(struct findings *list, const struct abi_call *old,
			       const struct abi_call *new)
{
	if (!same_lines(&old->description, &new->description) ||
	    !same_lines(&old->rights, &new->rights) || !same_lines(&old->errors, &new->errors) ||
	    !same_text(old->reason, new->reason) || !same_shown(old, new))
		findings_add(list, FOUND_TEXT, false, "documentation");
}

void diff_forms(struct findings *list, const struct abi_call *old, const struct abi_call *new)
{
	diff_args(list, old, new);
	diff_result(list, old, new);
	diff_attrs(list, old, new);
	diff_state(list, old, new);
	diff_documentation(list, old, new);
}
