#include "loader/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zxrun/version.h>

#include "compat/core/era.h"
#include "compat/host/core_file.h"
#include "compat/host/trace_decode.h"
#include "loader/nspath.h"

#define DEFAULT_TMP_SIZE (512ull << 20)
#define DEFAULT_TRACE_SIZE 32
/* The memory of /tmp is one of the core's, which hands out no larger pieces than this in all. */
#define MAX_TMP_SIZE (1ull << 40)

#define HELP_HINT "try 'zxrun --help'"

/* One row an option; the help and getopt's table are both made from these. */
struct option_row {
	const char *name;
	char letter; /* 0: only the long form */
	const char *arg;
	const char *help;
	/* NULL for the two that are answered at once. */
	int (*parse)(struct options *options, char *value, struct error *error);
};

/* Makes room for one more element at the end of a growing array; NULL where there is no memory. */
static void *grow(void *array, size_t *count, size_t size)
{
	void *bigger = reallocarray(array, *count + 1, size);

	if (bigger)
		(*count)++;
	return bigger;
}

static int no_memory(struct error *error)
{
	return error__set(error, EXIT_ZXRUN, "out of memory while reading the options");
}

static int add_word(const char ***words, size_t *count, char *value, struct error *error)
{
	const char **bigger = grow(*words, count, sizeof(*bigger));

	if (!bigger)
		return no_memory(error);
	*words = bigger;
	bigger[*count - 1] = value;
	return 0;
}

static int parse_lib(struct options *options, char *value, struct error *error)
{
	return add_word(&options->libs, &options->num_libs, value, error);
}

static int parse_debug_dir(struct options *options, char *value, struct error *error)
{
	return add_word(&options->debug_dirs, &options->num_debug_dirs, value, error);
}

static int parse_pkg(struct options *options, char *value, struct error *error)
{
	if (options->pkg)
		return error__set(error, EXIT_ZXRUN,
				  "--pkg is given twice; a program has one package");
	options->pkg = value;
	return 0;
}

static int parse_core(struct options *options, char *value, struct error *error)
{
	if (!*value || !core_file__check(value))
		return error__set(error, EXIT_ZXRUN, "--core '%s' is not a file name, perhaps with %%p "
				  "(koid of the process), %%e (its name) or %%%%", value);
	options->core = value;
	return 0;
}

static int parse_map(struct options *options, char *value, struct error *error)
{
	size_t len = strlen(value);
	struct options_map map = { 0 };
	struct options_map *bigger;
	const char *colon;

	if (len > 3 && !strcmp(value + len - 3, ":ro")) {
		map.read_only = true;
		len -= 3;
	}
	/* The last colon counts: host names may hold some, paths in a namespace rarely do. */
	colon = memrchr(value, ':', len);
	if (!colon || colon == value || colon + 1 == value + len)
		return error__set(error, EXIT_ZXRUN, "--map '%s' is not HOST:PATH or HOST:PATH:ro",
				  value);
	map.host = strndup(value, colon - value);
	map.path = strndup(colon + 1, value + len - (colon + 1));
	bigger = map.host && map.path ? grow(options->maps, &options->num_maps, sizeof(map)) : NULL;
	if (!bigger) {
		free(map.host);
		free(map.path);
		return no_memory(error);
	}
	options->maps = bigger;
	bigger[options->num_maps - 1] = map;
	return nspath__check(map.path, error);
}

static int parse_env(struct options *options, char *value, struct error *error)
{
	const char **bigger;
	const char *equals = strchr(value, '=');

	if (!equals || equals == value)
		return error__set(error, EXIT_ZXRUN, "--env '%s' is not NAME=VALUE", value);
	/* The last one of a name wins, as in env(1). */
	for (size_t i = 0; i < options->num_env; i++) {
		if (!strncmp(options->env[i], value, equals - value + 1)) {
			options->env[i] = value;
			return 0;
		}
	}
	bigger = grow(options->env, &options->num_env, sizeof(*bigger));
	if (!bigger)
		return no_memory(error);
	options->env = bigger;
	bigger[options->num_env - 1] = value;
	return 0;
}

