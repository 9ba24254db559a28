/* The era of a program, by what it and its interpreter import. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <zxabi/calls.h>

#include "loader/era.h"

#define NAMES(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define NO_NAMES ((const char *const[]){ NULL })

static struct elf_image image_of(const char *const *imports, const char *soname)
{
	struct elf_image image = { .imports = (char **)imports, .soname = (char *)soname };

	while (imports[image.num_imports])
		image.num_imports++;
	return image;
}

static uint32_t detect(const char *const *program_imports, const char *const *libc_imports)
{
	struct elf_image program = image_of(program_imports, NULL);
	struct elf_image libc;

	if (!libc_imports)
		return loader_era__detect(&program, NULL);
	libc = image_of(libc_imports, "libc.so");
	return loader_era__detect(&program, &libc);
}

static void test_static(void **state)
{
	(void)state;
	assert_int_equal(detect(NO_NAMES, NULL), ZXERA_NEWEST);
	assert_int_equal(detect(NAMES("channel_write", "no_such_call"), NULL), ZXERA_NEWEST);
	assert_int_equal(detect(NAMES("vmo_clone"), NULL), ZXERA_2019_01);
	assert_int_equal(detect(NAMES("vmo_clone", "futex_wait_deprecated"), NULL), ZXERA_2019_01);
	assert_int_equal(detect(NAMES("vmo_create_child", "clock_get"), NULL), ZXERA_2021_01);
	assert_int_equal(detect(NAMES("vmo_create_child"), NULL), ZXERA_NEWEST);
	assert_int_equal(detect(NAMES("system_get_page_size"), NULL), ZXERA_NEWEST);
	/* Names that never met: whatever it is, it is no program of one date. */
	assert_int_equal(detect(NAMES("vmo_clone", "vmo_create_child"), NULL), ZXERA_NEWEST);
}

static void test_c_library(void **state)
{
	(void)state;
	/* What the C libraries of 2018-12, and of 2020, are known by. */
	assert_int_equal(detect(NO_NAMES, NAMES("clock_get_new", "vmo_clone")), ZXERA_2019_01);
	assert_int_equal(detect(NO_NAMES, NAMES("clock_get", "clock_read", "vmo_create_child")),
			 ZXERA_2020_07);
	assert_int_equal(detect(NO_NAMES, NAMES("clock_read", "vmo_create_child")), ZXERA_2020_07);
	assert_int_equal(detect(NO_NAMES, NAMES("clock_read", "system_get_page_size")),
			 ZXERA_NEWEST);
	/* The program's own imports narrow it further, unless they contradict. */
	assert_int_equal(detect(NAMES("channel_call_etc"), NAMES("clock_get", "clock_read")),
			 ZXERA_2021_01);
	assert_int_equal(detect(NAMES("vmo_create_child"), NAMES("vmo_clone")), ZXERA_2019_01);
}

static void test_other_interpreter(void **state)
{
	struct elf_image program = image_of(NO_NAMES, NULL);
	struct elf_image interp = image_of(NAMES("vmo_create_child"), "ld.so.1");

	(void)state;
	assert_int_equal(loader_era__detect(&program, &interp), ZXERA_NEWEST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_static),
		cmocka_unit_test(test_c_library),
		cmocka_unit_test(test_other_interpreter),
	};

	return cmocka_run_group_tests_name("era", tests, NULL, NULL);
}
