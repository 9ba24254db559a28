/* Topics about handles. */
#include <string.h>

#include "compat/core/core.h"
#include "compat/core/info.h"
#include "compat/core/iob.h"

/* The only topic that asks no policy about a bad handle: it is what it is for. */
zx_status_t info__handle_valid(const struct info_request *request)
{
	return handle__valid(request->self->process, request->handle) ? ZX_OK : ZX_ERR_BAD_HANDLE;
}

/* Objects that nobody may wait for have no signals to wait for. */
static zx_obj_props_t props_of(const struct info_request *request, const struct object *object)
{
	if (!request->era->handle_props)
		return 0;
	return object__ops(object->type)->default_rights & ZX_RIGHT_WAIT ? ZX_OBJ_PROP_WAITABLE :
									   ZX_OBJ_PROP_NONE;
}

zx_status_t info__handle_basic(const struct info_request *request)
{
	zx_info_handle_basic_t info;
	struct object *object;
	zx_rights_t rights;
	zx_status_t status;

	status = handle__get_rights(request->self, request->handle, ZX_OBJ_TYPE_NONE,
				    ZX_RIGHT_NONE, &object, &rights);
	if (status != ZX_OK)
		return status;
	memset(&info, 0, sizeof(info));
	info.koid = object->koid;
	info.rights = rights;
	info.type = object->type;
	info.related_koid = object->related_koid;
	info.props = props_of(request, object);
	object__put(object);
	return info__single(request, &info, sizeof(info));
}

zx_status_t info__handle_count(const struct info_request *request)
{
	zx_info_handle_count_t info;
	struct object *object;
	zx_status_t status;

	status = info__get(request, ZX_OBJ_TYPE_NONE, request->era->right_info, &object);
	if (status != ZX_OK)
		return status;
	info.handle_count = __atomic_load_n(&object->handles, __ATOMIC_RELAXED);
	/* What it has mapped keeps an end open, but is no handle. */
	if (object->type == ZX_OBJ_TYPE_IOB)
		info.handle_count -= iob__mapped((struct iob *)object);
	object__put(object);
	return info__single(request, &info, sizeof(info));
}

zx_status_t info__process_handle_stats(const struct info_request *request)
{
	zx_info_process_handle_stats_t info;
	struct process *process;
	struct object *object;
	zx_rights_t rights;
	zx_handle_t value;
	uint32_t cursor = 0;
	zx_status_t status;

	status = info__get(request, ZX_OBJ_TYPE_PROCESS, request->era->right_info, &process);
	if (status != ZX_OK)
		return status;
	memset(&info, 0, sizeof(info));
	while (handle_table__next(process, &cursor, &object, &rights, &value)) {
		info.handle_count[object->type]++;
		object__put(object);
	}
	object__put(&process->object);
	return info__single(request, &info, sizeof(info));
}

static uint32_t count_handles(struct process *process)
{
	return __atomic_load_n(&process->handles.count, __ATOMIC_RELAXED);
}

/* Up to @room records; *count gets the number of handles that there were. */
static void list_handles(const struct info_request *request, struct process *process,
			 zx_info_handle_extended_t *records, size_t room, size_t *count)
{
	struct object *object;
	zx_rights_t rights;
	zx_handle_t value;
	uint32_t cursor = 0;

	for (*count = 0; handle_table__next(process, &cursor, &object, &rights, &value); ++*count) {
		if (*count < room) {
			zx_info_handle_extended_t *record = &records[*count];

			record->type = object->type;
			record->handle_value = value;
			record->rights = rights;
			record->props = props_of(request, object);
			record->koid = object->koid;
			record->related_koid = object->related_koid;
		}
		object__put(object);
	}
}

zx_status_t info__handle_table(const struct info_request *request)
{
	zx_info_handle_extended_t *records = NULL;
	struct process *process;
	zx_status_t status;
	size_t count;
	size_t room;

	status = info__get(request, ZX_OBJ_TYPE_PROCESS,
			   ZX_RIGHT_INSPECT | ZX_RIGHT_MANAGE_PROCESS | ZX_RIGHT_MANAGE_THREAD,
			   &process);
	if (status != ZX_OK)
		return status;
	/* A way to ask for the number alone. */
	if (!request->buffer && !request->avail && request->actual) {
		count = count_handles(process);
		object__put(&process->object);
		return user__put(request->self, request->actual, &count);
	}
	room = info__room(request, sizeof(*records));
	if (room > count_handles(process))
		room = count_handles(process);
	if (room)
		records = arena__alloc(room * sizeof(*records));
	if (records || !room) {
		list_handles(request, process, records, room, &count);
		/* More than there was room for may have come meanwhile: those are only told of. */
		status = info__list(request, records, sizeof(*records),
				    count < room ? count : room, count);
	} else {
		status = ZX_ERR_NO_MEMORY;
	}
	arena__free(records);
	object__put(&process->object);
	return status;
}
