/* Reference pages in Markdown: their sections, and what abigen writes into them. */
#ifndef ABIGEN_PAGE_MD_H
#define ABIGEN_PAGE_MD_H

#include "abigen.h"

/* Lines that tell what is generated. They are those of Zircon's own tool, whose pages are read. */
#define MD_MARKER	"<!-- Updated by update-docs-from-abigen, do not edit. -->"
#define MD_REFERENCES	"<!-- References updated by update-docs-from-abigen, do not edit. -->"

enum md_owner {
	MD_PEOPLE,	/* written once, with a new page, and then left to people */
	MD_DEFINITION,	/* always follows the definition; a page must have it */
	MD_MARKED,	/* follows the definition where it has the marker */
};

struct md_section {
	const char *heading;
	enum md_owner owner;
	/*
	 * Write what stands below the heading and the marker, ending with a newline. Nothing is
	 * written when there is nothing to say in a new page.
	 */
	void (*write)(FILE *out, const struct abi *abi, const struct abi_call *call);
	/* False when the definition says nothing for the section, which is then left alone. */
	bool (*known)(const struct abi_call *call);
};

extern const struct md_section md_sections[];
extern const size_t nmd_sections;

/* Write the whole of a new page but the references at its end. */
void md_write_page(FILE *out, const struct abi *abi, const struct abi_call *call);

#endif
