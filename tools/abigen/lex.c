#include "lex.h"

#include <stdbool.h>
#include <string.h>

void lex_init(struct lexer *lx, struct diag *diag, const struct source *src)
{
	*lx = (struct lexer){ .diag = diag, .src = src, .p = src->text, .line = 1, .col = 1 };
}

/* The locale must not decide what a name is. */
static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool at_end(const struct lexer *lx)
{
	return lx->p == lx->src->text + lx->src->len;
}

static void advance(struct lexer *lx, size_t n)
{
	lx->p += n;
	lx->col += n;
}

static struct token make(const struct lexer *lx, enum token_kind kind, size_t len)
{
	return (struct token){
		.kind = kind,
		.text = lx->p,
		.len = len,
		.pos = { .src = lx->src, .line = lx->line, .col = lx->col },
	};
}

/* The kind of the comment at the reading position; TOK_EOF for an ordinary one. */
static enum token_kind comment_kind(const struct lexer *lx)
{
	switch (lx->p[1]) {
	case '^':
		return TOK_DESCRIPTION;
	case '!':
		return TOK_RIGHTS;
	case '@':
		return TOK_NOTE;
	default:
		return TOK_EOF;
	}
}

/* Take the rest of a line as one token, without the blanks around it. */
static struct token rest_of_line(struct lexer *lx, enum token_kind kind)
{
	struct token tok;
	size_t len, kept;

	advance(lx, 2);
	while (is_blank(*lx->p))
		advance(lx, 1);
	len = strcspn(lx->p, "\n");
	for (kept = len; kept && is_blank(lx->p[kept - 1]); kept--)
		;
	tok = make(lx, kind, kept);
	advance(lx, len);
	return tok;
}

static void bad_character(struct lexer *lx)
{
	unsigned char c = (unsigned char)*lx->p;
	struct pos pos = make(lx, TOK_EOF, 0).pos;

	if (c > ' ' && c < 0x7f)
		diag_error(lx->diag, pos, "unexpected character '%c'", c);
	else
		diag_error(lx->diag, pos, "unexpected byte 0x%02x", c);
	advance(lx, 1);
}

struct token lex_next(struct lexer *lx)
{
	struct token tok;

	while (!at_end(lx)) {
		char c = *lx->p;

		if (c == '\n') {
			lx->p++;
			lx->line++;
			lx->col = 1;
		} else if (is_blank(c)) {
			advance(lx, 1);
		} else if (c == '#') {
			enum token_kind kind = comment_kind(lx);

			if (kind != TOK_EOF)
				return rest_of_line(lx, kind);
			advance(lx, strcspn(lx->p, "\n"));
		} else if (is_word(c)) {
			size_t len = 1;

			while (is_word(lx->p[len]))
				len++;
			tok = make(lx, is_digit(c) ? TOK_NUMBER : TOK_WORD, len);
			advance(lx, len);
			return tok;
		} else if (c && strchr("()[]:,;*", c)) {
			tok = make(lx, TOK_PUNCT, 1);
			advance(lx, 1);
			return tok;
		} else {
			bad_character(lx);
		}
	}
	return make(lx, TOK_EOF, 0);
}
