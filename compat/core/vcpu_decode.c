/*
 * KVM tells what a guest stores, but not by which instruction; Zircon's monitors want that. It has
 * ended where rip points now: so it is looked for backwards, among those that store just this
 * there.
 */
#include "compat/core/vcpu_decode.h"

#include <string.h>

#define OFFSET_MASK 0xfffull
#define FLAG_DIRECTION 0x400ull

/* What follows an opcode. */
enum {
	NONE,   /* nothing */
	M,      /* ModRM */
	IB,     /* an immediate byte */
	IZ,     /* an immediate of 2 or 4 bytes, by the size of operands */
	IV,     /* one of 2, 4 or 8 */
	IW,     /* one of 2 */
	IE,     /* enter: of 3 */
	IJ,     /* as IZ, but 4 in long mode: jumps */
	MO,     /* an address */
	MB,     /* ModRM and a byte */
	MZ,     /* ModRM and an IZ */
	GB,     /* group 3: MB for its first two, M for others */
	GZ,     /* the same with MZ */
	BAD,
};

#define ROW_ARITHMETIC M, M, M, M, IB, IZ, NONE, NONE
#define EIGHT(what) what, what, what, what, what, what, what, what

static const uint8_t one_byte[256] = {
	ROW_ARITHMETIC, ROW_ARITHMETIC, ROW_ARITHMETIC, ROW_ARITHMETIC,		      /* 00 */
	ROW_ARITHMETIC, ROW_ARITHMETIC, ROW_ARITHMETIC, ROW_ARITHMETIC,		      /* 20 */
	EIGHT(NONE), EIGHT(NONE), EIGHT(NONE), EIGHT(NONE),			      /* 40 */
	NONE, NONE, BAD, M, BAD, BAD, BAD, BAD,					      /* 60 */
	IZ, MZ, IB, MB, NONE, NONE, NONE, NONE,					      /* 68 */
	EIGHT(IB), EIGHT(IB),							      /* 70 */
	MB, MZ, MB, MB, M, M, M, M, EIGHT(M),					      /* 80 */
	EIGHT(NONE), NONE, NONE, BAD, NONE, NONE, NONE, NONE, NONE,		      /* 90 */
	MO, MO, MO, MO, NONE, NONE, NONE, NONE,					      /* a0 */
	IB, IZ, NONE, NONE, NONE, NONE, NONE, NONE,				      /* a8 */
	EIGHT(IB), EIGHT(IV),							      /* b0 */
	MB, MB, IW, NONE, BAD, BAD, MB, MZ,					      /* c0 */
	IE, NONE, IW, NONE, NONE, IB, NONE, NONE,				      /* c8 */
	M, M, M, M, IB, IB, NONE, NONE, EIGHT(M),				      /* d0 */
	EIGHT(IB), IJ, IJ, BAD, IB, NONE, NONE, NONE, NONE,			      /* e0 */
	BAD, NONE, BAD, BAD, NONE, NONE, GB, GZ,				      /* f0 */
	NONE, NONE, NONE, NONE, NONE, NONE, M, M,				      /* f8 */
};

/* Opcodes behind 0x0f; those not named have a ModRM byte alone. */
static uint8_t two_byte(uint8_t opcode)
{
	switch (opcode) {
	case 0x05 ... 0x09:
	case 0x0b:
	case 0x0e:
	case 0x30 ... 0x37:
	case 0x77:
	case 0xa0 ... 0xa2:
	case 0xa8 ... 0xaa:
	case 0xc8 ... 0xcf:
		return NONE;
	case 0x80 ... 0x8f:
		return IJ;
	case 0x70 ... 0x73:
	case 0xa4:
	case 0xac:
	case 0xba:
	case 0xc2:
	case 0xc4 ... 0xc6:
		return MB;
	default:
		return M;
	}
}

struct reader {
	const uint8_t *bytes;
	uint32_t count;
	uint32_t at;
	bool short_of;
};

static uint64_t read_bytes(struct reader *reader, uint32_t size)
{
	uint64_t value = 0;

	if (reader->count - reader->at < size) {
		reader->short_of = true;
		return 0;
	}
	memcpy(&value, reader->bytes + reader->at, size);
	reader->at += size;
	return value;
}

