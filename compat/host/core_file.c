#include "compat/host/core_file.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compat/core/process.h"
#include "compat/core/vmo.h"
#include "compat/host/host.h"

#define PAGE 4096ull
#define CHUNK 65536u
/*
 * Mappings that are larger are in the file only where they hold something: not all file systems
 * take files of any size, and some programs map terabytes. Holes up to the second size come along.
 */
#define WHOLE_SEGMENT (1ull << 30)
#define SMALL_HOLE (16ull << 20)
/* More program headers would have to be counted in another way. */
#define MAX_SEGMENTS 65000u

/* What one segment shows: [begin, end) of the VMO of @map. */
struct core_piece {
	const struct host_map *map;
	uint64_t begin;
	uint64_t end;
};

struct core_file {
	const struct crash_scene *scene;
	struct core_notes notes;
	struct core_piece *pieces;
	size_t room;
	size_t count;         /* of pieces */
	Elf64_Phdr *segments; /* the notes, then one for each piece */
	uint64_t size;
	int fd;
};

/* The koid of the process that has a file whose name is the same for all; under its lock. */
static pthread_mutex_t single_lock = PTHREAD_MUTEX_INITIALIZER;
static zx_koid_t single;

bool core_file__check(const char *pattern)
{
	for (const char *at = strchr(pattern, '%'); at; at = strchr(at + 2, '%')) {
		if (!at[1] || !strchr("pe%", at[1]))
			return false;
	}
	return true;
}

/*
 * Names of processes are what programs say: they must not lead to other folders, and there is one,
 * so that no folder of the pattern is taken for the file.
 */
static size_t put_name(char *to, size_t room, const struct process *process)
{
	char name[ZX_MAX_NAME_LEN];
	bool dots;
	int size;

	host__printable(name, process->name);
	dots = !strcmp(name, ".") || !strcmp(name, "..");
	for (char *at = name; *at; at++) {
		if (*at == '/' || dots)
			*at = '_';
	}
	size = snprintf(to, room, "%s", name[0] ? name : "_");
	return (size_t)size < room ? (size_t)size : room;
}

/* False where the name is too long. */
static bool expand(char *path, size_t room, const char *pattern, const struct process *process)
{
	size_t used = 0;

	for (; *pattern && used < room; pattern++) {
		if (*pattern != '%') {
			path[used++] = *pattern;
			continue;
		}
		pattern++;
		if (*pattern == 'p')
			used += (size_t)snprintf(path + used, room - used, "%llu",
						 (unsigned long long)process->object.koid);
		else if (*pattern == 'e')
			used += put_name(path + used, room - used, process);
		else
			path[used++] = '%';
	}
	if (used >= room)
		return false;
	path[used] = 0;
	return true;
}

/* One file for all processes is the first one's: what follows is often only its consequence. */
static bool take_single(const struct process *process, const char *pattern, zx_koid_t *owner)
{
	for (const char *at = strchr(pattern, '%'); at; at = strchr(at + 2, '%')) {
		if (at[1] == 'p')
			return true;
	}
	pthread_mutex_lock(&single_lock);
	if (!single)
		single = process->object.koid;
	*owner = single;
	pthread_mutex_unlock(&single_lock);
	return *owner == process->object.koid;
}

static bool add_piece(struct core_file *file, const struct host_map *map, uint64_t begin,
		      uint64_t end)
{
	if (file->count == file->room) {
		size_t room = file->room ? 2 * file->room : 256;
		struct core_piece *bigger = reallocarray(file->pieces, room, sizeof(*bigger));

		if (!bigger)
			return false;
		file->pieces = bigger;
		file->room = room;
	}
	if (file->count < MAX_SEGMENTS)
		file->pieces[file->count++] = (struct core_piece){ map, begin, end };
	return true;
}

/* The parts of a large mapping that hold something. */
static bool add_parts(struct core_file *file, const struct host_map *map)
{
	uint64_t end = map->offset + map->size;
	uint64_t begin;
	uint64_t stop;
	uint64_t next;

	if (!vmo__next_data(map->vmo, map->offset, end, &begin, &stop))
		return true;
	for (;;) {
		uint64_t to;

		if (!vmo__next_data(map->vmo, stop, end, &next, &to))
			return add_piece(file, map, begin, stop);
		if (next - stop > SMALL_HOLE) {
			if (!add_piece(file, map, begin, stop))
				return false;
			begin = next;
		}
		stop = to;
	}
}

static bool add_pieces(struct core_file *file)
{
	for (size_t i = 0; i < file->scene->maps.count; i++) {
		const struct host_map *map = &file->scene->maps.list[i];
		bool added = map->size > WHOLE_SEGMENT ?
				     add_parts(file, map) :
				     add_piece(file, map, map->offset, map->offset + map->size);

		if (!added)
			return false;
	}
	return true;
}

static uint32_t segment_flags(uint32_t prot)
{
	return (prot & HOST_PROT_READ ? PF_R : 0) | (prot & HOST_PROT_WRITE ? PF_W : 0) |
	       (prot & HOST_PROT_EXEC ? PF_X : 0);
}

