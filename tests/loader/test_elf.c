/* Reading ELF images: what is found in good ones, and what is said about bad ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "loader/elf.h"
#include "tests/loader/image.h"

#define NONE ((const char *const[]){ NULL })

static int parse(struct elf_image *elf, struct image *image, size_t size, struct error *error)
{
	/* Memory of exactly that size, so that a sanitizer sees a step beyond. */
	char *copy = malloc(size ? size : 1);
	int err;

	assert_non_null(copy);
	memcpy(copy, image->bytes, size);
	err = elf_image__parse(elf, copy, size, "prog", error);
	free(copy);
	return err;
}

static void expect_good(struct elf_image *elf, struct image *image)
{
	struct error error;

	if (parse(elf, image, IMAGE_SIZE, &error))
		fail_msg("refused: %s", error.text);
	image__free(image);
}

static void expect_bad_size(struct image *image, size_t size, const char *what)
{
	struct elf_image elf;
	struct error error;

	assert_int_equal(parse(&elf, image, size, &error), -1);
	assert_int_equal(error.exit_code, EXIT_NO_EXEC);
	if (strncmp(error.text, "prog: ", 6) || !strstr(error.text, what))
		fail_msg("expected '%s' in '%s'", what, error.text);
	image__free(image);
}

static void expect_bad(struct image *image, const char *what)
{
	expect_bad_size(image, IMAGE_SIZE, what);
}

static void test_static_program(void **state)
{
	struct elf_image elf;
	struct image image;

	(void)state;
	image__init(&image);
	expect_good(&elf, &image);
	assert_int_equal(elf.num_segments, 3);
	assert_int_equal(elf.segments[2].vaddr, 2 * IMAGE_PAGE);
	assert_int_equal(elf.segments[2].filesz, IMAGE_PAGE);
	assert_int_equal(elf.segments[2].memsz, 2 * IMAGE_PAGE + 0x123);
	assert_int_equal(elf.low, 0);
	assert_int_equal(elf.span, 5 * IMAGE_PAGE);
	assert_int_equal(elf.entry, IMAGE_ENTRY);
	assert_null(elf.interp);
	assert_null(elf.soname);
	assert_int_equal(elf.stack_size, 0);
	assert_int_equal(elf.num_imports, 0);
	elf_image__free(&elf);
}

static void test_all_that_is_read(void **state)
{
	static const char *const imports[] = { "_zx_vmo_create", "memcpy", "zx_channel_write",
					       "_zx_", "zxio_open", NULL };
	static const char *const needed[] = { "libfdio.so", NULL };
	const int64_t hashes[] = { DT_GNU_HASH, DT_HASH };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct elf_image elf;
		struct image image;

		image__init(&image);
		image__add_interp(&image, "ld.so.1");
		image__add_stack(&image, 0x20000);
		image__add_build_id(&image, "\x01\x02\x03\x04\x05", 5);
		image__add_dynamic(&image, hashes[i], "libx.so", needed, imports);
		expect_good(&elf, &image);
		assert_string_equal(elf.interp, "ld.so.1");
		assert_string_equal(elf.soname, "libx.so");
		assert_int_equal(elf.stack_size, 0x20000);
		assert_int_equal(elf.build_id_size, 5);
		assert_memory_equal(elf.build_id, "\x01\x02\x03\x04\x05", 5);
		assert_int_equal(elf.num_imports, 3);
		assert_string_equal(elf.imports[0], "vmo_create");
		assert_string_equal(elf.imports[1], "channel_write");
		assert_string_equal(elf.imports[2], "");
		elf_image__free(&elf);
	}
}

