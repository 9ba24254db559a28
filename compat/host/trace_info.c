/* Buffers whose contents another argument tells: topics of information, properties, registers. */
#include <string.h>

#include "compat/host/trace_layout.h"
#include <zircon/syscalls/clock.h>

/* Which set an argument has that tells of a buffer, and what its values mean. */
static const struct subject {
	const char *set;
	unsigned shift; /* of the number in the value */
	const struct trace_layout *layouts;
} subjects[] = {
	{ "clock_create", ZX_CLOCK_ARGS_VERSION_SHIFT, trace_clock_create_args },
	{ "clock_details", ZX_CLOCK_ARGS_VERSION_SHIFT, trace_clock_details },
	{ "clock_update", ZX_CLOCK_ARGS_VERSION_SHIFT, trace_clock_update_args },
	{ "info_topic", 0, trace_topics },
	{ "job_policy", 0, trace_policies },
	{ "property", 0, trace_properties },
	{ "thread_state", 0, trace_thread_states },
	{ "vcpu_state", 0, trace_vcpu_states },
};

static const struct trace_layout *find_layout(const struct trace_view *view)
{
	for (unsigned i = 0; i < view->call->nargs; i++) {
		const char *set = view->call->args[i].set;

		for (size_t j = 0; set && j < sizeof(subjects) / sizeof(subjects[0]); j++)
			if (!strcmp(set, subjects[j].set))
				return trace_layout__find(
					subjects[j].layouts,
					(uint32_t)(view->args[i] >> subjects[j].shift),
					view->thread->process->era);
	}
	return NULL;
}

/* The argument @name, or -1. */
static int find_arg(const struct trace_view *view, const char *name)
{
	for (unsigned i = 0; i < view->call->nargs; i++)
		if (!strcmp(view->call->args[i].name, name))
			return (int)i;
	return -1;
}

/* Of a list there is room for more than the call found: false where nobody is told how many. */
static bool cut_to_actual(const struct trace_view *view, const struct trace_layout *layout,
			  uint64_t addr, uint64_t *size)
{
	int index = find_arg(view, "actual");
	uint64_t actual;

	if (index < 0 || trace_view__is_carried(view, addr))
		return true;
	if (trace_view__fetch(view, &actual, view->args[index], sizeof(actual)) != sizeof(actual))
		return false;
	if (actual < *size / layout->record)
		*size = actual * layout->record;
	return true;
}

bool trace_info__add(struct trace_view *view, struct trace_line *line, uint64_t addr, uint64_t size)
{
	const struct trace_layout *layout = find_layout(view);

	return layout && (!layout->record || cut_to_actual(view, layout, addr, &size)) &&
	       trace_layout__add(view, line, layout, addr, size);
}

bool trace_info__add_unsized(struct trace_view *view, struct trace_line *line, unsigned index)
{
	const struct trace_layout *layout = find_layout(view);
	uint64_t size;

	if (!layout || !view->args[index])
		return false;
	size = trace_layout__reach(layout);
	/* How many there are is told by the argument behind the list. */
	if (layout->record)
		size = (uint64_t)layout->record * (uint32_t)view->args[index + 1];
	return trace_layout__add(view, line, layout, view->args[index], size);
}
