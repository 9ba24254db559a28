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

/* Which forms of its structures a topic of zx_object_get_info has: columns of info.c's table. */
enum info_versions {
	INFO_UNVERSIONED,
	INFO_VERSIONS_2021,
	INFO_VERSIONS_NEWEST,
	INFO_VERSIONS, /* their number */
};

struct era_traits {
	const char *date; /* as --era takes it */

	/* Tasks */
	bool futex_2018;              /* no owners yet, and a requeue compares the value first */
	int64_t retcode_kill; /* return codes of processes: ended by task_kill, ... */
	int64_t retcode_policy;
	int64_t retcode_exception;
	int64_t retcode_critical;
	uint32_t job_no_processes; /* signals of a job */
	uint32_t job_no_jobs;
	uint32_t job_terminated;      /* 0 where jobs did not signal their end */
	bool thread_entry_checked;    /* an entry that no program can have is an error */
	bool task_kill_thread;        /* zx_task_kill takes threads */
	bool process_start_needs_arg; /* the first argument must be a handle */
	bool suspend_2018;            /* only threads that run; also the calling one */
	bool resume_2018_07;          /* zx_task_resume ends suspensions */
	bool thread_state_201807;     /* no debug registers: topics behind them are one less */
	bool thread_state_2018;       /* registers in their first forms; their exact size to write */
	uint32_t thread_state_last;   /* the last topic, by the numbers of 2020 */
	zx_status_t no_mapping;       /* process_read_memory where nothing is mapped */
	bool debug_memory_newest;     /* debuggers change one mapping only; ends of VMOs cut short */

	/* Exceptions */
	uint32_t job_debuggers;        /* handlers that a job can have for debugging; 0: none */
	bool exception_bound_201807;   /* a second port is ZX_ERR_BAD_STATE */
	bool exception_unbind_quietly; /* ZX_EXCEPTION_PORT_UNBIND_QUIETLY */
	bool exception_start_bare;     /* of threads that start; their registers cannot be had */
	bool exception_thread_exit;    /* ZX_EXCEPTION_STATE_THREAD_EXIT */
	bool exception_handle_leak;    /* a new handle that cannot be told stays, and raises one */

	/* Rights that a call asks for: any one of the bits will do. */
	bool job_rights_manage_thread;    /* a job's first handle has ZX_RIGHT_MANAGE_THREAD */
	zx_rights_t right_info;           /* topics that look inside a task */
	zx_rights_t right_job_create;     /* on the parent job */
	zx_rights_t right_process_create; /* on the job */
	zx_rights_t right_thread_create;  /* on the process */
	zx_rights_t right_thread_start;

	/* Job policies */
	bool policy_actions_2018; /* ZX_POL_ACTION_* numbering; later entries of a call win */
	bool policy_newest;       /* ZX_POL_NEW_PAGER exists, ZX_POL_AMBIENT_MARK_VMO_EXEC is 15 */
	bool policy_any_process;  /* ZX_POL_NEW_ANY stands for ZX_POL_NEW_PROCESS too */
	uint32_t policy_max;      /* ZX_POL_MAX */
	bool policy_timer_slack;  /* ZX_JOB_POL_TIMER_SLACK */
	bool timer_slack_any;     /* zx_timer_set does not mind a negative slack */
	bool close_many_stops;    /* zx_handle_close_many passes over an array that it cannot read */

	/* Memory; bits that a mask lacks are ZX_ERR_INVALID_ARGS */
	bool vmo_resizable_default; /* zx_vmo_create: options 0 resizable, 1 opts out */
	bool cache_policy_of_empty; /* only VMOs without pages can get another one */
	bool vmo_content_apart;      /* new VMOs have no content, whatever their size */
	bool vmo_rights_execute;    /* new VMOs and their children can be mapped executable */
	uint32_t vmo_create_options;
	uint32_t vmo_child_options; /* of zx_vmo_create_child, and of zx_vmo_clone before it */
	bool vmo_clones_live;       /* what a clone has not written shows the parent as it is */
	uint32_t vmo_op_last;       /* the newest ZX_VMO_OP_* */
	bool vmo_commit_trims;      /* commit, decommit and zero end where the VMO does */
	bool buffers_told;          /* what is wrong with a buffer of zx_vmo_read and _write */
	bool buffers_squashed;      /* what is no address of programs is one without memory */
	bool pager_2019;            /* their VMOs are only mapped; supplied pages are committed */
	bool pager_aux_unmapped;    /* zx_pager_supply_pages: aux_vmo must not be mapped */
	bool pager_newest;          /* rights of their own, more errors; what grows is zero */
	bool stream_ends_told;      /* writes to where no VMO reaches are ZX_ERR_OUT_OF_RANGE */
	bool content_in_vmo;        /* ZX_PROP_VMO_CONTENT_SIZE never makes a VMO grow */
	bool vmo_decommit_strict;   /* whole pages, which no snapshot shares */
	uint32_t vm_options;        /* ZX_VM_* below the alignment */
	bool vm_align;              /* ZX_VM_ALIGN_* */
	uint32_t vmar_ops;          /* bits by ZX_VMAR_OP_* */
	bool vm_rights_newest;      /* ZX_RIGHT_RESIZE and _OP_CHILDREN are given and asked for */

