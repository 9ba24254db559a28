#include "inputs.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "files.h"

static bool read_file(struct inputs *inputs, struct diag *diag, const char *path, struct abi *abi)
{
	struct source *src = source_read(path);

	if (!src)
		return false;
	inputs->sources = xgrow(inputs->sources, inputs->n, sizeof(*inputs->sources));
	inputs->sources[inputs->n++] = src;
	parse_source(diag, src, abi);
	return true;
}

static int is_definitions(const struct dirent *entry)
{
	static const char suffix[] = ".abigen";
	size_t len = strlen(entry->d_name);

	return len >= sizeof(suffix) && entry->d_name[0] != '.' &&
	       !strcmp(entry->d_name + len - strlen(suffix), suffix);
}

/* The order must not depend on the locale, as messages come in it. */
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool read_folder(struct inputs *inputs, struct diag *diag, const char *path,
			struct abi *abi)
{
	struct dirent **entries;
	int n = scandir(path, &entries, is_definitions, by_bytes);
	bool ok = n > 0;

	if (n < 0)
		fprintf(stderr, "abigen: %s: %s\n", path, strerror(errno));
	else if (!n)
		fprintf(stderr, "abigen: %s: no file in this folder ends in .abigen\n", path);
	for (int i = 0; i < n; i++) {
		size_t len = strlen(path) + strlen(entries[i]->d_name) + 2;
		char *file = xcalloc(1, len);

		snprintf(file, len, "%s/%s", path, entries[i]->d_name);
		ok = ok && read_file(inputs, diag, file, abi);
		free(file);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	return ok;
}

bool inputs_read(struct inputs *inputs, struct diag *diag, const char *path, struct abi *abi)
{
	struct stat st;

	if (strcmp(path, "-") && !stat(path, &st) && S_ISDIR(st.st_mode))
		return read_folder(inputs, diag, path, abi);
	return read_file(inputs, diag, path, abi);
}

void inputs_free(struct inputs *inputs)
{
	for (size_t i = 0; i < inputs->n; i++)
		source_free(inputs->sources[i]);
	free(inputs->sources);
}
