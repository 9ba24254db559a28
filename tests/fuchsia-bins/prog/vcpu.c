/*
 * Processors of guests: state, interrupts, time, several of them. As guest.c, run with --root-
 * resource.
 */
#include "check.h"

#include <zircon/eras.h>
#include <zircon/errors.h>

#include "guest/check_vm.h"

#define VECTOR 32
#define OTHER_VECTOR 33

GUEST_CODE(adds, "add $1, %rax\nadd $2, %rcx\nadd $3, %rdx\nadd $4, %rbx\nadd $5, %rsp\n"
		 "add $6, %rbp\nadd $7, %rsi\nadd $8, %rdi\nadd $9, %r8\nadd $10, %r9\n"
		 "add $11, %r10\nadd $12, %r11\nadd $13, %r12\nadd $14, %r13\nadd $15, %r14\n"
		 "add $16, %r15\nstc\n" GUEST_EXIT);

/* All registers go in and come out, and flags only where they are meant. */
static void state(void)
{
	zx_vcpu_state_t values;
	uint64_t *words = (uint64_t *)&values;
	struct vm vm;

	if (!check_vm__set_up(&vm, GUEST(adds)))
		return;
	values = check_vm__state(&vm);
	for (uint64_t i = 0; i < 17; i++)
		CHECK_EQ(words[i], 0);
	for (uint64_t i = 0; i < 16; i++)
		words[i] = 100 * i;
	values.rflags = 0;
	CHECK_OK(zx_vcpu_write_state(vm.vcpu, ZX_VCPU_STATE, &values, sizeof(values)));
	check_vm__run_to_exit(&vm);
	values = check_vm__state(&vm);
	for (uint64_t i = 0; i < 16; i++)
		CHECK_EQ(words[i], 101 * i + 1);
	CHECK_EQ(values.rflags, 1);
	check_vm__tear_down(&vm);
}

static void other_thread(void *arg)
{
	zx_handle_t vcpu = *(zx_handle_t *)arg;
	zx_port_packet_t packet;
	zx_vcpu_state_t values;

	CHECK_STATUS(zx_vcpu_enter(vcpu, &packet), ZX_ERR_BAD_STATE);
	CHECK_STATUS(zx_vcpu_read_state(vcpu, ZX_VCPU_STATE, &values, sizeof(values)),
		     ZX_ERR_BAD_STATE);
	CHECK_STATUS(zx_vcpu_write_state(vcpu, ZX_VCPU_STATE, &values, sizeof(values)),
		     ZX_ERR_BAD_STATE);
}

static void one_thread_alone(void)
{
	static struct rt_thread thread;
	struct vm vm;

	if (!check_vm__set_up(&vm, GUEST(adds)))
		return;
	REQUIRE_OK(rt_thread__start(&thread, "other", other_thread, &vm.vcpu));
	CHECK_OK(rt_thread__join(&thread));
	check_vm__run_to_exit(&vm);
	check_vm__tear_down(&vm);
}

/* Goes round with interrupts on; the handler tells the vector in eax. */
GUEST_CODE(interruptible, GUEST_TABLES "sti\n" GUEST_EXIT "1: jmp 1b\n"
		 ".hidden interruptible_handler\ninterruptible_handler:\n" GUEST_EXIT "iretq\n");
extern const char interruptible_handler[];

static bool set_up_interruptible(struct vm *vm)
{
	if (!check_vm__set_up(vm, GUEST(interruptible)))
		return false;
	vm__tables(vm, interruptible_start, interruptible_handler);
	check_vm__run_to_exit(vm);
	return true;
}

static void expect_vector(struct vm *vm, uint64_t vector)
{
	check_vm__run_to_exit(vm);
	CHECK_EQ(check_vm__state(vm).rax, vector);
}

