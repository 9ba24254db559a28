#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "outputs.h"

#define ABIGEN_VERSION	"1.0"

/* More errors than this say little about the first of them. */
#define MAX_ERRORS	20

enum exit_status { EXIT_DONE = 0, EXIT_ERRORS = 1, EXIT_MISUSE = 2 };

/* Values of options in getopt's result: outputs by index, then the others. */
enum { OPT_HELP = 256, OPT_VERSION };

struct request {
	const struct output *output;
	struct out_file file;
};

struct job {
	struct request *requests;
	size_t nrequests;
	char **inputs;
	size_t ninputs;
	struct source **sources;	/* those read so far; positions point to them */
	size_t nsources;
};

static void print_help(void)
{
	printf("usage: abigen [--OUTPUT FILE]... INPUT...\n\n"
	       "Read definitions of Zircon's calls and write what is derived from them.\n"
	       "FILE or INPUT can be - for standard output or input.\n"
	       "Without an output the definitions are only checked.\n\n"
	       "outputs:\n");
	for (size_t i = 0; i < noutputs; i++)
		printf("  --%-15s %s\n", outputs[i].option, outputs[i].help);
	printf("\n"
	       "  --help            print this and exit\n"
	       "  --version         print the version and exit\n");
}

static int misuse(const char *message, const char *what)
{
	fprintf(stderr, "abigen: %s%s\nTry 'abigen --help'.\n", message, what);
	return EXIT_MISUSE;
}

static struct option *option_table(void)
{
	struct option *table = xcalloc(noutputs + 3, sizeof(*table));

	for (size_t i = 0; i < noutputs; i++)
		table[i] = (struct option){ outputs[i].option, required_argument, NULL, (int)i };
	table[noutputs] = (struct option){ "help", no_argument, NULL, OPT_HELP };
	table[noutputs + 1] = (struct option){ "version", no_argument, NULL, OPT_VERSION };
	return table;
}

static bool asked_already(const struct job *job, const char *path)
{
	for (size_t i = 0; i < job->nrequests; i++)
		if (!strcmp(job->requests[i].file.path, path))
			return true;
	return false;
}

static int add_request(struct job *job, const struct output *output, const char *path)
{
	if (!*path)
		return misuse("empty file name for --", output->option);
	if (strcmp(path, "-") && asked_already(job, path))
		return misuse("two outputs cannot go to ", path);
	job->requests = xgrow(job->requests, job->nrequests, sizeof(*job->requests));
	job->requests[job->nrequests++] = (struct request){
		.output = output,
		.file = { .path = path },
	};
	return EXIT_DONE;
}

/* Fill @job. A negative result means: go on; otherwise it is the exit status. */
static int parse_options(int argc, char **argv, struct job *job)
{
	struct option *table = option_table();
	int status = -1;
	int opt;

	while (status < 0 && (opt = getopt_long(argc, argv, "", table, NULL)) != -1) {
		if (opt == OPT_HELP) {
			print_help();
			status = EXIT_DONE;
		} else if (opt == OPT_VERSION) {
			printf("abigen %s\n", ABIGEN_VERSION);
			status = EXIT_DONE;
		} else if (opt == '?') {
			fputs("Try 'abigen --help'.\n", stderr);
			status = EXIT_MISUSE;
		} else if (add_request(job, &outputs[opt], optarg)) {
			status = EXIT_MISUSE;
		}
	}
	free(table);
	if (status < 0 && optind == argc)
		status = misuse("no input", "");
	job->inputs = argv + optind;
	job->ninputs = (size_t)(argc - optind);
	return status;
}

/* True when all inputs could be read and hold no errors. */
static bool read_inputs(struct job *job, struct abi *abi)
{
	struct diag diag = { .out = stderr, .limit = MAX_ERRORS };

	for (size_t i = 0; i < job->ninputs; i++) {
		struct source *src = source_read(job->inputs[i]);

		if (!src)
			return false;
		job->sources = xgrow(job->sources, job->nsources, sizeof(struct source *));
		job->sources[job->nsources++] = src;
		parse_source(&diag, src, abi);
	}
	check_abi(&diag, abi);
	return !diag.errors;
}

static bool generate(struct request *request, const struct abi *abi)
{
	FILE *out = open_memstream(&request->file.text, &request->file.len);

	if (!out)
		return false;
	request->output->write(out, abi);
	if (ferror(out)) {
		fclose(out);
		return false;
	}
	return !fclose(out);
}

/* Either all outputs are replaced, or none is touched. */
static bool write_outputs(struct job *job, const struct abi *abi)
{
	bool ok = true;

	for (size_t i = 0; ok && i < job->nrequests; i++) {
		ok = generate(&job->requests[i], abi);
		if (!ok)
			fputs("abigen: out of memory\n", stderr);
	}
	for (size_t i = 0; ok && i < job->nrequests; i++)
		ok = out_file_stage(&job->requests[i].file);
	for (size_t i = 0; ok && i < job->nrequests; i++)
		ok = out_file_commit(&job->requests[i].file);
	return ok;
}

static void free_job(struct job *job)
{
	for (size_t i = 0; i < job->nrequests; i++)
		out_file_discard(&job->requests[i].file);
	for (size_t i = 0; i < job->nsources; i++)
		source_free(job->sources[i]);
	free(job->requests);
	free(job->sources);
}

int main(int argc, char **argv)
{
	struct job job = { 0 };
	struct abi abi = { 0 };
	int status = parse_options(argc, argv, &job);

	if (status < 0)
		status = read_inputs(&job, &abi) && write_outputs(&job, &abi) ? EXIT_DONE :
										 EXIT_ERRORS;
	abi_free(&abi);
	free_job(&job);
	return status;
}
