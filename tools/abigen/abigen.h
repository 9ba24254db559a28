/*
 * abigen: reads the definitions of Zircon's calls, the .abigen files, and writes everything that is
 * derived from them.
 *
 * The passes are lex.c (characters to tokens), parse.c (tokens to struct abi_call), check.c (rules
 * that need to see the whole), and one out_*.c per output. docs/abigen.md describes the language.
 */
#ifndef ABIGEN_H
#define ABIGEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "diag.h"
#include "eras.h"

/* A call's arguments travel in registers and in the channel slot: there are eight places. */
#define ABI_MAX_ARGS	8

/* Characters of a name: compilers tell longer ones apart by no more than these. */
#define ABI_MAX_NAME	63

/* Buffers that one row of the marshalling table can describe. */
#define ABI_MAX_BUFS	6

/* Disjoint ranges of eras that one definition may name. */
#define ABI_MAX_RANGES	4

/* Factors of an array's length: `any[count * elem_size]` has two. */
#define ABI_MAX_FACTORS	8

/* How many of them the rows of the build's tables have room for. */
#define ABI_ROW_FACTORS	2

enum abi_dir { ABI_DIR_NONE, ABI_DIR_IN, ABI_DIR_OUT, ABI_DIR_INOUT };

enum abi_where { ABI_WHERE_CORE, ABI_WHERE_VDSO, ABI_WHERE_HOST };

enum abi_state { ABI_STATE_MISSING, ABI_STATE_IMPLEMENTED, ABI_STATE_REFUSED };

/* Attributes of a call with a meaning; any other word is a category, kept as it is. */
enum abi_call_attr {
	ABI_CALL_VDSOCALL	= 1u << 0,
	ABI_CALL_BLOCKING	= 1u << 1,
	ABI_CALL_INTERNAL	= 1u << 2,
	ABI_CALL_CONST		= 1u << 3,
	ABI_CALL_NORETURN	= 1u << 4,
	ABI_CALL_DEPRECATED	= 1u << 5,
	ABI_CALL_ATTRS		= 6,	/* how many there are */
};

/* Attributes of an argument with a meaning; other words are accepted and ignored. */
enum abi_arg_attr {
	ABI_ARG_HANDLE_ACQUIRE		= 1u << 0,
	ABI_ARG_HANDLE_RELEASE		= 1u << 1,
	ABI_ARG_HANDLE_RELEASE_ALWAYS	= 1u << 2,
	ABI_ARG_OPTIONAL		= 1u << 3,
	ABI_ARG_FEATURES		= 1u << 4,
	ABI_ARG_UNSIZED			= 1u << 5,
	ABI_ARG_ATTRS			= 6,	/* how many there are */
};

/* The words of the language: attributes in the order of their bits, the others by their enum. */
extern const char *const call_attr_words[ABI_CALL_ATTRS];
extern const char *const arg_attr_words[ABI_ARG_ATTRS];
extern const char *const dir_words[];
extern const char *const where_words[3];
extern const char *const state_words[3];

/* A growing list of strings. */
struct str_list {
	char **v;
	size_t n;
};

/* One factor of an array's length: a name of an argument, or a number when @name is NULL. */
struct abi_factor {
	char *name;
	uint32_t number;
	struct pos pos;
	int arg;		/* index of the argument named; -1 before check.c or for numbers */
};

/* What an `arg:` line says of how an argument is shown in traces. */
enum abi_shown {
	ABI_SHOWN_BY_TYPE,
	ABI_SHOWN_FLAGS,	/* bits with names */
	ABI_SHOWN_ONE,		/* one of several named values */
	ABI_SHOWN_SIGNALS,	/* bits whose names go by the object */
};

/* An `arg:` line, until check.c finds the argument that it is about. */
struct abi_arg_note {
	char *arg;
	char *verb;		/* what is said of it */
	char *object;		/* what stands behind it, or NULL */
	struct pos pos;
};

struct abi_arg {
	char *name;
	char *type;
	struct pos pos;
	unsigned attrs;
	enum abi_dir dir;
	bool is_array;
	unsigned nfactors;
	struct abi_factor *factors;

	/* Set by check.c from the call's notes. */
	enum abi_shown shown;
	const char *set;	/* whose names the bits or values have; NULL for none */
	unsigned filled;	/* 1 + index of the argument that tells how much was written; or 0 */
};

struct era_range {
	enum era first, last;
};

/* One definition. It owns all that it points to but @base and the sources of positions. */
struct abi_call {
	char *name;
	struct pos pos;
	size_t order;		/* place in the order of reading */
	unsigned attrs;
	struct str_list categories;

	char *ret;		/* C return type, NULL for none */
	struct abi_arg args[ABI_MAX_ARGS];	/* arguments, then returned values as OUT */
	unsigned nargs;

	struct str_list description;
	struct str_list rights;
	struct str_list errors;			/* "ZX_ERR_X explanation" */

	enum abi_where where;
	enum abi_state state;
	char *refusal;		/* ZX_ERR_xxx of a refused call */
	char *reason;		/* why it is refused */
	struct pos state_pos;
	bool own_checks;	/* it is refused, but by a handler of its own */
	struct pos checks_pos;

	struct era_range eras[ABI_MAX_RANGES];
	unsigned neras;
	struct pos eras_pos;

	struct abi_arg_note *arg_notes;
	size_t narg_notes;

	char *variant_of;	/* name of the base call, NULL for an exported name */
	struct pos variant_pos;
	const struct abi_call *base;	/* set by check.c */

	int number;		/* call number, -1 for calls that run in the vDSO */
};

struct abi {
	struct abi_call *calls;
	size_t ncalls;
	size_t nnumbers;
};

/* parse.c: append the definitions in @src to @abi. Errors are reported through @diag. */
void parse_source(struct diag *diag, const struct source *src, struct abi *abi);

/*
 * check.c: sort the definitions by name, resolve names, verify the rules of docs/abigen.md, and
 * hand out call numbers. Errors are reported through @diag.
 */
void check_abi(struct diag *diag, struct abi *abi);

/* model.c: questions that several outputs ask. */
const struct abi_call *abi_find(const struct abi *abi, const char *name);
bool call_exported(const struct abi_call *call);
bool call_handled(const struct abi_call *call);
bool call_public(const struct abi_call *call);
const char *call_ret_type(const struct abi_call *call);
bool arg_marshalled(const struct abi_call *call, const struct abi_arg *arg);
void arg_print_c(FILE *out, const struct abi_arg *arg);
void call_free(struct abi_call *call);	/* what @call owns, not @call itself */
void abi_free(struct abi *abi);
int words_index(const char *const *words, size_t n, const char *word);

/* mem.c: allocation that ends the program when memory runs out. */
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *old, size_t size);
void *xgrow(void *old, size_t n, size_t size);
char *xstrndup(const char *s, size_t n);
void str_list_add(struct str_list *list, char *s);	/* the list owns @s from now on */
void str_list_free(struct str_list *list);

#endif
