/*
 * Basic types and constants of the system interface. Values are those of 2020-07; a name that
 * came later has its newest value. Where years disagree, <zircon/eras.h> has the others.
 */
#ifndef ZIRCON_TYPES_H_
#define ZIRCON_TYPES_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zircon/compiler.h>
#include <zircon/errors.h>
#include <zircon/limits.h>
#include <zircon/rights.h>
#include <zircon/time.h>

__BEGIN_CDECLS

typedef uint32_t zx_handle_t;	/* both fixed bits are set in every valid one */

#define ZX_HANDLE_INVALID		((zx_handle_t)0)
#define ZX_HANDLE_FIXED_BITS_MASK	((zx_handle_t)0x3)

typedef int32_t zx_status_t;	/* see <zircon/errors.h> */

/* Kernel object ids: 63 bits, never used twice. The upper half is for artificial objects. */
typedef uint64_t zx_koid_t;

#define ZX_KOID_INVALID		((uint64_t)0)
#define ZX_KOID_KERNEL		((uint64_t)1)
#define ZX_KOID_FIRST		((uint64_t)1024)

/* Addresses and offsets, all in bytes */
typedef uintptr_t zx_vaddr_t;	/* virtual */
typedef uintptr_t zx_paddr_t;	/* physical */
typedef uint32_t zx_paddr32_t;	/* physical, below 4 GiB */
typedef uintptr_t zx_gpaddr_t;	/* physical, as a guest sees it */
typedef uint64_t zx_off_t;

/* Clocks by number. 1 is UTC until 2020; the newest interface gives the number to BOOT. */
typedef uint32_t zx_clock_t;

#define ZX_CLOCK_MONOTONIC	((zx_clock_t)0)
#define ZX_CLOCK_UTC		((zx_clock_t)1)
#define ZX_CLOCK_BOOT		((zx_clock_t)1)
#define ZX_CLOCK_THREAD		((zx_clock_t)2)

/* Signals */
typedef uint32_t zx_signals_t;

#define ZX_SIGNAL_NONE			((zx_signals_t)0u)
#define ZX_USER_SIGNAL_ALL		((zx_signals_t)0xff000000u)

/* The system's own: the same bit means different things on different kinds of object. */
#define __ZX_OBJECT_SIGNAL_ALL		((zx_signals_t)0x00ffffffu)
#define __ZX_OBJECT_READABLE		((zx_signals_t)1u << 0)
#define __ZX_OBJECT_WRITABLE		((zx_signals_t)1u << 1)
#define __ZX_OBJECT_PEER_CLOSED		((zx_signals_t)1u << 2)
#define __ZX_OBJECT_SIGNALED		((zx_signals_t)1u << 3)
#define __ZX_OBJECT_SIGNAL_4		((zx_signals_t)1u << 4)
#define __ZX_OBJECT_SIGNAL_5		((zx_signals_t)1u << 5)
#define __ZX_OBJECT_SIGNAL_6		((zx_signals_t)1u << 6)
#define __ZX_OBJECT_SIGNAL_7		((zx_signals_t)1u << 7)
#define __ZX_OBJECT_SIGNAL_8		((zx_signals_t)1u << 8)
#define __ZX_OBJECT_SIGNAL_9		((zx_signals_t)1u << 9)
#define __ZX_OBJECT_SIGNAL_10		((zx_signals_t)1u << 10)
#define __ZX_OBJECT_SIGNAL_11		((zx_signals_t)1u << 11)
#define __ZX_OBJECT_SIGNAL_12		((zx_signals_t)1u << 12)
#define __ZX_OBJECT_SIGNAL_13		((zx_signals_t)1u << 13)
#define __ZX_OBJECT_SIGNAL_14		((zx_signals_t)1u << 14)
#define __ZX_OBJECT_SIGNAL_15		((zx_signals_t)1u << 15)
#define __ZX_OBJECT_SIGNAL_16		((zx_signals_t)1u << 16)
#define __ZX_OBJECT_SIGNAL_17		((zx_signals_t)1u << 17)
#define __ZX_OBJECT_SIGNAL_18		((zx_signals_t)1u << 18)
#define __ZX_OBJECT_SIGNAL_19		((zx_signals_t)1u << 19)
#define __ZX_OBJECT_SIGNAL_20		((zx_signals_t)1u << 20)
#define __ZX_OBJECT_SIGNAL_21		((zx_signals_t)1u << 21)
#define __ZX_OBJECT_SIGNAL_22		((zx_signals_t)1u << 22)
#define __ZX_OBJECT_HANDLE_CLOSED	((zx_signals_t)1u << 23)

