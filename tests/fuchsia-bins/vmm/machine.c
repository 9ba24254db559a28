#include "machine.h"

#include <zircon/eras.h>
#include <zircon/errors.h>
#include <zircon/syscalls.h>
#include <zircon/syscalls/hypervisor.h>
#include <zircon/syscalls/port.h>

#include "access.h"
#include "paging.h"
#include "resource.h"
#include "rt.h"

#define ALL_ACCESS (ZX_VM_PERM_READ | ZX_VM_PERM_WRITE | ZX_VM_PERM_EXECUTE)

/* Memory is one VMO, mapped twice: into the guest, and into the monitor. */
static zx_status_t add_memory(struct machine *machine)
{
	zx_handle_t executable;
	zx_vaddr_t addr = 0;
	zx_status_t status = zx_vmo_create(machine->size, 0, &machine->vmo);

	if (status == ZX_OK)
		status = zx_vmar_map(rt_boot.root_vmar, ZX_VM_PERM_READ | ZX_VM_PERM_WRITE, 0,
				     machine->vmo, 0, machine->size, &addr);
	machine->memory = (char *)addr;
	/* Guests may run only what their monitor may make executable. */
	if (status == ZX_OK)
		status = zx_handle_duplicate(machine->vmo, ZX_RIGHT_SAME_RIGHTS, &executable);
	if (status == ZX_OK)
		status = zx_vmo_replace_as_executable(executable, ZX_HANDLE_INVALID, &executable);
	if (status != ZX_OK)
		return status;
	status = zx_vmar_map(machine->vmar, ALL_ACCESS | ZX_VM_SPECIFIC, 0, executable, 0,
			     machine->size, &addr);
	zx_handle_close(executable);
	return status;
}

zx_status_t machine__create(struct machine *machine, uint64_t size)
{
	zx_handle_t resource;
	zx_status_t status = resource__get_hypervisor(&resource);

	if (status != ZX_OK)
		return status;
	machine->size = size;
	status = zx_guest_create(resource, 0, &machine->guest, &machine->vmar);
	zx_handle_close(resource);
	if (status == ZX_OK)
		status = add_memory(machine);
	if (status == ZX_OK)
		paging__make(machine);
	return status;
}

/* The key of a trap's packets leads to the device. */
static zx_status_t add(struct machine *machine, struct device *device, uint32_t kind,
		       uint64_t base, uint64_t size)
{
	device->base = base;
	return zx_guest_set_trap(machine->guest, kind, base, size, ZX_HANDLE_INVALID,
				 (uint64_t)device);
}

zx_status_t machine__add_ports(struct machine *machine, struct device *device, uint16_t first,
			       uint16_t count)
{
	return add(machine, device, ZX_GUEST_TRAP_IO, first, count);
}

zx_status_t machine__add_memory(struct machine *machine, struct device *device, uint64_t addr,
				uint64_t size)
{
	return add(machine, device, ZX_GUEST_TRAP_MEM, addr, size);
}

zx_status_t machine__add_bell(struct machine *machine, uint64_t addr, uint64_t size,
			      zx_handle_t port, uint64_t key)
{
	return zx_guest_set_trap(machine->guest, ZX_GUEST_TRAP_BELL, addr, size, port, key);
}

zx_status_t machine__add_processor(struct machine *machine, uint64_t entry, uint64_t rdi,
				   uint64_t rsi)
{
	const zx_vcpu_state_t state = { .rdi = rdi, .rsi = rsi };
	zx_status_t status = zx_vcpu_create(machine->guest, 0, entry, &machine->vcpu);

	if (status == ZX_OK)
		status = zx_vcpu_write_state(machine->vcpu, ZX_VCPU_STATE, &state, sizeof(state));
	return status;
}

static zx_status_t handle_ports(struct machine *machine, const zx_port_packet_t *packet)
{
	struct device *device = (struct device *)packet->key;
	const zx_packet_guest_io_t *access = &packet->guest_io;
	uint64_t offset = access->port - device->base;
	zx_vcpu_io_t answer = { .access_size = access->access_size };

	if (!access->input) {
		device->write(device, offset, access->access_size, access->u32);
		return ZX_OK;
	}
	answer.u32 = device->read(device, offset, access->access_size);
	return zx_vcpu_write_state(machine->vcpu, ZX_VCPU_IO, &answer, sizeof(answer));
}

/*
 * The packet says where the guest's instruction is, which has no effect but what the monitor does
 * for it.
 */
static zx_status_t handle_memory(struct machine *machine, const zx_port_packet_t *packet)
{
	struct device *device = (struct device *)packet->key;
	const zx_packet_guest_mem_newest_t *access = (const void *)&packet->user;
	uint64_t offset = access->addr - device->base;
	zx_vcpu_state_t state;
	struct access decoded;
	uint64_t *value;
	zx_status_t status = zx_vcpu_read_state(machine->vcpu, ZX_VCPU_STATE, &state,
						sizeof(state));

	if (status == ZX_OK)
		status = access__decode(machine, access, &state, &decoded);
	if (status != ZX_OK)
		return status;
	if (decoded.write) {
		device->write(device, offset, decoded.size, decoded.value);
		return ZX_OK;
	}
	value = &((uint64_t *)&state)[decoded.target];
	*value &= decoded.keep;
	*value |= device->read(device, offset, decoded.size) & decoded.mask;
	return zx_vcpu_write_state(machine->vcpu, ZX_VCPU_STATE, &state, sizeof(state));
}

static zx_status_t handle(struct machine *machine, const zx_port_packet_t *packet)
{
	switch (packet->type) {
	case ZX_PKT_TYPE_GUEST_IO:
		return handle_ports(machine, packet);
	case ZX_PKT_TYPE_GUEST_MEM:
		return handle_memory(machine, packet);
	default:
		/* Another processor is to be started, or interrupted: there is none. */
		return ZX_ERR_NOT_SUPPORTED;
	}
}

zx_status_t machine__run(struct machine *machine)
{
	zx_status_t status = ZX_OK;
	zx_port_packet_t packet;

	while (status == ZX_OK && !machine->ended) {
		status = zx_vcpu_enter(machine->vcpu, &packet);
		if (status == ZX_OK)
			status = handle(machine, &packet);
	}
	return status;
}

void machine__end(struct machine *machine, int exit_code)
{
	machine->ended = true;
	machine->exit_code = exit_code;
}

void *machine__at(struct machine *machine, uint64_t addr, uint64_t size)
{
	if (addr > machine->size || size > machine->size - addr)
		return NULL;
	return machine->memory + addr;
}
