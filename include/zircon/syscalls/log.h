/* Records of the debug log: what zx_debuglog_read gives. Severities differ in 2018. */
#ifndef ZIRCON_SYSCALLS_LOG_H_
#define ZIRCON_SYSCALLS_LOG_H_

#include <zircon/types.h>

__BEGIN_CDECLS

typedef struct zx_log_record {
	uint32_t rollout;	/* records lost before this one */
	uint16_t datalen;	/* bytes of data */
	uint8_t severity;
	uint8_t flags;
	zx_time_t timestamp;	/* monotonic, nanoseconds */
	uint64_t pid;		/* koids of the writer */
	uint64_t tid;
	__ZX_FLEXIBLE(char, data);	/* no NUL byte at its end */
} zx_log_record_t;

#define ZX_LOG_RECORD_MAX	256	/* bytes, header and data */

#define ZX_LOG_TRACE		(0x10)
#define ZX_LOG_DEBUG		(0x20)
#define ZX_LOG_INFO		(0x30)
#define ZX_LOG_WARNING		(0x40)
#define ZX_LOG_ERROR		(0x50)
#define ZX_LOG_FATAL		(0x60)

/* Flags of a record */
#define ZX_LOG_LOCAL		(0x10)	/* do not pass on over the network */
#define ZX_LOG_FLAGS_MASK	(0x10)

/* zx_debuglog_create */
#define ZX_LOG_FLAG_READABLE	0x40000000

__END_CDECLS

#endif /* ZIRCON_SYSCALLS_LOG_H_ */
