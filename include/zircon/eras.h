/*
 * What the interface of other years called by the same name and meant otherwise, or had and has
 * no more. The other headers give 2020-07; all differences from it are here.
 *
 * Compared: sources of 2018-07, 2018-10 and 2019-01, SDKs of 2018-12, 2020-02 and 2020-07, what is
 * known of the SDK of 2021-01, and the newest definitions. A suffix says when a value held:
 *
 *	_201807		in 2018-07
 *	_201810		to 2018-10
 *	_201812		to 2018-12
 *	_2018		to 2019-01
 *	_202002		to 2020-02
 *	_2021		from 2021-01 on
 *	_NEWEST		in the newest definitions
 *
 * Where one name has several of the first five, each holds from where the one before it ends.
 * Forms of structures that the system tells apart by a version bear that version: _v1, _v2 ...
 */
#ifndef ZIRCON_ERAS_H_
#define ZIRCON_ERAS_H_

#include <zircon/processargs.h>
#include <zircon/syscalls/clock.h>
#include <zircon/syscalls/debug.h>
#include <zircon/syscalls/exception.h>
#include <zircon/syscalls/log.h>
#include <zircon/syscalls/object.h>
#include <zircon/syscalls/pci.h>
#include <zircon/syscalls/policy.h>
#include <zircon/syscalls/port.h>
#include <zircon/syscalls/profile.h>
#include <zircon/syscalls/resource.h>
#include <zircon/syscalls/smc.h>
#include <zircon/types.h>

__BEGIN_CDECLS

/* -------- Time -------- */

/* Time was unsigned: a deadline above INT64_MAX was one in the far future, not in the past. */
#define ZX_TIME_INFINITE_201807		UINT64_MAX

/* -------- Rights that a new object's first handle gets -------- */

#define ZX_DEFAULT_CHANNEL_RIGHTS_201810	(ZX_DEFAULT_CHANNEL_RIGHTS | ZX_RIGHTS_PROPERTY)
#define ZX_DEFAULT_EVENT_RIGHTS_201810		(ZX_DEFAULT_EVENT_RIGHTS | ZX_RIGHTS_IO)
#define ZX_DEFAULT_EVENTPAIR_RIGHTS_201810	(ZX_DEFAULT_EVENTPAIR_RIGHTS | ZX_RIGHTS_IO)
#define ZX_DEFAULT_INTERRUPT_RIGHTS_201810 \
	(ZX_DEFAULT_INTERRUPT_RIGHTS & ~(ZX_RIGHT_DUPLICATE | ZX_RIGHT_SIGNAL))
#define ZX_DEFAULT_IRQ_RIGHTS_201810		(ZX_RIGHTS_BASIC | ZX_RIGHTS_IO | ZX_RIGHT_SIGNAL)
#define ZX_DEFAULT_TIMERS_RIGHTS_201810		(ZX_RIGHTS_BASIC | ZX_RIGHTS_IO | ZX_RIGHT_SIGNAL)
#define ZX_DEFAULT_GUEST_RIGHTS_201807		(ZX_RIGHTS_BASIC | ZX_RIGHT_WRITE)
#define ZX_DEFAULT_RESOURCE_RIGHTS_201807	(ZX_RIGHTS_BASIC | ZX_RIGHTS_IO | ZX_RIGHT_SIGNAL)
#define ZX_DEFAULT_SOCKET_RIGHTS_201807		(ZX_DEFAULT_SOCKET_RIGHTS & ~ZX_RIGHT_SET_PROPERTY)
#define ZX_DEFAULT_SUSPEND_TOKEN_RIGHTS_201807	(ZX_RIGHT_TRANSFER)
#define ZX_DEFAULT_PROCESS_RIGHTS_201810 \
	(ZX_DEFAULT_PROCESS_RIGHTS & ~ZX_RIGHT_MANAGE_THREAD)
