/* Rules about names and types: words that mean something else to C would break its header. */
#include "check.h"

#include <string.h>

#include "types.h"

/* Of C11 and of C++17, with what later standards and GNU C added. */
static const char *const keywords[] = {
	"alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break",
	"case", "catch", "char", "char16_t", "char32_t", "char8_t", "class", "co_await",
	"co_return", "co_yield", "compl", "concept", "const", "const_cast", "consteval",
	"constexpr", "constinit", "continue", "decltype", "default", "delete", "do", "double",
	"dynamic_cast", "else", "enum", "explicit", "export", "extern", "false", "float", "for",
	"friend", "goto", "if", "inline", "int", "long", "mutable", "namespace", "new", "noexcept",
	"not", "not_eq", "nullptr", "operator", "or", "or_eq", "private", "protected", "public",
	"register", "reinterpret_cast", "requires", "restrict", "return", "short", "signed",
	"sizeof", "static", "static_assert", "static_cast", "struct", "switch", "template", "this",
	"thread_local", "throw", "true", "try", "typedef", "typeid", "typename", "typeof", "union",
	"unsigned", "using", "virtual", "void", "volatile", "wchar_t", "while", "xor", "xor_eq",
};

#define NKEYWORDS	(sizeof(keywords) / sizeof(keywords[0]))

static bool is_keyword(const char *name)
{
	return words_index(keywords, NKEYWORDS, name) >= 0;
}

/*
 * Keywords that name types stand in the table of types, but for those of floating-point numbers and
 * those whose size depends on the machine.
 */
static bool is_type(const char *name)
{
	return strcmp(name, "string") && (type_find(name) || !is_keyword(name));
}

static bool is_type_in(const struct abi_call *call, const char *name)
{
	for (unsigned i = 0; i < call->nargs; i++)
		if (!strcmp(call->args[i].type, name))
			return true;
	return false;
}

static void check_arg(struct diag *diag, const struct abi_call *call, const struct abi_arg *arg)
{
	if (is_keyword(arg->name))
		diag_error(diag, arg->pos, "'%s' is a keyword of C or C++", arg->name);
	else if (is_type_in(call, arg->name))
		diag_error(diag, arg->pos, "argument '%s' would hide the type of that name",
			   arg->name);
	if (!is_type(arg->type))
		diag_error(diag, arg->pos, "'%s' is of type '%s', which no argument can have",
			   arg->name, arg->type);
}

static void check_result(struct diag *diag, const struct abi_call *call)
{
	bool string = !strcmp(call->ret, "string");

	if (!strcmp(call->ret, "void"))
		diag_error(diag, call->pos, "'%s' returns nothing, which is 'returns ()'",
			   call->name);
	else if (string && call->where != ABI_WHERE_VDSO)
		diag_error(diag, call->pos,
			   "'%s' is no call of the vDSO, so it cannot return a string",
			   call->name);
	else if (!string && (!is_type(call->ret) || !strcmp(call->ret, "any")))
		diag_error(diag, call->pos, "'%s' returns '%s', which no call can", call->name,
			   call->ret);
}

void check_names(struct diag *diag, const struct abi_call *call)
{
	for (unsigned i = 0; i < call->nargs; i++)
		check_arg(diag, call, &call->args[i]);
	if (call->ret)
		check_result(diag, call);
}