static void interrupts(void)
{
	struct vm vm;

	if (!set_up_interruptible(&vm))
		return;
	CHECK_OK(zx_vcpu_interrupt(vm.vcpu, VECTOR));
	expect_vector(&vm, VECTOR);
	/* Of two that wait the higher one comes first; the other one when that has ended. */
	CHECK_OK(zx_vcpu_interrupt(vm.vcpu, VECTOR));
	CHECK_OK(zx_vcpu_interrupt(vm.vcpu, OTHER_VECTOR));
	expect_vector(&vm, OTHER_VECTOR);
	expect_vector(&vm, VECTOR);
	/* An NMI comes before all. */
	CHECK_OK(zx_vcpu_interrupt(vm.vcpu, VECTOR));
	CHECK_OK(zx_vcpu_interrupt(vm.vcpu, 2));
	expect_vector(&vm, 2);
	expect_vector(&vm, VECTOR);
	/* Exceptions come last, and are forgotten when something else comes. */
	CHECK_OK(zx_vcpu_interrupt(vm.vcpu, 16));
	CHECK_OK(zx_vcpu_interrupt(vm.vcpu, VECTOR));
	expect_vector(&vm, VECTOR);
	CHECK_OK(zx_vcpu_interrupt(vm.vcpu, OTHER_VECTOR));
	expect_vector(&vm, OTHER_VECTOR);
	CHECK_OK(zx_vcpu_interrupt(vm.vcpu, 16));
	expect_vector(&vm, 16);
	check_vm__tear_down(&vm);
}

static void no_vector(void)
{
	zx_port_packet_t packet;
	struct vm vm;

	if (!set_up_interruptible(&vm))
		return;
	CHECK_STATUS(zx_vcpu_interrupt(vm.vcpu, 256), ZX_ERR_OUT_OF_RANGE);
	CHECK_OK(zx_vcpu_interrupt(vm.vcpu, 25));
	CHECK_STATUS(zx_vcpu_enter(vm.vcpu, &packet), ZX_ERR_NOT_SUPPORTED);
	check_vm__tear_down(&vm);
}

struct later {
	zx_handle_t vcpu;
	zx_status_t (*act)(zx_handle_t vcpu);
};

static zx_status_t interrupt(zx_handle_t vcpu)
{
	return zx_vcpu_interrupt(vcpu, VECTOR);
}

static zx_status_t kick(zx_handle_t vcpu)
{
	return zx_vcpu_kick(vcpu);
}

static void act_later(void *arg)
{
	struct later *later = arg;

	zx_nanosleep(zx_deadline_after(ZX_MSEC(20)));
	CHECK_OK(later->act(later->vcpu));
}

/* One that comes while the guest runs. */
static void interrupt_while_it_runs(void)
{
	static struct rt_thread thread;
	struct later later;
	struct vm vm;

	if (!set_up_interruptible(&vm))
		return;
	later = (struct later){ vm.vcpu, interrupt };
	REQUIRE_OK(rt_thread__start(&thread, "later", act_later, &later));
	expect_vector(&vm, VECTOR);
	CHECK_OK(rt_thread__join(&thread));
	check_vm__tear_down(&vm);
}

/* One that comes while the processor's thread does something else does not disturb that. */
static void interrupt_while_it_sleeps(void)
{
	static struct rt_thread thread;
	struct later later;
	zx_futex_t word = 0;
	zx_time_t deadline;
	struct vm vm;

	if (!set_up_interruptible(&vm))
		return;
	deadline = zx_deadline_after(ZX_MSEC(200));
	later = (struct later){ vm.vcpu, interrupt };
	REQUIRE_OK(rt_thread__start(&thread, "later", act_later, &later));
	CHECK_STATUS(zx_futex_wait(&word, 0, ZX_HANDLE_INVALID, deadline), ZX_ERR_TIMED_OUT);
	CHECK_OK(rt_thread__join(&thread));
	expect_vector(&vm, VECTOR);
	check_vm__tear_down(&vm);
}

