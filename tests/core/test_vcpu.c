/* Processors of guests: what their stops mean, on a machine that stops as it is told. */
#include <zircon/eras.h>

#include "compat/core/guest.h"
#include "compat/core/vcpu.h"
#include "compat/core/vcpu_decode.h"
#include "compat/core/vmar.h"
#include "tests/core/core_fixture.h"
#include "tests/core/guest_model.h"

#define ENTRY 0x1000u
#define TRAP 0x8000u
#define KEY 77

static struct guest *guest;
static struct vcpu *vcpu;
static zx_port_packet_t packet;

/* A guest with two pages of memory, code among them, and traps; in the fixture's era. */
static void set_up(const void *code, size_t size)
{
	struct vmo *vmo;
	uint64_t addr;

	assert_int_equal(guest__create(fx.process->era, &guest), ZX_OK);
	assert_int_equal(vmo__create(2 * PAGE_SIZE, false, &vmo), ZX_OK);
	assert_int_equal(vmo__write(vmo, code, ENTRY, size), ZX_OK);
	assert_int_equal(vmar__map(fx.self, guest->memory->root_vmar,
				   ZX_VM_PERM_READ | ZX_VM_PERM_WRITE | ZX_VM_SPECIFIC, 0, vmo,
				   HOST_PROT_READ | HOST_PROT_WRITE, 0, 2 * PAGE_SIZE, &addr),
			 ZX_OK);
	object__put(&vmo->object);
	assert_int_equal(guest__set_trap(fx.self, guest, ZX_GUEST_TRAP_MEM, TRAP, PAGE_SIZE, NULL,
					 KEY), ZX_OK);
	assert_int_equal(guest__set_trap(fx.self, guest, ZX_GUEST_TRAP_IO, 0x10, 4, NULL, KEY),
			 ZX_OK);
	assert_int_equal(vcpu__create(fx.self, guest, ENTRY, &vcpu), ZX_OK);
}

static void tear_down(void)
{
	object__put(&vcpu->object);
	object__put(&guest->object);
}

static zx_status_t enter(const struct vcpu_exit *exits)
{
	guest_model.exits = exits;
	guest_model.runs = 0;
	return vcpu__enter(fx.self, vcpu, &packet);
}

/* The errors of the page, each by the stop that leads to it. */
static void errors(void **state)
{
	static const uint8_t code[] = { 0x0f, 0x58, 0xc0 };
	static const struct {
		struct vcpu_exit exit;
		zx_status_t status;
	} rows[] = {
		{ { .kind = VCPU_EXIT_FAILED }, ZX_ERR_INTERNAL },
		{ { .kind = VCPU_EXIT_BAD_STATE }, ZX_ERR_BAD_STATE },
		{ { .kind = VCPU_EXIT_SHUTDOWN }, ZX_ERR_NOT_SUPPORTED },
		{ { .kind = VCPU_EXIT_INSTRUCTION }, ZX_ERR_NOT_SUPPORTED },
		{ { .kind = VCPU_EXIT_PAGE, .address = UINT64_MAX }, ZX_ERR_INTERNAL },
		{ { .kind = VCPU_EXIT_PAGE, .address = 0x100000 }, ZX_ERR_NOT_FOUND },
		{ { .kind = VCPU_EXIT_PAGE, .address = GUEST_ASPACE_SIZE }, ZX_ERR_OUT_OF_RANGE },
		{ { .kind = VCPU_EXIT_IO, .address = 0x77, .size = 1 }, ZX_ERR_NOT_FOUND },
		{ { .kind = VCPU_EXIT_IO, .address = 0x10, .size = 1, .repeated = true },
		  ZX_ERR_NOT_SUPPORTED },
		{ { .kind = VCPU_EXIT_MEMORY, .address = 0x100000, .size = 4 }, ZX_ERR_NOT_FOUND },
		{ { .kind = VCPU_EXIT_MEMORY, .address = 1ull << 50, .size = 4 },
		  ZX_ERR_OUT_OF_RANGE },
		{ { .kind = VCPU_EXIT_WRITE_MSR, .address = 0x1b, .data = 1 },
		  ZX_ERR_INVALID_ARGS },
		{ { .kind = VCPU_EXIT_WRITE_MSR, .address = 0x6e0, .data = 1 },
		  ZX_ERR_INVALID_ARGS },
	};

	(void)state;
	set_up(code, sizeof(code));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(enter(&rows[i].exit), rows[i].status);
	vcpu__kick(vcpu);
	assert_int_equal(enter(&rows[0].exit), ZX_ERR_CANCELED);
	assert_int_equal(vcpu__enter(fixture__other_process(), vcpu, &packet), ZX_ERR_BAD_STATE);
	tear_down();
}

