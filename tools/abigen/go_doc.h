/* Comments of the Go output, in the form that gofmt gives them. */
#ifndef ABIGEN_GO_DOC_H
#define ABIGEN_GO_DOC_H

#include "abigen.h"

/* What there is to know about @call, which is called @name in Go. */
void go_doc_print(FILE *out, const struct abi_call *call, const char *name);

#endif
