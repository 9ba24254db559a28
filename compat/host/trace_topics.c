/* What the topics of zx_object_get_info and properties hold, as far as a trace shows it. */
#include <zircon/eras.h>
#include <zircon/syscalls/iob.h>

#include "compat/host/trace_layout_rows.h"

/* --- Handles --- */

MEMBERS(koid) = { VALUE(sizeof(zx_koid_t), KOID, NULL), END };

MEMBERS(handle_basic) = {
	MEMBER(zx_info_handle_basic_t, koid, KOID, NULL),
	MEMBER(zx_info_handle_basic_t, rights, RIGHTS, NULL),
	MEMBER(zx_info_handle_basic_t, type, OBJECT_TYPE, NULL),
	MEMBER(zx_info_handle_basic_t, related_koid, KOID, NULL),
	END,
};

/* Handles of another process: no objects of the one that asks. */
MEMBERS(handle_extended) = {
	MEMBER(zx_info_handle_extended_t, handle_value, ADDRESS, NULL),
	MEMBER(zx_info_handle_extended_t, type, OBJECT_TYPE, NULL),
	MEMBER(zx_info_handle_extended_t, rights, RIGHTS, NULL),
	MEMBER(zx_info_handle_extended_t, koid, KOID, NULL),
	END,
};

MEMBERS(handle_count) = { MEMBER(zx_info_handle_count_t, handle_count, UNSIGNED, NULL), END };

/* --- Tasks --- */

MEMBERS(process) = {
	MEMBER(zx_info_process_t, return_code, SIGNED, NULL),
	MEMBER(zx_info_process_t, started, BOOL, NULL),
	MEMBER(zx_info_process_t, exited, BOOL, NULL),
	MEMBER(zx_info_process_t, debugger_attached, BOOL, NULL),
	END,
};

MEMBERS(process_v2) = {
	MEMBER(zx_info_process_v2_t, return_code, SIGNED, NULL),
	MEMBER(zx_info_process_v2_t, start_time, TIME, NULL),
	MEMBER(zx_info_process_v2_t, flags, BITS, "process_flag"),
	END,
};

MEMBERS(job) = {
	MEMBER(zx_info_job_t, return_code, SIGNED, NULL),
	MEMBER(zx_info_job_t, exited, BOOL, NULL),
	MEMBER(zx_info_job_t, kill_on_oom, BOOL, NULL),
	MEMBER(zx_info_job_t, debugger_attached, BOOL, NULL),
	END,
};

MEMBERS(thread) = {
	MEMBER(zx_info_thread_t, state, ONE, "thread_is"),
	MEMBER(zx_info_thread_t, wait_exception_channel_type, ONE, "exception_channel_type"),
	END,
};

MEMBERS(thread_2018) = {
	MEMBER(zx_info_thread_2018_t, state, ONE, "thread_is"),
	MEMBER(zx_info_thread_2018_t, wait_exception_port_type, UNSIGNED, NULL),
	END,
};

MEMBERS(thread_stats) = {
	MEMBER(zx_info_thread_stats_t, total_runtime, DURATION, NULL),
	MEMBER(zx_info_thread_stats_t, last_scheduled_cpu, UNSIGNED, NULL),
	END,
};

MEMBERS(task_stats) = {
	MEMBER(zx_info_task_stats_t, mem_mapped_bytes, SIZE, NULL),
	MEMBER(zx_info_task_stats_t, mem_private_bytes, SIZE, NULL),
	MEMBER(zx_info_task_stats_t, mem_shared_bytes, SIZE, NULL),
	MEMBER(zx_info_task_stats_t, mem_scaled_shared_bytes, SIZE, NULL),
	END,
};

MEMBERS(task_runtime) = {
	MEMBER(zx_info_task_runtime_v2_t, cpu_time, DURATION, NULL),
	MEMBER(zx_info_task_runtime_v2_t, queue_time, DURATION, NULL),
	MEMBER(zx_info_task_runtime_v2_t, page_fault_time, DURATION, NULL),
	MEMBER(zx_info_task_runtime_v2_t, lock_contention_time, DURATION, NULL),
	END,
};

/* Before 2021-01 it had no more than the machine's part. */
MEMBERS(exception_report) = {
	AS("type", zx_exception_report_v2_t, header.type, ONE, "exception"),
	AS("vector", zx_exception_report_v2_t, context.arch.u.x86_64.vector, UNSIGNED, NULL),
	AS("err_code", zx_exception_report_v2_t, context.arch.u.x86_64.err_code, ADDRESS, NULL),
	AS("cr2", zx_exception_report_v2_t, context.arch.u.x86_64.cr2, ADDRESS, NULL),
	AS("synth_code", zx_exception_report_v2_t, context.synth_code, UNSIGNED, NULL),
	AS("synth_data", zx_exception_report_v2_t, context.synth_data, UNSIGNED, NULL),
	END,
};