static int64_t read_signed(struct reader *reader, uint32_t size)
{
	uint32_t shift = 64 - 8 * size;

	return (int64_t)(read_bytes(reader, size) << shift) >> shift;
}

struct decoder {
	struct reader reader;
	const struct vcpu_mode *mode;
	const struct vcpu_registers *registers;
	uint32_t operand; /* bytes: 2, 4 or 8 */
	uint32_t address;
	uint8_t rex;
	uint8_t repeat; /* 0xf2 or 0xf3, the last one counts; 0: neither */
	bool prefix_66;
	int segment; /* that a prefix names, or -1 */
	bool two_byte;
	uint8_t opcode;
	uint8_t modrm;
	bool memory; /* the ModRM byte names memory */
	uint64_t addr;
	uint64_t immediate;
};

static bool read_prefix(struct decoder *decoder, uint8_t byte, bool *toggled_address)
{
	switch (byte) {
	case 0x26:
	case 0x2e:
	case 0x36:
	case 0x3e:
		decoder->segment = byte >> 3 & 3;
		return true;
	case 0x64:
	case 0x65:
		decoder->segment = byte - 0x60;
		return true;
	case 0x66:
		decoder->prefix_66 = true;
		return true;
	case 0x67:
		*toggled_address = true;
		return true;
	case 0xf0:
		return true;
	case 0xf2:
	case 0xf3:
		decoder->repeat = byte;
		return true;
	default:
		return false;
	}
}

static void choose_sizes(struct decoder *decoder, bool toggled_address)
{
	const struct vcpu_mode *mode = decoder->mode;
	bool wide = mode->long_mode || mode->code_32;

	decoder->operand = decoder->prefix_66 == wide ? 2 : 4;
	if (decoder->rex & 8)
		decoder->operand = 8;
	if (mode->long_mode)
		decoder->address = toggled_address ? 4 : 8;
	else
		decoder->address = toggled_address == mode->code_32 ? 2 : 4;
}

static void read_opcode(struct decoder *decoder)
{
	struct reader *reader = &decoder->reader;
	bool toggled_address = false;
	uint8_t byte;

	decoder->segment = -1;
	do {
		byte = (uint8_t)read_bytes(reader, 1);
	} while (!reader->short_of && read_prefix(decoder, byte, &toggled_address));
	if (decoder->mode->long_mode && (byte & 0xf0) == 0x40) {
		decoder->rex = byte;
		byte = (uint8_t)read_bytes(reader, 1);
	}
	choose_sizes(decoder, toggled_address);
	decoder->two_byte = byte == 0x0f;
	decoder->opcode = decoder->two_byte ? (uint8_t)read_bytes(reader, 1) : byte;
}

static uint64_t general(const struct decoder *decoder, uint32_t number)
{
	return decoder->registers->general[number];
}

/* The part of a ModRM byte that names memory, in the form of 16-bit addresses. */
static uint64_t read_address_16(struct decoder *decoder, bool *stack)
{
	static const struct {
		int8_t base;
		int8_t index;
	} forms[8] = { { 3, 6 }, { 3, 7 }, { 5, 6 }, { 5, 7 }, { 6, -1 }, { 7, -1 }, { 5, -1 },
		       { 3, -1 } };
	uint32_t mod = decoder->modrm >> 6;
	uint32_t rm = decoder->modrm & 7;
	uint64_t addr = 0;

	if (mod == 0 && rm == 6)
		return read_bytes(&decoder->reader, 2);
	*stack = forms[rm].base == 5;
	addr = general(decoder, (uint32_t)forms[rm].base);
	if (forms[rm].index >= 0)
		addr += general(decoder, (uint32_t)forms[rm].index);
	if (mod == 1)
		addr += (uint64_t)read_signed(&decoder->reader, 1);
	else if (mod == 2)
		addr += read_bytes(&decoder->reader, 2);
	return addr & 0xffff;
}

/* The base and index of a SIB byte; true where a displacement of 4 bytes stands for the base. */
static bool read_sib(struct decoder *decoder, uint64_t *addr, bool *stack)
{
	uint8_t sib = (uint8_t)read_bytes(&decoder->reader, 1);
	uint32_t index = (sib >> 3 & 7) | (decoder->rex & 2) << 2;
	uint32_t base = (sib & 7) | (decoder->rex & 1) << 3;
	bool no_base = (sib & 7) == 5 && decoder->modrm < 0x40;

	if (index != 4)
		*addr += general(decoder, index) << (sib >> 6);
	if (!no_base) {
		*addr += general(decoder, base);
		*stack = base == 4 || base == 5;
	}
	return no_base;
}

