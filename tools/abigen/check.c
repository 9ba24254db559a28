/* Rules that need the whole of a definition, or all definitions, to be seen. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "types.h"

static int find_arg(const struct abi_call *call, const char *name)
{
	for (unsigned i = 0; i < call->nargs; i++)
		if (!strcmp(call->args[i].name, name))
			return (int)i;
	return -1;
}

/* False for types that cannot be lengths; of others it is not known. */
static bool counts(const char *type)
{
	const struct type_info *info = type_find(type);

	if (!info)
		return strcmp(type, "any");
	return (info->kind == TYPE_UINT || info->kind == TYPE_INT) &&
	       info->meaning != MEANS_HANDLE && info->meaning != MEANS_STATUS;
}

static void check_factor(struct diag *diag, const struct abi_call *call, const struct abi_arg *arg,
			 struct abi_factor *factor)
{
	const struct abi_arg *length;

	factor->arg = find_arg(call, factor->name);
	length = factor->arg < 0 ? NULL : &call->args[factor->arg];
	if (!length)
		diag_error(diag, factor->pos, "'%s' has no argument '%s'", call->name,
			   factor->name);
	else if (length == arg)
		diag_error(diag, factor->pos, "'%s' cannot be its own length", arg->name);
	else if (!counts(length->type))
		diag_error(diag, factor->pos, "'%s' is of type %s, which is no length",
			   length->name, length->type);
}

static void check_length(struct diag *diag, const struct abi_call *call, struct abi_arg *arg)
{
	for (unsigned i = 0; i < arg->nfactors; i++) {
		struct abi_factor *factor = &arg->factors[i];

		if (factor->name)
			check_factor(diag, call, arg, factor);
		else if (arg->nfactors > 1)
			diag_error(diag, factor->pos, "a factor is the name of an argument");
	}
}

static void check_handle_attrs(struct diag *diag, const struct abi_arg *arg)
{
	const unsigned release = ABI_ARG_HANDLE_RELEASE | ABI_ARG_HANDLE_RELEASE_ALWAYS;
	const unsigned handle = release | ABI_ARG_HANDLE_ACQUIRE;

	if ((arg->attrs & handle) && strcmp(arg->type, "zx_handle_t"))
		diag_error(diag, arg->pos, "'%s' is of type %s, not a handle", arg->name,
			   arg->type);
	if ((arg->attrs & ABI_ARG_HANDLE_ACQUIRE) && arg->dir != ABI_DIR_OUT)
		diag_error(diag, arg->pos, "'%s' takes a handle, so it cannot acquire one",
			   arg->name);
	if ((arg->attrs & release) && arg->dir == ABI_DIR_OUT)
		diag_error(diag, arg->pos, "'%s' gives a handle, so it cannot release one",
			   arg->name);
	if ((arg->attrs & release) == release)
		diag_error(diag, arg->pos, "'%s' has two forms of handle_release", arg->name);
}

static void check_arg(struct diag *diag, struct abi_call *call, struct abi_arg *arg)
{
	if (find_arg(call, arg->name) != (int)(arg - call->args))
		diag_error(diag, arg->pos, "argument '%s' given twice", arg->name);
	if (arg->is_array && arg->dir == ABI_DIR_NONE)
		diag_error(diag, arg->pos, "array '%s' needs IN, OUT or INOUT", arg->name);
	if (!arg->is_array && arg->dir != ABI_DIR_NONE)
		diag_error(diag, arg->pos, "'%s' is no array, so it has no direction", arg->name);
	if (!arg->is_array && !strcmp(arg->type, "any"))
		diag_error(diag, arg->pos, "'any' is the type of buffers; '%s' has no length",
			   arg->name);
	if (!arg->is_array && (arg->attrs & (ABI_ARG_OPTIONAL | ABI_ARG_UNSIZED)))
		diag_error(diag, arg->pos, "'%s' is no array, so it cannot be %s", arg->name,
			   arg->attrs & ABI_ARG_OPTIONAL ? "optional" : "unsized");
	check_length(diag, call, arg);
	check_handle_attrs(diag, arg);
}

static void check_attrs(struct diag *diag, const struct abi_call *call)
{
	bool status = call->ret && !strcmp(call->ret, "zx_status_t");

	if ((call->attrs & ABI_CALL_VDSOCALL) && (call->attrs & ABI_CALL_INTERNAL))
		diag_error(diag, call->pos, "'%s' cannot be both vdsocall and internal",
			   call->name);
	if ((call->attrs & ABI_CALL_BLOCKING) && !status)
		diag_error(diag, call->pos, "'%s' blocks, so it must return zx_status_t",
			   call->name);
	if ((call->attrs & ABI_CALL_NORETURN) && (call->ret || call->attrs & ABI_CALL_CONST))
		diag_error(diag, call->pos, "'%s' never returns, so it returns nothing",
			   call->name);
	if ((call->attrs & ABI_CALL_CONST) && (call->nargs || !call->ret))
		diag_error(diag, call->pos,
			   "'%s' is const: it returns a value and takes no arguments", call->name);
	if (call->where == ABI_WHERE_VDSO && call->state == ABI_STATE_REFUSED)
		diag_error(diag, call->state_pos, "a call in the vDSO cannot be refused");
	if (call->own_checks && call->state != ABI_STATE_REFUSED)
		diag_error(diag, call->checks_pos, "'%s' is not refused", call->name);
	if (call->state == ABI_STATE_REFUSED && !status)
		diag_error(diag, call->state_pos, "'%s' returns no status to refuse with",
			   call->name);
}