#define ZX_DEFAULT_JOB_RIGHTS_201810 \
	(ZX_DEFAULT_JOB_RIGHTS & ~(ZX_RIGHT_MANAGE_PROCESS | ZX_RIGHT_MANAGE_THREAD))
#define ZX_DEFAULT_JOB_RIGHTS_2018		(ZX_DEFAULT_JOB_RIGHTS & ~ZX_RIGHT_MANAGE_THREAD)
#define ZX_DEFAULT_PAGER_RIGHTS_2018		(ZX_DEFAULT_PAGER_RIGHTS | ZX_RIGHT_ENUMERATE)

/* Memory could be mapped for execution without zx_vmo_replace_as_executable. */
#define ZX_DEFAULT_VMO_RIGHTS_2018		(ZX_DEFAULT_VMO_RIGHTS | ZX_RIGHT_EXECUTE)

#define ZX_DEFAULT_GUEST_RIGHTS_NEWEST \
	((ZX_DEFAULT_GUEST_RIGHTS & ~ZX_RIGHT_MANAGE_PROCESS) | ZX_RIGHT_MANAGE_THREAD)
#define ZX_DEFAULT_SOCKET_RIGHTS_NEWEST		(ZX_DEFAULT_SOCKET_RIGHTS | ZX_RIGHT_MANAGE_SOCKET)
#define ZX_DEFAULT_VMAR_RIGHTS_NEWEST		(ZX_DEFAULT_VMAR_RIGHTS | ZX_RIGHT_OP_CHILDREN)
#define ZX_DEFAULT_BTI_RIGHTS_NEWEST		(ZX_DEFAULT_BTI_RIGHTS | ZX_RIGHTS_PROPERTY)
#define ZX_DEFAULT_PAGER_RIGHTS_NEWEST \
	(ZX_RIGHT_INSPECT | ZX_RIGHT_TRANSFER | ZX_RIGHT_ATTACH_VMO | ZX_RIGHT_MANAGE_VMO)
#define ZX_DEFAULT_CLOCK_RIGHTS_NEWEST \
	(ZX_DEFAULT_CLOCK_RIGHTS | ZX_RIGHT_SIGNAL | ZX_RIGHTS_PROPERTY)

/* -------- Signals and waiting -------- */

/* One signal told both of a job's end and of its last process's. */
#define ZX_JOB_NO_PROCESSES_2018	__ZX_OBJECT_SIGNALED

#define ZX_WAIT_MANY_MAX_ITEMS_2018	((size_t)16)

/* A wait that stays after its packet; zx_object_wait_async option, and type of its packets */
#define ZX_WAIT_ASYNC_REPEATING_2018	((uint32_t)1u)
#define ZX_PKT_TYPE_SIGNAL_REP_202002	((uint8_t)0x02u)
#define ZX_PKT_IS_SIGNAL_REP_202002(type)	((type) == ZX_PKT_TYPE_SIGNAL_REP_202002)

/* The kinds of object ended at this one; 2020 has an upper bound instead. */
#define ZX_OBJ_TYPE_LAST_201810		((zx_obj_type_t)28u)
#define ZX_OBJ_TYPE_LAST_2018		((zx_obj_type_t)29u)

/* -------- Sockets: a second, smaller stream, and sockets sent through sockets -------- */

#define ZX_SOCKET_READ_DISABLED_2018	__ZX_OBJECT_SIGNAL_4	/* 2020: PEER_WRITE_DISABLED */
#define ZX_SOCKET_CONTROL_READABLE_2018	__ZX_OBJECT_SIGNAL_6
#define ZX_SOCKET_CONTROL_WRITABLE_2018	__ZX_OBJECT_SIGNAL_7
#define ZX_SOCKET_ACCEPT_2018		__ZX_OBJECT_SIGNAL_8
#define ZX_SOCKET_SHARE_2018		__ZX_OBJECT_SIGNAL_9

