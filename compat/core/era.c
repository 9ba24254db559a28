#include "compat/core/era.h"

#include <string.h>
#include <zircon/eras.h>
#include <zircon/syscalls/debug.h>
#include <zircon/syscalls/exception.h>
#include <zircon/syscalls/object.h>
#include <zircon/syscalls/port.h>

#include "compat/core/object.h"
#include "compat/core/resource.h"

/* As Zircon's limit, a guard against receivers that have stopped to read. */
#define CHANNEL_MAX_MESSAGES 3500u
/* Likewise, against programs that wait without end (boot option kernel.port.max-observers). */
#define PORT_MAX_OBSERVERS 50000u
#define PORT_MAX_PACKETS_2018 2048u
#define PORT_MAX_PACKETS 4096u

#define VM_OPTIONS_BELOW(bit) ((1u << (bit)) - 1)

/* Properties that all eras have, and those that 2020 has besides. */
#define PROPERTIES                                                                                 \
	(1u << ZX_PROP_REGISTER_GS | 1u << ZX_PROP_NAME | 1u << ZX_PROP_REGISTER_FS |              \
	 1u << ZX_PROP_PROCESS_DEBUG_ADDR | 1u << ZX_PROP_PROCESS_VDSO_BASE_ADDRESS)
#define PROPERTIES_SOCKET_BUFFERS                                                                  \
	(1u << ZX_PROP_SOCKET_RX_BUF_MAX_201810 | 1u << ZX_PROP_SOCKET_RX_BUF_SIZE_201810 |        \
	 1u << ZX_PROP_SOCKET_TX_BUF_MAX_201810 | 1u << ZX_PROP_SOCKET_TX_BUF_SIZE_201810)
#define PROPERTIES_THRESHOLDS                                                                      \
	(1u << ZX_PROP_SOCKET_RX_THRESHOLD | 1u << ZX_PROP_SOCKET_TX_THRESHOLD |                   \
	 1u << ZX_PROP_JOB_KILL_ON_OOM)
#define PROPERTIES_2020                                                                            \
	(PROPERTIES | PROPERTIES_THRESHOLDS | 1u << ZX_PROP_PROCESS_BREAK_ON_LOAD |                \
	 1u << ZX_PROP_PROCESS_HW_TRACE_CONTEXT_ID | 1u << ZX_PROP_EXCEPTION_STATE |               \
	 1u << ZX_PROP_VMO_CONTENT_SIZE | 1u << ZX_PROP_EXCEPTION_STRATEGY)

/* Rows grow out of each other: what an era shares with the one before stands in the macro. */
#define TRAITS_2018                                                                                \
	.exception_start_bare = true,                                                              \
	.wait_many_max = ZX_WAIT_MANY_MAX_ITEMS_2018,                                              \
	.port_max_packets = PORT_MAX_PACKETS_2018,                                                 \
	.port_counts_all = true,                                                                   \
	.vmo_resizable_default = true,                                                             \
	.cache_policy_of_empty = true,                                                             \
	.futex_2018 = true,                                                                        \
	.vmo_rights_execute = true,                                                                \
	.retcode_kill = -1,                                                                        \
	.retcode_policy = -1,                                                                      \
	.retcode_exception = -1,                                                                   \
	.retcode_critical = -1,                                                                    \
	.job_no_processes = ZX_JOB_NO_PROCESSES_2018,                                              \
	.job_no_jobs = ZX_JOB_NO_JOBS,                                                             \
	.policy_actions_2018 = true,                                                               \
	.policy_max = ZX_POL_MAX_2018,                                                             \
	.fd_sockets_2018 = true,                                                                   \
	.right_job_create = ZX_RIGHT_MANAGE_JOB | ZX_RIGHT_WRITE,                                  \
	.vmo_create_options = ZX_VMO_NON_RESIZABLE_2018,                                           \
	.vmo_child_options = ZX_VMO_CLONE_COPY_ON_WRITE_2018 | ZX_VMO_CLONE_NON_RESIZEABLE_2018,   \
	.vmo_clones_live = true,                                                                   \
	.vmo_op_last = ZX_VMO_OP_CACHE_CLEAN_INVALIDATE,                                           \
	.vmo_commit_trims = true,                                                                  \
	.task_kill_thread = true,                                                                  \
	.thread_state_2018 = true,                                                                 \
	.thread_state_last = ZX_THREAD_X86_REGISTER_GS,                                            \
	.process_start_needs_arg = true,                                                           \
	.no_mapping = ZX_ERR_NO_MEMORY,                                                            \
	.sockets_2018 = true,                                                                      \
	.close_many_stops = true,                                                                  \
	.wait_repeating_2018 = true,                                                               \
	.log_records_2018 = true,                                                                  \
	.log_long_is_error = true,                                                                 \
	.debug_by_resource = true,                                                                 \
	.info_2018 = true,                                                                         \
	.info_self_denied = true,                                                                  \
	.pager_2019 = true,                                                                        \
	.pager_aux_unmapped = true,                                                                \
	.handle_props = true

