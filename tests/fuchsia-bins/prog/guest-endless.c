/* Ends while guests run that never would: on this thread, and a halted one on another. */
#include "check.h"

#include <zircon/errors.h>

#include "guest/check_vm.h"

GUEST_CODE(spins, "1: jmp 1b\n");
GUEST_CODE(sleeps, "1: hlt\njmp 1b\n");

static void run(const char *start, const char *end)
{
	zx_port_packet_t packet;
	struct vm vm;

	if (check_vm__set_up(&vm, start, end))
		(void)zx_vcpu_enter(vm.vcpu, &packet);
}

static void run_halted(void *arg)
{
	(void)arg;
	run(GUEST(sleeps));
}

static void end(void *arg)
{
	(void)arg;
	zx_nanosleep(zx_deadline_after(ZX_MSEC(50)));
	zx_process_exit(17);
}

int main(int argc, char **argv)
{
	static struct rt_thread threads[2];

	(void)argc;
	(void)argv;
	check_vm__init();
	if (rt_thread__start(&threads[0], "halted", run_halted, NULL) == ZX_OK &&
	    rt_thread__start(&threads[1], "ends", end, NULL) == ZX_OK)
		run(GUEST(spins));
	return 1;
}