/* zx_socket_create */
#define ZX_SOCKET_HAS_CONTROL_2018	((uint32_t)1u << 1)
#define ZX_SOCKET_HAS_ACCEPT_2018	((uint32_t)1u << 2)
#define ZX_SOCKET_CREATE_MASK_2018 \
	(ZX_SOCKET_DATAGRAM | ZX_SOCKET_HAS_CONTROL_2018 | ZX_SOCKET_HAS_ACCEPT_2018)
/* zx_socket_read and zx_socket_write */
#define ZX_SOCKET_CONTROL_2018		((uint32_t)1u << 2)

/* -------- Streams and clocks -------- */

#define ZX_STREAM_CREATE_MASK_NEWEST	(ZX_STREAM_CREATE_MASK | ZX_STREAM_MODE_APPEND)

#define ZX_CLOCK_OPTS_ALL_202002	(ZX_CLOCK_OPT_MONOTONIC | ZX_CLOCK_OPT_CONTINUOUS)
#define ZX_CLOCK_OPTS_ALL_NEWEST \
	(ZX_CLOCK_OPTS_ALL | ZX_CLOCK_OPT_BOOT | ZX_CLOCK_OPT_MAPPABLE)
#define ZX_CLOCK_UPDATE_OPTIONS_ALL_NEWEST \
	(ZX_CLOCK_UPDATE_OPTIONS_ALL | ZX_CLOCK_UPDATE_OPTION_REFERENCE_VALUE_VALID)

/* -------- Memory -------- */

/* zx_vmo_create: memory was resizable unless this said otherwise. */
#define ZX_VMO_NON_RESIZABLE_2018	((uint32_t)1u)

/* zx_vmo_clone: the only kind of child. In 2020 bit 0 is ZX_VMO_CHILD_SNAPSHOT. */
#define ZX_VMO_CLONE_COPY_ON_WRITE_2018		((uint32_t)1u << 0)
#define ZX_VMO_CLONE_NON_RESIZEABLE_2018	((uint32_t)1u << 1)

/* -------- The bootstrap message -------- */

#define PA_HND_SUBTYPE_2018(n)		(((n) >> 8) & 0xff)

/* Descriptors by what was behind them, where 2020 has PA_FD for all */
#define PA_FDIO_REMOTE_2018		0x32u
#define PA_FDIO_PIPE_201807		0x33u
#define PA_FDIO_EVENT_201807		0x34u
#define PA_FDIO_LOGGER_2018		0x35u
#define PA_FDIO_SOCKET_2018		0x36u

/* -------- Exceptions by port -------- */

/* A type of packet: the types of exceptions had these numbers, and this bit of n. */
#define ZX_PKT_TYPE_EXCEPTION_202002(n)	((uint32_t)(0x08u | (((n) & 0xffu) << 8)))
#define ZX_PKT_IS_EXCEPTION_202002(type) \
	(((type) & ZX_PKT_TYPE_MASK) == ZX_PKT_TYPE_EXCEPTION_202002(0))
#define ZX_EXCP_SYNTH_202002		((uint8_t)0x80)

/* zx_task_bind_exception_port */
#define ZX_EXCEPTION_PORT_DEBUGGER_202002		((uint32_t)1)
#define ZX_EXCEPTION_PORT_UNBIND_QUIETLY_201810	((uint32_t)2)

/* zx_task_resume, then zx_task_resume_from_exception, which has the second alone */
#define ZX_RESUME_EXCEPTION_201810		((uint32_t)1)
#define ZX_RESUME_TRY_NEXT_202002			((uint32_t)2)

