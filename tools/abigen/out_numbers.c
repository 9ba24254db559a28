/* The include file zxabi/calls.h: numbers, eras, variants. */
#include "outputs.h"

static void print_calls(FILE *out, const struct abi *abi)
{
	fputs("/* Numbers are shared by the parts of one build only; they are no ABI. */\n"
	      "enum zxabi_call {\n", out);
	for (size_t i = 0; i < abi->ncalls; i++) {
		const struct abi_call *call = &abi->calls[i];

		if (call->number >= 0)
			fprintf(out, "\tZXCALL_%s = %d,\n", call->name, call->number);
	}
	fprintf(out, "\tZXCALL_COUNT = %zu\n};\n\n", abi->nnumbers);
}

static void print_eras(FILE *out)
{
	fputs("/* Dates of Zircon's interface, oldest first. A process belongs to one of them. */\n"
	      "enum zxabi_era {\n", out);
	for (unsigned i = 0; i < ERA_COUNT; i++)
		fprintf(out, "\t%s = %u,\n", era_constants[i], i);
	fprintf(out, "\tZXERA_COUNT = %d\n};\n\n", ERA_COUNT);

	fputs("/* ZXABI_ERA_DATES(X): X(era, \"date\") for each era, oldest first. */\n"
	      "#define ZXABI_ERA_DATES(X)", out);
	for (unsigned i = 0; i < ERA_COUNT; i++)
		fprintf(out, " \\\n\tX(%s, \"%s\")", era_constants[i], era_dates[i]);
	fputs("\n\n", out);
}

static void print_variants(FILE *out, const struct abi *abi)
{
	fputs("/*\n"
	      " * ZXABI_VARIANTS(X): X(call, variant, first era, last era): in these eras what\n"
	      " * programs call is the variant.\n"
	      " */\n"
	      "#define ZXABI_VARIANTS(X)", out);
	for (size_t i = 0; i < abi->ncalls; i++) {
		const struct abi_call *call = &abi->calls[i];

		if (!call->base || call->number < 0)
			continue;
		for (unsigned r = 0; r < call->neras; r++)
			fprintf(out, " \\\n\tX(ZXCALL_%s, ZXCALL_%s, %s, %s)", call->base->name,
				call->name, era_constants[call->eras[r].first],
				era_constants[call->eras[r].last]);
	}
	fputs("\n\n", out);
}

void out_numbers(FILE *out, const struct abi *abi)
{
	fputs("/* Made by abigen from abi/. Changes belong there. */\n"
	      "#ifndef ZXABI_CALLS_H\n"
	      "#define ZXABI_CALLS_H\n\n", out);
	print_calls(out, abi);
	print_eras(out);
	print_variants(out, abi);
	fputs("#endif\n", out);
}
