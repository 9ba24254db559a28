/*
 * ELF images as they lie in a program's memory. The program may have written anything there: all
 * is read once, by size-checked copies, and believed only as far as it does no harm.
 */
#include <elf.h>
#include <stdio.h>
#include <string.h>

#include "compat/core/host.h"
#include "compat/core/user.h"
#include "compat/core/vmar.h"
#include "compat/host/host.h"
#include "compat/host/process_map.h"

#define PAGE 4096ull
#define MAX_HEADERS 64
#define MAX_NOTES 2048u
#define MAX_DYNAMIC 128

/* One image that is being looked at. */
struct image {
	struct process *process;
	const struct host_maps *maps;
	struct crash_module *module;
	Elf64_Ehdr header;
	Elf64_Phdr headers[MAX_HEADERS];
	size_t num_headers;
};

static bool read_memory(const struct image *image, uint64_t addr, void *data, size_t size)
{
	return user__read_process(image->process, data, addr, size, NULL) == ZX_OK;
}

static bool read_headers(struct image *image, uint64_t base)
{
	Elf64_Ehdr *header = &image->header;

	if (!read_memory(image, base, header, sizeof(*header)) ||
	    memcmp(header->e_ident, ELFMAG, SELFMAG) || header->e_ident[EI_CLASS] != ELFCLASS64 ||
	    header->e_ident[EI_DATA] != ELFDATA2LSB || header->e_machine != EM_X86_64 ||
	    (header->e_type != ET_DYN && header->e_type != ET_EXEC) ||
	    header->e_phentsize != sizeof(Elf64_Phdr) || !header->e_phnum ||
	    header->e_phnum > MAX_HEADERS)
		return false;
	image->num_headers = header->e_phnum;
	return read_memory(image, base + header->e_phoff, image->headers,
			   header->e_phnum * sizeof(Elf64_Phdr));
}

/* Where it lies, if it is laid out as its headers say: with code that is mapped as such. */
static bool find_place(struct image *image, uint64_t base)
{
	uint64_t low = UINT64_MAX;
	uint64_t high = 0;
	bool has_code = false;

	for (size_t i = 0; i < image->num_headers; i++) {
		const Elf64_Phdr *header = &image->headers[i];

		if (header->p_type != PT_LOAD || !header->p_memsz)
			continue;
		if (header->p_vaddr < low)
			low = header->p_vaddr & -PAGE;
		if (header->p_vaddr + header->p_memsz > high)
			high = header->p_vaddr + header->p_memsz;
	}
	if (low >= high)
		return false;
	image->module->base = base;
	image->module->bias = base - low;
	image->module->end = base + ((high - low + PAGE - 1) & -PAGE);
	for (size_t i = 0; i < image->num_headers; i++) {
		const Elf64_Phdr *header = &image->headers[i];
		const struct host_map *map;

		if (header->p_type != PT_LOAD || !(header->p_flags & PF_X))
			continue;
		map = host_maps__find(image->maps, image->module->bias + header->p_vaddr);
		has_code |= map && map->prot & HOST_PROT_EXEC;
	}
	return has_code && image->module->end > base && image->module->end <= USER_END;
}

static void take_note(struct crash_module *module, const char *name, uint32_t name_size,
		      uint32_t type, const char *content, uint32_t size)
{
	if (type != NT_GNU_BUILD_ID || name_size != 4 || memcmp(name, "GNU", 4) ||
	    size > CRASH_BUILD_ID_MAX || module->build_id_size)
		return;
	memcpy(module->build_id, content, size);
	module->build_id_size = size;
}

static void read_notes(struct image *image, const Elf64_Phdr *header)
{
	char data[MAX_NOTES];
	size_t size = header->p_memsz < sizeof(data) ? header->p_memsz : sizeof(data);
	size_t at = 0;

	if (!read_memory(image, image->module->bias + header->p_vaddr, data, size))
		return;
	while (size - at >= sizeof(Elf64_Nhdr)) {
		Elf64_Nhdr note;
		size_t name;
		size_t content;

		memcpy(&note, data + at, sizeof(note));
		name = at + sizeof(note);
		if (note.n_namesz > MAX_NOTES || note.n_descsz > MAX_NOTES)
			return;
		content = name + ((note.n_namesz + 3) & ~3u);
		at = content + ((note.n_descsz + 3) & ~3u);
		if (at > size)
			return;
		take_note(image->module, data + name, note.n_namesz, note.n_type, data + content,
			  note.n_descsz);
	}
}

/* Names of files come without their folder, and fit for a terminal. */
static void set_name(char *to, const char *from)
{
	const char *slash = strrchr(from, '/');

	snprintf(to, CRASH_NAME_SIZE, "%s", slash ? slash + 1 : from);
	host__clean(to);
}

static void read_soname(struct image *image, const Elf64_Phdr *header)
{
	struct crash_module *module = image->module;
	char name[CRASH_NAME_SIZE];
	uint64_t strings = 0;
	uint64_t offset = 0;

	for (size_t i = 0; i < MAX_DYNAMIC && i < header->p_memsz / sizeof(Elf64_Dyn); i++) {
		Elf64_Dyn entry;

		if (!read_memory(image, module->bias + header->p_vaddr + i * sizeof(entry), &entry,
				 sizeof(entry)) || entry.d_tag == DT_NULL)
			break;
		if (entry.d_tag == DT_STRTAB)
			strings = entry.d_un.d_ptr;
		if (entry.d_tag == DT_SONAME)
			offset = entry.d_un.d_val;
	}
	if (!strings || !offset)
		return;
	/* Some interpreters put the address in memory there. */
	if (strings < module->base || strings >= module->end)
		strings += module->bias;
	memset(name, 0, sizeof(name));
	(void)user__read_process(image->process, name, strings + offset, sizeof(name) - 1, NULL);
	set_name(module->name, name);
}

static void read_details(struct image *image)
{
	image->module->headers = image->module->base + image->header.e_phoff;
	image->module->num_headers = (uint32_t)image->num_headers;
	if (image->header.e_entry)
		image->module->entry = image->module->bias + image->header.e_entry;
	for (size_t i = 0; i < image->num_headers; i++) {
		const Elf64_Phdr *header = &image->headers[i];

		if (header->p_type == PT_NOTE)
			read_notes(image, header);
		else if (header->p_type == PT_DYNAMIC)
			read_soname(image, header);
		else if (header->p_type == PT_INTERP)
			image->module->is_program = 1;
	}
}

static bool describe(struct image *image, const struct host_map *map)
{
	struct crash_module *module = image->module;

	*module = (struct crash_module){ 0 };
	if (!(map->prot & HOST_PROT_READ) || !read_headers(image, map->base) ||
	    !find_place(image, map->base))
		return false;
	read_details(image);
	set_name(module->file_name, map->name);
	if (!module->name[0])
		set_name(module->name, map->name[0] ? map->name : image->process->name);
	return true;
}

size_t host_maps__modules(const struct host_maps *maps, struct process *process,
			  struct crash_module *modules, size_t *first, size_t room)
{
	struct image image = { .process = process, .maps = maps };
	uint64_t end = 0;
	size_t count = 0;

	for (size_t i = 0; i < maps->count && count < room; i++) {
		image.module = &modules[count];
		if (maps->list[i].base < end || !describe(&image, &maps->list[i]))
			continue;
		end = image.module->end;
		first[count++] = i;
	}
	return count;
}
