#include "access.h"

#include <zircon/errors.h>

#include "paging.h"

#define INSTRUCTION_MAX 15u

#define REX_W 8u
#define REX_R 4u

enum opcode {
	STORE_BYTE = 0x88,
	STORE = 0x89,
	LOAD_BYTE = 0x8a,
	LOAD = 0x8b,
	CONSTANT_BYTE = 0xc6,
	CONSTANT = 0xc7,
	LOAD_ZERO_BYTE = 0x0fb6,
	LOAD_ZERO_WORD = 0x0fb7,
};

/* Reads the instruction; it may lie in two pages that are not side by side. */
static bool fetch(struct machine *machine, const zx_packet_guest_mem_newest_t *packet,
		  uint8_t *bytes)
{
	for (uint32_t i = 0; i < packet->instruction_size; i++) {
		uint64_t where = paging__find(machine, packet->cr3, packet->rip + i);
		const uint8_t *byte = machine__at(machine, where, 1);

		if (!byte)
			return false;
		bytes[i] = *byte;
	}
	return true;
}

static uint64_t mask_of(uint32_t size)
{
	return (1ull << 8 * size) - 1;
}

/* A load of 4 bytes clears the upper half, one of fewer leaves the rest, if it is no MOVZX. */
static void decode_load(struct access *out, uint32_t target, bool zero)
{
	out->target = target;
	out->mask = mask_of(out->size);
	out->keep = zero || out->size == 4 ? 0 : ~out->mask;
}

static void decode_store(struct access *out, const zx_vcpu_state_t *state, uint32_t source)
{
	out->write = true;
	out->value = (uint32_t)(((const uint64_t *)state)[source] & mask_of(out->size));
}

/* The value is the last thing in the instruction. */
static void decode_constant(struct access *out, const uint8_t *end)
{
	out->write = true;
	for (uint32_t i = out->size; i; i--)
		out->value = out->value << 8 | end[(int)i - 1 - (int)out->size];
}

/* Prefixes, the opcode, and the register that belongs to it. */
static bool parse(const uint8_t *at, struct access *out, uint32_t *opcode, uint32_t *reg)
{
	uint32_t rex = 0;

	if (*at == 0x66) {
		out->size = 2;
		at++;
	}
	if ((*at & 0xf0) == 0x40)
		rex = *at++;
	*opcode = *at++;
	if (*opcode == 0x0f)
		*opcode = 0x0f00u | *at++;
	*reg = (*at >> 3 & 7) + (rex & REX_R ? 8 : 0);
	if (rex & REX_W || (*opcode > 0xff && out->size == 2))
		return false;
	/* The second bytes of registers. */
	return (*opcode != STORE_BYTE && *opcode != LOAD_BYTE) || rex || *reg < 4;
}

static bool decode(const uint8_t *bytes, uint32_t count, const zx_vcpu_state_t *state,
		   struct access *out)
{
	uint32_t opcode;
	uint32_t reg;

	if (!parse(bytes, out, &opcode, &reg))
		return false;
	if (opcode == STORE_BYTE || opcode == LOAD_BYTE || opcode == CONSTANT_BYTE ||
	    opcode == LOAD_ZERO_BYTE)
		out->size = 1;
	switch (opcode) {
	case STORE_BYTE:
	case STORE:
		decode_store(out, state, reg);
		return true;
	case CONSTANT_BYTE:
	case CONSTANT:
		decode_constant(out, bytes + count);
		return true;
	case LOAD_ZERO_WORD:
		out->size = 2;
		/* fallthrough */
	case LOAD_ZERO_BYTE:
		decode_load(out, reg, true);
		return true;
	case LOAD_BYTE:
	case LOAD:
		decode_load(out, reg, false);
		return true;
	default:
		return false;
	}
}

zx_status_t access__decode(struct machine *machine, const zx_packet_guest_mem_newest_t *packet,
			   const zx_vcpu_state_t *state, struct access *out)
{
	/* What is looked at behind the instruction is 0. */
	uint8_t bytes[INSTRUCTION_MAX + 4] = { 0 };

	*out = (struct access){ .size = 4 };
	if (!packet->instruction_size || packet->instruction_size > INSTRUCTION_MAX ||
	    !fetch(machine, packet, bytes) || !decode(bytes, packet->instruction_size, state, out))
		return ZX_ERR_NOT_SUPPORTED;
	return ZX_OK;
}
