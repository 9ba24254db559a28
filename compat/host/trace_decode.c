#include "compat/host/trace_decode.h"

#include <string.h>
#include <zxabi/calls.h>

/* Elements of an array that are shown. */
#define MAX_ELEMENTS 16

size_t trace_view__fetch(const struct trace_view *view, void *to, uint64_t addr, size_t size)
{
	const struct thread *thread = view->thread;
	size_t done = 0;

	for (uint32_t i = 0; i < thread->windows; i++) {
		const struct user_window *window = &thread->window[i];
		uint64_t offset = addr - window->addr;
		uint64_t have = window->in ? window->size : view->after ? window->written : 0;

		if (addr < window->addr || offset >= window->size || (!window->in && !view->after))
			continue;
		/* Of an array of vectors the definition only knows the beginning. */
		if (window->in && size > window->size - offset)
			continue;
		if (offset >= have)
			return 0;
		if (size > have - offset)
			size = have - offset;
		memcpy(to, window->data + offset, size);
		return size;
	}
	user__read_process(thread->process, to, addr, size, &done);
	return done;
}

/* Whether it is sure that the call wrote there. */
static bool is_written(const struct trace_view *view, uint64_t addr)
{
	const struct thread *thread = view->thread;

	for (uint32_t i = 0; i < thread->windows; i++) {
		const struct user_window *window = &thread->window[i];

		if (window->out && addr >= window->addr && addr - window->addr < window->size)
			return addr - window->addr < window->written;
	}
	return view->succeeded;
}

/* --- Tables --- */

const struct zxabi_trace trace_calls[ZXCALL_COUNT] = {
#include <zxabi/trace.inc>
};

static const struct trace_set *arg_sets[ZXCALL_COUNT][TRACE_ARGS];

void trace_decode__init(void)
{
	trace_value__init();
	for (size_t nr = 0; nr < ZXCALL_COUNT; nr++) {
		for (unsigned i = 0; i < trace_calls[nr].nargs; i++) {
			const struct zxabi_trace_arg *arg = &trace_calls[nr].args[i];

			arg_sets[nr][i] = arg->set ? trace_set__find(arg->set) : NULL;
		}
	}
}

void trace_view__init(struct trace_view *view, struct thread *thread, uint32_t nr,
		      const uint64_t *args, uint32_t max_text)
{
	*view = (struct trace_view){
		.thread = thread,
		.call = &trace_calls[nr],
		.sets = arg_sets[nr],
		.args = args,
		.max_text = max_text,
	};
}

/* --- Buffers --- */

static void add_address(struct trace_line *line, uint64_t addr)
{
	if (addr)
		trace_line__hex(line, addr);
	else
		trace_line__add(line, "NULL");
}

void trace_view__add_text(struct trace_view *view, struct trace_line *line, uint64_t addr,
			  uint64_t size)
{
	char bytes[TRACE_TEXT_MAX];
	size_t shown = size < view->max_text ? size : view->max_text;

	if (!size && addr) {
		trace_line__add(line, "\"\"");
		return;
	}
	if (shown > sizeof(bytes))
		shown = sizeof(bytes);
	if (!addr || trace_view__fetch(view, bytes, addr, shown) != shown)
		add_address(line, addr);
	else
		trace_line__quoted(line, bytes, shown, size > shown);
}

/* An element of an array, and whether it could be read. */
static bool add_element(struct trace_view *view, struct trace_line *line,
			const struct zxabi_trace_arg *arg, const struct trace_set *set,
			uint64_t addr)
{
	uint64_t value = 0;

	if (arg->format == ZXABI_FORMAT_STRUCT)
		return trace_struct__add(view, line, arg->type, addr);
	if (!arg->elem || arg->elem > sizeof(value) ||
	    trace_view__fetch(view, &value, addr, arg->elem) != arg->elem)
		return false;
	trace_view__add_value(view, line, arg->format, set, arg->elem, value);
	return true;
}

static void add_array(struct trace_view *view, struct trace_line *line,
		      const struct zxabi_trace_arg *arg, const struct trace_set *set, uint64_t addr,
		      uint64_t count)
{
	struct trace_line before = *line;
	/* One structure has brackets of its own. */
	bool single = arg->format == ZXABI_FORMAT_STRUCT && arg->count_arg == ZXABI_NO_ARG &&
		      count == 1;

	if (!addr) {
		add_address(line, addr);
		return;
	}
	trace_line__add(line, single ? "" : "[");
	for (uint64_t i = 0; i < count; i++) {
		trace_line__add(line, i ? ", " : "");
		if (i == MAX_ELEMENTS) {
			trace_line__add(line, "...");
			break;
		}
		if (add_element(view, line, arg, set, addr + i * arg->elem))
			continue;
		/* Of what cannot be read the address is all that there is to say. */
		*line = before;
		add_address(line, addr);
		return;
	}
	trace_line__add(line, single ? "" : "]");
}

void trace_view__add_handles(struct trace_view *view, struct trace_line *line, uint64_t addr,
			     uint64_t count)
{
	static const struct zxabi_trace_arg handles = {
		.format = ZXABI_FORMAT_HANDLE,
		.count_arg = ZXABI_NO_ARG,
		.elem = sizeof(zx_handle_t),
	};

	add_array(view, line, &handles, NULL, addr, count);
}

void trace_view__add_structs(struct trace_view *view, struct trace_line *line, const char *type,
			     size_t size, uint64_t addr, uint64_t count)
{
	const struct zxabi_trace_arg structs = {
		.format = ZXABI_FORMAT_STRUCT,
		.type = type,
		.elem = (uint32_t)size,
	};

	add_array(view, line, &structs, NULL, addr, count);
}

