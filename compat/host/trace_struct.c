/* Structures that calls read and write. */
#include <string.h>
#include <zircon/eras.h>
#include <zxabi/calls.h>

#include "compat/host/trace_decode.h"

/* Vectors of which the contents are shown. */
#define MAX_VECTORS 8

static void add_member(struct trace_view *view, struct trace_line *line, const char *name,
		       unsigned format, const char *set, unsigned size, uint64_t value)
{
	trace_line__add(line, line->text[line->used - 1] == '{' ? "" : ", ");
	trace_line__add(line, name);
	trace_line__add(line, "=");
	trace_view__add_value(view, line, format, set ? trace_set__find(set) : NULL, size, value);
}

#define MEMBER(name, format, set, from)                                                           \
	add_member(view, line, #name, ZXABI_FORMAT_##format, set, sizeof((from)->name), (from)->name)

static void add_name(struct trace_line *line, const char *name)
{
	trace_line__add(line, line->text[line->used - 1] == '{' ? "" : ", ");
	trace_line__add(line, name);
	trace_line__add(line, "=");
}

static uint32_t type_of(struct trace_view *view, zx_handle_t handle)
{
	struct object *object = handle__look(view->thread->process, handle);
	uint32_t type = object ? object->type : ZX_OBJ_TYPE_NONE;

	if (object)
		object__put(object);
	return type;
}

static void add_wait_item(struct trace_view *view, struct trace_line *line, const void *data)
{
	const zx_wait_item_t *item = data;
	uint32_t type = view->type;

	view->type = type_of(view, item->handle);
	if (view->after) {
		MEMBER(pending, SIGNALS, NULL, item);
	} else {
		MEMBER(handle, HANDLE, NULL, item);
		MEMBER(waitfor, SIGNALS, NULL, item);
	}
	view->type = type;
}

static void add_handle_info(struct trace_view *view, struct trace_line *line, const void *data)
{
	const zx_handle_info_t *info = data;

	MEMBER(handle, HANDLE, NULL, info);
	MEMBER(type, OBJECT_TYPE, NULL, info);
	MEMBER(rights, RIGHTS, NULL, info);
}

static void add_handle_disposition(struct trace_view *view, struct trace_line *line,
				   const void *data)
{
	const zx_handle_disposition_t *disposition = data;

	if (view->after) {
		MEMBER(result, STATUS, NULL, disposition);
		return;
	}
	MEMBER(operation, ONE, "handle_op", disposition);
	MEMBER(handle, HANDLE, NULL, disposition);
	MEMBER(type, OBJECT_TYPE, NULL, disposition);
	MEMBER(rights, RIGHTS, NULL, disposition);
}

static void add_packet_signal(struct trace_view *view, struct trace_line *line,
			      const zx_packet_signal_t *signal)
{
	uint32_t type = view->type;

	/* Whose signals these are the key tells, to the program alone. */
	view->type = 0;
	MEMBER(trigger, SIGNALS, NULL, signal);
	MEMBER(observed, SIGNALS, NULL, signal);
	MEMBER(count, UNSIGNED, NULL, signal);
	if (signal->timestamp)
		MEMBER(timestamp, UNSIGNED, NULL, signal);
	view->type = type;
}

static void add_payload(struct trace_view *view, struct trace_line *line,
			const zx_port_packet_t *packet)
{
	switch (packet->type) {
	case ZX_PKT_TYPE_USER:
		for (size_t i = 0; i < 4; i++) {
			trace_line__add(line, i ? ", " : ", u64=[");
			trace_line__hex(line, packet->user.u64[i]);
		}
		trace_line__add(line, "]");
		break;
	case ZX_PKT_TYPE_SIGNAL_ONE:
		add_packet_signal(view, line, &packet->signal);
		break;
	case ZX_PKT_TYPE_INTERRUPT:
		MEMBER(timestamp, SIGNED, NULL, &packet->interrupt);
		break;
	case ZX_PKT_TYPE_PAGE_REQUEST:
		MEMBER(command, ONE, "page_request", &packet->page_request);
		MEMBER(offset, SIZE, NULL, &packet->page_request);
		MEMBER(length, SIZE, NULL, &packet->page_request);
		break;
	/* Of these all dates have the first members in the same place. */
	case ZX_PKT_TYPE_GUEST_BELL:
	case ZX_PKT_TYPE_GUEST_MEM:
		MEMBER(addr, ADDRESS, NULL, &packet->guest_bell);
		break;
	case ZX_PKT_TYPE_GUEST_IO:
		MEMBER(port, ADDRESS, NULL, &packet->guest_io);
		MEMBER(access_size, UNSIGNED, NULL, &packet->guest_io);
		MEMBER(input, BOOL, NULL, &packet->guest_io);
		break;
	default:
		break;
	}
}

/* A packet about an exception has the exception's type for its own. */
static bool is_exception(const struct trace_view *view, const zx_port_packet_t *packet)
{
	return view->thread->process->era <= ZXERA_2019_01 &&
	       ZX_PKT_IS_EXCEPTION_202002(packet->type);
}

static void add_port_packet(struct trace_view *view, struct trace_line *line, const void *data)
{
	const zx_port_packet_t *packet = data;
	bool exception = is_exception(view, packet);
	zx_packet_exception_202002_t thrown;

	MEMBER(key, ADDRESS, NULL, packet);
	MEMBER(type, ONE, exception ? "exception" : "packet", packet);
	MEMBER(status, STATUS, NULL, packet);
	if (!exception) {
		add_payload(view, line, packet);
		return;
	}
	memcpy(&thrown, &packet->user, sizeof(thrown));
	MEMBER(pid, KOID, NULL, &thrown);
	MEMBER(tid, KOID, NULL, &thrown);
}

bool trace_struct__by_vectors(const struct trace_view *view)
{
	for (unsigned i = 0; i < view->call->nargs; i++) {
		const char *set = view->call->args[i].set;

		if (set && !strcmp(set, "channel_write"))
			return view->thread->process->era >= ZXERA_2021_01 &&
			       view->args[i] & ZX_CHANNEL_WRITE_USE_IOVEC;
	}
	return false;
}

void trace_struct__add_vectors(struct trace_view *view, struct trace_line *line, uint64_t addr,
			       uint64_t count)
{
	trace_view__add_structs(view, line, "zx_channel_iovec_t", sizeof(zx_channel_iovec_t), addr,
				count);
}

static void add_message(struct trace_view *view, struct trace_line *line, const void *bytes,
			uint32_t size)
{
	add_name(line, "wr_bytes");
	if (trace_struct__by_vectors(view))
		trace_struct__add_vectors(view, line, (uintptr_t)bytes, size);
	else
		trace_view__add_text(view, line, (uintptr_t)bytes, size);
}

static void add_call_args(struct trace_view *view, struct trace_line *line, const void *data)
{
	const zx_channel_call_args_t *args = data;

	add_message(view, line, args->wr_bytes, args->wr_num_bytes);
	MEMBER(wr_num_bytes, UNSIGNED, NULL, args);
	add_name(line, "wr_handles");
	trace_view__add_handles(view, line, (uintptr_t)args->wr_handles, args->wr_num_handles);
	MEMBER(rd_num_bytes, UNSIGNED, NULL, args);
	MEMBER(rd_num_handles, UNSIGNED, NULL, args);
}

static void add_call_etc_args(struct trace_view *view, struct trace_line *line, const void *data)
{
	const zx_channel_call_etc_args_t *args = data;

	add_message(view, line, args->wr_bytes, args->wr_num_bytes);
	MEMBER(wr_num_bytes, UNSIGNED, NULL, args);
	add_name(line, "wr_handles");
	trace_view__add_structs(view, line, "zx_handle_disposition_t",
				sizeof(zx_handle_disposition_t), (uintptr_t)args->wr_handles,
				args->wr_num_handles);
	MEMBER(rd_num_bytes, UNSIGNED, NULL, args);
	MEMBER(rd_num_handles, UNSIGNED, NULL, args);
}

static bool reads_vectors(const struct trace_view *view)
{
	return !strncmp(view->call->name, "zx_stream_readv", 15);
}

static void add_iovec(struct trace_view *view, struct trace_line *line, const void *data)
{
	const zx_iovec_t *vector = data;

	add_name(line, "buffer");
	if (reads_vectors(view))
		trace_line__hex(line, (uintptr_t)vector->buffer);
	else
		trace_view__add_text(view, line, (uintptr_t)vector->buffer, vector->capacity);
	MEMBER(capacity, SIZE, NULL, vector);
}

static void add_channel_iovec(struct trace_view *view, struct trace_line *line, const void *data)
{
	const zx_channel_iovec_t *vector = data;

	add_name(line, "buffer");
	trace_view__add_text(view, line, (uintptr_t)vector->buffer, vector->capacity);
	MEMBER(capacity, UNSIGNED, NULL, vector);
}

/* The union's other member, a deadline, begins where the priority stands. */
static void add_profile(struct trace_view *view, struct trace_line *line, const void *data)
{
	const zx_profile_info_t *profile = data;

	MEMBER(flags, BITS, "profile", profile);
	if (profile->flags & ZX_PROFILE_INFO_FLAG_PRIORITY)
		MEMBER(priority, SIGNED, NULL, profile);
	if (profile->flags & ZX_PROFILE_INFO_FLAG_DEADLINE) {
		MEMBER(capacity, DURATION, NULL, &profile->deadline_params);
		MEMBER(relative_deadline, DURATION, NULL, &profile->deadline_params);
		MEMBER(period, DURATION, NULL, &profile->deadline_params);
	}
	if (profile->flags & ZX_PROFILE_INFO_FLAG_CPU_MASK)
		add_member(view, line, "cpu_affinity_mask", ZXABI_FORMAT_ADDRESS, NULL, 8,
			   profile->cpu_affinity_mask.mask[0]);
}

static void add_profile_2018(struct trace_view *view, struct trace_line *line, const void *data)
{
	const zx_profile_info_2018_t *profile = data;

	MEMBER(type, UNSIGNED, NULL, profile);
	MEMBER(priority, SIGNED, NULL, &profile->scheduler);
}

/* Only what the caller says of an exception of its own is taken. */
static void add_exception_context(struct trace_view *view, struct trace_line *line,
				  const void *data)
{
	const zx_exception_context_v2_t *context = data;

	MEMBER(synth_code, ONE, "user_code", context);
	MEMBER(synth_data, UNSIGNED, NULL, context);
}

#define LARGEST sizeof(zx_profile_info_t)

/* The compiler refuses those that are larger. */
#define SIZE(type) (sizeof(type) + 0 * sizeof(char[sizeof(type) <= LARGEST ? 1 : -1]))
#define ROW(type, add) { #type, SIZE(type), ZXERA_NEWEST, add }

static const struct row {
	const char *type;
	size_t size;
	uint32_t last; /* enum zxabi_era: programs of later dates have the next one of the name */
	void (*add)(struct trace_view *view, struct trace_line *line, const void *data);
} rows[] = {
	ROW(zx_wait_item_t, add_wait_item),
	ROW(zx_handle_info_t, add_handle_info),
	ROW(zx_handle_disposition_t, add_handle_disposition),
	ROW(zx_port_packet_t, add_port_packet),
	ROW(zx_channel_call_args_t, add_call_args),
	ROW(zx_channel_call_etc_args_t, add_call_etc_args),
	ROW(zx_iovec_t, add_iovec),
	ROW(zx_channel_iovec_t, add_channel_iovec),
	{ "zx_profile_info_t", SIZE(zx_profile_info_2018_t), ZXERA_2019_01, add_profile_2018 },
	ROW(zx_profile_info_t, add_profile),
	{ "zx_exception_context_t", SIZE(zx_exception_context_v2_t), ZXERA_NEWEST,
	  add_exception_context },
};

bool trace_struct__add(struct trace_view *view, struct trace_line *line, const char *type,
		       uint64_t addr)
{
	char data[LARGEST] __attribute__((aligned(8)));

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].type, type) || view->thread->process->era > rows[i].last)
			continue;
		if (trace_view__fetch(view, data, addr, rows[i].size) != rows[i].size)
			return false;
		trace_line__add(line, "{");
		rows[i].add(view, line, data);
		trace_line__add(line, "}");
		return true;
	}
	return false;
}

