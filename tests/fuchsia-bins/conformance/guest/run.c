/*
 * Running processors of guests, and their state. Both names of the call that runs one are checked.
 */
#include "guest.h"

static zx_port_packet_t packet;

#define ROOT .root = true
#define RESUME .to = ERA_2021_01
#define ENTER .from = ERA_NEWEST

GUEST_CODE(exits, GUEST_EXIT GUEST_EXIT);
GUEST_CODE(writes_port, "mov $0x5a, %eax\nout %al, $0x11\n" GUEST_EXIT);
GUEST_CODE(reads_port, "mov $-1, %rax\nin $0x11, %al\n" GUEST_EXIT);
GUEST_CODE(other_port, "out %al, $0x77\n");
GUEST_CODE(missing, "mov 0x200000, %eax\n");
GUEST_CODE(port_string, "mov $0x11, %edx\nmov $0x30000, %esi\nmov $2, %ecx\nrep outsb\n");
GUEST_CODE(apic_base, "mov $0x1b, %ecx\nxor %eax, %eax\nxor %edx, %edx\nwrmsr\n");
GUEST_CODE(loads, "mov 0x80010, %ebx\n" GUEST_EXIT);

static zx_status_t run_code(const char *start, const char *end)
{
	struct vm vm;

	make_vm(&vm, start, end);
	return run(vm.vcpu, &packet);
}

static zx_status_t on_other_thread;
static zx_handle_t shared_vcpu;

static void run_shared(void *arg)
{
	(void)arg;
	on_other_thread = run(shared_vcpu, &packet);
}

static zx_status_t run_elsewhere(void)
{
	struct vm vm;

	make_vm(&vm, GUEST(exits));
	shared_vcpu = vm.vcpu;
	start_thread(run_shared, NULL);
	join_threads();
	return on_other_thread;
}

static zx_status_t run_into(void *where)
{
	struct vm vm;
	zx_status_t status;

	make_vm(&vm, GUEST(exits));
	status = run(vm.vcpu, where);
	return status;
}

/* What both names do. */
#define CHECK_RUN(call, dates) \
	CHECK_HANDLE_VALID(call, handle, run(h, &packet), dates) \
	CHECK_HANDLE_TYPE(call, handle, make_event(), run(h, &packet), dates) \
	CHECK_HANDLE_RIGHT(call, handle, EXECUTE, any_vcpu(), run(h, &packet), dates, ROOT) \
	REFUSES(call, ZX_ERR_BAD_STATE, other_thread, run_elsewhere(), .line = "another thread", \
		dates, ROOT) \
	REFUSES(call, ZX_ERR_NOT_SUPPORTED, port_string, run_code(GUEST(port_string)), dates, \
		ROOT) \
	REFUSES(call, ZX_ERR_NOT_FOUND, port_without_trap, run_code(GUEST(other_port)), dates, \
		ROOT) \
	REFUSES(call, ZX_ERR_NOT_FOUND, no_memory, run_code(GUEST(missing)), dates, ROOT) \
	REFUSES(call, ZX_ERR_INVALID_ARGS, apic_base, run_code(GUEST(apic_base)), \
		.line = "privileged", dates, ROOT) \
	REFUSES(call, ZX_ERR_INVALID_ARGS, bad_packet, run_into(BAD_POINTER), \
		.line = "bad pointer", dates, ROOT)

CHECK_RUN(vcpu_resume, RESUME)
CHECK_RUN(vcpu_enter, ENTER)

/* --- Packets --- */

static void check_instruction(uint8_t size, const uint8_t *bytes)
{
	const zx_packet_guest_mem_newest_t *newest = (const void *)&packet.user;

	if (era() == ERA_NEWEST) {
		EXPECT_EQ(newest->instruction_size, size);
		EXPECT_EQ(newest->rip, VM_ENTRY);
		EXPECT_EQ(newest->cr3, 0);
		EXPECT_EQ(newest->default_operand_size, 4);
		return;
	}
	EXPECT_EQ(packet.guest_mem.inst_len, size);
	EXPECT_BYTES(packet.guest_mem.inst_buf, bytes, size);
	EXPECT_EQ(packet.guest_mem.default_operand_size, 4);
}

