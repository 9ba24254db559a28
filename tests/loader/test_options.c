/* The command line, and the paths of a namespace. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <zxabi/calls.h>

#include "loader/nspath.h"
#include "loader/options.h"

#define MAX_ARGS 32

static struct options options;
static struct error error;

/* Parses "zxrun" and the arguments given, up to NULL. */
static enum options_result parse(const char *const *args)
{
	static char *argv[MAX_ARGS];
	int argc = 0;

	argv[argc++] = (char *)"zxrun";
	while (*args) {
		assert_true(argc < MAX_ARGS - 1);
		argv[argc++] = (char *)*args++;
	}
	argv[argc] = NULL;
	options__free(&options);
	memset(&error, 0, sizeof(error));
	return options__parse(&options, argc, argv, &error);
}

#define PARSE(...) parse((const char *const[]){ __VA_ARGS__, NULL })

#define EXPECT_WRONG(what, ...)                                                                    \
	do {                                                                                       \
		assert_int_equal(PARSE(__VA_ARGS__), OPTIONS_WRONG);                               \
		assert_int_equal(error.exit_code, EXIT_ZXRUN);                                     \
		if (!strstr(error.text, what))                                                     \
			fail_msg("expected '%s' in '%s'", what, error.text);                       \
	} while (0)

static int free_options(void **state)
{
	(void)state;
	options__free(&options);
	return 0;
}

static void test_program_and_arguments(void **state)
{
	(void)state;
	assert_int_equal(PARSE("prog"), OPTIONS_RUN);
	assert_int_equal(options.argc, 1);
	assert_string_equal(options.argv[0], "prog");
	assert_null(options.argv[1]);
	assert_false(options.verbose);
	assert_false(options.root_resource);
	assert_false(options.hypervisor);
	assert_int_equal(options.tmp_size, 512ull << 20);
	/* What stands behind PROGRAM is PROGRAM's, whatever it looks like. */
	assert_int_equal(PARSE("-v", "prog", "--help", "-v", "--", "x"), OPTIONS_RUN);
	assert_true(options.verbose);
	assert_int_equal(options.argc, 5);
	assert_string_equal(options.argv[1], "--help");
	assert_string_equal(options.argv[3], "--");
	assert_int_equal(PARSE("--", "-prog"), OPTIONS_RUN);
	assert_string_equal(options.argv[0], "-prog");
}

static void test_all_options(void **state)
{
	(void)state;
	assert_int_equal(PARSE("--lib", "a", "--lib=b", "--pkg", "p", "--map", "h:/x/y", "--map",
			       "c:d:/z:ro", "--env", "A=1", "--env", "B=2"), OPTIONS_WRONG);
	assert_int_equal(PARSE("--lib", "a", "--lib=b", "--pkg=p", "--map=h:/x/y",
			       "--map=c:d:/z:ro", "--env=A=1", "--env=B=", "--env=A=x=y",
			       "--era=2020-09", "--tmp-size=3K", "--root-resource",
			       "--debug-dir=d", "--debug-dir", "e", "--core", "%e.%p",
			       "--hypervisor", "prog"),
			 OPTIONS_RUN);
	assert_int_equal(options.num_libs, 2);
	assert_string_equal(options.libs[1], "b");
	assert_string_equal(options.pkg, "p");
	assert_int_equal(options.num_maps, 2);
	assert_string_equal(options.maps[0].host, "h");
	assert_string_equal(options.maps[0].path, "/x/y");
	assert_false(options.maps[0].read_only);
	assert_string_equal(options.maps[1].host, "c:d");
	assert_string_equal(options.maps[1].path, "/z");
	assert_true(options.maps[1].read_only);
	assert_int_equal(options.num_env, 2);
	assert_string_equal(options.env[0], "A=x=y");
	assert_string_equal(options.env[1], "B=");
	assert_true(options.era_given);
	assert_int_equal(options.era, ZXERA_2020_07);
	assert_int_equal(options.tmp_size, 3072);
	assert_true(options.root_resource);
	assert_int_equal(options.num_debug_dirs, 2);
	assert_string_equal(options.debug_dirs[1], "e");
	assert_string_equal(options.core, "%e.%p");
	assert_true(options.hypervisor);
}