/* zx_info_thread_2018_t.wait_exception_port_type: the numbers of the later channel types */
#define ZX_EXCEPTION_PORT_TYPE_NONE_202002	((uint32_t)0u)
#define ZX_EXCEPTION_PORT_TYPE_DEBUGGER_202002	((uint32_t)1u)
#define ZX_EXCEPTION_PORT_TYPE_THREAD_202002	((uint32_t)2u)
#define ZX_EXCEPTION_PORT_TYPE_PROCESS_202002	((uint32_t)3u)
#define ZX_EXCEPTION_PORT_TYPE_JOB_202002		((uint32_t)4u)
#define ZX_EXCEPTION_PORT_TYPE_JOB_DEBUGGER_202002	((uint32_t)5u)	/* not in 2018-07 */

typedef struct zx_packet_exception_202002 {
	uint64_t pid;
	uint64_t tid;
	uint64_t reserved0;
	uint64_t reserved1;
} zx_packet_exception_202002_t;

/* -------- Exception reports -------- */

#define ZX_INFO_THREAD_EXCEPTION_REPORT_V1	__ZX_INFO_TOPIC(11u, 0u)
#define ZX_INFO_THREAD_EXCEPTION_REPORT_V2	__ZX_INFO_TOPIC(11u, 1u)	/* from 2021-01 */

typedef struct zx_exception_context zx_exception_context_v1_t;
typedef struct zx_exception_report zx_exception_report_v1_t;

/* Also the argument of zx_thread_raise_exception */
typedef struct zx_exception_context_v2 {
	struct {
		union {
			zx_x86_64_exc_data_t x86_64;
			__ZX_EXTENSION struct {
				zx_arm64_exc_data_t arm_64;
				uint8_t padding1[8];
			};
		} u;
	} arch;
	uint32_t synth_code;	/* by type: ZX_EXCP_POLICY_CODE_*, ZX_EXCP_USER_CODE_*, a status */
	uint32_t synth_data;
} zx_exception_context_v2_t;

typedef struct zx_exception_report_v2 {
	zx_exception_header_t header;
	zx_exception_context_v2_t context;
} zx_exception_report_v2_t;

/* -------- Policies -------- */

/* Actions 0 and 1 could have this added; to kill was also to deny. */
#define ZX_POL_ACTION_EXCEPTION_2018		2u
#define ZX_POL_ACTION_KILL_2018			5u
#define ZX_POL_MAX_2018				13u

#define ZX_POL_NEW_PAGER_NEWEST			14u
#define ZX_POL_AMBIENT_MARK_VMO_EXEC_NEWEST	15u
#define ZX_POL_NEW_IOB_NEWEST			16u
#define ZX_POL_NEW_SAMPLER_NEWEST		17u
#define ZX_POL_MAX_NEWEST			18u

/* -------- Resources -------- */

#define ZX_RSRC_KIND_ROOT_201807		(0x0000u)
#define ZX_RSRC_KIND_MMIO_201807		(0x1000u)
#define ZX_RSRC_KIND_IOPORT_201807		(0x1001u)
#define ZX_RSRC_KIND_IRQ_201807			(0x1002u)
#define ZX_RSRC_KIND_HYPERVISOR_201807		(0x2000u)
#define ZX_RSRC_KIND_COUNT_201810		((zx_rsrc_kind_t)6u)

/* ZX_RSRC_KIND_HYPERVISOR and ZX_RSRC_KIND_VMEX became bases of ZX_RSRC_KIND_SYSTEM. */
#define ZX_RSRC_KIND_ROOT_2021			((zx_rsrc_kind_t)3u)	/* gone in the newest */
#define ZX_RSRC_KIND_SMC_2021			((zx_rsrc_kind_t)4u)
#define ZX_RSRC_KIND_SYSTEM_2021		((zx_rsrc_kind_t)5u)
#define ZX_RSRC_KIND_COUNT_2021			((zx_rsrc_kind_t)6u)

/* -------- The debug log -------- */

