/*
 * Names of Rust, in its "v0" form (RFC 2603), as a person would write them: without the hashes that
 * tell crates and instances apart. A name may be anything: steps, depth and text have a limit, and
 * what is no such name is told so.
 */
#include <stdlib.h>
#include <string.h>

#include "compat/crash/names.h"
#include "compat/crash/rust_reader.h"

static void path(struct rust_name *d, bool is_value);
static void type(struct rust_name *d);
static void constant(struct rust_name *d);

/* Goes to what stands earlier in the name, and has @part read that. */
static void back_reference(struct rust_name *d, void (*part)(struct rust_name *d))
{
	size_t begin = d->at - 1;
	uint64_t target = rust__base_62(d);
	size_t back = d->at;

	if (target >= begin)
		d->failed = true;
	/* What is not shown need not be read again. */
	if (d->failed || d->silent)
		return;
	d->at = (size_t)target;
	part(d);
	d->at = back;
}

/* --- Paths --- */

/* A name in a namespace: of closures and the like, which have none, the number. */
static void nested(struct rust_name *d, bool is_value)
{
	char space = rust__next(d);
	const char *bytes;
	uint64_t number;
	bool encoded;
	size_t size;

	path(d, is_value);
	number = rust__optional_base_62(d, 's');
	size = rust__identifier(d, &bytes, &encoded);
	if (space >= 'A' && space <= 'Z') {
		rust__add(d, space == 'C' ? "::{closure" : space == 'S' ? "::{shim" : "::{");
		if (space != 'C' && space != 'S')
			rust__add_bytes(d, &space, 1);
		rust__add(d, size ? ":" : "");
		rust__add_identifier(d, bytes, size, encoded);
		rust__add_number(d, "#%llu}", number);
	} else if (size) {
		rust__add(d, "::");
		rust__add_identifier(d, bytes, size, encoded);
	}
}

/* Where an implementation stands says nothing that its type does not. */
static void implementation_path(struct rust_name *d)
{
	rust__optional_base_62(d, 's');
	d->silent++;
	path(d, false);
	d->silent--;
}

static void generic_argument(struct rust_name *d)
{
	if (rust__take(d, 'L')) {
		rust__base_62(d);
		rust__add(d, "'_");
	} else if (rust__take(d, 'K')) {
		constant(d);
	} else {
		type(d);
	}
}

static void generic_arguments(struct rust_name *d)
{
	for (bool first = true; !d->failed && !rust__take(d, 'E'); first = false) {
		rust__add(d, first ? "" : ", ");
		generic_argument(d);
	}
}

static void path_of_type(struct rust_name *d)
{
	path(d, false);
}

static void path_of_value(struct rust_name *d)
{
	path(d, true);
}

static void path_inside(struct rust_name *d, bool is_value)
{
	char tag = rust__next(d);

	switch (tag) {
	case 'C':
		rust__optional_base_62(d, 's');
		rust__plain_identifier(d);
		break;
	case 'N':
		nested(d, is_value);
		break;
	case 'M':
	case 'X':
		implementation_path(d);
		/* fallthrough */
	case 'Y':
		rust__add(d, "<");
		type(d);
		if (tag != 'M') {
			rust__add(d, " as ");
			path(d, false);
		}
		rust__add(d, ">");
		break;
	case 'I':
		path(d, is_value);
		rust__add(d, is_value ? "::<" : "<");
		generic_arguments(d);
		rust__add(d, ">");
		break;
	case 'B':
		back_reference(d, is_value ? path_of_value : path_of_type);
		break;
	default:
		d->failed = true;
	}
}

/* @is_value: in a type, arguments follow the name without "::". */
static void path(struct rust_name *d, bool is_value)
{
	if (rust__enter(d))
		path_inside(d, is_value);
	rust__leave(d);
}

/* --- Types --- */

static const char *basic_type(char tag)
{
	static const char *const names[26] = {
		"i8", "bool", "char", "f64", "str", "f32", NULL, "u8", "isize", "usize", NULL,
		"i32", "u32", "i128", "u128", "_", NULL, NULL, "i16", "u16", "()", "...",
		NULL, "i64", "u64", "!",
	};

	return tag >= 'a' && tag <= 'z' ? names[tag - 'a'] : NULL;
}

static void lifetime(struct rust_name *d)
{
	if (rust__take(d, 'L') && rust__base_62(d))
		rust__add(d, "'_ ");
}

static void tuple(struct rust_name *d)
{
	unsigned int count = 0;

	rust__add(d, "(");
	for (; !d->failed && !rust__take(d, 'E'); count++) {
		rust__add(d, count ? ", " : "");
		type(d);
	}
	rust__add(d, count == 1 ? ",)" : ")");
}

static void function(struct rust_name *d)
{
	rust__optional_base_62(d, 'G');
	rust__add(d, rust__take(d, 'U') ? "unsafe " : "");
	if (rust__take(d, 'K')) {
		rust__add(d, "extern \"");
		if (rust__take(d, 'C'))
			rust__add(d, "C");
		else
			rust__plain_identifier(d);
		rust__add(d, "\" ");
	}
	rust__add(d, "fn(");
	generic_arguments(d);
	rust__add(d, ")");
	if (rust__take(d, 'u'))
		return;
	rust__add(d, " -> ");
	type(d);
}