static void tells_a_store(void)
{
	static const uint8_t bytes[] = { 0x48, 0xc7, 0x04, 0x25, 0, 0, 8, 0, 0, 0, 0, 0 };
	struct vm vm;

	make_vm(&vm, GUEST(exits));
	EXPECT_OK(run(vm.vcpu, &packet));
	EXPECT_EQ(packet.type, ZX_PKT_TYPE_GUEST_MEM);
	EXPECT_EQ(packet.key, EXIT_KEY);
	EXPECT_EQ(packet.guest_mem.addr, VM_EXIT);
	check_instruction(sizeof(bytes), bytes);
	run_to_exit(&vm);
}

/* The monitor answers a load by the register, and the guest goes on behind it. */
static void tells_a_load(void)
{
	static const uint8_t bytes[] = { 0x8b, 0x1c, 0x25, 0x10, 0, 8, 0 };
	zx_vcpu_state_t state;
	struct vm vm;

	make_vm(&vm, GUEST(loads));
	EXPECT_OK(run(vm.vcpu, &packet));
	EXPECT_EQ(packet.guest_mem.addr, VM_EXIT + 0x10);
	check_instruction(sizeof(bytes), bytes);
	state = state_of(vm.vcpu);
	EXPECT_EQ(state.rbx, 0);
	state.rbx = 123;
	EXPECT_OK(zx_vcpu_write_state(vm.vcpu, ZX_VCPU_STATE, &state, sizeof(state)));
	run_to_exit(&vm);
	EXPECT_EQ(state_of(vm.vcpu).rbx, 123);
}

static void tells_an_output(void)
{
	struct vm vm;

	make_vm(&vm, GUEST(writes_port));
	EXPECT_OK(run(vm.vcpu, &packet));
	EXPECT_EQ(packet.type, ZX_PKT_TYPE_GUEST_IO);
	EXPECT_EQ(packet.key, PORT_KEY);
	EXPECT_EQ(packet.guest_io.port, VM_PORT);
	EXPECT_EQ(packet.guest_io.access_size, 1);
	EXPECT_EQ(packet.guest_io.input, false);
	EXPECT_EQ(packet.guest_io.u32, 0x5a);
	run_to_exit(&vm);
}

static void asks_for_input(void)
{
	zx_vcpu_io_t io = { .access_size = 1, .u8 = 0x42 };
	struct vm vm;

	make_vm(&vm, GUEST(reads_port));
	EXPECT_OK(run(vm.vcpu, &packet));
	EXPECT_EQ(packet.type, ZX_PKT_TYPE_GUEST_IO);
	EXPECT_EQ(packet.guest_io.input, true);
	EXPECT_OK(zx_vcpu_write_state(vm.vcpu, ZX_VCPU_IO, &io, sizeof(io)));
	run_to_exit(&vm);
	EXPECT_EQ(state_of(vm.vcpu).rax, 0xffffffffffffff42);
}

#define CHECK_PACKETS(call, dates) \
	CHECK(call, store, dates, ROOT) { tells_a_store(); } \
	CHECK(call, load, dates, ROOT) { tells_a_load(); } \
	CHECK(call, output, dates, ROOT) { tells_an_output(); } \
	CHECK(call, input, dates, ROOT) { asks_for_input(); }

CHECK_PACKETS(vcpu_resume, RESUME)
CHECK_PACKETS(vcpu_enter, ENTER)

CHECK(guest_set_trap, bell, ROOT)
{
	zx_handle_t port = make_port();
	struct vm vm;

	make_vm(&vm, GUEST(missing));
	vm__copy(&vm, VM_ENTRY, exits_start, (size_t)(exits_end - exits_start));
	EXPECT_OK(zx_guest_set_trap(vm.guest, ZX_GUEST_TRAP_BELL, VM_TRAP, RT_PAGE_SIZE, port, 9));
	/* movq $0, VM_TRAP in place of the first store */
	*(volatile uint32_t *)(vm.memory + VM_ENTRY + 4) = VM_TRAP;
	run_to_exit(&vm);
	EXPECT_OK(zx_port_wait(port, LATE, &packet));
	EXPECT_EQ(packet.type, ZX_PKT_TYPE_GUEST_BELL);
	EXPECT_EQ(packet.key, 9);
	EXPECT_EQ(packet.guest_bell.addr, VM_TRAP);
}

/* --- vcpu_kick --- */

