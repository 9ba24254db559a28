#include "compat/core/debuglog.h"

#include <string.h>

#include "compat/core/core.h"

/* Records that the ring keeps: somewhat more than the 128 KiB of Zircon's. */
#define RING_RECORDS 512u

/* The ring's lock comes before the locks of the objects that read from it. */
struct debuglog_ring {
	struct mutex lock;
	uint64_t head; /* sequence of the next record to be written */
	struct list readers;
	struct log_record records[RING_RECORDS];
};

static void debuglog_destroy(struct object *object)
{
	struct debuglog *log = (struct debuglog *)object;
	struct debuglog_ring *ring = core_root->debuglog;

	mutex__lock(&ring->lock);
	list__remove(&log->reader_node);
	mutex__unlock(&ring->lock);
}

const struct object_ops debuglog_ops = {
	.name = "debuglog",
	.default_rights = ZX_DEFAULT_LOG_RIGHTS,
	.user_signals = ZX_USER_SIGNAL_ALL,
	.destroy = debuglog_destroy,
};

zx_status_t debuglog__init(void)
{
	struct debuglog_ring *ring = arena__alloc(sizeof(*ring));

	if (!ring)
		return ZX_ERR_NO_MEMORY;
	mutex__init(&ring->lock);
	list__init(&ring->readers);
	core_root->debuglog = ring;
	return ZX_OK;
}

static uint64_t oldest_locked(const struct debuglog_ring *ring)
{
	return ring->head > RING_RECORDS ? ring->head - RING_RECORDS : 0;
}

zx_status_t debuglog__create(bool readable, uint32_t options, struct debuglog **out)
{
	struct debuglog_ring *ring = core_root->debuglog;
	struct debuglog *log = object__alloc(sizeof(*log), ZX_OBJ_TYPE_LOG);

	if (!log)
		return ZX_ERR_NO_MEMORY;
	list__init(&log->reader_node);
	log->object.signals = ZX_LOG_WRITABLE;
	log->readable = readable;
	log->options = options;
	if (readable) {
		/* A new reader begins with the oldest record that is left. */
		mutex__lock(&ring->lock);
		log->next = oldest_locked(ring);
		if (log->next != ring->head)
			log->object.signals |= ZX_LOG_READABLE;
		list__add_tail(&ring->readers, &log->reader_node);
		mutex__unlock(&ring->lock);
	}
	*out = log;
	return ZX_OK;
}

void debuglog__write(struct log_record *record)
{
	struct debuglog_ring *ring = core_root->debuglog;
	struct debuglog *log;

	mutex__lock(&ring->lock);
	record->time = core_host.clock_monotonic();
	record->sequence = ring->head++;
	ring->records[record->sequence % RING_RECORDS] = *record;
	list_for_each(log, &ring->readers, reader_node)
		object__update_signals(&log->object, 0, ZX_LOG_READABLE);
	mutex__unlock(&ring->lock);
	core_host.log(record);
}

zx_status_t debuglog__read(struct debuglog *log, struct log_record *out, uint64_t *lost)
{
	struct debuglog_ring *ring = core_root->debuglog;
	zx_status_t status = ZX_OK;
	uint64_t oldest;

	if (!log->readable)
		return ZX_ERR_BAD_STATE;
	mutex__lock(&ring->lock);
	oldest = oldest_locked(ring);
	*lost = log->next < oldest ? oldest - log->next : 0;
	log->next += *lost;
	if (log->next == ring->head) {
		status = ZX_ERR_SHOULD_WAIT;
		object__update_signals(&log->object, ZX_LOG_READABLE, 0);
	} else {
		*out = ring->records[log->next++ % RING_RECORDS];
	}
	mutex__unlock(&ring->lock);
	return status;
}
