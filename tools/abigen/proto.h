/* Prototypes as reference pages show them. */
#ifndef ABIGEN_PROTO_H
#define ABIGEN_PROTO_H

#include "abigen.h"

/*
 * Print the prototype of @call, under the name zx_@name, laid out as clang-format does it in
 * Google's style without bin-packing. Ends with a newline.
 */
void proto_print(FILE *out, const struct abi_call *call, const char *name);

#endif
