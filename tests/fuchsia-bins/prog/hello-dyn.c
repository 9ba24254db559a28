/* A program that its interpreter loads, with two libraries; checks how they were bound. */
#include "check.h"
#include "testlibs.h"

/* Takes the place of the library's function of the same name. */
const char *greet_origin(void)
{
	return "program";
}

static void symbols(void)
{
	CHECK_STR(greet_word(0), "Hello");
	CHECK_STR(greet_word(2), "Hei");
	CHECK_STR(greet_origin_seen(), "program");
	CHECK(greet_time() > 0);
}

static void shared_data(void)
{
	CHECK(greet_counter == &count_value);
	CHECK(greet_function == count_next);
	CHECK_EQ(count_next(), 41);
	CHECK_EQ(greet_function(), 42);
	CHECK_EQ(*greet_counter, 42);
	CHECK_EQ(count_value, 42);
}

static void constructors(void)
{
	CHECK_EQ(count_constructed, 1);
}

/* A handle given to the interpreter and kept by it would show up here. */
static void handles(void)
{
	CHECK(rt_koid(rt_boot.process) != ZX_KOID_INVALID);
	CHECK(rt_koid(rt_boot.root_vmar) != ZX_KOID_INVALID);
	CHECK_EQ(rt_boot__handle(PA_VMO_EXECUTABLE, 0), ZX_HANDLE_INVALID);
}

int main(int argc, char **argv)
{
	int i;

	rt_print("%s from a program with an interpreter.\n", greet_word(0));
	for (i = 0; i < argc; i++)
		rt_print("  argument %d: %s\n", i, argv[i]);
	RUN(symbols);
	RUN(shared_data);
	RUN(constructors);
	RUN(handles);
	return rt_check_result();
}
