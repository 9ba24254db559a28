/* zxrun: runs a Fuchsia program and ends as it does. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "compat/core/process.h"
#include "compat/host/crash.h"
#include "compat/host/supervisor.h"
#include "compat/services/services.h"
#include "compat/services/stdio.h"
#include "loader/era.h"
#include "loader/hostpath.h"
#include "loader/launch.h"
#include "loader/note.h"
#include "loader/search.h"

/* After a signal, output gets this long to reach its reader. */
#define DRAIN_SECONDS 2

/* What the command line led to. */
struct plan {
	struct options options;
	struct program_file program;
	struct program_file *interp; /* NULL: none */
	struct search search;
	int fds[3]; /* standard streams; -1 where zxrun was started without */
};

static volatile sig_atomic_t drain_exit_code;

static void give_up_drain(int signal)
{
	(void)signal;
	_exit(drain_exit_code);
}

/* A library that is nowhere: said once, with all places, since the program knows only its name. */
static void library_missing(void *data, const char *name, const char *const *dirs, size_t num_dirs)
{
	const struct plan *plan = data;
	char text[800];

	(void)dirs;
	(void)num_dirs;
	search__describe(&plan->search, text, sizeof(text));
	say("library %s was found in none of %s; say where with --lib", name, text);
}

static void library_found(void *data, const char *name, const char *path, zx_status_t status)
{
	const struct plan *plan = data;

	if (status == ZX_OK)
		note(&plan->options, "library %s is %s", name, path);
	else
		say("library %s is %s, which cannot be read: %s", name, path, status__name(status));
}

static int open_path(void *data, const char *path)
{
	const struct plan *plan = data;

	return hostpath__open(&plan->options, path);
}

/*
 * The low 8 bits. Negative codes are those of failures and kills: where their low bits are 0 (as
 * those of zx_task_kill), the status still must not look like success.
 */
static int exit_status(const char *program, int64_t return_code)
{
	int low = (int)(return_code & 0xff);

	if (return_code == low)
		return low;
	say("%s returned %lld", program, (long long)return_code);
	return return_code < 0 && !low ? 255 : low;
}

/*
 * A standard stream that zxrun was started without stays closed for the program too; its number
 * must not go to a file that zxrun opens later.
 */
static void reserve_streams(int fds[3])
{
	for (int fd = 0; fd < 3; fd++) {
		fds[fd] = fd;
		if (fcntl(fd, F_GETFD) < 0) {
			fds[fd] = -1;
			if (open("/dev/null", O_RDWR) < 0)
				_exit(EXIT_ZXRUN);
		}
	}
}

