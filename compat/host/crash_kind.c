/* What kind of exception a crash report is about. */
#include <signal.h>
#include <zircon/syscalls/exception.h>

#include "compat/core/thread_context.h"
#include "compat/host/crash.h"
#include "compat/host/host.h"

/* Bits of a page fault's error code. */
#define FAULT_PRESENT 1
#define FAULT_WRITE 2
#define FAULT_FETCH 16

/* How far from a stack's end an access is taken for one of that stack. */
#define STACK_GUARD (1ull << 20)
#define PAGE 4096ull

/* The machine's name for what has no type of its own. */
static const char *vector_name(uint64_t vector)
{
	static const char *const names[] = {
		[0] = "division by zero, or too large a result",
		[4] = "overflow",
		[5] = "bound range exceeded",
		[11] = "segment not present",
		[12] = "stack segment fault",
		[13] = "general protection, as for an address that is not canonical",
		[16] = "x87 floating point error",
		[19] = "SIMD floating point error",
	};

	return vector < sizeof(names) / sizeof(names[0]) ? names[vector] : NULL;
}

/* The first mapping above @addr, which is in none. */
static const struct host_map *next_map(const struct host_maps *maps, uint64_t addr)
{
	for (size_t i = 0; i < maps->count; i++)
		if (maps->list[i].base > addr)
			return &maps->list[i];
	return NULL;
}

/* Whether the access was below the end of the stack that the thread is at the end of. */
static bool is_stack_overflow(const struct crash_scene *scene)
{
	uint64_t addr = scene->exception.address;
	uint64_t sp = scene->context->regs.rsp;
	const struct host_map *stack = next_map(&scene->maps, addr);

	return stack && stack->prot & HOST_PROT_WRITE && stack->base - addr <= STACK_GUARD &&
	       sp < stack->base + PAGE && sp + STACK_GUARD > addr;
}

static bool is_allowed(const struct host_map *map, uint64_t error)
{
	uint32_t needed = error & FAULT_FETCH ? HOST_PROT_EXEC :
			  error & FAULT_WRITE ? HOST_PROT_WRITE :
						HOST_PROT_READ;

	return map->prot & needed;
}

static const char *fault_reason(const struct crash_scene *scene)
{
	const struct zxabi_exception *exception = &scene->exception;
	const struct host_map *map = host_maps__find(&scene->maps, exception->address);

	if (exception->signal == SIGBUS)
		return "behind the end of the VMO";
	if (exception->error & FAULT_PRESENT || (map && !is_allowed(map, exception->error)))
		return "access not allowed";
	if (map)
		return "mapped, but the page cannot be had";
	return is_stack_overflow(scene) ? "not mapped; the stack has overflowed" : "not mapped";
}

static void add_general(struct report *report, uint64_t vector)
{
	const char *name = vector_name(vector);

	report__add(report, "general exception%s%s (vector %llu)\n", name ? ": " : "",
		    name ? name : "", (unsigned long long)vector);
}

void crash_kind__add(struct report *report, const struct crash_scene *scene)
{
	const struct zxabi_exception *exception = &scene->exception;

	switch (host__exception_type(exception)) {
	case ZX_EXCP_FATAL_PAGE_FAULT:
		report__add(report, "fatal page fault: %s of address 0x%llx (%s)\n",
			    exception->error & FAULT_FETCH   ? "execution"
			    : exception->error & FAULT_WRITE ? "write"
							     : "read",
			    (unsigned long long)exception->address, fault_reason(scene));
		break;
	case ZX_EXCP_UNDEFINED_INSTRUCTION:
		report__add(report, "undefined instruction\n");
		break;
	case ZX_EXCP_SW_BREAKPOINT:
		report__add(report, "software breakpoint\n");
		break;
	case ZX_EXCP_HW_BREAKPOINT:
		report__add(report, "hardware breakpoint or single step\n");
		break;
	case ZX_EXCP_UNALIGNED_ACCESS:
		report__add(report, "unaligned access\n");
		break;
	case ZX_EXCP_POLICY_ERROR:
		report__add(report, "policy error: system call %llu from outside the vDSO\n",
			    (unsigned long long)exception->syscall);
		break;
	default:
		add_general(report, exception->trap);
	}
}
