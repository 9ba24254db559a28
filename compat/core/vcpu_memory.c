/*
 * Accesses of guests to memory that is not there. A trap is told to the guest's monitor, with the
 * instruction, which Zircon leaves to it: so here the instruction is done with before that, without
 * effect. Memory that is mapped but not shown yet (pages of a pager, or of a snapshot) is brought,
 * and the access carried out.
 */
#include <string.h>
#include <zircon/eras.h>

#include "compat/core/core.h"
#include "compat/core/guest.h"
#include "compat/core/vcpu.h"
#include "compat/core/vcpu_decode.h"
#include "compat/core/vmar.h"

/* Reads what lies before or behind rip in one page of code; fewer bytes where the page ends. */
static uint32_t fetch(struct vcpu *vcpu, uint64_t addr, uint8_t *bytes, uint32_t size)
{
	uint32_t left = PAGE_SIZE - (addr & (PAGE_SIZE - 1));
	size_t done = 0;
	uint64_t where;

	if (size > left)
		size = left;
	if (core_host.vcpu_translate(vcpu->host, addr, &where))
		(void)user__read_process(vcpu->guest->memory, bytes, where, size, &done);
	return (uint32_t)done;
}

static uint32_t fetch_forward(struct vcpu *vcpu, uint64_t addr, uint8_t *bytes)
{
	uint32_t done = fetch(vcpu, addr, bytes, INSTRUCTION_MAX);

	if (done < INSTRUCTION_MAX && !((addr + done) & (PAGE_SIZE - 1)))
		done += fetch(vcpu, addr + done, bytes + done, INSTRUCTION_MAX - done);
	return done;
}

/* Puts up to INSTRUCTION_MAX bytes that end at @end to the end of @bytes. */
static uint32_t fetch_backward(struct vcpu *vcpu, uint64_t end, uint8_t *bytes)
{
	uint64_t page = (end - 1) & ~(PAGE_SIZE - 1);
	uint32_t near = end - page < INSTRUCTION_MAX ? (uint32_t)(end - page) : INSTRUCTION_MAX;
	uint32_t far = INSTRUCTION_MAX - near;

	if (fetch(vcpu, end - near, bytes + far, near) != near)
		return 0;
	if (far && fetch(vcpu, end - near - far, bytes, far) == far)
		near += far;
	return near;
}

static bool is_plain_output(uint8_t opcode)
{
	return (opcode & 0xfe) == 0xe6 || (opcode & 0xfe) == 0xee;
}

static bool is_prefix(uint8_t byte)
{
	return byte == 0x66 || byte == 0x67 || (byte & 0xf0) == 0x40;
}

/*
 * KVM tells one element of a string as it tells a plain output, and stops before the instruction or
 * behind it, depending on the machine.
 */
bool vcpu__is_string(struct vcpu *vcpu, const struct vcpu_registers *registers,
		     const struct vcpu_exit *exit)
{
	struct vcpu_mode mode;
	uint64_t rip = registers->rip;
	uint8_t bytes[INSTRUCTION_MAX];
	uint32_t count;
	uint32_t i = 0;
	uint64_t *known = &vcpu->plain_outputs[rip % VCPU_PLAIN_OUTPUTS];
	bool plain;

	if (memcmp(&exit->data, registers->general, exit->size))
		return true;
	if (registers->rip == *known)
		return false;
	core_host.vcpu_get_mode(vcpu->host, &mode);
	rip += mode.long_mode ? 0 : mode.base[1];
	count = fetch_backward(vcpu, rip, bytes);
	plain = count && (bytes[INSTRUCTION_MAX - 1] & 0xfe) == 0xee;
	plain |= count > 1 && (bytes[INSTRUCTION_MAX - 2] & 0xfe) == 0xe6 &&
		 bytes[INSTRUCTION_MAX - 1] == exit->address;
	count = plain ? 0 : fetch_forward(vcpu, rip, bytes);
	while (i < count && is_prefix(bytes[i]))
		i++;
	plain |= i < count && is_plain_output(bytes[i]);
	if (plain)
		*known = registers->rip;
	return !plain;
}

