/* The dynamic section: the file's own name, and what it takes from the vDSO. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader/elf_internal.h"

/* More than the vDSO ever exported, with room: beyond it a file is not worth believing. */
#define MAX_IMPORTS 4096
#define MAX_IMPORT_NAME 64
#define MAX_SONAME 256

struct dynamic {
	bool has_strtab, has_symtab, has_gnu_hash, has_hash, has_soname;
	uint64_t strtab, symtab, gnu_hash, hash; /* offsets in the file */
	uint64_t strsz;
	uint64_t soname; /* offset in the string table */
};

/* Where the file has the byte that lies at @vaddr; false where it has none. */
static bool to_offset(const struct elf_image *image, uint64_t vaddr, uint64_t *out)
{
	for (size_t i = 0; i < image->num_segments; i++) {
		const struct elf_segment *segment = &image->segments[i];

		if (vaddr >= segment->vaddr && vaddr - segment->vaddr < segment->filesz) {
			*out = segment->offset + (vaddr - segment->vaddr);
			return true;
		}
	}
	return false;
}

/* The string at @offset of the table, or NULL where it does not end inside of it. */
static const char *get_string(const struct elf_reader *reader, const struct dynamic *dynamic,
			      uint64_t offset)
{
	const char *text;

	if (!dynamic->has_strtab || offset >= dynamic->strsz)
		return NULL;
	text = reader->data + dynamic->strtab + offset;
	if (strnlen(text, dynamic->strsz - offset) == dynamic->strsz - offset)
		return NULL;
	return text;
}

static Elf_Data *get_entries(struct elf_reader *reader, size_t *out_count)
{
	for (size_t i = 0; i < reader->phnum; i++) {
		GElf_Phdr phdr;

		if (!gelf_getphdr(reader->elf, i, &phdr) || phdr.p_type != PT_DYNAMIC)
			continue;
		*out_count = phdr.p_filesz / sizeof(Elf64_Dyn);
		if (!*out_count || !elf_reader__in_file(reader, phdr.p_offset, phdr.p_filesz))
			return NULL;
		return elf_getdata_rawchunk(reader->elf, (int64_t)phdr.p_offset,
					    *out_count * sizeof(Elf64_Dyn), ELF_T_DYN);
	}
	return NULL;
}

static void read_entry(const struct elf_image *image, const GElf_Dyn *dyn, struct dynamic *dynamic)
{
	switch (dyn->d_tag) {
	case DT_STRTAB:
		dynamic->has_strtab = to_offset(image, dyn->d_un.d_ptr, &dynamic->strtab);
		break;
	case DT_STRSZ:
		dynamic->strsz = dyn->d_un.d_val;
		break;
	case DT_SYMTAB:
		dynamic->has_symtab = to_offset(image, dyn->d_un.d_ptr, &dynamic->symtab);
		break;
	case DT_GNU_HASH:
		dynamic->has_gnu_hash = to_offset(image, dyn->d_un.d_ptr, &dynamic->gnu_hash);
		break;
	case DT_HASH:
		dynamic->has_hash = to_offset(image, dyn->d_un.d_ptr, &dynamic->hash);
		break;
	case DT_SONAME:
		dynamic->has_soname = true;
		dynamic->soname = dyn->d_un.d_val;
		break;
	default:
		break;
	}
}

/* A word of a hash table's header; 0 where the file ends before it. */
static uint32_t hash_word(const struct elf_reader *reader, uint64_t table, unsigned int index)
{
	uint32_t word = 0;

	if (elf_reader__in_file(reader, table, (index + 1) * sizeof(word)))
		memcpy(&word, reader->data + table + index * sizeof(word), sizeof(word));
	return word;
}

/*
 * How many symbols may be undefined ones. DT_HASH counts all symbols; DT_GNU_HASH says where the
 * defined ones begin, in front of which all undefined ones stand.
 */
static size_t count_symbols(const struct elf_reader *reader, const struct dynamic *dynamic)
{
	uint64_t most = (reader->size - dynamic->symtab) / sizeof(Elf64_Sym);
	uint64_t count = 0;

	if (dynamic->has_hash)
		count = hash_word(reader, dynamic->hash, 1);
	else if (dynamic->has_gnu_hash)
		count = hash_word(reader, dynamic->gnu_hash, 1);
	return count < most ? count : most;
}

/* The name of a call behind zx_ or _zx_, or NULL. */
static const char *call_name(const char *symbol)
{
	if (*symbol == '_')
		symbol++;
	return strncmp(symbol, "zx_", 3) ? NULL : symbol + 3;
}

static int read_imports(struct elf_reader *reader, struct elf_image *image,
			const struct dynamic *dynamic)
{
	size_t count;
	Elf_Data *data;

	if (!dynamic->has_symtab)
		return 0;
	count = count_symbols(reader, dynamic);
	data = count ? elf_getdata_rawchunk(reader->elf, (int64_t)dynamic->symtab,
					    count * sizeof(Elf64_Sym), ELF_T_SYM) : NULL;
	if (!data)
		return 0;
	image->imports = calloc(count < MAX_IMPORTS ? count : MAX_IMPORTS,
				sizeof(*image->imports));
	if (!image->imports)
		return elf_reader__no_memory(reader);
	for (size_t i = 0; i < count && image->num_imports < MAX_IMPORTS; i++) {
		const char *symbol, *name;
		GElf_Sym sym;

		if (!gelf_getsym(data, (int)i, &sym) || sym.st_shndx != SHN_UNDEF)
			continue;
		symbol = get_string(reader, dynamic, sym.st_name);
		name = symbol ? call_name(symbol) : NULL;
		if (!name || strlen(name) > MAX_IMPORT_NAME)
			continue;
		image->imports[image->num_imports] = strdup(name);
		if (!image->imports[image->num_imports])
			return elf_reader__no_memory(reader);
		image->num_imports++;
	}
	return 0;
}

/* C libraries that only Linux has; their names give a program away that hides its interpreter. */
static void look_for_linux(struct elf_reader *reader, const char *needed)
{
	if (strcmp(needed, "libc.so.6") && strncmp(needed, "ld-linux", 8) &&
	    strncmp(needed, "libc.musl-", 10))
		return;
	snprintf(reader->linux_sign, sizeof(reader->linux_sign), "it needs %s", needed);
}

int elf_reader__read_dynamic(struct elf_reader *reader, struct elf_image *image)
{
	struct dynamic dynamic = { 0 };
	size_t count;
	Elf_Data *data = get_entries(reader, &count);
	const char *text;
	GElf_Dyn dyn;

	if (!data)
		return 0;
	for (size_t i = 0; i < count && gelf_getdyn(data, (int)i, &dyn) && dyn.d_tag; i++)
		read_entry(image, &dyn, &dynamic);
	if (dynamic.has_strtab && !elf_reader__in_file(reader, dynamic.strtab, dynamic.strsz))
		dynamic.has_strtab = false;
	for (size_t i = 0; i < count && gelf_getdyn(data, (int)i, &dyn) && dyn.d_tag; i++) {
		if (dyn.d_tag != DT_NEEDED)
			continue;
		text = get_string(reader, &dynamic, dyn.d_un.d_val);
		if (text)
			look_for_linux(reader, text);
	}
	text = dynamic.has_soname ? get_string(reader, &dynamic, dynamic.soname) : NULL;
	if (text && strlen(text) < MAX_SONAME) {
		image->soname = strdup(text);
		if (!image->soname)
			return elf_reader__no_memory(reader);
	}
	return read_imports(reader, image, &dynamic);
}
