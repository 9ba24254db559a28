/* Guests: memory, traps, and what they do wrong. Run with --root-resource, where there is KVM. */
#include "check.h"

#include <zircon/eras.h>
#include <zircon/errors.h>

#include "guest/check_vm.h"

GUEST_CODE(plain, "mov %cr3, %rax\nmov %rax, %cr3\n"
		  "xor %eax, %eax\nxor %edx, %edx\nmov $0xc0000101, %ecx\nwrmsr\n"
		  "xor %eax, %eax\ncpuid\n" GUEST_EXIT);

static void runs(void)
{
	struct vm vm;

	if (check_vm__set_up(&vm, GUEST(plain)))
		check_vm__run_to_exit(&vm);
	check_vm__tear_down(&vm);
}

GUEST_CODE(stores, "mov $0x1122334455667788, %rax\nmov %rax, 0x30000\nlock incq 0x30008\n"
		   GUEST_EXIT "mov 0x30010, %rbx\n" GUEST_EXIT);

/* What the guest writes is in the VMO at once, and what is written there is in the guest. */
static void memory_is_the_vmo(void)
{
	zx_vcpu_state_t state;
	uint64_t words[2];
	uint64_t value = 0x5a;
	struct vm vm;

	if (!check_vm__set_up(&vm, GUEST(stores)))
		return;
	check_vm__run_to_exit(&vm);
	CHECK_OK(zx_vmo_read(vm.vmo, words, 0x30000, sizeof(words)));
	CHECK_EQ(words[0], 0x1122334455667788);
	CHECK_EQ(words[1], 1);
	CHECK_EQ(*vm__word(&vm, 0x30008), 1);
	CHECK_OK(zx_vmo_write(vm.vmo, &value, 0x30010, sizeof(value)));
	check_vm__run_to_exit(&vm);
	CHECK_OK(zx_vcpu_read_state(vm.vcpu, ZX_VCPU_STATE, &state, sizeof(state)));
	CHECK_EQ(state.rbx, 0x5a);
	check_vm__tear_down(&vm);
}

/* A snapshot keeps what was there, whatever the guest writes from then on; the guest goes on. */
static void memory_and_snapshots(void)
{
	uint64_t word = 1;
	zx_handle_t child;
	struct vm vm;

	if (!check_vm__set_up(&vm, GUEST(stores)))
		return;
	CHECK_OK(zx_vmo_create_child(vm.vmo, ZX_VMO_CHILD_SNAPSHOT, 0, VM_SIZE, &child));
	check_vm__run_to_exit(&vm);
	CHECK_OK(zx_vmo_read(vm.vmo, &word, 0x30000, sizeof(word)));
	CHECK_EQ(word, 0x1122334455667788);
	CHECK_OK(zx_vmo_read(child, &word, 0x30000, sizeof(word)));
	CHECK_EQ(word, 0);
	check_vm__run_to_exit(&vm);
	zx_handle_close(child);
	check_vm__tear_down(&vm);
}

GUEST_CODE(reads, "movl 0x30000, %ebx\n" GUEST_EXIT "movl %ebx, 0x30004\n" GUEST_EXIT);

/* A page that can only be read is read, and a write to it ends the run. */
static void memory_protection(void)
{
	zx_port_packet_t packet;
	zx_vcpu_state_t state;
	struct vm vm;

	if (!check_vm__set_up(&vm, GUEST(reads)))
		return;
	*vm__word(&vm, 0x30000) = 77;
	CHECK_OK(zx_vmar_protect(vm.vmar, ZX_VM_PERM_READ, 0x30000, 0x1000));
	check_vm__run_to_exit(&vm);
	CHECK_OK(zx_vcpu_read_state(vm.vcpu, ZX_VCPU_STATE, &state, sizeof(state)));
	CHECK_EQ(state.rbx, 77);
	CHECK_STATUS(zx_vcpu_enter(vm.vcpu, &packet), ZX_ERR_ACCESS_DENIED);
	CHECK_EQ(*vm__word(&vm, 0x30000), 77);
	/* It stays at that instruction, which works once it can. */
	CHECK_OK(zx_vmar_protect(vm.vmar, ZX_VM_PERM_READ | ZX_VM_PERM_WRITE, 0x30000, 0x1000));
	check_vm__run_to_exit(&vm);
	CHECK_EQ(*vm__word(&vm, 0x30000), 77 | 77ull << 32);
	check_vm__tear_down(&vm);
}

