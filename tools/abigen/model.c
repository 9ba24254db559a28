#include "abigen.h"

#include <stdlib.h>
#include <string.h>

const char *const call_attr_words[ABI_CALL_ATTRS] = {
	"vdsocall", "blocking", "internal", "const", "noreturn", "deprecated",
};

const char *const arg_attr_words[ABI_ARG_ATTRS] = {
	"handle_acquire", "handle_release", "handle_release_always", "optional", "features",
	"unsized",
};

const char *const dir_words[] = {
	[ABI_DIR_NONE] = "", [ABI_DIR_IN] = "IN", [ABI_DIR_OUT] = "OUT", [ABI_DIR_INOUT] = "INOUT",
};

const char *const where_words[3] = {
	[ABI_WHERE_CORE] = "core", [ABI_WHERE_VDSO] = "vdso", [ABI_WHERE_HOST] = "host",
};

const char *const state_words[3] = {
	[ABI_STATE_MISSING] = "missing", [ABI_STATE_IMPLEMENTED] = "implemented",
	[ABI_STATE_REFUSED] = "refused",
};

static void arg_free(struct abi_arg *arg)
{
	free(arg->name);
	free(arg->type);
	for (unsigned i = 0; i < arg->nfactors; i++)
		free(arg->factors[i].name);
	free(arg->factors);
}

void call_free(struct abi_call *call)
{
	free(call->name);
	free(call->ret);
	for (unsigned i = 0; i < call->nargs; i++)
		arg_free(&call->args[i]);
	str_list_free(&call->categories);
	str_list_free(&call->description);
	str_list_free(&call->rights);
	str_list_free(&call->errors);
	for (size_t i = 0; i < call->narg_notes; i++) {
		free(call->arg_notes[i].arg);
		free(call->arg_notes[i].verb);
		free(call->arg_notes[i].object);
	}
	free(call->arg_notes);
	free(call->refusal);
	free(call->reason);
	free(call->variant_of);
}

void abi_free(struct abi *abi)
{
	for (size_t i = 0; i < abi->ncalls; i++)
		call_free(&abi->calls[i]);
	free(abi->calls);
}

int words_index(const char *const *words, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(words[i], word))
			return (int)i;
	return -1;
}

static int compare_name(const void *key, const void *call)
{
	return strcmp(key, ((const struct abi_call *)call)->name);
}

/* Only after check_abi(), which sorts. NULL when there is no such definition. */
const struct abi_call *abi_find(const struct abi *abi, const char *name)
{
	if (!abi->ncalls)
		return NULL;
	return bsearch(name, abi->calls, abi->ncalls, sizeof(*abi->calls), compare_name);
}

/* True when programs can call this definition by its own name. */
bool call_exported(const struct abi_call *call)
{
	return !call->variant_of;
}

/* True when the core has a function of its own for the call. */
bool call_handled(const struct abi_call *call)
{
	return call->state == ABI_STATE_IMPLEMENTED || call->own_checks;
}

/* True for what programs are to call. The vDSO's own calls are exported, but in no header. */
bool call_public(const struct abi_call *call)
{
	return call_exported(call) && !(call->attrs & ABI_CALL_INTERNAL);
}

/* The C type that a call returns. `string` is the language's word for a constant text. */
const char *call_ret_type(const struct abi_call *call)
{
	if (!call->ret)
		return "void";
	if (!strcmp(call->ret, "string"))
		return "const char *";
	return call->ret;
}

/*
 * True when the length of the buffer that @arg points to follows from the arguments alone, so that
 * it can be carried with the call. Otherwise whoever serves the call fetches it.
 */
bool arg_marshalled(const struct abi_call *call, const struct abi_arg *arg)
{
	if (!arg->is_array || (arg->attrs & ABI_ARG_UNSIZED) || arg->nfactors > ABI_ROW_FACTORS)
		return false;
	for (unsigned i = 0; i < arg->nfactors; i++)
		if (arg->factors[i].name && call->args[arg->factors[i].arg].is_array)
			return false;
	return true;
}

/* Print "TYPE NAME" or "TYPE *NAME" as it stands in a C prototype. */
void arg_print_c(FILE *out, const struct abi_arg *arg)
{
	const char *type = strcmp(arg->type, "any") ? arg->type : "void";

	fprintf(out, "%s%s %s%s", arg->dir == ABI_DIR_IN ? "const " : "", type,
		arg->is_array ? "*" : "", arg->name);
}