/* The program's own, on every object that can be signalled */
#define ZX_USER_SIGNAL_0		((zx_signals_t)1u << 24)
#define ZX_USER_SIGNAL_1		((zx_signals_t)1u << 25)
#define ZX_USER_SIGNAL_2		((zx_signals_t)1u << 26)
#define ZX_USER_SIGNAL_3		((zx_signals_t)1u << 27)
#define ZX_USER_SIGNAL_4		((zx_signals_t)1u << 28)
#define ZX_USER_SIGNAL_5		((zx_signals_t)1u << 29)
#define ZX_USER_SIGNAL_6		((zx_signals_t)1u << 30)
#define ZX_USER_SIGNAL_7		((zx_signals_t)1u << 31)

/* Reported to a wait whose handle was closed or sent away meanwhile */
#define ZX_SIGNAL_HANDLE_CLOSED		__ZX_OBJECT_HANDLE_CLOSED

#define ZX_EVENT_SIGNALED		__ZX_OBJECT_SIGNALED
#define ZX_EVENT_SIGNAL_MASK		(ZX_USER_SIGNAL_ALL | __ZX_OBJECT_SIGNALED)

#define ZX_EVENTPAIR_SIGNALED		__ZX_OBJECT_SIGNALED
#define ZX_EVENTPAIR_PEER_CLOSED	__ZX_OBJECT_PEER_CLOSED
#define ZX_EVENTPAIR_SIGNAL_MASK \
	(ZX_USER_SIGNAL_ALL | __ZX_OBJECT_SIGNALED | __ZX_OBJECT_PEER_CLOSED)

#define ZX_CHANNEL_READABLE		__ZX_OBJECT_READABLE
#define ZX_CHANNEL_WRITABLE		__ZX_OBJECT_WRITABLE
#define ZX_CHANNEL_PEER_CLOSED		__ZX_OBJECT_PEER_CLOSED

#define ZX_CLOCK_STARTED		__ZX_OBJECT_SIGNAL_4
#define ZX_CLOCK_UPDATED		__ZX_OBJECT_SIGNAL_5

#define ZX_SOCKET_READABLE		__ZX_OBJECT_READABLE
#define ZX_SOCKET_WRITABLE		__ZX_OBJECT_WRITABLE
#define ZX_SOCKET_PEER_CLOSED		__ZX_OBJECT_PEER_CLOSED
#define ZX_SOCKET_PEER_WRITE_DISABLED	__ZX_OBJECT_SIGNAL_4
#define ZX_SOCKET_WRITE_DISABLED	__ZX_OBJECT_SIGNAL_5
#define ZX_SOCKET_READ_THRESHOLD	__ZX_OBJECT_SIGNAL_10
#define ZX_SOCKET_WRITE_THRESHOLD	__ZX_OBJECT_SIGNAL_11

#define ZX_FIFO_READABLE		__ZX_OBJECT_READABLE
#define ZX_FIFO_WRITABLE		__ZX_OBJECT_WRITABLE
#define ZX_FIFO_PEER_CLOSED		__ZX_OBJECT_PEER_CLOSED

#define ZX_TASK_TERMINATED		__ZX_OBJECT_SIGNALED	/* any of the next three */
#define ZX_JOB_TERMINATED		__ZX_OBJECT_SIGNALED
#define ZX_JOB_NO_JOBS			__ZX_OBJECT_SIGNAL_4
#define ZX_JOB_NO_PROCESSES		__ZX_OBJECT_SIGNAL_5
#define ZX_PROCESS_TERMINATED		__ZX_OBJECT_SIGNALED
#define ZX_THREAD_TERMINATED		__ZX_OBJECT_SIGNALED
#define ZX_THREAD_RUNNING		__ZX_OBJECT_SIGNAL_4
#define ZX_THREAD_SUSPENDED		__ZX_OBJECT_SIGNAL_5

#define ZX_LOG_READABLE			__ZX_OBJECT_READABLE
#define ZX_LOG_WRITABLE			__ZX_OBJECT_WRITABLE

#define ZX_TIMER_SIGNALED		__ZX_OBJECT_SIGNALED

#define ZX_VMO_ZERO_CHILDREN		__ZX_OBJECT_SIGNALED

#define ZX_IOB_PEER_CLOSED		__ZX_OBJECT_PEER_CLOSED

#define ZX_COUNTER_SIGNALED		__ZX_OBJECT_SIGNALED
#define ZX_COUNTER_POSITIVE		__ZX_OBJECT_SIGNAL_4
#define ZX_COUNTER_NON_POSITIVE		__ZX_OBJECT_SIGNAL_5