/* --- Memory --- */

MEMBERS(vmar) = {
	MEMBER(zx_info_vmar_t, base, ADDRESS, NULL),
	MEMBER(zx_info_vmar_t, len, SIZE, NULL),
	END,
};

/* All dates begin with these. */
MEMBERS(maps) = {
	MEMBER(zx_info_maps_t, name, TEXT, NULL),
	MEMBER(zx_info_maps_t, base, ADDRESS, NULL),
	MEMBER(zx_info_maps_t, size, SIZE, NULL),
	MEMBER(zx_info_maps_t, depth, UNSIGNED, NULL),
	MEMBER(zx_info_maps_t, type, ONE, "maps_type"),
	END,
};

/* The same. */
MEMBERS(vmo) = {
	MEMBER(zx_info_vmo_t, koid, KOID, NULL),
	MEMBER(zx_info_vmo_t, name, TEXT, NULL),
	MEMBER(zx_info_vmo_t, size_bytes, SIZE, NULL),
	MEMBER(zx_info_vmo_t, parent_koid, KOID, NULL),
	MEMBER(zx_info_vmo_t, num_children, UNSIGNED, NULL),
	MEMBER(zx_info_vmo_t, num_mappings, UNSIGNED, NULL),
	MEMBER(zx_info_vmo_t, flags, BITS, "vmo_flag"),
	MEMBER(zx_info_vmo_t, committed_bytes, SIZE, NULL),
	MEMBER(zx_info_vmo_t, handle_rights, RIGHTS, NULL),
	END,
};

/* --- Messages, time, hardware --- */

MEMBERS(socket) = {
	MEMBER(zx_info_socket_t, options, BITS, "socket_create"),
	MEMBER(zx_info_socket_t, rx_buf_max, SIZE, NULL),
	MEMBER(zx_info_socket_t, rx_buf_size, SIZE, NULL),
	MEMBER(zx_info_socket_t, rx_buf_available, SIZE, NULL),
	MEMBER(zx_info_socket_t, tx_buf_max, SIZE, NULL),
	MEMBER(zx_info_socket_t, tx_buf_size, SIZE, NULL),
	END,
};

MEMBERS(socket_2018_10) = {
	MEMBER(zx_info_socket_201810_t, options, BITS, "socket_create"),
	MEMBER(zx_info_socket_201810_t, rx_buf_max, SIZE, NULL),
	MEMBER(zx_info_socket_201810_t, rx_buf_size, SIZE, NULL),
	MEMBER(zx_info_socket_201810_t, tx_buf_max, SIZE, NULL),
	MEMBER(zx_info_socket_201810_t, tx_buf_size, SIZE, NULL),
	END,
};

MEMBERS(timer) = {
	MEMBER(zx_info_timer_t, options, ONE, "timer_slack"),
	MEMBER(zx_info_timer_t, deadline, TIME, NULL),
	MEMBER(zx_info_timer_t, slack, DURATION, NULL),
	END,
};

MEMBERS(stream) = {
	MEMBER(zx_info_stream_t, options, BITS, "stream_create"),
	MEMBER(zx_info_stream_t, seek, SIZE, NULL),
	MEMBER(zx_info_stream_t, content_size, SIZE, NULL),
	END,
};

MEMBERS(iob) = {
	MEMBER(zx_info_iob_t, options, BITS, NULL),
	MEMBER(zx_info_iob_t, region_count, UNSIGNED, NULL),
	END,
};

MEMBERS(resource) = {
	MEMBER(zx_info_resource_t, kind, BITS, "resource"),
	MEMBER(zx_info_resource_t, flags, BITS, NULL),
	MEMBER(zx_info_resource_t, base, ADDRESS, NULL),
	MEMBER(zx_info_resource_t, size, SIZE, NULL),
	MEMBER(zx_info_resource_t, name, TEXT, NULL),
	END,
};

MEMBERS(resource_2018_07) = {
	MEMBER(zx_info_resource_201807_t, kind, ONE, "resource_kind_2018_07"),
	MEMBER(zx_info_resource_201807_t, low, ADDRESS, NULL),
	MEMBER(zx_info_resource_201807_t, high, ADDRESS, NULL),
	END,
};

