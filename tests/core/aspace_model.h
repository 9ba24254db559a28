/*
 * What the host would have mapped in the processes of a test, and programs that read and write it:
 * where the host would raise a fault, they ask the core, as the shim does.
 */
#ifndef TESTS_CORE_ASPACE_MODEL_H
#define TESTS_CORE_ASPACE_MODEL_H

#include <stdbool.h>
#include <stdint.h>
#include <zircon/types.h>

struct process;

/* For the host table of the tests. */
zx_status_t aspace_model__map(struct process *process, uint64_t addr, uint64_t size, uint32_t prot,
			      int id, uint64_t offset);
void aspace_model__unmap(struct process *process, uint64_t addr, uint64_t size);
void aspace_model__protect(struct process *process, uint64_t addr, uint64_t size, uint32_t prot);
/* Forgets all. */
void aspace_model__reset(void);

/* One byte, read or written by a program of @process. False: an exception. */
bool aspace_model__peek(struct process *process, uint64_t addr, uint8_t *value);
bool aspace_model__poke(struct process *process, uint64_t addr, uint8_t value);
/* The access that the host lets @addr have at present. */
uint32_t aspace_model__prot(struct process *process, uint64_t addr);
/* Faults that were resolved so far; pieces that are mapped in @process. */
extern uint64_t aspace_model_faults;
uint32_t aspace_model__pieces(struct process *process);

#endif