static void test_wrong_use(void **state)
{
	(void)state;
	assert_int_equal(parse((const char *const[]){ NULL }), OPTIONS_WRONG);
	assert_non_null(strstr(error.text, "no program given"));
	EXPECT_WRONG("unknown or unclear option --no-such", "--no-such", "prog");
	EXPECT_WRONG("unknown or unclear option -q", "-q", "prog");
	EXPECT_WRONG("unknown or unclear option --ver", "--ver", "prog");
	EXPECT_WRONG("option --lib needs an argument", "-v", "--lib");
	EXPECT_WRONG("--pkg is given twice", "--pkg=a", "--pkg=b", "prog");
	EXPECT_WRONG("not NAME=VALUE", "--env", "NAME", "prog");
	EXPECT_WRONG("not NAME=VALUE", "--env", "=x", "prog");
	EXPECT_WRONG("neither a date", "--era=yesterday", "prog");
	EXPECT_WRONG("neither a date", "--era=2020-13", "prog");
	EXPECT_WRONG("not a file name", "--core=", "prog");
	EXPECT_WRONG("not a file name", "--core=%", "prog");
	EXPECT_WRONG("not a file name", "--core=%%%x", "prog");
	EXPECT_WRONG("not a number", "--tmp-size=K", "prog");
	EXPECT_WRONG("not a number", "--tmp-size=", "prog");
	EXPECT_WRONG("not a number", "--tmp-size=-1", "prog");
	EXPECT_WRONG("not a number", "--tmp-size=1KB", "prog");
	EXPECT_WRONG("too large", "--tmp-size=99999999999G", "prog");
	EXPECT_WRONG("too large", "--tmp-size=99999999999999999999999", "prog");
}

static void test_wrong_maps(void **state)
{
	(void)state;
	EXPECT_WRONG("is not HOST:PATH", "--map", "/host", "prog");
	EXPECT_WRONG("is not HOST:PATH", "--map", ":/x", "prog");
	EXPECT_WRONG("is not HOST:PATH", "--map", "h:", "prog");
	EXPECT_WRONG("is not absolute", "--map", "h:x", "prog");
	EXPECT_WRONG("is all of the namespace", "--map", "h:/", "prog");
	EXPECT_WRONG("empty component", "--map", "h:/a//b", "prog");
	EXPECT_WRONG("empty component", "--map", "h:/a/", "prog");
	EXPECT_WRONG("'.' or '..'", "--map", "h:/a/../b", "prog");
	EXPECT_WRONG("'.' or '..'", "--map", "h:/.", "prog");
	EXPECT_WRONG("/a is given twice", "--map", "h:/a", "--map", "i:/a:ro", "prog");
	EXPECT_WRONG("does not nest", "--map", "h:/a/b", "--map", "i:/a", "prog");
	EXPECT_WRONG("does not nest", "--map", "h:/tmp/b", "prog");
	EXPECT_WRONG("part of the package", "--pkg", "p", "--map", "h:/pkg", "prog");
	EXPECT_WRONG("part of the package", "--pkg", "p", "--map", "h:/pkg/data", "prog");
	assert_int_equal(PARSE("--map", "h:/a", "--map", "i:/ab", "--map=j:/x/a", "--map=k:/x/b",
			       "--map=l:/tmp", "--map=m:/pkg", "--map=n:/...", "prog"),
			 OPTIONS_RUN);
}

static void test_below(void **state)
{
	(void)state;
	assert_true(nspath__below("/a", "/a"));
	assert_true(nspath__below("/a/b", "/a"));
	assert_false(nspath__below("/ab", "/a"));
	assert_false(nspath__below("/a", "/a/b"));
}

/* What comes from the command line cannot break the message's one line. */
static void test_control_characters(void **state)
{
	(void)state;
	EXPECT_WRONG("--map 'a?b?'", "--map", "a\nb\033", "prog");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_program_and_arguments, free_options),
		cmocka_unit_test_teardown(test_all_options, free_options),
		cmocka_unit_test_teardown(test_wrong_use, free_options),
		cmocka_unit_test_teardown(test_wrong_maps, free_options),
		cmocka_unit_test(test_below),
		cmocka_unit_test_teardown(test_control_characters, free_options),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
