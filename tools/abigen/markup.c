#include "markup.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "types.h"

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

enum word_kind {
	WORD_PLAIN,
	WORD_NOUN,	/* an argument's name that is meant as an ordinary word */
	WORD_ARG,
	WORD_CONSTANT,
	WORD_TYPE,
	WORD_CALL,
};

/* A word, and the two before it in the same clause; "" where there are none. */
struct marker {
	const struct abi *abi;
	const struct abi_call *call;
	char *word, *prev, *prev2;
	enum word_kind prev_kind, prev2_kind;
};

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static size_t word_len(const char *p)
{
	size_t len = 0;

	while (is_word(p[len]))
		len++;
	return len;
}

/* Words after which an argument's name is an ordinary noun: "is no valid handle". */
static bool makes_noun(const char *word)
{
	static const char *const words[] = {
		"a", "an", "the", "no", "every", "each", "this", "its", "their", "any", "some",
		"such", "another", "more", "fewer", "all", "valid", "invalid", "bad", "enough",
		"other", "same", "own", "whose", "one", "two", "many", "most", "few", "first",
		"last", "s", "has", "have", "must", "The", "A", "An", "No", "Every", "Each",
		"This", "All",
	};

	return words_index(words, COUNT(words), word) >= 0;
}

/* Words that end what an article began: "an entry of handles". */
static bool ends_phrase(const char *word)
{
	static const char *const words[] = {
		"of", "in", "is", "are", "to", "for", "by", "with", "and", "or", "that", "than",
		"from", "on", "at", "not", "lacks", "has", "have", "must", "be", "was", "were",
		"names", "which", "if", "when", "while", "as", "does", "can", "asks",
	};

	return words_index(words, COUNT(words), word) >= 0;
}

/* Names like num_bytes or out0 are no English words. */
static bool is_english(const char *name)
{
	return !strpbrk(name, "_0123456789");
}

static bool reads_as_noun(const struct marker *m)
{
	if (!is_english(m->word))
		return false;
	/* Two nouns in a row are one, and num_bytes bytes are bytes. */
	if (makes_noun(m->prev) || m->prev_kind == WORD_NOUN || m->prev_kind == WORD_ARG)
		return true;
	if (!strcmp(m->prev, "or") || !strcmp(m->prev, "and"))
		return m->prev2_kind == WORD_NOUN;
	return makes_noun(m->prev2) && !ends_phrase(m->prev);
}

static bool is_arg(const struct abi_call *call, const char *word)
{
	for (unsigned i = 0; i < call->nargs; i++)
		if (!strcmp(call->args[i].name, word))
			return true;
	return false;
}

/* A field of a structure that an argument is or points to. */
static bool is_field(const struct abi_call *call, const char *word)
{
	for (unsigned i = 0; i < call->nargs; i++) {
		const struct type_info *type = type_find(call->args[i].type);

		for (unsigned f = 0; type && f < type->nfields; f++)
			if (!strcmp(type->fields[f].name, word))
				return true;
	}
	return false;
}

/* The name of the call that the word, with parentheses behind it, stands for; or NULL. */
static const char *called_name(const struct marker *m)
{
	const struct abi_call *call = abi_find(m->abi, m->word);

	if (!call && has_prefix(m->word, "zx_"))
		call = abi_find(m->abi, m->word + strlen("zx_"));
	if (!call)
		return NULL;
	return call->base ? call->base->name : call->name;
}

/* @p is what follows the word. */
static enum word_kind classify(const struct marker *m, const char *p)
{
	if (has_prefix(p, "()") && called_name(m))
		return WORD_CALL;
	if (has_prefix(m->word, "ZX_"))
		return WORD_CONSTANT;
	if (has_suffix(m->word, "_t"))
		return WORD_TYPE;
	if (has_prefix(p, " field") && is_field(m->call, m->word))
		return WORD_ARG;
	if (!is_arg(m->call, m->word))
		return WORD_PLAIN;
	return reads_as_noun(m) ? WORD_NOUN : WORD_ARG;
}

static void next_word(struct marker *m, enum word_kind kind)
{
	free(m->prev2);
	m->prev2 = m->prev;
	m->prev2_kind = m->prev_kind;
	m->prev = m->word;
	m->prev_kind = kind;
	m->word = NULL;
}

/* Punctuation ends a clause; the apostrophe of "caller's" does not. */
static void end_clause(struct marker *m)
{
	m->word = text_copy("");
	next_word(m, WORD_PLAIN);
	m->word = text_copy("");
	next_word(m, WORD_PLAIN);
}

static void put_plain(FILE *out, const struct markup *markup, const char *s)
{
	while (*s)
		markup->plain(out, *s++);
}

/* Print the word at @p and tell where it ends. */
static const char *put_word(FILE *out, const struct markup *markup, struct marker *m, const char *p,
			    bool capital)
{
	size_t len = word_len(p);
	enum word_kind kind;
	const char *name;

	m->word = xstrndup(p, len);
	kind = classify(m, p + len);
	switch (kind) {
	case WORD_PLAIN:
	case WORD_NOUN:
		if (capital && *m->word >= 'a' && *m->word <= 'z')
			*m->word = (char)(*m->word - 'a' + 'A');
		put_plain(out, markup, m->word);
		break;
	case WORD_ARG:
		markup->arg(out, m->word);
		break;
	case WORD_CONSTANT:
		markup->constant(out, m->word);
		break;
	case WORD_TYPE:
		markup->type(out, m->word);
		break;
	case WORD_CALL:
		name = called_name(m);
		markup->call(out, name, strcmp(name, m->call->base ? m->call->base->name :
								     m->call->name) != 0);
		len += strlen("()");
		break;
	}
	next_word(m, kind);
	return p + len;
}

static void put_text(FILE *out, const struct markup *markup, const struct abi *abi,
		     const struct abi_call *call, const char *text, bool capital)
{
	struct marker m = { .abi = abi, .call = call };

	end_clause(&m);
	for (const char *p = text; *p; ) {
		if (is_word(*p)) {
			p = put_word(out, markup, &m, p, capital && p == text);
			continue;
		}
		if (*p != ' ' && *p != '-' && *p != '\'')
			end_clause(&m);
		markup->plain(out, *p++);
	}
	free(m.prev);
	free(m.prev2);
}

void markup_sentence(FILE *out, const struct markup *markup, const struct abi *abi,
		     const struct abi_call *call, const char *text)
{
	size_t len = strlen(text);

	put_text(out, markup, abi, call, text, true);
	if (!len || !strchr(".!?", text[len - 1]))
		markup->plain(out, '.');
}

void markup_text(FILE *out, const struct markup *markup, const struct abi *abi,
		 const struct abi_call *call, const char *text)
{
	put_text(out, markup, abi, call, text, false);
}
