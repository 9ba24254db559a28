/* What checks of stopped threads share: threads that can be seen to run, here or elsewhere. */
#ifndef CONFORMANCE_TASKS_H
#define CONFORMANCE_TASKS_H

#include "conformance.h"
#include "twin.h"

/* Suspends a thread or a process until the token is closed. */
zx_handle_t suspend(zx_handle_t task);
/* The same with a thread, and waits until it has stopped. */
zx_handle_t suspend_and_wait(zx_handle_t thread);

/* Waits for a signal of a task. */
void until_signal(zx_handle_t handle, zx_signals_t signal);

/*
 * A thread of this process that runs all the time and calls nothing, until end_spinner(). It gives
 * up after some seconds, so that a check that fails has an end.
 */
zx_handle_t start_spinner(void);
/* A thread of that kind that is not started, and its start. */
zx_handle_t make_spinner(void);
void run_spinner(void);
void end_spinner(void);
/* Whether it runs: waits until it does. */
bool spinner_runs(void);
/* Whether it stands still for some time. */
bool spinner_stands(void);

/* One more thread of a twin that runs, which executes `fn` with `arg` in the twin's memory. */
zx_handle_t twin__add_thread(struct twin *twin, void (*fn)(uintptr_t arg), uintptr_t arg);
/* The same without its start. */
zx_handle_t twin__make_thread(struct twin *twin, zx_vaddr_t *stack);

/* What a twin has in a variable of this program. */
uint64_t twin__peek(const struct twin *twin, const volatile uint64_t *variable);
void twin__poke(const struct twin *twin, volatile uint64_t *variable, uint64_t value);

/* Kills a task, and waits for its end. */
void kill_and_wait(zx_handle_t task);

/* A thread of the program, or a process below it, that has ended. */
zx_handle_t dead_thread(void);
zx_handle_t dead_process(void);
/* A thread that is not started. */
zx_handle_t idle_thread(void);
/* A process that is not started. */
zx_handle_t idle_process(zx_handle_t job);

#endif