static int parse_era(struct options *options, char *value, struct error *error)
{
	if (!era__from_date(value, &options->era))
		return error__set(error, EXIT_ZXRUN,
				  "--era '%s' is neither a date YYYY-MM nor 'newest'", value);
	options->era_given = true;
	return 0;
}

static int parse_tmp_size(struct options *options, char *value, struct error *error)
{
	static const char units[] = "KMG";
	unsigned long long number;
	unsigned int shift = 0;
	const char *unit;
	char *end;

	errno = 0;
	number = strtoull(value, &end, 10);
	if (*value < '0' || *value > '9')
		goto bad;
	if (*end) {
		unit = strchr(units, *end);
		if (!unit || end[1])
			goto bad;
		shift = 10 * (unit - units + 1);
	}
	if (errno || number > MAX_TMP_SIZE >> shift)
		return error__set(error, EXIT_ZXRUN, "--tmp-size '%s' is too large (at most %lluG)",
				  value, MAX_TMP_SIZE >> 30);
	options->tmp_size = number << shift;
	return 0;
bad:
	return error__set(error, EXIT_ZXRUN,
			  "--tmp-size '%s' is not a number of bytes, perhaps with K, M or G",
			  value);
}

static int parse_crash_markup(struct options *options, char *value, struct error *error)
{
	(void)value;
	(void)error;
	options->crash_markup = true;
	return 0;
}

static int parse_root_resource(struct options *options, char *value, struct error *error)
{
	(void)value;
	(void)error;
	options->root_resource = true;
	return 0;
}

static int parse_trace(struct options *options, char *value, struct error *error)
{
	char text[200];

	if (!trace_filter__parse(&options->trace.filter, value, text, sizeof(text))) {
		text__clean(text);
		return error__set(error, EXIT_ZXRUN, "%s", text);
	}
	options->trace.show = true;
	return 0;
}

static int parse_stats(struct options *options, char *value, struct error *error)
{
	(void)value;
	(void)error;
	options->trace.stats = true;
	return 0;
}

static int parse_output(struct options *options, char *value, struct error *error)
{
	(void)error;
	options->trace.path = value;
	return 0;
}

static int parse_trace_size(struct options *options, char *value, struct error *error)
{
	char *end;
	unsigned long size;

	errno = 0;
	size = strtoul(value, &end, 10);
	if (*value < '0' || *value > '9' || *end || errno || size > TRACE_TEXT_MAX)
		return error__set(error, EXIT_ZXRUN,
				  "--trace-size '%s' is not a number of bytes up to %d", value,
				  TRACE_TEXT_MAX);
	options->trace.max_text = (uint32_t)size;
	options->trace_size_given = true;
	return 0;
}

static int parse_trace_times(struct options *options, char *value, struct error *error)
{
	(void)value;
	(void)error;
	options->trace.times = true;
	return 0;
}

static int parse_hypervisor(struct options *options, char *value, struct error *error)
{
	(void)value;
	(void)error;
	options->hypervisor = true;
	return 0;
}

static int parse_verbose(struct options *options, char *value, struct error *error)
{
	(void)value;
	(void)error;
	options->verbose = true;
	return 0;
}

