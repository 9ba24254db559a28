/*
 * What is known about the C types that definitions name: how large they are, where they are
 * declared, what they consist of. Any other type is taken for a structure that only C knows.
 */
#ifndef ABIGEN_TYPES_H
#define ABIGEN_TYPES_H

#include <stdbool.h>
#include <stddef.h>

enum type_kind {
	TYPE_UINT,
	TYPE_INT,
	TYPE_BOOL,
	TYPE_CHAR,
	TYPE_FUTEX,	/* an int that other threads change: an atomic one in C */
	TYPE_STRUCT,
	TYPE_UNION,
	TYPE_OPAQUE,	/* a structure whose fields are not known here */
};

/* What a value means: how a trace shows it, and which values a program can mix up. */
enum type_meaning {
	MEANS_NUMBER,
	MEANS_BITS,	/* flags without names */
	MEANS_ADDRESS,
	MEANS_SIZE,
	MEANS_HANDLE,
	MEANS_STATUS,
	MEANS_RIGHTS,
	MEANS_SIGNALS,
	MEANS_KOID,
	MEANS_OBJ_TYPE,
	MEANS_CLOCK,
	MEANS_TIME,	/* nanoseconds since a clock's start: a deadline, or now */
	MEANS_DURATION,	/* nanoseconds */
	MEANS_TICKS,
	MEANS_VM_OPTION,
	MEANS_SEEK_ORIGIN,
	MEANS_STRUCT,
};

enum field_pointer { FIELD_VALUE, FIELD_POINTER, FIELD_CONST_POINTER };

struct type_field {
	const char *name;
	const char *type;	/* with a row of its own; "any" behind a pointer */
	enum field_pointer pointer;
	unsigned count;		/* elements of an array; 0 for no array */
};

struct type_info {
	const char *name;
	enum type_kind kind;
	enum type_meaning meaning;
	unsigned size;		/* bytes on x86-64; 0 for opaque types */
	/* What to include for it, beside zircon/types.h and zircon/syscalls/types.h; or NULL. */
	const char *header;
	const struct type_field *fields;	/* of structures and unions */
	unsigned nfields;
};

extern const struct type_info type_infos[];
extern const size_t ntype_infos;

/* The row of @name; NULL for a type that is not known. */
const struct type_info *type_find(const char *name);

#endif