GUEST_CODE(halts, GUEST_TABLES "sti\nhlt\nmov $0xdead, %eax\n" GUEST_EXIT "cli\nhlt\n" GUEST_EXIT
		 ".hidden halts_handler\nhalts_handler:\nincq 0x30000\niretq\n");
extern const char halts_handler[];

/* A halted processor sleeps until an interrupt comes, also where it does not take it. */
static void halted(void)
{
	static struct rt_thread thread;
	struct later later;
	struct vm vm;

	if (!check_vm__set_up(&vm, GUEST(halts)))
		return;
	vm__tables(&vm, halts_start, halts_handler);
	later = (struct later){ vm.vcpu, interrupt };
	REQUIRE_OK(rt_thread__start(&thread, "later", act_later, &later));
	check_vm__run_to_exit(&vm);
	CHECK_OK(rt_thread__join(&thread));
	CHECK_EQ(*vm__word(&vm, 0x30000), 1);
	REQUIRE_OK(rt_thread__start(&thread, "later", act_later, &later));
	check_vm__run_to_exit(&vm);
	CHECK_OK(rt_thread__join(&thread));
	CHECK_EQ(*vm__word(&vm, 0x30000), 1);
	check_vm__tear_down(&vm);
}

GUEST_CODE(spins, "1: jmp 1b\n");
GUEST_CODE(sleeps, "1: hlt\njmp 1b\n");

static void check_kicked(const char *start, const char *end)
{
	static struct rt_thread thread;
	zx_port_packet_t packet;
	struct later later;
	struct vm vm;

	if (!check_vm__set_up(&vm, start, end))
		return;
	/* Before it runs, and then while it does. */
	CHECK_OK(zx_vcpu_kick(vm.vcpu));
	CHECK_STATUS(zx_vcpu_enter(vm.vcpu, &packet), ZX_ERR_CANCELED);
	for (int i = 0; i < 3; i++) {
		later = (struct later){ vm.vcpu, kick };
		REQUIRE_OK(rt_thread__start(&thread, "later", act_later, &later));
		CHECK_STATUS(zx_vcpu_enter(vm.vcpu, &packet), ZX_ERR_CANCELED);
		CHECK_OK(rt_thread__join(&thread));
	}
	check_vm__tear_down(&vm);
}

static void kicked(void)
{
	check_kicked(GUEST(spins));
	check_kicked(GUEST(sleeps));
}

static void suspend_main(void *arg)
{
	struct vm *vm = arg;
	zx_signals_t seen;
	zx_handle_t token;

	zx_nanosleep(zx_deadline_after(ZX_MSEC(20)));
	for (int i = 0; i < 3; i++) {
		REQUIRE_OK(zx_task_suspend_token(rt_boot.thread, &token));
		CHECK_OK(zx_object_wait_one(rt_boot.thread, ZX_THREAD_SUSPENDED, ZX_TIME_INFINITE,
					    &seen));
		CHECK_OK(zx_handle_close(token));
		CHECK_OK(zx_object_wait_one(rt_boot.thread, ZX_THREAD_RUNNING, ZX_TIME_INFINITE,
					    &seen));
	}
	CHECK_OK(zx_vcpu_interrupt(vm->vcpu, VECTOR));
}

/* The call goes on when its thread does, running or halted. */
static void suspended(void)
{
	static struct rt_thread thread;
	struct vm vm;

	if (set_up_interruptible(&vm)) {
		REQUIRE_OK(rt_thread__start(&thread, "suspends", suspend_main, &vm));
		expect_vector(&vm, VECTOR);
		CHECK_OK(rt_thread__join(&thread));
		check_vm__tear_down(&vm);
	}
	if (!check_vm__set_up(&vm, GUEST(halts)))
		return;
	vm__tables(&vm, halts_start, halts_handler);
	REQUIRE_OK(rt_thread__start(&thread, "suspends", suspend_main, &vm));
	check_vm__run_to_exit(&vm);
	CHECK_EQ(*vm__word(&vm, 0x30000), 1);
	CHECK_OK(rt_thread__join(&thread));
	check_vm__tear_down(&vm);
}