#define TRAITS_TO_2018_10                                                                          \
	.exception_unbind_quietly = true,                                                          \
	.vcpu_vector_checked = true,                                                               \
	.suspend_2018 = true,                                                                      \
	.profile_by_resource = true,                                                               \
	TRAITS_2018,                                                                               \
	.right_process_create = ZX_RIGHT_WRITE,                                                    \
	.right_thread_create = ZX_RIGHT_WRITE,                                                     \
	.right_thread_start = ZX_RIGHT_MANAGE_THREAD | ZX_RIGHT_WRITE,                             \
	.vm_options = VM_OPTIONS_BELOW(12),                                                        \
	.socket_write_shuts = true,                                                                \
	.socket_read_asks = true,                                                                  \
	.socket_options_last = true,                                                               \
	.socket_buffer_props = true

#define TRAITS_TO_2019_01                                                                          \
	.right_vcpu_create = ZX_RIGHT_MANAGE_PROCESS,                                              \
	TRAITS_2018,                                                                               \
	.policy_any_process = true,                                                                \
	.job_debuggers = 1,                                                                        \
	.right_info = ZX_RIGHT_INSPECT,                                                            \
	.right_process_create = ZX_RIGHT_MANAGE_PROCESS | ZX_RIGHT_WRITE,                          \
	.right_thread_create = ZX_RIGHT_MANAGE_THREAD,                                             \
	.right_thread_start = ZX_RIGHT_MANAGE_THREAD,                                              \
	.properties = PROPERTIES | PROPERTIES_THRESHOLDS,                                          \
	.info_last = ZX_INFO_VMO,                                                                  \
	.info_vmo_2018 = true,                                                                     \
	.vm_options = VM_OPTIONS_BELOW(12)

#define TRAITS_2020                                                                                \
	.vcpu_one_for_thread = true,                                                               \
	.guest_options_checked = true,                                                             \
	.vmo_decommit_strict = true,                                                               \
	.buffers_told = true,                                                                      \
	.wait_many_max = ZX_WAIT_MANY_MAX_ITEMS,                                                   \
	.job_rights_manage_thread = true,                                                          \
	.thread_entry_checked = true,                                                              \
	.retcode_kill = ZX_TASK_RETCODE_SYSCALL_KILL,                                              \
	.retcode_policy = ZX_TASK_RETCODE_POLICY_KILL,                                             \
	.retcode_exception = ZX_TASK_RETCODE_EXCEPTION_KILL,                                       \
	.retcode_critical = ZX_TASK_RETCODE_CRITICAL_PROCESS_KILL,                                 \
	.job_no_processes = ZX_JOB_NO_PROCESSES,                                                   \
	.job_no_jobs = ZX_JOB_NO_JOBS,                                                             \
	.job_terminated = ZX_JOB_TERMINATED,                                                       \
	.utc_clock_handle = true,                                                                  \
	.policy_any_process = true,                                                                \
	.policy_timer_slack = true,                                                                \
	.socket_peek = true,                                                                       \
	.channel_max_messages = CHANNEL_MAX_MESSAGES,                                              \
	.right_info = ZX_RIGHT_INSPECT,                                                            \
	.right_thread_create = ZX_RIGHT_MANAGE_THREAD,                                             \
	.right_thread_start = ZX_RIGHT_MANAGE_THREAD,                                              \
	.interrupt_unbind = true,                                                                  \
	.vm_align = true

