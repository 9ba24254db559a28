/*
 * Calls with the CPU in states that no compiler leaves it in: the direction flag set, a gs or fs
 * base of the program's own.
 */
#include "check.h"
#include "string.h"

#include <zircon/errors.h>

#define set_direction() __asm__ volatile("std" ::: "memory")
#define clear_direction() __asm__ volatile("cld" ::: "memory")

/* On Zircon a system call clears the flag for the kernel, and returns with it as it was. */
static void direction_flag(void)
{
	static char sent[256];
	static char got[3 * 256];
	zx_handle_t ends[2];
	zx_status_t written;
	zx_status_t read;
	uint32_t size;

	for (size_t i = 0; i < sizeof(sent); i++)
		sent[i] = (char)i;
	REQUIRE_OK(zx_channel_create(0, &ends[0], &ends[1]));
	set_direction();
	written = zx_channel_write(ends[0], 0, sent, sizeof(sent), NULL, 0);
	read = zx_channel_read(ends[1], 0, got + 256, NULL, 256, 0, &size, NULL);
	clear_direction();
	CHECK_OK(written);
	CHECK_OK(read);
	CHECK_EQ(size, sizeof(sent));
	CHECK(!memcmp(got + 256, sent, sizeof(sent)));
	for (size_t i = 0; i < 256; i++)
		CHECK(!got[i] && !got[512 + i]);
	zx_handle_close(ends[0]);
	zx_handle_close(ends[1]);
}

static void still_calling(void)
{
	zx_handle_t event;
	char name[ZX_MAX_NAME_LEN] = { 0 };

	REQUIRE_OK(zx_event_create(0, &event));
	CHECK_OK(zx_object_signal(event, 0, ZX_EVENT_SIGNALED));
	CHECK_OK(zx_object_wait_one(event, ZX_EVENT_SIGNALED, ZX_TIME_INFINITE, NULL));
	CHECK_OK(zx_object_get_property(rt_boot.thread, ZX_PROP_NAME, name, sizeof(name)));
	zx_handle_close(event);
}

static uint64_t bases[16];

static void own_gs(void)
{
	uint64_t base;

	__asm__ volatile("wrgsbase %0" : : "r"(bases));
	still_calling();
	__asm__ volatile("rdgsbase %0" : "=r"(base));
	CHECK_EQ(base, (uintptr_t)bases);
	/* A null base, as before any was set. */
	__asm__ volatile("wrgsbase %0" : : "r"(0ull));
	still_calling();
	CHECK_OK(zx_object_set_property(rt_boot.thread, ZX_PROP_REGISTER_GS,
					&(uint64_t){ (uintptr_t)bases }, sizeof(uint64_t)));
	still_calling();
	__asm__ volatile("rdgsbase %0" : "=r"(base));
	CHECK_EQ(base, (uintptr_t)bases);
}

static void own_fs(void)
{
	uint64_t base;

	__asm__ volatile("wrfsbase %0" : : "r"(bases));
	still_calling();
	__asm__ volatile("rdfsbase %0" : "=r"(base));
	CHECK_EQ(base, (uintptr_t)bases);
	__asm__ volatile("wrfsbase %0" : : "r"(0ull));
	still_calling();
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(direction_flag);
	RUN(own_fs);
	RUN(own_gs);
	return rt_check_result();
}
