/* Rows of the table that says which arguments are buffers, and how long they are. */
#include "outputs.h"

#include <string.h>

/* Stands for "no argument" in a row; the table's readers know it as 0xff. */
#define NO_ARG	0xff

static int factor_arg(const struct abi_arg *arg, unsigned i)
{
	return i < arg->nfactors && arg->factors[i].name ? arg->factors[i].arg : NO_ARG;
}

static void print_elem(FILE *out, const char *type)
{
	if (!strcmp(type, "any"))
		fputs("1", out);
	else
		fprintf(out, "sizeof(%s)", type);
}

static void print_buf(FILE *out, const struct abi_call *call, const struct abi_arg *arg)
{
	fprintf(out, "{ %td, %d, 0x%02x, 0x%02x, ", arg - call->args, (int)arg->dir,
		(unsigned)factor_arg(arg, 0), (unsigned)factor_arg(arg, 1));
	print_elem(out, arg->type);
	fprintf(out, ", %u }, ", (unsigned)arg->factors[0].number);
}

/* Buffers of calls that never get to a handler are not worth carrying. */
static bool carried(const struct abi_call *call, const struct abi_arg *arg)
{
	return call_handled(call) && arg_marshalled(call, arg);
}

static void print_row(FILE *out, const struct abi_call *call)
{
	unsigned nbufs = 0;

	for (unsigned i = 0; i < call->nargs; i++)
		nbufs += carried(call, &call->args[i]);
	fprintf(out, "[ZXCALL_%s] = { %u, %u, %d, %d, { ", call->name, call->nargs, nbufs,
		!!(call->attrs & ABI_CALL_NORETURN), !!(call->attrs & ABI_CALL_BLOCKING));
	for (unsigned i = 0; i < call->nargs; i++)
		if (carried(call, &call->args[i]))
			print_buf(out, call, &call->args[i]);
	if (!nbufs)
		fputs("{ 0 } ", out);
	fputs("} },\n", out);
}

void out_marshal(FILE *out, const struct abi *abi)
{
	fputs("/* Made by abigen from abi/. Changes belong there. */\n"
	      "/*\n"
	      " * nargs, nbufs, noreturn, blocking,\n"
	      " * { arg, dir, count_arg, mul_arg, elem, count } for each buffer\n"
	      " */\n", out);
	for (size_t i = 0; i < abi->ncalls; i++)
		if (abi->calls[i].number >= 0)
			print_row(out, &abi->calls[i]);
}
