/* The report about an exception that nobody handles. */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zxabi/calls.h>

#include "compat/core/process.h"
#include "compat/core/suspend.h"
#include "compat/core/thread_context.h"
#include "compat/host/core_file.h"
#include "compat/host/crash.h"
#include "compat/host/host.h"
#include "compat/host/trace_decode.h"

#define SUSPEND_PATIENCE_NS 1000000000ll
#define SUSPEND_STEP_US 200

static struct crash_options options;
/* Reports under way: a futex. */
static uint32_t under_way;

void crash__set_options(const struct crash_options *wanted)
{
	options = *wanted;
}

void crash__wait(void)
{
	uint32_t count;

	while ((count = __atomic_load_n(&under_way, __ATOMIC_SEQ_CST)))
		host__futex_wait(&under_way, count, ZX_TIME_INFINITE);
}

void report__add(struct report *report, const char *format, ...)
{
	size_t room = sizeof(report->text) - report->used;
	va_list args;
	int size;

	va_start(args, format);
	size = vsnprintf(report->text + report->used, room, format, args);
	va_end(args);
	if (size > 0)
		report->used += (size_t)size < room ? (size_t)size : room - 1;
}

/* Where the exception was, for a report that nothing else tells of. */
static void add_place(struct report *report, const struct crash_scene *scene)
{
	uint64_t addr = scene->context->regs.rip;
	const struct host_map *map = host_maps__find(&scene->maps, addr);

	for (size_t i = 0; i < scene->num_modules; i++) {
		const struct crash_module *module = &scene->modules[i];

		if (addr >= module->base && addr < module->end) {
			report__add(report, "  #0   0x%016llx at %s+0x%llx\n",
				    (unsigned long long)addr, module->name,
				    (unsigned long long)(addr - module->bias));
			return;
		}
	}
	if (!map)
		report__add(report, "  #0   0x%016llx <not mapped>\n", (unsigned long long)addr);
	else
		report__add(report, "  #0   0x%016llx at %s+0x%llx\n", (unsigned long long)addr,
			    map->name[0] ? map->name : "<anonymous>",
			    (unsigned long long)(addr - map->base + map->offset));
}

static void add_backtrace(struct report *report, struct crash_scene *scene)
{
	size_t before = report->used;
	const char *why;

	if (crash_helper__backtrace(scene, &options, report, &why))
		return;
	if (report->used == before)
		add_place(report, scene);
	report__add(report, "  (the backtrace is not complete: %s)\n", why);
}

static void add_module(struct report *report, const struct crash_module *module, const char *path)
{
	char text[CRASH_TEXT_MAX];

	report__add(report, "    0x%016llx %s", (unsigned long long)module->base, module->name);
	if (module->build_id_size)
		report__add(report, ", build-id ");
	for (uint32_t j = 0; j < module->build_id_size; j++)
		report__add(report, "%02x", module->build_id[j]);
	snprintf(text, sizeof(text), "%s", path);
	host__clean(text);
	report__add(report, "%s%s\n", text[0] ? ", " : "", text);
}

static void add_modules(struct report *report, const struct crash_scene *scene)
{
	if (scene->num_modules)
		report__add(report, "  modules\n");
	for (size_t i = 0; i < scene->num_modules; i++)
		add_module(report, &scene->modules[i], scene->paths[i]);
}

