#include "tests/loader/image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMALL_THINGS 0x500u /* behind the file header and IMAGE_MAX_PHDRS program headers */
#define MAX_NEEDED 4u
#define MAX_IMPORTS 16u

static void die(const char *why)
{
	fprintf(stderr, "tests/loader/image.c: %s\n", why);
	abort();
}

/* Room in the first page, aligned to 8. */
static uint32_t take(struct image *image, uint32_t size)
{
	uint32_t at = image->used;

	if (size > IMAGE_PAGE - at)
		die("the first page is full");
	image->used = (at + size + 7) & ~7u;
	return at;
}

static void add_load(struct image *image, uint32_t flags, uint64_t at, uint64_t memsz)
{
	Elf64_Phdr *phdr = image__add_phdr(image, PT_LOAD);

	phdr->p_flags = flags;
	phdr->p_offset = at;
	phdr->p_vaddr = at;
	phdr->p_filesz = IMAGE_PAGE;
	phdr->p_memsz = memsz;
	phdr->p_align = IMAGE_PAGE;
}

void image__init(struct image *image)
{
	Elf64_Ehdr *ehdr;

	image->bytes = calloc(1, IMAGE_SIZE);
	if (!image->bytes)
		die("out of memory");
	image->used = SMALL_THINGS;
	ehdr = image__ehdr(image);
	memcpy(ehdr->e_ident, ELFMAG, SELFMAG);
	ehdr->e_ident[EI_CLASS] = ELFCLASS64;
	ehdr->e_ident[EI_DATA] = ELFDATA2LSB;
	ehdr->e_ident[EI_VERSION] = EV_CURRENT;
	ehdr->e_type = ET_DYN;
	ehdr->e_machine = EM_X86_64;
	ehdr->e_version = EV_CURRENT;
	ehdr->e_entry = IMAGE_ENTRY;
	ehdr->e_phoff = sizeof(*ehdr);
	ehdr->e_ehsize = sizeof(*ehdr);
	ehdr->e_phentsize = sizeof(Elf64_Phdr);
	add_load(image, PF_R, 0, IMAGE_PAGE);
	add_load(image, PF_R | PF_X, IMAGE_PAGE, IMAGE_PAGE);
	add_load(image, PF_R | PF_W, 2 * IMAGE_PAGE, 2 * IMAGE_PAGE + 0x123);
	memset(image->bytes + IMAGE_PAGE, 0xf4, IMAGE_PAGE);
}

void image__free(struct image *image)
{
	free(image->bytes);
	image->bytes = NULL;
}

Elf64_Ehdr *image__ehdr(struct image *image)
{
	return (Elf64_Ehdr *)image->bytes;
}

static Elf64_Phdr *phdrs(struct image *image)
{
	return (Elf64_Phdr *)(image->bytes + sizeof(Elf64_Ehdr));
}

Elf64_Phdr *image__phdr(struct image *image, uint32_t type, unsigned int index)
{
	for (unsigned int i = 0; i < image__ehdr(image)->e_phnum; i++) {
		Elf64_Phdr *phdr = &phdrs(image)[i];

		if (phdr->p_type == type && !index--)
			return phdr;
	}
	die("no such program header");
	return NULL;
}

Elf64_Phdr *image__add_phdr(struct image *image, uint32_t type)
{
	Elf64_Ehdr *ehdr = image__ehdr(image);
	Elf64_Phdr *phdr = &phdrs(image)[ehdr->e_phnum];

	if (ehdr->e_phnum == IMAGE_MAX_PHDRS)
		die("too many program headers");
	ehdr->e_phnum++;
	phdr->p_type = type;
	return phdr;
}

/* A program header of @type for @size bytes in the first page; returns their place. */
static uint32_t add_small(struct image *image, uint32_t type, uint32_t size, uint32_t align)
{
	Elf64_Phdr *phdr = image__add_phdr(image, type);
	uint32_t at = take(image, size);

	phdr->p_flags = PF_R;
	phdr->p_offset = at;
	phdr->p_vaddr = at;
	phdr->p_filesz = size;
	phdr->p_memsz = size;
	phdr->p_align = align;
	return at;
}

void image__add_interp(struct image *image, const char *path)
{
	uint32_t size = (uint32_t)strlen(path) + 1;

	memcpy(image->bytes + add_small(image, PT_INTERP, size, 1), path, size);
}

