#include "loader/era.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <zxabi/calls.h>

#define ALL_ERAS ((1u << ZXERA_COUNT) - 1)

/*
 * The calls that were not there at all dates, and their first and last one. (Three are left out:
 * the dates that we know of channel_call_noretry and _finish and of cprng_draw_once have gaps,
 * because some sources do not count what is internal.)
 */
static const struct {
	const char *name;
	uint8_t first;
	uint8_t last;
} sightings[] = {
	{ "channel_call_etc", ZXERA_2021_01, ZXERA_NEWEST },
	{ "channel_write_etc", ZXERA_2020_07, ZXERA_NEWEST },
	{ "clock_adjust", ZXERA_2018_07, ZXERA_2021_01 },
	{ "clock_create", ZXERA_2020_07, ZXERA_NEWEST },
	{ "clock_get", ZXERA_2018_07, ZXERA_2021_01 },
	{ "clock_get_boot", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "clock_get_details", ZXERA_2020_07, ZXERA_NEWEST },
	{ "clock_get_details_mapped", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "clock_get_new", ZXERA_2018_07, ZXERA_2019_01 },
	{ "clock_read", ZXERA_2020_07, ZXERA_NEWEST },
	{ "clock_read_mapped", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "clock_update", ZXERA_2020_07, ZXERA_NEWEST },
	{ "counter_add", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "counter_create", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "counter_read", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "counter_write", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "cprng_draw_new", ZXERA_2018_07, ZXERA_2018_07 },
	{ "exception_get_process", ZXERA_2020_07, ZXERA_NEWEST },
	{ "exception_get_string", ZXERA_2020_07, ZXERA_2021_01 },
	{ "exception_get_thread", ZXERA_2020_07, ZXERA_NEWEST },
	{ "framebuffer_get_info", ZXERA_2018_07, ZXERA_2021_01 },
	{ "framebuffer_set_range", ZXERA_2018_07, ZXERA_2021_01 },
	{ "futex_get_owner", ZXERA_2018_12, ZXERA_NEWEST },
	{ "futex_requeue_deprecated", ZXERA_2018_12, ZXERA_2019_01 },
	{ "futex_requeue_single_owner", ZXERA_2018_12, ZXERA_NEWEST },
	{ "futex_wait_deprecated", ZXERA_2018_12, ZXERA_2019_01 },
	{ "futex_wake_single_owner", ZXERA_2018_12, ZXERA_NEWEST },
	{ "handle_check_valid", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "interrupt_bind_vcpu", ZXERA_2018_12, ZXERA_2021_01 },
	{ "iob_allocate_id", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "iob_create", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "iob_create_shared_region", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "iob_writev", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "ioports_release", ZXERA_2020_07, ZXERA_NEWEST },
	{ "job_set_critical", ZXERA_2020_07, ZXERA_NEWEST },
	{ "ktrace_write", ZXERA_2018_07, ZXERA_2021_01 },
	{ "log_create", ZXERA_2018_07, ZXERA_2018_07 },
	{ "log_read", ZXERA_2018_07, ZXERA_2018_12 },
	{ "log_write", ZXERA_2018_07, ZXERA_2018_12 },
	{ "membarrier_sync_process_data", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "membarrier_sync_process_insn", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "msi_allocate", ZXERA_2020_07, ZXERA_NEWEST },
	{ "msi_create", ZXERA_2020_07, ZXERA_NEWEST },
	{ "mtrace_control", ZXERA_2018_07, ZXERA_2021_01 },
	{ "object_get_cookie", ZXERA_2018_07, ZXERA_2019_01 },
	{ "object_set_cookie", ZXERA_2018_07, ZXERA_2019_01 },
	{ "pager_create", ZXERA_2018_12, ZXERA_NEWEST },
	{ "pager_create_vmo", ZXERA_2018_12, ZXERA_NEWEST },
	{ "pager_detach_vmo", ZXERA_2019_01, ZXERA_NEWEST },
	{ "pager_op_range", ZXERA_2020_07, ZXERA_NEWEST },
	{ "pager_query_dirty_ranges", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "pager_query_vmo_stats", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "pager_supply_pages", ZXERA_2019_01, ZXERA_NEWEST },
	{ "pc_firmware_tables", ZXERA_2018_07, ZXERA_2021_01 },
	{ "port_cancel_key", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "process_create_shared", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "restricted_bind_state", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "restricted_enter", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "restricted_kick", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "restricted_unbind_state", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "sampler_create", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "sampler_read", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "sampler_start", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "sampler_stop", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "socket_accept", ZXERA_2018_07, ZXERA_2019_01 },
	{ "socket_set_disposition", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "socket_share", ZXERA_2018_07, ZXERA_2019_01 },
	{ "socket_shutdown", ZXERA_2018_12, ZXERA_2021_01 },
	{ "status_get_string", ZXERA_2018_07, ZXERA_2021_01 },
	{ "stream_create", ZXERA_2020_07, ZXERA_NEWEST },
	{ "stream_readv", ZXERA_2020_07, ZXERA_NEWEST },
	{ "stream_readv_at", ZXERA_2020_07, ZXERA_NEWEST },
	{ "stream_seek", ZXERA_2020_07, ZXERA_NEWEST },
	{ "stream_writev", ZXERA_2020_07, ZXERA_NEWEST },
	{ "stream_writev_at", ZXERA_2020_07, ZXERA_NEWEST },
	{ "system_get_event", ZXERA_2020_07, ZXERA_NEWEST },
	{ "system_get_page_size", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "system_get_performance_info", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "system_get_version", ZXERA_2018_07, ZXERA_2021_01 },
	{ "system_get_version_string", ZXERA_2020_07, ZXERA_NEWEST },
	{ "system_mexec_payload_get", ZXERA_2018_12, ZXERA_NEWEST },
	{ "system_set_performance_info", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "system_set_processor_power_domain", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "system_set_processor_power_state", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "system_suspend_enter", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "system_watch_memory_stall", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "task_bind_exception_port", ZXERA_2018_07, ZXERA_2019_01 },
	{ "task_create_exception_channel", ZXERA_2020_07, ZXERA_NEWEST },
	{ "task_resume", ZXERA_2018_07, ZXERA_2018_10 },
	{ "task_resume_from_exception", ZXERA_2018_07, ZXERA_2019_01 },
	{ "thread_legacy_yield", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "thread_raise_exception", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "thread_set_priority", ZXERA_2018_07, ZXERA_2019_01 },
	{ "thread_set_rseq", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "thread_start_regs", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "ticks_get_boot", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "vcpu_enter", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "vcpu_kick", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "vcpu_resume", ZXERA_2018_07, ZXERA_2021_01 },
	{ "vmar_allocate_old", ZXERA_2018_07, ZXERA_2019_01 },
	{ "vmar_map_clock", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "vmar_map_iob", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "vmar_map_old", ZXERA_2018_07, ZXERA_2019_01 },
	{ "vmar_op_range", ZXERA_2020_07, ZXERA_NEWEST },
	{ "vmar_protect_old", ZXERA_2018_07, ZXERA_2019_01 },
	{ "vmo_clone", ZXERA_2018_07, ZXERA_2019_01 },
	{ "vmo_create_child", ZXERA_2020_07, ZXERA_NEWEST },
	{ "vmo_get_stream_size", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "vmo_replace_as_executable", ZXERA_2018_10, ZXERA_NEWEST },
	{ "vmo_set_stream_size", ZXERA_NEWEST, ZXERA_NEWEST },
	{ "vmo_transfer_data", ZXERA_NEWEST, ZXERA_NEWEST },
};

