/* Guests in programs that check with rt/check.h, of the newest interface. */
#ifndef GUEST_CHECK_VM_H
#define GUEST_CHECK_VM_H

#include "check.h"

#include <zircon/eras.h>
#include <zircon/processargs.h>

#include "guest/vm.h"

/* The code of a guest, as an argument. */
#define GUEST(name) name##_start, name##_end

#define CHECK_VM_KEY 7

static zx_handle_t check_vm_hypervisor;
static zx_handle_t check_vm_vmex;

static inline zx_handle_t check_vm__privilege(uint64_t base)
{
	zx_handle_t root = rt_boot__handle(PA_SYSTEM_RESOURCE, 0);
	zx_handle_t out = ZX_HANDLE_INVALID;

	CHECK_OK(zx_resource_create(root, ZX_RSRC_KIND_SYSTEM_2021, base, 1, "part", 4, &out));
	return out;
}

static inline void check_vm__init(void)
{
	check_vm_hypervisor = check_vm__privilege(ZX_RSRC_SYSTEM_HYPERVISOR_BASE);
	check_vm_vmex = check_vm__privilege(ZX_RSRC_SYSTEM_VMEX_BASE);
}

/* A guest with a processor of the calling thread. */
static inline bool check_vm__set_up(struct vm *vm, const char *start, const char *end)
{
	*vm = (struct vm){ 0 };
	return CHECK_OK(vm__load(vm, rt_boot.root_vmar, start, end)) &&
	       CHECK_OK(zx_guest_create(check_vm_hypervisor, 0, &vm->guest, &vm->vmar)) &&
	       CHECK_OK(vm__map(vm, check_vm_vmex)) &&
	       CHECK_OK(zx_guest_set_trap(vm->guest, ZX_GUEST_TRAP_MEM, VM_EXIT, 0x1000,
					  ZX_HANDLE_INVALID, CHECK_VM_KEY)) &&
	       CHECK_OK(zx_vcpu_create(vm->guest, 0, VM_ENTRY, &vm->vcpu));
}

static inline void check_vm__tear_down(struct vm *vm)
{
	vm__close(vm, rt_boot.root_vmar);
}

/* Runs until the guest stores to VM_EXIT. */
static inline void check_vm__run_to_exit(struct vm *vm)
{
	zx_port_packet_t packet;
	const zx_packet_guest_mem_newest_t *mem = (const void *)&packet.user;

	REQUIRE_OK(zx_vcpu_enter(vm->vcpu, &packet));
	CHECK_EQ(packet.type, ZX_PKT_TYPE_GUEST_MEM);
	CHECK_EQ(packet.key, CHECK_VM_KEY);
	CHECK_EQ(mem->addr, VM_EXIT);
	CHECK_EQ(mem->instruction_size, 12);
	CHECK_EQ(mem->default_operand_size, 4);
}

/* A register of the guest, by its place in zx_vcpu_state_t. */
static inline zx_vcpu_state_t check_vm__state(struct vm *vm)
{
	zx_vcpu_state_t state = { 0 };

	CHECK_OK(zx_vcpu_read_state(vm->vcpu, ZX_VCPU_STATE, &state, sizeof(state)));
	return state;
}

#endif
