/* The bootstrap message (zircon/processargs.h). */
#include "rt.h"

#include "string.h"

struct rt_boot rt_boot;

static uint8_t message[ZX_CHANNEL_MAX_MSG_BYTES] __attribute__((aligned(8)));

/* At most one string in two bytes of the message, and the NULLs that end the three lists. */
static char *string_pointers[ZX_CHANNEL_MAX_MSG_BYTES / 2 + 3];
static size_t string_pointers_used;

static char **unpack_strings(uint32_t offset, uint32_t count, uint32_t size)
{
	char **list = string_pointers + string_pointers_used;
	uint32_t i;

	if (count > RT_ARRAY_SIZE(string_pointers) - 1 - string_pointers_used)
		return NULL;
	for (i = 0; i < count; i++) {
		list[i] = (char *)message + offset;
		while (offset < size && message[offset])
			offset++;
		if (offset++ >= size)
			return NULL;
	}
	list[count] = NULL;
	string_pointers_used += count + 1;
	return list;
}

static void sort_handles(const zx_proc_args_t *args)
{
	const uint32_t *infos = (const uint32_t *)(message + args->handle_info_off);
	uint32_t i;

	for (i = 0; i < rt_boot.handle_count; i++) {
		rt_boot.infos[i] = infos[i];
		switch (PA_HND_TYPE(infos[i])) {
		case PA_PROC_SELF:
			rt_boot.process = rt_boot.handles[i];
			break;
		case PA_THREAD_SELF:
			rt_boot.thread = rt_boot.handles[i];
			break;
		case PA_JOB_DEFAULT:
			rt_boot.job = rt_boot.handles[i];
			break;
		case PA_VMAR_ROOT:
			rt_boot.root_vmar = rt_boot.handles[i];
			break;
		}
	}
}

zx_status_t rt_boot__read(zx_handle_t bootstrap)
{
	const zx_proc_args_t *args = (const zx_proc_args_t *)message;
	zx_status_t status;
	uint32_t size;

	status = zx_channel_read(bootstrap, 0, message, rt_boot.handles, sizeof(message),
				 RT_ARRAY_SIZE(rt_boot.handles), &size, &rt_boot.handle_count);
	if (status != ZX_OK)
		return status;
	if (size < sizeof(*args) || args->protocol != ZX_PROCARGS_PROTOCOL ||
	    args->version != ZX_PROCARGS_VERSION || args->handle_info_off % sizeof(uint32_t) ||
	    args->handle_info_off > size ||
	    (size - args->handle_info_off) / sizeof(uint32_t) < rt_boot.handle_count)
		return ZX_ERR_INVALID_ARGS;

	rt_boot.argv = unpack_strings(args->args_off, args->args_num, size);
	rt_boot.envp = unpack_strings(args->environ_off, args->environ_num, size);
	rt_boot.names = unpack_strings(args->names_off, args->names_num, size);
	if (!rt_boot.argv || !rt_boot.envp || !rt_boot.names)
		return ZX_ERR_INVALID_ARGS;
	rt_boot.argc = (int)args->args_num;
	rt_boot.envc = (int)args->environ_num;
	rt_boot.namec = (int)args->names_num;
	sort_handles(args);
	return ZX_OK;
}

zx_handle_t rt_boot__handle(uint32_t type, uint32_t arg)
{
	uint32_t i;

	for (i = 0; i < rt_boot.handle_count; i++)
		if (PA_HND_TYPE(rt_boot.infos[i]) == type && PA_HND_ARG(rt_boot.infos[i]) == arg)
			return rt_boot.handles[i];
	return ZX_HANDLE_INVALID;
}

zx_handle_t rt_boot__directory(const char *path)
{
	int i;

	for (i = 0; i < rt_boot.namec; i++)
		if (!strcmp(rt_boot.names[i], path))
			return rt_boot__handle(PA_NS_DIR, i);
	return ZX_HANDLE_INVALID;
}

const char *rt_getenv(const char *name)
{
	size_t length = strlen(name);
	int i;

	for (i = 0; i < rt_boot.envc; i++)
		if (!strncmp(rt_boot.envp[i], name, length) && rt_boot.envp[i][length] == '=')
			return rt_boot.envp[i] + length + 1;
	return NULL;
}
