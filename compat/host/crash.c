/* The report about an exception that nobody handles. */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zircon/syscalls/exception.h>
#include <zxabi/calls.h>
#include <zxabi/trace.h>

#include "compat/core/vmar.h"
#include "compat/host/host.h"

/* Bits of a page fault's error code. */
#define FAULT_PRESENT 1
#define FAULT_WRITE 2
#define FAULT_FETCH 16

static const struct zxabi_trace calls[ZXCALL_COUNT] = {
#include <zxabi/trace.inc>
};

struct report {
	char text[4096];
	size_t used;
};

__attribute__((format(printf, 2, 3))) static void add(struct report *report, const char *format,
						      ...)
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

static void add_kind(struct report *report, const struct zxabi_exception *exception)
{
	switch (host__exception_type(exception)) {
	case ZX_EXCP_FATAL_PAGE_FAULT:
		add(report, "fatal page fault: %s of address 0x%llx (%s)\n",
		    exception->error & FAULT_FETCH   ? "execution"
		    : exception->error & FAULT_WRITE ? "write"
						     : "read",
		    (unsigned long long)exception->address,
		    exception->signal == SIGBUS		? "behind the end of the VMO"
		    : exception->error & FAULT_PRESENT ? "access not allowed"
						       : "not mapped");
		break;
	case ZX_EXCP_UNDEFINED_INSTRUCTION:
		add(report, "undefined instruction\n");
		break;
	case ZX_EXCP_SW_BREAKPOINT:
		add(report, "software breakpoint\n");
		break;
	case ZX_EXCP_HW_BREAKPOINT:
		add(report, "hardware breakpoint or single step\n");
		break;
	case ZX_EXCP_UNALIGNED_ACCESS:
		add(report, "unaligned access\n");
		break;
	case ZX_EXCP_POLICY_ERROR:
		add(report, "policy error: system call %llu from outside the vDSO\n",
		    (unsigned long long)exception->syscall);
		break;
	default:
		add(report, "general exception (vector %llu)\n",
		    (unsigned long long)exception->trap);
	}
}

/* "NAME+0xOFFSET" of @addr, by the VMO that is mapped there. */
static void add_module(struct report *report, struct process *process, uint64_t addr)
{
	char name[ZX_MAX_NAME_LEN];
	struct mapping *mapping;

	mutex__lock(&process->aspace_lock);
	mapping = process->root_vmar ? vmar__find_mapping(process, addr) : NULL;
	if (mapping) {
		const struct vmar *module = mapping->region.parent;
		/* A loaded module has a VMAR of its own that begins at its first segment. */
		uint64_t base = module == process->root_vmar
					? mapping->region.base - mapping->vmo_offset
					: module->region.base;

		add(report, "%s+0x%llx",
		    host__printable(name, mapping->vmo->name[0] ? mapping->vmo->name : "<anonymous>"),
		    (unsigned long long)(addr - base));
	} else {
		add(report, "<not mapped>");
	}
	mutex__unlock(&process->aspace_lock);
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
		add(report, "%s%s 0x%016llx", i % 4 ? "  " : "\n  ", rows[i].name,
		    (unsigned long long)rows[i].value);
	add(report, "\n");
}

static void begin(struct report *report, struct thread *thread)
{
	struct process *process = thread->process;
	char name[ZX_MAX_NAME_LEN];

	report->used = 0;
	add(report, "zxrun: unhandled exception in process %s (%llu), ",
	    host__printable(name, process->name), (unsigned long long)process->object.koid);
	add(report, "thread %s (%llu)\n  ", host__printable(name, thread->name),
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

void host__crash_report(struct thread *thread, const struct zxabi_exception *exception,
			const struct thread_context *context)
{
	struct report report;

	if (!mark_crashed(thread->process))
		return;
	begin(&report, thread);
	add_kind(&report, exception);
	add(&report, "  at 0x%llx = ", (unsigned long long)context->regs.rip);
	add_module(&report, thread->process, context->regs.rip);
	add_registers(&report, &context->regs);
	end(&report);
}

void host__report_exception(struct thread *thread, const char *what)
{
	struct report report;

	if (!mark_crashed(thread->process))
		return;
	begin(&report, thread);
	add(&report, "%s, in %s\n", what,
	    thread->call < ZXCALL_COUNT ? calls[thread->call].name : "a call");
	end(&report);
}