MEMBERS(cpu_stats) = {
	MEMBER(zx_info_cpu_stats_t, cpu_number, UNSIGNED, NULL),
	MEMBER(zx_info_cpu_stats_t, flags, BITS, NULL),
	MEMBER(zx_info_cpu_stats_t, idle_time, DURATION, NULL),
	END,
};

MEMBERS(kmem_stats) = {
	MEMBER(zx_info_kmem_stats_t, total_bytes, SIZE, NULL),
	MEMBER(zx_info_kmem_stats_t, free_bytes, SIZE, NULL),
	END,
};

MEMBERS(memory_stall) = {
	MEMBER(zx_info_memory_stall_t, stall_time_some, DURATION, NULL),
	MEMBER(zx_info_memory_stall_t, stall_time_full, DURATION, NULL),
	END,
};

MEMBERS(size) = { VALUE(8, SIZE, NULL), END };

/* --- The tables --- */

const struct trace_layout trace_topics[] = {
	ONE(ZX_INFO_HANDLE_BASIC, offsetof(zx_info_handle_basic_t, props), handle_basic),
	ONE(ZX_INFO_HANDLE_COUNT, sizeof(zx_info_handle_count_t), handle_count),
	MANY(ZX_INFO_HANDLE_TABLE, sizeof(zx_info_handle_extended_t), handle_extended),
	ONE(ZX_INFO_PROCESS, offsetof(zx_info_process_t, padding1), process),
	ONE(ZX_INFO_PROCESS_V2, offsetof(zx_info_process_v2_t, padding1), process_v2),
	ONE(ZX_INFO_JOB, offsetof(zx_info_job_t, padding1), job),
	DATED_ONE(ZX_INFO_THREAD, ZXERA_2018_07, ZXERA_2019_01, sizeof(zx_info_thread_2018_t),
		  thread_2018),
	DATED_ONE(ZX_INFO_THREAD, ZXERA_2020_07, ZXERA_NEWEST, sizeof(zx_info_thread_2018_t),
		  thread),
	ONE(ZX_INFO_THREAD_STATS, sizeof(zx_info_thread_stats_2018_t), thread_stats),
	ONE(ZX_INFO_THREAD_EXCEPTION_REPORT, sizeof(zx_exception_report_v1_t), exception_report),
	ONE(ZX_INFO_THREAD_EXCEPTION_REPORT_V2, sizeof(zx_exception_report_v2_t), exception_report),
	MANY(ZX_INFO_PROCESS_THREADS, sizeof(zx_koid_t), koid),
	MANY(ZX_INFO_JOB_CHILDREN, sizeof(zx_koid_t), koid),
	MANY(ZX_INFO_JOB_PROCESSES, sizeof(zx_koid_t), koid),
	ONE(ZX_INFO_TASK_STATS, sizeof(zx_info_task_stats_v1_t), task_stats),
	ONE(ZX_INFO_TASK_STATS_V2, sizeof(zx_info_task_stats_v2_t), task_stats),
	ONE(ZX_INFO_TASK_RUNTIME, sizeof(zx_info_task_runtime_v1_t), task_runtime),
	ONE(ZX_INFO_TASK_RUNTIME_V2, sizeof(zx_info_task_runtime_v2_t), task_runtime),
	ONE(ZX_INFO_VMAR, sizeof(zx_info_vmar_t), vmar),
	DATED_MANY(ZX_INFO_PROCESS_MAPS, ZXERA_2018_07, ZXERA_2018_07,
		   sizeof(zx_info_maps_201807_t),
		   maps),
	DATED_MANY(ZX_INFO_PROCESS_MAPS, ZXERA_2018_10, ZXERA_NEWEST, sizeof(zx_info_maps_v1_t),
		   maps),
	MANY(ZX_INFO_PROCESS_MAPS_V2, sizeof(zx_info_maps_v2_t), maps),
	MANY(ZX_INFO_PROCESS_MAPS_V3, sizeof(zx_info_maps_v3_t), maps),
	MANY(ZX_INFO_VMAR_MAPS, sizeof(zx_info_maps_v3_t), maps),
	DATED_MANY(ZX_INFO_PROCESS_VMOS, ZXERA_2018_07, ZXERA_2018_07, sizeof(zx_info_vmo_v1_t),
		   vmo),
	DATED_MANY(ZX_INFO_PROCESS_VMOS, ZXERA_2018_10, ZXERA_2019_01, sizeof(zx_info_vmo_2018_t),
		   vmo),
	DATED_MANY(ZX_INFO_PROCESS_VMOS, ZXERA_2020_07, ZXERA_NEWEST, sizeof(zx_info_vmo_v1_t),
		   vmo),
	MANY(ZX_INFO_PROCESS_VMOS_V2, sizeof(zx_info_vmo_v2_t), vmo),
	MANY(ZX_INFO_PROCESS_VMOS_V3, sizeof(zx_info_vmo_v3_t), vmo),
	MANY(ZX_INFO_PROCESS_VMOS_V4, sizeof(zx_info_vmo_v4_t), vmo),
	ONE(ZX_INFO_VMO, sizeof(zx_info_vmo_v1_t), vmo),
	ONE(ZX_INFO_VMO_V2, sizeof(zx_info_vmo_v2_t), vmo),
	ONE(ZX_INFO_VMO_V3, sizeof(zx_info_vmo_v3_t), vmo),
	ONE(ZX_INFO_VMO_V4, sizeof(zx_info_vmo_v4_t), vmo),
	DATED_ONE(ZX_INFO_SOCKET, ZXERA_2018_07, ZXERA_2018_10, sizeof(zx_info_socket_201810_t),
		  socket_2018_10),
	DATED_ONE(ZX_INFO_SOCKET, ZXERA_2018_12, ZXERA_NEWEST, sizeof(zx_info_socket_t), socket),
	ONE(ZX_INFO_TIMER, sizeof(zx_info_timer_t), timer),
	ONE(ZX_INFO_STREAM, sizeof(zx_info_stream_t), stream),
	ONE(ZX_INFO_IOB, sizeof(zx_info_iob_t), iob),
	DATED_ONE(ZX_INFO_RESOURCE, ZXERA_2018_07, ZXERA_2018_07, sizeof(zx_info_resource_201807_t),
		  resource_2018_07),
	DATED_ONE(ZX_INFO_RESOURCE, ZXERA_2018_10, ZXERA_NEWEST, offsetof(zx_info_resource_t, name),
		  resource),
	DATED_MANY(ZX_INFO_CPU_STATS, ZXERA_2018_07, ZXERA_2021_01, sizeof(zx_info_cpu_stats_t),
		   cpu_stats),
	DATED_MANY(ZX_INFO_CPU_STATS, ZXERA_NEWEST, ZXERA_NEWEST,
		   sizeof(zx_info_cpu_stats_newest_t),
		   cpu_stats),
	ONE(ZX_INFO_KMEM_STATS, sizeof(zx_info_kmem_stats_201807_t), kmem_stats),
	ONE(ZX_INFO_KMEM_STATS_V2, sizeof(zx_info_kmem_stats_v2_t), kmem_stats),
	ONE(ZX_INFO_KMEM_STATS_EXTENDED, sizeof(zx_info_kmem_stats_extended_t), kmem_stats),
	ONE(ZX_INFO_MEMORY_STALL, sizeof(zx_info_memory_stall_t), memory_stall),
	ONE(ZX_INFO_CLOCK_MAPPED_SIZE, 8, size),
	END,
};

