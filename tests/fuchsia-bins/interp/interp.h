/*
 * A program interpreter: what PT_INTERP's ld.so.1 is to a program without a C library.
 *
 * It is started in the program's place. The first bootstrap message is for it: the program's
 * file as a VMO, the loader service, the process and its root VMAR. It loads the program and the
 * libraries that this needs, binds them together and jumps to the program, which finds a second
 * message, its own, on the same channel.
 */
#ifndef INTERP_H
#define INTERP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zircon/types.h>

#include "elf_image.h"

/* Return code of a process that couldn't be loaded or bound. */
#define INTERP_EXIT 127

#define MODULES_MAX 16

/* The program or a library. */
struct module {
	struct elf_image image;
	const char *name;
	zx_handle_t vmar;		/* until it is protected */
	uintptr_t base;			/* the VMAR's */
	uintptr_t entry;
	uintptr_t relro_start;
	uintptr_t relro_end;
};

/* Prints to the debug log, and ends the process with INTERP_EXIT. */
_Noreturn void interp_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Maps the ELF file in `vmo` below the VMAR `parent`, and fills `module` except its name. The VMO
 * stays the caller's. Ends the process when the file is no good.
 */
void module__map(struct module *module, const char *name, zx_handle_t vmo, zx_handle_t parent);

/* Makes the part of the data that only relocation writes read-only, and closes the VMAR. */
void module__protect(struct module *module);

/*
 * Asks the loader service for a library by name; the caller owns the VMO. ZX_ERR_NOT_FOUND and
 * others as the service says.
 */
zx_status_t ldsvc__load_object(zx_handle_t service, const char *name, zx_handle_t *vmo);

/* Tells the loader service that the connection ends, and closes it. */
void ldsvc__done(zx_handle_t service);

/* Has debuggers find the modules, in the way of Fuchsia's linker; stops if one asks for it. */
void debug__publish(const struct module *modules, int count);

/* Continues at `entry` as if the process had been started there. */
_Noreturn void interp_jump(zx_handle_t bootstrap, const void *vdso, uintptr_t entry);

#endif
