/* Guests whose exits are measured: the same code for KVM alone and for zx_vcpu_enter(). */
#ifndef BENCH_GUEST_CODE_H
#define BENCH_GUEST_CODE_H

#include <stddef.h>
#include <stdint.h>

#define GUEST_ENTRY 0x3000u
#define GUEST_GDT 0x4000u
#define GUEST_IDT 0x5000u
#define GUEST_HANDLER 0x6000u
#define GUEST_STACK 0x8000u
#define GUEST_DEVICE 0x10000u /* the end of the memory: what lies behind is none */
#define GUEST_PORT 0x11
#define GUEST_VECTOR 32

/* 1: out %al, $0x11; jmp 1b */
static const uint8_t guest_outputs[] = { 0xe6, 0x11, 0xeb, 0xfc };
/* 1: mov %eax, 0x10000; jmp 1b */
static const uint8_t guest_stores[] = { 0x89, 0x04, 0x25, 0, 0, 1, 0, 0xeb, 0xf7 };
/* 1: hlt; out %al, $0x11; jmp 1b */
static const uint8_t guest_halts[] = { 0xf4, 0xe6, 0x11, 0xeb, 0xfb };
/*
 * lgdt and lidt of what lies at 0x4100 and 0x4110; mov $0x8000, %esp; code into segment 8; sti;
 * 1: out %al, $0x11; jmp 1b
 */
static const uint8_t guest_handles[] = {
	0x0f, 0x01, 0x14, 0x25, 0x00, 0x41, 0, 0, 0x0f, 0x01, 0x1c, 0x25, 0x10, 0x41, 0, 0,
	0xbc, 0x00, 0x80, 0, 0, 0x6a, 0x08, 0x68, 0x1e, 0x30, 0, 0, 0x48, 0xcb, 0xfb,
	0xe6, 0x11, 0xeb, 0xfc
};
/* out %al, $0x11; iretq */
static const uint8_t guest_handler[] = { 0xe6, 0x11, 0x48, 0xcf };

static void guest_code__copy(char *to, const void *from, size_t size)
{
	for (size_t i = 0; i < size; i++)
		to[i] = ((const char *)from)[i];
}

/* Page table, descriptors and code, into memory of GUEST_DEVICE bytes. */
static void guest_code__fill(char *memory, const uint8_t *code, size_t size)
{
	static const uint64_t gdt[] = { 0, 0x00af9a000000ffff, 0x00cf92000000ffff };
	static const uint8_t gdtr[] = { 23, 0, GUEST_GDT & 0xff, GUEST_GDT >> 8 };
	static const uint8_t idtr[] = { 0xff, 0x0f, GUEST_IDT & 0xff, GUEST_IDT >> 8 };
	uint64_t gate = GUEST_HANDLER | 8ull << 16 | 0x8e00ull << 32;
	uint64_t *table = (uint64_t *)memory;

	table[0] = 0x1007;
	table[512] = 0x2007;
	table[1024] = 0x87;
	guest_code__copy(memory + GUEST_GDT, gdt, sizeof(gdt));
	guest_code__copy(memory + GUEST_GDT + 0x100, gdtr, sizeof(gdtr));
	guest_code__copy(memory + GUEST_GDT + 0x110, idtr, sizeof(idtr));
	guest_code__copy(memory + GUEST_IDT + 16 * GUEST_VECTOR, &gate, sizeof(gate));
	guest_code__copy(memory + GUEST_HANDLER, guest_handler, sizeof(guest_handler));
	guest_code__copy(memory + GUEST_ENTRY, code, size);
}

#endif