/* The instruction that an access belongs to. */
struct access {
	struct vcpu_registers before; /* the instruction */
	struct vcpu_mode mode;
	uint32_t length; /* 0: not known */
	uint8_t bytes[INSTRUCTION_MAX];
};

static uint64_t code_base(const struct access *access)
{
	return access->mode.long_mode ? 0 : access->mode.base[1];
}

static void find_load(struct vcpu *vcpu, struct access *access)
{
	struct instruction instruction;
	uint32_t available;

	available = fetch_forward(vcpu, code_base(access) + access->before.rip, access->bytes);
	if (instruction__decode(access->bytes, available, &access->mode, &access->before,
				&instruction))
		access->length = instruction.length;
}

/* Reads the store that was found last, or looks for another one. */
static void find_store(struct vcpu *vcpu, const struct vcpu_exit *exit, struct access *access)
{
	struct vcpu_store *store = &vcpu->store;
	uint8_t bytes[INSTRUCTION_MAX];
	uint32_t available;

	/* What it does now tells whether it still is that one. */
	if (store->end == access->before.rip &&
	    instruction__find_store(store->bytes + store->length, store->length, &access->mode,
				    &access->before, exit) == store->length) {
		access->length = store->length;
		memcpy(access->bytes, store->bytes, store->length);
		return;
	}
	available = fetch_backward(vcpu, code_base(access) + access->before.rip, bytes);
	access->length = instruction__find_store(bytes + INSTRUCTION_MAX, available, &access->mode,
						 &access->before, exit);
	memcpy(access->bytes, bytes + INSTRUCTION_MAX - access->length, access->length);
	store->end = access->length ? access->before.rip : 0;
	store->length = access->length;
	memcpy(store->bytes, access->bytes, access->length);
}

/* A store is done as far as KVM goes, a load not begun. */
static void find_access(struct vcpu *vcpu, const struct vcpu_exit *exit, struct access *out)
{
	/* What is not known of the instruction is told as zeros. */
	memset(out, 0, sizeof(*out));
	core_host.vcpu_get_registers(vcpu->host, &out->before);
	core_host.vcpu_get_mode(vcpu->host, &out->mode);
	if (!exit->write) {
		find_load(vcpu, out);
		return;
	}
	find_store(vcpu, exit, out);
	out->before.rip -= out->length;
}

/* Ends the instruction as if it had done nothing, and leaves the guest behind it. */
static void skip_access(struct vcpu *vcpu, const struct vcpu_exit *exit, struct access *access)
{
	struct vcpu_registers after;
	uint64_t length;

	/* A store that is known is over, unless KVM may have more of it to tell. */
	if (exit->write && access->length && exit->size < 8 &&
	    (exit->address + exit->size) & (PAGE_SIZE - 1))
		return;
	if (!exit->write)
		core_host.vcpu_answer(vcpu->host, 0);
	core_host.vcpu_finish(vcpu->host);
	core_host.vcpu_get_registers(vcpu->host, &after);
	length = after.rip - access->before.rip;
	if (!access->length && length <= INSTRUCTION_MAX)
		access->length = (uint32_t)length;
	after = access->before;
	after.rip += access->length;
	core_host.vcpu_set_registers(vcpu->host, &after);
}

static zx_status_t handle_trap(struct thread *self, struct vcpu *vcpu,
			       const struct guest_trap *trap, const struct vcpu_exit *exit,
			       zx_port_packet_t *packet)
{
	struct access access;
	uint8_t operand;

	find_access(vcpu, exit, &access);
	skip_access(vcpu, exit, &access);
	operand = access.mode.long_mode || access.mode.code_32 ? 4 : 2;
	memset(packet, 0, sizeof(*packet));
	packet->key = trap->key;
	packet->type = ZX_PKT_TYPE_GUEST_MEM;
	if (era__of(self->process->era)->guest_newest) {
		zx_packet_guest_mem_newest_t *newest = (void *)&packet->user;

		newest->addr = exit->address;
		newest->cr3 = access.mode.page_table;
		newest->rip = access.before.rip;
		newest->instruction_size = (uint8_t)access.length;
		newest->default_operand_size = operand;
		return ZX_ERR_NEXT;
	}
	packet->guest_mem.addr = exit->address;
	packet->guest_mem.inst_len = (uint8_t)access.length;
	memcpy(packet->guest_mem.inst_buf, access.bytes, access.length);
	packet->guest_mem.default_operand_size = operand;
	return ZX_ERR_NEXT;
}

