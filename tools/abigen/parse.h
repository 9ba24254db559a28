/* What parse.c and notes.c share: the state of reading one source. */
#ifndef ABIGEN_PARSE_H
#define ABIGEN_PARSE_H

#include "abigen.h"
#include "lex.h"

/* Documentation lines that wait for their call. */
struct pending {
	struct token *v;
	size_t n;
};

struct parser {
	struct diag *diag;
	struct lexer lx;
	struct token tok;	/* the token being looked at; never a documentation line */
	struct pending docs;
	struct abi *abi;
};

bool token_is(const struct token *tok, const char *text);

/* notes.c: put the documentation lines in @docs into @call, and empty @docs. */
void notes_apply(struct diag *diag, struct pending *docs, struct abi_call *call);

#endif
