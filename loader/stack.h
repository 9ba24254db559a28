/* The first thread's stack. */
#ifndef LOADER_STACK_H
#define LOADER_STACK_H

#include <stdint.h>
#include <zircon/types.h>

struct thread;
struct vmar;
struct vmo;

/* Size for a program that is started itself; @wanted: PT_GNU_STACK's, 0 where it wants nothing. */
uint64_t stack__size_static(uint64_t wanted);
/* Size for an interpreter, which reads @message_size bytes onto it and leaves it soon. */
uint64_t stack__size_interp(uint64_t message_size);

/*
 * A stack of @size bytes (whole pages), mapped below @root with a page that is never mapped at its
 * low end. Gives a reference to its VMO, and the first stack pointer, which is 8 modulo 16, as on
 * entry to a function, with a zero return address. Errors: as zx_vmo_create, zx_vmar_map.
 */
zx_status_t stack__create(struct thread *caller, struct vmar *root, uint64_t size,
			  struct vmo **out_vmo, uint64_t *out_sp);

#endif