#define ZX_VIRTUAL_INTERRUPT_UNTRIGGERED	__ZX_OBJECT_SIGNAL_4

/* Waiting */
#define ZX_WAIT_MANY_MAX_ITEMS		((size_t)64)

typedef struct zx_wait_item {
	zx_handle_t handle;
	zx_signals_t waitfor;
	zx_signals_t pending;	/* out */
} zx_wait_item_t;

/* Futexes: only the address matters to the system, and the int found there. */
#ifdef __cplusplus
typedef int zx_futex_t;
#else
typedef _Atomic(int) zx_futex_t;
#endif
typedef int zx_futex_storage_t;

/* Kinds of object. 7, 8, 10 and 13 are kinds that had gone before 2018-07. */
typedef uint32_t zx_obj_type_t;

#define ZX_OBJ_TYPE_NONE		((zx_obj_type_t)0u)
#define ZX_OBJ_TYPE_PROCESS		((zx_obj_type_t)1u)
#define ZX_OBJ_TYPE_THREAD		((zx_obj_type_t)2u)
#define ZX_OBJ_TYPE_VMO			((zx_obj_type_t)3u)
#define ZX_OBJ_TYPE_CHANNEL		((zx_obj_type_t)4u)
#define ZX_OBJ_TYPE_EVENT		((zx_obj_type_t)5u)
#define ZX_OBJ_TYPE_PORT		((zx_obj_type_t)6u)
#define ZX_OBJ_TYPE_INTERRUPT		((zx_obj_type_t)9u)
#define ZX_OBJ_TYPE_PCI_DEVICE		((zx_obj_type_t)11u)
#define ZX_OBJ_TYPE_LOG			((zx_obj_type_t)12u)
#define ZX_OBJ_TYPE_DEBUGLOG		((zx_obj_type_t)12u)	/* newest name of LOG */
#define ZX_OBJ_TYPE_SOCKET		((zx_obj_type_t)14u)
#define ZX_OBJ_TYPE_RESOURCE		((zx_obj_type_t)15u)
#define ZX_OBJ_TYPE_EVENTPAIR		((zx_obj_type_t)16u)
#define ZX_OBJ_TYPE_JOB			((zx_obj_type_t)17u)
#define ZX_OBJ_TYPE_VMAR		((zx_obj_type_t)18u)
#define ZX_OBJ_TYPE_FIFO		((zx_obj_type_t)19u)
#define ZX_OBJ_TYPE_GUEST		((zx_obj_type_t)20u)
#define ZX_OBJ_TYPE_VCPU		((zx_obj_type_t)21u)
#define ZX_OBJ_TYPE_TIMER		((zx_obj_type_t)22u)
#define ZX_OBJ_TYPE_IOMMU		((zx_obj_type_t)23u)
#define ZX_OBJ_TYPE_BTI			((zx_obj_type_t)24u)
#define ZX_OBJ_TYPE_PROFILE		((zx_obj_type_t)25u)
#define ZX_OBJ_TYPE_PMT			((zx_obj_type_t)26u)
#define ZX_OBJ_TYPE_SUSPEND_TOKEN	((zx_obj_type_t)27u)
#define ZX_OBJ_TYPE_PAGER		((zx_obj_type_t)28u)
#define ZX_OBJ_TYPE_EXCEPTION		((zx_obj_type_t)29u)
#define ZX_OBJ_TYPE_CLOCK		((zx_obj_type_t)30u)
#define ZX_OBJ_TYPE_STREAM		((zx_obj_type_t)31u)
#define ZX_OBJ_TYPE_MSI_ALLOCATION	((zx_obj_type_t)32u)
#define ZX_OBJ_TYPE_MSI			((zx_obj_type_t)32u)	/* later name of it */
#define ZX_OBJ_TYPE_MSI_INTERRUPT	((zx_obj_type_t)33u)	/* 2020 alone */
#define ZX_OBJ_TYPE_IOB			((zx_obj_type_t)33u)	/* newest */
#define ZX_OBJ_TYPE_COUNTER		((zx_obj_type_t)34u)
#define ZX_OBJ_TYPE_IOB_SHARED_REGION	((zx_obj_type_t)35u)

/* Numbers of kinds stay below this: zx_info_process_handle_stats_t relies on it. */
#define ZX_OBJ_TYPE_UPPER_BOUND		((zx_obj_type_t)64u)

#define ZX_MAX_NAME_LEN			((size_t)32u)	/* bytes, the NUL one included */

