/* Symbol lookup and relocation in a mapped ELF image. */
#include "elf_image.h"

#include "string.h"

uint64_t elf_image__dynamic(const struct elf_image *image, int64_t tag, uint64_t none)
{
	const struct elf64_dynamic *entry;

	for (entry = image->dynamic; entry->tag != ELF_DT_NULL; entry++)
		if (entry->tag == tag)
			return entry->value;
	return none;
}

static const void *dynamic_pointer(const struct elf_image *image, int64_t tag)
{
	uint64_t value = elf_image__dynamic(image, tag, 0);

	return value ? (const void *)(image->bias + value) : NULL;
}

void elf_image__init(struct elf_image *image, uintptr_t bias, const struct elf64_dynamic *dynamic)
{
	uint64_t soname;

	image->bias = bias;
	image->dynamic = dynamic;
	image->strings = dynamic_pointer(image, ELF_DT_STRTAB);
	image->symbols = dynamic_pointer(image, ELF_DT_SYMTAB);
	image->gnu_hash = dynamic_pointer(image, ELF_DT_GNU_HASH);
	soname = elf_image__dynamic(image, ELF_DT_SONAME, 0);
	image->soname = soname && image->strings ? image->strings + soname : "";
}

bool elf_image__init_at(struct elf_image *image, const void *base)
{
	const struct elf64_header *header = base;
	const struct elf64_segment *segment;
	const struct elf64_segment *load = NULL;
	const struct elf64_segment *dynamic = NULL;
	uintptr_t bias;
	int i;

	segment = (const void *)((const char *)base + header->phoff);
	for (i = 0; i < header->phnum; i++) {
		if (segment[i].type == ELF_PT_LOAD && !load)
			load = &segment[i];
		if (segment[i].type == ELF_PT_DYNAMIC)
			dynamic = &segment[i];
	}
	if (!load || !dynamic)
		return false;
	bias = (uintptr_t)base - (load->vaddr - load->offset);
	elf_image__init(image, bias, (const void *)(bias + dynamic->vaddr));
	return true;
}

static uint32_t gnu_hash(const char *name)
{
	uint32_t hash = 5381;

	for (; *name; name++)
		hash = hash * 33 + (uint8_t)*name;
	return hash;
}

static bool is_export(const struct elf64_symbol *symbol)
{
	uint8_t bind = ELF_SYM_BIND(symbol->info);

	return symbol->shndx != ELF_SHN_UNDEF && ELF_SYM_TYPE(symbol->info) != ELF_STT_TLS &&
	       (bind == ELF_STB_GLOBAL || bind == ELF_STB_WEAK);
}

static uint64_t symbol_address(const struct elf_image *image, const struct elf64_symbol *symbol)
{
	return symbol->shndx == ELF_SHN_ABS ? symbol->value : image->bias + symbol->value;
}

/*
 * The table: four words (number of buckets, index of the first hashed symbol, number of 64-bit
 * filter words, filter shift), the filter, the buckets, and one chain word per symbol whose
 * lowest bit marks the end of its bucket.
 */
bool elf_image__lookup(const struct elf_image *image, const char *name, uint64_t *value)
{
	const uint32_t *table = image->gnu_hash;
	const struct elf64_symbol *symbol;
	const uint64_t *filter;
	const uint32_t *buckets;
	const uint32_t *chain;
	uint32_t hash;
	uint32_t index;
	uint64_t word;

	if (!table || !table[0] || !table[2])
		return false;
	filter = (const uint64_t *)(table + 4);
	buckets = (const uint32_t *)(filter + table[2]);
	chain = buckets + table[0];

	hash = gnu_hash(name);
	word = filter[(hash / 64) % table[2]];
	if (!(word >> (hash % 64) & 1) || !(word >> ((hash >> table[3]) % 64) & 1))
		return false;

	index = buckets[hash % table[0]];
	if (index < table[1])
		return false;
	for (;; index++) {
		uint32_t link = chain[index - table[1]];

		symbol = &image->symbols[index];
		if ((link | 1) == (hash | 1) && is_export(symbol) &&
		    !strcmp(image->strings + symbol->name, name)) {
			*value = symbol_address(image, symbol);
			return true;
		}
		if (link & 1)
			return false;
	}
}

