/*
 * The definitions as JSON. The members that Zircon's own tool wrote have its names, though texts
 * are strings here; docs/abigen.schema.json describes them all.
 */
#include "json.h"
#include "outputs.h"

#include <stdlib.h>
#include <string.h>

/* The words of a set of attributes. */
static void print_words(struct json *js, const char *const *words, size_t n, unsigned attrs)
{
	for (size_t i = 0; i < n; i++)
		if (attrs & (1u << i))
			json_string(js, NULL, words[i]);
}

/* Zircon's tool gave every call the word "*", which stands for all categories. */
static void print_call_words(struct json *js, const struct abi_call *call)
{
	json_open(js, "attributes", '[');
	json_string(js, NULL, "*");
	print_words(js, call_attr_words, ABI_CALL_ATTRS, call->attrs);
	for (size_t i = 0; i < call->categories.n; i++)
		json_string(js, NULL, call->categories.v[i]);
	json_close(js, ']');
}

static void print_arg_words(struct json *js, const struct abi_arg *arg)
{
	json_open(js, "attributes", '[');
	if (arg->dir != ABI_DIR_NONE)
		json_string(js, NULL, dir_words[arg->dir]);
	print_words(js, arg_attr_words, ABI_ARG_ATTRS, arg->attrs);
	json_close(js, ']');
}

static void print_length(struct json *js, const struct abi_arg *arg)
{
	if (!arg->factors[0].name) {
		json_number(js, "array_count", arg->factors[0].number);
		return;
	}
	json_open(js, "array_multipliers", '[');
	for (unsigned i = 0; i < arg->nfactors; i++)
		json_string(js, NULL, arg->factors[i].name);
	json_close(js, ']');
}

/* What `arg:` lines say. */
static void print_shown(struct json *js, const struct abi_call *call, const struct abi_arg *arg)
{
	static const char *const shown[] = {
		[ABI_SHOWN_FLAGS] = "flags",
		[ABI_SHOWN_ONE] = "one",
		[ABI_SHOWN_SIGNALS] = "signals",
	};

	if (arg->shown != ABI_SHOWN_BY_TYPE)
		json_string(js, "shown", shown[arg->shown]);
	if (arg->set)
		json_string(js, "set", arg->set);
	if (arg->filled)
		json_string(js, "filled", call->args[arg->filled - 1].name);
}

static void print_args(struct json *js, const struct abi_call *call)
{
	json_open(js, "arguments", '[');
	for (unsigned i = 0; i < call->nargs; i++) {
		const struct abi_arg *arg = &call->args[i];

		json_open(js, NULL, '{');
		json_string(js, "name", arg->name);
		json_string(js, "type", arg->type);
		json_bool(js, "is_array", arg->is_array);
		if (arg->is_array)
			print_length(js, arg);
		print_arg_words(js, arg);
		print_shown(js, call, arg);
		json_close(js, '}');
	}
	json_close(js, ']');
}

static void print_requirements(struct json *js, const struct abi_call *call)
{
	json_open(js, "requirements", '[');
	for (size_t i = 0; i < call->rights.n; i++)
		json_string(js, NULL, call->rights.v[i]);
	json_close(js, ']');
}

static void print_eras(struct json *js, const struct abi_call *call)
{
	json_open(js, "eras", '[');
	for (unsigned i = 0; i < call->neras; i++) {
		json_open(js, NULL, '{');
		json_string(js, "first", era_dates[call->eras[i].first]);
		json_string(js, "last", era_dates[call->eras[i].last]);
		json_close(js, '}');
	}
	json_close(js, ']');
}

static void print_error(struct json *js, const char *error)
{
	size_t len = strcspn(error, " \t");
	char *status = xstrndup(error, len);

	json_open(js, NULL, '{');
	json_string(js, "status", status);
	json_string(js, "when", error + len + strspn(error + len, " \t"));
	json_close(js, '}');
	free(status);
}

static void print_errors(struct json *js, const struct abi_call *call)
{
	json_open(js, "errors", '[');
	for (size_t i = 0; i < call->errors.n; i++)
		print_error(js, call->errors.v[i]);
	json_close(js, ']');
}

static void print_state(struct json *js, const struct abi_call *call)
{
	json_open(js, "state", '{');
	json_string(js, "kind", state_words[call->state]);
	if (call->state == ABI_STATE_REFUSED) {
		json_string(js, "status", call->refusal);
		json_string(js, "reason", call->reason);
	}
	json_close(js, '}');
}

/* What Zircon's tool does not know. */
static void print_additions(struct json *js, const struct abi_call *call)
{
	json_string(js, "where", where_words[call->where]);
	print_eras(js, call);
	print_errors(js, call);
	print_state(js, call);
	if (call->variant_of)
		json_string(js, "variant_of", call->variant_of);
	if (call->number >= 0)
		json_number(js, "number", (uint32_t)call->number);
}

static void print_call(struct json *js, const struct abi_call *call)
{
	json_open(js, NULL, '{');
	json_string(js, "name", call->name);
	print_call_words(js, call);
	json_lines(js, "top_description", call->description.v, call->description.n);
	print_requirements(js, call);
	print_args(js, call);
	json_string(js, "return_type", call->ret ? call->ret : "void");
	print_additions(js, call);
	json_close(js, '}');
}

void out_json(FILE *out, const struct abi *abi)
{
	struct json js = { .out = out };

	json_open(&js, NULL, '{');
	json_open(&js, "syscalls", '[');
	for (size_t i = 0; i < abi->ncalls; i++)
		print_call(&js, &abi->calls[i]);
	json_close(&js, ']');
	json_close(&js, '}');
}