zx_status_t vcpu__fault_in(struct thread *self, struct vcpu *vcpu, uint64_t addr, uint32_t prot)
{
	enum page_access access = prot == HOST_PROT_WRITE ? PAGE_WRITES : PAGE_READS;
	struct process *memory = vcpu->guest->memory;
	zx_status_t status;

	if (addr >= GUEST_ASPACE_SIZE)
		return ZX_ERR_OUT_OF_RANGE;
	do {
		status = vmar__fault(memory, addr, prot);
	} while (vmar__again(self, memory, addr, 1, access, &status));
	return status;
}

/*
 * Does what the guest wanted of memory that is there now, in KVM's place. An access of two pages
 * comes as two.
 */
static zx_status_t carry_out(struct vcpu *vcpu, const struct vcpu_exit *exit)
{
	struct process *memory = vcpu->guest->memory;
	uint64_t data = exit->data;
	zx_status_t status;
	size_t done;

	if (exit->write)
		return user__write_process(memory, exit->address, &data, exit->size, &done);
	data = 0;
	status = user__read_process(memory, &data, exit->address, exit->size, &done);
	if (status == ZX_OK)
		core_host.vcpu_answer(vcpu->host, data);
	return status;
}

/* Nothing can be done: the guest stays at its instruction. */
static zx_status_t give_up(struct vcpu *vcpu, const struct vcpu_exit *exit, zx_status_t status)
{
	struct access access;

	core_host.vcpu_note(vcpu->host, exit->write ? "a write where none is possible, to" :
						      "a read where there is no memory, from",
			    exit->address);
	if (exit->write) {
		find_access(vcpu, exit, &access);
		core_host.vcpu_set_registers(vcpu->host, &access.before);
	}
	return status;
}

zx_status_t vcpu__handle_memory(struct thread *self, struct vcpu *vcpu,
				const struct vcpu_exit *exit, zx_port_packet_t *packet)
{
	struct guest_trap *trap = guest__find_trap(vcpu->guest, false, exit->address);
	zx_status_t status;

	if (trap && trap->kind == ZX_GUEST_TRAP_MEM)
		return handle_trap(self, vcpu, trap, exit, packet);
	if (trap)
		return exit->write ? guest__ring(self, trap, exit->address) : ZX_ERR_NOT_SUPPORTED;
	do {
		status = vcpu__fault_in(self, vcpu, exit->address,
					exit->write ? HOST_PROT_WRITE : HOST_PROT_READ);
		if (status == ZX_OK)
			status = carry_out(vcpu, exit);
	} while (status == ZX_ERR_SHOULD_WAIT);
	if (status == ZX_OK || thread__interrupted(status))
		return status;
	return give_up(vcpu, exit, status);
}

zx_status_t vcpu__handle_instruction(struct thread *self, struct vcpu *vcpu)
{
	struct vcpu_registers registers;
	struct vcpu_mode mode;
	uint64_t where;
	uint8_t byte;
	zx_status_t status = ZX_ERR_INTERNAL;

	core_host.vcpu_get_registers(vcpu->host, &registers);
	core_host.vcpu_get_mode(vcpu->host, &mode);
	where = registers.rip + (mode.long_mode ? 0 : mode.base[1]);
	if (fetch(vcpu, where, &byte, 1)) {
		core_host.vcpu_note(vcpu->host, "KVM cannot run the instruction at", registers.rip);
		return ZX_ERR_NOT_SUPPORTED;
	}
	if (core_host.vcpu_translate(vcpu->host, where, &where))
		status = vcpu__fault_in(self, vcpu, where, HOST_PROT_READ);
	if (status != ZX_OK && !thread__interrupted(status))
		core_host.vcpu_note(vcpu->host, "no code at", registers.rip);
	return status;
}