/* x2APIC: the timer once by a count, once by a deadline; and an interrupt to itself. */
GUEST_CODE(times, GUEST_TABLES
		 "mov $0x83e, %ecx\nxor %edx, %edx\nmov $0xb, %eax\nwrmsr\n" /* every tick */
		 "mov $0x832, %ecx\nmov $32, %eax\nwrmsr\n" /* once, vector 32 */
		 "mov $0x838, %ecx\nmov $1000000, %eax\nwrmsr\n"
		 "sti\nhlt\ncli\n" GUEST_EXIT
		 "mov $0x832, %ecx\nxor %edx, %edx\nmov $0x40021, %eax\nwrmsr\n" /* deadline, 33 */
		 "rdtsc\nadd $1000000, %eax\nadc $0, %edx\nmov $0x6e0, %ecx\nwrmsr\n"
		 "sti\nhlt\ncli\n" GUEST_EXIT
		 "mov $0x83f, %ecx\nxor %edx, %edx\nmov $34, %eax\nwrmsr\n"
		 "sti\nhlt\ncli\n" GUEST_EXIT
		 "mov $0x802, %ecx\nrdmsr\nmov %eax, %ebx\nmov $0x1b, %ecx\nrdmsr\n" GUEST_EXIT
		 ".hidden times_handler\ntimes_handler:\nmov %eax, 0x30000\niretq\n");
extern const char times_handler[];

static void local_apic(void)
{
	struct vm vm;

	if (!check_vm__set_up(&vm, GUEST(times)))
		return;
	vm__tables(&vm, times_start, times_handler);
	for (uint64_t vector = 32; vector < 35; vector++) {
		check_vm__run_to_exit(&vm);
		CHECK_EQ(*vm__word(&vm, 0x30000), vector);
	}
	check_vm__run_to_exit(&vm);
	CHECK_EQ(check_vm__state(&vm).rbx, 0);
	CHECK_EQ(check_vm__state(&vm).rax, 0xfee00d00);
	check_vm__tear_down(&vm);
}

GUEST_CODE(sends, "mov $0x830, %ecx\nmov $3, %edx\nmov $0x41, %eax\nwrmsr\n"  /* to processor 3 */
		 "xor %edx, %edx\nmov $0xc0042, %eax\nwrmsr\n"	       /* to all others */
		 "mov $1, %edx\nmov $0x500, %eax\nwrmsr\n"		       /* INIT: nothing */
		 "mov $0x603, %eax\nwrmsr\n" /* start 1 at 0x3000 */
		 "mov $0x800, %eax\nwrmsr\n");				       /* logical */

static void sends_interrupts(void)
{
	zx_port_packet_t packet;
	const zx_packet_guest_vcpu_newest_t *vcpu = (const void *)&packet.user;
	struct vm vm;

	if (!check_vm__set_up(&vm, GUEST(sends)))
		return;
	CHECK_OK(zx_vcpu_enter(vm.vcpu, &packet));
	CHECK_EQ(packet.type, ZX_PKT_TYPE_GUEST_VCPU);
	CHECK_EQ(packet.key, 0);
	CHECK_EQ(vcpu->type, ZX_PKT_GUEST_VCPU_INTERRUPT);
	CHECK_EQ(vcpu->interrupt.mask, 8);
	CHECK_EQ(vcpu->interrupt.vector, 0x41);
	CHECK_OK(zx_vcpu_enter(vm.vcpu, &packet));
	CHECK_EQ(vcpu->interrupt.mask, ~1ull);
	CHECK_EQ(vcpu->interrupt.vector, 0x42);
	CHECK_OK(zx_vcpu_enter(vm.vcpu, &packet));
	CHECK_EQ(vcpu->type, ZX_PKT_GUEST_VCPU_STARTUP);
	CHECK_EQ(vcpu->startup.id, 1);
	CHECK_EQ(vcpu->startup.entry, 0x3000);
	CHECK_STATUS(zx_vcpu_enter(vm.vcpu, &packet), ZX_ERR_NOT_SUPPORTED);
	check_vm__tear_down(&vm);
}

