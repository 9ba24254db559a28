/* Programs that are VMOs: reading them, whatever their holders do, and the note that some lack. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sys/resource.h>
#include <zircon/errors.h>
#include <zxabi/calls.h>

#include "compat/core/core.h"
#include "compat/core/vmo.h"
#include "compat/host/host.h"
#include "loader/quirk.h"
#include "loader/vmo_image.h"
#include "tests/loader/image.h"

static int start_core(void **state)
{
	(void)state;
	return host__map_arena() || core__init() != ZX_OK;
}

/* A VMO of @size bytes that begins with @image, which is given up. */
static struct vmo *vmo_of(struct image *image, uint64_t size)
{
	size_t count = size < IMAGE_SIZE ? (size_t)size : IMAGE_SIZE;
	struct vmo *vmo;

	assert_int_equal(vmo__create(size, false, &vmo), ZX_OK);
	assert_int_equal(vmo__write(vmo, image->bytes, 0, count), ZX_OK);
	image__free(image);
	return vmo;
}

static zx_status_t parse(struct vmo *vmo, struct elf_image *elf, struct error *error)
{
	zx_status_t status = vmo_image__parse(elf, vmo, "prog", error);

	object__put(&vmo->object);
	return status;
}

static void test_good(void **state)
{
	struct elf_image elf;
	struct image image;
	struct error error;

	(void)state;
	image__init(&image);
	image__add_interp(&image, "ld.so.1");
	assert_int_equal(parse(vmo_of(&image, IMAGE_SIZE), &elf, &error), ZX_OK);
	assert_int_equal(elf.entry, IMAGE_ENTRY);
	assert_string_equal(elf.interp, "ld.so.1");
	elf_image__free(&elf);
}

static void test_bad(void **state)
{
	struct elf_image elf;
	struct image image;
	struct error error;
	struct vmo *vmo;

	(void)state;
	image__init(&image);
	assert_int_equal(parse(vmo_of(&image, IMAGE_PAGE), &elf, &error), ZX_ERR_NOT_FOUND);
	assert_non_null(strstr(error.text, "prog: "));
	assert_int_equal(vmo__create(0, false, &vmo), ZX_OK);
	assert_int_equal(parse(vmo, &elf, &error), ZX_ERR_NOT_FOUND);
	assert_int_equal(vmo__create(IMAGE_PAGE, false, &vmo), ZX_OK);
	assert_int_equal(parse(vmo, &elf, &error), ZX_ERR_NOT_FOUND);
}

static long peak_kib(void)
{
	struct rusage usage;

	assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
	return usage.ru_maxrss;
}

/* What holds nothing costs nothing, and what claims too much is refused. */
static void test_sparse(void **state)
{
	const uint64_t large = 64ull << 20;
	struct elf_image elf;
	struct image image;
	struct error error;
	long before;

	(void)state;
	image__init(&image);
	image__phdr(&image, PT_LOAD, 2)->p_filesz = large - 2 * IMAGE_PAGE;
	image__phdr(&image, PT_LOAD, 2)->p_memsz = large;
	before = peak_kib();
	assert_int_equal(parse(vmo_of(&image, large), &elf, &error), ZX_OK);
	assert_true(peak_kib() - before < 16 << 10);
	elf_image__free(&elf);

	image__init(&image);
	image__phdr(&image, PT_LOAD, 2)->p_filesz = 2ull << 30;
	image__phdr(&image, PT_LOAD, 2)->p_memsz = 2ull << 30;
	assert_int_equal(parse(vmo_of(&image, 3ull << 30), &elf, &error), ZX_ERR_NOT_FOUND);
}

static void test_note(void **state)
{
	struct image image;
	struct vmo *vmo;

	(void)state;
	image__init(&image);
	image__add_stack(&image, 0);
	vmo = vmo_of(&image, IMAGE_SIZE);
	assert_false(quirk__lacks_note(vmo, ZXERA_2020_07));
	assert_true(quirk__lacks_note(vmo, ZXERA_2018_12));
	quirk__add_note(vmo, ZXERA_2018_12);
	assert_false(quirk__lacks_note(vmo, ZXERA_2018_12));
	object__put(&vmo->object);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_sparse),
		cmocka_unit_test(test_note),
	};

	return cmocka_run_group_tests_name("vmo_image", tests, start_core, NULL);
}