GUEST_CODE(hole_read, "mov 0x200000, %eax\n" GUEST_EXIT);
GUEST_CODE(hole_write, "movq $1, 0x200000\n" GUEST_EXIT);
GUEST_CODE(hole_jump, "mov $0x200000, %eax\njmp *%rax\n");

/* Memory that is not there; it can come later. */
static void memory_missing(void)
{
	zx_port_packet_t packet;
	struct vm vm;

	if (check_vm__set_up(&vm, GUEST(hole_read))) {
		CHECK_STATUS(zx_vcpu_enter(vm.vcpu, &packet), ZX_ERR_NOT_FOUND);
		check_vm__tear_down(&vm);
	}
	if (check_vm__set_up(&vm, GUEST(hole_jump))) {
		CHECK_STATUS(zx_vcpu_enter(vm.vcpu, &packet), ZX_ERR_NOT_FOUND);
		check_vm__tear_down(&vm);
	}
	if (check_vm__set_up(&vm, GUEST(hole_write))) {
		zx_handle_t more;
		zx_vaddr_t addr;

		CHECK_STATUS(zx_vcpu_enter(vm.vcpu, &packet), ZX_ERR_NOT_FOUND);
		CHECK_OK(zx_vmo_create(0x1000, 0, &more));
		CHECK_OK(zx_vmar_map(vm.vmar, VM_MAP & ~ZX_VM_PERM_EXECUTE, VM_HOLE, more, 0,
				     0x1000, &addr));
		CHECK_EQ(addr, VM_HOLE);
		check_vm__run_to_exit(&vm);
		CHECK_OK(zx_vmo_read(more, &addr, 0, sizeof(addr)));
		CHECK_EQ(addr, 1);
		zx_handle_close(more);
		check_vm__tear_down(&vm);
	}
}

/* Memory that became smaller than what is mapped. */
static void memory_shrunk(void)
{
	zx_port_packet_t packet;
	zx_handle_t more;
	zx_vaddr_t addr;
	struct vm vm;

	if (!check_vm__set_up(&vm, GUEST(hole_read)))
		return;
	CHECK_OK(zx_vmo_create(0x1000, ZX_VMO_RESIZABLE, &more));
	CHECK_OK(zx_vmar_map(vm.vmar, VM_MAP & ~ZX_VM_PERM_EXECUTE, VM_HOLE, more, 0, 0x1000,
			     &addr));
	CHECK_OK(zx_vmo_set_size(more, 0));
	CHECK_STATUS(zx_vcpu_enter(vm.vcpu, &packet), ZX_ERR_OUT_OF_RANGE);
	CHECK_OK(zx_vmo_set_size(more, 0x1000));
	check_vm__run_to_exit(&vm);
	zx_handle_close(more);
	check_vm__tear_down(&vm);
}

struct paged {
	zx_handle_t pager;
	zx_handle_t port;
	zx_handle_t vmo;
};

static void supply(void *arg)
{
	struct paged *paged = arg;
	uint64_t value = 0x77;
	zx_port_packet_t packet;
	zx_handle_t pages;

	REQUIRE_OK(zx_port_wait(paged->port, ZX_TIME_INFINITE, &packet));
	CHECK_EQ(packet.page_request.offset, 0);
	CHECK_OK(zx_vmo_create(0x1000, 0, &pages));
	CHECK_OK(zx_vmo_write(pages, &value, 0, sizeof(value)));
	CHECK_OK(zx_pager_supply_pages(paged->pager, paged->vmo, 0, 0x1000, pages, 0));
	zx_handle_close(pages);
}

