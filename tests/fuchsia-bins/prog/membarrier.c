/* Barriers that one thread runs for all of its process. */
#include "check.h"

#include <zircon/rights.h>
#include <zircon/vm_types.h>

#define ROUNDS 300

static struct rt_thread helper;
static volatile uint32_t mine, theirs; /* what each side has published, by round */
static volatile uint32_t seen_by_helper[ROUNDS + 1];
static volatile uint32_t round_now, round_done;

/* The side that runs often: plain accesses, in the order of the program alone. */
static void often(void *arg)
{
	(void)arg;
	for (uint32_t round = 1; round <= ROUNDS; round++) {
		while (round_now != round)
			;
		theirs = round;
		seen_by_helper[round] = mine;
		round_done = round;
	}
}

/* Of two who publish and then look, one at least must see the other. */
static void one_sees_the_other(void)
{
	uint32_t missed = 0;

	REQUIRE_OK(rt_thread__start(&helper, "often", often, NULL));
	for (uint32_t round = 1; round <= ROUNDS; round++) {
		uint32_t seen;

		round_now = round;
		mine = round;
		zx_membarrier_sync_process_data();
		seen = theirs;
		while (round_done != round)
			;
		missed += seen != round && seen_by_helper[round] != round;
	}
	rt_thread__join(&helper);
	CHECK_EQ(missed, 0);
}

/* New code in the place of old: the barrier makes this thread fetch it again. */
static void new_code(void)
{
	static const uint8_t one[] = { 0xb8, 1, 0, 0, 0, 0xc3 }; /* mov $1, %eax; ret */
	zx_handle_t vmo, code;
	uint8_t two = 2;
	zx_vaddr_t at;

	REQUIRE_OK(zx_vmo_create(RT_PAGE_SIZE, 0, &vmo));
	CHECK_OK(zx_vmo_write(vmo, one, 0, sizeof(one)));
	REQUIRE_OK(zx_handle_duplicate(vmo, ZX_RIGHT_SAME_RIGHTS, &code));
	REQUIRE_OK(zx_vmo_replace_as_executable(code, ZX_HANDLE_INVALID, &code));
	REQUIRE_OK(zx_vmar_map(rt_boot.root_vmar, ZX_VM_PERM_READ | ZX_VM_PERM_EXECUTE, 0, code, 0,
			       RT_PAGE_SIZE, &at));
	CHECK_EQ(((int (*)(void))at)(), 1);
	CHECK_OK(zx_vmo_write(vmo, &two, 1, 1));
	zx_membarrier_sync_process_insn();
	CHECK_EQ(((int (*)(void))at)(), 2);
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, at, RT_PAGE_SIZE));
	zx_handle_close(code);
	zx_handle_close(vmo);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(one_sees_the_other);
	RUN(new_code);
	return rt_check_result();
}
