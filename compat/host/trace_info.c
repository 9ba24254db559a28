/* Buffers whose contents another argument tells: topics of information, and properties. */
#include <stddef.h>
#include <string.h>
#include <zircon/eras.h>
#include <zircon/syscalls/object.h>

#include "compat/host/trace_decode.h"

#define MAX_MEMBERS 5
#define MAX_RECORDS 8
#define LARGEST 64

struct member {
	const char *name; /* NULL: no more */
	uint16_t offset;
	uint8_t size;
	uint8_t format; /* enum zxabi_format */
	const char *set;
};

struct layout {
	uint32_t number; /* of the topic or property */
	uint32_t size;	 /* of a record, or of the part of it that all dates have */
	uint32_t record; /* of a whole record of several; 0: there is one */
	struct member members[MAX_MEMBERS];
};

#define MEMBER(type, name, format, set)                                                           \
	{ #name, offsetof(type, name), sizeof(((type *)0)->name), ZXABI_FORMAT_##format, set }
/* A value without a name. */
#define VALUE(size, format, set) { { "", 0, size, ZXABI_FORMAT_##format, set } }

static const struct layout topics[] = {
	{ ZX_INFO_HANDLE_BASIC, offsetof(zx_info_handle_basic_t, props), 0, {
		MEMBER(zx_info_handle_basic_t, koid, KOID, NULL),
		MEMBER(zx_info_handle_basic_t, rights, RIGHTS, NULL),
		MEMBER(zx_info_handle_basic_t, type, OBJECT_TYPE, NULL),
		MEMBER(zx_info_handle_basic_t, related_koid, KOID, NULL) } },
	{ ZX_INFO_PROCESS, offsetof(zx_info_process_t, padding1), 0, {
		MEMBER(zx_info_process_t, return_code, SIGNED, NULL),
		MEMBER(zx_info_process_t, started, BOOL, NULL),
		MEMBER(zx_info_process_t, exited, BOOL, NULL),
		MEMBER(zx_info_process_t, debugger_attached, BOOL, NULL) } },
	{ ZX_INFO_PROCESS_V2, offsetof(zx_info_process_v2_t, padding1), 0, {
		MEMBER(zx_info_process_v2_t, return_code, SIGNED, NULL),
		MEMBER(zx_info_process_v2_t, start_time, TIME, NULL),
		MEMBER(zx_info_process_v2_t, flags, BITS, "process_flag") } },
	{ ZX_INFO_THREAD, sizeof(zx_info_thread_2018_t), 0, {
		MEMBER(zx_info_thread_t, state, ONE, "thread_is"),
		MEMBER(zx_info_thread_t, wait_exception_channel_type, UNSIGNED, NULL) } },
	{ ZX_INFO_VMAR, sizeof(zx_info_vmar_t), 0, {
		MEMBER(zx_info_vmar_t, base, ADDRESS, NULL),
		MEMBER(zx_info_vmar_t, len, SIZE, NULL) } },
	{ ZX_INFO_HANDLE_COUNT, sizeof(zx_info_handle_count_t), 0, {
		MEMBER(zx_info_handle_count_t, handle_count, UNSIGNED, NULL) } },
	{ ZX_INFO_PROCESS_THREADS, sizeof(zx_koid_t), sizeof(zx_koid_t),
	  VALUE(sizeof(zx_koid_t), KOID, NULL) },
	{ ZX_INFO_JOB_CHILDREN, sizeof(zx_koid_t), sizeof(zx_koid_t),
	  VALUE(sizeof(zx_koid_t), KOID, NULL) },
	{ ZX_INFO_JOB_PROCESSES, sizeof(zx_koid_t), sizeof(zx_koid_t),
	  VALUE(sizeof(zx_koid_t), KOID, NULL) },
};

static const struct layout properties[] = {
	{ ZX_PROP_REGISTER_GS, 8, 0, VALUE(8, ADDRESS, NULL) },
	{ ZX_PROP_REGISTER_FS, 8, 0, VALUE(8, ADDRESS, NULL) },
	{ ZX_PROP_PROCESS_DEBUG_ADDR, 8, 0, VALUE(8, ADDRESS, NULL) },
	{ ZX_PROP_PROCESS_VDSO_BASE_ADDRESS, 8, 0, VALUE(8, ADDRESS, NULL) },
	{ ZX_PROP_PROCESS_BREAK_ON_LOAD, 8, 0, VALUE(8, ADDRESS, NULL) },
	{ ZX_PROP_SOCKET_RX_THRESHOLD, 8, 0, VALUE(8, SIZE, NULL) },
	{ ZX_PROP_SOCKET_TX_THRESHOLD, 8, 0, VALUE(8, SIZE, NULL) },
	{ ZX_PROP_JOB_KILL_ON_OOM, 8, 0, VALUE(8, SIZE, NULL) },
	{ ZX_PROP_EXCEPTION_STATE, 4, 0, VALUE(4, ONE, "exception_state") },
	{ ZX_PROP_VMO_CONTENT_SIZE, 8, 0, VALUE(8, SIZE, NULL) },
	{ ZX_PROP_EXCEPTION_STRATEGY, 4, 0, VALUE(4, ONE, "exception_strategy") },
};

static const struct layout *find(const struct layout *layouts, size_t count, uint64_t number)
{
	for (size_t i = 0; i < count; i++)
		if (layouts[i].number == number)
			return &layouts[i];
	return NULL;
}

static void add_member(struct trace_view *view, struct trace_line *line,
		       const struct member *member, const char *data)
{
	uint64_t value = 0;

	memcpy(&value, data + member->offset, member->size);
	if (member->name[0]) {
		trace_line__add(line, member->name);
		trace_line__add(line, "=");
	}
	trace_view__add_value(view, line, member->format,
			      member->set ? trace_set__find(member->set) : NULL, member->size,
			      value);
}

/* False where a record cannot be read. */
static bool add_record(struct trace_view *view, struct trace_line *line,
		       const struct layout *layout, uint64_t addr)
{
	bool named = layout->members[0].name[0];
	char data[LARGEST];

	if (trace_view__fetch(view, data, addr, layout->size) != layout->size)
		return false;
	trace_line__add(line, named ? "{" : "");
	for (size_t i = 0; i < MAX_MEMBERS && layout->members[i].name; i++) {
		trace_line__add(line, i ? ", " : "");
		add_member(view, line, &layout->members[i], data);
	}
	trace_line__add(line, named ? "}" : "");
	return true;
}

static bool add_records(struct trace_view *view, struct trace_line *line,
			const struct layout *layout, uint64_t addr, uint64_t count)
{
	trace_line__add(line, "[");
	for (uint64_t i = 0; i < count; i++) {
		trace_line__add(line, i ? ", " : "");
		if (i == MAX_RECORDS) {
			trace_line__add(line, "...");
			break;
		}
		if (!add_record(view, line, layout, addr + i * layout->record))
			return false;
	}
	trace_line__add(line, "]");
	return true;
}

/* A name ends at its first NUL byte, whatever the size of the buffer. */
static bool add_name(struct trace_view *view, struct trace_line *line, uint64_t addr, uint64_t size)
{
	char name[ZX_MAX_NAME_LEN];
	size_t got = trace_view__fetch(view, name, addr, size < sizeof(name) ? size : sizeof(name));

	if (!got)
		return false;
	trace_line__quoted(line, name, strnlen(name, got), false);
	return true;
}

static bool add(struct trace_view *view, struct trace_line *line, const struct layout *layout,
		uint64_t addr, uint64_t size)
{
	struct trace_line before = *line;
	bool added;

	if (!layout || size < layout->size)
		return false;
	added = layout->record ? add_records(view, line, layout, addr, size / layout->record) :
				 add_record(view, line, layout, addr);
	if (!added)
		*line = before;
	return added;
}

bool trace_info__add(struct trace_view *view, struct trace_line *line, uint64_t addr, uint64_t size)
{
	for (unsigned i = 0; i < view->call->nargs; i++) {
		const char *set = view->call->args[i].set;
		uint32_t number = (uint32_t)view->args[i];

		if (!set || view->call->args[i].format != ZXABI_FORMAT_ONE)
			continue;
		if (!strcmp(set, "info_topic"))
			return add(view, line, find(topics, sizeof(topics) / sizeof(topics[0]), number),
				   addr, size);
		if (strcmp(set, "property"))
			continue;
		if (number == ZX_PROP_NAME)
			return add_name(view, line, addr, size);
		return add(view, line,
			   find(properties, sizeof(properties) / sizeof(properties[0]), number), addr,
			   size);
	}
	return false;
}
