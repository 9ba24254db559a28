/* Random bytes: zx_cprng_draw(). */
#include "check.h"
#include "string.h"

#include <zircon/errors.h>

#define SIZE 1024

static uint8_t first[SIZE + 1];
static uint8_t second[SIZE + 1];

static void draws_differ(void)
{
	zx_cprng_draw(first, SIZE);
	zx_cprng_draw(second, SIZE);
	CHECK(memcmp(first, second, SIZE) != 0);
	/* Also within one draw, which is made of several pieces. */
	CHECK(memcmp(first, first + SIZE / 2, SIZE / 2) != 0);
}

/* Small draws are many: none may come twice, be empty, or be shared by two threads. */
#define DRAWS 200
#define DRAW_SIZE 16

static uint8_t draws[2][DRAWS][DRAW_SIZE];

static void draw_some(void *arg)
{
	uint8_t (*to)[DRAW_SIZE] = arg;
	uint32_t i;

	for (i = 0; i < DRAWS; i++)
		zx_cprng_draw(to[i], DRAW_SIZE);
}

static void small_draws_differ(void)
{
	static struct rt_thread thread;
	static const uint8_t empty[DRAW_SIZE];
	uint8_t (*all)[DRAW_SIZE] = draws[0];
	uint32_t same = 0;
	uint32_t i, j;

	REQUIRE_OK(rt_thread__start(&thread, "drawer", draw_some, draws[1]));
	draw_some(draws[0]);
	rt_thread__join(&thread);
	for (i = 0; i < 2 * DRAWS; i++) {
		same += memcmp(all[i], empty, DRAW_SIZE) == 0;
		for (j = 0; j < i; j++)
			same += memcmp(all[i], all[j], DRAW_SIZE) == 0;
	}
	CHECK_EQ(same, 0);
}

static void adding(void)
{
	CHECK_OK(zx_cprng_add_entropy(first, ZX_CPRNG_ADD_ENTROPY_MAX_LEN));
	CHECK_STATUS(zx_cprng_add_entropy(first, ZX_CPRNG_ADD_ENTROPY_MAX_LEN + 1),
		     ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_cprng_add_entropy((void *)16, 8), ZX_ERR_INVALID_ARGS);
}

/* In 8192 fair bits, fewer than 3500 or more than 4700 ones don't happen. */
static void bits_are_fair(void)
{
	unsigned int ones = 0;
	size_t i;

	zx_cprng_draw(first, SIZE);
	for (i = 0; i < SIZE; i++)
		ones += (unsigned int)__builtin_popcount(first[i]);
	CHECK(ones > 3500 && ones < 4700);
}

static void size_is_kept(void)
{
	static const size_t sizes[] = { 0, 1, 7, 255, 256, 257, 1000 };
	size_t i;

	for (i = 0; i < RT_ARRAY_SIZE(sizes); i++) {
		memset(first, 0xa5, sizeof(first));
		zx_cprng_draw(first, sizes[i]);
		CHECK_EQ(first[sizes[i]], 0xa5);
	}
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(draws_differ);
	RUN(small_draws_differ);
	RUN(bits_are_fair);
	RUN(adding);
	RUN(size_is_kept);
	return rt_check_result();
}