static const struct option_row rows[] = {
	{ "lib", 0, "DIR", "libraries (ld.so.1 too), searched first; repeatable", parse_lib },
	{ "pkg", 0, "DIR", "the program's package: /pkg, read-only", parse_pkg },
	{ "map", 0, "HOST:PATH[:ro]", "show a host directory at PATH; repeatable", parse_map },
	{ "env", 0, "NAME=VALUE", "set a variable of the program; repeatable", parse_env },
	{ "era", 0, "DATE", "treat the program as one of YYYY-MM, or newest", parse_era },
	{ "tmp-size", 0, "SIZE", "limit of /tmp: bytes, or with K, M, G (512M)", parse_tmp_size },
	{ "debug-dir", 0, "DIR", "debug information for crash reports; repeatable",
	  parse_debug_dir },
	{ "core", 0, "FILE", "where to put a core file (%p: koid, %e: name)", parse_core },
	{ "crash-markup", 0, NULL, "have crash reports end in symbolizer markup",
	  parse_crash_markup },
	{ "root-resource", 0, NULL, "give it the root resource and the root job",
	  parse_root_resource },
	{ "hypervisor", 0, NULL, "let it run guests, by /dev/kvm", parse_hypervisor },
	{ "trace", 0, "[=FILTER]", "show calls: all, or those that FILTER chooses", parse_trace },
	{ "trace-size", 's', "SIZE", "bytes of a buffer that --trace shows (32)", parse_trace_size },
	{ "trace-times", 't', NULL, "have --trace tell when each line began", parse_trace_times },
	{ "stats", 0, NULL, "at the end, count calls, errors, and time", parse_stats },
	{ "output", 'o', "FILE", "where --trace and --stats go, not standard error", parse_output },
	{ "verbose", 'v', NULL, "say what is loaded, from where, and to where", parse_verbose },
	{ "help", 'h', NULL, "print this", NULL },
	{ "version", 'V', NULL, "print the version", NULL },
};

#define NUM_ROWS (sizeof(rows) / sizeof(rows[0]))

/* Whether the argument can be left out; then it stands behind '='. */
static bool is_optional(const struct option_row *row)
{
	return row->arg && *row->arg == '[';
}

static void print_help(void)
{
	/* All of it fits a screen. */
	printf("Usage: zxrun [OPTION]... PROGRAM [ARG]...   (PROGRAM: an x86-64 Fuchsia program)\n");
	for (size_t i = 0; i < NUM_ROWS; i++) {
		char left[40];

		snprintf(left, sizeof(left), "--%s%s%s", rows[i].name,
			 rows[i].arg && !is_optional(&rows[i]) ? " " : "",
			 rows[i].arg ? rows[i].arg : "");
		printf("  %c%c %-22s %s\n", rows[i].letter ? '-' : ' ',
		       rows[i].letter ? rows[i].letter : ' ', left, rows[i].help);
	}
	printf("Exit status: the program's return code (its low 8 bits), or\n"
	       "  125 zxrun failed or was called wrongly     134 unhandled exception\n"
	       "  126 PROGRAM cannot be run                  130 ended by SIGINT\n"
	       "  127 PROGRAM or what it needs is missing    143 ended by SIGTERM\n");
}

/* getopt's forms of the rows; an option's value is its row's number + 256, or its letter. */
static void make_getopt(struct option *longs, char *shorts)
{
	/* Stop at PROGRAM; tell a missing argument from an unknown option. */
	*shorts++ = '+';
	*shorts++ = ':';
	for (size_t i = 0; i < NUM_ROWS; i++) {
		longs[i] = (struct option){
			.name = rows[i].name,
			.has_arg = is_optional(&rows[i]) ? optional_argument :
				   rows[i].arg		  ? required_argument :
							    no_argument,
			.val = (int)i + 256,
		};
		if (!rows[i].letter)
			continue;
		*shorts++ = rows[i].letter;
		if (rows[i].arg)
			*shorts++ = ':';
	}
	longs[NUM_ROWS] = (struct option){ 0 };
	*shorts = '\0';
}

static const struct option_row *find_row(int value)
{
	for (size_t i = 0; i < NUM_ROWS; i++) {
		if (value == (int)i + 256 || (rows[i].letter && value == rows[i].letter))
			return &rows[i];
	}
	return NULL;
}

/* Directories that a program has unless something is mapped there. */
static const char *const standard_paths[] = { "/tmp", "/svc" };