CHECK_HANDLE_VALID(vcpu_kick, handle, zx_vcpu_kick(h))
CHECK_HANDLE_TYPE(vcpu_kick, handle, make_event(), zx_vcpu_kick(h))
CHECK_HANDLE_RIGHT(vcpu_kick, handle, EXECUTE, any_vcpu(), zx_vcpu_kick(h), ROOT)

CHECK_ERROR(vcpu_enter, ZX_ERR_CANCELED, kicked, ENTER, ROOT)
{
	struct vm vm;

	make_vm(&vm, GUEST(exits));
	EXPECT_OK(zx_vcpu_kick(vm.vcpu));
	EXPECT_STATUS(zx_vcpu_enter(vm.vcpu, &packet), ZX_ERR_CANCELED);
	run_to_exit(&vm);
}

/* --- vcpu_interrupt --- */

CHECK_HANDLE_VALID(vcpu_interrupt, handle, zx_vcpu_interrupt(h, 32))
CHECK_HANDLE_TYPE(vcpu_interrupt, handle, make_event(), zx_vcpu_interrupt(h, 32))
CHECK_HANDLE_RIGHT(vcpu_interrupt, handle, SIGNAL, any_vcpu(), zx_vcpu_interrupt(h, 32), ROOT)
REFUSES(vcpu_interrupt, ZX_ERR_OUT_OF_RANGE, no_vector, zx_vcpu_interrupt(any_vcpu(), 256),
	.to = ERA_2018_10, ROOT)
REFUSES(vcpu_interrupt, ZX_ERR_OUT_OF_RANGE, no_vector_newest, zx_vcpu_interrupt(any_vcpu(), 256),
	.from = ERA_NEWEST, ROOT)

GUEST_CODE(takes, GUEST_TABLES "sti\n" GUEST_EXIT "1: jmp 1b\n"
		  ".hidden takes_handler\ntakes_handler:\n" GUEST_EXIT "iretq\n");
extern const char takes_handler[];

CHECK(vcpu_interrupt, delivered, ROOT)
{
	struct vm vm;

	make_vm(&vm, GUEST(takes));
	vm__tables(&vm, takes_start, takes_handler);
	run_to_exit(&vm);
	EXPECT_OK(zx_vcpu_interrupt(vm.vcpu, 32));
	run_to_exit(&vm);
	EXPECT_EQ(state_of(vm.vcpu).rax, 32);
}

/* --- vcpu_read_state, vcpu_write_state --- */

static zx_vcpu_state_t state;
static const zx_vcpu_io_t io = { .access_size = 4 };
static const zx_vcpu_io_t odd_io = { .access_size = 3 };

static zx_status_t read_state(zx_handle_t vcpu)
{
	return zx_vcpu_read_state(vcpu, ZX_VCPU_STATE, &state, sizeof(state));
}

static zx_status_t write_state(zx_handle_t vcpu)
{
	return zx_vcpu_write_state(vcpu, ZX_VCPU_STATE, &state, sizeof(state));
}

static void read_shared(void *arg)
{
	(void)arg;
	on_other_thread = read_state(shared_vcpu);
}

static void write_shared(void *arg)
{
	(void)arg;
	on_other_thread = write_state(shared_vcpu);
}

static zx_status_t elsewhere(void (*act)(void *arg))
{
	shared_vcpu = any_vcpu();
	start_thread(act, NULL);
	join_threads();
	return on_other_thread;
}

CHECK_HANDLE_VALID(vcpu_read_state, handle, read_state(h))
CHECK_HANDLE_TYPE(vcpu_read_state, handle, make_event(), read_state(h))
CHECK_HANDLE_RIGHT(vcpu_read_state, handle, READ, any_vcpu(), read_state(h), ROOT)
REFUSES(vcpu_read_state, ZX_ERR_INVALID_ARGS, kind,
	zx_vcpu_read_state(any_vcpu(), ZX_VCPU_IO, &state, sizeof(io)), .line = "kind", ROOT)
REFUSES(vcpu_read_state, ZX_ERR_INVALID_ARGS, size,
	zx_vcpu_read_state(any_vcpu(), ZX_VCPU_STATE, &state, sizeof(state) - 1), .line = "kind",
	ROOT)
REFUSES(vcpu_read_state, ZX_ERR_INVALID_ARGS, bad_buffer,
	zx_vcpu_read_state(any_vcpu(), ZX_VCPU_STATE, BAD_POINTER, sizeof(state)),
	.line = "bad pointer", ROOT)
