#include "diff.h"
#include "generate.h"
#include "inputs.h"
#include "select.h"
#include "update_docs.h"

/* More errors than this say little about the first of them. */
#define MAX_ERRORS	20

enum exit_status {
	EXIT_DONE = 0,
	EXIT_ERRORS = 1,	/* in the input, or files that cannot be read or written */
	EXIT_MISUSE = 2,
	EXIT_FOUND = 3,		/* --check found a stale page, --diff a change that breaks */
};

/* Read @n paths as one set of definitions. False when there was an error, which has been told. */
static bool read_abi(const struct options *options, struct inputs *inputs, char **paths, size_t n,
		     struct abi *abi)
{
	struct diag diag = { .out = stderr, .limit = MAX_ERRORS };

	for (size_t i = 0; i < n; i++)
		if (!inputs_read(inputs, &diag, paths[i], abi))
			return false;
	check_abi(&diag, abi);
	if (diag.errors)
		return false;
	if (options->era >= 0)
		select_era(abi, (enum era)options->era);
	return true;
}

static enum exit_status run_diff(const struct options *options)
{
	struct inputs inputs = { 0 };
	struct abi old = { 0 }, new = { 0 };
	enum exit_status status = EXIT_ERRORS;

	if (read_abi(options, &inputs, &options->inputs[0], 1, &old) &&
	    read_abi(options, &inputs, &options->inputs[1], 1, &new))
		status = diff_abi(stdout, &old, &new) ? EXIT_FOUND : EXIT_DONE;
	if (fflush(stdout)) {
		perror("abigen: standard output");
		status = EXIT_ERRORS;
	}
	abi_free(&old);
	abi_free(&new);
	inputs_free(&inputs);
	return status;
}

static enum exit_status run_docs(const struct options *options, const struct abi *abi)
{
	switch (options->docs ? update_docs(options->docs, abi, options->docs_flags) : DOCS_DONE) {
	case DOCS_STALE:
		return EXIT_FOUND;
	case DOCS_FAILED:
		return EXIT_ERRORS;
	default:
		return EXIT_DONE;
	}
}

static enum exit_status run(const struct options *options)
{
	struct inputs inputs = { 0 };
	struct abi abi = { 0 };
	enum exit_status status = EXIT_ERRORS;

	if (read_abi(options, &inputs, options->inputs, options->ninputs, &abi) && generate(options, &abi))
		status = run_docs(options, &abi);
	abi_free(&abi);
	inputs_free(&inputs);
	return status;
}

int main(int argc, char **argv)
{
	struct options options;
	enum exit_status status = EXIT_DONE;

	switch (options_parse(&options, argc, argv)) {
	case OPTIONS_DONE:
		break;
	case OPTIONS_MISUSE:
		status = EXIT_MISUSE;
		break;
	case OPTIONS_RUN:
		status = options.diff ? run_diff(&options) : run(&options);
		break;
	}
	options_free(&options);
	return status;
}
