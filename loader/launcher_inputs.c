#include "loader/launcher_inputs.h"

#include <stdlib.h>
#include <string.h>
#include <zircon/errors.h>
#include <zircon/processargs.h>

#include "compat/core/channel.h"

#define VECTOR_SIZE (2 * sizeof(uint64_t))
#define STRING_SIZE (2 * sizeof(uint64_t))
#define NAME_SIZE (STRING_SIZE + sizeof(uint64_t))
#define HANDLE_SIZE (2 * sizeof(uint32_t))

/* A bootstrap message holds no more; process_builder calls that invalid, a channel out of range. */
static zx_status_t too_much(enum fidl_era era)
{
	return era == FIDL_2018 ? ZX_ERR_OUT_OF_RANGE : ZX_ERR_INVALID_ARGS;
}

static void set_bad(struct launcher_inputs *inputs, zx_status_t status)
{
	if (inputs->bad == ZX_OK)
		inputs->bad = status;
}

static zx_status_t list__add(struct string_list *list, const uint8_t *data, size_t size)
{
	char **items = realloc(list->items, (list->count + 1) * sizeof(*items));
	char *copy;

	if (!items)
		return ZX_ERR_NO_MEMORY;
	list->items = items;
	copy = malloc(size + 1);
	if (!copy)
		return ZX_ERR_NO_MEMORY;
	if (size)
		memcpy(copy, data, size);
	copy[size] = '\0';
	items[list->count++] = copy;
	list->bytes += size + 1;
	return ZX_OK;
}

zx_status_t launcher_inputs__insert_arg(struct launcher_inputs *inputs, const char *text)
{
	struct string_list *list = &inputs->args;
	zx_status_t status = list__add(list, (const uint8_t *)text, strlen(text));
	char *item;

	if (status != ZX_OK)
		return status;
	item = list->items[list->count - 1];
	memmove(list->items + 1, list->items, (list->count - 1) * sizeof(*list->items));
	list->items[0] = item;
	return ZX_OK;
}

static void list__free(struct string_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i]);
	free(list->items);
}

/* A NUL inside: in 2018 the string ended there, later it is a mistake. */
static void add_string(struct launcher_inputs *inputs, struct string_list *list,
		       const uint8_t *data, size_t size, enum fidl_era era)
{
	const uint8_t *nul = size ? memchr(data, '\0', size) : NULL;

	if (inputs->bad != ZX_OK)
		return;
	if (nul && era == FIDL_2020) {
		set_bad(inputs, ZX_ERR_INVALID_ARGS);
		return;
	}
	if (nul)
		size = (size_t)(nul - data);
	if (inputs->args.bytes + inputs->environ.bytes + inputs->names.bytes + size >=
	    ZX_CHANNEL_MAX_MSG_BYTES)
		set_bad(inputs, too_much(era));
	else
		set_bad(inputs, list__add(list, data, size));
}

static void add_handle(struct launcher_inputs *inputs, struct handle *handle, uint32_t info,
		       enum fidl_era era)
{
	if (inputs->num_handles == ZX_CHANNEL_MAX_MSG_HANDLES)
		set_bad(inputs, too_much(era));
	if (inputs->bad != ZX_OK) {
		handle__close(handle);
		return;
	}
	inputs->handles[inputs->num_handles] = *handle;
	inputs->info[inputs->num_handles++] = info;
}

bool launcher_inputs__read_strings(struct launcher_inputs *inputs, struct string_list *list,
				   struct message *message, enum fidl_era era)
{
	struct fidl_reader reader;
	uint64_t count;

	fidl_reader__begin(&reader, message, VECTOR_SIZE);
	count = fidl_reader__enter_vector(&reader, STRING_SIZE);
	for (uint64_t i = 0; i < count && !reader.bad; i++) {
		size_t size;
		const uint8_t *data = fidl_reader__bytes(&reader, ZX_CHANNEL_MAX_MSG_BYTES, &size);

		if (!reader.bad)
			add_string(inputs, list, data, size, era);
	}
	return fidl_reader__end(&reader);
}

bool launcher_inputs__read_names(struct launcher_inputs *inputs, struct message *message,
				 enum fidl_era era)
{
	struct fidl_reader reader;
	uint64_t count;

