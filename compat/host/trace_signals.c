/* The names of signals: what a bit means goes by the type of the object. */
#include "compat/host/trace_line.h"
#include "compat/host/trace_rows.h"

static const struct trace_name signals_any[] = {
	NAME(ZX_USER_SIGNAL_0),
	NAME(ZX_USER_SIGNAL_1),
	NAME(ZX_USER_SIGNAL_2),
	NAME(ZX_USER_SIGNAL_3),
	NAME(ZX_USER_SIGNAL_4),
	NAME(ZX_USER_SIGNAL_5),
	NAME(ZX_USER_SIGNAL_6),
	NAME(ZX_USER_SIGNAL_7),
	NAME(ZX_SIGNAL_HANDLE_CLOSED),
	NAME(__ZX_OBJECT_READABLE),
	NAME(__ZX_OBJECT_WRITABLE),
	NAME(__ZX_OBJECT_PEER_CLOSED),
	NAME(__ZX_OBJECT_SIGNALED),
	NAME(__ZX_OBJECT_SIGNAL_4),
	NAME(__ZX_OBJECT_SIGNAL_5),
	NAME(__ZX_OBJECT_SIGNAL_6),
	NAME(__ZX_OBJECT_SIGNAL_7),
	NAME(__ZX_OBJECT_SIGNAL_8),
	NAME(__ZX_OBJECT_SIGNAL_9),
	NAME(__ZX_OBJECT_SIGNAL_10),
	NAME(__ZX_OBJECT_SIGNAL_11),
};

static const struct trace_name signals_process[] = {
	NAME(ZX_PROCESS_TERMINATED),
};

static const struct trace_name signals_thread[] = {
	NAME(ZX_THREAD_TERMINATED),
	NAME(ZX_THREAD_RUNNING),
	NAME(ZX_THREAD_SUSPENDED),
};

static const struct trace_name signals_vmo[] = {
	NAME(ZX_VMO_ZERO_CHILDREN),
};

static const struct trace_name signals_channel[] = {
	NAME(ZX_CHANNEL_READABLE),
	NAME(ZX_CHANNEL_WRITABLE),
	NAME(ZX_CHANNEL_PEER_CLOSED),
};

static const struct trace_name signals_event[] = {
	NAME(ZX_EVENT_SIGNALED),
};

static const struct trace_name signals_interrupt[] = {
	NAME(ZX_VIRTUAL_INTERRUPT_UNTRIGGERED),
};

static const struct trace_name signals_debuglog[] = {
	NAME(ZX_LOG_READABLE),
	NAME(ZX_LOG_WRITABLE),
};

static const struct trace_name signals_socket[] = {
	NAME(ZX_SOCKET_READABLE),
	NAME(ZX_SOCKET_WRITABLE),
	NAME(ZX_SOCKET_PEER_CLOSED),
	DATED(ZX_SOCKET_READ_DISABLED, ZX_SOCKET_READ_DISABLED_2018, ZX_SOCKET_READ_DISABLED_2018, ZXERA_2018_07, ZXERA_2019_01),
	DATED(ZX_SOCKET_PEER_WRITE_DISABLED, ZX_SOCKET_PEER_WRITE_DISABLED, ZX_SOCKET_PEER_WRITE_DISABLED, ZXERA_2020_07, ZXERA_NEWEST),
	NAME(ZX_SOCKET_WRITE_DISABLED),
	DATED(ZX_SOCKET_CONTROL_READABLE, ZX_SOCKET_CONTROL_READABLE_2018, ZX_SOCKET_CONTROL_READABLE_2018, ZXERA_2018_07, ZXERA_2019_01),
	DATED(ZX_SOCKET_CONTROL_WRITABLE, ZX_SOCKET_CONTROL_WRITABLE_2018, ZX_SOCKET_CONTROL_WRITABLE_2018, ZXERA_2018_07, ZXERA_2019_01),
	DATED(ZX_SOCKET_ACCEPT, ZX_SOCKET_ACCEPT_2018, ZX_SOCKET_ACCEPT_2018, ZXERA_2018_07, ZXERA_2019_01),
	DATED(ZX_SOCKET_SHARE, ZX_SOCKET_SHARE_2018, ZX_SOCKET_SHARE_2018, ZXERA_2018_07, ZXERA_2019_01),
	NAME(ZX_SOCKET_READ_THRESHOLD),
	NAME(ZX_SOCKET_WRITE_THRESHOLD),
};