/* Ends by a signal: programs first, so that they write no more; then what they wrote. */
static int end_by_signal(int number)
{
	struct sigaction action = { .sa_handler = give_up_drain };
	sigset_t set;

	supervisor__shutdown();
	drain_exit_code = EXIT_SIGNAL + number;
	sigaction(SIGALRM, &action, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	alarm(DRAIN_SECONDS);
	stdio__drain();
	trace__close();
	alarm(0);
	return drain_exit_code;
}

/* What the program wrote may wait for its reader: from here on, signals end zxrun at once. */
static void unblock_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static int run(const struct plan *plan, struct process *process)
{
	int number = supervisor__run(process);
	int status;
	int err;

	if (number)
		return end_by_signal(number);
	unblock_signals();
	err = stdio__drain();
	crash__wait();
	status = supervisor__crashed(process) ?
			 EXIT_EXCEPTION :
			 exit_status(plan->options.argv[0], process->return_code);
	if (err) {
		say("writing the output of %s: %s", plan->program.path, strerror(-err));
		status = status ? status : EXIT_ZXRUN;
	}
	supervisor__shutdown();
	return status;
}

static uint32_t era_of(const struct plan *plan)
{
	if (plan->options.era_given)
		return plan->options.era;
	return loader_era__detect(&plan->program.image, plan->interp ? &plan->interp->image : NULL);
}

static void prepare_crash(const struct plan *plan)
{
	struct crash_options options = {
		.lib_dirs = (const char *const *)plan->search.dirs,
		.num_lib_dirs = plan->search.num_dirs,
		.debug_dirs = plan->options.debug_dirs,
		.num_debug_dirs = plan->options.num_debug_dirs,
		.markup = plan->options.crash_markup,
		.core = plan->options.core,
	};

	crash__set_options(&options);
}

/* With the supervisor up: the services, the program, and its end. */
static int launch_and_run(struct plan *plan, struct error *error)
{
	struct ldsvc_config ldsvc = {
		.dirs = (const char *const *)plan->search.dirs,
		.num_dirs = plan->search.num_dirs,
		.missing = library_missing,
		.found = library_found,
		.open_path = open_path,
		.data = plan,
	};
	struct handle stdio[3];
	struct launch_config config = {
		.options = &plan->options,
		.program = &plan->program,
		.interp = plan->interp,
		.era = era_of(plan),
		.ldsvc = &ldsvc,
		.stdio = stdio,
	};
	struct process *process;
	zx_status_t status = stdio__start(config.era, plan->fds[0], plan->fds[1], plan->fds[2],
					  stdio);
	int exit_code = -1;

	if (status != ZX_OK)
		return error__set(error, EXIT_ZXRUN, "cannot start the standard streams: %s",
				  status__name(status));
	prepare_crash(plan);
	note(&plan->options, "%s is a program of %s", plan->program.path,
	     era__of(config.era)->date);
	if (launch__start(&config, &process, error)) {
		supervisor__shutdown();
	} else {
		exit_code = run(plan, process);
		object__put(&process->object);
	}
	stdio__stop();
	services__stop();
	return exit_code;
}

static int start_trace(const struct trace_config *config, struct error *error)
{
	int err = config->show || config->stats ? trace__open(config) : 0;

	if (!err)
		return 0;
	return error__set(error, EXIT_ZXRUN, "the trace cannot be written to %s: %s",
			  config->path ? config->path : "standard error", strerror(-err));
}

static int start_supervisor(struct plan *plan, struct error *error)
{
	const char *what = "";
	int status;
	int err;

	supervisor__set_verbose(plan->options.verbose);
	err = supervisor__init(&what);
	if (err)
		return error__set(error, EXIT_ZXRUN, "%s: %s", what, strerror(-err));
	if (start_trace(&plan->options.trace, error))
		return -1;
	status = launch_and_run(plan, error);
	trace__close();
	return status;
}

/* With the interpreter that the program asks for. */
static int run_with_interp(struct plan *plan, struct error *error)
{
	struct program_file interp;
	char dirs[800];
	int status;

	search__describe(&plan->search, dirs, sizeof(dirs));
	note(&plan->options, "libraries are looked for in %s", dirs);
	if (!plan->program.image.interp)
		return start_supervisor(plan, error);
	if (search__open(&plan->search, plan->program.image.interp, plan->program.path, &interp,
			 error))
		return -1;
	plan->interp = &interp;
	status = start_supervisor(plan, error);
	plan->interp = NULL;
	program_file__close(&interp);
	return status;
}

/* The exit status, or -1 with @error. */
static int run_program(struct plan *plan, struct error *error)
{
	int status = -1;

	/* What zxrun has to say itself may be lost; the program's exit status may not. */
	signal(SIGPIPE, SIG_IGN);
	if (program_file__open(&plan->program, plan->options.argv[0], error))
		return -1;
	if (!search__init(&plan->search, &plan->options, error)) {
		status = run_with_interp(plan, error);
		search__free(&plan->search);
	}
	program_file__close(&plan->program);
	return status;
}

int main(int argc, char **argv)
{
	struct plan plan = { .interp = NULL };
	struct error error;
	int status = -1;

	reserve_streams(plan.fds);
	switch (options__parse(&plan.options, argc, argv, &error)) {
	case OPTIONS_RUN:
		status = run_program(&plan, &error);
		break;
	case OPTIONS_DONE:
		status = fflush(stdout) ? error__set(&error, EXIT_ZXRUN, "standard output: %s",
						     strerror(errno)) : 0;
		break;
	case OPTIONS_WRONG:
		break;
	}
	if (status < 0) {
		say("%s", error.text);
		status = error.exit_code;
	}
	options__free(&plan.options);
	return status;
}
