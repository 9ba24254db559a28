/* Documentation lines: #^ description, #! rights, #@ key: value. */
#include "parse.h"
#include "statuses.h"

#include <stdlib.h>
#include <string.h>

/* A `#@` line being read: @p is what is left of its value. */
struct note {
	struct diag *diag;
	struct pos start;	/* of the value's first character */
	const char *text;	/* the value, a copy */
	const char *p;
};

typedef void note_fn(struct note *note, struct abi_call *call);

static struct pos note_pos(const struct note *note, const char *p)
{
	struct pos pos = note->start;

	pos.col += (unsigned)(p - note->text);
	return pos;
}

/* The next word of the value, ended by a blank or one of @stops; NULL when there is none. */
static char *note_word(struct note *note, const char *stops)
{
	char ends[8];
	size_t len;
	char *word;

	snprintf(ends, sizeof(ends), " \t%s", stops);
	note->p += strspn(note->p, " \t");
	len = strcspn(note->p, ends);
	if (!len)
		return NULL;
	word = xstrndup(note->p, len);
	note->p += len;
	return word;
}

static bool note_ends(struct note *note)
{
	note->p += strspn(note->p, " \t");
	if (!*note->p)
		return true;
	diag_error(note->diag, note_pos(note, note->p), "unexpected '%s'", note->p);
	return false;
}

static void note_where(struct note *note, struct abi_call *call)
{
	const char *at = note->p;
	char *word = note_word(note, "");
	int i = word ? words_index(where_words, 3, word) : -1;

	if (i < 0)
		diag_error(note->diag, note_pos(note, at),
			   "a call runs in 'core', 'vdso' or 'host'");
	else if (note_ends(note))
		call->where = (enum abi_where)i;
	free(word);
}

/* One date of a range. False after an error. */
static bool note_era(struct note *note, enum era *era)
{
	const char *at;
	char *word;
	int i;

	note->p += strspn(note->p, " \t");
	at = note->p;
	word = note_word(note, ".,");
	i = word ? words_index(era_dates, ERA_COUNT, word) : -1;
	if (!word)
		diag_error(note->diag, note_pos(note, at), "expected an era (2018-07 ... newest)");
	else if (i < 0)
		diag_error(note->diag, note_pos(note, at), "'%s' is no era (2018-07 ... newest)",
			   word);
	else
		*era = (enum era)i;
	free(word);
	return i >= 0;
}

static bool note_era_range(struct note *note, struct era_range *range)
{
	const char *at = note->p + strspn(note->p, " \t");

	if (!note_era(note, &range->first))
		return false;
	range->last = range->first;
	if (!strncmp(note->p, "..", 2)) {
		note->p += 2;
		if (!note_era(note, &range->last))
			return false;
		if (range->last <= range->first) {
			diag_error(note->diag, note_pos(note, at),
				   "a range of eras goes from the older to the newer");
			return false;
		}
	}
	return true;
}

static void note_eras(struct note *note, struct abi_call *call)
{
	call->eras_pos = note_pos(note, note->p);
	for (;;) {
		const char *at = note->p + strspn(note->p, " \t");
		struct era_range range;

		if (call->neras == ABI_MAX_RANGES) {
			diag_error(note->diag, note_pos(note, at), "more than %d ranges of eras",
				   ABI_MAX_RANGES);
			return;
		}
		if (!note_era_range(note, &range))
			return;
		if (call->neras && range.first <= call->eras[call->neras - 1].last + 1) {
			diag_error(note->diag, note_pos(note, at),
				   "ranges of eras stand in order, with a gap between them");
			return;
		}
		call->eras[call->neras++] = range;
		note->p += strspn(note->p, " \t");
		if (*note->p != ',')
			break;
		note->p++;
	}
	note_ends(note);
}

/* The name of a status at the head of a value; NULL after an error. */
static char *note_status(struct note *note)
{
	const char *at = note->p + strspn(note->p, " \t");
	char *word = note_word(note, "");

	if (word && status_known(word))
		return word;
	if (word)
		diag_error(note->diag, note_pos(note, at), "'%s' is no ZX_ERR_ status", word);
	else
		diag_error(note->diag, note_pos(note, at), "expected a ZX_ERR_ status");
	free(word);
	return NULL;
}

static void note_error(struct note *note, struct abi_call *call)
{
	char *status = note_status(note);

	if (!status)
		return;
	note->p += strspn(note->p, " \t");
	if (!*note->p)
		diag_error(note->diag, note_pos(note, note->p), "when does it give %s?", status);
	else
		str_list_add(&call->errors, xstrndup(note->text, strlen(note->text)));
	free(status);
}

