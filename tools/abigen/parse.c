/* The grammar of definitions: a recursive descent, one function per rule of docs/abigen.md. */
#include "parse.h"

#include <stdlib.h>
#include <string.h>

bool token_is(const struct token *tok, const char *text)
{
	return (tok->kind == TOK_WORD || tok->kind == TOK_PUNCT) && tok->len == strlen(text) &&
	       !memcmp(tok->text, text, tok->len);
}

static char *token_dup(const struct token *tok)
{
	return xstrndup(tok->text, tok->len);
}

/* Go to the next token; documentation lines are put aside for the call that follows. */
static void next(struct parser *ps)
{
	struct pending *docs = &ps->docs;

	for (;;) {
		ps->tok = lex_next(&ps->lx);
		if (ps->tok.kind != TOK_DESCRIPTION && ps->tok.kind != TOK_RIGHTS &&
		    ps->tok.kind != TOK_NOTE)
			return;
		docs->v = xgrow(docs->v, docs->n, sizeof(*docs->v));
		docs->v[docs->n++] = ps->tok;
	}
}

static bool at(const struct parser *ps, const char *text)
{
	return token_is(&ps->tok, text);
}

static bool accept(struct parser *ps, const char *text)
{
	if (!at(ps, text))
		return false;
	next(ps);
	return true;
}

/* Report that @what was expected instead of the current token. Always false. */
static bool unexpected(struct parser *ps, const char *what)
{
	if (ps->tok.kind == TOK_EOF)
		diag_error(ps->diag, ps->tok.pos, "expected %s, found the end of the file", what);
	else
		diag_error(ps->diag, ps->tok.pos, "expected %s, found '%.*s'", what,
			   (int)ps->tok.len, ps->tok.text);
	return false;
}

static bool expect(struct parser *ps, const char *text)
{
	char quoted[16];

	if (accept(ps, text))
		return true;
	snprintf(quoted, sizeof(quoted), "'%s'", text);
	return unexpected(ps, quoted);
}