/* The number in the argument @index, or where that points. */
static bool factor(const struct trace_view *view, unsigned index, uint64_t *out)
{
	const struct zxabi_trace_arg *arg = &view->call->args[index];
	uint64_t value = 0;

	if (arg->direction == ZXABI_VALUE) {
		*out = trace_value__cut(view->args[index], arg->elem);
		return true;
	}
	if (arg->elem > sizeof(value) || !view->args[index] ||
	    trace_view__fetch(view, &value, view->args[index], arg->elem) != arg->elem)
		return false;
	*out = value;
	return true;
}

/* How many elements a buffer has. False where nothing tells. */
static bool count_of(const struct trace_view *view, const struct zxabi_trace_arg *arg,
		     uint64_t *out)
{
	uint64_t count = arg->count;
	uint64_t filled;
	uint64_t mul = 1;

	if (arg->count_arg != ZXABI_NO_ARG && !factor(view, arg->count_arg, &count))
		return false;
	if (arg->count_arg == ZXABI_NO_ARG && !count)
		return false;
	if (arg->mul_arg != ZXABI_NO_ARG && !factor(view, arg->mul_arg, &mul))
		return false;
	if (view->after && arg->filled_arg != ZXABI_NO_ARG) {
		if (!factor(view, arg->filled_arg, &filled))
			return false;
		if (filled < count)
			count = filled;
	}
	return !__builtin_mul_overflow(count, mul, out);
}

/* Of a buffer that travels with the call it is known how much of it was written. */
static bool carried_count(const struct trace_view *view, const struct zxabi_trace_arg *arg,
			  uint64_t addr, uint64_t *count)
{
	const struct thread *thread = view->thread;

	for (uint32_t i = 0; i < thread->windows; i++) {
		const struct user_window *window = &thread->window[i];

		if (!window->out || window->in || window->addr != addr || !window->size)
			continue;
		*count = arg->elem ? window->written / arg->elem : 0;
		return true;
	}
	return false;
}

bool trace_view__is_carried(const struct trace_view *view, uint64_t addr)
{
	static const struct zxabi_trace_arg bytes = { .elem = 1 };
	uint64_t count;

	return carried_count(view, &bytes, addr, &count);
}

/* How much of the room of @count elements the call has filled, where that is known. */
static uint64_t written_of(const struct trace_view *view, const struct zxabi_trace_arg *arg,
			   uint64_t addr, uint64_t count)
{
	uint64_t written;

	if (!view->after || !carried_count(view, arg, addr, &written) || written > count)
		return count;
	return written;
}

static void add_buffer(struct trace_view *view, struct trace_line *line, unsigned index)
{
	const struct zxabi_trace_arg *arg = &view->call->args[index];
	const struct trace_set *set = view->sets[index];
	uint64_t addr = view->args[index];
	uint64_t count;

	if (arg->flags & ZXABI_ARG_UNSIZED && trace_info__add_unsized(view, line, index))
		return;
	if (!count_of(view, arg, &count) &&
	    !(view->after && carried_count(view, arg, addr, &count))) {
		add_address(line, addr);
		return;
	}
	count = written_of(view, arg, addr, count);
	if (arg->format == ZXABI_FORMAT_BYTES && addr && trace_info__add(view, line, addr, count))
		return;
	if (arg->format == ZXABI_FORMAT_BYTES && trace_struct__by_vectors(view))
		trace_struct__add_vectors(view, line, addr, count);
	else if (arg->format == ZXABI_FORMAT_BYTES || arg->format == ZXABI_FORMAT_TEXT)
		trace_view__add_text(view, line, addr, count);
	else
		add_array(view, line, arg, set, addr, count);
}

/* --- Arguments --- */

void trace_view__add_in(struct trace_view *view, struct trace_line *line, unsigned index)
{
	const struct zxabi_trace_arg *arg = &view->call->args[index];

	if (arg->direction == ZXABI_OUT)
		return;
	if (arg->direction != ZXABI_VALUE)
		add_buffer(view, line, index);
	else if (arg->format == ZXABI_FORMAT_HANDLE)
		trace_view__add_handle(view, line, (zx_handle_t)view->args[index],
				       view->type ? NULL : &view->type);
	else
		trace_view__add_value(view, line, arg->format, view->sets[index], arg->elem,
				      view->args[index]);
}

void trace_view__add_out(struct trace_view *view, struct trace_line *line, unsigned index)
{
	const struct zxabi_trace_arg *arg = &view->call->args[index];
	uint64_t addr = view->args[index];

	if (arg->direction == ZXABI_VALUE)
		return;
	/* A structure that is only read may point to what is written. */
	if (arg->format == ZXABI_FORMAT_STRUCT && view->succeeded &&
	    (arg->direction == ZXABI_IN || arg->direction == ZXABI_INOUT) &&
	    trace_struct__add_answer(view, line, arg->type, addr))
		return;
	if (arg->direction == ZXABI_IN)
		return;
	/* Where it is known that nothing came, that is what there is to show. */
	if (!is_written(view, addr) &&
	    !(view->succeeded && addr && arg->filled_arg != ZXABI_NO_ARG)) {
		if (arg->direction == ZXABI_OUT)
			add_address(line, addr);
		return;
	}
	if (arg->direction == ZXABI_INOUT) {
		if (!addr)
			return;
		trace_line__add(line, " => ");
	}
	add_buffer(view, line, index);
}

void trace_view__add_result(struct trace_view *view, struct trace_line *line, int64_t result)
{
	const struct zxabi_trace *call = view->call;

	if (call->result == ZXABI_FORMAT_NONE)
		trace_line__add(line, "0");
	else
		trace_view__add_value(view, line, call->result, NULL, call->result_size,
				      (uint64_t)result);
}
