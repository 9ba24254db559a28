/*
 * A small guest for tests: memory at 0, in it a page table that maps the first GiB of addresses to
 * themselves, and the code of a guest. For programs with either runtime.
 */
#ifndef GUEST_VM_H
#define GUEST_VM_H

#include <zircon/process.h>
#include <zircon/syscalls.h>
#include <zircon/syscalls/hypervisor.h>
#include <zircon/syscalls/object.h>
#include <zircon/syscalls/port.h>
#include <zircon/syscalls/resource.h>

#define VM_SIZE 0x100000ull
#define VM_ENTRY 0x2000ull
#define VM_STACK 0x10000ull
/* Where guests of tests find things; traps are set by the tests that want them. */
#define VM_EXIT 0x80000ull
#define VM_TRAP 0x82000ull
#define VM_HOLE 0x200000ull
#define VM_PORT 0x11

#define VM_PTE_P 0x01ull
#define VM_PTE_RW 0x02ull
#define VM_PTE_U 0x04ull
#define VM_PTE_PS 0x80ull

#define VM_MAP (ZX_VM_PERM_READ | ZX_VM_PERM_WRITE | ZX_VM_PERM_EXECUTE | ZX_VM_SPECIFIC)

/*
 * The code of a guest, which runs at VM_ENTRY: NAME_start to NAME_end. It must not be moved by
 * relocations: addresses in it are relative to VM_ENTRY.
 */
#define GUEST_CODE(name, code)                                                                     \
	extern const char name##_start[];                                                          \
	extern const char name##_end[];                                                            \
	__asm__(".pushsection .rodata." #name ",\"a\"\n"                                           \
		".balign 16\n.hidden " #name "_start\n.hidden " #name "_end\n" #name "_start:\n"    \
		code "\n" #name "_end:\n.popsection\n")

#define GUEST_STR(x) #x
#define GUEST_VALUE(x) GUEST_STR(x)
/* A store that ends a guest's run: the trap at VM_EXIT. */
#define GUEST_EXIT "movq $0, 0x80000\n"

/* Tables that vm__tables() makes: interrupts all lead to one place, with their number in eax. */
#define VM_IDT 0x4000ull
#define VM_GDT 0x5000ull
#define VM_IDTR 0x5100ull
#define VM_GDTR 0x5110ull
#define VM_STUBS 0x6000ull
#define VM_STUB_SIZE 16ull
#define VM_CODE_64 0x08
#define VM_DATA 0x10
/* In the order that SYSENTER and SYSEXIT want */
#define VM_USER_CODE_32 0x18
#define VM_USER_CODE_64 0x28
#define VM_USER_DATA 0x30
#define VM_CODE_32 0x38

/* What a guest begins with that wants interrupts: its own stack, and code in a segment. */
#define GUEST_TABLES                                                                               \
	"mov $0x10000, %esp\nlgdt 0x5110\nlidt 0x5100\n"                                           \
	"pushq $0x08\nlea 777f(%rip), %rax\npushq %rax\nlretq\n777:\n"

struct vm {
	zx_handle_t vmo;
	zx_vaddr_t memory; /* the guest's, as the program has it mapped */
	zx_handle_t guest;
	zx_handle_t vmar;
	zx_handle_t vcpu;
};

static inline void vm__copy(struct vm *vm, uint64_t at, const void *from, size_t size)
{
	volatile char *to = (volatile char *)(vm->memory + at);

	for (size_t i = 0; i < size; i++)
		to[i] = ((const char *)from)[i];
}

static inline volatile uint64_t *vm__word(struct vm *vm, uint64_t at)
{
	return (volatile uint64_t *)(vm->memory + at);
}

/* All interrupts lead to @handler, which lies in the code that begins at @start. */
static inline void vm__tables(struct vm *vm, const char *start, const char *handler)
{
	static const uint64_t gdt[] = {
		0, 0x00af9a000000ffff, 0x00cf92000000ffff, 0x00cffa000000ffff,
		0x00cff2000000ffff, 0x00affa000000ffff, 0x00cff2000000ffff, 0x00cf9a000000ffff
	};
	uint64_t target = VM_ENTRY + (uint64_t)(handler - start);

	vm__copy(vm, VM_GDT, gdt, sizeof(gdt));
	for (uint64_t i = 0; i < 256; i++) {
		uint64_t stub = VM_STUBS + VM_STUB_SIZE * i;
		/* mov $i, %eax; jmp target */
		uint8_t code[10] = { 0xb8, (uint8_t)i, 0, 0, 0, 0xe9 };
		uint32_t distance = (uint32_t)(target - (stub + sizeof(code)));

		for (int byte = 0; byte < 4; byte++)
			code[6 + byte] = (uint8_t)(distance >> 8 * byte);
		vm__copy(vm, stub, code, sizeof(code));
		/* An interrupt gate: below 64 KiB, present. */
		*vm__word(vm, VM_IDT + 16 * i) = stub | VM_CODE_64 << 16 | 0x8e00ull << 32;
		*vm__word(vm, VM_IDT + 16 * i + 8) = 0;
	}
	*vm__word(vm, VM_IDTR) = 0xfff | VM_IDT << 16;
	*vm__word(vm, VM_IDTR + 8) = 0;
	*vm__word(vm, VM_GDTR) = (sizeof(gdt) - 1) | VM_GDT << 16;
	*vm__word(vm, VM_GDTR + 8) = 0;
}

/* Page table and code. */
static inline void vm__fill(struct vm *vm, const char *start, const char *end)
{
	*vm__word(vm, 0) = 0x1000 | VM_PTE_P | VM_PTE_RW | VM_PTE_U;
	*vm__word(vm, 0x1000) = VM_PTE_PS | VM_PTE_P | VM_PTE_RW | VM_PTE_U;
	vm__copy(vm, VM_ENTRY, start, (size_t)(end - start));
}

/* Memory, with both. */
static inline zx_status_t vm__load(struct vm *vm, zx_handle_t root_vmar, const char *start,
				   const char *end)
{
	zx_status_t status = zx_vmo_create(VM_SIZE, 0, &vm->vmo);

	if (status == ZX_OK)
		status = zx_vmar_map(root_vmar, ZX_VM_PERM_READ | ZX_VM_PERM_WRITE, 0, vm->vmo, 0,
				     VM_SIZE, &vm->memory);
	if (status == ZX_OK)
		vm__fill(vm, start, end);
	return status;
}

/* A handle to the VMO that can be mapped executable; @resource allows that, where one is needed. */
static inline zx_status_t vm__map(struct vm *vm, zx_handle_t vmex)
{
	zx_vaddr_t addr;
	zx_handle_t executable;
	zx_status_t status = zx_handle_duplicate(vm->vmo, ZX_RIGHT_SAME_RIGHTS, &executable);

	if (status == ZX_OK)
		status = zx_vmo_replace_as_executable(executable, vmex, &executable);
	if (status == ZX_OK)
		status = zx_vmar_map(vm->vmar, VM_MAP, 0, executable, 0, VM_SIZE, &addr);
	zx_handle_close(executable);
	return status;
}

static inline void vm__close(struct vm *vm, zx_handle_t root_vmar)
{
	zx_handle_close(vm->vcpu);
	zx_handle_close(vm->guest);
	zx_handle_close(vm->vmar);
	zx_handle_close(vm->vmo);
	zx_vmar_unmap(root_vmar, vm->memory, VM_SIZE);
	*vm = (struct vm){ 0 };
}

#endif