static const struct trace_name signals_eventpair[] = {
	NAME(ZX_EVENTPAIR_SIGNALED),
	NAME(ZX_EVENTPAIR_PEER_CLOSED),
};

static const struct trace_name signals_job[] = {
	DATED(ZX_JOB_NO_PROCESSES, ZX_JOB_NO_PROCESSES_2018, ZX_JOB_NO_PROCESSES_2018, ZXERA_2018_07, ZXERA_2019_01),
	DATED(ZX_JOB_TERMINATED, ZX_JOB_TERMINATED, ZX_JOB_TERMINATED, ZXERA_2020_07, ZXERA_NEWEST),
	NAME(ZX_JOB_NO_JOBS),
	DATED(ZX_JOB_NO_PROCESSES, ZX_JOB_NO_PROCESSES, ZX_JOB_NO_PROCESSES, ZXERA_2020_07, ZXERA_NEWEST),
};

static const struct trace_name signals_fifo[] = {
	NAME(ZX_FIFO_READABLE),
	NAME(ZX_FIFO_WRITABLE),
	NAME(ZX_FIFO_PEER_CLOSED),
};

static const struct trace_name signals_timer[] = {
	NAME(ZX_TIMER_SIGNALED),
};

static const struct trace_name signals_clock[] = {
	NAME(ZX_CLOCK_STARTED),
	NAME(ZX_CLOCK_UPDATED),
};

static const struct trace_name signals_iob[] = {
	NAME(ZX_IOB_PEER_CLOSED),
};

static const struct trace_name signals_counter[] = {
	NAME(ZX_COUNTER_SIGNALED),
	NAME(ZX_COUNTER_POSITIVE),
	NAME(ZX_COUNTER_NON_POSITIVE),
};

static const struct trace_set by_type[ZX_OBJ_TYPE_UPPER_BOUND] = {
	[ZX_OBJ_TYPE_PROCESS] = SET(signals_process),
	[ZX_OBJ_TYPE_THREAD] = SET(signals_thread),
	[ZX_OBJ_TYPE_VMO] = SET(signals_vmo),
	[ZX_OBJ_TYPE_CHANNEL] = SET(signals_channel),
	[ZX_OBJ_TYPE_EVENT] = SET(signals_event),
	[ZX_OBJ_TYPE_INTERRUPT] = SET(signals_interrupt),
	[ZX_OBJ_TYPE_DEBUGLOG] = SET(signals_debuglog),
	[ZX_OBJ_TYPE_SOCKET] = SET(signals_socket),
	[ZX_OBJ_TYPE_EVENTPAIR] = SET(signals_eventpair),
	[ZX_OBJ_TYPE_JOB] = SET(signals_job),
	[ZX_OBJ_TYPE_FIFO] = SET(signals_fifo),
	[ZX_OBJ_TYPE_TIMER] = SET(signals_timer),
	[ZX_OBJ_TYPE_CLOCK] = SET(signals_clock),
	[ZX_OBJ_TYPE_IOB] = SET(signals_iob),
	[ZX_OBJ_TYPE_COUNTER] = SET(signals_counter),
};

static const struct trace_set of_any = SET(signals_any);

const struct trace_set *trace_set__signals(uint32_t type)
{
	return type < ZX_OBJ_TYPE_UPPER_BOUND && by_type[type].count ? &by_type[type] : &of_any;
}

void trace_set__add_signals(struct trace_line *line, uint32_t type, uint64_t bits, uint32_t era)
{
	const struct trace_set *own = trace_set__signals(type);
	uint64_t known = 0;

	if (!bits) {
		trace_line__add(line, "0");
		return;
	}
	for (size_t i = 0; own != &of_any && i < own->count; i++)
		if (era >= own->names[i].first && era <= own->names[i].last)
			known |= own->names[i].value;
	if (bits & known)
		trace_set__add_bits(line, own, bits & known, era);
	if ((bits & known) && (bits & ~known))
		trace_line__add(line, "|");
	if (bits & ~known)
		trace_set__add_bits(line, &of_any, bits & ~known, era);
}
