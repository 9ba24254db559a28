/* Ports: queues of packets, from zx_port_queue, from async waits, and from other objects. */
#ifndef COMPAT_CORE_PORT_H
#define COMPAT_CORE_PORT_H

#include <zircon/syscalls/port.h>

#include "compat/core/object.h"

struct era_traits;
struct thread;

/*
 * How many more packets of one source a port may hold, and who waits until it holds fewer; under the
 * port's lock.
 */
struct port_quota {
	uint32_t left;
	struct list waiters; /* struct thread.wait_node */
};

struct port_packet {
	struct list node; /* in port.packets, under the port's lock; unlinked while in none */
	zx_port_packet_t packet;
	/* For packets of an async wait: what it waited on, so that port_cancel finds them. */
	struct object *source; /* not referenced: only compared */
	struct process *process;
	zx_handle_t handle;
	/* Not only the queue needs the memory: a wait goes on with it. Under the port's lock. */
	bool owned_by_source;
	struct port_quota *quota; /* NULL for most */
};

/* The packet of an interrupt, which is part of it. */
struct port_interrupt {
	struct list node; /* in port.interrupts, under the port's lock; unlinked while in none */
	uint64_t key;
	zx_time_t timestamp;
};

struct port {
	struct object object;
	uint32_t options;
	bool closed;     /* the last handle is gone: takes no more packets */
	struct list packets;
	uint32_t held;   /* how many they are */
	uint32_t queued; /* the user packets among them */
	struct list interrupts; /* struct port_interrupt.node; they come before all packets */
	struct list waiters;   /* struct thread.wait_node */
	struct list observers; /* struct observer.port.port_node */
	uint32_t observing;    /* how many they are */
	struct list exception_handlers; /* struct exception_handler.port_node, referenced */
};

extern const struct object_ops port_ops;

/*
 * An option of port__wait_async() besides ZX_WAIT_ASYNC_*: the wait of 2018 that stays, and sends a
 * packet on each change of signals that leaves one of its own active.
 */
#define PORT_WAIT_REPEATING (1u << 31)

zx_status_t port__create(uint32_t options, struct port **out);
/*
 * @era, whose limit counts, may be NULL: then there is none. Errors: ZX_ERR_SHOULD_WAIT where the
 * port is full, ZX_ERR_NO_MEMORY.
 */
zx_status_t port__queue_user(struct port *port, const zx_port_packet_t *packet,
			     const struct era_traits *era);
bool port__full_locked(const struct port *port, const struct era_traits *era);
/* Waits for a packet. Results as zx_port_wait. Callable by the supervisor's own threads. */
zx_status_t port__wait(struct thread *self, struct port *port, zx_time_t deadline,
		       zx_port_packet_t *out);
/*
 * Asks for one packet with @key when one of @signals becomes active (at once where one is).
 * @process and @handle say which handle a later port_cancel must name (NULL and 0 for services).
 * Errors: ZX_ERR_NO_MEMORY.
 */
zx_status_t port__wait_async(struct port *port, struct object *object, struct process *process,
			     zx_handle_t handle, uint64_t key, uint32_t signals,
			     uint32_t options);
/* For port.c: the last handle is gone, and so are all waits. Lets go of the lock meanwhile. */
void port__end_waits_locked(struct port *port);
/* The async waits that are in progress. */
uint32_t port__observing(struct port *port);
/* Drops waits and packets; ZX_ERR_NOT_FOUND where there were none. */
zx_status_t port__cancel(struct port *port, struct process *process, zx_handle_t handle,
			 uint64_t key);
/* The same for everything with @key, user packets too. */
zx_status_t port__cancel_key(struct port *port, uint64_t key);

/*
 * For pagers: queues @packet, which belongs to the caller and is in no queue, whatever else waits
 * there (a port without handles takes none), or takes it out again where it is still queued.
 */
void port__queue_packet(struct port *port, struct port_packet *packet);
void port__remove_packet(struct port *port, struct port_packet *packet);
/* The first with the port's lock held; false where the port takes none. */
bool port__queue_packet_locked(struct port *port, struct port_packet *packet);
bool port__has_packet(struct port *port, const struct port_packet *packet);

void port_quota__init(struct port_quota *quota, uint32_t packets);
/*
 * For bells of guests: queues @packet, once the port holds fewer of the quota's packets than it may.
 * Errors: ZX_ERR_BAD_HANDLE (the port has no handles), ZX_ERR_NO_MEMORY, those of thread__block().
 */
zx_status_t port__queue_quota(struct thread *self, struct port *port, struct port_quota *quota,
			      const zx_port_packet_t *packet);
/* For port_quota.c: into the queue, waking a thread that waits for a packet, and out of it. */
void port__link_locked(struct port *port, struct port_packet *packet);
void port__unlink_locked(struct port *port, struct port_packet *packet);
/* Drops the packets of @quota, for which nobody waits. */
void port__drop_quota(struct port *port, struct port_quota *quota);

/*
 * For interrupts bound to the port: queues @interrupt, or takes it out again. False where it was
 * queued, or not queued, before.
 */
bool port__queue_interrupt(struct port *port, struct port_interrupt *interrupt,
			   zx_time_t timestamp);
bool port__remove_interrupt(struct port *port, struct port_interrupt *interrupt);

/*
 * For object.c: @observer (already off its object's list for one-shot waits) fires. Called with
 * the object's lock held. A repeating wait goes back to the head of its object's list.
 */
void port__fire(struct observer *observer, uint32_t observed);
/* For object.c: @observer goes without a packet (handle closed). With the object's lock held. */
void port__drop(struct observer *observer);

#endif
