/* docs/status.md: every call, its eras, and what this build does with it. */
#include "outputs.h"

static void print_eras(FILE *out, const struct abi_call *call)
{
	for (unsigned i = 0; i < call->neras; i++) {
		const struct era_range *range = &call->eras[i];

		fprintf(out, "%s%s", i ? ", " : "", era_dates[range->first]);
		if (range->last != range->first)
			fprintf(out, " to %s", era_dates[range->last]);
	}
}

/* A bar would end the cell of a table. */
static void print_cell(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '|')
			fputc('\\', out);
		fputc(*text, out);
	}
}

static void print_state(FILE *out, const struct abi_call *call)
{
	switch (call->state) {
	case ABI_STATE_IMPLEMENTED:
		fputs("implemented", out);
		break;
	case ABI_STATE_REFUSED:
		fprintf(out, "refused with `%s`: ", call->refusal);
		print_cell(out, call->reason);
		break;
	case ABI_STATE_MISSING:
		fputs("not there yet", out);
		break;
	}
}

static void print_row(FILE *out, const struct abi_call *call)
{
	static const char *const places[] = {
		[ABI_WHERE_CORE] = "core",
		[ABI_WHERE_VDSO] = "vDSO",
		[ABI_WHERE_HOST] = "host",
	};

	fprintf(out, "| `zx_%s`", call->base ? call->base->name : call->name);
	if (call->base)
		fprintf(out, " (older form, `%s`)", call->name);
	fputs(" | ", out);
	print_eras(out, call);
	fputs(" | ", out);
	print_state(out, call);
	fprintf(out, " | %s |\n", places[call->where]);
}

static size_t count(const struct abi *abi, enum abi_state state, bool exported)
{
	size_t n = 0;

	for (size_t i = 0; i < abi->ncalls; i++)
		n += abi->calls[i].state == state && call_exported(&abi->calls[i]) == exported;
	return n;
}

static void print_total(FILE *out, const struct abi *abi, enum abi_state state, const char *title)
{
	fprintf(out, "| %s | %zu | %zu |\n", title, count(abi, state, true),
		count(abi, state, false));
}

void out_status(FILE *out, const struct abi *abi)
{
	fputs("# Status of every call\n\n"
	      "Made by abigen from `abi/`. Changes belong there.\n\n"
	      "A refused call gives the error named, unless its handles or arguments are wrong\n"
	      "in another way: what it asks for is hardware or a privilege that a program\n"
	      "under zxrun cannot have. A call that is not there yet gives\n"
	      "`ZX_ERR_NOT_SUPPORTED`.\n\n"
	      "| state | names | older forms of a name |\n"
	      "|---|---:|---:|\n", out);
	print_total(out, abi, ABI_STATE_IMPLEMENTED, "implemented");
	print_total(out, abi, ABI_STATE_REFUSED, "refused");
	print_total(out, abi, ABI_STATE_MISSING, "not there yet");
	fputs("\n| call | in Zircon's interface | state | runs in |\n"
	      "|---|---|---|---|\n", out);
	for (size_t i = 0; i < abi->ncalls; i++)
		print_row(out, &abi->calls[i]);
}
