/*
 * Guests: their code is random too, their memory goes away below them, and others of the program
 * kick, interrupt and rewrite their processors meanwhile.
 */
#include <zircon/syscalls/hypervisor.h>

#include "fuzz.h"
#include "guest/vm.h"

#define ENTRIES 8

GUEST_CODE(exits, "mov $5, %ecx\n1: " GUEST_EXIT "loop 1b\nhlt\n");
GUEST_CODE(ports, "1: in $0x11, %al\nout %eax, $0x12\nmov 0x82000, %edx\nmov %edx, 0x82008\njmp 1b\n");
GUEST_CODE(holes, "mov 0x200000, %rax\nmov %rax, 0x300000\nlock incq 0x200000\nrep movsb\n");
GUEST_CODE(privileged, "mov %cr0, %rax\nmov %rax, %cr0\nmov %cr3, %rax\nmov %rax, %cr3\n"
		       "mov $0x80b, %ecx\nxor %eax, %eax\nxor %edx, %edx\nwrmsr\nrdmsr\n"
		       "cpuid\nsti\nhlt\nud2\n");
GUEST_CODE(endless, "1: lock incq 0x30000\njmp 1b\n");

static const struct {
	const char *start;
	const char *end;
} codes[] = {
	{ exits_start, exits_end },
	{ ports_start, ports_end },
	{ holes_start, holes_end },
	{ privileged_start, privileged_end },
	{ endless_start, endless_end },
};

zx_handle_t fuzz_hypervisor;
zx_handle_t fuzz_vmex;

static bool load(struct fuzz *fuzz, struct vm *vm)
{
	/* The last one runs until somebody ends it: there must be others. */
	uint64_t which = fuzz__next(fuzz) % (fuzz_config.threads > 1 && fuzz__one_in(fuzz, 8) ? 5 : 4);

	if (vm__load(vm, rt_boot.root_vmar, codes[which].start, codes[which].end) != ZX_OK)
		return false;
	if (fuzz__one_in(fuzz, 4))
		for (uint64_t i = 0; i < 32; i++)
			*vm__word(vm, VM_ENTRY + 8 * i) = fuzz__next(fuzz);
	if (fuzz__one_in(fuzz, 8))
		*vm__word(vm, fuzz__next(fuzz) % 0x400 * 8) = fuzz__next(fuzz);
	return zx_guest_create(fuzz_hypervisor, 0, &vm->guest, &vm->vmar) == ZX_OK &&
	       vm__map(vm, fuzz_vmex) == ZX_OK;
}

static void set_trap(struct fuzz *fuzz, zx_handle_t guest)
{
	static const uint64_t places[] = { VM_EXIT, VM_TRAP, VM_PORT, VM_HOLE, 0, 0x300000 };
	uint64_t kind = fuzz__next(fuzz) % 4;

	call__exact(fuzz, ZXCALL_guest_set_trap, guest, kind,
		    places[fuzz__next(fuzz) % RT_ARRAY_SIZE(places)],
		    kind == ZX_GUEST_TRAP_IO ? fuzz__next(fuzz) % 8 : 0x1000,
		    fuzz__next(fuzz) & 1 ? pool__find(fuzz, ZX_OBJ_TYPE_PORT) : 0, fuzz__next(fuzz) % 4);
}

static void change_state(struct fuzz *fuzz, zx_handle_t vcpu)
{
	uint64_t *words = (uint64_t *)fuzz->memory;

	if (call__exact(fuzz, ZXCALL_vcpu_read_state, vcpu, 0, (uintptr_t)words,
			sizeof(zx_vcpu_state_t)) != ZX_OK)
		return;
	words[fuzz__next(fuzz) % (sizeof(zx_vcpu_state_t) / 8)] = fuzz__next(fuzz) >> fuzz__next(fuzz) % 64;
	call__exact(fuzz, ZXCALL_vcpu_write_state, vcpu, fuzz__next(fuzz) % 8 ? 0 : 1, (uintptr_t)words,
		    sizeof(zx_vcpu_state_t));
}

static void share(struct fuzz *fuzz, zx_handle_t handle)
{
	zx_handle_t other = ZX_HANDLE_INVALID;

	zx_handle_duplicate(handle, ZX_RIGHT_SAME_RIGHTS, &other);
	pool__adopt(fuzz, other);
}

static void run(struct fuzz *fuzz)
{
	struct vm vm = { 0 };
	zx_port_packet_t packet;

	if (!fuzz__one_in(fuzz, 4))
		return;
	if (load(fuzz, &vm)) {
		for (int i = 0; i < 3; i++)
			set_trap(fuzz, vm.guest);
		zx_vcpu_create(vm.guest, 0, VM_ENTRY, &vm.vcpu);
		share(fuzz, vm.guest);
		share(fuzz, vm.vmar);
		share(fuzz, vm.vcpu);
		for (int i = 0; i < ENTRIES; i++) {
			call__exact(fuzz, ZXCALL_vcpu_enter, vm.vcpu, (uintptr_t)&packet);
			if (fuzz__next(fuzz) & 1)
				change_state(fuzz, vm.vcpu);
		}
	}
	vm__close(&vm, rt_boot.root_vmar);
}

static void disturb(struct fuzz *fuzz)
{
	zx_handle_t vcpu = pool__find(fuzz, ZX_OBJ_TYPE_VCPU);

	switch (fuzz__next(fuzz) % 6) {
	case 0:
	case 1:
		call__exact(fuzz, ZXCALL_vcpu_kick, vcpu);
		break;
	case 2:
		call__exact(fuzz, ZXCALL_vcpu_interrupt, vcpu, fuzz__next(fuzz) % 260);
		break;
	case 3:
		set_trap(fuzz, pool__find(fuzz, ZX_OBJ_TYPE_GUEST));
		break;
	case 4:
		call__exact(fuzz, ZXCALL_vmar_unmap, pool__find(fuzz, ZX_OBJ_TYPE_VMAR), 0x1000, VM_SIZE);
		break;
	default:
		call__exact(fuzz, ZXCALL_interrupt_bind_vcpu, pool__find(fuzz, ZX_OBJ_TYPE_INTERRUPT), vcpu,
			    fuzz__next(fuzz) % 2);
	}
}

void scene__play_with_guests(struct fuzz *fuzz)
{
	if (fuzz_config.guests)
		(fuzz__next(fuzz) & 1 ? run : disturb)(fuzz);
}