	/* Messages and waiting */
	bool time_unsigned;            /* times are positive, ZX_TIME_INFINITE is UINT64_MAX */
	uint32_t wait_many_max;        /* ZX_WAIT_MANY_MAX_ITEMS */
	bool wait_repeating_2018;      /* object_wait_async: ZX_WAIT_ASYNC_REPEATING */
	uint32_t wait_async_options;   /* object_wait_async: other options */
	uint32_t channel_write_options;
	uint32_t channel_max_messages; /* that wait on one end; one more is an exception; 0: any */
	uint32_t port_max_packets;     /* of zx_port_queue on a port; Zircon allows one more */
	bool port_counts_all;          /* other packets count, too */
	bool port_full_exception;      /* yet another one is an exception */
	uint32_t port_max_observers;   /* async waits on a port; one more is an exception; 0: any */
	bool sockets_2018;             /* control plane, accept queue, share */
	bool sockets_201807;           /* an end is disabled once it is empty; datagrams may wait */
	bool socket_write_shuts;       /* zx_socket_write takes ZX_SOCKET_SHUTDOWN_* */
	bool fifo_newest;              /* options must be 0, any number of elements will do */
	bool socket_options_last;      /* reads and writes look at the handle before the options */
	bool socket_peek;              /* ZX_SOCKET_PEEK */
	bool socket_read_asks;         /* zx_socket_read of NULL tells how much waits */
	bool socket_asks_datagram;     /* and for datagrams, how long the next one is */
	uint32_t event_last;           /* the newest ZX_SYSTEM_EVENT_* */
	bool event_any_root_job;       /* most of them are for any handle to the root job */

	/* Profiles */
	bool profile_by_resource; /* made by the root resource, not by the root job */
	bool profile_newest;      /* made by a resource of their own; more kinds, stricter */

	/* Interrupts */
	bool interrupt_unbind; /* ZX_INTERRUPT_UNBIND */
	bool interrupt_newest; /* none is lost before binding or acknowledging; more options */

	/* Guests */
	bool guest_201807;             /* packets of processors as they were then */
	bool guest_newest;             /* stricter traps, other packets */
	bool guest_options_checked;    /* zx_interrupt_bind_vcpu looks at its options */
	zx_rights_t right_vcpu_create; /* on the guest */
	bool vcpu_one_for_thread;      /* a thread has at most one processor */
	bool vcpu_vector_checked;      /* zx_vcpu_interrupt of a number that is no vector is an error */

	/* Resources */
	uint32_t resource_form; /* enum resource_form */

	/* Time */
	bool clock_newest;     /* boot timers and clocks, version 2 of zx_clock_update */
	bool utc_clock_handle; /* PA_CLOCK_UTC is handed to programs */

	/* The bootstrap message */
	bool fd_sockets_2018; /* standard streams travel as PA_FDIO_SOCKET, not PA_FD */

	/* The debug log and the console */
	bool log_records_2018;  /* 16 bits of flags, in them the level, instead of 8 and 8 */
	bool log_long_is_error; /* debuglog_write: too much data is an error, not cut short */
	bool log_newest;        /* records are numbered; options other than 0 need a resource */
	bool debug_by_resource; /* debug_read and debug_send_command look at the handle */

	/* Properties */
	uint32_t properties;       /* bits by ZX_PROP_* */
	uint32_t prop_channel_max; /* ZX_PROP_CHANNEL_TX_MSG_MAX; 0: gone */
	bool socket_buffer_props;  /* ZX_PROP_SOCKET_RX_BUF_MAX and its like */
	bool props_newest;         /* the nameless lack ZX_PROP_NAME; fs, gs and debug_addr: any */

	/* zx_object_get_info */
	uint32_t info_last;      /* the newest topic */
	uint32_t info_versions;  /* enum info_versions */
	bool dead_thread_empty;  /* without name, processors and ZX_INFO_THREAD_STATS */
	bool info_2018;          /* structures as they were before they grew without a new topic */
	bool info_maps_201807;   /* zx_info_maps_t without vmo_offset */
	bool info_socket_201810; /* zx_info_socket_t without rx_buf_available */
	bool info_vmo_2018;      /* zx_info_vmo_t with create_options */
	bool info_self_denied;   /* a process may not look at its own mappings */
	bool handle_props;       /* zx_info_handle_basic_t.props says what can be waited on */
};

extern const struct era_traits era_traits[ZXERA_COUNT];

static inline const struct era_traits *era__of(uint32_t era)
{
	return &era_traits[era];
}

/* The rights of the first handle to a new object of @type (zx_obj_type_t) in @era. */
zx_rights_t era__default_rights(uint32_t era, uint32_t type);

/* The era of a date "YYYY-MM": the newest that is not later. False where @date is no date. */
bool era__from_date(const char *date, uint32_t *out_era);

#endif
