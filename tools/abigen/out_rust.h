/* What the two files that write Rust share. */
#ifndef ABIGEN_OUT_RUST_H
#define ABIGEN_OUT_RUST_H

#include "abigen.h"

/* True for a word that cannot be a name in some edition of Rust. */
bool rust_keyword(const char *word);

/* A C type as it stands in a declaration: `*const `, `*mut ` or nothing, and the name. */
struct rust_type {
	const char *pointer;
	const char *name;
};

struct rust_type rust_arg_type(const struct abi_arg *arg);

/* The type that a call returns; the name is NULL for none. */
struct rust_type rust_ret_type(const struct abi_call *call);

/* Definitions of all types that public calls name, and of the types that these consist of. */
void rust_print_types(FILE *out, const struct abi *abi);

#endif