/* The dates, as bits, that had all the calls that @image imports. */
static uint32_t possible_eras(const struct elf_image *image)
{
	uint32_t eras = ALL_ERAS;

	for (size_t i = 0; i < image->num_imports; i++) {
		for (size_t j = 0; j < sizeof(sightings) / sizeof(sightings[0]); j++) {
			if (!strcmp(image->imports[i], sightings[j].name))
				eras &= (2u << sightings[j].last) - (1u << sightings[j].first);
		}
	}
	return eras;
}

/* Fuchsia's C library is its interpreter as well, and goes by its name as the library. */
static bool is_libc(const struct elf_image *interp)
{
	return interp && interp->soname && !strcmp(interp->soname, "libc.so");
}

static uint32_t newest(uint32_t eras)
{
	return 31 - (uint32_t)__builtin_clz(eras);
}

uint32_t loader_era__detect(const struct elf_image *program, const struct elf_image *interp)
{
	uint32_t eras = possible_eras(interp ? interp : program);

	/* A program may be newer than its C library tells, but it is of some date. */
	if (interp && (eras & possible_eras(program)))
		eras &= possible_eras(program);
	if (!eras)
		return ZXERA_NEWEST;
	if (is_libc(interp) && (eras & (1u << ZXERA_2020_07)))
		return ZXERA_2020_07;
	return newest(eras);
}
