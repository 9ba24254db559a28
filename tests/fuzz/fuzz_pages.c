/*
 * libFuzzer target: whatever the bytes, they can be brought up to date as a reference page, and are
 * then up to date.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/definitions.h"
#include "tools/abigen/md_update.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void update(const struct abi *abi, const struct abi_call *call, const char *text, size_t len)
{
	const struct md_targets targets = { .abi = abi };
	struct md_result once, twice;

	md_update(&once, &targets, call, text, len);
	if (once.stale.n) {
		md_update(&twice, &targets, call, once.text.s, once.text.len);
		assert(!twice.stale.n);
		assert(twice.faults.n == once.faults.n);
		md_result_free(&twice);
	}
	md_result_free(&once);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct definitions fixed;

	if (!fixed.abi.ncalls)
		assert(definitions_read(&fixed, definitions_fixed, strlen(definitions_fixed)));
	for (size_t i = 0; i < fixed.abi.ncalls; i++)
		if (call_exported(&fixed.abi.calls[i]))
			update(&fixed.abi, &fixed.abi.calls[i], (const char *)data, size);
	return 0;
}
