#include "loader/bootstrap.h"

#include <string.h>
#include <zircon/errors.h>
#include <zircon/processargs.h>

#include "compat/core/channel.h"

void bootstrap__init(struct bootstrap *bootstrap)
{
	memset(bootstrap, 0, sizeof(*bootstrap));
}

void bootstrap__free(struct bootstrap *bootstrap)
{
	for (uint32_t i = 0; i < bootstrap->num_handles; i++)
		handle__close(&bootstrap->handles[i]);
	bootstrap->num_handles = 0;
}

zx_status_t bootstrap__add(struct bootstrap *bootstrap, struct handle *handle, uint32_t info)
{
	if (bootstrap->num_handles == ZX_CHANNEL_MAX_MSG_HANDLES) {
		handle__close(handle);
		return ZX_ERR_OUT_OF_RANGE;
	}
	bootstrap->handles[bootstrap->num_handles] = *handle;
	bootstrap->info[bootstrap->num_handles++] = info;
	*handle = (struct handle){ 0 };
	return ZX_OK;
}

zx_status_t bootstrap__add_object(struct bootstrap *bootstrap, void *object, zx_rights_t rights,
				  uint32_t info)
{
	struct handle handle;

	object__get(object);
	handle = handle__make(object, rights);
	return bootstrap__add(bootstrap, &handle, info);
}

zx_status_t bootstrap__add_dir(struct bootstrap *bootstrap, struct handle *handle,
			       const char *path)
{
	uint32_t info = PA_HND(PA_NS_DIR, (uint32_t)bootstrap->num_names);
	zx_status_t status = bootstrap__add(bootstrap, handle, info);

	if (status == ZX_OK)
		bootstrap->names[bootstrap->num_names++] = path;
	return status;
}

static size_t strings_size(const char *const *strings, size_t count)
{
	size_t size = 0;

	for (size_t i = 0; i < count; i++)
		size += strlen(strings[i]) + 1;
	return size;
}

size_t bootstrap__size(const struct bootstrap *bootstrap, uint32_t more_handles)
{
	return sizeof(zx_proc_args_t) +
	       sizeof(uint32_t) * (bootstrap->num_handles + more_handles) +
	       strings_size(bootstrap->args, bootstrap->num_args) +
	       strings_size(bootstrap->environ, bootstrap->num_environ) +
	       strings_size(bootstrap->names, bootstrap->num_names);
}

/* Appends the strings at @at of the message; returns the place behind them. */
static uint32_t put_strings(char *bytes, uint32_t at, const char *const *strings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t size = strlen(strings[i]) + 1;

		memcpy(bytes + at, strings[i], size);
		at += size;
	}
	return at;
}

static void fill(const struct bootstrap *bootstrap, char *bytes)
{
	zx_proc_args_t header = {
		.protocol = ZX_PROCARGS_PROTOCOL,
		.version = ZX_PROCARGS_VERSION,
		.handle_info_off = sizeof(header),
		.args_num = bootstrap->num_args,
		.environ_num = bootstrap->num_environ,
		.names_num = bootstrap->num_names,
	};
	uint32_t info_size = sizeof(uint32_t) * bootstrap->num_handles;

	memcpy(bytes + header.handle_info_off, bootstrap->info, info_size);
	header.args_off = header.handle_info_off + info_size;
	header.environ_off = put_strings(bytes, header.args_off, bootstrap->args,
					 bootstrap->num_args);
	header.names_off = put_strings(bytes, header.environ_off, bootstrap->environ,
				       bootstrap->num_environ);
	put_strings(bytes, header.names_off, bootstrap->names, bootstrap->num_names);
	memcpy(bytes, &header, sizeof(header));
}

zx_status_t bootstrap__send(struct bootstrap *bootstrap, struct channel *channel)
{
	size_t size = bootstrap__size(bootstrap, 0);
	struct message *message;

	if (size > ZX_CHANNEL_MAX_MSG_BYTES)
		return ZX_ERR_OUT_OF_RANGE;
	message = message__alloc(size, bootstrap->num_handles);
	if (!message)
		return ZX_ERR_NO_MEMORY;
	fill(bootstrap, message->bytes);
	memcpy(message->handles, bootstrap->handles,
	       sizeof(bootstrap->handles[0]) * bootstrap->num_handles);
	bootstrap->num_handles = 0;
	return channel__write(channel, message);
}
