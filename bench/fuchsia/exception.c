/* From an exception to its handler in another process and back. */
#include <zircon/syscalls/exception.h>
#include <zircon/syscalls/object.h>

#include "child.h"
#include "measure.h"
#include "rt.h"

static struct rt_child child;
static zx_handle_t channel;

static void die(const char *what)
{
	rt_print_error("bench: %s\n", what);
	zx_process_exit(1);
}

/* One from the child, which is on its way already, is handled, and the next one comes. */
static void handle(void)
{
	static const uint32_t handled = ZX_EXCEPTION_STATE_HANDLED;
	zx_exception_info_t info;
	zx_handle_t exception;

	if (zx_object_wait_one(channel, ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, NULL) ||
	    zx_channel_read(channel, 0, &info, &exception, sizeof(info), 1, NULL, NULL) ||
	    zx_object_set_property(exception, ZX_PROP_EXCEPTION_STATE, &handled,
				   sizeof(handled)) ||
	    zx_handle_close(exception))
		die("exception");
}

int main(void)
{
	if (rt_child__create(&child, rt_boot.job, "breaker") || rt_child__start(&child) ||
	    zx_task_create_exception_channel(child.process, 0, &channel) ||
	    rt_child__tell(&child, RT_CHILD_BREAK, 0))
		die("set-up");
	report_slow("exception", handle);
	zx_task_kill(child.process);
	return 0;
}