/* The same in the form of 32 and 64 bits. *relative: to the end of the instruction. */
static uint64_t read_address(struct decoder *decoder, bool *stack, bool *relative)
{
	uint32_t mod = decoder->modrm >> 6;
	uint32_t rm = decoder->modrm & 7;
	uint64_t addr = 0;
	bool displaced = mod == 2;

	if (rm == 4) {
		displaced |= read_sib(decoder, &addr, stack);
	} else if (mod == 0 && rm == 5) {
		displaced = true;
		*relative = decoder->mode->long_mode;
	} else {
		uint32_t base = rm | (decoder->rex & 1) << 3;

		addr = general(decoder, base);
		*stack = base == 5;
	}
	if (mod == 1)
		addr += (uint64_t)read_signed(&decoder->reader, 1);
	else if (displaced)
		addr += (uint64_t)read_signed(&decoder->reader, 4);
	return addr;
}

static void read_modrm(struct decoder *decoder, bool *relative, bool *stack)
{
	decoder->modrm = (uint8_t)read_bytes(&decoder->reader, 1);
	decoder->memory = decoder->modrm < 0xc0;
	if (!decoder->memory)
		return;
	decoder->addr = decoder->address == 2 ? read_address_16(decoder, stack) :
						read_address(decoder, stack, relative);
}

static uint64_t to_linear(const struct decoder *decoder, uint64_t addr, uint32_t segment)
{
	if (decoder->address == 4)
		addr &= UINT32_MAX;
	if (decoder->segment >= 0)
		segment = (uint32_t)decoder->segment;
	/* In long mode only fs and gs have bases. */
	if (!decoder->mode->long_mode || segment >= 4)
		addr += decoder->mode->base[segment];
	return decoder->mode->long_mode ? addr : addr & UINT32_MAX;
}

static uint32_t immediate_size(const struct decoder *decoder, uint8_t what)
{
	uint32_t z = decoder->operand == 2 ? 2 : 4;

	switch (what) {
	case IB:
	case MB:
		return 1;
	case IZ:
	case MZ:
		return z;
	case IJ:
		return decoder->mode->long_mode ? 4 : z;
	case IV:
		return decoder->operand;
	case IW:
		return 2;
	case IE:
		return 3;
	case MO:
		return decoder->address;
	case GB:
		return (decoder->modrm >> 3 & 7) < 2 ? 1 : 0;
	case GZ:
		return (decoder->modrm >> 3 & 7) < 2 ? z : 0;
	default:
		return 0;
	}
}

static bool has_modrm(uint8_t what)
{
	return what == M || what == MB || what == MZ || what == GB || what == GZ;
}

/* All behind the opcode. False where that is not known. */
static bool read_operands(struct decoder *decoder)
{
	struct reader *reader = &decoder->reader;
	uint8_t what = decoder->two_byte ? two_byte(decoder->opcode) : one_byte[decoder->opcode];
	bool relative = false;
	bool stack = false;
	uint32_t size;

	if (what == BAD)
		return false;
	if (decoder->two_byte && (decoder->opcode == 0x38 || decoder->opcode == 0x3a)) {
		what = decoder->opcode == 0x3a ? MB : M;
		(void)read_bytes(reader, 1);
	}
	if (has_modrm(what))
		read_modrm(decoder, &relative, &stack);
	size = immediate_size(decoder, what);
	if (size == 1 || size == 2 || size == 4)
		decoder->immediate = (uint64_t)read_signed(reader, size);
	else
		decoder->immediate = read_bytes(reader, size);
	if (relative)
		decoder->addr += decoder->registers->rip;
	decoder->addr = to_linear(decoder, decoder->addr, stack ? 2 : 3);
	return !reader->short_of;
}

/* The register that a ModRM byte names besides memory, as an operand of @size. */
static uint64_t register_operand(const struct decoder *decoder, uint32_t size)
{
	uint32_t number = (decoder->modrm >> 3 & 7) | (decoder->rex & 4) << 1;

	/* Without a REX prefix these are ah, ch, dh and bh. */
	if (size == 1 && !decoder->rex && number >= 4)
		return general(decoder, number - 4) >> 8;
	return general(decoder, number);
}

