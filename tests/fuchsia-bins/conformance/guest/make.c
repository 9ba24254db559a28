#include "guest.h"

#include <zircon/syscalls/resource.h>

zx_handle_t make_guest(zx_handle_t physmem, zx_handle_t *vmar)
{
	zx_handle_t guest;
	zx_status_t status;

	if (era() == ERA_2018_07)
		status = guest_create_2018(root_resource(), 0, physmem, &guest);
	else
		status = zx_guest_create(root_resource(), 0, &guest, vmar);
	if (status == ZX_ERR_NOT_SUPPORTED)
		skip("the machine cannot run guests");
	EXPECT_OK(status);
	if (era() != ERA_2018_07)
		own(*vmar);
	return own(guest);
}

zx_handle_t any_guest(void)
{
	zx_handle_t vmar;

	return make_guest(make_vmo(RT_PAGE_SIZE), &vmar);
}

static zx_handle_t make_vcpu(zx_handle_t guest)
{
	zx_handle_t vcpu;

	EXPECT_OK(zx_vcpu_create(guest, 0, VM_ENTRY, &vcpu));
	return own(vcpu);
}

zx_handle_t any_vcpu(void)
{
	return make_vcpu(any_guest());
}

/* Before 2020 new memory could be executed, and is still so where a resource is shown. */
static zx_handle_t executable(zx_handle_t vmo)
{
	zx_handle_t out = duplicate(vmo);

	if (era() < ERA_2020_07)
		return out;
	EXPECT_OK(zx_vmo_replace_as_executable(out, root_resource(), &out));
	return own(out);
}

void make_vm(struct vm *vm, const char *start, const char *end)
{
	zx_vaddr_t addr;

	*vm = (struct vm){ .vmo = make_vmo(VM_SIZE) };
	EXPECT_OK(map_vmo(vm->vmo, ZX_VM_PERM_READ | ZX_VM_PERM_WRITE, VM_SIZE, &vm->memory));
	own_mapping(vm->memory, VM_SIZE);
	vm__fill(vm, start, end);
	vm->guest = make_guest(vm->vmo, &vm->vmar);
	if (era() != ERA_2018_07) {
		EXPECT_OK(zx_vmar_map(vm->vmar, VM_MAP, 0, executable(vm->vmo), 0, VM_SIZE, &addr));
		EXPECT_EQ(addr, 0);
	}
	EXPECT_OK(zx_guest_set_trap(vm->guest, ZX_GUEST_TRAP_MEM, VM_EXIT, RT_PAGE_SIZE,
				    ZX_HANDLE_INVALID, EXIT_KEY));
	EXPECT_OK(zx_guest_set_trap(vm->guest, ZX_GUEST_TRAP_IO, VM_PORT, 1, ZX_HANDLE_INVALID,
				    PORT_KEY));
	vm->vcpu = make_vcpu(vm->guest);
}

zx_status_t run(zx_handle_t vcpu, zx_port_packet_t *packet)
{
	return era() == ERA_NEWEST ? zx_vcpu_enter(vcpu, packet) : zx_vcpu_resume(vcpu, packet);
}

void run_to_exit(struct vm *vm)
{
	zx_port_packet_t packet;

	EXPECT_OK(run(vm->vcpu, &packet));
	EXPECT_EQ(packet.type, ZX_PKT_TYPE_GUEST_MEM);
	EXPECT_EQ(packet.key, EXIT_KEY);
	EXPECT_EQ(packet.guest_mem.addr, VM_EXIT);
}

zx_vcpu_state_t state_of(zx_handle_t vcpu)
{
	zx_vcpu_state_t state;

	EXPECT_OK(zx_vcpu_read_state(vcpu, ZX_VCPU_STATE, &state, sizeof(state)));
	return state;
}
