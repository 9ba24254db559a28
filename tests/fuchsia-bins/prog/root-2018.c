/*
 * What the root resource could do in 2018: run with --root-resource. The argument "2018-07" says
 * which of the two forms of zx_resource_create() there is.
 */
#include "check.h"
#include "string.h"

#include <zircon/eras.h>
#include <zircon/errors.h>
#include <zircon/rights.h>
#include <zircon/syscalls/profile.h>
#include <zircon/syscalls/resource.h>

/* The forms of the time, under names of their own: the header declares the newest ones. */
zx_status_t resource_create_201807(zx_handle_t parent, uint32_t kind, uint64_t low, uint64_t high,
				   zx_handle_t *out) __asm__("zx_resource_create");
zx_status_t profile_create_2018(zx_handle_t by, const zx_profile_info_2018_t *info,
				zx_handle_t *out) __asm__("zx_profile_create");

static zx_handle_t root;

static void ranges_with_both_ends(void)
{
	zx_info_resource_201807_t info;
	zx_handle_t part, other;

	REQUIRE_OK(resource_create_201807(root, ZX_RSRC_KIND_MMIO_201807, 0x1000, 0x1fff, &part));
	CHECK_OK(zx_object_get_info(part, ZX_INFO_RESOURCE, &info, sizeof(info), NULL, NULL));
	CHECK_EQ(info.kind, ZX_RSRC_KIND_MMIO_201807);
	CHECK_EQ(info.low, 0x1000);
	CHECK_EQ(info.high, 0x1fff);
	CHECK_STATUS(resource_create_201807(part, ZX_RSRC_KIND_MMIO_201807, 0x1000, 0x2000,
					    &other),
		     ZX_ERR_OUT_OF_RANGE);
	CHECK_STATUS(resource_create_201807(part, ZX_RSRC_KIND_IRQ_201807, 0x1000, 0x1000, &other),
		     ZX_ERR_ACCESS_DENIED);
	zx_handle_close(part);
}

static void ranges_with_names(void)
{
	zx_info_resource_t info;
	zx_handle_t part, other;

	REQUIRE_OK(zx_resource_create(root, ZX_RSRC_KIND_MMIO, 0x1000, 0x1000, "part", 4, &part));
	CHECK_OK(zx_object_get_info(part, ZX_INFO_RESOURCE, &info, sizeof(info), NULL, NULL));
	CHECK_EQ(info.kind, ZX_RSRC_KIND_MMIO);
	CHECK_STR(info.name, "part");
	/* Only the root resource was divided. */
	CHECK_STATUS(zx_resource_create(part, ZX_RSRC_KIND_MMIO, 0x1000, 1, NULL, 0, &other),
		     ZX_ERR_ACCESS_DENIED);
	zx_handle_close(part);
}

static void profiles(void)
{
	zx_profile_info_2018_t info = { .type = ZX_PROFILE_INFO_SCHEDULER_2018 };
	zx_handle_t profile;

	info.scheduler.priority = ZX_PRIORITY_DEFAULT;
	if (profile_create_2018(root, &info, &profile) != ZX_OK)
		REQUIRE_OK(profile_create_2018(rt_boot.job, &info, &profile));
	CHECK_OK(zx_object_set_profile(rt_boot.thread, profile, 0));
	zx_handle_close(profile);
	info.type = 2;
	CHECK(profile_create_2018(rt_boot.job, &info, &profile) != ZX_OK);
}

static void interrupts(void)
{
	zx_handle_t interrupt, port;
	zx_port_packet_t packet;

	REQUIRE_OK(zx_interrupt_create(ZX_HANDLE_INVALID, 0, ZX_INTERRUPT_VIRTUAL, &interrupt));
	REQUIRE_OK(zx_port_create(ZX_PORT_BIND_TO_INTERRUPT, &port));
	CHECK_STATUS(zx_interrupt_bind(interrupt, port, 3, ZX_INTERRUPT_UNBIND),
		     ZX_ERR_INVALID_ARGS);
	CHECK_OK(zx_interrupt_bind(interrupt, port, 3, 0));
	CHECK_OK(zx_interrupt_trigger(interrupt, 0, 9));
	CHECK_OK(zx_port_wait(port, ZX_TIME_INFINITE, &packet));
	CHECK_EQ(packet.type, ZX_PKT_TYPE_INTERRUPT);
	CHECK_EQ(packet.interrupt.timestamp, 9);
	zx_handle_close(interrupt);
	zx_handle_close(port);
}

int main(int argc, char **argv)
{
	root = rt_boot__handle(PA_RESOURCE, 0);
	if (argc > 1 && !strcmp(argv[1], "2018-07"))
		RUN(ranges_with_both_ends);
	else
		RUN(ranges_with_names);
	RUN(profiles);
	RUN(interrupts);
	return rt_check_result();
}