/* Pages that a pager supplies when the guest wants them. */
static void memory_of_a_pager(void)
{
	static struct rt_thread thread;
	struct paged paged;
	zx_vaddr_t addr;
	struct vm vm;

	if (!check_vm__set_up(&vm, GUEST(hole_read)))
		return;
	CHECK_OK(zx_port_create(0, &paged.port));
	CHECK_OK(zx_pager_create(0, &paged.pager));
	CHECK_OK(zx_pager_create_vmo(paged.pager, 0, paged.port, 1, 0x1000, &paged.vmo));
	CHECK_OK(zx_vmar_map(vm.vmar, ZX_VM_PERM_READ | ZX_VM_SPECIFIC, VM_HOLE, paged.vmo, 0,
			     0x1000, &addr));
	REQUIRE_OK(rt_thread__start(&thread, "supplies", supply, &paged));
	check_vm__run_to_exit(&vm);
	CHECK_EQ(check_vm__state(&vm).rax, 0x77);
	CHECK_OK(rt_thread__join(&thread));
	zx_handle_close(paged.vmo);
	zx_handle_close(paged.pager);
	zx_handle_close(paged.port);
	check_vm__tear_down(&vm);
}

GUEST_CODE(counts, "1: lock incq 0x30000\njmp 1b\n");

static void unmap_soon(void *arg)
{
	struct vm *vm = arg;

	while (!*vm__word(vm, 0x30000))
		;
	CHECK_OK(zx_vmar_unmap(vm->vmar, 0x30000, 0x1000));
}

/* Memory goes while the guest uses it: its run ends. */
static void memory_unmapped_meanwhile(void)
{
	static struct rt_thread thread;
	zx_port_packet_t packet;
	struct vm vm;

	if (!check_vm__set_up(&vm, GUEST(counts)))
		return;
	REQUIRE_OK(rt_thread__start(&thread, "unmaps", unmap_soon, &vm));
	CHECK_STATUS(zx_vcpu_enter(vm.vcpu, &packet), ZX_ERR_NOT_FOUND);
	CHECK_OK(rt_thread__join(&thread));
	check_vm__tear_down(&vm);
}

GUEST_CODE(traps, "mov $0x1234, %eax\nmov %eax, 0x82004\n"  /* a store of a register */
		  "mov 0x82008, %edx\n"			    /* a load */
		  "mov %edx, %esi\n" GUEST_EXIT);

/* The monitor does what the instruction would: its effect is there once, and as it chose. */
static void trap_memory(void)
{
	zx_port_packet_t packet;
	const zx_packet_guest_mem_newest_t *mem = (const void *)&packet.user;
	zx_vcpu_state_t state;
	struct vm vm;

	if (!check_vm__set_up(&vm, GUEST(traps)))
		return;
	CHECK_OK(zx_guest_set_trap(vm.guest, ZX_GUEST_TRAP_MEM, VM_TRAP, 0x1000, ZX_HANDLE_INVALID,
				   99));
	CHECK_OK(zx_vcpu_enter(vm.vcpu, &packet));
	CHECK_EQ(packet.type, ZX_PKT_TYPE_GUEST_MEM);
	CHECK_EQ(packet.key, 99);
	CHECK_EQ(mem->addr, VM_TRAP + 4);
	CHECK_EQ(mem->cr3, 0);
	CHECK_EQ(mem->rip, VM_ENTRY + 5);
	CHECK_EQ(mem->instruction_size, 7);
	CHECK_EQ(mem->default_operand_size, 4);
	CHECK_OK(zx_vcpu_enter(vm.vcpu, &packet));
	CHECK_EQ(mem->addr, VM_TRAP + 8);
	CHECK_EQ(mem->rip, VM_ENTRY + 12);
	CHECK_EQ(mem->instruction_size, 7);
	CHECK_OK(zx_vcpu_read_state(vm.vcpu, ZX_VCPU_STATE, &state, sizeof(state)));
	CHECK_EQ(state.rax, 0x1234);
	CHECK_EQ(state.rdx, 0);
	state.rdx = 0xabcd;
	CHECK_OK(zx_vcpu_write_state(vm.vcpu, ZX_VCPU_STATE, &state, sizeof(state)));
	check_vm__run_to_exit(&vm);
	CHECK_OK(zx_vcpu_read_state(vm.vcpu, ZX_VCPU_STATE, &state, sizeof(state)));
	CHECK_EQ(state.rsi, 0xabcd);
	check_vm__tear_down(&vm);
}