static void test_layouts_that_fuchsia_takes(void **state)
{
	struct elf_image elf;
	struct image image;

	(void)state;
	/* The lowest address need not be 0; segments may share a page of the file. */
	image__init(&image);
	for (int i = 0; i < 3; i++)
		image__phdr(&image, PT_LOAD, i)->p_vaddr += 0x200000;
	image__phdr(&image, PT_LOAD, 2)->p_offset = 0x1800;
	image__phdr(&image, PT_LOAD, 2)->p_vaddr = 0x203800;
	image__ehdr(&image)->e_entry += 0x200000;
	expect_good(&elf, &image);
	assert_int_equal(elf.low, 0x200000);
	assert_int_equal(elf.span, 0x6000);
	elf_image__free(&elf);

	/* bss alone, at any place in the file; an empty segment, anywhere. */
	image__init(&image);
	image__phdr(&image, PT_LOAD, 2)->p_filesz = 0;
	image__phdr(&image, PT_LOAD, 2)->p_offset = 0x7fffffff1;
	image__add_phdr(&image, PT_LOAD);
	expect_good(&elf, &image);
	assert_int_equal(elf.num_segments, 3);
	elf_image__free(&elf);

	/* Alignment beyond a page, as other linkers' defaults have it. */
	image__init(&image);
	image__phdr(&image, PT_LOAD, 0)->p_align = 0x200000;
	expect_good(&elf, &image);
	elf_image__free(&elf);
}

static void test_no_elf(void **state)
{
	struct image image;

	(void)state;
	image__init(&image);
	expect_bad_size(&image, 0, "the file is empty");
	image__init(&image);
	memcpy(image.bytes, "#!/bin/sh\n", 10);
	expect_bad(&image, "a script");
	image__init(&image);
	memcpy(image.bytes, "MZ", 2);
	expect_bad(&image, "not an ELF file");
	image__init(&image);
	expect_bad_size(&image, 3, "not an ELF file");
}

static void test_truncated(void **state)
{
	(void)state;
	/* At every length there is a message, and never a good image. */
	for (size_t size = 4; size < IMAGE_SIZE; size += size < 256 ? 1 : 97) {
		struct image image;

		image__init(&image);
		image__add_interp(&image, "ld.so.1");
		expect_bad_size(&image, size, "truncated ELF file");
	}
}

static void test_other_kinds(void **state)
{
	struct image image;

	(void)state;
	image__init(&image);
	image__ehdr(&image)->e_ident[EI_CLASS] = ELFCLASS32;
	expect_bad(&image, "a 32-bit program");
	image__init(&image);
	image__ehdr(&image)->e_ident[EI_DATA] = ELFDATA2MSB;
	expect_bad(&image, "a big-endian program");
	image__init(&image);
	image__ehdr(&image)->e_machine = EM_AARCH64;
	expect_bad(&image, "a program for ARM64");
	image__init(&image);
	image__ehdr(&image)->e_machine = 0x7777;
	expect_bad(&image, "machine 30583");
	image__init(&image);
	image__ehdr(&image)->e_type = ET_EXEC;
	expect_bad(&image, "-pie");
	image__init(&image);
	image__ehdr(&image)->e_type = ET_REL;
	image__ehdr(&image)->e_phnum = 0;
	expect_bad(&image, "an object file");
	image__init(&image);
	image__ehdr(&image)->e_type = ET_CORE;
	expect_bad(&image, "a core dump");
	image__init(&image);
	image__ehdr(&image)->e_type = 0x1234;
	expect_bad(&image, "ELF type");
	image__init(&image);
	image__ehdr(&image)->e_ident[EI_OSABI] = ELFOSABI_FREEBSD;
	expect_bad(&image, "another system");
}

static void test_linux_programs(void **state)
{
	static const char *const glibc[] = { "libc.so.6", NULL };
	static const char *const interps[] = { "/lib64/ld-linux-x86-64.so.2",
					       "/lib/ld-musl-x86_64.so.1", "/system/bin/linker64" };
	struct image image;

	(void)state;
	for (size_t i = 0; i < sizeof(interps) / sizeof(interps[0]); i++) {
		image__init(&image);
		image__add_interp(&image, interps[i]);
		expect_bad(&image, "a program for Linux");
	}
	/* What gives it away goes before what else is wrong with it. */
	image__init(&image);
	image__ehdr(&image)->e_type = ET_EXEC;
	image__add_abi_tag(&image, ELF_NOTE_OS_LINUX);
	expect_bad(&image, "a program for Linux");
	image__init(&image);
	image__add_dynamic(&image, DT_GNU_HASH, NULL, glibc, NONE);
	expect_bad(&image, "a program for Linux");
	image__init(&image);
	image__ehdr(&image)->e_ident[EI_OSABI] = ELFOSABI_LINUX;
	expect_bad(&image, "a program for Linux");
	/* The tag of another system does not count as Linux. */
	image__init(&image);
	image__add_interp(&image, "/libexec/ld-elf.so.1");
	expect_bad(&image, "none of Fuchsia's");
}