static void add_registers(struct report *report, const struct zxabi_registers *r)
{
	const struct {
		const char *name;
		uint64_t value;
	} rows[] = {
		{ "rax", r->rax }, { "rbx", r->rbx }, { "rcx", r->rcx },    { "rdx", r->rdx },
		{ "rsi", r->rsi }, { "rdi", r->rdi }, { "rbp", r->rbp },    { "rsp", r->rsp },
		{ " r8", r->r8 },  { " r9", r->r9 },  { "r10", r->r10 },    { "r11", r->r11 },
		{ "r12", r->r12 }, { "r13", r->r13 }, { "r14", r->r14 },    { "r15", r->r15 },
		{ "rip", r->rip }, { "efl", r->rflags },
		{ " fs", r->fs_base }, { " gs", r->gs_base },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		report__add(report, "%s%s 0x%016llx%s", "  ", rows[i].name,
			    (unsigned long long)rows[i].value, i % 4 == 3 ? "\n" : "");
}

static void begin(struct report *report, const char *what, struct thread *thread)
{
	struct process *process = thread->process;
	char name[ZX_MAX_NAME_LEN];

	report->used = 0;
	report__add(report, "zxrun: %s process %s (%llu), ", what,
		    host__printable(name, process->name), (unsigned long long)process->object.koid);
	report__add(report, "thread %s (%llu)\n", host__printable(name, thread->name),
		    (unsigned long long)thread->object.koid);
}

static void end(const struct report *report)
{
	if (write(STDERR_FILENO, report->text, report->used) < 0)
		return; /* nowhere left to say it */
}

/* Only the first exception of a process is reported: it ends the process. */
static bool mark_crashed(struct process *process)
{
	struct host_process *host = process->host;
	bool first;

	object__lock(&process->object);
	first = process->state < PROCESS_DYING && !host->crashed;
	host->crashed |= first;
	object__unlock(&process->object);
	return first;
}

/* Whether the registers of all threads but @self are known. */
static bool all_suspended(struct process *process, const struct thread *self)
{
	struct thread *thread;
	bool all = true;

	object__lock(&process->object);
	list_for_each(thread, &process->threads, process_node) {
		if (thread == self)
			continue;
		object__lock(&thread->object);
		all &= thread->state != THREAD_RUNNING || thread->context;
		object__unlock(&thread->object);
	}
	object__unlock(&process->object);
	return all;
}

/*
 * Brings all other threads to where they stand still, hold no locks by a call that waits for the
 * shim, and have registers for a core file. False where one does not come, however hostile.
 */
static bool suspend_others(struct thread *self)
{
	zx_time_t deadline = host__monotonic() + SUSPEND_PATIENCE_NS;
	struct suspend_token *token;
	bool all;

	if (suspend_token__create(&self->process->object, &token) != ZX_OK)
		return false;
	while (!(all = all_suspended(self->process, self)) && host__monotonic() < deadline)
		usleep(SUSPEND_STEP_US);
	/* It was never a handle's: what it holds ends with the process. */
	object__put(&token->object);
	return all;
}

/* Another thread may be in the middle of a call then: see host__overdue(). */
static void stop_process(struct host_process *host)
{
	pthread_mutex_lock(&host->lock);
	host->stopped = true;
	if (host->pid > 0)
		kill(host->pid, SIGSTOP);
	pthread_mutex_unlock(&host->lock);
}

static bool scene__init(struct crash_scene *scene)
{
	scene->modules = calloc(CRASH_MAX_MODULES, sizeof(*scene->modules));
	scene->first = calloc(CRASH_MAX_MODULES, sizeof(*scene->first));
	scene->paths = calloc(CRASH_MAX_MODULES, sizeof(*scene->paths));
	if (!scene->modules || !scene->first || !scene->paths ||
	    !host_maps__collect(&scene->maps, scene->thread->process))
		return false;
	scene->num_modules = host_maps__modules(&scene->maps, scene->thread->process,
						scene->modules, scene->first, CRASH_MAX_MODULES);
	return true;
}

static void scene__free(struct crash_scene *scene)
{
	host_maps__free(&scene->maps);
	free(scene->modules);
	free(scene->first);
	free(scene->paths);
}

/* @whole: there was memory to find out what lies where in the process. */
static void report_scene(struct report *report, struct crash_scene *scene, bool whole)
{
	if (whole)
		add_backtrace(report, scene);
	if (!scene->context->no_registers)
		add_registers(report, &scene->context->regs);
	if (whole)
		add_modules(report, scene);
	if (whole && options.markup)
		crash_markup__add(report, scene);
	if (whole && options.core)
		core_file__write(scene, options.core, report);
}

static void begin_report(struct report *report, struct thread *thread)
{
	/* Nothing of the process changes while it is told of; it is killed next. */
	if (!suspend_others(thread))
		stop_process(thread->process->host);
	begin(report, "unhandled exception in", thread);
	report__add(report, "  ");
}

/* Who comes second ends the process too, and so waits until the first one has told of it. */
static void wait_for_report(struct process *process)
{
	struct host_process *host = process->host;
	bool crashed;

	object__lock(&process->object);
	crashed = host->crashed;
	object__unlock(&process->object);
	while (crashed && !__atomic_load_n(&host->reported, __ATOMIC_SEQ_CST))
		host__futex_wait(&host->reported, 0, ZX_TIME_INFINITE);
}

/* Whether there is something to report; then leave() has to follow. */
static bool enter(struct thread *thread)
{
	__atomic_fetch_add(&under_way, 1, __ATOMIC_SEQ_CST);
	if (mark_crashed(thread->process))
		return true;
	__atomic_fetch_sub(&under_way, 1, __ATOMIC_SEQ_CST);
	host__futex_wake(&under_way, INT32_MAX);
	wait_for_report(thread->process);
	return false;
}

static void leave(struct thread *thread)
{
	struct host_process *host = thread->process->host;

	__atomic_store_n(&host->reported, 1, __ATOMIC_SEQ_CST);
	host__futex_wake(&host->reported, INT32_MAX);
	__atomic_fetch_sub(&under_way, 1, __ATOMIC_SEQ_CST);
	host__futex_wake(&under_way, INT32_MAX);
}

void host__crash_report(struct thread *thread, const struct zxabi_exception *exception,
			const struct thread_context *context)
{
	struct crash_scene scene = {
		.thread = thread,
		.exception = *exception,
		.context = context,
	};
	struct report report;
	bool whole;

	if (!enter(thread))
		return;
	begin_report(&report, thread);
	whole = scene__init(&scene);
	crash_kind__add(&report, &scene);
	report_scene(&report, &scene, whole);
	scene__free(&scene);
	end(&report);
	leave(thread);
}

void host__backtrace_report(struct thread *thread, const struct zxabi_exception *exception,
			    const struct thread_context *context)
{
	struct crash_scene scene = {
		.thread = thread,
		.exception = *exception,
		.context = context,
	};
	struct report report;

	__atomic_fetch_add(&under_way, 1, __ATOMIC_SEQ_CST);
	begin(&report, "backtrace, asked for by", thread);
	if (scene__init(&scene))
		add_backtrace(&report, &scene);
	if (options.markup)
		crash_markup__add(&report, &scene);
	scene__free(&scene);
	end(&report);
	__atomic_fetch_sub(&under_way, 1, __ATOMIC_SEQ_CST);
	host__futex_wake(&under_way, INT32_MAX);
}

/*
 * Of a thread that is still in its call: where it made it. Other registers are as dead as they are
 * for its compiler, or not told to anybody.
 */
static bool caller_context(struct thread *thread, struct thread_context *context)
{
	struct worker *worker = thread->host;

	*context = (struct thread_context){ .no_registers = true };
	if (!worker)
		return false;
	context->regs.rbp = __atomic_load_n(&worker->slot->caller_rbp, __ATOMIC_RELAXED);
	context->regs.rip = __atomic_load_n(&worker->slot->caller_rip, __ATOMIC_RELAXED);
	/* Behind rbp and where the call returns to. */
	context->regs.rsp = __atomic_load_n(&worker->slot->caller, __ATOMIC_RELAXED) + 16;
	return true;
}

/* Most exceptions of calls are raised when the call has ended, and all registers are known. */
static bool call_context(struct thread *thread, struct thread_context *context)
{
	bool known;

	object__lock(&thread->object);
	known = thread->context && !thread->context->no_registers;
	if (known)
		*context = *thread->context;
	object__unlock(&thread->object);
	return known || caller_context(thread, context);
}

void host__report_exception(struct thread *thread, const char *what)
{
	struct zxabi_exception exception = { .signal = SIGSYS };
	struct thread_context context;
	struct crash_scene scene = {
		.thread = thread,
		.exception = exception,
		.context = &context,
	};
	struct report report;

	if (!enter(thread))
		return;
	begin_report(&report, thread);
	report__add(&report, "%s, in %s\n", what,
		    thread->call < ZXCALL_COUNT ? trace_calls[thread->call].name : "a call");
	if (call_context(thread, &context))
		report_scene(&report, &scene, scene__init(&scene));
	scene__free(&scene);
	end(&report);
	leave(thread);
}
