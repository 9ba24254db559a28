/* zxrun's command line. */
#ifndef LOADER_OPTIONS_H
#define LOADER_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compat/host/trace.h"
#include "loader/error.h"

/* A host directory (or file) that the program sees at @path. Both strings are owned. */
struct options_map {
	char *host;
	char *path;
	bool read_only;
};

struct options {
	/* Arrays are owned; the strings in them belong to argv. */
	const char **libs;
	size_t num_libs;
	const char **debug_dirs;
	size_t num_debug_dirs;
	const char **env;
	size_t num_env;
	struct options_map *maps;
	size_t num_maps;

	const char *pkg;   /* NULL where not given */
	bool crash_markup; /* reports are for programs, too */
	const char *core;  /* likewise */
	bool era_given;
	uint32_t era;      /* enum zxabi_era */
	uint64_t tmp_size; /* bytes */
	bool root_resource;
	bool hypervisor;
	bool verbose;
	struct trace_config trace;
	bool trace_size_given;

	/* PROGRAM and its arguments, as main() got them; argv[argc] is NULL. */
	char **argv;
	int argc;
};

enum options_result {
	OPTIONS_RUN,   /* go on */
	OPTIONS_DONE,  /* --help or --version has been answered */
	OPTIONS_WRONG, /* the error says what is wrong */
};

/* Reads the command line. The options hold pointers into @argv; options__free() in every case. */
enum options_result options__parse(struct options *options, int argc, char **argv,
				   struct error *error);
void options__free(struct options *options);

#endif