GUEST_CODE(rings, "movl $1, 0x82000\nmovl $2, 0x82ff0\n" GUEST_EXIT "mov 0x82000, %eax\n");

static void trap_bell(void)
{
	zx_port_packet_t packet;
	zx_handle_t port;
	struct vm vm;

	if (!check_vm__set_up(&vm, GUEST(rings)))
		return;
	CHECK_OK(zx_port_create(0, &port));
	CHECK_OK(zx_guest_set_trap(vm.guest, ZX_GUEST_TRAP_BELL, VM_TRAP, 0x1000, port, 5));
	check_vm__run_to_exit(&vm);
	CHECK_OK(zx_port_wait(port, ZX_TIME_INFINITE, &packet));
	CHECK_EQ(packet.type, ZX_PKT_TYPE_GUEST_BELL);
	CHECK_EQ(packet.key, 5);
	CHECK_EQ(packet.guest_bell.addr, VM_TRAP);
	CHECK_OK(zx_port_wait(port, ZX_TIME_INFINITE, &packet));
	CHECK_EQ(packet.guest_bell.addr, VM_TRAP + 0xff0);
	CHECK_STATUS(zx_port_wait(port, 0, &packet), ZX_ERR_TIMED_OUT);
	/* Nothing answers who reads. */
	CHECK_STATUS(zx_vcpu_enter(vm.vcpu, &packet), ZX_ERR_NOT_SUPPORTED);
	zx_handle_close(port);
	check_vm__tear_down(&vm);
}

GUEST_CODE(rings_often, "mov $300, %ecx\n1: movl %ecx, 0x82000\ndec %ecx\njnz 1b\n" GUEST_EXIT);

static void take_packets(void *arg)
{
	zx_handle_t *port = arg;
	zx_port_packet_t packet;

	zx_nanosleep(zx_deadline_after(ZX_MSEC(50)));
	for (int i = 0; i < 300; i++)
		CHECK_OK(zx_port_wait(*port, ZX_TIME_INFINITE, &packet));
}

/* A bell has 256 packets; the guest waits when they are all in the port. */
static void trap_bell_full(void)
{
	static struct rt_thread thread;
	zx_port_packet_t packet;
	zx_handle_t port;
	struct vm vm;

	if (!check_vm__set_up(&vm, GUEST(rings_often)))
		return;
	CHECK_OK(zx_port_create(0, &port));
	CHECK_OK(zx_guest_set_trap(vm.guest, ZX_GUEST_TRAP_BELL, VM_TRAP, 0x1000, port, 5));
	REQUIRE_OK(rt_thread__start(&thread, "takes", take_packets, &port));
	check_vm__run_to_exit(&vm);
	CHECK_OK(rt_thread__join(&thread));
	CHECK_STATUS(zx_port_wait(port, 0, &packet), ZX_ERR_TIMED_OUT);
	zx_handle_close(port);
	check_vm__tear_down(&vm);
}

GUEST_CODE(ports, "mov $0x11223344, %eax\nout %al, $0x11\nout %ax, $0x12\nout %eax, $0x14\n"
		  "mov $-1, %rax\nin $0x11, %al\nmov %rax, %rbx\n"
		  "mov $-1, %rax\nin $0x14, %eax\nmov %rax, %rcx\n" GUEST_EXIT "out %al, $0x99\n");

static void check_output(struct vm *vm, uint16_t port, uint8_t size, uint32_t value)
{
	zx_port_packet_t packet;

	CHECK_OK(zx_vcpu_enter(vm->vcpu, &packet));
	CHECK_EQ(packet.type, ZX_PKT_TYPE_GUEST_IO);
	CHECK_EQ(packet.key, 3);
	CHECK_EQ(packet.guest_io.port, port);
	CHECK_EQ(packet.guest_io.access_size, size);
	CHECK_EQ(packet.guest_io.input, false);
	CHECK_EQ(packet.guest_io.u32, value);
}

