/*
 * Bindings for Rust. The file is a module or a crate of its own, so it has no inner attributes; an
 * inner module carries what the whole needs.
 */
#include "out_rust.h"

#include <string.h>

#include "outputs.h"

/*
 * A declaration that is longer gets a line for each argument, as rustfmt has it; one that fills the
 * line gets its result below.
 */
#define LINE_WIDTH	100

bool rust_keyword(const char *word)
{
	static const char *const words[] = {
		"Self", "_", "abstract", "as", "async", "await", "become", "box", "break", "const",
		"continue", "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn",
		"for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
		"mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct",
		"super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
		"virtual", "where", "while", "yield",
	};

	return words_index(words, sizeof(words) / sizeof(words[0]), word) >= 0;
}

/* --- Documentation --- */

/* One line, with what Markdown would take for markup escaped. */
static void print_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("\\`*#[]<>", *text))
			fputc('\\', out);
		fputc((unsigned char)*text < ' ' ? ' ' : *text, out);
	}
}

static void print_description(FILE *out, const struct str_list *lines)
{
	for (size_t i = 0; i < lines->n; i++) {
		fprintf(out, "        ///%s", *lines->v[i] ? " " : "");
		print_text(out, lines->v[i]);
		fputc('\n', out);
	}
}

static void print_rights(FILE *out, const struct str_list *lines)
{
	for (size_t i = 0; i < lines->n; i++) {
		fputs("        /// - ", out);
		print_text(out, lines->v[i]);
		fputc('\n', out);
	}
}

static void print_errors(FILE *out, const struct str_list *errors)
{
	for (size_t i = 0; i < errors->n; i++) {
		const char *error = errors->v[i];
		size_t len = strcspn(error, " \t");

		fprintf(out, "        /// - `%.*s`: ", (int)len, error);
		print_text(out, error + len + strspn(error + len, " \t"));
		fputc('\n', out);
	}
}

static void print_title(FILE *out, const char *title, bool *first)
{
	fprintf(out, "%s        /// # %s\n", *first ? "" : "        ///\n", title);
	*first = false;
}

static void print_doc(FILE *out, const struct abi_call *call)
{
	bool first = !call->description.n;

	print_description(out, &call->description);
	if (call->rights.n) {
		print_title(out, "Rights", &first);
		print_rights(out, &call->rights);
	}
	if (call->errors.n) {
		print_title(out, "Errors", &first);
		print_errors(out, &call->errors);
	}
}

/* --- Declarations --- */

static bool has_arg(const struct abi_call *call, const char *name, size_t len, unsigned underscores)
{
	for (unsigned i = 0; i < call->nargs; i++) {
		const char *other = call->args[i].name;

		if (!strncmp(other, name, len) && strspn(other + len, "_") == underscores &&
		    !other[len + underscores])
			return true;
	}
	return false;
}

/* Underscores that make a name of an argument one that Rust accepts and no other argument has. */
static unsigned underscores_of(const struct abi_call *call, const char *name)
{
	unsigned n = 0;

	if (!rust_keyword(name))
		return 0;
	while (has_arg(call, name, strlen(name), n))
		n++;
	return n;
}

static void print_arg(FILE *out, const struct abi_call *call, const struct abi_arg *arg)
{
	struct rust_type type = rust_arg_type(arg);

	fputs(arg->name, out);
	for (unsigned n = underscores_of(call, arg->name); n; n--)
		fputc('_', out);
	fprintf(out, ": %s%s", type.pointer, type.name);
}

static size_t args_width(const struct abi_call *call)
{
	size_t width = 0;

	for (unsigned i = 0; i < call->nargs; i++) {
		const struct abi_arg *arg = &call->args[i];
		struct rust_type type = rust_arg_type(arg);

		width += strlen(arg->name) + underscores_of(call, arg->name) + strlen(": ") +
			 strlen(type.pointer) + strlen(type.name) + (i ? strlen(", ") : 0);
	}
	return width;
}

static void print_call(FILE *out, const struct abi_call *call)
{
	struct rust_type ret = rust_ret_type(call);
	size_t width = strlen("        pub fn zx_();") + strlen(call->name) + args_width(call);
	bool broken;

	if (ret.name)
		width += strlen(" -> ") + strlen(ret.pointer) + strlen(ret.name);
	broken = call->nargs && width > LINE_WIDTH;
	print_doc(out, call);
	if (call->attrs & ABI_CALL_DEPRECATED)
		fputs("        #[deprecated]\n", out);
	fprintf(out, "        pub fn zx_%s(%s", call->name, broken ? "\n" : "");
	for (unsigned i = 0; i < call->nargs; i++) {
		fputs(broken ? "            " : i ? ", " : "", out);
		print_arg(out, call, &call->args[i]);
		fputs(broken ? ",\n" : "", out);
	}
	fputs(broken ? "        )" : ")", out);
	if (ret.name)
		fprintf(out, "%s -> %s%s", width == LINE_WIDTH ? "\n           " : "", ret.pointer,
			ret.name);
	fputs(";\n", out);
}

void out_rust(FILE *out, const struct abi *abi)
{
	bool first = true;

	fputs("// Made by abigen from definitions of calls. Changes belong there.\n"
	      "//\n"
	      "// Names are those of C. A char is a u8, and a text that a call returns ends with a "
	      "zero byte.\n\n"
	      "#[allow(unused_imports)]\n"
	      "pub use bindings::*;\n\n"
	      "#[allow(dead_code, non_camel_case_types, non_snake_case)]\n"
	      "mod bindings {\n", out);
	rust_print_types(out, abi);
	fputs("    #[link(name = \"zircon\")]\n"
	      "    extern \"C\" {\n", out);
	for (size_t i = 0; i < abi->ncalls; i++) {
		if (!call_public(&abi->calls[i]))
			continue;
		if (!first)
			fputc('\n', out);
		print_call(out, &abi->calls[i]);
		first = false;
	}
	fputs("    }\n"
	      "}\n", out);
}
