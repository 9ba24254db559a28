#include "fidl_loader.h"

#include <zircon/errors.h>

#include "check.h"
#include "era.h"
#include "fidl.h"
#include "fidl_io.h"
#include "rt.h"
#include "string.h"

#define IO_RIGHT_EXECUTABLE 0x8u
#define IO_VMO_EXEC 0x4u

#if RT_ERA == 2018
#define LIBRARIES "lib-2018/"
#define OPEN_RIGHTS IO_RIGHT_READABLE
#else
#define LIBRARIES "lib/"
#define OPEN_RIGHTS (IO_RIGHT_READABLE | IO_RIGHT_EXECUTABLE)
#endif

#define LDSVC_DONE FIDL_ORDINAL(1, 0x63ba6b76d3671001)
#define LDSVC_LOAD_OBJECT FIDL_ORDINAL(2, 0x48c5a151d6df2853)

const char *loader_folder = LIBRARIES;

zx_handle_t loader_open_file(const char *path)
{
	zx_handle_t file, vmo = ZX_HANDLE_INVALID;
	uint64_t size;

	if (io_open(rt_boot__directory("/program"), OPEN_RIGHTS, 0, path, &file, NULL) != ZX_OK)
		return ZX_HANDLE_INVALID;
	CHECK_OK(io_get_buffer(file, IO_VMO_READ | IO_VMO_EXEC | IO_VMO_PRIVATE, &vmo, &size));
	io_close(file);
	return vmo;
}

static void answer(zx_handle_t channel, const struct load_request *request)
{
	struct load_reply reply = { .header = request->header, .status = ZX_ERR_NOT_FOUND };
	char path[300] = { 0 };
	size_t length = strlen(loader_folder);
	zx_handle_t vmo;

	memcpy(path, loader_folder, length);
	memcpy(path + length, request->text, (size_t)request->name.count);
	vmo = loader_open_file(path);
	if (vmo != ZX_HANDLE_INVALID) {
		reply.status = ZX_OK;
		reply.present = FIDL_HANDLE_PRESENT_MARK;
	}
	zx_channel_write(channel, 0, &reply, sizeof(reply), &vmo, vmo != ZX_HANDLE_INVALID);
}

void loader_serve(void *arg)
{
	zx_handle_t channel = *(zx_handle_t *)arg;
	struct load_request request;
	uint32_t size, count;

	for (;;) {
		memset(&request, 0, sizeof(request));
		zx_object_wait_one(channel, ZX_CHANNEL_READABLE | ZX_CHANNEL_PEER_CLOSED,
				   ZX_TIME_INFINITE, NULL);
		if (zx_channel_read(channel, 0, &request, NULL, sizeof(request), 0, &size,
				    &count) != ZX_OK)
			break;
		if (request.header.ordinal == LDSVC_LOAD_OBJECT)
			answer(channel, &request);
		if (request.header.ordinal == LDSVC_DONE)
			break;
	}
	zx_handle_close(channel);
}
