/* What the first program of a booted system may do: run with --root-resource. */
#include "check.h"

#include <zircon/eras.h>
#include <zircon/errors.h>
#include <zircon/rights.h>
#include <zircon/syscalls/log.h>
#include <zircon/syscalls/resource.h>
#include <zircon/syscalls/system.h>

static zx_handle_t root;       /* before the newest interface */
static zx_handle_t system_all; /* in it */

static zx_handle_t privilege(uint64_t base)
{
	zx_handle_t out = ZX_HANDLE_INVALID;

	if (root)
		return root;
	CHECK_OK(zx_resource_create(system_all, ZX_RSRC_KIND_SYSTEM_2021, base, 1, "part", 4,
				    &out));
	return out;
}

static void handed_over(void)
{
	zx_info_handle_basic_t basic;
	zx_info_resource_t info;
	zx_handle_t one;

	root = rt_boot__handle(PA_RESOURCE, 0);
	system_all = rt_boot__handle(PA_SYSTEM_RESOURCE, 0);
	one = root ? root : system_all;
	REQUIRE(one != ZX_HANDLE_INVALID);
	CHECK_EQ(!root, rt_boot__handle(PA_MMIO_RESOURCE, 0) != 0);
	CHECK_EQ(!root, rt_boot__handle(PA_IRQ_RESOURCE, 0) != 0);
	CHECK_EQ(!root, rt_boot__handle(PA_IOPORT_RESOURCE, 0) != 0);
	CHECK_OK(zx_object_get_info(one, ZX_INFO_HANDLE_BASIC, &basic, sizeof(basic), NULL, NULL));
	CHECK_EQ(basic.type, ZX_OBJ_TYPE_RESOURCE);
	CHECK_EQ(basic.rights, ZX_DEFAULT_RESOURCE_RIGHTS);
	CHECK_OK(zx_object_get_info(one, ZX_INFO_RESOURCE, &info, sizeof(info), NULL, NULL));
	CHECK_EQ(info.base, 0);
	CHECK_EQ(info.size, 0);
}

static void parts(void)
{
	zx_handle_t mmio = root ? root : rt_boot__handle(PA_MMIO_RESOURCE, 0);
	zx_info_resource_t info;
	zx_handle_t part, other;

	REQUIRE_OK(zx_resource_create(mmio, ZX_RSRC_KIND_MMIO | ZX_RSRC_FLAG_EXCLUSIVE, 0xfee00000,
				      0x1000, "apic", 4, &part));
	CHECK_OK(zx_object_get_info(part, ZX_INFO_RESOURCE, &info, sizeof(info), NULL, NULL));
	CHECK_EQ(info.kind, ZX_RSRC_KIND_MMIO);
	CHECK_EQ(info.flags, ZX_RSRC_FLAG_EXCLUSIVE);
	CHECK_EQ(info.base, 0xfee00000);
	CHECK_EQ(info.size, 0x1000);
	CHECK_STR(info.name, "apic");
	CHECK_STATUS(zx_resource_create(mmio, ZX_RSRC_KIND_MMIO, 0xfee00800, 1, NULL, 0, &other),
		     ZX_ERR_NOT_FOUND);
	zx_handle_close(part);
	CHECK_OK(zx_resource_create(mmio, ZX_RSRC_KIND_MMIO, 0xfee00800, 1, NULL, 0, &other));
	CHECK_STATUS(zx_resource_create(other, ZX_RSRC_KIND_IRQ, 40, 1, NULL, 0, &part),
		     ZX_ERR_ACCESS_DENIED);
	zx_handle_close(other);
}

static void root_job(void)
{
	zx_info_handle_basic_t basic;
	zx_koid_t koids[4];
	zx_handle_t event;
	size_t actual = 0;

	CHECK_OK(zx_system_get_event(rt_boot.job, ZX_SYSTEM_EVENT_OUT_OF_MEMORY, &event));
	zx_handle_close(event);
	/* It is the job that the program itself is in. */
	CHECK_OK(zx_object_get_info(rt_boot.process, ZX_INFO_HANDLE_BASIC, &basic, sizeof(basic),
				    NULL, NULL));
	CHECK_OK(zx_object_get_info(rt_boot.job, ZX_INFO_JOB_PROCESSES, koids, sizeof(koids),
				    &actual, NULL));
	CHECK_EQ(actual, 1);
	CHECK_EQ(koids[0], basic.koid);
}

static void privileges(void)
{
	zx_handle_t log, vmo;

	CHECK_OK(zx_debuglog_create(privilege(ZX_RSRC_SYSTEM_DEBUGLOG_BASE), ZX_LOG_FLAG_READABLE,
				    &log));
	zx_handle_close(log);
	CHECK_OK(zx_vmo_create(4096, 0, &vmo));
	CHECK_OK(zx_vmo_replace_as_executable(vmo, privilege(ZX_RSRC_SYSTEM_VMEX_BASE), &vmo));
	zx_handle_close(vmo);
}

/* From the newest interface. */
static void memory_stalls(void)
{
	zx_handle_t by = system_all ? privilege(ZX_RSRC_SYSTEM_STALL_BASE) : ZX_HANDLE_INVALID;
	zx_handle_t event;

	if (!by)
		return;
	REQUIRE_OK(zx_system_watch_memory_stall(by, ZX_SYSTEM_MEMORY_STALL_SOME, 1000000, 10000000,
						&event));
	CHECK_STATUS(zx_object_wait_one(event, ZX_EVENT_SIGNALED, 0, NULL), ZX_ERR_TIMED_OUT);
	zx_handle_close(event);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(handed_over);
	RUN(parts);
	RUN(root_job);
	RUN(privileges);
	RUN(memory_stalls);
	return rt_check_result();
}