/*
 * DT_RELR: an even word is the address of a word to relocate; an odd word is a bitmap of which
 * of the 63 words that follow are to be relocated too.
 */
static void relocate_relr(const struct elf_image *image)
{
	const uint64_t *relr = dynamic_pointer(image, ELF_DT_RELR);
	uint64_t count = elf_image__dynamic(image, ELF_DT_RELRSZ, 0) / sizeof(*relr);
	uint64_t *next = NULL;
	uint64_t i;

	for (i = 0; i < count; i++) {
		uint64_t bits;
		int bit;

		if (!(relr[i] & 1)) {
			next = (uint64_t *)(image->bias + relr[i]);
			*next++ += image->bias;
			continue;
		}
		for (bit = 0, bits = relr[i] >> 1; bits; bit++, bits >>= 1)
			if (bits & 1)
				next[bit] += image->bias;
		next += 63;
	}
}

void elf_image__relocate_relative(const struct elf_image *image)
{
	const struct elf64_rela *rela = dynamic_pointer(image, ELF_DT_RELA);
	uint64_t count = elf_image__dynamic(image, ELF_DT_RELASZ, 0) / sizeof(*rela);
	uint64_t i;

	relocate_relr(image);
	for (i = 0; i < count; i++)
		if (ELF_RELA_TYPE(rela[i].info) == ELF_R_RELATIVE)
			*(uint64_t *)(image->bias + rela[i].offset) = image->bias + rela[i].addend;
}

static const char *relocate_one(const struct elf_image *image, const struct elf64_rela *rela,
				elf_resolve_fn resolve, void *ctx)
{
	const struct elf64_symbol *symbol = &image->symbols[ELF_RELA_SYM(rela->info)];
	uint64_t *place = (uint64_t *)(image->bias + rela->offset);
	const char *name = image->strings + symbol->name;
	uint64_t value = 0;

	switch (ELF_RELA_TYPE(rela->info)) {
	case ELF_R_NONE:
	case ELF_R_RELATIVE:
		return NULL;
	case ELF_R_64:
	case ELF_R_GLOB_DAT:
	case ELF_R_JUMP_SLOT:
		break;
	default:
		return "(relocation of an unknown type)";
	}

	if (ELF_RELA_SYM(rela->info) && !resolve(ctx, name, &value)) {
		if (symbol->shndx != ELF_SHN_UNDEF)
			value = symbol_address(image, symbol);
		else if (ELF_SYM_BIND(symbol->info) != ELF_STB_WEAK)
			return name;
	}
	*place = value + rela->addend;
	return NULL;
}

static const char *relocate_table(const struct elf_image *image, int64_t tag, int64_t size_tag,
				  elf_resolve_fn resolve, void *ctx)
{
	const struct elf64_rela *rela = dynamic_pointer(image, tag);
	uint64_t count = elf_image__dynamic(image, size_tag, 0) / sizeof(*rela);
	uint64_t i;

	for (i = 0; i < count; i++) {
		const char *missing = relocate_one(image, &rela[i], resolve, ctx);

		if (missing)
			return missing;
	}
	return NULL;
}

const char *elf_image__relocate_symbols(const struct elf_image *image, elf_resolve_fn resolve,
					void *ctx)
{
	const char *missing;

	missing = relocate_table(image, ELF_DT_RELA, ELF_DT_RELASZ, resolve, ctx);
	if (missing)
		return missing;
	return relocate_table(image, ELF_DT_JMPREL, ELF_DT_PLTRELSZ, resolve, ctx);
}