static void answer_input(struct vm *vm, uint16_t port, uint8_t size, uint32_t value)
{
	zx_vcpu_io_t io = { .access_size = size, .u32 = value };
	zx_port_packet_t packet;

	CHECK_OK(zx_vcpu_enter(vm->vcpu, &packet));
	CHECK_EQ(packet.type, ZX_PKT_TYPE_GUEST_IO);
	CHECK_EQ(packet.guest_io.port, port);
	CHECK_EQ(packet.guest_io.access_size, size);
	CHECK_EQ(packet.guest_io.input, true);
	CHECK_OK(zx_vcpu_write_state(vm->vcpu, ZX_VCPU_IO, &io, sizeof(io)));
}

static void trap_ports(void)
{
	zx_port_packet_t packet;
	zx_vcpu_state_t state;
	struct vm vm;

	if (!check_vm__set_up(&vm, GUEST(ports)))
		return;
	CHECK_OK(zx_guest_set_trap(vm.guest, ZX_GUEST_TRAP_IO, VM_PORT, 8, ZX_HANDLE_INVALID, 3));
	check_output(&vm, 0x11, 1, 0x44);
	check_output(&vm, 0x12, 2, 0x3344);
	check_output(&vm, 0x14, 4, 0x11223344);
	answer_input(&vm, 0x11, 1, 0x5a);
	answer_input(&vm, 0x14, 4, 0x12345678);
	check_vm__run_to_exit(&vm);
	CHECK_OK(zx_vcpu_read_state(vm.vcpu, ZX_VCPU_STATE, &state, sizeof(state)));
	CHECK_EQ(state.rbx, 0xffffffffffffff5a);
	CHECK_EQ(state.rcx, 0x12345678);
	CHECK_STATUS(zx_vcpu_enter(vm.vcpu, &packet), ZX_ERR_NOT_FOUND);
	check_vm__tear_down(&vm);
}

GUEST_CODE(port_string, "mov $0x30000, %esi\nmov $0x11, %edx\nmov $4, %ecx\nrep outsb\n");

static void port_strings(void)
{
	zx_port_packet_t packet;
	struct vm vm;

	if (!check_vm__set_up(&vm, GUEST(port_string)))
		return;
	CHECK_OK(zx_guest_set_trap(vm.guest, ZX_GUEST_TRAP_IO, VM_PORT, 8, ZX_HANDLE_INVALID, 3));
	*vm__word(&vm, 0x30000) = 0x44332211;
	CHECK_STATUS(zx_vcpu_enter(vm.vcpu, &packet), ZX_ERR_NOT_SUPPORTED);
	check_vm__tear_down(&vm);
}

GUEST_CODE(faults, "ud2\n");

/* Without a table of interrupts the first exception is the third one at once. */
static void triple_fault(void)
{
	zx_port_packet_t packet;
	struct vm vm;

	if (!check_vm__set_up(&vm, GUEST(faults)))
		return;
	CHECK_STATUS(zx_vcpu_enter(vm.vcpu, &packet), ZX_ERR_NOT_SUPPORTED);
	check_vm__tear_down(&vm);
}

#define MANY 64

/* Each with its memory, all at once. */
static void many_guests(void)
{
	static struct vm vms[MANY];

	for (int i = 0; i < MANY; i++) {
		if (!check_vm__set_up(&vms[i], GUEST(plain)))
			return;
		/* A thread has one processor at a time. */
		zx_handle_close(vms[i].vcpu);
	}
	for (int i = 0; i < MANY; i++) {
		CHECK_OK(zx_vcpu_create(vms[i].guest, 0, VM_ENTRY, &vms[i].vcpu));
		check_vm__run_to_exit(&vms[i]);
		zx_handle_close(vms[i].vcpu);
		vms[i].vcpu = ZX_HANDLE_INVALID;
	}
	for (int i = 0; i < MANY; i++)
		check_vm__tear_down(&vms[i]);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	check_vm__init();
	RUN(runs);
	RUN(memory_is_the_vmo);
	RUN(memory_and_snapshots);
	RUN(memory_protection);
	RUN(memory_missing);
	RUN(memory_shrunk);
	RUN(memory_of_a_pager);
	RUN(memory_unmapped_meanwhile);
	RUN(trap_memory);
	RUN(trap_bell);
	RUN(trap_bell_full);
	RUN(trap_ports);
	RUN(port_strings);
	RUN(triple_fault);
	RUN(many_guests);
	return rt_check_result();
}