/* movl %eax, 0x8010; mov 0x8014, %ebx */
static const uint8_t accesses[] = { 0x89, 0x04, 0x25, 0x10, 0x80, 0, 0,
				    0x8b, 0x1c, 0x25, 0x14, 0x80, 0, 0 };

/* A store has been done when KVM tells it, a load has not: the guest goes on behind both. */
static void check_accesses(bool newest)
{
	const zx_packet_guest_mem_newest_t *mem = (const void *)&packet.user;
	const struct vcpu_exit store = { .kind = VCPU_EXIT_MEMORY, .write = true, .size = 4,
					 .address = TRAP + 0x10, .data = 5 };
	const struct vcpu_exit load = { .kind = VCPU_EXIT_MEMORY, .size = 4,
					.address = TRAP + 0x14 };

	set_up(accesses, sizeof(accesses));
	for (int i = 0; i < 2; i++) { /* the second time it is known */
		guest_model.registers = (struct vcpu_registers){ .general = { 5 },
								 .rip = ENTRY + 7 };
		assert_int_equal(enter(&store), ZX_OK);
		assert_int_equal(packet.type, ZX_PKT_TYPE_GUEST_MEM);
		assert_int_equal(packet.key, KEY);
		assert_int_equal(guest_model.registers.rip, ENTRY + 7);
		if (newest) {
			assert_int_equal(mem->addr, TRAP + 0x10);
			assert_int_equal(mem->rip, ENTRY);
			assert_int_equal(mem->instruction_size, 7);
			assert_int_equal(mem->default_operand_size, 4);
		} else {
			assert_int_equal(packet.guest_mem.addr, TRAP + 0x10);
			assert_int_equal(packet.guest_mem.inst_len, 7);
			assert_memory_equal(packet.guest_mem.inst_buf, accesses, 7);
			assert_int_equal(packet.guest_mem.default_operand_size, 4);
		}
	}
	assert_int_equal(enter(&load), ZX_OK);
	assert_int_equal(guest_model.registers.rip, ENTRY + 14);
	assert_int_equal(guest_model.finished, 1);
	if (newest)
		assert_int_equal(mem->rip, ENTRY + 7);
	else
		assert_memory_equal(packet.guest_mem.inst_buf, accesses + 7, 7);
	tear_down();
}

static void packets_of_memory(void **state)
{
	(void)state;
	fixture__set_era(ZXERA_2019_01);
	check_accesses(false);
	fixture__set_era(ZXERA_NEWEST);
	check_accesses(true);
}

/* What is mapped, but was not there, is written in the guest's place. */
static void memory_that_comes(void **state)
{
	static const struct vcpu_exit exits[] = {
		{ .kind = VCPU_EXIT_MEMORY, .write = true, .size = 4, .address = 0x20,
		  .data = 0x11223344 },
		{ .kind = VCPU_EXIT_MEMORY, .size = 2, .address = 0x21 },
		{ .kind = VCPU_EXIT_FAILED },
	};

	(void)state;
	set_up(accesses, sizeof(accesses));
	assert_int_equal(enter(exits), ZX_ERR_INTERNAL);
	assert_int_equal(guest_model.runs, 3);
	assert_int_equal(guest_model.answered, 0x2233);
	tear_down();
}

static zx_status_t take(const struct vcpu_exit *exits)
{
	guest_model.injected = 0;
	return enter(exits);
}

static void interrupts(void **state)
{
	static const struct vcpu_exit end[] = { { .kind = VCPU_EXIT_FAILED } };

	(void)state;
	set_up(accesses, sizeof(accesses));
	vcpu__interrupt(vcpu, 40);
	vcpu__interrupt(vcpu, 200);
	assert_int_equal(take(end), ZX_ERR_INTERNAL);
	assert_int_equal(guest_model.injected, 0);
	assert_true(guest_model.wants_interrupts);
	vcpu__interrupt(vcpu, 2);
	(void)take(end);
	assert_int_equal(guest_model.injected, 2);
	guest_model.takes_interrupts = true;
	vcpu__interrupt(vcpu, 13);
	(void)take(end);
	assert_int_equal(guest_model.injected, 200);
	(void)take(end);
	assert_int_equal(guest_model.injected, 40);
	assert_false(guest_model.wants_interrupts);
	/* The exception was forgotten with the first of these. */
	(void)take(end);
	assert_int_equal(guest_model.injected, 0);
	vcpu__interrupt(vcpu, 25);
	assert_int_equal(take(end), ZX_ERR_NOT_SUPPORTED);
	tear_down();
}

