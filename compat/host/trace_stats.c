#include "compat/host/trace_stats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zxabi/calls.h>

#include "compat/host/trace_decode.h"

#define NS_PER_US 1000.0
#define NS_PER_SECOND 1e9

struct count {
	uint32_t nr;
	uint64_t calls;
	uint64_t failed;
	uint64_t ns;
};

static struct count counts[ZXCALL_COUNT];

void trace_stats__add(uint32_t nr, uint64_t ns, bool failed)
{
	__atomic_fetch_add(&counts[nr].calls, 1, __ATOMIC_RELAXED);
	__atomic_fetch_add(&counts[nr].ns, ns, __ATOMIC_RELAXED);
	if (failed)
		__atomic_fetch_add(&counts[nr].failed, 1, __ATOMIC_RELAXED);
}

static int compare(const void *a, const void *b)
{
	const struct count *x = a;
	const struct count *y = b;

	if (x->ns != y->ns)
		return x->ns < y->ns ? 1 : -1;
	return strcmp(trace_calls[x->nr].name, trace_calls[y->nr].name);
}

/* Those that were made, in the order of the table; their number. */
static size_t collect(struct count *rows, struct count *total)
{
	size_t used = 0;

	for (uint32_t nr = 0; nr < ZXCALL_COUNT; nr++) {
		struct count row = { .nr = nr };

		row.calls = __atomic_load_n(&counts[nr].calls, __ATOMIC_RELAXED);
		row.failed = __atomic_load_n(&counts[nr].failed, __ATOMIC_RELAXED);
		row.ns = __atomic_load_n(&counts[nr].ns, __ATOMIC_RELAXED);
		if (!row.calls)
			continue;
		rows[used++] = row;
		total->calls += row.calls;
		total->failed += row.failed;
		total->ns += row.ns;
	}
	qsort(rows, used, sizeof(*rows), compare);
	return used;
}

static void show_row(void (*put)(const char *bytes, size_t size), const struct count *row,
		     const struct count *total, const char *name)
{
	char line[160];
	char failed[24] = "";
	int size;

	if (row->failed)
		snprintf(failed, sizeof(failed), "%llu", (unsigned long long)row->failed);
	size = snprintf(line, sizeof(line), "%6.2f %13.6f %12.3f %10llu %10s %s\n",
			total->ns ? 100.0 * (double)row->ns / (double)total->ns : 0.0,
			(double)row->ns / NS_PER_SECOND,
			row->calls ? (double)row->ns / NS_PER_US / (double)row->calls : 0.0,
			(unsigned long long)row->calls, failed, name);
	put(line, (size_t)size);
}

void trace_stats__show(void (*put)(const char *bytes, size_t size))
{
	static const char head[] = "% time       seconds     us a call      calls     failed call\n";
	static const char rule[] =
		"------ ------------- ------------ ---------- ---------- ----------------\n";
	struct count rows[ZXCALL_COUNT];
	struct count total = { 0 };
	size_t used = collect(rows, &total);

	put(head, sizeof(head) - 1);
	put(rule, sizeof(rule) - 1);
	for (size_t i = 0; i < used; i++)
		show_row(put, &rows[i], &total, trace_calls[rows[i].nr].name);
	put(rule, sizeof(rule) - 1);
	show_row(put, &total, &total, "total");
}