REFUSES(vcpu_read_state, ZX_ERR_BAD_STATE, other_thread, elsewhere(read_shared), ROOT)

CHECK_HANDLE_VALID(vcpu_write_state, handle, write_state(h))
CHECK_HANDLE_TYPE(vcpu_write_state, handle, make_event(), write_state(h))
CHECK_HANDLE_RIGHT(vcpu_write_state, handle, WRITE, any_vcpu(), write_state(h), ROOT)
REFUSES(vcpu_write_state, ZX_ERR_INVALID_ARGS, kind,
	zx_vcpu_write_state(any_vcpu(), 2, &state, sizeof(state)), .line = "kind", ROOT)
REFUSES(vcpu_write_state, ZX_ERR_INVALID_ARGS, size,
	zx_vcpu_write_state(any_vcpu(), ZX_VCPU_IO, &io, sizeof(io) - 1), .line = "kind", ROOT)
REFUSES(vcpu_write_state, ZX_ERR_INVALID_ARGS, access_size,
	zx_vcpu_write_state(any_vcpu(), ZX_VCPU_IO, &odd_io, sizeof(odd_io)),
	.line = "access_size", .from = ERA_NEWEST, ROOT)
REFUSES(vcpu_write_state, ZX_ERR_INVALID_ARGS, bad_buffer,
	zx_vcpu_write_state(any_vcpu(), ZX_VCPU_STATE, BAD_POINTER, sizeof(state)),
	.line = "bad pointer", ROOT)
REFUSES(vcpu_write_state, ZX_ERR_BAD_STATE, other_thread, elsewhere(write_shared), ROOT)

CHECK(vcpu_write_state, read_again, ROOT)
{
	zx_handle_t vcpu = any_vcpu();
	zx_vcpu_state_t before = { .rax = 1, .rsp = 2, .r15 = 3 };
	zx_vcpu_state_t after;

	EXPECT_OK(zx_vcpu_write_state(vcpu, ZX_VCPU_STATE, &before, sizeof(before)));
	after = state_of(vcpu);
	EXPECT_BYTES(&after, &before, sizeof(before));
}

/* --- interrupt_bind_vcpu --- */

static zx_handle_t virtual_interrupt(void)
{
	zx_handle_t interrupt;

	EXPECT_OK(zx_interrupt_create(ZX_HANDLE_INVALID, 0, ZX_INTERRUPT_VIRTUAL, &interrupt));
	return own(interrupt);
}

static zx_status_t bind(zx_handle_t interrupt, zx_handle_t vcpu)
{
	return zx_interrupt_bind_vcpu(interrupt, vcpu, 0);
}

CHECK_HANDLE_VALID(interrupt_bind_vcpu, handle, bind(h, ZX_HANDLE_INVALID))
CHECK_HANDLE_TYPE(interrupt_bind_vcpu, handle, make_event(), bind(h, ZX_HANDLE_INVALID))
REFUSES(interrupt_bind_vcpu, ZX_ERR_BAD_HANDLE, no_vcpu,
	bind(virtual_interrupt(), ZX_HANDLE_INVALID))
REFUSES(interrupt_bind_vcpu, ZX_ERR_WRONG_TYPE, no_vcpu, bind(virtual_interrupt(), make_event()))
REFUSES(interrupt_bind_vcpu, ZX_ERR_ACCESS_DENIED, handle_lacks_read,
	bind(without_rights(virtual_interrupt(), ZX_RIGHT_READ), ZX_HANDLE_INVALID))
REFUSES(interrupt_bind_vcpu, ZX_ERR_ACCESS_DENIED, vcpu_lacks_write,
	bind(virtual_interrupt(), without_rights(any_vcpu(), ZX_RIGHT_WRITE)), ROOT)
REFUSES(interrupt_bind_vcpu, ZX_ERR_NOT_SUPPORTED, virtual, bind(virtual_interrupt(), any_vcpu()),
	ROOT)
REFUSES(interrupt_bind_vcpu, ZX_ERR_INVALID_ARGS, options,
	zx_interrupt_bind_vcpu(virtual_interrupt(), any_vcpu(), 1), .line = "options",
	.from = ERA_2020_07, ROOT)
