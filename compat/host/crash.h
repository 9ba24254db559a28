/* What is told of a process that an exception ends: a report, and a core file. */
#ifndef COMPAT_HOST_CRASH_H
#define COMPAT_HOST_CRASH_H

#include <stdbool.h>
#include <stddef.h>

#include "compat/crash/protocol.h"
#include "compat/host/process_map.h"

struct thread;

/* All belongs to the caller and stays as it is for as long as programs run. */
struct crash_options {
	const char *const *lib_dirs; /* where libraries are looked for */
	size_t num_lib_dirs;
	const char *const *debug_dirs; /* where debug information is, besides there */
	size_t num_debug_dirs;
	bool markup; /* the backtrace is to be there once more, for programs */
	const char *core; /* where core files go, as core_file.h says; NULL: nowhere */
};

/* Once, before programs run. */
void crash__set_options(const struct crash_options *options);
/* Waits until no report is under way any more; the next ones are none of the caller's business. */
void crash__wait(void);

/* --- between the files of the crash report --- */

/* A text that grows to a limit; what is too much is cut off. */
struct report {
	char text[65536];
	size_t used;
};

__attribute__((format(printf, 2, 3))) void report__add(struct report *report, const char *format,
						       ...);

struct crash_frame {
	uint32_t number;
	bool is_return; /* it will go on at @pc */
	uint64_t pc;
};

/* More than are shown. */
#define CRASH_MAX_FRAMES 64

/* What is known of the process while the report is made. */
struct crash_scene {
	struct thread *thread; /* the one that raised the exception */
	struct zxabi_exception exception;
	const struct thread_context *context;
	struct host_maps maps;
	struct crash_module *modules;
	size_t *first; /* for each module the index of the map that it begins with */
	char (*paths)[CRASH_TEXT_MAX]; /* and its file on the host; empty: not found */
	size_t num_modules;
	struct crash_frame frames[CRASH_MAX_FRAMES]; /* as far as the helper told them */
	size_t num_frames;
};

/* crash_kind.c: adds a line about what happened. */
void crash_kind__add(struct report *report, const struct crash_scene *scene);
/* crash_markup.c: adds modules, mappings and backtrace in Fuchsia's symbolizer markup. */
void crash_markup__add(struct report *report, const struct crash_scene *scene);
/* crash_helper.c: adds the lines of the backtrace. False, with a reason in @why: could not. */
bool crash_helper__backtrace(struct crash_scene *scene, const struct crash_options *options,
			     struct report *report, const char **why);

#endif
