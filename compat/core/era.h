/*
 * Eras: what a name meant at the date of the program. Differences of meaning are columns of one
 * table here (differences of signature are in the abi definitions), so that the rest of the core
 * asks for a trait and never for a date.
 */
#ifndef COMPAT_CORE_ERA_H
#define COMPAT_CORE_ERA_H

#include <stdbool.h>
#include <stdint.h>
#include <zircon/types.h>
#include <zxabi/calls.h>

/* Which forms of its structure a topic of zx_object_get_info has: columns of the table in info.c. */
enum info_versions {
	INFO_UNVERSIONED,
	INFO_VERSIONS_2021,
	INFO_VERSIONS_NEWEST,
	INFO_VERSIONS, /* their number */
};

struct era_traits {
	const char *date;          /* as --era takes it */
	uint32_t wait_many_max;    /* ZX_WAIT_MANY_MAX_ITEMS */
	bool vmo_resizable_default; /* zx_vmo_create: options 0 resizable, 1 opts out */
	bool vmo_rights_execute;   /* new VMOs and their children can be mapped executable */
	bool job_rights_manage_thread;
	int64_t retcode_kill;      /* return code of a process ended by task_kill */
	int64_t retcode_policy;
	int64_t retcode_exception;
	int64_t retcode_critical;
	uint32_t job_no_processes; /* the signal bit */
	uint32_t job_no_jobs;
	uint32_t job_terminated; /* 0 where jobs did not signal their end */
	bool policy_actions_2018;  /* ZX_POL_ACTION_* numbering; later entries of a call win */
	bool policy_newest;        /* ZX_POL_NEW_PAGER exists, ZX_POL_AMBIENT_MARK_VMO_EXEC is 15 */
	uint32_t policy_max;       /* ZX_POL_MAX */
	bool policy_timer_slack;   /* ZX_JOB_POL_TIMER_SLACK */
	bool exception_types_2018;
	bool clock_thread;         /* ZX_CLOCK_THREAD and _UTC exist for clock_get */
	bool clock_newest;         /* version 2 of zx_clock_update, more options of zx_clock_create */
	bool utc_clock_handle;     /* PA_CLOCK_UTC is handed to programs */
	bool fd_sockets_2018;      /* standard streams travel as PA_FDIO_SOCKET, not PA_FD */
	bool vmo_child_flags_2018; /* vmo_clone's ZX_VMO_CLONE_COPY_ON_WRITE numbering */

	/* Rights that a call asks for: any one of the bits will do. */
	zx_rights_t right_info;           /* topics that look inside a task */
	zx_rights_t right_job_create;     /* on the parent job */
	zx_rights_t right_process_create; /* on the job */
	zx_rights_t right_thread_create;  /* on the process */
	zx_rights_t right_thread_start;

	/* Options that a call knows; other bits are ZX_ERR_INVALID_ARGS. */
	uint32_t vmo_create_options;
	uint32_t vmo_child_options;
	uint32_t vm_options; /* ZX_VM_* below the alignment */
	bool vm_align;       /* ZX_VM_ALIGN_* */
	uint32_t vmo_op_last; /* the newest ZX_VMO_OP_* */
	uint32_t vmar_ops;    /* bits by ZX_VMAR_OP_* */
	bool vm_rights_newest; /* ZX_RIGHT_RESIZE and ZX_RIGHT_OP_CHILDREN are given and asked for */

	bool task_kill_thread;        /* zx_task_kill takes threads */
	bool process_start_needs_arg; /* the first argument must be a handle */
	zx_status_t no_mapping;       /* process_read_memory where nothing is mapped */
	zx_status_t stream_full;      /* a write to a stream of which nothing fits */
	bool sockets_2018;            /* control plane, accept queue, share */
	uint32_t properties;          /* bits by ZX_PROP_* */
	uint32_t prop_channel_max;    /* ZX_PROP_CHANNEL_TX_MSG_MAX; 0: gone */
	bool socket_buffer_props;     /* ZX_PROP_SOCKET_RX_BUF_MAX and its like */
	bool props_newest; /* only what has a name has ZX_PROP_NAME; fs and gs may point anywhere */
	bool socket_write_shuts;      /* zx_socket_write takes ZX_SOCKET_SHUTDOWN_* */
	bool socket_peek;             /* ZX_SOCKET_PEEK */
	bool wait_repeating_2018;     /* object_wait_async: ZX_WAIT_ASYNC_REPEATING */
	uint32_t wait_async_options;  /* object_wait_async: other options */
	uint32_t channel_write_options;
	uint32_t channel_max_messages; /* that wait on one end; one more is an exception; 0: any */

	uint32_t event_last;          /* the newest ZX_SYSTEM_EVENT_* */

	/* The debug log */
	bool log_records_2018;    /* 16 bits of flags, in them the level, instead of 8 and 8 */
	bool log_long_is_error;   /* debuglog_write: too much data is an error, not cut short */
	bool log_newest;          /* records are numbered; options other than 0 need a resource */
	bool debug_by_resource;   /* debug_read and debug_send_command look at the handle */

	/* zx_object_get_info */
	uint32_t info_last;     /* the newest topic */
	uint32_t info_versions; /* enum info_versions */
	bool info_socket_201810; /* zx_info_socket_t without rx_buf_available */
	bool info_maps_201807;   /* zx_info_maps_t without vmo_offset */
	bool info_vmo_201810;    /* zx_info_vmo_t with create_options */
	bool info_2018;        /* structures as they were before they grew without a new topic */
	bool info_self_denied; /* a process may not look at its own mappings */
	bool handle_props;     /* zx_info_handle_basic_t.props says what can be waited on */
};

extern const struct era_traits era_traits[ZXERA_COUNT];

struct process;
static inline const struct era_traits *era__of(uint32_t era)
{
	return &era_traits[era];
}

/* The rights of the first handle to a new object of @type (zx_obj_type_t) in @era. */
zx_rights_t era__default_rights(uint32_t era, uint32_t type);

/* The era of a date "YYYY-MM": the newest that is not later. False where @date is no date. */
bool era__from_date(const char *date, uint32_t *out_era);

#endif