static void note_state(struct note *note, struct abi_call *call)
{
	const char *at = note->p;
	char *word = note_word(note, "");
	int i = word ? words_index(state_words, 3, word) : -1;

	free(word);
	call->state_pos = note_pos(note, at);
	if (i < 0) {
		diag_error(note->diag, call->state_pos,
			   "a call is 'implemented', 'missing' or 'refused ZX_ERR_xxx reason'");
		return;
	}
	call->state = (enum abi_state)i;
	if (call->state != ABI_STATE_REFUSED) {
		note_ends(note);
		return;
	}
	call->refusal = note_status(note);
	if (!call->refusal)
		return;
	note->p += strspn(note->p, " \t");
	if (!*note->p)
		diag_error(note->diag, note_pos(note, note->p), "why is the call refused?");
	call->reason = xstrndup(note->p, strlen(note->p));
}

static void note_checks(struct note *note, struct abi_call *call)
{
	const char *at = note->p;
	char *word = note_word(note, "");

	call->checks_pos = note_pos(note, at);
	call->own_checks = word && !strcmp(word, "own");
	if (!call->own_checks)
		diag_error(note->diag, call->checks_pos, "a refused call's checks are 'own', if any");
	else
		note_ends(note);
	free(word);
}

/* `NAME flags SET`, `NAME one SET`, `NAME signals`, `NAME filled ARGUMENT`: check.c has the rest. */
static void note_arg(struct note *note, struct abi_call *call)
{
	struct abi_arg_note *new;

	call->arg_notes = xgrow(call->arg_notes, call->narg_notes, sizeof(*new));
	new = &call->arg_notes[call->narg_notes++];
	*new = (struct abi_arg_note){ .pos = note_pos(note, note->p) };
	new->arg = note_word(note, "");
	new->verb = new->arg ? note_word(note, "") : NULL;
	new->object = new->verb ? note_word(note, "") : NULL;
	if (new->verb)
		note_ends(note);
	else
		diag_error(note->diag, new->pos,
			   "which argument, and is it 'flags', 'one', 'signals' or 'filled'?");
}

static void note_variant(struct note *note, struct abi_call *call)
{
	call->variant_pos = note_pos(note, note->p);
	call->variant_of = note_word(note, "");
	if (!call->variant_of)
		diag_error(note->diag, call->variant_pos, "of which call is this a variant?");
	else
		note_ends(note);
}

static const struct note_key {
	const char *key;
	note_fn *fn;
	bool repeatable;
} note_keys[] = {
	{ "where", note_where, false },
	{ "eras", note_eras, false },
	{ "error", note_error, true },
	{ "state", note_state, false },
	{ "checks", note_checks, false },
	{ "arg", note_arg, true },
	{ "variant", note_variant, false },
};

#define NKEYS	(sizeof(note_keys) / sizeof(note_keys[0]))

static size_t find_key(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < NKEYS; i++)
		if (strlen(note_keys[i].key) == len && !memcmp(note_keys[i].key, text, len))
			break;
	return i;
}

static void apply_note(struct diag *diag, const struct token *tok, struct abi_call *call,
		       unsigned *seen)
{
	const char *colon = memchr(tok->text, ':', tok->len);
	size_t key_len = colon ? (size_t)(colon - tok->text) : tok->len;
	size_t key = find_key(tok->text, key_len);
	size_t skip = key_len + 1;
	struct note note = { .diag = diag, .start = tok->pos };

	if (!colon || key == NKEYS) {
		diag_error(diag, tok->pos,
			   "expected 'where:', 'eras:', 'error:', 'state:', 'checks:', 'arg:' "
			   "or 'variant:'");
		return;
	}
	if ((*seen & (1u << key)) && !note_keys[key].repeatable) {
		diag_error(diag, tok->pos, "'%s:' given twice", note_keys[key].key);
		return;
	}
	*seen |= 1u << key;
	while (skip < tok->len && (tok->text[skip] == ' ' || tok->text[skip] == '\t'))
		skip++;
	note.start.col += (unsigned)skip;
	note.text = xstrndup(tok->text + skip, tok->len - skip);
	note.p = note.text;
	note_keys[key].fn(&note, call);
	free((char *)note.text);
}

/* A line of description or rights. It goes into comments of C. */
static void add_text(struct diag *diag, const struct token *tok, struct str_list *list)
{
	static const char *const marks[] = { "/*", "*/" };
	char *text = xstrndup(tok->text, tok->len);

	for (unsigned i = 0; i < 2; i++) {
		const char *at = strstr(text, marks[i]);
		struct pos pos = tok->pos;

		if (!at)
			continue;
		pos.col += (unsigned)(at - text);
		diag_error(diag, pos, "'%s' cannot stand in a comment of the C header", marks[i]);
	}
	str_list_add(list, text);
}

void notes_apply(struct diag *diag, struct pending *docs, struct abi_call *call)
{
	unsigned seen = 0;

	for (size_t i = 0; i < docs->n; i++) {
		const struct token *tok = &docs->v[i];

		if (tok->kind == TOK_NOTE)
			apply_note(diag, tok, call, &seen);
		else
			add_text(diag, tok, tok->kind == TOK_RIGHTS ? &call->rights :
								      &call->description);
	}
	docs->n = 0;
}
