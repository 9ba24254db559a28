/*
 * The parts of the ELF-64 format that a self-relocating program and a program
 * loader need. A freestanding target has no <elf.h>.
 *
 * Source: System V ABI, chapters "Object Files" and "Dynamic Linking", and the
 * x86-64 psABI for the relocation types.
 */
#ifndef RT_ELF64_H
#define RT_ELF64_H

#include <stdint.h>

struct elf64_header {
	uint8_t ident[16];
	uint16_t type;
	uint16_t machine;
	uint32_t version;
	uint64_t entry;
	uint64_t phoff;
	uint64_t shoff;
	uint32_t flags;
	uint16_t ehsize;
	uint16_t phentsize;
	uint16_t phnum;
	uint16_t shentsize;
	uint16_t shnum;
	uint16_t shstrndx;
};

struct elf64_segment {
	uint32_t type;
	uint32_t flags;
	uint64_t offset;
	uint64_t vaddr;
	uint64_t paddr;
	uint64_t filesz;
	uint64_t memsz;
	uint64_t align;
};

struct elf64_dynamic {
	int64_t tag;
	uint64_t value;
};

struct elf64_symbol {
	uint32_t name;
	uint8_t info;
	uint8_t other;
	uint16_t shndx;
	uint64_t value;
	uint64_t size;
};

struct elf64_rela {
	uint64_t offset;
	uint64_t info;
	int64_t addend;
};

#define ELF_IDENT_MAGIC		0x464c457fu	/* "\177ELF" as a little endian word */
#define ELF_CLASS_64		2
#define ELF_DATA_LSB		1
#define ELF_TYPE_DYN		3
#define ELF_MACHINE_X86_64	62

#define ELF_PT_LOAD		1
#define ELF_PT_DYNAMIC		2
#define ELF_PT_TLS		7
#define ELF_PT_GNU_RELRO	0x6474e552

#define ELF_PF_X		1
#define ELF_PF_W		2
#define ELF_PF_R		4

#define ELF_DT_NULL		0
#define ELF_DT_NEEDED		1
#define ELF_DT_PLTRELSZ		2
#define ELF_DT_STRTAB		5
#define ELF_DT_SYMTAB		6
#define ELF_DT_RELA		7
#define ELF_DT_RELASZ		8
#define ELF_DT_SONAME		14
#define ELF_DT_JMPREL		23
#define ELF_DT_INIT_ARRAY	25
#define ELF_DT_INIT_ARRAYSZ	27
#define ELF_DT_RELRSZ		35
#define ELF_DT_RELR		36
#define ELF_DT_GNU_HASH		0x6ffffef5

#define ELF_SYM_BIND(info)	((info) >> 4)
#define ELF_SYM_TYPE(info)	((info) & 0xf)
#define ELF_STB_GLOBAL		1
#define ELF_STB_WEAK		2
#define ELF_STT_TLS		6
#define ELF_SHN_UNDEF		0
#define ELF_SHN_ABS		0xfff1

#define ELF_RELA_SYM(info)	((uint32_t)((info) >> 32))
#define ELF_RELA_TYPE(info)	((uint32_t)(info))
#define ELF_R_NONE		0
#define ELF_R_64		1
#define ELF_R_GLOB_DAT		6
#define ELF_R_JUMP_SLOT		7
#define ELF_R_RELATIVE		8

#endif