static void test_bad_headers(void **state)
{
	struct image image;

	(void)state;
	image__init(&image);
	image__ehdr(&image)->e_phnum = 0;
	expect_bad(&image, "nothing to load");
	image__init(&image);
	image__ehdr(&image)->e_phnum = PN_XNUM;
	expect_bad(&image, "more program headers");
	image__init(&image);
	image__ehdr(&image)->e_phnum = PN_XNUM - 1;
	expect_bad(&image, "truncated");
	image__init(&image);
	image__ehdr(&image)->e_phentsize = 32;
	expect_bad(&image, "header sizes");
	image__init(&image);
	image__ehdr(&image)->e_ehsize = 0;
	expect_bad(&image, "header sizes");
	image__init(&image);
	image__ehdr(&image)->e_phoff = UINT64_MAX - 8;
	expect_bad(&image, "truncated");
	image__init(&image);
	image__ehdr(&image)->e_version = 2;
	expect_bad(&image, "ELF version 2");
	image__init(&image);
	for (int i = 0; i < 3; i++)
		image__phdr(&image, PT_LOAD, 0)->p_type = PT_NULL;
	expect_bad(&image, "nothing to load");
}

static void test_section_headers_do_not_matter(void **state)
{
	struct elf_image elf;
	struct image image;

	(void)state;
	image__init(&image);
	image__ehdr(&image)->e_shoff = UINT64_MAX - 1;
	image__ehdr(&image)->e_shnum = 0xffff;
	image__ehdr(&image)->e_shentsize = 1;
	image__ehdr(&image)->e_shstrndx = 0xffff;
	expect_good(&elf, &image);
	elf_image__free(&elf);
}

/* Each row changes one field of the last segment of a good image. */
static void test_bad_segments(void **state)
{
	static const struct {
		size_t field;
		uint64_t value;
		const char *what;
	} rows[] = {
		{ offsetof(Elf64_Phdr, p_filesz), 1ull << 40, "more bytes in the file" },
		{ offsetof(Elf64_Phdr, p_filesz), UINT64_MAX, "more bytes in the file" },
		{ offsetof(Elf64_Phdr, p_memsz), 1, "more bytes in the file" },
		{ offsetof(Elf64_Phdr, p_memsz), UINT64_MAX, "no address space" },
		{ offsetof(Elf64_Phdr, p_memsz), 1ull << 47, "no address space" },
		{ offsetof(Elf64_Phdr, p_memsz), 1ull << 46, "span" },
		{ offsetof(Elf64_Phdr, p_offset), 3 * IMAGE_PAGE, "truncated" },
		{ offsetof(Elf64_Phdr, p_offset), ~0xfffull, "truncated" },
		{ offsetof(Elf64_Phdr, p_offset), 2 * IMAGE_PAGE - 8, "cannot be mapped" },
		{ offsetof(Elf64_Phdr, p_vaddr), ~0xfffull, "no address space" },
		{ offsetof(Elf64_Phdr, p_vaddr), 0, "out of order" },
		{ offsetof(Elf64_Phdr, p_vaddr), IMAGE_PAGE, "shares memory" },
		{ offsetof(Elf64_Phdr, p_align), 0x1001, "aligned" },
		{ offsetof(Elf64_Phdr, p_align), UINT64_MAX, "aligned" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct image image;

		image__init(&image);
		memcpy((char *)image__phdr(&image, PT_LOAD, 2) + rows[i].field, &rows[i].value,
		       sizeof(rows[i].value));
		expect_bad(&image, rows[i].what);
	}
}

static void test_bad_interps(void **state)
{
	static const char *const names[] = { "", ".", "..", "a/../ld.so.1", "a//b", "a/" };
	struct image image;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		image__init(&image);
		image__add_interp(&image, names[i]);
		expect_bad(&image, "damaged ELF file (interpreter");
	}
	image__init(&image);
	image__add_interp(&image, "ld.so.1");
	image__phdr(&image, PT_INTERP, 0)->p_filesz--;
	expect_bad(&image, "the interpreter's name");
	image__init(&image);
	image__add_interp(&image, "ld.so.1");
	image__phdr(&image, PT_INTERP, 0)->p_filesz = 0;
	expect_bad(&image, "the interpreter's name");
	image__init(&image);
	image__add_interp(&image, "ld.so.1");
	image__phdr(&image, PT_INTERP, 0)->p_filesz = UINT64_MAX;
	expect_bad(&image, "truncated");
	image__init(&image);
	image__add_interp(&image, "ld.so.1");
	image__phdr(&image, PT_INTERP, 0)->p_filesz = 0x800;
	expect_bad(&image, "the interpreter's name");
}

