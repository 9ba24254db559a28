/*
 * A small virtual machine monitor: monitor IMAGE [CODE]. Loads a flat image from /pkg, serves the
 * devices of devices.h, and ends with what the guest ends with.
 */
#include "monitor.h"

#include <zircon/errors.h>

#include "string.h"

#define PTE_TABLE 7ull /* present, writable, for all */
#define PTE_LARGE 0x87ull
#define PDPT 0x1000
#define DIRECTORY 0x2000
#define MIB_2 (2ull << 20)

static struct monitor monitor;

_Noreturn void die(const char *what, zx_status_t status)
{
	rt_print_error("monitor: %s: %d\n", what, status);
	zx_process_exit(125);
}

void check(const char *what, zx_status_t status)
{
	if (status != ZX_OK)
		die(what, status);
}

/* The first GiB of addresses, each at its own place. */
static void make_page_table(void)
{
	uint64_t *table = (uint64_t *)monitor.memory;

	table[0] = PDPT | PTE_TABLE;
	table[PDPT / 8] = DIRECTORY | PTE_TABLE;
	for (uint64_t i = 0; i < 512; i++)
		table[DIRECTORY / 8 + i] = i * MIB_2 | PTE_LARGE;
}

static void make_memory(const char *image)
{
	zx_handle_t vmo;

	check("memory", zx_vmo_create(VMM_MEMORY_SIZE, 0, &vmo));
	check("memory", zx_vmar_map(rt_boot.root_vmar, ZX_VM_PERM_READ | ZX_VM_PERM_WRITE, 0, vmo, 0,
				    VMM_MEMORY_SIZE, &monitor.memory));
	make_page_table();
	load_image(&monitor, image);
	check("executable memory", zx_vmo_replace_as_executable(vmo, ZX_HANDLE_INVALID, &vmo));
	monitor.vmo = vmo;
}

static void make_guest(void)
{
	zx_vaddr_t addr;
	zx_handle_t vmar;

	check("guest", zx_guest_create(get_hypervisor(), 0, &monitor.guest, &vmar));
	check("guest's memory", zx_vmar_map(vmar, ZX_VM_PERM_READ | ZX_VM_PERM_WRITE |
						  ZX_VM_PERM_EXECUTE | ZX_VM_SPECIFIC,
					    0, monitor.vmo, 0, VMM_MEMORY_SIZE, &addr));
	check("port", zx_port_create(0, &monitor.port));
	check("ports", zx_guest_set_trap(monitor.guest, ZX_GUEST_TRAP_IO, VMM_PORT_CONSOLE, 3,
					 ZX_HANDLE_INVALID, KEY_PORTS));
	check("timer", zx_guest_set_trap(monitor.guest, ZX_GUEST_TRAP_MEM, VMM_TIMER, RT_PAGE_SIZE,
					 ZX_HANDLE_INVALID, KEY_TIMER));
	check("bell", zx_guest_set_trap(monitor.guest, ZX_GUEST_TRAP_BELL, VMM_BELL, RT_PAGE_SIZE,
					monitor.port, KEY_BELL));
	check("processor", zx_vcpu_create(monitor.guest, 0, VMM_LOAD_ADDR, &monitor.vcpu));
}

static void run(void)
{
	zx_port_packet_t packet;

	while (!monitor.ended) {
		check("run", zx_vcpu_enter(monitor.vcpu, &packet));
		if (packet.type == ZX_PKT_TYPE_GUEST_IO)
			serve_port(&monitor, &packet.guest_io);
		else if (packet.type == ZX_PKT_TYPE_GUEST_MEM)
			serve_timer(&monitor, (const void *)&packet.user);
		else
			die("an unknown packet", (zx_status_t)packet.type);
	}
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		rt_print_error("usage: monitor IMAGE [CODE]\n");
		return 2;
	}
	for (const char *digit = argc > 2 ? argv[2] : ""; *digit; digit++)
		monitor.code = (uint8_t)(10 * monitor.code + (*digit - '0'));
	make_memory(argv[1]);
	make_guest();
	start_devices(&monitor);
	run();
	stop_devices(&monitor);
	rt_print("monitor: the bell rang %u times\n", monitor.rung);
	return monitor.exit_code;
}