static void registers_of_the_machine(void **state)
{
	static const struct vcpu_exit exits[] = {
		{ .kind = VCPU_EXIT_READ_MSR, .address = 0x1b },
		{ .kind = VCPU_EXIT_READ_MSR, .address = 0xfe },
		{ .kind = VCPU_EXIT_WRITE_MSR, .address = 0xc0000083 },
		{ .kind = VCPU_EXIT_READ_MSR, .address = 0x803 },
		{ .kind = VCPU_EXIT_READ_MSR, .address = 0x1234 }, /* there is none */
		{ .kind = VCPU_EXIT_WRITE_MSR, .address = 0x80b, .data = 1 },
		{ .kind = VCPU_EXIT_FAILED },
	};

	(void)state;
	set_up(accesses, sizeof(accesses));
	assert_int_equal(enter(exits), ZX_ERR_INTERNAL);
	assert_int_equal(guest_model.answers, 3);
	assert_int_equal(guest_model.answered, 0x60015);
	assert_int_equal(guest_model.refused, 2);
	tear_down();
}

/* The same event in the three forms that its packet had. */
static void packets_of_processors(void **state)
{
	static const struct vcpu_exit send = { .kind = VCPU_EXIT_WRITE_MSR, .address = 0x830,
					       .data = 5ull << 32 | 0x40 };
	const zx_packet_guest_vcpu_201807_t *old = (const void *)&packet.user;
	const zx_packet_guest_vcpu_newest_t *newest = (const void *)&packet.user;

	(void)state;
	fixture__set_era(ZXERA_2018_07);
	set_up(accesses, sizeof(accesses));
	assert_int_equal(enter(&send), ZX_OK);
	assert_int_equal(packet.type, ZX_PKT_TYPE_GUEST_VCPU);
	assert_int_equal(old->interrupt.mask, 32);
	assert_int_equal(old->interrupt.vector, 0x40);
	tear_down();
	fixture__set_era(ZXERA_2020_07);
	set_up(accesses, sizeof(accesses));
	assert_int_equal(enter(&send), ZX_OK);
	assert_int_equal(packet.guest_vcpu.interrupt.mask, 32);
	assert_int_equal(packet.guest_vcpu.interrupt.vector, 0x40);
	assert_int_equal(packet.guest_vcpu.type, ZX_PKT_GUEST_VCPU_INTERRUPT);
	tear_down();
	fixture__set_era(ZXERA_NEWEST);
	set_up(accesses, sizeof(accesses));
	assert_int_equal(enter(&send), ZX_OK);
	assert_int_equal(newest->interrupt.mask, 32);
	assert_int_equal(newest->interrupt.vector, 0x40);
	tear_down();
}

