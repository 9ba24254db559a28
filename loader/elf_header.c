/* The file header: is this a file that Fuchsia on x86-64 could load at all? */
#include <string.h>

#include "loader/elf_internal.h"

/* Machines that a cross-building user may well have programs for. */
static const struct {
	uint16_t machine;
	const char *name;
} machines[] = {
	{ EM_386, "32-bit x86" }, { EM_ARM, "32-bit ARM" },  { EM_AARCH64, "ARM64" },
	{ EM_RISCV, "RISC-V" },	  { EM_MIPS, "MIPS" },	     { EM_PPC64, "64-bit PowerPC" },
	{ EM_S390, "S/390" },	  { EM_BPF, "the BPF VM" },
};

static const char *machine_name(uint16_t machine)
{
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		if (machines[i].machine == machine)
			return machines[i].name;
	}
	return "another machine";
}

static int check_magic(struct elf_reader *reader)
{
	if (!reader->size)
		return elf_reader__bad(reader, "the file is empty");
	if (reader->size >= 2 && !memcmp(reader->data, "#!", 2))
		return elf_reader__bad(reader,
				       "a script, not an ELF file; run its interpreter with it");
	if (reader->size < SELFMAG || memcmp(reader->data, ELFMAG, SELFMAG))
		return elf_reader__bad(reader, "not an ELF file");
	return 0;
}

int elf_reader__check_header(struct elf_reader *reader)
{
	Elf64_Ehdr header;
	const unsigned char *ident = header.e_ident;

	if (check_magic(reader))
		return -1;
	if (reader->size < EI_NIDENT)
		return elf_reader__bad(reader, "truncated ELF file (%llu bytes)",
				       (unsigned long long)reader->size);
	memset(&header, 0, sizeof(header));
	memcpy(&header, reader->data,
	       reader->size < sizeof(header) ? reader->size : sizeof(header));
	if (ident[EI_CLASS] == ELFCLASS32)
		return elf_reader__bad(reader, "a 32-bit program; Fuchsia has only 64-bit ones");
	if (ident[EI_CLASS] != ELFCLASS64)
		return elf_reader__bad(reader, "damaged ELF file (class %u)", ident[EI_CLASS]);
	if (ident[EI_DATA] == ELFDATA2MSB)
		return elf_reader__bad(reader, "a big-endian program; x86-64 is little-endian");
	if (ident[EI_DATA] != ELFDATA2LSB)
		return elf_reader__bad(reader, "damaged ELF file (byte order %u)", ident[EI_DATA]);
	if (reader->size < sizeof(header))
		return elf_reader__bad(reader, "truncated ELF file (%llu bytes)",
				       (unsigned long long)reader->size);
	if (header.e_machine != EM_X86_64)
		return elf_reader__bad(reader, "a program for %s (ELF machine %u), not for x86-64",
				       machine_name(header.e_machine), header.e_machine);
	if (ident[EI_VERSION] != EV_CURRENT || header.e_version != EV_CURRENT)
		return elf_reader__bad(reader, "ELF version %u, which nobody knows",
				       header.e_version);
	if (!header.e_phnum)
		return elf_reader__bad(reader, header.e_type == ET_REL ?
				       "an object file; link it first" :
				       "no program headers, so there is nothing to load");
	if (header.e_phnum == PN_XNUM)
		return elf_reader__bad(reader, "more program headers than Fuchsia takes");
	if (header.e_ehsize < sizeof(header) || header.e_phentsize != sizeof(Elf64_Phdr))
		return elf_reader__bad(reader, "damaged ELF file (header sizes %u and %u)",
				       header.e_ehsize, header.e_phentsize);
	if (!elf_reader__in_file(reader, header.e_phoff,
				 (uint64_t)header.e_phnum * sizeof(Elf64_Phdr)))
		return elf_reader__bad(reader, "truncated ELF file (%u program headers at %#llx, "
				       "%llu bytes in all)", header.e_phnum,
				       (unsigned long long)header.e_phoff,
				       (unsigned long long)reader->size);
	return 0;
}

int elf_reader__check_kind(struct elf_reader *reader)
{
	unsigned int osabi = reader->ehdr.e_ident[EI_OSABI];

	if (reader->linux_sign[0])
		return elf_reader__bad(reader, "a program for Linux, not for Fuchsia (%s)",
				       reader->linux_sign);
	if (osabi == ELFOSABI_LINUX)
		return elf_reader__bad(reader,
				       "a program for Linux, not for Fuchsia (its OS ABI says so)");
	if (osabi != ELFOSABI_NONE)
		return elf_reader__bad(reader, "a program for another system (OS ABI %u)", osabi);
	switch (reader->ehdr.e_type) {
	case ET_DYN:
		return 0;
	case ET_EXEC:
		return elf_reader__bad(reader, "linked to a fixed address (ET_EXEC); Fuchsia loads "
				       "only position-independent programs: link with -pie");
	case ET_REL:
		return elf_reader__bad(reader, "an object file; link it first");
	case ET_CORE:
		return elf_reader__bad(reader, "a core dump");
	default:
		return elf_reader__bad(reader, "ELF type %u, which is no program",
				       reader->ehdr.e_type);
	}
}
