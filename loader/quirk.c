#include "loader/quirk.h"

#include <elf.h>

#include "compat/core/era.h"
#include "compat/core/vmo.h"

/* Where the entry is that can be spared, in a program that needs it; 0: nowhere. */
static uint64_t find_place(struct vmo *vmo, uint32_t era)
{
	uint64_t stack = 0;
	Elf64_Ehdr ehdr;
	Elf64_Phdr phdr;

	if (era > ZXERA_2019_01 || vmo__read(vmo, &ehdr, 0, sizeof(ehdr)) != ZX_OK)
		return 0;
	for (uint32_t i = 0; i < ehdr.e_phnum; i++) {
		uint64_t at = ehdr.e_phoff + (uint64_t)i * sizeof(phdr);

		if (vmo__read(vmo, &phdr, at, sizeof(phdr)) != ZX_OK || phdr.p_type == PT_NOTE)
			return 0;
		/*
		 * One that asks for a size is read by ld.so.1 too, for the stack of the first
		 * thread.
		 */
		if (phdr.p_type == PT_GNU_STACK && !phdr.p_memsz)
			stack = at;
	}
	return stack;
}

bool quirk__lacks_note(struct vmo *vmo, uint32_t era)
{
	return find_place(vmo, era);
}

void quirk__add_note(struct vmo *vmo, uint32_t era)
{
	const Elf64_Phdr phdr = { .p_type = PT_NOTE, .p_flags = PF_R, .p_align = 4 };
	uint64_t place = find_place(vmo, era);

	if (place)
		(void)vmo__write(vmo, &phdr, place, sizeof(phdr));
}
