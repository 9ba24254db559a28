#include "abigen.h"

#include <stdlib.h>
#include <string.h>

/* A build tool has nothing better to do without memory than to say so and stop. */
static void *must(void *p)
{
	if (!p) {
		fputs("abigen: out of memory\n", stderr);
		exit(1);
	}
	return p;
}

void *xcalloc(size_t n, size_t size)
{
	return must(calloc(n, size));
}

void *xrealloc(void *old, size_t size)
{
	return must(realloc(old, size));
}

/* Make room in @old for one element more than @n; grows in powers of two. */
void *xgrow(void *old, size_t n, size_t size)
{
	if (n & (n - 1))
		return old;
	return must(reallocarray(old, n ? 2 * n : 1, size));
}

char *xstrndup(const char *s, size_t n)
{
	return must(strndup(s, n));
}

void str_list_add(struct str_list *list, char *s)
{
	list->v = xgrow(list->v, list->n, sizeof(*list->v));
	list->v[list->n++] = s;
}

void str_list_free(struct str_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->v[i]);
	free(list->v);
}
