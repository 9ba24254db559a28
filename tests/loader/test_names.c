/* Names of functions in crash reports. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "compat/crash/names.h"

static void is_read(const char *name, const char *expected)
{
	char *text = names__readable(name);

	if (!text)
		fail_msg("%s: expected %s, got nothing", name, expected);
	assert_string_equal(text, expected);
	free(text);
}

static void stays(const char *name)
{
	char *text = names__readable(name);

	if (text)
		fail_msg("%s: expected nothing, got %s", name, text);
}

static void names_of_c(void **state)
{
	(void)state;
	stays("main");
	stays("_zx_object_wait_one");
	stays("");
	stays("_");
	stays("_Runtime");
}

static void names_of_cxx(void **state)
{
	(void)state;
	is_read("_ZN4shop4Till4openEiPKc", "shop::Till::open(int, char const*)");
	is_read("_ZN4shop4Till4openEiPKc.llvm.1234567890", "shop::Till::open(int, char const*)");
	stays("_Z");
	stays("_ZN4shop");
}

static void names_of_older_rust(void **state)
{
	(void)state;
	is_read("_ZN12panic_unwind8real_imp17hc2597a7f83d93545E", "panic_unwind::real_imp");
	is_read("_ZN57_$LT$$RF$$u5b$u8$u5d$$u20$as$u20$core..Debug$LT$T$GT$$GT$3fmt"
		"17h0123456789abcdefE", "<&[u8] as core::Debug<T>>::fmt");
	is_read("_ZN3foo28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE", "foo::{{closure}}");
	/* Neither an escape nor a hash. */
	is_read("_ZN5$XX$a3$LTE", "$XX$a::$LT");
	is_read("_ZN1a17h0123456789abcdegE", "a::h0123456789abcdeg");
}

static void names_of_rust(void **state)
{
	(void)state;
	is_read("_RNvCs4YYKAqpqZtm_2v04main", "v0::main");
	is_read("_RNvCs4YYKAqpqZtm_2v04main.llvm.123", "v0::main");
	is_read("_RINvCs4YYKAqpqZtm_2v01fReEB2_", "v0::f::<&str>");
	is_read("_RINvCs4YYKAqpqZtm_2v01fFEuEB2_", "v0::f::<fn()>");
	is_read("_RINvCs4YYKAqpqZtm_2v01fFKCxEbEB2_", "v0::f::<extern \"C\" fn(i64) -> bool>");
	is_read("_RINvCs4YYKAqpqZtm_2v01fOnEB2_", "v0::f::<*mut i128>");
	is_read("_RINvCs4YYKAqpqZtm_2v01fINtNtCs6IL9ONYDOZW_4core6option6OptionRAtj2_EEB2_",
		"v0::f::<core::option::Option<&[u16; 2]>>");
	is_read("_RINvCs4YYKAqpqZtm_2v01fINtNtCsihNoVIYWwLU_5alloc3vec3VecTbuEEEB2_",
		"v0::f::<alloc::vec::Vec<(bool, ())>>");
	is_read("_RNCNvCs4YYKAqpqZtm_2v04mains_0B3_", "v0::main::{closure#1}");
	is_read("_RNSNvYNCNvCs4YYKAqpqZtm_2v04main0INtNtNtCs6IL9ONYDOZW_4core3ops8function6FnOnce"
		"ThEE9call_once6vtableB8_",
		"<v0::main::{closure#0} as core::ops::function::FnOnce<(u8,)>>::call_once::"
		"{shim:vtable#0}");
	is_read("_RINvCs_1a1fDINtNtC1b2Fn1xThEEp6OutputTaEEL_E",
		"a::f::<dyn b::Fn::x<(u8,), Output = (i8,)>>");
	is_read("_RNvNtCs4YYKAqpqZtm_2v0u9gre_6ka8iu6fr_xka",
		"v0::größe::für");
}

/* Whatever it is, it ends soon, and within its bounds. */
static void names_of_nothing(void **state)
{
	static const char name[] =
		"_RINvMNtCsdyIG5SqMl5y_3std6threadNtB3_7Builder5spawnNCNvCs4YYKAqpqZtm_2v04mains_0"
		"NtNtCsihNoVIYWwLU_5alloc6string6StringEBR_";
	char text[20000];

	(void)state;
	for (size_t size = 0; size < sizeof(name); size++) {
		for (int c = 1; c < 128; c++) {
			memcpy(text, name, size);
			text[size] = (char)c;
			strcpy(text + size + 1, size + 1 < sizeof(name) ? name + size + 1 : "");
			free(names__readable(text));
		}
	}
	stays("_RB_");
	stays("_RNvB_1a");
	stays("_RNvC1a99999999999999999999a");
	free(names__readable("_RNvC1aszzzzzzzzzzzzzzzzzzzzzzzz_1a"));
	/* Deep, long, and doubled again and again. */
	strcpy(text, "_R");
	for (int i = 0; i < 900; i++)
		strcat(text, "Nv");
	stays(text);
	strcpy(text, "_RINvC1a1fT");
	for (int i = 0; i < 400; i++)
		strcat(text, "TuB8_B8_E");
	free(names__readable(text));
	strcpy(text, "_RINvC1a1fTT");
	for (int i = 0; i < 500; i++)
		strcat(text, "u");
	for (int i = 0; i < 100; i++)
		strcat(text, "EB7_");
	free(names__readable(text));
}

static void names_that_are_long(void **state)
{
	char name[4000] = "_RINvC1a1f";
	char *text;

	(void)state;
	for (int i = 0; i < 300; i++)
		strcat(name, "Re");
	strcat(name, "E");
	text = names__readable(name);
	assert_non_null(text);
	assert_in_range(strlen(text), 1000, 1024);
	assert_string_equal(text + strlen(text) - 3, "...");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_c),
		cmocka_unit_test(names_of_cxx),
		cmocka_unit_test(names_of_older_rust),
		cmocka_unit_test(names_of_rust),
		cmocka_unit_test(names_of_nothing),
		cmocka_unit_test(names_that_are_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