void image__add_stack(struct image *image, uint64_t size)
{
	Elf64_Phdr *phdr = image__add_phdr(image, PT_GNU_STACK);

	phdr->p_flags = PF_R | PF_W;
	phdr->p_memsz = size;
}

static void add_note(struct image *image, uint32_t type, const void *desc, uint32_t size)
{
	Elf64_Nhdr note = { .n_namesz = sizeof("GNU"), .n_descsz = size, .n_type = type };
	uint32_t total = sizeof(note) + sizeof("GNU") + ((size + 3) & ~3u);
	uint32_t at = add_small(image, PT_NOTE, total, 4);

	memcpy(image->bytes + at, &note, sizeof(note));
	memcpy(image->bytes + at + sizeof(note), "GNU", sizeof("GNU"));
	memcpy(image->bytes + at + sizeof(note) + sizeof("GNU"), desc, size);
}

void image__add_build_id(struct image *image, const void *id, uint32_t size)
{
	add_note(image, NT_GNU_BUILD_ID, id, size);
}

void image__add_abi_tag(struct image *image, uint32_t os)
{
	uint32_t desc[4] = { os, 3, 2, 0 };

	add_note(image, NT_GNU_ABI_TAG, desc, sizeof(desc));
}

/* The string table while it grows. */
struct strings {
	char bytes[1024];
	uint32_t size;
};

static uint32_t put_string(struct strings *strings, const char *text)
{
	uint32_t at = strings->size, size = (uint32_t)strlen(text) + 1;

	if (size > sizeof(strings->bytes) - at)
		die("the string table is full");
	memcpy(strings->bytes + at, text, size);
	strings->size += size;
	return at;
}

static uint32_t put_hash(struct image *image, int64_t tag, uint32_t num_symbols)
{
	/* DT_HASH: buckets, chains; DT_GNU_HASH: buckets, first defined symbol, bloom words. */
	uint32_t sysv[] = { 1, num_symbols, 0 };
	uint32_t gnu[] = { 1, num_symbols, 1, 0, 0, 0, 0 };
	uint32_t at = take(image, sizeof(gnu));

	if (tag == DT_HASH)
		memcpy(image->bytes + at, sysv, sizeof(sysv));
	else
		memcpy(image->bytes + at, gnu, sizeof(gnu));
	return at;
}

void image__add_dynamic(struct image *image, int64_t hash, const char *soname,
			const char *const *needed, const char *const *imports)
{
	Elf64_Dyn dyn[8 + MAX_NEEDED] = { 0 };
	Elf64_Sym symbols[1 + MAX_IMPORTS] = { 0 };
	struct strings strings = { .size = 1 };
	uint32_t num_dyn = 0, num_symbols = 1, at;

	if (soname)
		dyn[num_dyn++] = (Elf64_Dyn){ DT_SONAME, { put_string(&strings, soname) } };
	for (unsigned int i = 0; needed && needed[i]; i++) {
		if (i == MAX_NEEDED)
			die("too many needed libraries");
		dyn[num_dyn++] = (Elf64_Dyn){ DT_NEEDED, { put_string(&strings, needed[i]) } };
	}
	for (unsigned int i = 0; imports && imports[i]; i++) {
		if (i == MAX_IMPORTS)
			die("too many imports");
		symbols[num_symbols].st_name = put_string(&strings, imports[i]);
		symbols[num_symbols++].st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC);
	}
	at = take(image, num_symbols * sizeof(symbols[0]));
	memcpy(image->bytes + at, symbols, num_symbols * sizeof(symbols[0]));
	dyn[num_dyn++] = (Elf64_Dyn){ DT_SYMTAB, { at } };
	at = take(image, strings.size);
	memcpy(image->bytes + at, strings.bytes, strings.size);
	dyn[num_dyn++] = (Elf64_Dyn){ DT_STRTAB, { at } };
	dyn[num_dyn++] = (Elf64_Dyn){ DT_STRSZ, { strings.size } };
	dyn[num_dyn++] = (Elf64_Dyn){ hash, { put_hash(image, hash, num_symbols) } };
	num_dyn++; /* DT_NULL */
	at = add_small(image, PT_DYNAMIC, num_dyn * sizeof(dyn[0]), 8);
	memcpy(image->bytes + at, dyn, num_dyn * sizeof(dyn[0]));
}
