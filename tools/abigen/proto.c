#include "proto.h"

#include <string.h>

#define MAX_WIDTH	80
#define INDENT		4

/* With so many arguments one line of its own for all of them is preferred to a line for each. */
#define MANY_ARGS	5

/* How wide the parts of a prototype are. */
struct widths {
	size_t head;	/* up to and with the parenthesis */
	size_t all;	/* of the arguments in one line */
	size_t longest;	/* of an argument with what follows it */
};

static const char *ret_type(const struct abi_call *call)
{
	const char *ret = call_ret_type(call);

	return strcmp(ret, "const char *") ? ret : "const char*";
}

static const char *head_word(const struct abi_call *call)
{
	return call->attrs & ABI_CALL_NORETURN ? "[[noreturn]] " : "";
}

static const char *arg_word(const struct abi_arg *arg)
{
	return arg->dir == ABI_DIR_IN ? "const " : "";
}

static const char *arg_type(const struct abi_arg *arg)
{
	return strcmp(arg->type, "any") ? arg->type : "void";
}

static void print_arg(FILE *out, const struct abi_arg *arg)
{
	fprintf(out, "%s%s%s %s", arg_word(arg), arg_type(arg), arg->is_array ? "*" : "",
		arg->name);
}

/* @indent below zero is for arguments that share a line. */
static void print_args(FILE *out, const struct abi_call *call, int indent)
{
	for (unsigned i = 0; i < call->nargs; i++) {
		if (i && indent < 0)
			fputs(", ", out);
		else if (i)
			fprintf(out, ",\n%*s", indent, "");
		print_arg(out, &call->args[i]);
	}
}

static struct widths measure(const struct abi_call *call, const char *name)
{
	struct widths widths = {
		.head = strlen(head_word(call)) + strlen(ret_type(call)) + strlen(" zx_(") +
			strlen(name),
	};

	for (unsigned i = 0; i < call->nargs; i++) {
		const struct abi_arg *arg = &call->args[i];
		bool last = i + 1 == call->nargs;
		size_t width = strlen(arg_word(arg)) + strlen(arg_type(arg)) +
			       (arg->is_array ? 1 : 0) + strlen(" ") + strlen(arg->name);

		widths.all += width + (last ? 0 : strlen(", "));
		width += strlen(last ? ");" : ",");
		if (width > widths.longest)
			widths.longest = width;
	}
	return widths;
}

void proto_print(FILE *out, const struct abi_call *call, const char *name)
{
	struct widths widths = measure(call, name);
	bool in_line = widths.head + widths.all + strlen(");") <= MAX_WIDTH;
	bool below = INDENT + widths.all + strlen(");") <= MAX_WIDTH;
	bool aligned = widths.head + widths.longest <= MAX_WIDTH;

	fprintf(out, "%s%s zx_%s(", head_word(call), ret_type(call), name);
	if (!call->nargs) {
		fputs("void", out);
	} else if (in_line) {
		print_args(out, call, -1);
	} else if (below && (!aligned || call->nargs >= MANY_ARGS)) {
		fprintf(out, "\n%*s", INDENT, "");
		print_args(out, call, -1);
	} else if (aligned) {
		print_args(out, call, (int)widths.head);
	} else {
		fprintf(out, "\n%*s", INDENT, "");
		print_args(out, call, INDENT);
	}
	fputs(");\n", out);
}