GUEST_CODE(asks, "mov $0x40000000, %eax\ncpuid\n" GUEST_EXIT "mov $1, %eax\ncpuid\n" GUEST_EXIT
		 "mov $-1, %eax\nvmcall\n" GUEST_EXIT);

static void identification(void)
{
	zx_vcpu_state_t values;
	struct vm vm;

	if (!check_vm__set_up(&vm, GUEST(asks)))
		return;
	check_vm__run_to_exit(&vm);
	values = check_vm__state(&vm);
	CHECK_EQ(values.rax, 0x40000001);
	CHECK_EQ(values.rbx, 0x4b4d564b); /* KVMKVMKVM */
	CHECK_EQ(values.rcx, 0x564b4d56);
	CHECK_EQ(values.rdx, 0x4d);
	check_vm__run_to_exit(&vm);
	values = check_vm__state(&vm);
	CHECK_EQ(values.rbx >> 24, 0);		/* its number */
	CHECK_EQ(values.rcx >> 21 & 1, 1);	/* x2APIC */
	CHECK_EQ(values.rcx >> 31 & 1, 1);	/* it is a guest */
	CHECK_EQ(values.rcx >> 5 & 1, 0);	/* no VMX */
	check_vm__run_to_exit(&vm);
	CHECK_EQ(check_vm__state(&vm).rax, -1000);
	check_vm__tear_down(&vm);
}

/* Clears TS and EM, sets OSFXSR, and adds in a vector register. */
GUEST_CODE(floats, "mov %cr0, %rax\nand $~0xc, %eax\nmov %rax, %cr0\n"
		 "mov %cr4, %rax\nor $0x600, %eax\nmov %rax, %cr4\n"
		 "mov $7, %eax\nmovd %eax, %xmm0\nmovd %xmm0, %ebx\n" GUEST_EXIT
		 "paddd %xmm0, %xmm0\nmovd %xmm0, %ebx\n" GUEST_EXIT);

/* Arithmetic of vectors in a guest's kernel is what a KVM may not run that interprets it. */
static void vector_registers(void)
{
	zx_port_packet_t packet;
	zx_status_t status;
	struct vm vm;

	if (!check_vm__set_up(&vm, GUEST(floats)))
		return;
	status = zx_vcpu_enter(vm.vcpu, &packet);
	if (status == ZX_OK) {
		CHECK_EQ(check_vm__state(&vm).rbx, 7);
		status = zx_vcpu_enter(vm.vcpu, &packet);
	}
	if (status == ZX_ERR_NOT_SUPPORTED) {
		rt_print("this KVM does not run movd or paddd in the guest's kernel\n");
	} else if (CHECK_OK(status)) {
		CHECK_EQ(check_vm__state(&vm).rbx, 14);
	}
	check_vm__tear_down(&vm);
}

/* Flags that are set and cleared by instructions of their own; code of 32 bits; user code. */
GUEST_CODE(modes, GUEST_TABLES
		 "stac\npushfq\npop %rbx\nclac\npushfq\npop %rcx\n" GUEST_EXIT
		 "pushq $0x38\nlea 1f(%rip), %rax\npushq %rax\nlretq\n"
		 ".code32\n1: xor %ebx, %ebx\ninc %ebx\npushl $8\npushl $0x2200\nlret\n.code64\n"
		 ".org modes_start + 0x200\n" GUEST_EXIT
		 "xor %edx, %edx\nmov $0x174, %ecx\nmov $8, %eax\nwrmsr\n"
		 "inc %ecx\nmov $0x10000, %eax\nwrmsr\n"
		 "inc %ecx\nlea 2f(%rip), %eax\nwrmsr\n"
		 "lea 3f(%rip), %rdx\nmov $0xf000, %ecx\n.byte 0x48\nsysexit\n"
		 "3: mov $64, %ebx\nsysenter\n"
		 "2: mov %cs, %eax\n" GUEST_EXIT
		 "mov $0x176, %ecx\nxor %edx, %edx\nlea 4f(%rip), %eax\nwrmsr\n"
		 "lea 5f(%rip), %rdx\nmov $0xf000, %ecx\nsysexit\n"
		 ".code32\n5: mov $32, %ebx\nsysenter\n.code64\n"
		 "4: mov %cs, %eax\n" GUEST_EXIT);