/* A dynamic section that lies leads to fewer findings, never to more. */
static void test_bad_dynamic(void **state)
{
	static const char *const imports[] = { "zx_handle_close", NULL };
	static const int64_t tags[] = { DT_SYMTAB, DT_STRTAB, DT_STRSZ, DT_GNU_HASH };
	static const uint64_t values[] = { 0x7ffffffff000, UINT64_MAX, 0x4fff };

	(void)state;
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		for (size_t j = 0; j < sizeof(values) / sizeof(values[0]); j++) {
			struct elf_image elf;
			struct image image;
			Elf64_Dyn *dyn;

			image__init(&image);
			image__add_dynamic(&image, DT_GNU_HASH, NULL, NONE, imports);
			dyn = (Elf64_Dyn *)(image.bytes +
					    image__phdr(&image, PT_DYNAMIC, 0)->p_offset);
			while (dyn->d_tag != tags[i])
				dyn++;
			dyn->d_un.d_val = values[j];
			expect_good(&elf, &image);
			assert_true(elf.num_imports <= 1);
			elf_image__free(&elf);
		}
	}
}

static void test_entry(void **state)
{
	static const struct {
		uint64_t entry;
		const char *what; /* NULL: good */
	} rows[] = {
		{ IMAGE_ENTRY, NULL },
		{ 2 * IMAGE_PAGE - 1, NULL },
		{ 0, "shared library" },
		{ 0x100, "no code" },
		{ 2 * IMAGE_PAGE, "no code" },
		{ UINT64_MAX, "no code" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct elf_image elf;
		struct image image;
		struct error error;
		int err;

		image__init(&image);
		image__ehdr(&image)->e_entry = rows[i].entry;
		expect_good(&elf, &image);
		err = elf_image__check_entry(&elf, "prog", &error);
		assert_int_equal(err, rows[i].what ? -1 : 0);
		if (rows[i].what)
			assert_non_null(strstr(error.text, rows[i].what));
		elf_image__free(&elf);
	}
}

static void test_needed(void **state)
{
	struct image image;

	(void)state;
	image__init(&image);
	/* All up to the end of the last segment's part of the file, and no more. */
	assert_int_equal(elf__needed(image.bytes, IMAGE_SIZE, 1 << 30), IMAGE_SIZE);
	/* A header that is not there, or lies: everything. */
	assert_int_equal(elf__needed(image.bytes, 10, 1 << 30), 1 << 30);
	image__phdr(&image, PT_LOAD, 0)->p_filesz = UINT64_MAX;
	assert_int_equal(elf__needed(image.bytes, IMAGE_SIZE, 1 << 30), 1 << 30);
	image__ehdr(&image)->e_phoff = UINT64_MAX;
	assert_int_equal(elf__needed(image.bytes, IMAGE_SIZE, 1 << 30), 1 << 30);
	image__free(&image);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_static_program),
		cmocka_unit_test(test_all_that_is_read),
		cmocka_unit_test(test_layouts_that_fuchsia_takes),
		cmocka_unit_test(test_no_elf),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_other_kinds),
		cmocka_unit_test(test_linux_programs),
		cmocka_unit_test(test_bad_headers),
		cmocka_unit_test(test_section_headers_do_not_matter),
		cmocka_unit_test(test_bad_segments),
		cmocka_unit_test(test_bad_interps),
		cmocka_unit_test(test_bad_dynamic),
		cmocka_unit_test(test_entry),
		cmocka_unit_test(test_needed),
	};

	return cmocka_run_group_tests_name("elf", tests, NULL, NULL);
}
