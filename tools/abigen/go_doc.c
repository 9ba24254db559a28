#include "go_doc.h"

#include <stdlib.h>
#include <string.h>

#include "go_names.h"
#include "utf8.h"

#define BYTE_ORDER_MARK	"\xef\xbb\xbf"

/* Go takes neither what is no UTF-8, nor a byte order mark; gofmt removes carriage returns. */
static bool is_plain(const char *s, unsigned len)
{
	return len && *s != '\r' && strncmp(s, BYTE_ORDER_MARK, 3);
}

static void print_text(FILE *out, const char *s)
{
	while (*s) {
		unsigned len = utf8_len(s);

		if (is_plain(s, len))
			fwrite(s, 1, len, out);
		else
			fputc('?', out);
		s += len ? len : 1;
	}
}

/*
 * @head stands in front of the first line. Without empty lines: what stands alone between them is
 * a headline to gofmt.
 */
static void print_lines(FILE *out, const char *head, const struct str_list *lines)
{
	for (size_t i = 0; i < lines->n; i++) {
		if (!*lines->v[i])
			continue;
		fputs(head, out);
		print_text(out, lines->v[i]);
		fputc('\n', out);
		head = "// ";
	}
}

static void print_errors(FILE *out, const struct str_list *errors)
{
	if (errors->n)
		fputs("//\n// Errors:\n", out);
	for (size_t i = 0; i < errors->n; i++) {
		size_t len = strcspn(errors->v[i], " \t");
		char *status = xstrndup(errors->v[i], len);
		char *name = go_status_name(status);

		fprintf(out, "//   - %s: ", name);
		print_text(out, errors->v[i] + len + strspn(errors->v[i] + len, " \t"));
		fputc('\n', out);
		free(name);
		free(status);
	}
}

void go_doc_print(FILE *out, const struct abi_call *call, const char *name)
{
	fprintf(out, "// %s makes the call zx_%s().\n", name, call->name);
	print_lines(out, "// ", &call->description);
	print_lines(out, "//\n// Rights: ", &call->rights);
	print_errors(out, &call->errors);
	if (call->attrs & ABI_CALL_DEPRECATED)
		fputs("//\n// Deprecated: it has a successor.\n", out);
}
