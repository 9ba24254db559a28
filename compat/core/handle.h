/* Handles: an object with rights, and the table of them that each process has. */
#ifndef COMPAT_CORE_HANDLE_H
#define COMPAT_CORE_HANDLE_H

#include <stdbool.h>
#include <zircon/rights.h>
#include <zircon/types.h>

#include "compat/core/list.h"
#include "compat/core/mutex.h"
#include "compat/core/user.h"

struct object;
struct process;
struct thread;

/*
 * A handle outside any table: in a message, or held by a service. Owns a reference and a handle
 * count.
 */
struct handle {
	struct object *object;
	zx_rights_t rights;
};

/* Takes over the caller's reference to @object. */
struct handle handle__make(struct object *object, zx_rights_t rights);
/* Another handle to the same object; @rights must be a subset. */
struct handle handle__dup(const struct handle *handle, zx_rights_t rights);
/* Closes it; an empty one (object NULL) is allowed. Leaves it empty. */
void handle__close(struct handle *handle);

struct handle_slot {
	struct object *object; /* NULL: free */
	zx_rights_t rights;
	uint32_t generation;
	uint32_t next_free; /* of the chunk's slots, from 1 */
};

#define HANDLE_CHUNK 256u
#define HANDLE_CHUNKS 1024u

/* Slots come and go by the chunk. */
struct handle_chunk {
	struct list node; /* in handle_table.with_room while a slot is free */
	uint32_t number;
	uint32_t count;	     /* slots in use */
	uint32_t first_free; /* from 1; oldest freed first */
	uint32_t last_free;
	struct handle_slot slots[HANDLE_CHUNK];
};

struct handle_chunk_ref {
	struct handle_chunk *chunk; /* NULL: none now */
	uint32_t generation; /* what the slots begin with: beyond all that the last chunk had */
};

struct handle_table {
	struct mutex lock;
	uint32_t secret; /* makes values differ between processes */
	uint32_t count;
	struct list with_room;
	struct handle_chunk_ref *chunks; /* HANDLE_CHUNKS; NULL once the process has ended */
};

zx_status_t handle_table__init(struct handle_table *table);
/* Closes every handle, and frees the table. */
void handle_table__destroy(struct process *process);

/*
 * A reference to the object that @value names for the calling process.
 * @type: the needed zx_obj_type_t, or ZX_OBJ_TYPE_NONE for any; @rights: all of these are needed.
 * Errors, first match: ZX_ERR_BAD_HANDLE (after the job's policy was asked), ZX_ERR_WRONG_TYPE,
 * ZX_ERR_ACCESS_DENIED.
 */
zx_status_t handle__get(struct thread *self, zx_handle_t value, uint32_t type, zx_rights_t rights,
			void *out_object);
/* As handle__get(), and tells the rights of the handle. */
zx_status_t handle__get_rights(struct thread *self, zx_handle_t value, uint32_t type,
			       zx_rights_t rights, void *out_object, zx_rights_t *out_rights);

/*
 * Another handle to what @value names, with @rights (ZX_RIGHT_SAME_RIGHTS: all that it has). @need:
 * rights that @value must have. Errors as handle__get(), and ZX_ERR_INVALID_ARGS where @rights are
 * more than it has.
 */
zx_status_t handle__dup_value(struct thread *self, zx_handle_t value, zx_rights_t need,
			      zx_rights_t rights, struct handle *out);
/* Whether @value names a handle; asks no policy. */
bool handle__valid(struct process *process, zx_handle_t value);
/* Whether @value (still) names @object; asks no policy. */
bool handle__names(struct process *process, zx_handle_t value, const struct object *object);
/* A reference to what @value names, for one who only looks: asks no policy. NULL: nothing. */
struct object *handle__look(struct process *process, zx_handle_t value);
/*
 * Walks through a table: *cursor is 0 at first. Gives a reference to the object. False at the end.
 * Handles that come and go meanwhile may or may not be seen.
 */
bool handle_table__next(struct process *process, uint32_t *cursor, struct object **out_object,
			zx_rights_t *out_rights, zx_handle_t *out_value);

/*
 * Puts @handle into the table of @process; takes it over, also on failure (it is closed then).
 * Errors: ZX_ERR_NO_MEMORY.
 */
zx_status_t handle__add(struct process *process, struct handle *handle, zx_handle_t *out_value);
/*
 * Takes a handle out of the table without closing it. @need: rights without which it stays
 * (ZX_ERR_ACCESS_DENIED). Ends the waits made with it.
 */
zx_status_t handle__remove(struct process *process, zx_handle_t value, zx_rights_t need,
			   struct handle *out);

/*
 * What a call that makes an object ends with: adds a handle to @object (takes over the reference)
 * for the calling process and writes its value to @out. On failure no handle is left, but
 * for programs of the newest era with a bad @out: see handle_out.c.
 */
zx_status_t handle__make_out(struct thread *self, struct object *object, zx_rights_t rights,
			     user_addr_t out);
/* The same for calls that make two; on failure neither is left, with the same exception. */
zx_status_t handle__make_out_pair(struct thread *self, struct object *object0,
				  struct object *object1, zx_rights_t rights, user_addr_t out0,
				  user_addr_t out1);

#endif