static void store(struct instruction *out, uint64_t addr, uint32_t size, uint64_t data)
{
	out->stores = true;
	out->addr = addr;
	out->size = size;
	out->has_data = true;
	out->data = data;
}

/* Strings have moved rdi on when they are done. */
static void store_string(const struct decoder *decoder, struct instruction *out, uint32_t size,
			 bool has_data)
{
	uint64_t addr = general(decoder, 7);

	addr += decoder->registers->rflags & FLAG_DIRECTION ? size : -(uint64_t)size;
	store(out, to_linear(decoder, addr, 0), size, general(decoder, 0));
	out->has_data = has_data;
}

static void find_store(const struct decoder *decoder, struct instruction *out)
{
	uint32_t size = decoder->opcode & 1 ? decoder->operand : 1;

	switch (decoder->opcode) {
	case 0x88:
	case 0x89:
		if (decoder->memory)
			store(out, decoder->addr, size, register_operand(decoder, size));
		break;
	case 0xc6:
	case 0xc7:
		if (decoder->memory)
			store(out, decoder->addr, size, decoder->immediate);
		break;
	case 0xa2:
	case 0xa3:
		store(out, to_linear(decoder, decoder->immediate, 3), size, general(decoder, 0));
		break;
	case 0xa4:
	case 0xa5:
	case 0xaa:
	case 0xab:
		store_string(decoder, out, size, decoder->opcode >= 0xaa);
		break;
	default:
		break;
	}
}

/* Stores of vector registers, and movnti. */
static void find_vector_store(const struct decoder *decoder, struct instruction *out)
{
	uint32_t size;

	switch (decoder->opcode) {
	case 0x11:
		size = decoder->repeat == 0xf3 ? 4 : decoder->repeat == 0xf2 ? 8 : 16;
		break;
	case 0x13:
	case 0x17:
	case 0xd6:
		size = 8;
		break;
	case 0x29:
	case 0x2b:
		size = 16;
		break;
	case 0x7e:
	case 0xc3:
		size = decoder->rex & 8 ? 8 : 4;
		break;
	case 0x7f:
	case 0xe7:
		size = decoder->prefix_66 || decoder->repeat ? 16 : 8;
		break;
	default:
		return;
	}
	if (!decoder->memory)
		return;
	store(out, decoder->addr, size, 0);
	out->has_data = false;
}

bool instruction__decode(const uint8_t *bytes, uint32_t count, const struct vcpu_mode *mode,
			 const struct vcpu_registers *registers, struct instruction *out)
{
	struct decoder decoder = {
		.reader = { .bytes = bytes, .count = count },
		.mode = mode,
		.registers = registers,
	};

	read_opcode(&decoder);
	if (decoder.reader.short_of || !read_operands(&decoder))
		return false;
	memset(out, 0, sizeof(*out));
	out->length = decoder.reader.at;
	if (decoder.two_byte)
		find_vector_store(&decoder, out);
	else
		find_store(&decoder, out);
	return true;
}

static bool is_store(const struct instruction *instruction, const struct vcpu_exit *exit)
{
	uint64_t mask = exit->size < 8 ? (1ull << 8 * exit->size) - 1 : UINT64_MAX;

	if (!instruction->stores || (instruction->addr ^ exit->address) & OFFSET_MASK)
		return false;
	/* What does not fit into one access comes in several. */
	if (instruction->size != exit->size && instruction->size <= 8 &&
	    (exit->address & OFFSET_MASK) + instruction->size <= OFFSET_MASK + 1)
		return false;
	return !instruction->has_data || !((instruction->data ^ exit->data) & mask);
}

uint32_t instruction__find_store(const uint8_t *end, uint32_t available,
				 const struct vcpu_mode *mode,
				 const struct vcpu_registers *registers,
				 const struct vcpu_exit *exit)
{
	struct instruction instruction;

	for (uint32_t length = 1; length <= available && length <= INSTRUCTION_MAX; length++) {
		if (instruction__decode(end - length, length, mode, registers, &instruction) &&
		    instruction.length == length && is_store(&instruction, exit))
			return length;
	}
	return 0;
}