/* Channels */
#define ZX_CHANNEL_READ_MAY_DISCARD	((uint32_t)1u)
#define ZX_CHANNEL_WRITE_USE_IOVEC	((uint32_t)2u)
#define ZX_CHANNEL_MAX_MSG_BYTES	((uint32_t)65536u)
#define ZX_CHANNEL_MAX_MSG_HANDLES	((uint32_t)64u)
#define ZX_CHANNEL_MAX_MSG_IOVECS	((uint32_t)8192u)

typedef uint32_t zx_txid_t;	/* first word of a message of zx_channel_call */

typedef struct zx_channel_call_args {
	const void *wr_bytes;
	const zx_handle_t *wr_handles;
	void *rd_bytes;
	zx_handle_t *rd_handles;
	uint32_t wr_num_bytes;
	uint32_t wr_num_handles;
	uint32_t rd_num_bytes;		/* room, not what came */
	uint32_t rd_num_handles;
} zx_channel_call_args_t;

/* One handle read by zx_channel_read_etc */
typedef struct zx_handle_info {
	zx_handle_t handle;
	zx_obj_type_t type;
	zx_rights_t rights;
	uint32_t unused;
} zx_handle_info_t;

typedef uint32_t zx_handle_op_t;

#define ZX_HANDLE_OP_MOVE		((zx_handle_op_t)0u)
#define ZX_HANDLE_OP_DUPLICATE		((zx_handle_op_t)1u)

/* One handle to be sent by zx_channel_write_etc: as what, and what came of it */
typedef struct zx_handle_disposition {
	zx_handle_op_t operation;
	zx_handle_t handle;
	zx_obj_type_t type;	/* ZX_OBJ_TYPE_NONE: do not check */
	zx_rights_t rights;
	zx_status_t result;	/* out */
} zx_handle_disposition_t;

typedef struct zx_channel_call_etc_args {
	const void *wr_bytes;
	zx_handle_disposition_t *wr_handles;
	void *rd_bytes;
	zx_handle_info_t *rd_handles;
	uint32_t wr_num_bytes;
	uint32_t wr_num_handles;
	uint32_t rd_num_bytes;
	uint32_t rd_num_handles;
} zx_channel_call_etc_args_t;

/* A piece of a message, with ZX_CHANNEL_WRITE_USE_IOVEC */
typedef struct zx_channel_iovec {
	const void *buffer;
	uint32_t capacity;	/* bytes */
	uint32_t reserved;	/* 0 */
} zx_channel_iovec_t;

/* Fifos */
#define ZX_FIFO_MAX_SIZE_BYTES		ZX_PAGE_SIZE

/* Sockets: zx_socket_create */
#define ZX_SOCKET_STREAM		((uint32_t)0u)
#define ZX_SOCKET_DATAGRAM		((uint32_t)1u << 0)
#define ZX_SOCKET_CREATE_MASK		(ZX_SOCKET_DATAGRAM)
/* zx_socket_read */
#define ZX_SOCKET_PEEK			((uint32_t)1u << 3)
/* zx_socket_shutdown, to 2021-01 */
#define ZX_SOCKET_SHUTDOWN_WRITE	((uint32_t)1u << 0)
#define ZX_SOCKET_SHUTDOWN_READ		((uint32_t)1u << 1)
#define ZX_SOCKET_SHUTDOWN_MASK		(ZX_SOCKET_SHUTDOWN_WRITE | ZX_SOCKET_SHUTDOWN_READ)
/* zx_socket_set_disposition, which replaced it */
#define ZX_SOCKET_DISPOSITION_WRITE_DISABLED	((uint32_t)1u << 0)
#define ZX_SOCKET_DISPOSITION_WRITE_ENABLED	((uint32_t)1u << 1)

/* Streams: zx_stream_create */
#define ZX_STREAM_MODE_READ		((uint32_t)1u << 0)
#define ZX_STREAM_MODE_WRITE		((uint32_t)1u << 1)
#define ZX_STREAM_MODE_APPEND		((uint32_t)1u << 2)	/* newest */
#define ZX_STREAM_CREATE_MASK		(ZX_STREAM_MODE_READ | ZX_STREAM_MODE_WRITE)
/* zx_stream_writev */
#define ZX_STREAM_APPEND		((uint32_t)1u << 0)

typedef uint32_t zx_stream_seek_origin_t;

#define ZX_STREAM_SEEK_ORIGIN_START	((zx_stream_seek_origin_t)0u)
#define ZX_STREAM_SEEK_ORIGIN_CURRENT	((zx_stream_seek_origin_t)1u)
#define ZX_STREAM_SEEK_ORIGIN_END	((zx_stream_seek_origin_t)2u)