static void modes(void)
{
	zx_vcpu_state_t values;
	struct vm vm;

	if (!check_vm__set_up(&vm, GUEST(modes)))
		return;
	vm__tables(&vm, modes_start, modes_end);
	check_vm__run_to_exit(&vm);
	values = check_vm__state(&vm);
	CHECK_EQ(values.rbx >> 18 & 1, 1);
	CHECK_EQ(values.rcx >> 18 & 1, 0);
	check_vm__run_to_exit(&vm);
	CHECK_EQ(check_vm__state(&vm).rbx, 1);
	for (uint64_t bits = 64; bits >= 32; bits /= 2) {
		check_vm__run_to_exit(&vm);
		values = check_vm__state(&vm);
		CHECK_EQ(values.rbx, bits);
		CHECK_EQ(values.rax, VM_CODE_64);
	}
	check_vm__tear_down(&vm);
}

/* The first one goes to the others' counter until all have been there. */
GUEST_CODE(leads, "1: cmpl $3, 0x30000\njb 1b\n" GUEST_EXIT);
/* Others begin in 16-bit code, at their entry. */
GUEST_CODE(follows, ".code16\nlock incl %cs:0x5000\n1: hlt\njmp 1b\n.code64\n");

static void follow(void *arg)
{
	struct vm *vm = arg;
	zx_port_packet_t packet;
	zx_handle_t vcpu;

	REQUIRE_OK(zx_vcpu_create(vm->guest, 0, 0x2b000, &vcpu));
	CHECK_OK(zx_vcpu_kick(vcpu));
	CHECK_STATUS(zx_vcpu_enter(vcpu, &packet), ZX_ERR_CANCELED);
	/* It counts, halts, and never comes back by itself. */
	zx_handle_close(vm->vcpu);
	vm->vcpu = vcpu;
	(void)zx_vcpu_enter(vcpu, &packet);
}

/* Each on its thread. */
static void several(void)
{
	static struct rt_thread threads[3];
	static struct vm others[3];
	struct vm vm;

	if (!check_vm__set_up(&vm, GUEST(leads)))
		return;
	/* The segment of the others begins at 0x2b000, the counter lies 0x5000 behind that. */
	vm__copy(&vm, 0x2b000, follows_start, (size_t)(follows_end - follows_start));
	for (int i = 0; i < 3; i++) {
		others[i] = (struct vm){ .guest = vm.guest };
		REQUIRE_OK(rt_thread__start(&threads[i], "follows", follow, &others[i]));
	}
	check_vm__run_to_exit(&vm);
	CHECK_EQ(*vm__word(&vm, 0x30000), 3);
	for (int i = 0; i < 3; i++) {
		CHECK_OK(zx_vcpu_kick(others[i].vcpu));
		CHECK_OK(rt_thread__join(&threads[i]));
		zx_handle_close(others[i].vcpu);
	}
	check_vm__tear_down(&vm);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	check_vm__init();
	RUN(state);
	RUN(one_thread_alone);
	RUN(interrupts);
	RUN(no_vector);
	RUN(interrupt_while_it_runs);
	RUN(interrupt_while_it_sleeps);
	RUN(halted);
	RUN(kicked);
	RUN(suspended);
	RUN(local_apic);
	RUN(sends_interrupts);
	RUN(identification);
	RUN(vector_registers);
	RUN(modes);
	RUN(several);
	return rt_check_result();
}