#define TRAITS_TO_2021_01                                                                          \
	.right_vcpu_create = ZX_RIGHT_MANAGE_PROCESS,                                              \
	TRAITS_2020,                                                                               \
	.job_debuggers = 1,                                                                        \
	.pager_aux_unmapped = true,                                                                \
	.vmo_commit_trims = true,                                                                  \
	.buffers_squashed = true,                                                                  \
	.policy_max = ZX_POL_MAX,                                                                  \
	.vmo_content_apart = true,                                                                 \
	.cache_policy_of_empty = true,                                                             \
	.event_last = ZX_SYSTEM_EVENT_MEMORY_PRESSURE_NORMAL,                                      \
	.properties = PROPERTIES_2020,                                                             \
	.right_job_create = ZX_RIGHT_MANAGE_JOB | ZX_RIGHT_WRITE,                                  \
	.right_process_create = ZX_RIGHT_MANAGE_PROCESS | ZX_RIGHT_WRITE,                          \
	.vmo_create_options = ZX_VMO_RESIZABLE,                                                    \
	.vmo_child_options = ZX_VMO_CHILD_SNAPSHOT | ZX_VMO_CHILD_RESIZABLE |                      \
			     ZX_VMO_CHILD_SLICE | ZX_VMO_CHILD_SNAPSHOT_AT_LEAST_ON_WRITE |        \
			     ZX_VMO_CHILD_NO_WRITE,                                                \
	.vm_options = VM_OPTIONS_BELOW(14),                                                        \
	.vmo_op_last = ZX_VMO_OP_ZERO,                                                             \
	.vmar_ops = 1u << ZX_VMAR_OP_DECOMMIT | 1u << ZX_VMAR_OP_MAP_RANGE,                        \
	.task_kill_thread = true,                                                                  \
	.thread_state_last = ZX_THREAD_X86_REGISTER_GS,                                            \
	.process_start_needs_arg = true,                                                           \
	.no_mapping = ZX_ERR_NO_MEMORY,                                                            \
	.handle_props = true