/* Words with a meaning wherever they stand. */
static bool at_keyword(const struct parser *ps)
{
	static const char *const words[] = {
		"syscall", "returns", "optional", "IN", "OUT", "INOUT",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (at(ps, words[i]))
			return true;
	return false;
}

/* Names like _Bool and __func__. The token is followed by other characters, or by a NUL. */
static bool is_reserved(const struct token *tok)
{
	char second = tok->text[1];

	return tok->text[0] == '_' && (second == '_' || (second >= 'A' && second <= 'Z'));
}

/* A name, for which a keyword will not do. NULL after an error. */
static char *name(struct parser *ps, const char *what)
{
	char *text;

	if (ps->tok.kind != TOK_WORD || at_keyword(ps)) {
		unexpected(ps, what);
		return NULL;
	}
	if (is_reserved(&ps->tok)) {
		diag_error(ps->diag, ps->tok.pos,
			   "names that begin with '__', or '_' and a capital, are the compiler's");
		return NULL;
	}
	if (ps->tok.len > ABI_MAX_NAME) {
		diag_error(ps->diag, ps->tok.pos, "a name has at most %d characters",
			   ABI_MAX_NAME);
		return NULL;
	}
	text = token_dup(&ps->tok);
	next(ps);
	return text;
}

/* Add the current word to the set @attrs if it is the @bit'th known one. */
static void add_attr(struct parser *ps, unsigned *attrs, unsigned bit)
{
	if (*attrs & (1u << bit))
		diag_error(ps->diag, ps->tok.pos, "attribute '%.*s' given twice", (int)ps->tok.len,
			   ps->tok.text);
	*attrs |= 1u << bit;
}

static bool parse_number(struct parser *ps, struct abi_factor *factor)
{
	char *text = token_dup(&ps->tok);
	char *end;
	unsigned long value = strtoul(text, &end, 10);
	bool ok = !*end && value > 0 && value <= UINT32_MAX && ps->tok.len < 11;

	if (ok)
		factor->number = (uint32_t)value;
	else
		diag_error(ps->diag, ps->tok.pos, "'%s' is not a length from 1 to 4294967295",
			   text);
	free(text);
	next(ps);
	return ok;
}

/* Room for one factor more, which the argument owns from now on. */
static struct abi_factor *new_factor(struct abi_arg *arg, struct pos pos)
{
	struct abi_factor *factor;

	arg->factors = xgrow(arg->factors, arg->nfactors, sizeof(*arg->factors));
	factor = &arg->factors[arg->nfactors++];
	*factor = (struct abi_factor){ .pos = pos, .arg = -1 };
	return factor;
}

static bool parse_factor(struct parser *ps, struct abi_arg *arg)
{
	struct abi_factor *factor = new_factor(arg, ps->tok.pos);

	if (ps->tok.kind == TOK_NUMBER)
		return parse_number(ps, factor);
	factor->name = name(ps, "a number or the name of an argument");
	return factor->name;
}

/* '[' was just passed. */
static bool parse_length(struct parser *ps, struct abi_arg *arg)
{
	arg->is_array = true;
	do {
		if (arg->nfactors == ABI_MAX_FACTORS) {
			diag_error(ps->diag, ps->tok.pos, "a length has at most %d factors",
				   ABI_MAX_FACTORS);
			return false;
		}
		if (!parse_factor(ps, arg))
			return false;
	} while (accept(ps, "*"));
	return expect(ps, "]");
}

static enum abi_dir direction(const struct parser *ps)
{
	for (int dir = ABI_DIR_IN; dir <= ABI_DIR_INOUT; dir++)
		if (at(ps, dir_words[dir]))
			return (enum abi_dir)dir;
	return ABI_DIR_NONE;
}

static void parse_arg_words(struct parser *ps, struct abi_arg *arg)
{
	while (ps->tok.kind == TOK_WORD) {
		enum abi_dir dir = direction(ps);
		char *word;
		int bit;

		if (dir != ABI_DIR_NONE) {
			if (arg->dir != ABI_DIR_NONE)
				diag_error(ps->diag, ps->tok.pos, "direction given twice");
			arg->dir = dir;
			next(ps);
			continue;
		}
		word = token_dup(&ps->tok);
		bit = words_index(arg_attr_words, ABI_ARG_ATTRS, word);
		if (bit >= 0)
			add_attr(ps, &arg->attrs, (unsigned)bit);
		free(word);
		next(ps);
	}
}

static bool parse_arg(struct parser *ps, struct abi_arg *arg)
{
	arg->pos = ps->tok.pos;
	arg->name = name(ps, "the name of an argument");
	if (!arg->name || !expect(ps, ":"))
		return false;
	arg->type = name(ps, "a type");
	if (!arg->type)
		return false;
	if (accept(ps, "[") && !parse_length(ps, arg))
		return false;
	parse_arg_words(ps, arg);
	return true;
}

/* Room for one argument more, which the call owns from now on. NULL after an error. */
static struct abi_arg *new_arg(struct parser *ps, struct abi_call *call)
{
	if (call->nargs < ABI_MAX_ARGS)
		return &call->args[call->nargs++];
	diag_error(ps->diag, ps->tok.pos, "'%s' has more than %d arguments", call->name,
		   ABI_MAX_ARGS);
	return NULL;
}

static bool parse_args(struct parser *ps, struct abi_call *call)
{
	if (!expect(ps, "("))
		return false;
	if (accept(ps, ")"))
		return true;
	do {
		struct abi_arg *arg = new_arg(ps, call);

		if (!arg || !parse_arg(ps, arg))
			return false;
	} while (accept(ps, ","));
	return expect(ps, ")");
}

/* Values returned beside the first are OUT pointers behind the arguments. */
static bool parse_returned(struct parser *ps, struct abi_call *call)
{
	struct abi_arg *arg = new_arg(ps, call);

	if (!arg || !parse_arg(ps, arg))
		return false;
	if (arg->dir != ABI_DIR_NONE && arg->dir != ABI_DIR_OUT) {
		diag_error(ps->diag, arg->pos, "returned value '%s' can only be OUT", arg->name);
		return false;
	}
	arg->dir = ABI_DIR_OUT;
	if (!arg->is_array) {
		arg->is_array = true;
		new_factor(arg, arg->pos)->number = 1;
	}
	return true;
}

static bool parse_returns(struct parser *ps, struct abi_call *call)
{
	struct token type;

	if (!expect(ps, "("))
		return false;
	if (accept(ps, ")"))
		return true;
	type = ps->tok;
	call->ret = name(ps, "the type returned");
	if (!call->ret)
		return false;
	if (at(ps, ":")) {
		diag_error(ps->diag, type.pos, "the first value returned has no name");
		return false;
	}
	while (accept(ps, ",")) {
		if (!parse_returned(ps, call))
			return false;
	}
	return expect(ps, ")");
}

static void parse_call_words(struct parser *ps, struct abi_call *call)
{
	while (ps->tok.kind == TOK_WORD && !at(ps, "syscall") && !at(ps, "returns")) {
		char *word = token_dup(&ps->tok);
		int bit = words_index(call_attr_words, ABI_CALL_ATTRS, word);

		if (bit >= 0) {
			add_attr(ps, &call->attrs, (unsigned)bit);
			free(word);
		} else {
			str_list_add(&call->categories, word);
		}
		next(ps);
	}
}

/* "syscall" was just passed. */
static bool parse_call(struct parser *ps, struct abi_call *call)
{
	notes_apply(ps->diag, &ps->docs, call);
	call->number = -1;
	call->pos = ps->tok.pos;
	call->name = name(ps, "the name of a call");
	if (!call->name)
		return false;
	parse_call_words(ps, call);
	if (!parse_args(ps, call))
		return false;
	if (accept(ps, "returns")) {
		if (!parse_returns(ps, call))
			return false;
	} else if (!(call->attrs & ABI_CALL_NORETURN)) {
		return unexpected(ps, "'returns' (only a noreturn call goes without)");
	}
	return expect(ps, ";");
}

/* After an error: pass over what is left of the definition. */
static void resynchronize(struct parser *ps)
{
	while (ps->tok.kind != TOK_EOF && !at(ps, "syscall")) {
		if (accept(ps, ";"))
			return;
		next(ps);
	}
}

void parse_source(struct diag *diag, const struct source *src, struct abi *abi)
{
	struct parser ps = { .diag = diag, .abi = abi };

	lex_init(&ps.lx, diag, src);
	next(&ps);
	while (ps.tok.kind != TOK_EOF && !diag_full(diag)) {
		struct abi_call call = { 0 };

		if (!at(&ps, "syscall")) {
			unexpected(&ps, "'syscall'");
			next(&ps);
			resynchronize(&ps);
			continue;
		}
		/* What was read while looking past "syscall" belongs to this call too. */
		next(&ps);
		if (!parse_call(&ps, &call)) {
			call_free(&call);
			resynchronize(&ps);
			continue;
		}
		call.order = abi->ncalls;
		abi->calls = xgrow(abi->calls, abi->ncalls, sizeof(*abi->calls));
		abi->calls[abi->ncalls++] = call;
	}
	if (ps.docs.n && !diag_full(diag))
		diag_error(diag, ps.docs.v[0].pos, "no call follows this documentation");
	free(ps.docs.v);
}