/* A path the arguments of which go on, where it has some; @open says whether. */
static void open_path(struct rust_name *d, bool *open)
{
	size_t begin = d->at;
	size_t back;
	uint64_t target;

	if (rust__take(d, 'I')) {
		path(d, false);
		rust__add(d, "<");
		generic_arguments(d);
		*open = true;
	} else if (!d->silent && rust__take(d, 'B')) {
		target = rust__base_62(d);
		back = d->at;
		if (target >= begin)
			d->failed = true;
		d->at = (size_t)target;
		if (rust__enter(d))
			open_path(d, open);
		rust__leave(d);
		d->at = back;
	} else {
		path(d, false);
	}
}

static void trait(struct rust_name *d)
{
	bool open = false;

	open_path(d, &open);
	while (rust__take(d, 'p')) {
		rust__add(d, open ? ", " : "<");
		open = true;
		rust__plain_identifier(d);
		rust__add(d, " = ");
		type(d);
	}
	rust__add(d, open ? ">" : "");
}

static void trait_object(struct rust_name *d)
{
	rust__add(d, "dyn ");
	rust__optional_base_62(d, 'G');
	for (bool first = true; !d->failed && !rust__take(d, 'E'); first = false) {
		rust__add(d, first ? "" : " + ");
		trait(d);
	}
	if (rust__take(d, 'L') && rust__base_62(d))
		rust__add(d, " + '_");
}

static void type_inside(struct rust_name *d)
{
	char tag = rust__peek(d);
	const char *basic = basic_type(tag);

	if (basic) {
		rust__next(d);
		rust__add(d, basic);
		return;
	}
	if (!strchr("ASTRQPOFDB", tag) || !tag) {
		path(d, false);
		return;
	}
	switch (rust__next(d)) {
	case 'A':
		rust__add(d, "[");
		type(d);
		rust__add(d, "; ");
		constant(d);
		rust__add(d, "]");
		break;
	case 'S':
		rust__add(d, "[");
		type(d);
		rust__add(d, "]");
		break;
	case 'T':
		tuple(d);
		break;
	case 'R':
		rust__add(d, "&");
		lifetime(d);
		type(d);
		break;
	case 'Q':
		rust__add(d, "&");
		lifetime(d);
		rust__add(d, "mut ");
		type(d);
		break;
	case 'P':
		rust__add(d, "*const ");
		type(d);
		break;
	case 'O':
		rust__add(d, "*mut ");
		type(d);
		break;
	case 'F':
		function(d);
		break;
	case 'D':
		trait_object(d);
		break;
	default:
		back_reference(d, type);
	}
}

static void type(struct rust_name *d)
{
	if (rust__enter(d))
		type_inside(d);
	rust__leave(d);
}

/* Hexadecimal digits up to a "_", as the type in front of them means them. */
static void constant_value(struct rust_name *d, char tag)
{
	bool negative = rust__take(d, 'n');
	size_t begin = d->at;
	uint64_t value = 0;

	while (rust__peek(d) && rust__peek(d) != '_') {
		int digit = rust__digit(rust__next(d));

		if (digit < 0 || digit > 15)
			d->failed = true;
		value = value << 4 | (uint64_t)(digit & 15);
	}
	if (tag == 'b')
		rust__add(d, value ? "true" : "false");
	else if (d->at - begin > 16)
		rust__add_bytes(d, "_", 1);
	else
		rust__add_number(d, negative ? "-%llu" : "%llu", value);
	rust__next(d);
}

static void constant_inside(struct rust_name *d)
{
	char tag;

	if (rust__take(d, 'p')) {
		rust__add(d, "_");
	} else if (rust__take(d, 'B')) {
		back_reference(d, constant);
	} else {
		tag = rust__next(d);
		if (!basic_type(tag))
			d->failed = true;
		constant_value(d, tag);
	}
}

static void constant(struct rust_name *d)
{
	if (rust__enter(d))
		constant_inside(d);
	rust__leave(d);
}

static bool at_end(const struct rust_name *d)
{
	char c = d->name[d->at];

	/* Linkers and compilers append words with these. */
	return !c || c == '.' || c == '$';
}

char *rust__readable(const char *name)
{
	struct rust_name *d;
	char *text = NULL;

	if (strncmp(name, "_R", 2) || strlen(name) > RUST_TEXT_SIZE * 4)
		return NULL;
	d = calloc(1, sizeof(*d));
	if (!d)
		return NULL;
	d->name = name + 2;
	path(d, true);
	/* The crate that made the instance says nothing to a reader. */
	if (!d->failed && !at_end(d)) {
		d->silent++;
		path(d, false);
	}
	if (d->full)
		strcat(d->text, "...");
	if (d->full || (!d->failed && at_end(d)))
		text = strdup(d->text);
	free(d);
	return text;
}
