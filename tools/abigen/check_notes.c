/* The `arg:` lines of a call: each is taken to the argument that it is about. */
#include "check.h"

#include <ctype.h>
#include <string.h>

#include "types.h"

static struct abi_arg *find_arg(struct abi_call *call, const char *name)
{
	for (unsigned i = 0; i < call->nargs; i++)
		if (!strcmp(call->args[i].name, name))
			return &call->args[i];
	return NULL;
}

/* A word that can be a C identifier. */
static bool is_set_name(const char *name)
{
	for (const char *p = name; *p; p++)
		if (!isalnum((unsigned char)*p) && *p != '_')
			return false;
	return *name && !isdigit((unsigned char)*name);
}

static bool is_plain_number(const struct abi_arg *arg)
{
	const struct type_info *info = type_find(arg->type);

	return info && info->kind == TYPE_UINT &&
	       (info->meaning == MEANS_NUMBER || info->meaning == MEANS_SIZE);
}

static void apply_shown(struct diag *diag, const struct abi_arg_note *note, struct abi_arg *arg,
			enum abi_shown shown)
{
	bool wants_set = shown != ABI_SHOWN_SIGNALS;

	if (!is_plain_number(arg))
		diag_error(diag, note->pos, "'%s' is of type %s, which is shown in a way of its own",
			   arg->name, arg->type);
	else if (arg->shown != ABI_SHOWN_BY_TYPE)
		diag_error(diag, note->pos, "how '%s' is shown is said twice", arg->name);
	else if (wants_set && (!note->object || !is_set_name(note->object)))
		diag_error(diag, note->pos, "of which set are the names of '%s'?", arg->name);
	else if (!wants_set && note->object)
		diag_error(diag, note->pos, "'signals' stands alone");
	arg->shown = shown;
	arg->set = note->object;
}

static void apply_filled(struct diag *diag, const struct abi_arg_note *note,
			 struct abi_call *call, struct abi_arg *arg)
{
	struct abi_arg *by = note->object ? find_arg(call, note->object) : NULL;

	if (arg->dir != ABI_DIR_OUT && arg->dir != ABI_DIR_INOUT)
		diag_error(diag, note->pos, "'%s' is not written", arg->name);
	else if (!by || by->dir == ABI_DIR_NONE || by->dir == ABI_DIR_IN ||
		 !is_plain_number(by))
		diag_error(diag, note->pos, "which result tells how much of '%s' was written?",
			   arg->name);
	else if (arg->filled)
		diag_error(diag, note->pos, "what fills '%s' is said twice", arg->name);
	else
		arg->filled = 1 + (unsigned)(by - call->args);
}

static void apply(struct diag *diag, const struct abi_arg_note *note, struct abi_call *call)
{
	static const char *const shown[] = { "flags", "one", "signals" };
	struct abi_arg *arg = find_arg(call, note->arg);
	int verb = words_index(shown, 3, note->verb);

	if (!arg)
		diag_error(diag, note->pos, "'%s' has no argument '%s'", call->name, note->arg);
	else if (verb >= 0)
		apply_shown(diag, note, arg, ABI_SHOWN_FLAGS + (enum abi_shown)verb);
	else if (!strcmp(note->verb, "filled"))
		apply_filled(diag, note, call, arg);
	else
		diag_error(diag, note->pos,
			   "an argument is 'flags', 'one', 'signals' or 'filled', not '%s'",
			   note->verb);
}

void check_notes(struct diag *diag, struct abi_call *call)
{
	for (size_t i = 0; i < call->narg_notes; i++)
		if (call->arg_notes[i].verb)
			apply(diag, &call->arg_notes[i], call);
}
