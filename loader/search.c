#include "loader/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int no_memory(struct error *error)
{
	return error__set(error, EXIT_ZXRUN, "out of memory while looking for libraries");
}

/* Adds "@dir/@below" unless it is there; @below may be empty. */
static int add_dir(struct search *search, const char *dir, size_t dir_len, const char *below,
		   struct error *error)
{
	char **bigger;
	char *path;

	/* One slash is enough behind the root directory. */
	if (dir_len == 1 && *dir == '/' && *below == '/')
		dir_len = 0;
	if (asprintf(&path, "%.*s%s", (int)dir_len, dir, below) < 0)
		return no_memory(error);
	for (size_t i = 0; i < search->num_dirs; i++) {
		if (!strcmp(search->dirs[i], path)) {
			free(path);
			return 0;
		}
	}
	bigger = reallocarray(search->dirs, search->num_dirs + 2, sizeof(*bigger));
	if (!bigger) {
		free(path);
		return no_memory(error);
	}
	search->dirs = bigger;
	bigger[search->num_dirs++] = path;
	bigger[search->num_dirs] = NULL;
	return 0;
}

/* The length of @path without slashes at its end; "/" stays. */
static size_t trimmed(const char *path)
{
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		len--;
	return len;
}

static int add_all(struct search *search, const struct options *options, struct error *error)
{
	const char *program = options->argv[0];
	size_t folder_len = path__base(program) - program;

	for (size_t i = 0; i < options->num_libs; i++) {
		if (add_dir(search, options->libs[i], trimmed(options->libs[i]), "", error))
			return -1;
	}
	if (options->pkg &&
	    add_dir(search, options->pkg, trimmed(options->pkg), "/lib", error))
		return -1;
	if (!folder_len) {
		program = ".";
		folder_len = 1;
	}
	while (folder_len > 1 && program[folder_len - 1] == '/')
		folder_len--;
	if (add_dir(search, program, folder_len, "/../lib", error))
		return -1;
	return add_dir(search, program, folder_len, "", error);
}

int search__init(struct search *search, const struct options *options, struct error *error)
{
	memset(search, 0, sizeof(*search));
	if (add_all(search, options, error)) {
		search__free(search);
		return -1;
	}
	return 0;
}

void search__free(struct search *search)
{
	for (size_t i = 0; i < search->num_dirs; i++)
		free(search->dirs[i]);
	free(search->dirs);
	memset(search, 0, sizeof(*search));
}

void search__describe(const struct search *search, char *text, size_t size)
{
	size_t used = 0;

	*text = '\0';
	for (size_t i = 0; i < search->num_dirs && used < size; i++) {
		const char *glue = i == 0 ? "" : i + 1 < search->num_dirs ? ", " : " and ";

		used += snprintf(text + used, size - used, "%s%s", glue, search->dirs[i]);
	}
}

int search__open(const struct search *search, const char *name, const char *wanted_by,
		 struct program_file *file, struct error *error)
{
	char dirs[800];

	for (size_t i = 0; i < search->num_dirs; i++) {
		char *path;
		int err;

		if (asprintf(&path, "%s/%s", search->dirs[i], name) < 0)
			return no_memory(error);
		/* What is there but not readable is reported, not passed over. */
		err = access(path, F_OK) ? 1 : program_file__open(file, path, error);
		free(path);
		if (err <= 0)
			return err;
	}
	search__describe(search, dirs, sizeof(dirs));
	return error__set(error, EXIT_NOT_FOUND,
			  "%s: its interpreter %s was found in none of %s; say where with --lib",
			  wanted_by, name, dirs);
}