static void check_buffers(struct diag *diag, const struct abi_call *call)
{
	unsigned n = 0;

	for (unsigned i = 0; i < call->nargs; i++)
		n += arg_marshalled(call, &call->args[i]);
	if (n > ABI_MAX_BUFS)
		diag_error(diag, call->pos, "'%s' has more than %d buffers", call->name,
			   ABI_MAX_BUFS);
}

/* Without a line that says so, a definition holds in every era. */
static void default_eras(struct abi_call *call)
{
	if (call->neras)
		return;
	call->eras[0] = (struct era_range){ .first = 0, .last = ERA_COUNT - 1 };
	call->neras = 1;
}

static void check_call(struct diag *diag, struct abi_call *call)
{
	unsigned before = diag->errors;

	default_eras(call);
	for (unsigned i = 0; i < call->nargs; i++)
		check_arg(diag, call, &call->args[i]);
	check_names(diag, call);
	check_notes(diag, call);
	check_attrs(diag, call);
	if (diag->errors == before)
		check_buffers(diag, call);
}

static int compare_calls(const void *a, const void *b)
{
	const struct abi_call *x = a, *y = b;
	int diff = strcmp(x->name, y->name);

	return diff ? diff : (x->order > y->order) - (x->order < y->order);
}

static void check_duplicates(struct diag *diag, const struct abi *abi)
{
	for (size_t i = 1; i < abi->ncalls; i++) {
		const struct abi_call *a = &abi->calls[i - 1], *b = &abi->calls[i];

		if (!strcmp(a->name, b->name))
			diag_error(diag, b->pos, "'%s' is defined already at %s:%u:%u", b->name,
				   a->pos.src->path, a->pos.line, a->pos.col);
	}
}

/* The set of eras of a definition, one bit each. */
static unsigned era_set(const struct abi_call *call)
{
	unsigned set = 0;

	for (unsigned i = 0; i < call->neras; i++)
		for (unsigned e = call->eras[i].first; e <= call->eras[i].last; e++)
			set |= 1u << e;
	return set;
}

/* For a base call, which of its variants holds in each era. */
struct variants {
	const struct abi_call *in[ERA_COUNT];
};

/* Enter @call among the @variants of its base; each era has room for one. */
static void take_eras(struct diag *diag, const struct abi_call *call, struct variants *variants)
{
	for (unsigned era = 0; era < ERA_COUNT; era++) {
		if (!(era_set(call) & (1u << era)))
			continue;
		if (variants->in[era]) {
			diag_error(diag, call->pos, "'%s' and '%s' are variants in the same era",
				   variants->in[era]->name, call->name);
			return;
		}
		variants->in[era] = call;
	}
}

/* @variants has a row for each call. */
static void check_variant(struct diag *diag, const struct abi *abi, struct abi_call *call,
			  struct variants *variants)
{
	const struct abi_call *base = abi_find(abi, call->variant_of);

	if (!base) {
		diag_error(diag, call->variant_pos, "there is no call '%s'", call->variant_of);
		return;
	}
	if (base->variant_of) {
		diag_error(diag, call->variant_pos, "'%s' is itself a variant", base->name);
		return;
	}
	call->base = base;
	if (era_set(call) & ~era_set(base))
		diag_error(diag, call->eras_pos.src ? call->eras_pos : call->pos,
			   "'%s' does not exist in all of these eras", base->name);
	if ((call->where == ABI_WHERE_VDSO) != (base->where == ABI_WHERE_VDSO))
		diag_error(diag, call->pos, "'%s' and '%s' must run in the same place", call->name,
			   base->name);
	take_eras(diag, call, &variants[base - abi->calls]);
}

static void check_variants(struct diag *diag, const struct abi *abi)
{
	struct variants *variants = xcalloc(abi->ncalls + 1, sizeof(*variants));

	for (size_t i = 0; i < abi->ncalls; i++)
		if (abi->calls[i].variant_of)
			check_variant(diag, abi, &abi->calls[i], variants);
	free(variants);
}

void check_abi(struct diag *diag, struct abi *abi)
{
	bool complete = !diag->errors;

	for (size_t i = 0; i < abi->ncalls && !diag_full(diag); i++)
		check_call(diag, &abi->calls[i]);
	if (abi->ncalls)
		qsort(abi->calls, abi->ncalls, sizeof(*abi->calls), compare_calls);
	/* Where definitions could not be read, what others miss may be among them. */
	if (!complete)
		return;
	check_duplicates(diag, abi);
	check_variants(diag, abi);
	for (size_t i = 0; i < abi->ncalls; i++)
		if (abi->calls[i].where != ABI_WHERE_VDSO)
			abi->calls[i].number = (int)abi->nnumbers++;
}
