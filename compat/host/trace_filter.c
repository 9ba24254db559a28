#include "compat/host/trace_filter.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "compat/host/trace_decode.h"

#define PREFIX "zx_"
#define MAX_TERM 64
#define MAX_GLOBS 12

/* Categories, by the names of their calls. */
static const struct category {
	const char *name;
	const char *globs[MAX_GLOBS];
} categories[] = {
	{ "device", { "bti_*", "framebuffer_*", "interrupt_*", "iommu_*", "ioports_*", "msi_*",
		      "pc_firmware_tables", "pci_*", "pmt_*", "smc_*" } },
	{ "guest", { "guest_*", "vcpu_*" } },
	{ "handle", { "handle_*", "object_*" } },
	{ "ipc", { "channel_*", "eventpair_*", "event_*", "fifo_*", "futex_*", "iob_*", "port_*",
		   "socket_*" } },
	{ "log", { "debug*", "ktrace_*", "log_*", "mtrace_*" } },
	{ "memory", { "pager_*", "vmar_*", "vmo_*" } },
	{ "task", { "exception_*", "job_*", "process_*", "restricted_*", "task_*", "thread_*" } },
	{ "time", { "clock_*", "nanosleep", "timer_*" } },
};

/* A comma-separated part of a filter. */
struct term {
	char text[MAX_TERM];
	bool removes;
};

static bool glob_matches(const char *glob, const struct zxabi_trace *call)
{
	return !fnmatch(glob, call->name + strlen(PREFIX), 0);
}

static bool in_category(const char *name, const struct zxabi_trace *call)
{
	if (!strcmp(name, "blocking"))
		return call->flags & ZXABI_TRACE_BLOCKING;
	for (size_t i = 0; i < sizeof(categories) / sizeof(categories[0]); i++) {
		if (strcmp(categories[i].name, name))
			continue;
		for (size_t j = 0; j < MAX_GLOBS && categories[i].globs[j]; j++)
			if (glob_matches(categories[i].globs[j], call))
				return true;
	}
	return false;
}

static bool term_matches(const char *term, const struct zxabi_trace *call)
{
	if (*term == '%')
		return in_category(term + 1, call);
	if (!strncmp(term, PREFIX, strlen(PREFIX)))
		term += strlen(PREFIX);
	return glob_matches(term, call);
}

/* False where no call is meant. */
static bool apply(struct trace_filter *filter, const struct term *term)
{
	bool any = false;

	for (size_t nr = 0; nr < ZXCALL_COUNT; nr++) {
		if (!term_matches(term->text, &trace_calls[nr]))
			continue;
		filter->calls[nr] = !term->removes;
		any = true;
	}
	return any;
}

/* Terms about the outcome choose no calls. */
static bool apply_outcome(struct trace_filter *filter, const struct term *term)
{
	if (strcmp(term->text, "%failed"))
		return false;
	if (term->removes)
		filter->hide_failed = true;
	else
		filter->hide_succeeded = true;
	return true;
}

/* The term at @text, up to a comma; how long it was with that. */
static size_t take_term(const char *text, struct term *term)
{
	size_t size = strcspn(text, ",");
	size_t skip;

	term->removes = *text == '!';
	skip = term->removes;
	snprintf(term->text, sizeof(term->text), "%.*s", (int)(size - skip), text + skip);
	return size + (text[size] == ',');
}

static void choose_all(struct trace_filter *filter, bool chosen)
{
	for (size_t nr = 0; nr < ZXCALL_COUNT; nr++)
		filter->calls[nr] = chosen;
}

bool trace_filter__parse(struct trace_filter *filter, const char *text, char *error, size_t size)
{
	const char *all = text;
	bool first = true;
	struct term term;

	memset(filter, 0, sizeof(*filter));
	choose_all(filter, true);
	if (!text)
		return true;
	do {
		text += take_term(text, &term);
		if (!term.text[0]) {
			snprintf(error, size, "--trace '%s' has an empty part", all);
			return false;
		}
		if (apply_outcome(filter, &term))
			continue;
		/* What is left out is left out of all, what is named is named among none. */
		if (first)
			choose_all(filter, term.removes);
		first = false;
		if (!apply(filter, &term)) {
			snprintf(error, size, "--trace: no call is meant by '%s'", term.text);
			return false;
		}
	} while (*text || text[-1] == ',');
	return true;
}