const struct era_traits era_traits[ZXERA_COUNT] = {
	[ZXERA_2018_07] = {
		.date = "2018-07",
		.resource_form = RESOURCE_FORM_201807,
		.exception_bound_201807 = true,
		TRAITS_TO_2018_10,
		.thread_state_201807 = true,
		.guest_201807 = true,
		.right_vcpu_create = ZX_RIGHT_WRITE,
		.resume_2018_07 = true,
		.right_info = ZX_RIGHT_READ,
		.timer_slack_any = true,
		.time_unsigned = true,
		.sockets_201807 = true,
		.info_last = ZX_INFO_PROCESS_HANDLE_STATS,
		.info_maps_201807 = true,
		.properties = PROPERTIES | PROPERTIES_SOCKET_BUFFERS |
			      1u << ZX_PROP_CHANNEL_TX_MSG_MAX_201807,
		.prop_channel_max = ZX_PROP_CHANNEL_TX_MSG_MAX_201807,
	},
	[ZXERA_2018_10] = {
		.date = "2018-10",
		.resource_form = RESOURCE_FORM_201810,
		.job_debuggers = 1,
		TRAITS_TO_2018_10,
		.right_vcpu_create = ZX_RIGHT_MANAGE_PROCESS,
		.right_info = ZX_RIGHT_INSPECT,
		.info_last = ZX_INFO_VMO,
		.socket_asks_datagram = true,
		.info_socket_201810 = true,
		.info_vmo_2018 = true,
		.properties = PROPERTIES | PROPERTIES_SOCKET_BUFFERS | PROPERTIES_THRESHOLDS |
			      1u << ZX_PROP_CHANNEL_TX_MSG_MAX_201810,
		.prop_channel_max = ZX_PROP_CHANNEL_TX_MSG_MAX_201810,
	},
	[ZXERA_2018_12] = {
		.date = "2018-12",
		.resource_form = RESOURCE_FORM_201812,
		TRAITS_TO_2019_01,
	},
	[ZXERA_2019_01] = {
		.date = "2019-01",
		.resource_form = RESOURCE_FORM_201812,
		TRAITS_TO_2019_01,
		.policy_timer_slack = true,
		.socket_peek = true,
	},
	[ZXERA_2020_07] = {
		.date = "2020-07",
		.resource_form = RESOURCE_FORM_2020,
		TRAITS_TO_2021_01,
		.info_last = ZX_INFO_TASK_RUNTIME,
		.port_max_packets = PORT_MAX_PACKETS_2018,
		.wait_async_options = ZX_WAIT_ASYNC_TIMESTAMP,
	},
	[ZXERA_2021_01] = {
		.date = "2021-01",
		.resource_form = RESOURCE_FORM_2021,
		TRAITS_TO_2021_01,
		.info_last = ZX_INFO_KMEM_STATS_EXTENDED,
		.port_max_packets = PORT_MAX_PACKETS,
		.port_full_exception = true,
		.info_versions = INFO_VERSIONS_2021,
		.wait_async_options = ZX_WAIT_ASYNC_TIMESTAMP | ZX_WAIT_ASYNC_EDGE,
		.channel_write_options = ZX_CHANNEL_WRITE_USE_IOVEC,
	},
	[ZXERA_NEWEST] = {
		.date = "newest",
		.resource_form = RESOURCE_FORM_NEWEST,
		TRAITS_2020,
		.thread_state_last = ZX_THREAD_STATE_SINGLE_STEP,
		.guest_newest = true,
		.right_vcpu_create = ZX_RIGHT_MANAGE_THREAD,
		.vcpu_vector_checked = true,
		.clock_newest = true,
		.job_debuggers = ZX_EXCEPTION_CHANNEL_JOB_DEBUGGER_MAX_COUNT,
		.exception_thread_exit = true,
		.exception_handle_leak = true,
		.interrupt_newest = true,
		.profile_newest = true,
		.event_last = ZX_SYSTEM_EVENT_IMMINENT_OUT_OF_MEMORY,
		.fifo_newest = true,
		.event_any_root_job = true,
		.port_max_observers = PORT_MAX_OBSERVERS,
		.info_last = ZX_INFO_CLOCK_MAPPED_SIZE,
		.port_max_packets = PORT_MAX_PACKETS,
		.port_full_exception = true,
		.info_versions = INFO_VERSIONS_NEWEST,
		.wait_async_options = ZX_WAIT_ASYNC_TIMESTAMP | ZX_WAIT_ASYNC_EDGE |
				      ZX_WAIT_ASYNC_BOOT_TIMESTAMP,
		.channel_write_options = ZX_CHANNEL_WRITE_USE_IOVEC,
		.properties = PROPERTIES_2020 | 1u << ZX_PROP_STREAM_MODE_APPEND,
		.props_newest = true,
		.dead_thread_empty = true,
		.policy_newest = true,
		.policy_max = ZX_POL_MAX_NEWEST,
		.right_job_create = ZX_RIGHT_MANAGE_JOB,
		.right_process_create = ZX_RIGHT_MANAGE_PROCESS,
		.vmo_create_options = ZX_VMO_RESIZABLE | ZX_VMO_DISCARDABLE | ZX_VMO_UNBOUNDED,
		.vmo_child_options = ZX_VMO_CHILD_SNAPSHOT | ZX_VMO_CHILD_RESIZABLE |
				     ZX_VMO_CHILD_SLICE | ZX_VMO_CHILD_SNAPSHOT_AT_LEAST_ON_WRITE |
				     ZX_VMO_CHILD_NO_WRITE | ZX_VMO_CHILD_REFERENCE |
				     ZX_VMO_CHILD_SNAPSHOT_MODIFIED,
		.vm_options = VM_OPTIONS_BELOW(16),
		.vmo_op_last = ZX_VMO_OP_PREFETCH,
		.vmar_ops = 1u << ZX_VMAR_OP_COMMIT | 1u << ZX_VMAR_OP_DECOMMIT |
			    1u << ZX_VMAR_OP_MAP_RANGE | 1u << ZX_VMAR_OP_ZERO |
			    1u << ZX_VMAR_OP_DONT_NEED | 1u << ZX_VMAR_OP_ALWAYS_NEED |
			    1u << ZX_VMAR_OP_PREFETCH,
		.vm_rights_newest = true,
		.stream_ends_told = true,
		.content_in_vmo = true,
		.pager_newest = true,
		.no_mapping = ZX_ERR_NOT_FOUND,
		.debug_memory_newest = true,
		.log_newest = true,
	},
};

