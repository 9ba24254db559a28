/* zxrun-crash: makes the backtrace of a crash report. See docs/architecture.md, "Crash reports". */
#ifndef COMPAT_CRASH_CRASH_H
#define COMPAT_CRASH_CRASH_H

#include <elfutils/libdwfl.h>
#include <stdbool.h>
#include <stddef.h>

#include "compat/crash/protocol.h"

/* Files that may be a module's, or hold what was stripped from it; each its build-id decides. */
#define MAX_CANDIDATES 12

struct candidate {
	int fd;
	char *path; /* NULL: none is known */
};

struct module {
	struct crash_module *info;
	struct candidate candidates[MAX_CANDIDATES];
	size_t num_candidates;
	int debug_fd; /* the one with debug information; -1: none */
	Dwfl_Module *dwfl;
};

/* The process, as zxrun described it. */
struct scene {
	struct crash_input input;
	struct crash_map *maps;
	struct crash_module *infos;
	struct module *modules;
	const char *lib_dirs[CRASH_MAX_DIRS];
	const char *debug_dirs[CRASH_MAX_DIRS];
};

/* --- client.c: questions to zxrun; it ends the helper where zxrun is gone --- */
/* Reads one word of the program's memory. */
bool client__read_word(uint64_t addr, uint64_t *word);
/* The file that a module was mapped from, or -1. */
int client__file(uint32_t module);
void client__path(uint32_t module, const char *path);
__attribute__((format(printf, 1, 2))) void client__line(const char *format, ...);
/* @is_return: the frame will go on at @pc, and is in the instruction before that. */
void client__frame(uint32_t number, uint64_t pc, bool is_return);
void client__done(void);

/* --- files.c --- */
/* Opens what may be the file of @module, or its debug information, by the names that there are. */
void files__open(const struct scene *scene, struct module *module);
/* Gives the modules to @dwfl, each with the file that is right. */
void files__report(struct scene *scene, Dwfl *dwfl);
/* For struct Dwfl_Callbacks. */
int files__find_debuginfo(Dwfl_Module *mod, void **userdata, const char *name, Dwarf_Addr base,
			  const char *file, const char *debuglink, GElf_Word crc, char **path);

/* --- sandbox.c --- */
/* Limits on time and memory. */
void sandbox__limit(void);
/* From here on nothing can be opened, written, or started. Errors: false. */
bool sandbox__close(void);

/* --- unwind.c --- */
/* Prints the frames of the thread. */
void unwind__print(struct scene *scene, Dwfl *dwfl);

/* --- symbols.c --- */
/*
 * Prints frame @number: @pc as it is shown, and what is at @lookup, which is in the instruction
 * that the frame is at.
 */
void symbols__print(const struct scene *scene, Dwfl *dwfl, unsigned int number, uint64_t pc,
		    uint64_t lookup);
/* The map that holds @addr, or NULL. */
const struct crash_map *scene__map(const struct scene *scene, uint64_t addr);

#endif
