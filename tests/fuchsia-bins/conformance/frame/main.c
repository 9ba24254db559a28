/* Runs the checks of a program: one line for each. */
#include "conformance.h"

#include <stdatomic.h>

#include "format.h"
#include "string.h"
#include "vmar.h"

#define NAME_SIZE 160
#define EXIT_USAGE 2

int main(int argc, char **argv);

/* The linker collects them from all files. */
extern const struct check __start_conformance_checks[] __attribute__((visibility("hidden")));
extern const struct check __stop_conformance_checks[] __attribute__((visibility("hidden")));

static const char *const dates[] = {
	[ERA_2018_07] = "2018-07", [ERA_2018_10] = "2018-10", [ERA_2018_12] = "2018-12",
	[ERA_2019_01] = "2019-01", [ERA_2020_07] = "2020-07", [ERA_2021_01] = "2021-01",
	[ERA_NEWEST] = "newest",
};

/* What each date brought: the newest that is there tells how new the system is. */
static const struct {
	const void *entry;
	enum era era;
} news[] = {
	{ (const void *)zx_counter_create, ERA_NEWEST },
	{ (const void *)zx_channel_call_etc, ERA_2021_01 },
	{ (const void *)zx_clock_create, ERA_2020_07 },
	{ (const void *)zx_pager_supply_pages, ERA_2019_01 },
	{ (const void *)zx_pager_create, ERA_2018_12 },
	{ (const void *)zx_vmo_replace_as_executable, ERA_2018_10 },
};

static enum era system_era;

/* The check that runs: where an expectation that fails goes back to, and how it ended. */
static struct {
	char name[NAME_SIZE];
	void *back[5];
	atomic_int ending;
} running;

enum { GOES_ON, HAS_FAILED, IS_SKIPPED };

enum era era(void)
{
	return system_era;
}

zx_handle_t root_resource(void)
{
	return rt_boot__handle(era() < ERA_NEWEST ? PA_RESOURCE : PA_SYSTEM_RESOURCE, 0);
}

static enum era find_era(void)
{
	for (size_t i = 0; i < RT_ARRAY_SIZE(news); i++)
		if (news[i].entry)
			return news[i].era;
	return ERA_2018_07;
}

static bool era_from_text(const char *text)
{
	for (size_t i = ERA_2018_07; i < RT_ARRAY_SIZE(dates); i++) {
		if (strcmp(text, dates[i]))
			continue;
		system_era = (enum era)i;
		return true;
	}
	return false;
}

/* call.condition, or call.status.condition: ZX_ERR_SHOULD_WAIT is should_wait in it. */
static void name_of(const struct check *check, char *name)
{
	const char *status = check->status ? check->status + strlen("ZX_ERR_") : "";

	rt_format(name, NAME_SIZE, "%s.%s%s%s", check->call, status, *status ? "." : "",
		  check->condition);
	for (; *name; name++)
		if (*name >= 'A' && *name <= 'Z')
			*name |= 0x20;
}

/* The first thread to get here has its say; all others just end. */
static bool first_to_end(int how)
{
	int goes_on = GOES_ON;

	return atomic_compare_exchange_strong(&running.ending, &goes_on, how);
}

static _Noreturn void leave(void)
{
	if (!frame_on_own_thread())
		__builtin_longjmp(running.back, 1);
	zx_thread_exit();
}

void frame_fail(const char *file, int line, const char *want, const char *saw)
{
	const char *base = file;

	for (; *file; file++)
		if (*file == '/')
			base = file + 1;
	if (first_to_end(HAS_FAILED))
		rt_print("FAIL %s: expected %s, saw %s (%s:%d)\n", running.name, want, saw, base,
			 line);
	leave();
}

void skip(const char *reason)
{
	if (first_to_end(IS_SKIPPED))
		rt_print("skip %s: %s\n", running.name, reason);
	leave();
}

/* Why the check does not hold on this system, or NULL. */
static const char *why_not(const struct check *check)
{
	static char reason[64];

	if (check->from && system_era < check->from)
		rt_format(reason, sizeof(reason), "holds from %s on", dates[check->from]);
	else if (check->to && system_era > check->to)
		rt_format(reason, sizeof(reason), "held until %s", dates[check->to]);
	else if (!check->entry)
		rt_format(reason, sizeof(reason), "the system has no zx_%s", check->call);
	else if (check->root && root_resource() == ZX_HANDLE_INVALID)
		return "the program was not given the root resource";
	else
		return NULL;
	return reason;
}

/* A check that leaves handles behind has failed: those that follow it rely on that. */
static void run_to_end(const struct check *check)
{
	size_t handles = frame_handle_count();
	size_t handles_left;

	check->run();
	join_threads();
	frame_clean_up();
	handles_left = frame_handle_count();
	if (!frame_lost_handles())
		EXPECT_EQ(handles_left, handles);
}

/* Whether it passed, or was skipped. */
static bool run(const struct check *check)
{
	const char *reason = why_not(check);

	name_of(check, running.name);
	if (reason) {
		rt_print("skip %s: %s\n", running.name, reason);
		return true;
	}
	atomic_store(&running.ending, GOES_ON);
	if (__builtin_setjmp(running.back))
		frame_clean_up();
	else
		run_to_end(check);
	if (first_to_end(HAS_FAILED)) {
		rt_print("ok %s\n", running.name);
		return true;
	}
	return atomic_load(&running.ending) == IS_SKIPPED;
}

/* NAME, CALL, STATUS or -, FROM, TO, root or -, LINE: with tabs between them. */
static void print_entry(const struct check *check)
{
	char name[NAME_SIZE];

	name_of(check, name);
	rt_print("%s\t%s\t%s\t%s\t%s\t%s\t%s\n", name, check->call,
		 check->status ? check->status : "-",
		 dates[check->from ? check->from : ERA_2018_07],
		 dates[check->to ? check->to : ERA_NEWEST], check->root ? "root" : "-",
		 check->line ? check->line : "");
}

static int run_all(const char *wanted)
{
	const struct check *check;
	bool passed = true;
	bool found = false;
	char name[NAME_SIZE];

	for (check = __start_conformance_checks; check < __stop_conformance_checks; check++) {
		name_of(check, name);
		if (wanted && strcmp(name, wanted))
			continue;
		found = true;
		passed &= run(check);
	}
	if (!found)
		rt_print_error("there is no check %s\n", wanted ? wanted : "at all");
	return !found ? EXIT_USAGE : passed ? 0 : 1;
}

static int usage(void)
{
	rt_print_error("usage: --list | [--era=DATE] [--check=NAME]\n");
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	const struct check *check;
	const char *wanted = NULL;
	int i;

	system_era = find_era();
	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--list")) {
			for (check = __start_conformance_checks;
			     check < __stop_conformance_checks; check++)
				print_entry(check);
			return 0;
		}
		if (!strncmp(argv[i], "--check=", 8))
			wanted = argv[i] + 8;
		else if (strncmp(argv[i], "--era=", 6) || !era_from_text(argv[i] + 6))
			return usage();
	}
	rt_vmar_201807 = system_era == ERA_2018_07;
	return run_all(wanted);
}