/* The number that the argument @name of the call points to; 0 where it cannot be read. */
static uint64_t result_of(struct trace_view *view, const char *name)
{
	for (unsigned i = 0; i < view->call->nargs; i++) {
		const struct zxabi_trace_arg *arg = &view->call->args[i];
		uint64_t value = 0;

		if (strcmp(arg->name, name))
			continue;
		if (trace_view__fetch(view, &value, view->args[i], arg->elem) != arg->elem)
			return 0;
		return value;
	}
	return 0;
}

static void add_answer(struct trace_view *view, struct trace_line *line, const void *bytes,
		       const void *handles, bool etc)
{
	uint64_t count = result_of(view, "actual_handles");

	trace_line__add(line, " => {");
	add_name(line, "rd_bytes");
	trace_view__add_text(view, line, (uintptr_t)bytes, result_of(view, "actual_bytes"));
	add_name(line, "rd_handles");
	if (etc)
		trace_view__add_structs(view, line, "zx_handle_info_t", sizeof(zx_handle_info_t),
					(uintptr_t)handles, count);
	else
		trace_view__add_handles(view, line, (uintptr_t)handles, count);
	trace_line__add(line, "}");
}

static bool add_call_answer(struct trace_view *view, struct trace_line *line, uint64_t addr)
{
	zx_channel_call_args_t args;

	if (trace_view__fetch(view, &args, addr, sizeof(args)) != sizeof(args))
		return false;
	add_answer(view, line, args.rd_bytes, args.rd_handles, false);
	return true;
}

