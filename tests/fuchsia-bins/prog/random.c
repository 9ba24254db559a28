/* Random bytes: zx_cprng_draw(). */
#include "check.h"
#include "exception.h"
#include "string.h"

#include <zircon/errors.h>
#include <zircon/syscalls/debug.h>

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

#define PAGE ((size_t)RT_PAGE_SIZE)
#define READ_WRITE (ZX_VM_PERM_READ | ZX_VM_PERM_WRITE)

static struct rt_thread thread;
static size_t draw_size;

static void draw(void *to)
{
	zx_cprng_draw(to, draw_size);
}

static void expect_trap(zx_handle_t channel, zx_vaddr_t to, size_t size)
{
	zx_thread_state_general_regs_t regs = { 0 };
	zx_handle_t exception;

	draw_size = size;
	REQUIRE_OK(rt_thread__start(&thread, "drawer", draw, (void *)to));
	exception = rt_exception__next(channel, ZX_EXCP_UNDEFINED_INSTRUCTION, thread.handle);
	CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &regs,
				      sizeof(regs)));
	CHECK(regs.rip >= (uint64_t)rt_boot.vdso && regs.rip < (uint64_t)rt_boot.vdso + 64 * PAGE);
	rt_exception__close(exception, ZX_EXCEPTION_STATE_THREAD_EXIT);
	CHECK_OK(rt_thread__join(&thread));
}

/* The vDSO ends a program that draws to where it cannot, however much of it could be done. */
static void bad_buffers(void)
{
	static const size_t sizes[] = { 16, 64, 65, 300 };
	zx_handle_t channel = rt_exception__channel(rt_boot.process, 0);
	zx_vaddr_t writable, read_only;
	zx_handle_t vmo;

	REQUIRE_OK(zx_vmo_create(2 * PAGE, 0, &vmo));
	REQUIRE_OK(zx_vmar_map(rt_boot.root_vmar, READ_WRITE, 0, vmo, 0, 2 * PAGE, &writable));
	read_only = writable + PAGE;
	REQUIRE_OK(zx_vmar_protect(rt_boot.root_vmar, ZX_VM_PERM_READ, read_only, PAGE));
	for (size_t i = 0; i < RT_ARRAY_SIZE(sizes); i++) {
		expect_trap(channel, 16, sizes[i]);
		expect_trap(channel, read_only, sizes[i]);
		expect_trap(channel, read_only - 8, sizes[i]);
		expect_trap(channel, 0xffffffff81000000, sizes[i]);
	}
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, writable, 2 * PAGE));
	zx_handle_close(vmo);
	zx_handle_close(channel);
}

/* Pages that the program shares yet are made its own. */
static void shared_pages(void)
{
	static const size_t sizes[] = { 16, 64, 65, 300, 4096 };

	for (size_t i = 0; i < RT_ARRAY_SIZE(sizes); i++) {
		zx_vaddr_t addr;
		zx_handle_t vmo, child;
		uint64_t before = 0;
		uint64_t words[2];

		REQUIRE_OK(zx_vmo_create(2 * PAGE, 0, &vmo));
		CHECK_OK(zx_vmo_write(vmo, &before, PAGE - 8, 8));
		CHECK_OK(zx_vmo_write(vmo, &before, PAGE, 8));
		REQUIRE_OK(zx_vmo_create_child(vmo, ZX_VMO_CHILD_SNAPSHOT, 0, 2 * PAGE, &child));
		REQUIRE_OK(zx_vmar_map(rt_boot.root_vmar, READ_WRITE, 0, child, 0, 2 * PAGE,
				       &addr));
		zx_cprng_draw((void *)(addr + PAGE - 8), sizes[i]);
		memcpy(words, (const void *)(addr + PAGE - 8), sizeof(words));
		CHECK(words[0]);
		CHECK(words[1]);
		CHECK_OK(zx_vmo_read(vmo, &before, PAGE - 8, 8));
		CHECK_EQ(before, 0);
		CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, addr, 2 * PAGE));
		zx_handle_close(child);
		zx_handle_close(vmo);
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
	RUN(bad_buffers);
	RUN(shared_pages);
	return rt_check_result();
}
