#include "abigen.h"

#include <stdlib.h>
#include <string.h>

static void arg_free(struct abi_arg *arg)
{
	free(arg->name);
	free(arg->type);
	for (unsigned i = 0; i < ABI_MAX_FACTORS; i++)
		free(arg->factors[i].name);
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
	if (!arg->is_array || (arg->attrs & ABI_ARG_UNSIZED))
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

/* Names of errors, in the order of zircon/errors.h. */
static const char *const statuses[] = {
	"ZX_ERR_INTERNAL", "ZX_ERR_NOT_SUPPORTED", "ZX_ERR_NO_RESOURCES", "ZX_ERR_NO_MEMORY",
	"ZX_ERR_INTERRUPTED_RETRY", "ZX_ERR_INVALID_ARGS", "ZX_ERR_BAD_HANDLE",
	"ZX_ERR_WRONG_TYPE", "ZX_ERR_BAD_SYSCALL", "ZX_ERR_OUT_OF_RANGE",
	"ZX_ERR_BUFFER_TOO_SMALL", "ZX_ERR_BAD_STATE", "ZX_ERR_TIMED_OUT", "ZX_ERR_SHOULD_WAIT",
	"ZX_ERR_CANCELED", "ZX_ERR_PEER_CLOSED", "ZX_ERR_NOT_FOUND", "ZX_ERR_ALREADY_EXISTS",
	"ZX_ERR_ALREADY_BOUND", "ZX_ERR_UNAVAILABLE", "ZX_ERR_ACCESS_DENIED", "ZX_ERR_IO",
	"ZX_ERR_IO_REFUSED", "ZX_ERR_IO_DATA_INTEGRITY", "ZX_ERR_IO_DATA_LOSS",
	"ZX_ERR_IO_NOT_PRESENT", "ZX_ERR_IO_OVERRUN", "ZX_ERR_IO_MISSED_DEADLINE",
	"ZX_ERR_IO_INVALID", "ZX_ERR_BAD_PATH", "ZX_ERR_NOT_DIR", "ZX_ERR_NOT_FILE",
	"ZX_ERR_FILE_BIG", "ZX_ERR_NO_SPACE", "ZX_ERR_NOT_EMPTY", "ZX_ERR_STOP", "ZX_ERR_NEXT",
	"ZX_ERR_ASYNC", "ZX_ERR_PROTOCOL_NOT_SUPPORTED", "ZX_ERR_ADDRESS_UNREACHABLE",
	"ZX_ERR_ADDRESS_IN_USE", "ZX_ERR_NOT_CONNECTED", "ZX_ERR_CONNECTION_REFUSED",
	"ZX_ERR_CONNECTION_RESET", "ZX_ERR_CONNECTION_ABORTED",
};

bool known_status(const char *name)
{
	return words_index(statuses, sizeof(statuses) / sizeof(statuses[0]), name) >= 0;
}
