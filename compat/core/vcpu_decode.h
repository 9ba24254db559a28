/* Instructions of guests: how long they are, and what they store. */
#ifndef COMPAT_CORE_VCPU_DECODE_H
#define COMPAT_CORE_VCPU_DECODE_H

#include "compat/core/guest_host.h"

#define INSTRUCTION_MAX 15u

struct instruction {
	uint32_t length;
	bool stores;   /* it is a plain store to memory, of which the rest tells */
	uint32_t size; /* bytes that it stores */
	bool has_data; /* ... which are @data, if they come from a register or the instruction */
	uint64_t data;
	uint64_t addr; /* where to, by the guest's page table */
};

/*
 * Reads the instruction at @bytes, of which there are @count. @registers: as they are once a store
 * is done, with rip behind it; they only count for where and what it stores. False where it is not
 * known, or longer than @count.
 */
bool instruction__decode(const uint8_t *bytes, uint32_t count, const struct vcpu_mode *mode,
			 const struct vcpu_registers *registers, struct instruction *out);

/*
 * Finds the instruction that ends where @end points and has stored @size bytes of @data at an
 * address with these @page_offset bits; @available bytes before it can be read. Its length, or 0.
 */
uint32_t instruction__find_store(const uint8_t *end, uint32_t available,
				 const struct vcpu_mode *mode,
				 const struct vcpu_registers *registers,
				 const struct vcpu_exit *exit);

#endif