	fidl_reader__begin(&reader, message, VECTOR_SIZE);
	count = fidl_reader__enter_vector(&reader, NAME_SIZE);
	for (uint64_t i = 0; i < count && !reader.bad; i++) {
		uint32_t index = (uint32_t)inputs->names.count;
		struct handle directory;
		size_t size;
		const uint8_t *data = fidl_reader__bytes(&reader, ZX_CHANNEL_MAX_MSG_BYTES, &size);

		fidl_reader__handle(&reader, ZX_OBJ_TYPE_NONE, 0, &directory);
		if (reader.bad)
			break;
		add_string(inputs, &inputs->names, data, size, era);
		add_handle(inputs, &directory, PA_HND(PA_NS_DIR, index), era);
	}
	return fidl_reader__end(&reader);
}

/* What process_builder adds itself, and a directory without a path. */
static bool is_reserved(uint32_t type)
{
	return type == PA_PROC_SELF || type == PA_THREAD_SELF || type == PA_VMAR_ROOT ||
	       type == PA_VMAR_LOADED || type == PA_VMO_STACK || type == PA_VMO_EXECUTABLE ||
	       type == PA_NS_DIR;
}

static void replace(struct handle *place, struct handle *handle)
{
	handle__close(place);
	*place = *handle;
}

/* launchpad passes on whatever it does not need itself; process_builder looks at each type. */
static void add_startup_handle(struct launcher_inputs *inputs, struct handle *handle,
			       uint32_t info, enum fidl_era era)
{
	uint32_t type = PA_HND_TYPE(info);

	if (era == FIDL_2020 && (info & 0xff00 || is_reserved(type))) {
		set_bad(inputs, ZX_ERR_INVALID_ARGS);
		handle__close(handle);
	} else if (era == FIDL_2020 ? type == PA_LDSVC_LOADER : info == PA_LDSVC_LOADER) {
		replace(&inputs->ldsvc, handle);
	} else if (era == FIDL_2020 && info == PA_VMO_VDSO) {
		replace(&inputs->vdso, handle);
	} else {
		add_handle(inputs, handle, info, era);
	}
}

bool launcher_inputs__read_handles(struct launcher_inputs *inputs, struct message *message,
				   enum fidl_era era)
{
	struct fidl_reader reader;
	uint64_t count;

	fidl_reader__begin(&reader, message, VECTOR_SIZE);
	count = fidl_reader__enter_vector(&reader, HANDLE_SIZE);
	for (uint64_t i = 0; i < count && !reader.bad; i++) {
		struct handle handle;
		uint32_t info;

		fidl_reader__handle(&reader, ZX_OBJ_TYPE_NONE, 0, &handle);
		info = fidl_reader__u32(&reader);
		if (reader.bad)
			handle__close(&handle);
		else
			add_startup_handle(inputs, &handle, info, era);
	}
	return fidl_reader__end(&reader);
}

zx_status_t launcher_inputs__check_room(const struct launcher_inputs *inputs, enum fidl_era era,
					uint32_t more)
{
	uint32_t handles = inputs->num_handles + more;
	size_t bytes = sizeof(zx_proc_args_t) + handles * sizeof(uint32_t) + inputs->args.bytes +
		       inputs->environ.bytes + inputs->names.bytes;

	if (handles > ZX_CHANNEL_MAX_MSG_HANDLES || bytes > ZX_CHANNEL_MAX_MSG_BYTES)
		return too_much(era);
	return ZX_OK;
}

zx_status_t launcher_inputs__fill(struct launcher_inputs *inputs, struct bootstrap *message)
{
	zx_status_t status = ZX_OK;

	for (uint32_t i = 0; i < inputs->num_handles && status == ZX_OK; i++)
		status = bootstrap__add(message, &inputs->handles[i], inputs->info[i]);
	for (size_t i = 0; i < inputs->names.count && status == ZX_OK; i++)
		message->names[message->num_names++] = inputs->names.items[i];
	message->args = (const char *const *)inputs->args.items;
	message->num_args = inputs->args.count;
	message->environ = (const char *const *)inputs->environ.items;
	message->num_environ = inputs->environ.count;
	return status;
}

void launcher_inputs__free(struct launcher_inputs *inputs)
{
	for (uint32_t i = 0; i < inputs->num_handles; i++)
		handle__close(&inputs->handles[i]);
	handle__close(&inputs->ldsvc);
	handle__close(&inputs->vdso);
	list__free(&inputs->args);
	list__free(&inputs->environ);
	list__free(&inputs->names);
	memset(inputs, 0, sizeof(*inputs));
}
