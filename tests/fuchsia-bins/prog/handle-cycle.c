/*
 * What nobody can reach any more and still is held: channels in each other's messages, and with
 * them a process that has ended. zxrun ends all the same, and a build that looks for leaks finds
 * none (SANITIZE=1).
 */
#include "check.h"
#include "child.h"

static void dead_process(void)
{
	zx_handle_t a[2], b[2], into_a[2];
	struct rt_child child;
	int64_t code = 0;

	REQUIRE_OK(rt_child__create(&child, rt_boot.job, "gone"));
	REQUIRE_OK(rt_child__start(&child));
	REQUIRE_OK(rt_child__tell(&child, RT_CHILD_EXIT, 3));
	REQUIRE_OK(rt_child__wait(&child, &code));
	CHECK_EQ(code, 3);
	REQUIRE_OK(zx_channel_create(0, &a[0], &a[1]));
	REQUIRE_OK(zx_channel_create(0, &b[0], &b[1]));
	into_a[0] = b[1];
	REQUIRE_OK(zx_handle_duplicate(child.process, ZX_RIGHT_SAME_RIGHTS, &into_a[1]));
	CHECK_OK(zx_channel_write(a[0], 0, NULL, 0, into_a, 2));
	CHECK_OK(zx_channel_write(b[0], 0, NULL, 0, &a[1], 1));
	CHECK_OK(zx_handle_close(a[0]));
	CHECK_OK(zx_handle_close(b[0]));
	rt_child__close(&child);
}

int main(void)
{
	RUN(dead_process);
	return rt_check_result();
}