MEMBERS(address) = { VALUE(8, ADDRESS, NULL), END };
MEMBERS(name) = { VALUE(ZX_MAX_NAME_LEN, TEXT, NULL), END };
MEMBERS(exception_state) = { VALUE(4, ONE, "exception_state"), END };
MEMBERS(exception_strategy) = { VALUE(4, ONE, "exception_strategy"), END };
MEMBERS(flag) = { VALUE(1, UNSIGNED, NULL), END };

const struct trace_layout trace_properties[] = {
	ONE(ZX_PROP_NAME, 0, name),
	ONE(ZX_PROP_REGISTER_GS, 8, address),
	ONE(ZX_PROP_REGISTER_FS, 8, address),
	ONE(ZX_PROP_PROCESS_DEBUG_ADDR, 8, address),
	ONE(ZX_PROP_PROCESS_VDSO_BASE_ADDRESS, 8, address),
	ONE(ZX_PROP_PROCESS_BREAK_ON_LOAD, 8, address),
	ONE(ZX_PROP_SOCKET_RX_THRESHOLD, 8, size),
	ONE(ZX_PROP_SOCKET_TX_THRESHOLD, 8, size),
	ONE(ZX_PROP_JOB_KILL_ON_OOM, 8, size),
	ONE(ZX_PROP_EXCEPTION_STATE, 4, exception_state),
	ONE(ZX_PROP_VMO_CONTENT_SIZE, 8, size),
	ONE(ZX_PROP_EXCEPTION_STRATEGY, 4, exception_strategy),
	ONE(ZX_PROP_STREAM_MODE_APPEND, 1, flag),
	END,
};