static bool plan(struct core_file *file)
{
	uint64_t at;

	if (file->notes.failed || !add_pieces(file))
		return false;
	file->segments = calloc(file->count + 1, sizeof(*file->segments));
	if (!file->segments)
		return false;
	at = sizeof(Elf64_Ehdr) + (file->count + 1) * sizeof(Elf64_Phdr);
	file->segments[0] = (Elf64_Phdr){
		.p_type = PT_NOTE,
		.p_offset = at,
		.p_filesz = file->notes.size,
		.p_align = 4,
	};
	at = (at + file->notes.size + PAGE - 1) & -PAGE;
	for (size_t i = 0; i < file->count; i++) {
		const struct core_piece *piece = &file->pieces[i];

		file->segments[i + 1] = (Elf64_Phdr){
			.p_type = PT_LOAD,
			.p_flags = segment_flags(piece->map->prot),
			.p_offset = at,
			.p_vaddr = piece->map->base + (piece->begin - piece->map->offset),
			.p_filesz = piece->end - piece->begin,
			.p_memsz = piece->end - piece->begin,
			.p_align = PAGE,
		};
		at += piece->end - piece->begin;
	}
	file->size = at;
	return true;
}

/* 0 or -errno. */
static int write_at(int fd, const void *data, size_t size, uint64_t offset)
{
	const char *at = data;

	while (size) {
		ssize_t put = pwrite(fd, at, size, (off_t)offset);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return put ? -errno : -EIO;
		at += put;
		offset += (uint64_t)put;
		size -= (size_t)put;
	}
	return 0;
}

static int write_head(const struct core_file *file)
{
	const Elf64_Ehdr header = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
			     EV_CURRENT },
		.e_type = ET_CORE,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_phoff = sizeof(header),
		.e_ehsize = sizeof(header),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = (uint16_t)(file->count + 1),
	};
	int error = write_at(file->fd, &header, sizeof(header), 0);

	if (!error)
		error = write_at(file->fd, file->segments,
				 (file->count + 1) * sizeof(*file->segments), sizeof(header));
	if (!error)
		error = write_at(file->fd, file->notes.data, file->notes.size,
				 file->segments[0].p_offset);
	/* Its end may be pages that hold nothing. */
	if (!error && ftruncate(file->fd, (off_t)file->size))
		error = -errno;
	return error;
}

/* What cannot be read now stays zero in the file: pages may go while the file is written. */
static int write_data(const struct core_file *file, struct vmo *vmo, uint64_t begin, uint64_t stop,
		      uint64_t offset)
{
	char chunk[CHUNK];
	int error = 0;

	while (begin < stop && !error) {
		size_t step = stop - begin < sizeof(chunk) ? (size_t)(stop - begin) : sizeof(chunk);

		if (vmo__read(vmo, chunk, begin, step) == ZX_OK)
			error = write_at(file->fd, chunk, step, offset);
		begin += step;
		offset += step;
	}
	return error;
}

static int write_piece(const struct core_file *file, size_t index)
{
	const struct core_piece *piece = &file->pieces[index];
	uint64_t offset = file->segments[index + 1].p_offset;
	uint64_t at = piece->begin;
	uint64_t begin;
	uint64_t stop;
	int error = 0;

	while (!error && vmo__next_data(piece->map->vmo, at, piece->end, &begin, &stop)) {
		error = write_data(file, piece->map->vmo, begin, stop,
				   offset + (begin - piece->begin));
		at = stop;
	}
	return error;
}

static int write_all(const struct core_file *file)
{
	int error = write_head(file);

	for (size_t i = 0; i < file->count && !error; i++)
		error = write_piece(file, i);
	return error;
}

static int open_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
	struct stat st;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		return -EINVAL;
	}
	if (ftruncate(fd, 0)) {
		close(fd);
		return -errno;
	}
	return fd;
}

/* 0 or -errno; a file that is not whole does not stay. */
static int write_file(struct core_file *file, const char *path)
{
	int error = -ENOMEM;

	core_notes__make(&file->notes, file->scene);
	if (plan(file)) {
		file->fd = open_file(path);
		error = file->fd < 0 ? file->fd : 0;
	}
	if (!error) {
		error = write_all(file);
		if (close(file->fd) && !error)
			error = -errno;
		if (error)
			unlink(path);
	}
	free(file->notes.data);
	free(file->segments);
	free(file->pieces);
	return error;
}

void core_file__write(const struct crash_scene *scene, const char *pattern, struct report *report)
{
	const struct process *process = scene->thread->process;
	struct core_file file = { .scene = scene };
	char path[PATH_MAX];
	zx_koid_t owner = 0;
	int error;

	if (!take_single(process, pattern, &owner)) {
		report__add(report, "  no core file: %s is that of process %llu; with %%p in its name "
			    "each process has its own\n", pattern, (unsigned long long)owner);
		return;
	}
	error = expand(path, sizeof(path), pattern, process) ? write_file(&file, path) :
							       -ENAMETOOLONG;
	if (!error)
		report__add(report, "  core file %s\n", path);
	else
		report__add(report, "  no core file: %s: %s\n", pattern,
			    error == -EINVAL ? "not a file" : strerror(-error));
}