/* What a date's <zircon/rights.h> gave beyond, or short of, the rights in object_ops. */
static const struct {
	uint32_t first;
	uint32_t last;
	uint32_t type;
	zx_rights_t more;
	zx_rights_t less;
} rights_changes[] = {
	{ ZXERA_2018_07, ZXERA_2018_10, ZX_OBJ_TYPE_CHANNEL, ZX_RIGHTS_PROPERTY, 0 },
	{ ZXERA_2018_07, ZXERA_2018_10, ZX_OBJ_TYPE_EVENT, ZX_RIGHTS_IO, 0 },
	{ ZXERA_2018_07, ZXERA_2018_10, ZX_OBJ_TYPE_EVENTPAIR, ZX_RIGHTS_IO, 0 },
	{ ZXERA_2018_07, ZXERA_2018_10, ZX_OBJ_TYPE_TIMER, ZX_RIGHT_READ, 0 },
	{ ZXERA_2018_07, ZXERA_2018_10, ZX_OBJ_TYPE_JOB, 0, ZX_RIGHT_MANAGE_PROCESS },
	{ ZXERA_2018_07, ZXERA_2018_10, ZX_OBJ_TYPE_PROCESS, 0, ZX_RIGHT_MANAGE_THREAD },
	{ ZXERA_2018_07, ZXERA_2018_07, ZX_OBJ_TYPE_SOCKET, 0, ZX_RIGHT_SET_PROPERTY },
	{ ZXERA_2018_07, ZXERA_2018_07, ZX_OBJ_TYPE_SUSPEND_TOKEN, 0, ZX_RIGHT_INSPECT },
	{ ZXERA_2018_07, ZXERA_2018_07, ZX_OBJ_TYPE_RESOURCE,
	  ZX_RIGHT_WAIT | ZX_RIGHT_READ | ZX_RIGHT_SIGNAL, 0 },
	{ ZXERA_2018_07, ZXERA_2018_07, ZX_OBJ_TYPE_GUEST, ZX_RIGHT_WAIT,
	  ZX_RIGHT_MANAGE_PROCESS },
	{ ZXERA_NEWEST, ZXERA_NEWEST, ZX_OBJ_TYPE_GUEST, ZX_RIGHT_MANAGE_THREAD,
	  ZX_RIGHT_MANAGE_PROCESS },
	{ ZXERA_2018_07, ZXERA_2019_01, ZX_OBJ_TYPE_PAGER, ZX_RIGHT_ENUMERATE, 0 },
	{ ZXERA_NEWEST, ZXERA_NEWEST, ZX_OBJ_TYPE_PAGER,
	  ZX_RIGHT_ATTACH_VMO | ZX_RIGHT_MANAGE_VMO, ZX_RIGHTS_PROPERTY },
	{ ZXERA_2021_01, ZXERA_NEWEST, ZX_OBJ_TYPE_SOCKET, ZX_RIGHT_MANAGE_SOCKET, 0 },
	{ ZXERA_NEWEST, ZXERA_NEWEST, ZX_OBJ_TYPE_VMAR, ZX_RIGHT_OP_CHILDREN, 0 },
	{ ZXERA_NEWEST, ZXERA_NEWEST, ZX_OBJ_TYPE_CLOCK, ZX_RIGHT_SIGNAL | ZX_RIGHTS_PROPERTY, 0 },
};

zx_rights_t era__default_rights(uint32_t era, uint32_t type)
{
	zx_rights_t rights = object__ops(type)->default_rights;

	for (size_t i = 0; i < sizeof(rights_changes) / sizeof(rights_changes[0]); i++) {
		if (rights_changes[i].type == type && era >= rights_changes[i].first &&
		    era <= rights_changes[i].last)
			rights = (rights | rights_changes[i].more) & ~rights_changes[i].less;
	}
	if (type == ZX_OBJ_TYPE_JOB && !era__of(era)->job_rights_manage_thread)
		rights &= ~ZX_RIGHT_MANAGE_THREAD;
	if (type == ZX_OBJ_TYPE_VMO && era__of(era)->vmo_rights_execute)
		rights |= ZX_RIGHT_EXECUTE;
	return rights;
}

static bool digits(const char *text, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
	}
	return true;
}

/* "YYYY-MM" and nothing more; strings of that form sort as the dates do. */
static bool is_date(const char *text)
{
	return strnlen(text, 8) == 7 && digits(text, 4) && text[4] == '-' && digits(text + 5, 2) &&
	       memcmp(text + 5, "01", 2) >= 0 && memcmp(text + 5, "12", 2) <= 0;
}

bool era__from_date(const char *date, uint32_t *out_era)
{
	uint32_t era = 0;

	if (!memcmp(date, "newest", strnlen(date, 6) + 1)) {
		*out_era = ZXERA_NEWEST;
		return true;
	}
	if (!is_date(date))
		return false;
	/* Before the first one there is nothing older to offer. */
	for (uint32_t i = 1; i < ZXERA_NEWEST; i++) {
		if (memcmp(date, era_traits[i].date, 7) >= 0)
			era = i;
	}
	*out_era = era;
	return true;
}
