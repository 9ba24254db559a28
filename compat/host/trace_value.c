/* Single values as text: handles, times, numbers with names. */
#include <string.h>

#include "compat/core/vmo.h"
#include "compat/host/host.h"
#include "compat/host/trace_decode.h"

#define NS_PER_SECOND 1000000000ll

/* Of formats that have one set of names. */
static const struct trace_set *format_sets[ZXABI_FORMAT_STRUCT + 1];

void trace_value__init(void)
{
	format_sets[ZXABI_FORMAT_STATUS] = trace_set__find("status");
	format_sets[ZXABI_FORMAT_RIGHTS] = trace_set__find("rights");
	format_sets[ZXABI_FORMAT_OBJECT_TYPE] = trace_set__find("object_type");
	format_sets[ZXABI_FORMAT_CLOCK] = trace_set__find("clock");
	format_sets[ZXABI_FORMAT_VM_OPTION] = trace_set__find("vm_option");
	format_sets[ZXABI_FORMAT_SEEK_ORIGIN] = trace_set__find("seek_origin");
}

static const char *object_name(struct object *object)
{
	switch (object->type) {
	case ZX_OBJ_TYPE_PROCESS:
		return ((struct process *)object)->name;
	case ZX_OBJ_TYPE_THREAD:
		return ((struct thread *)object)->name;
	case ZX_OBJ_TYPE_VMO:
		return ((struct vmo *)object)->name;
	case ZX_OBJ_TYPE_JOB:
		return ((struct job *)object)->name;
	default:
		return "";
	}
}

static void add_object(struct trace_line *line, struct object *object)
{
	char name[ZX_MAX_NAME_LEN];

	object__lock(object);
	memcpy(name, object_name(object), strlen(object_name(object)) + 1);
	object__unlock(object);
	trace_line__add(line, "<");
	trace_line__add(line, object__ops(object->type)->name);
	trace_line__add(line, " ");
	trace_line__decimal(line, object->koid);
	if (name[0]) {
		trace_line__add(line, " ");
		trace_line__quoted(line, name, strlen(name), false);
	}
	trace_line__add(line, ">");
}

void trace_view__add_handle(struct trace_view *view, struct trace_line *line, zx_handle_t handle,
			    uint32_t *out_type)
{
	struct object *object;

	if (!handle) {
		trace_line__add(line, "ZX_HANDLE_INVALID");
		return;
	}
	trace_line__hex(line, handle);
	object = handle__look(view->thread->process, handle);
	if (!object) {
		trace_line__add(line, "<bad>");
		return;
	}
	add_object(line, object);
	if (out_type)
		*out_type = object->type;
	object__put(object);
}

/* Seconds, without zeros at the end. */
static void add_seconds(struct trace_line *line, int64_t ns)
{
	uint64_t size = ns < 0 ? -(uint64_t)ns : (uint64_t)ns;
	uint64_t rest = size % NS_PER_SECOND;
	char digits[9];
	size_t used = 9;

	trace_line__add(line, ns < 0 ? "-" : "");
	trace_line__decimal(line, size / NS_PER_SECOND);
	for (size_t i = used; i-- > 0; rest /= 10)
		digits[i] = (char)('0' + rest % 10);
	while (used && digits[used - 1] == '0')
		used--;
	trace_line__add(line, used ? "." : "");
	trace_line__bytes(line, digits, used);
	trace_line__add(line, "s");
}

static void add_time(struct trace_view *view, struct trace_line *line, int64_t time)
{
	int64_t left;

	if (time == ZX_TIME_INFINITE)
		trace_line__add(line, "ZX_TIME_INFINITE");
	else if (time == ZX_TIME_INFINITE_PAST)
		trace_line__add(line, "ZX_TIME_INFINITE_PAST");
	else
		add_seconds(line, time);
	/* A deadline of the clock that has most of them. */
	if (view->after || time == ZX_TIME_INFINITE || time <= 0)
		return;
	left = time - host__monotonic();
	trace_line__add(line, left < 0 ? "(" : "(+");
	add_seconds(line, left / 1000 * 1000);
	trace_line__add(line, ")");
}

static int64_t extend(uint64_t value, unsigned size)
{
	unsigned shift = size && size < 8 ? 64 - 8 * size : 0;

	return (int64_t)(value << shift) >> shift;
}

uint64_t trace_value__cut(uint64_t value, unsigned size)
{
	return size && size < 8 ? value & ((1ull << (8 * size)) - 1) : value;
}

/* Some statuses are numbers of programs' own. */
static void add_status(struct trace_line *line, const struct trace_set *set, int64_t status,
		       uint32_t era)
{
	const char *name = set ? trace_set__name(set, (uint64_t)status, era) : NULL;

	if (name)
		trace_line__add(line, name);
	else
		trace_line__signed(line, status);
}

void trace_view__add_value(struct trace_view *view, struct trace_line *line, unsigned format,
			   const struct trace_set *set, unsigned size, uint64_t value)
{
	uint32_t era = view->thread->process->era;

	if (!set)
		set = format_sets[format];
	switch (format) {
	case ZXABI_FORMAT_HANDLE:
		trace_view__add_handle(view, line, (zx_handle_t)value, NULL);
		return;
	case ZXABI_FORMAT_TIME:
		add_time(view, line, (int64_t)value);
		return;
	case ZXABI_FORMAT_DURATION:
		add_seconds(line, (int64_t)value);
		return;
	case ZXABI_FORMAT_SIGNED:
	case ZXABI_FORMAT_TICKS:
		trace_line__signed(line, extend(value, size));
		return;
	case ZXABI_FORMAT_STATUS:
		add_status(line, set, extend(value, size), era);
		return;
	case ZXABI_FORMAT_BOOL:
		trace_line__add(line, value & 0xff ? "true" : "false");
		return;
	case ZXABI_FORMAT_SIGNALS:
		trace_set__add_signals(line, view->type, trace_value__cut(value, size), era);
		return;
	case ZXABI_FORMAT_ONE:
	case ZXABI_FORMAT_OBJECT_TYPE:
	case ZXABI_FORMAT_CLOCK:
	case ZXABI_FORMAT_SEEK_ORIGIN:
		trace_set__add_one(line, set, trace_value__cut(value, size), era);
		return;
	case ZXABI_FORMAT_BITS:
	case ZXABI_FORMAT_RIGHTS:
	case ZXABI_FORMAT_VM_OPTION:
		trace_set__add_bits(line, set, trace_value__cut(value, size), era);
		return;
	case ZXABI_FORMAT_ADDRESS:
		trace_line__hex(line, value);
		return;
	default:
		trace_line__decimal(line, trace_value__cut(value, size));
		return;
	}
}