static int check_pair(const char *one, const char *other, struct error *error)
{
	if (!strcmp(one, other))
		return error__set(error, EXIT_ZXRUN, "--map: %s is given twice; leave one out",
				  one);
	if (!nspath__below(one, other) && !nspath__below(other, one))
		return 0;
	return error__set(error, EXIT_ZXRUN, "--map: one of %s and %s lies in the other; a "
			  "namespace of Fuchsia does not nest directories", one, other);
}

/* Programs cannot bind a directory below another one (fdio's namespace refuses it). */
static int check_maps(const struct options *options, struct error *error)
{
	for (size_t i = 0; i < options->num_maps; i++) {
		const char *path = options->maps[i].path;

		for (size_t j = 0; j < i; j++) {
			if (check_pair(path, options->maps[j].path, error))
				return -1;
		}
		for (size_t j = 0; j < sizeof(standard_paths) / sizeof(standard_paths[0]); j++) {
			if (strcmp(path, standard_paths[j]) &&
			    check_pair(path, standard_paths[j], error))
				return -1;
		}
		if (options->pkg && nspath__below(path, "/pkg"))
			return error__set(error, EXIT_ZXRUN,
					  "--map: %s is part of the package that --pkg gives",
					  path);
	}
	return 0;
}

/* What is for traces alone is a mistake without one. */
static int check_trace(const struct options *options, struct error *error)
{
	const struct trace_config *trace = &options->trace;

	if (options->trace_size_given && !trace->show)
		return error__set(error, EXIT_ZXRUN, "--trace-size is for --trace; " HELP_HINT);
	if (trace->times && !trace->show)
		return error__set(error, EXIT_ZXRUN, "--trace-times is for --trace; " HELP_HINT);
	if (trace->path && !trace->show && !trace->stats)
		return error__set(error, EXIT_ZXRUN, "-o is for --trace and --stats; " HELP_HINT);
	return 0;
}

enum options_result options__parse(struct options *options, int argc, char **argv,
				   struct error *error)
{
	struct option longs[NUM_ROWS + 1];
	char shorts[2 + 2 * NUM_ROWS + 1];
	int value;

	memset(options, 0, sizeof(*options));
	options->tmp_size = DEFAULT_TMP_SIZE;
	options->trace.max_text = DEFAULT_TRACE_SIZE;
	trace_filter__parse(&options->trace.filter, NULL, NULL, 0);
	make_getopt(longs, shorts);
	opterr = 0;
	optind = 0;
	for (;;) {
		const struct option_row *row;
		int at = optind ? optind : 1;

		value = getopt_long(argc, argv, shorts, longs, NULL);
		if (value == -1)
			break;
		row = find_row(value);
		if (!row) {
			error__set(error, EXIT_ZXRUN, "%s %s%s; " HELP_HINT,
				   value == ':' ? "option" : "unknown or unclear option", argv[at],
				   value == ':' ? " needs an argument" : "");
			return OPTIONS_WRONG;
		}
		if (!row->parse) {
			if (row->letter == 'h')
				print_help();
			else
				printf("zxrun %s\n", ZXRUN_VERSION);
			return OPTIONS_DONE;
		}
		if (row->parse(options, optarg, error))
			return OPTIONS_WRONG;
	}
	if (optind >= argc) {
		error__set(error, EXIT_ZXRUN, "no program given; " HELP_HINT);
		return OPTIONS_WRONG;
	}
	if (check_maps(options, error) || check_trace(options, error))
		return OPTIONS_WRONG;
	options->argv = argv + optind;
	options->argc = argc - optind;
	return OPTIONS_RUN;
}

void options__free(struct options *options)
{
	for (size_t i = 0; i < options->num_maps; i++) {
		free(options->maps[i].host);
		free(options->maps[i].path);
	}
	free(options->maps);
	free(options->libs);
	free(options->debug_dirs);
	free(options->env);
	memset(options, 0, sizeof(*options));
}
