#include "options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "update_docs.h"

#define ABIGEN_VERSION	"1.0"

/* Values of options in getopt's result: outputs by index, then the others. */
enum { OPT_HELP = 256, OPT_VERSION, OPT_UPDATE_DOCS, OPT_CHECK, OPT_GENERATE, OPT_DIFF,
       OPT_ERA };

static const struct option other_options[] = {
	{ "help", no_argument, NULL, OPT_HELP },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "update-docs", required_argument, NULL, OPT_UPDATE_DOCS },
	{ "check", no_argument, NULL, OPT_CHECK },
	{ "generate-missing", no_argument, NULL, OPT_GENERATE },
	{ "diff", no_argument, NULL, OPT_DIFF },
	{ "era", required_argument, NULL, OPT_ERA },
	{ NULL, 0, NULL, 0 },
};

#define NOTHERS	(sizeof(other_options) / sizeof(other_options[0]))

static void print_help(void)
{
	printf("usage: abigen [--OUTPUT FILE]... INPUT...\n"
	       "       abigen --update-docs DIR [--check] [--generate-missing] INPUT...\n"
	       "       abigen --diff OLD NEW\n\n"
	       "Read definitions of Zircon's calls and write what is derived from them.\n"
	       "INPUT, OLD and NEW are files, or folders whose *.abigen files are read.\n"
	       "FILE or INPUT can be - for standard output or input.\n"
	       "Without any option the definitions are only checked.\n\n"
	       "outputs:\n");
	for (size_t i = 0; i < noutputs; i++)
		printf("  --%-18s %s\n", outputs[i].option, outputs[i].help);
	printf("\n"
	       "other options:\n"
	       "  --update-docs DIR    refresh what is generated in the reference pages of DIR\n"
	       "  --check              with it: change nothing, fail if a page is stale\n"
	       "  --generate-missing   with it: make pages for the calls that have none\n"
	       "  --diff               tell what changed between two sets of definitions\n"
	       "  --era DATE           only the calls of that date, in the form they had then:\n"
	       "                      ");
	for (unsigned i = 0; i < ERA_COUNT; i++)
		printf(" %s", era_dates[i]);
	printf("\n"
	       "  --help               print this and exit\n"
	       "  --version            print the version and exit\n\n"
	       "For markdown and man, FILE may be a folder, which gets a page for each call; it is\n"
	       "made when its name ends in a slash.\n\n"
	       "exit status: 0; 1 for errors in the input and files that cannot be read or written;\n"
	       "2 for misuse; 3 when --check found stale pages, or --diff a change that breaks\n"
	       "binaries\n");
}

static enum options_result misuse(const char *message, const char *what)
{
	fprintf(stderr, "abigen: %s%s\nTry 'abigen --help'.\n", message, what);
	return OPTIONS_MISUSE;
}

static struct option *option_table(void)
{
	struct option *table = xcalloc(noutputs + NOTHERS, sizeof(*table));

	for (size_t i = 0; i < noutputs; i++)
		table[i] = (struct option){ outputs[i].option, required_argument, NULL, (int)i };
	memcpy(&table[noutputs], other_options, sizeof(other_options));
	return table;
}

static bool asked_already(const struct options *options, const char *path)
{
	for (size_t i = 0; i < options->nrequests; i++)
		if (!strcmp(options->requests[i].path, path))
			return true;
	return false;
}

static enum options_result add_request(struct options *options, const struct output *output,
				       const char *path)
{
	if (!*path)
		return misuse("empty file name for --", output->option);
	if (strcmp(path, "-") && asked_already(options, path))
		return misuse("two outputs cannot go to ", path);
	options->requests = xgrow(options->requests, options->nrequests,
				  sizeof(*options->requests));
	options->requests[options->nrequests++] = (struct request){ output, path };
	return OPTIONS_RUN;
}

static enum options_result add_docs(struct options *options, const char *dir)
{
	if (options->docs)
		return misuse("--update-docs given twice", "");
	if (!*dir)
		return misuse("empty folder name for --update-docs", "");
	options->docs = dir;
	return OPTIONS_RUN;
}

static enum options_result set_era(struct options *options, const char *date)
{
	if (options->era >= 0)
		return misuse("--era given twice", "");
	options->era = words_index(era_dates, ERA_COUNT, date);
	if (options->era < 0)
		return misuse("no such era: ", date);
	return OPTIONS_RUN;
}

static enum options_result apply(struct options *options, int opt, const char *value)
{
	switch (opt) {
	case OPT_HELP:
		print_help();
		return OPTIONS_DONE;
	case OPT_VERSION:
		printf("abigen %s\n", ABIGEN_VERSION);
		return OPTIONS_DONE;
	case OPT_UPDATE_DOCS:
		return add_docs(options, value);
	case OPT_CHECK:
		options->docs_flags |= UPDATE_DOCS_CHECK;
		return OPTIONS_RUN;
	case OPT_GENERATE:
		options->docs_flags |= UPDATE_DOCS_GENERATE;
		return OPTIONS_RUN;
	case OPT_DIFF:
		options->diff = true;
		return OPTIONS_RUN;
	case OPT_ERA:
		return set_era(options, value);
	case '?':
		fputs("Try 'abigen --help'.\n", stderr);
		return OPTIONS_MISUSE;
	default:
		return add_request(options, &outputs[opt], value);
	}
}

/* Whether the options go together. */
static enum options_result check_options(const struct options *options)
{
	const unsigned both = UPDATE_DOCS_CHECK | UPDATE_DOCS_GENERATE;

	if (options->docs_flags && !options->docs)
		return misuse("--check and --generate-missing belong to --update-docs", "");
	if ((options->docs_flags & both) == both)
		return misuse("--check makes no pages, so --generate-missing cannot go with it", "");
	if (options->diff && (options->nrequests || options->docs))
		return misuse("--diff writes nothing, so it goes with no output", "");
	if (options->diff && options->ninputs != 2)
		return misuse("--diff compares two inputs: OLD NEW", "");
	if (!options->ninputs)
		return misuse("no input", "");
	return OPTIONS_RUN;
}

enum options_result options_parse(struct options *options, int argc, char **argv)
{
	struct option *table = option_table();
	enum options_result result = OPTIONS_RUN;
	int opt;

	*options = (struct options){ .era = -1 };
	while (result == OPTIONS_RUN && (opt = getopt_long(argc, argv, "", table, NULL)) != -1)
		result = apply(options, opt, optarg);
	free(table);
	if (result != OPTIONS_RUN)
		return result;
	options->inputs = argv + optind;
	options->ninputs = (size_t)(argc - optind);
	return check_options(options);
}

void options_free(struct options *options)
{
	free(options->requests);
}
