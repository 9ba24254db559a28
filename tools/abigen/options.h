/* The command line. */
#ifndef ABIGEN_OPTIONS_H
#define ABIGEN_OPTIONS_H

#include "outputs.h"

/* One `--OUTPUT FILE`. */
struct request {
	const struct output *output;
	const char *path;
};

struct options {
	struct request *requests;
	size_t nrequests;
	const char *docs;	/* folder of --update-docs; NULL without */
	unsigned docs_flags;	/* enum update_docs_flags */
	bool diff;		/* the inputs are OLD and NEW */
	int era;		/* only the interface of this enum era; -1 without */
	char **inputs;
	size_t ninputs;
};

enum options_result { OPTIONS_RUN, OPTIONS_DONE, OPTIONS_MISUSE };

/*
 * Fill @options, which then borrows from @argv. OPTIONS_DONE when what was asked for has been
 * printed, OPTIONS_MISUSE after a message on stderr.
 */
enum options_result options_parse(struct options *options, int argc, char **argv);
void options_free(struct options *options);

#endif
