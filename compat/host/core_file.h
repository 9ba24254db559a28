/* Core files: a process as it was when an exception ended it, in the form that Linux has for it. */
#ifndef COMPAT_HOST_CORE_FILE_H
#define COMPAT_HOST_CORE_FILE_H

#include "compat/host/crash.h"

struct process;

/* False where @pattern has a % that means nothing. */
bool core_file__check(const char *pattern);
/*
 * Writes the process of @scene to the file that @pattern names: "%p" is its koid, "%e" its name.
 * Adds to @report what became of it.
 */
void core_file__write(const struct crash_scene *scene, const char *pattern, struct report *report);

/* --- core_notes.c --- */

/* A buffer of notes that grows; @failed once there was no memory. */
struct core_notes {
	char *data;
	size_t size;
	size_t room;
	bool failed;
};

/* All that a core file says beside memory; free(notes->data). */
void core_notes__make(struct core_notes *notes, const struct crash_scene *scene);

#endif
