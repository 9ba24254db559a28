/*
 * The resource for guests, where programs of the SDK's date look for it, and a guest made with it.
 * Its message is made by hand: SDKs have no C bindings for it.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <zircon/syscalls.h>
#include <zircon/syscalls/object.h>

#if __has_include(<lib/fdio/directory.h>)
#include <lib/fdio/directory.h>
#include <lib/fdio/fd.h>
#define SINCE_2020 1
#else
#include <lib/fdio/util.h>
#define SINCE_2020 0
#endif

#include "check.h"

#define GET_2018 0x3868a16bu
#define GET_2020 0x1ab9d2b80bbb43a4u

struct request {
	uint32_t txid;
	uint8_t flags[3];
	uint8_t magic;
	uint64_t ordinal;
};

struct reply {
	struct request header;
	zx_status_t status;
	uint32_t resource;
};

/* In 2018 a device, later a service. */
static zx_handle_t connect(void)
{
	zx_handle_t service = ZX_HANDLE_INVALID;
#if SINCE_2020
	zx_handle_t server;

	CHECK_EQ(zx_channel_create(0, &service, &server), ZX_OK);
	CHECK_EQ(fdio_service_connect("/svc/fuchsia.sysinfo.SysInfo", server), ZX_OK);
#else
	int fd = open("/dev/misc/sysinfo", O_RDWR);

	CHECK(fd >= 0);
	CHECK_EQ(fdio_get_service_handle(fd, &service), ZX_OK);
#endif
	return service;
}

static zx_handle_t get_resource(void)
{
	struct request request = { .txid = 0 };
	struct reply reply = { .status = ZX_ERR_INTERNAL };
	zx_handle_t service = connect();
	zx_handle_t resource = ZX_HANDLE_INVALID;
	uint32_t bytes = 0;
	uint32_t handles = 0;
	zx_channel_call_args_t call = {
		.wr_bytes = &request,
		.wr_num_bytes = sizeof(request),
		.rd_bytes = &reply,
		.rd_handles = &resource,
		.rd_num_bytes = sizeof(reply),
		.rd_num_handles = 1,
	};

	if (SINCE_2020) {
		request.magic = 1;
		request.ordinal = GET_2020;
	} else {
		request.ordinal = (uint64_t)GET_2018 << 32;
	}
	CHECK_EQ(zx_channel_call(service, 0, ZX_TIME_INFINITE, &call, &bytes, &handles), ZX_OK);
	CHECK_EQ(bytes, sizeof(reply));
	CHECK_EQ(reply.status, ZX_OK);
	CHECK_EQ(handles, 1);
	zx_handle_close(service);
	return resource;
}

static void guest(void)
{
	zx_info_handle_basic_t info;
	zx_handle_t resource = get_resource();
	zx_handle_t made;
	zx_handle_t vmar;

	CHECK_EQ(zx_object_get_info(resource, ZX_INFO_HANDLE_BASIC, &info, sizeof(info), NULL,
				    NULL), ZX_OK);
	CHECK_EQ(info.type, ZX_OBJ_TYPE_RESOURCE);
	CHECK_EQ(info.rights, ZX_RIGHT_TRANSFER);
	CHECK_EQ(zx_guest_create(resource, 0, &made, &vmar), ZX_OK);
}

int main(void)
{
	RUN(guest);
	return check_result();
}
