/*
 * Markup for the plain text of definitions: names of arguments, constants, types and calls in a
 * sentence are found and set apart.
 */
#ifndef ABIGEN_MARKUP_H
#define ABIGEN_MARKUP_H

#include "abigen.h"

/* How a form of page sets words apart. */
struct markup {
	void (*arg)(FILE *out, const char *name);	/* an argument, or a field of one */
	void (*constant)(FILE *out, const char *name);
	void (*type)(FILE *out, const char *name);
	/* @other: another call than the one whose page this is. */
	void (*call)(FILE *out, const char *name, bool other);
	void (*plain)(FILE *out, char c);
};

/* Print @text, which belongs to the definition @call, as a sentence: capital, and full stop. */
void markup_sentence(FILE *out, const struct markup *markup, const struct abi *abi,
		     const struct abi_call *call, const char *text);

/* Print @text as it is but for the markup. */
void markup_text(FILE *out, const struct markup *markup, const struct abi *abi,
		 const struct abi_call *call, const char *text);

#endif