typedef struct zx_iovec {
	void *buffer;
	size_t capacity;	/* bytes */
} zx_iovec_t;

/* Timers */
#define ZX_TIMER_SLACK_CENTER		((uint32_t)0u)
#define ZX_TIMER_SLACK_EARLY		((uint32_t)1u)
#define ZX_TIMER_SLACK_LATE		((uint32_t)2u)

/* Random numbers, in bytes a call */
#define ZX_CPRNG_DRAW_MAX_LEN		((size_t)256u)
#define ZX_CPRNG_ADD_ENTROPY_MAX_LEN	((size_t)256u)

/* Tasks */
#define ZX_JOB_CRITICAL_PROCESS_RETCODE_NONZERO	((uint32_t)1u << 0)
#define ZX_PROCESS_SHARED		((uint32_t)1u << 0)	/* newest, zx_process_create */

/* Sets of CPUs: CPU n is bit n % 64 of mask[n / 64]. */
#define ZX_CPU_SET_MAX_CPUS		512
#define ZX_CPU_SET_BITS_PER_WORD	64

typedef struct zx_cpu_set {
	uint64_t mask[ZX_CPU_SET_MAX_CPUS / ZX_CPU_SET_BITS_PER_WORD];
} zx_cpu_set_t;

/* System-wide events of zx_system_get_event */
typedef uint32_t zx_system_event_type_t;

#define ZX_SYSTEM_EVENT_OUT_OF_MEMORY			((zx_system_event_type_t)1u)
#define ZX_SYSTEM_EVENT_MEMORY_PRESSURE_CRITICAL	((zx_system_event_type_t)2u)
#define ZX_SYSTEM_EVENT_MEMORY_PRESSURE_WARNING		((zx_system_event_type_t)3u)
#define ZX_SYSTEM_EVENT_MEMORY_PRESSURE_NORMAL		((zx_system_event_type_t)4u)
#define ZX_SYSTEM_EVENT_IMMINENT_OUT_OF_MEMORY		((zx_system_event_type_t)5u)

/* What zx_system_watch_memory_stall watches for */
typedef uint32_t zx_system_memory_stall_type_t;

#define ZX_SYSTEM_MEMORY_STALL_SOME	((zx_system_memory_stall_type_t)0u)
#define ZX_SYSTEM_MEMORY_STALL_FULL	((zx_system_memory_stall_type_t)1u)

/* Interrupts: zx_interrupt_create */
#define ZX_INTERRUPT_REMAP_IRQ		((uint32_t)0x1u)
#define ZX_INTERRUPT_MODE_DEFAULT	((uint32_t)0u << 1)
#define ZX_INTERRUPT_MODE_EDGE_LOW	((uint32_t)1u << 1)
#define ZX_INTERRUPT_MODE_EDGE_HIGH	((uint32_t)2u << 1)
#define ZX_INTERRUPT_MODE_LEVEL_LOW	((uint32_t)3u << 1)
#define ZX_INTERRUPT_MODE_LEVEL_HIGH	((uint32_t)4u << 1)
#define ZX_INTERRUPT_MODE_EDGE_BOTH	((uint32_t)5u << 1)
#define ZX_INTERRUPT_MODE_MASK		((uint32_t)0xe)
#define ZX_INTERRUPT_VIRTUAL		((uint32_t)0x10)
#define ZX_INTERRUPT_TIMESTAMP_MONO	((uint32_t)1u << 6)
/* zx_interrupt_bind */
#define ZX_INTERRUPT_BIND		((uint32_t)0x0u)
#define ZX_INTERRUPT_UNBIND		((uint32_t)0x1u)
#define ZX_INTERRUPT_SLOT_USER		((uint32_t)62u)
#define ZX_INTERRUPT_MAX_SLOTS		((uint32_t)62u)
#define ZX_PCI_INTERRUPT_SLOT		((uint32_t)0u)
/* zx_msi_create */
#define ZX_MSI_MODE_MSI_X		((uint32_t)0x1u)

/* Bus transaction initiators: zx_bti_pin */
#define ZX_BTI_PERM_READ		((uint32_t)1u << 0)
#define ZX_BTI_PERM_WRITE		((uint32_t)1u << 1)
#define ZX_BTI_PERM_EXECUTE		((uint32_t)1u << 2)
#define ZX_BTI_COMPRESS			((uint32_t)1u << 3)
#define ZX_BTI_CONTIGUOUS		((uint32_t)1u << 4)

__END_CDECLS

#include <zircon/vm_types.h>

#endif /* ZIRCON_TYPES_H_ */