static bool add_call_etc_answer(struct trace_view *view, struct trace_line *line, uint64_t addr)
{
	zx_channel_call_etc_args_t args;

	if (trace_view__fetch(view, &args, addr, sizeof(args)) != sizeof(args))
		return false;
	add_answer(view, line, args.rd_bytes, args.rd_handles, true);
	return true;
}

/* What was read, vector by vector; false where nobody is told how much that was. */
static bool add_vectors_answer(struct trace_view *view, struct trace_line *line, uint64_t addr)
{
	uint64_t left = result_of(view, "actual");
	zx_iovec_t vector;

	if (!reads_vectors(view) || !left)
		return false;
	trace_line__add(line, " => [");
	for (size_t i = 0; left; i++) {
		trace_line__add(line, i ? ", " : "");
		if (i == MAX_VECTORS || trace_view__fetch(view, &vector, addr + i * sizeof(vector),
							   sizeof(vector)) != sizeof(vector)) {
			trace_line__add(line, "...");
			break;
		}
		if (vector.capacity > left)
			vector.capacity = left;
		trace_view__add_text(view, line, (uintptr_t)vector.buffer, vector.capacity);
		left -= vector.capacity;
	}
	trace_line__add(line, "]");
	return true;
}

bool trace_struct__add_answer(struct trace_view *view, struct trace_line *line, const char *type,
			      uint64_t addr)
{
	if (!strcmp(type, "zx_channel_call_args_t"))
		return add_call_answer(view, line, addr);
	if (!strcmp(type, "zx_channel_call_etc_args_t"))
		return add_call_etc_answer(view, line, addr);
	if (!strcmp(type, "zx_iovec_t"))
		return add_vectors_answer(view, line, addr);
	return false;
}
