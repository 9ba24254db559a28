/*
 * libFuzzer target: whatever the bytes, reading them as definitions ends well, and when they are
 * correct ones, so do writing all outputs and comparing them with others.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/definitions.h"
#include "tools/abigen/diff.h"
#include "tools/abigen/outputs.h"
#include "tools/abigen/select.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static FILE *sink(void)
{
	static FILE *null;

	if (!null)
		null = fopen("/dev/null", "w");
	assert(null);
	return null;
}

/* What the outputs rely on. */
static void check_calls(const struct abi *abi)
{
	for (size_t i = 0; i < abi->ncalls; i++) {
		const struct abi_call *call = &abi->calls[i];

		assert(!i || strcmp(abi->calls[i - 1].name, call->name) < 0);
		assert(call->nargs <= ABI_MAX_ARGS && call->neras);
		assert(!call->variant_of || call->base);
		for (unsigned a = 0; a < call->nargs; a++) {
			const struct abi_arg *arg = &call->args[a];

			assert(arg->is_array == (arg->dir != ABI_DIR_NONE));
			assert(arg->is_array == !!arg->nfactors);
			for (unsigned f = 0; f < arg->nfactors; f++)
				assert(!arg->factors[f].name ||
				       (unsigned)arg->factors[f].arg < call->nargs);
		}
	}
}

static void write_outputs(const struct abi *abi)
{
	for (size_t i = 0; i < noutputs; i++) {
		if (outputs[i].write) {
			outputs[i].write(sink(), abi);
			continue;
		}
		for (size_t c = 0; c < abi->ncalls; c++)
			if (call_exported(&abi->calls[c]))
				outputs[i].write_page(sink(), abi, &abi->calls[c]);
	}
}

/* Nothing differs from itself; what is added one way is removed the other way. */
static void compare(const struct abi *abi)
{
	static struct definitions fixed;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (!fixed.abi.ncalls)
		assert(definitions_read(&fixed, definitions_fixed, strlen(definitions_fixed)));
	assert(out);
	assert(!diff_abi(out, abi, abi));
	assert(!fclose(out) && !len);
	free(text);
	(void)diff_abi(sink(), abi, &fixed.abi);
	(void)diff_abi(sink(), &fixed.abi, abi);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct definitions defs;

	if (definitions_read(&defs, (const char *)data, size)) {
		check_calls(&defs.abi);
		write_outputs(&defs.abi);
		compare(&defs.abi);
		select_era(&defs.abi, (enum era)(size % ERA_COUNT));
		write_outputs(&defs.abi);
	}
	definitions_free(&defs);
	return 0;
}
