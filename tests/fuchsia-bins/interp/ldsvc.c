/* Client of the loader service (fuchsia.ldsvc.Loader). */
#include "interp.h"

#include <zircon/errors.h>
#include <zircon/syscalls.h>

#include "fidl.h"
#include "string.h"

#define LDSVC_DONE FIDL_ORDINAL(1, 0x63ba6b76d3671001)
#define LDSVC_LOAD_OBJECT FIDL_ORDINAL(2, 0x48c5a151d6df2853)

#define NAME_SIZE_MAX 1000

struct load_object_request {
	struct fidl_header header;
	struct fidl_vector name;
	char text[FIDL_ALIGN(NAME_SIZE_MAX)];
};

struct load_object_reply {
	struct fidl_header header;
	zx_status_t status;
	uint32_t object;
};

zx_status_t ldsvc__load_object(zx_handle_t service, const char *name, zx_handle_t *vmo)
{
	/* Static, because the first thread's stack is small. */
	static struct load_object_request request;
	struct load_object_reply reply;
	size_t length = strlen(name);
	uint32_t reply_size;
	zx_status_t status;

	if (length > NAME_SIZE_MAX)
		return ZX_ERR_BAD_PATH;
	memset(&request, 0, sizeof(request));
	request.header = FIDL_HEADER(LDSVC_LOAD_OBJECT);
	request.name = (struct fidl_vector){ length, FIDL_PRESENT };
	memcpy(request.text, name, length);

	status = fidl_call(service, &request,
			   offsetof(struct load_object_request, text) + FIDL_ALIGN(length),
			   ZX_HANDLE_INVALID, &reply, sizeof(reply), &reply_size, vmo);
	if (status != ZX_OK)
		return status;
	if (reply_size != sizeof(reply))
		status = ZX_ERR_IO_DATA_INTEGRITY;
	else if (reply.status != ZX_OK)
		status = reply.status;
	else if (*vmo == ZX_HANDLE_INVALID)
		status = ZX_ERR_NOT_FOUND;
	if (status != ZX_OK && *vmo != ZX_HANDLE_INVALID)
		zx_handle_close(*vmo);
	return status;
}

void ldsvc__done(zx_handle_t service)
{
	struct fidl_header message = FIDL_HEADER(LDSVC_DONE);

	zx_channel_write(service, 0, &message, sizeof(message), NULL, 0);
	zx_handle_close(service);
}
