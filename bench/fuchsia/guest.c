/* What guests cost with zx_vcpu_enter(): as bench/kvm.c. Run with --root-resource. */
#include <zircon/eras.h>
#include <zircon/processargs.h>
#include <zircon/syscalls/hypervisor.h>
#include <zircon/syscalls/port.h>
#include <zircon/syscalls/resource.h>

#include "../guest_code.h"
#include "rt.h"

#define ROUNDS 141
#define CALLS 100

static zx_handle_t hypervisor;
static zx_handle_t guest;
static zx_handle_t vcpu;

static void check(const char *what, zx_status_t status)
{
	if (status == ZX_OK)
		return;
	rt_print_error("bench: %s: %d\n", what, status);
	zx_process_exit(1);
}

static void make_guest(const uint8_t *code, size_t size)
{
	zx_vaddr_t memory;
	zx_vaddr_t addr;
	zx_handle_t vmar;
	zx_handle_t vmo;

	zx_handle_close(vcpu);
	check("vmo", zx_vmo_create(GUEST_DEVICE, 0, &vmo));
	check("map", zx_vmar_map(rt_boot.root_vmar, ZX_VM_PERM_READ | ZX_VM_PERM_WRITE, 0, vmo, 0,
				 GUEST_DEVICE, &memory));
	guest_code__fill((char *)memory, code, size);
	check("guest", zx_guest_create(hypervisor, 0, &guest, &vmar));
	check("map", zx_vmar_map(vmar, ZX_VM_PERM_READ | ZX_VM_PERM_WRITE | ZX_VM_SPECIFIC, 0, vmo,
				 0, GUEST_DEVICE, &addr));
	check("trap", zx_guest_set_trap(guest, ZX_GUEST_TRAP_MEM, GUEST_DEVICE, RT_PAGE_SIZE,
					ZX_HANDLE_INVALID, 1));
	check("trap", zx_guest_set_trap(guest, ZX_GUEST_TRAP_IO, GUEST_PORT, 1, ZX_HANDLE_INVALID,
					2));
	check("vcpu", zx_vcpu_create(guest, 0, GUEST_ENTRY, &vcpu));
}

static void enter(void)
{
	zx_port_packet_t packet;

	check("enter", zx_vcpu_enter(vcpu, &packet));
}

/* It does not take the interrupt, but no longer halts for it. */
static void halt_and_output(void)
{
	check("interrupt", zx_vcpu_interrupt(vcpu, GUEST_VECTOR));
	enter();
}

static uint64_t measure_best(void (*call)(void))
{
	uint64_t best = UINT64_MAX;

	for (int round = 0; round < ROUNDS; round++) {
		zx_time_t begin = zx_clock_get_monotonic();

		for (int i = 0; i < CALLS; i++)
			call();
		begin = zx_clock_get_monotonic() - begin;
		if ((uint64_t)begin < best)
			best = (uint64_t)begin;
	}
	return best / CALLS;
}

static uint64_t measure_interrupt(void)
{
	uint64_t best = UINT64_MAX;

	enter();
	for (int round = 0; round < ROUNDS; round++) {
		uint64_t total = 0;

		for (int i = 0; i < CALLS; i++) {
			zx_time_t begin = zx_clock_get_monotonic();

			check("interrupt", zx_vcpu_interrupt(vcpu, GUEST_VECTOR));
			enter();
			total += (uint64_t)(zx_clock_get_monotonic() - begin);
			enter();
		}
		if (total < best)
			best = total;
	}
	return best / CALLS;
}

int main(void)
{
	check("resource", zx_resource_create(rt_boot__handle(PA_SYSTEM_RESOURCE, 0),
					     ZX_RSRC_KIND_SYSTEM_2021,
					     ZX_RSRC_SYSTEM_HYPERVISOR_BASE, 1, "bench", 5,
					     &hypervisor));
	make_guest(guest_outputs, sizeof(guest_outputs));
	rt_print("guest_out %lu\n", measure_best(enter));
	make_guest(guest_stores, sizeof(guest_stores));
	rt_print("guest_mmio %lu\n", measure_best(enter));
	make_guest(guest_halts, sizeof(guest_halts));
	rt_print("guest_hlt_out %lu\n", measure_best(halt_and_output));
	make_guest(guest_handles, sizeof(guest_handles));
	rt_print("guest_interrupt %lu\n", measure_interrupt());
	return 0;
}
