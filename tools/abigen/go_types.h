/* The types that the Go output declares, and how values of C types are had from Go. */
#ifndef ABIGEN_GO_TYPES_H
#define ABIGEN_GO_TYPES_H

#include "abigen.h"
#include "types.h"

/* The types that the definitions name, and those that these consist of. */
struct go_types {
	bool *known;		/* by index in type_infos */
	bool *named;		/* those that the definitions name themselves */
	const char **others;	/* types without a row there, sorted, each once */
	size_t nothers;
};

void go_types_collect(struct go_types *types, const struct abi *abi);
void go_types_free(struct go_types *types);

/* True when a call with this name, as in the definitions, would be called like a type. */
bool go_types_taken(const struct go_types *types, const char *call);

/* The Go type of a value of @type, or of what a pointer to it points to. The caller's memory. */
char *go_type(const char *type);

/* Structures are read through a pointer to become C's or Go's; other values are converted. */
bool go_by_pointer(const char *type);

/* Includes that the types need beside zircon/syscalls.h, as lines of the preamble. */
void go_types_print_includes(FILE *out, const struct go_types *types);

/* Declarations, and checks that all have the size that they have in C. */
void go_types_print(FILE *out, const struct go_types *types);

#endif