#define ZX_LOG_ERROR_202002		(0x0001)
#define ZX_LOG_WARN_202002		(0x0002)
#define ZX_LOG_INFO_202002		(0x0004)
#define ZX_LOG_SPEW_202002		(0x0020)
#define ZX_LOG_DEBUG1_202002		(0x0100)
#define ZX_LOG_DEBUG2_202002		(0x0200)
#define ZX_LOG_DEBUG3_202002		(0x0400)
#define ZX_LOG_DEBUG4_202002		(0x0800)
#define ZX_LOG_LOCAL_202002		(0x1000)
#define ZX_LOG_LEVEL_MASK_202002	(0x0fff)
#define ZX_LOG_FLAGS_MASK_202002	(0xffff)	/* options of a write were flags */

typedef struct zx_log_record_202002 {
	uint32_t reserved;
	uint16_t datalen;
	uint16_t flags;		/* severity and the rest in one */
	zx_time_t timestamp;
	uint64_t pid;
	uint64_t tid;
	__ZX_FLEXIBLE(char, data);
} zx_log_record_202002_t;

typedef struct zx_log_record_newest {
	uint64_t sequence;	/* one more than the record before */
	uint8_t padding1[4];
	uint16_t datalen;
	uint8_t severity;
	uint8_t flags;
	zx_instant_boot_t timestamp;
	uint64_t pid;
	uint64_t tid;
	__ZX_FLEXIBLE(char, data);
} zx_log_record_newest_t;

#define ZX_LOG_RECORD_DATA_MAX_NEWEST	(ZX_LOG_RECORD_MAX - sizeof(zx_log_record_newest_t))

/* -------- Packets -------- */

typedef struct zx_packet_guest_vcpu_201807 {
	uint8_t type;
	uint8_t padding1[7];
	__ZX_EXTENSION union {
		struct {
			uint32_t mask;
			uint8_t vector;
			uint8_t padding1[3];
		} interrupt;
		struct {
			uint64_t id;
			zx_vaddr_t entry;
		} startup;
	};
	uint64_t reserved;
} zx_packet_guest_vcpu_201807_t;

typedef struct zx_packet_guest_vcpu_newest {
	uint32_t type;
	uint8_t padding1[4];
	__ZX_EXTENSION union {
		struct {
			uint64_t mask;
			uint8_t vector;
			uint8_t padding1[7];
		} interrupt;
		struct {
			uint64_t id;
			zx_gpaddr_t entry;
		} startup;
	};
	uint64_t reserved;
} zx_packet_guest_vcpu_newest_t;

/* The program finds the instruction by itself. */
typedef struct zx_packet_guest_mem_newest {
	zx_gpaddr_t addr;
	zx_gpaddr_t cr3;
	zx_vaddr_t rip;
	uint8_t instruction_size;	/* bytes; 0: not known */
	uint8_t default_operand_size;
	uint8_t reserved[6];
} zx_packet_guest_mem_newest_t;

/* -------- Threads: registers -------- */

/* Topics of 2018-07, which had no debug registers */
#define ZX_THREAD_STATE_SINGLE_STEP_201807	((uint32_t)4)
#define ZX_THREAD_X86_REGISTER_FS_201807	((uint32_t)5)
#define ZX_THREAD_X86_REGISTER_GS_201807	((uint32_t)6)

typedef struct zx_thread_state_general_regs_2018 {
	uint64_t rax;
	uint64_t rbx;
	uint64_t rcx;
	uint64_t rdx;
	uint64_t rsi;
	uint64_t rdi;
	uint64_t rbp;
	uint64_t rsp;
	uint64_t r8;
	uint64_t r9;
	uint64_t r10;
	uint64_t r11;
	uint64_t r12;
	uint64_t r13;
	uint64_t r14;
	uint64_t r15;
	uint64_t rip;
	uint64_t rflags;
} zx_thread_state_general_regs_2018_t;

typedef struct zx_thread_state_debug_regs_2018 {
	uint64_t dr[4];
	uint64_t dr6;
	uint64_t dr7;
	uint64_t dr6_status;	/* dr6 and dr7 once more */
	uint64_t dr7_control;
} zx_thread_state_debug_regs_2018_t;

