/* Looking into another process, and changing it. */
#ifndef DEBUGGER_INFERIOR_H
#define DEBUGGER_INFERIOR_H

#include "rt.h"

#include <zircon/syscalls/debug.h>

/* Memory; false when not all of it is there. */
bool inferior__read(zx_handle_t process, zx_vaddr_t at, void *data, size_t size);
bool inferior__write(zx_handle_t process, zx_vaddr_t at, const void *data, size_t size);

/* A text of at most `size` - 1 bytes. */
bool inferior__text(zx_handle_t process, zx_vaddr_t at, char *text, size_t size);

/* Where the process has the program that runs here: found by its memory; 0 when nowhere. */
zx_vaddr_t inferior__find_program(zx_handle_t process);

/* What another process has for something of this program, when that one's is at `base`. */
zx_vaddr_t inferior__address(zx_vaddr_t base, const volatile void *here);

/* Registers of a stopped thread, in the form of the program's era. */
bool inferior__registers(zx_handle_t thread, zx_thread_state_general_regs_t *regs);
bool inferior__set_registers(zx_handle_t thread, const zx_thread_state_general_regs_t *regs);
bool inferior__set_step(zx_handle_t thread, bool step);

/* A breakpoint: the byte that it covers. */
struct breakpoint {
	zx_handle_t process;
	zx_vaddr_t at;
	uint8_t covered;
};

bool breakpoint__set(struct breakpoint *breakpoint, zx_handle_t process, zx_vaddr_t at);
bool breakpoint__remove(const struct breakpoint *breakpoint);

/* A file that the dynamic linker has loaded. */
struct loaded_file {
	zx_vaddr_t bias;
	char name[64];
};

/* The list whose head is at the debug address of the process; returns how many there are. */
size_t inferior__loaded_files(zx_handle_t process, struct loaded_file *files, size_t max);

#endif