/* Instructions, their length, and where they store; with rax 0x30, rbx 0x8000, rdi 0x8010. */
static void instructions(void **state)
{
	static const struct {
		uint8_t bytes[15];
		uint32_t length;
		uint32_t size; /* stored; 0: it does not store */
		uint64_t addr;
	} rows[] = {
		{ { 0x90 }, 1, 0, 0 },
		{ { 0x89, 0x03 }, 2, 4, 0x8000 },
		{ { 0x48, 0x89, 0x43, 0x10 }, 4, 8, 0x8010 },
		{ { 0x66, 0x89, 0x83, 0x00, 0x01, 0, 0 }, 7, 2, 0x8100 },
		{ { 0x88, 0x04, 0x43 }, 3, 1, 0x8060 },
		{ { 0xc7, 0x03, 1, 2, 3, 4 }, 6, 4, 0x8000 },
		{ { 0x66, 0xc7, 0x03, 1, 2 }, 5, 2, 0x8000 },
		{ { 0x48, 0xc7, 0x04, 0x25, 0, 0x80, 0, 0, 0, 0, 0, 0 }, 12, 8, 0x8000 },
		{ { 0x89, 0x05, 0x00, 0x01, 0, 0 }, 6, 4, ENTRY + 0x100 },
		{ { 0xa3, 0, 0x80, 0, 0, 0, 0, 0, 0 }, 9, 4, 0x8000 },
		{ { 0xab }, 1, 4, 0x800c },
		{ { 0x8b, 0x03 }, 2, 0, 0 },
		{ { 0x0f, 0xb6, 0x43, 0x04 }, 4, 0, 0 },
		{ { 0xf3, 0x0f, 0x7f, 0x03 }, 4, 16, 0x8000 },
		{ { 0x48, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8 }, 10, 0, 0 },
		{ { 0xf6, 0x03, 0x01 }, 3, 0, 0 },
		{ { 0xf6, 0x1b }, 2, 0, 0 },
		{ { 0xe8, 0, 0, 0, 0 }, 5, 0, 0 },
	};
	const struct vcpu_registers registers = {
		.general = { [0] = 0x30, [3] = 0x8000, [7] = 0x8010 }, .rip = ENTRY
	};
	const struct vcpu_mode mode = { .long_mode = true };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct instruction instruction;

		assert_true(instruction__decode(rows[i].bytes, 15, &mode, &registers,
						&instruction));
		assert_int_equal(instruction.length, rows[i].length);
		assert_int_equal(instruction.stores, rows[i].size != 0);
		if (rows[i].size) {
			assert_int_equal(instruction.size, rows[i].size);
			assert_int_equal(instruction.addr, rows[i].addr);
		}
		/* One that is cut off is none. */
		assert_false(instruction__decode(rows[i].bytes, rows[i].length - 1, &mode,
						 &registers, &instruction));
	}
}

/* Of an instruction that cannot be read its length is told, and nothing else. */
static void unreadable_instruction(void **state)
{
	static const uint8_t none[INSTRUCTION_MAX];
	const struct vcpu_exit load = { .kind = VCPU_EXIT_MEMORY, .size = 4, .address = TRAP };

	(void)state;
	fixture__set_era(ZXERA_2020_07);
	set_up(none, sizeof(none));
	guest_model.registers.rip = 2 * PAGE_SIZE;
	guest_model.length = 7;
	assert_int_equal(enter(&load), ZX_OK);
	assert_int_equal(packet.guest_mem.inst_len, 7);
	assert_memory_equal(packet.guest_mem.inst_buf, none, 7);
	tear_down();
}

#define LEVELS 200000u

/* Programs choose how deep VMARs lie in each other: zxrun's stack must not depend on it. */
static void trap_in_deep_vmars(void **state)
{
	static const uint8_t none[1];
	struct vmar *vmar;
	struct vmar *child;
	struct vmo *vmo;
	uint64_t base;
	uint64_t addr;

	(void)state;
	set_up(none, sizeof(none));
	vmar = guest__vmar(guest);
	for (uint32_t i = 0; i < LEVELS; i++) {
		assert_int_equal(vmar__allocate(vmar, ZX_VM_CAN_MAP_READ | ZX_VM_CAN_MAP_SPECIFIC |
						ZX_VM_SPECIFIC, i ? 0 : PAGE_SIZE * 16,
						PAGE_SIZE * 3, &child, &base), ZX_OK);
		object__put(&vmar->object);
		vmar = child;
	}
	assert_int_equal(vmo__create(3 * PAGE_SIZE, false, &vmo), ZX_OK);
	assert_int_equal(vmar__map(fx.self, vmar, ZX_VM_PERM_READ | ZX_VM_SPECIFIC, 0, vmo,
				   HOST_PROT_READ, 0, 3 * PAGE_SIZE, &addr), ZX_OK);
	assert_int_equal(guest__set_trap(fx.self, guest, ZX_GUEST_TRAP_MEM, base + PAGE_SIZE,
					 PAGE_SIZE, NULL, KEY), ZX_OK);
	assert_int_equal(vmar->count, 2);
	assert_int_equal(vmar->children[1]->base, base + 2 * PAGE_SIZE);
	object__put(&vmo->object);
	object__put(&vmar->object);
	tear_down();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(errors),
		test_case(packets_of_memory),
		test_case(memory_that_comes),
		test_case(interrupts),
		test_case(registers_of_the_machine),
		test_case(packets_of_processors),
		test_case(instructions),
		test_case(unreadable_instruction),
		test_case(trap_in_deep_vmars),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
