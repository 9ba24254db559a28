/* The interpreter's name and the notes: small things that say whose program this is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader/elf_internal.h"

/* What PT_INTERP may hold, with its NUL: names of the loader service are short. */
#define MAX_INTERP 256

/* File names of interpreters that Linux has. */
static const char *const linux_interps[] = { "ld-linux", "ld-musl", "ld-uClibc", "linker64" };

static bool is_linux_interp(const char *path)
{
	const char *base = strrchr(path, '/') + 1;

	for (size_t i = 0; i < sizeof(linux_interps) / sizeof(linux_interps[0]); i++) {
		if (!strncmp(base, linux_interps[i], strlen(linux_interps[i])))
			return true;
	}
	return false;
}

/* The loader service knows names, perhaps in a folder of its own ("asan/ld.so.1"). */
static int check_interp(struct elf_reader *reader, const char *interp)
{
	if (interp[0] == '/') {
		if (!is_linux_interp(interp))
			return elf_reader__bad(reader, "wants the interpreter %s, which is none of "
					       "Fuchsia's", interp);
		snprintf(reader->linux_sign, sizeof(reader->linux_sign), "its interpreter is %s",
			 interp);
		return 0;
	}
	for (const char *part = interp;; part++) {
		size_t len = strcspn(part, "/");

		if (!len || (len == 1 && *part == '.') || (len == 2 && !strncmp(part, "..", 2)))
			return elf_reader__bad(reader, "damaged ELF file (interpreter '%s')",
					       interp);
		part += len;
		if (!*part)
			return 0;
	}
}

int elf_reader__read_interp(struct elf_reader *reader, struct elf_image *image)
{
	for (size_t i = 0; i < reader->phnum; i++) {
		const char *text;
		GElf_Phdr phdr;

		if (!gelf_getphdr(reader->elf, i, &phdr) || phdr.p_type != PT_INTERP)
			continue;
		if (!elf_reader__in_file(reader, phdr.p_offset, phdr.p_filesz))
			return elf_reader__bad(reader, "truncated ELF file (interpreter at %#llx, "
					       "%llu bytes in all)",
					       (unsigned long long)phdr.p_offset,
					       (unsigned long long)reader->size);
		text = reader->data + phdr.p_offset;
		if (!phdr.p_filesz || phdr.p_filesz > MAX_INTERP ||
		    strnlen(text, phdr.p_filesz) != phdr.p_filesz - 1)
			return elf_reader__bad(reader,
					       "damaged ELF file (the interpreter's name)");
		image->interp = strdup(text);
		if (!image->interp)
			return elf_reader__no_memory(reader);
		return check_interp(reader, image->interp);
	}
	return 0;
}

static void read_note(struct elf_reader *reader, struct elf_image *image, const GElf_Nhdr *note,
		      const char *name, const char *desc)
{
	uint32_t os;

	if (note->n_namesz != sizeof("GNU") || memcmp(name, "GNU", sizeof("GNU")))
		return;
	if (note->n_type == NT_GNU_BUILD_ID && !image->build_id_size) {
		image->build_id_size = note->n_descsz < sizeof(image->build_id) ?
					       note->n_descsz : sizeof(image->build_id);
		memcpy(image->build_id, desc, image->build_id_size);
	}
	if (note->n_type == NT_GNU_ABI_TAG && note->n_descsz >= sizeof(os)) {
		memcpy(&os, desc, sizeof(os));
		if (os == ELF_NOTE_OS_LINUX && !reader->linux_sign[0])
			snprintf(reader->linux_sign, sizeof(reader->linux_sign),
				 "its ABI note says so");
	}
}

void elf_reader__read_notes(struct elf_reader *reader, struct elf_image *image)
{
	for (size_t i = 0; i < reader->phnum; i++) {
		size_t offset = 0, name_offset, desc_offset;
		GElf_Nhdr note;
		GElf_Phdr phdr;
		Elf_Data *data;

		if (!gelf_getphdr(reader->elf, i, &phdr) || phdr.p_type != PT_NOTE ||
		    !elf_reader__in_file(reader, phdr.p_offset, phdr.p_filesz))
			continue;
		data = elf_getdata_rawchunk(reader->elf, (int64_t)phdr.p_offset, phdr.p_filesz,
					    phdr.p_align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR);
		while (data && (offset = gelf_getnote(data, offset, &note, &name_offset,
						      &desc_offset)) > 0) {
			const char *bytes = data->d_buf;

			read_note(reader, image, &note, bytes + name_offset, bytes + desc_offset);
		}
	}
}
