/* What programs need because of faults in the Fuchsia binaries that they run with. */
#ifndef LOADER_QUIRK_H
#define LOADER_QUIRK_H

#include <stdbool.h>
#include <stdint.h>

struct vmo;

/*
 * ld.so.1 of 2018 looks for the build-id by going from the first to the last PT_NOTE, and reads
 * address 0 where there is none: a program linked without --build-id crashes before its first
 * instruction. In @vmo, the copy of such a program that ld.so.1 gets, its PT_GNU_STACK (of which
 * only the launcher takes notice) becomes an empty PT_NOTE. Does nothing to any other program.
 */
void quirk__add_note(struct vmo *vmo, uint32_t era);
/* Whether quirk__add_note() would do something. */
bool quirk__lacks_note(struct vmo *vmo, uint32_t era);

#endif
