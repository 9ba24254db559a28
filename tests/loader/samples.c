/*
 * samples DIR: writes one small ELF file a kind into DIR, for the tests of zxrun's command line,
 * and for the corpus that fuzzing begins with (tests/fuzz/seeds/elf is the output of this program).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/loader/image.h"

static const char *const imports_2018[] = { "_zx_vmo_clone", "_zx_clock_get_new", NULL };
static const char *const imports_2020[] = { "_zx_vmo_create_child", "_zx_clock_get", NULL };
static const char *const needed_fdio[] = { "libfdio.so", "libc.so", NULL };
static const char *const needed_glibc[] = { "libc.so.6", NULL };
static const char *const none[] = { NULL };

static void make_static(struct image *image)
{
	image__add_stack(image, 0x10000);
	image__add_build_id(image, "sample", 6);
}

static void make_dynamic(struct image *image)
{
	image__add_interp(image, "ld.so.1");
	image__add_dynamic(image, DT_GNU_HASH, NULL, needed_fdio, none);
}

static void make_libc_2018(struct image *image)
{
	image__add_dynamic(image, DT_HASH, "libc.so", none, imports_2018);
}

static void make_libc_2020(struct image *image)
{
	image__add_dynamic(image, DT_GNU_HASH, "libc.so", none, imports_2020);
}

static void make_linux(struct image *image)
{
	image__add_interp(image, "/lib64/ld-linux-x86-64.so.2");
	image__add_abi_tag(image, ELF_NOTE_OS_LINUX);
	image__add_dynamic(image, DT_GNU_HASH, NULL, needed_glibc, none);
}

static void make_fixed(struct image *image)
{
	image__ehdr(image)->e_type = ET_EXEC;
}

static void make_32bit(struct image *image)
{
	image__ehdr(image)->e_ident[EI_CLASS] = ELFCLASS32;
	image__ehdr(image)->e_machine = EM_386;
}

static void make_arm64(struct image *image)
{
	image__ehdr(image)->e_machine = EM_AARCH64;
}

static void make_no_entry(struct image *image)
{
	image__ehdr(image)->e_entry = 0;
}

static void make_wild(struct image *image)
{
	image__phdr(image, PT_LOAD, 2)->p_memsz = UINT64_MAX;
}

static void make_write_execute(struct image *image)
{
	image__phdr(image, PT_LOAD, 2)->p_flags = PF_R | PF_W | PF_X;
}

static const struct {
	const char *name;
	void (*make)(struct image *image);
	size_t size; /* 0: all of it */
} samples[] = {
	{ "static", make_static, 0 },
	{ "dynamic", make_dynamic, 0 },
	{ "libc-2018", make_libc_2018, 0 },
	{ "libc-2020", make_libc_2020, 0 },
	{ "linux", make_linux, 0 },
	{ "fixed", make_fixed, 0 },
	{ "32bit", make_32bit, 0 },
	{ "arm64", make_arm64, 0 },
	{ "no-entry", make_no_entry, 0 },
	{ "wild", make_wild, 0 },
	{ "write-execute", make_write_execute, 0 },
	{ "truncated", make_static, IMAGE_PAGE + 100 },
	{ "header-only", make_static, 64 },
};

static int write_sample(const char *dir, const char *name, const struct image *image, size_t size)
{
	char path[4096];
	FILE *file;
	int err;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	if (!file) {
		fprintf(stderr, "samples: %s: %s\n", path, strerror(errno));
		return -1;
	}
	err = fwrite(image->bytes, size, 1, file) != 1;
	err |= fclose(file);
	if (err)
		fprintf(stderr, "samples: %s: %s\n", path, strerror(errno));
	return err ? -1 : 0;
}

int main(int argc, char **argv)
{
	int err = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: samples DIR\n");
		return 2;
	}
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]) && !err; i++) {
		struct image image;

		image__init(&image);
		samples[i].make(&image);
		err = write_sample(argv[1], samples[i].name, &image,
				   samples[i].size ? samples[i].size : IMAGE_SIZE);
		image__free(&image);
	}
	return err ? 1 : 0;
}