/* -------- Arguments of other calls -------- */

#define ZX_PROFILE_INFO_SCHEDULER_2018	1

typedef struct zx_profile_scheduler_2018 {
	int32_t priority;
	uint32_t boost;
	uint32_t deboost;
	uint32_t quantum;
} zx_profile_scheduler_2018_t;

typedef struct zx_profile_info_2018 {
	uint32_t type;		/* ZX_PROFILE_INFO_SCHEDULER_2018 */
	__ZX_EXTENSION union {
		zx_profile_scheduler_2018_t scheduler;
	};
} zx_profile_info_2018_t;

#define ZX_PCI_MAX_IRQS_201812			64
#define ZX_PCI_INIT_ARG_MAX_ECAM_WINDOWS_201807	1

typedef struct zx_pci_init_arg_201807 {
	zx_pci_irq_swizzle_lut_t dev_pin_to_global_irq;
	uint32_t num_irqs;
	struct {
		uint32_t global_irq;
		bool level_triggered;
		bool active_high;
		uint8_t padding1[2];
	} irqs[ZX_PCI_MAX_IRQS_201812];
	uint32_t addr_window_count;
	__ZX_FLEXIBLE(struct {
		bool is_mmio;
		bool has_ecam;
		uint8_t padding1[6];
		uint64_t base;
		size_t size;
		uint8_t bus_start;
		uint8_t bus_end;
		uint8_t padding2[6];
	}, addr_windows);
} zx_pci_init_arg_201807_t;

#define ZX_PCI_INIT_ARG_MAX_SIZE_201807 \
	(sizeof(((zx_pci_init_arg_201807_t *)NULL)->addr_windows[0]) * \
		ZX_PCI_INIT_ARG_MAX_ECAM_WINDOWS_201807 + sizeof(zx_pci_init_arg_201807_t))

typedef struct zx_pci_init_arg_201812 {
	zx_pci_irq_swizzle_lut_t dev_pin_to_global_irq;
	uint32_t num_irqs;
	struct {
		uint32_t global_irq;
		bool level_triggered;
		bool active_high;
		uint8_t padding1[2];
	} irqs[ZX_PCI_MAX_IRQS_201812];
	uint32_t addr_window_count;
	__ZX_FLEXIBLE(struct {
		uint64_t base;
		size_t size;
		uint8_t bus_start;
		uint8_t bus_end;
		uint8_t cfg_space_type;
		bool has_ecam;
		uint8_t padding1[4];
	}, addr_windows);
} zx_pci_init_arg_201812_t;

#define ZX_PCI_INIT_ARG_MAX_SIZE_201812 \
	(sizeof(((zx_pci_init_arg_201812_t *)NULL)->addr_windows[0]) * \
		ZX_PCI_INIT_ARG_MAX_ECAM_WINDOWS + sizeof(zx_pci_init_arg_201812_t))

typedef struct zx_smc_result_2018 {
	uint64_t arg0;
	uint64_t arg1;
	uint64_t arg2;
	uint64_t arg3;
} zx_smc_result_2018_t;

/* -------- Properties -------- */

#define ZX_PROP_SOCKET_RX_BUF_MAX_201810	8u	/* the four: zx_info_socket_t later */
#define ZX_PROP_SOCKET_RX_BUF_SIZE_201810	9u
#define ZX_PROP_SOCKET_TX_BUF_MAX_201810	10u
#define ZX_PROP_SOCKET_TX_BUF_SIZE_201810	11u
#define ZX_PROP_CHANNEL_TX_MSG_MAX_201807	12u
#define ZX_PROP_CHANNEL_TX_MSG_MAX_201810	14u

__END_CDECLS

#include <zircon/eras_info.h>

#endif /* ZIRCON_ERAS_H_ */
