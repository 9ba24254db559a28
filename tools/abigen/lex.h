/* Tokens of the .abigen language. */
#ifndef ABIGEN_LEX_H
#define ABIGEN_LEX_H

#include "diag.h"

enum token_kind {
	TOK_EOF,
	TOK_WORD,		/* identifier or keyword */
	TOK_NUMBER,
	TOK_PUNCT,		/* one of ( ) [ ] : , ; * */
	TOK_DESCRIPTION,	/* #^ line */
	TOK_RIGHTS,		/* #! line */
	TOK_NOTE,		/* #@ line */
};

/* @text points into the source; for the # lines it is what follows the mark, without blanks. */
struct token {
	enum token_kind kind;
	const char *text;
	size_t len;
	struct pos pos;
};

struct lexer {
	struct diag *diag;
	const struct source *src;
	const char *p;
	unsigned line, col;
};

void lex_init(struct lexer *lx, struct diag *diag, const struct source *src);

/*
 * Read the next token. Ordinary comments are passed over; characters that begin no token are
 * reported and passed over too.
 */
struct token lex_next(struct lexer *lx);

#endif
