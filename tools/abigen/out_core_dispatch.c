/* core_dispatch.c: from a call number to the core's handler. */
#include "outputs.h"

#include <string.h>

static bool is_time(const struct abi_arg *arg)
{
	return !arg->is_array && (!strcmp(arg->type, "zx_time_t") || !strcmp(arg->type, "zx_duration_t"));
}

static void print_handler_call(FILE *out, const struct abi_call *call)
{
	fprintf(out, "sys_%s(self", call->name);
	for (unsigned i = 0; i < call->nargs; i++) {
		const struct abi_arg *arg = &call->args[i];

		fprintf(out, is_time(arg) ? ",\n\t\t\t(%s)core_time(self, args[%u])" :
					    ",\n\t\t\t(%s)args[%u]",
			arg->is_array ? "user_addr_t" : arg->type, i);
	}
	fputc(')', out);
}

static void print_handled(FILE *out, const struct abi_call *call)
{
	fprintf(out, "\tcase ZXCALL_%s:\n", call->name);
	if (call->ret) {
		fputs("\t\treturn (int64_t)", out);
		print_handler_call(out, call);
		fputs(";\n", out);
		return;
	}
	/* Nobody looks at the result: the call is void, or its caller is gone. */
	fputs("\t\t", out);
	print_handler_call(out, call);
	fputs(";\n\t\treturn 0;\n", out);
}

/*
 * The function through which a refused call gives its error, if any. One that begins with a handle
 * says first what is wrong with that, and some take it in any case.
 */
static const char *refusal_of(const struct abi_call *call)
{
	const struct abi_arg *arg = call->args;

	if (!call->nargs || arg->is_array || strcmp(arg->type, "zx_handle_t"))
		return "";
	return arg->attrs & ABI_ARG_HANDLE_RELEASE_ALWAYS ?
		       "core_refuse_taken(self, (zx_handle_t)args[0], " :
		       "core_refuse(self, (zx_handle_t)args[0], ";
}

static bool refused_here(const struct abi_call *call)
{
	return call->number >= 0 && call->state == ABI_STATE_REFUSED && !call_handled(call);
}

static bool refused_alike(const struct abi_call *a, const struct abi_call *b)
{
	return refused_here(a) && !strcmp(a->refusal, b->refusal) &&
	       !strcmp(refusal_of(a), refusal_of(b));
}

/* All calls refused in the way of @like, as one group of cases. */
static void print_refused(FILE *out, const struct abi *abi, const struct abi_call *like)
{
	for (size_t i = 0; i < abi->ncalls; i++)
		if (refused_alike(&abi->calls[i], like))
			fprintf(out, "\tcase ZXCALL_%s:\n", abi->calls[i].name);
	fprintf(out, "\t\treturn %s%s%s;\n", refusal_of(like), like->refusal,
		*refusal_of(like) ? ")" : "");
}

/* True when no definition before the @n'th is refused in the same way. */
static bool first_with_refusal(const struct abi *abi, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (refused_alike(&abi->calls[i], &abi->calls[n]))
			return false;
	return true;
}

static void print_missing(FILE *out, const struct abi *abi)
{
	unsigned n = 0;

	for (size_t i = 0; i < abi->ncalls; i++) {
		const struct abi_call *call = &abi->calls[i];

		if (call->number < 0 || call->state != ABI_STATE_MISSING)
			continue;
		fprintf(out, "\tcase ZXCALL_%s:\n", call->name);
		n++;
	}
	if (n)
		fputs("\t\treturn ZX_ERR_NOT_SUPPORTED;\n", out);
}

void out_core_dispatch(FILE *out, const struct abi *abi)
{
	fputs("/* Made by abigen from abi/. Changes belong there. */\n"
	      "#include \"core/calls.h\"\n"
	      "#include \"compat/core/core.h\"\n\n"
	      "int64_t core_dispatch(struct thread *self, uint32_t nr, const uint64_t args[8])\n"
	      "{\n"
	      "\t(void)self;\n"
	      "\t(void)args;\n"
	      "\tswitch (nr) {\n", out);
	for (size_t i = 0; i < abi->ncalls; i++) {
		const struct abi_call *call = &abi->calls[i];

		if (call->number >= 0 && call_handled(call))
			print_handled(out, call);
	}
	for (size_t i = 0; i < abi->ncalls; i++)
		if (refused_here(&abi->calls[i]) && first_with_refusal(abi, i))
			print_refused(out, abi, &abi->calls[i]);
	print_missing(out, abi);
	fputs("\tdefault:\n"
	      "\t\treturn ZX_ERR_BAD_SYSCALL;\n"
	      "\t}\n"
	      "}\n", out);
}
