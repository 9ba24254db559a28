/* The machine that runs guests in unit tests: a processor that stops as the test says. */
#ifndef TESTS_CORE_GUEST_MODEL_H
#define TESTS_CORE_GUEST_MODEL_H

#include <stdbool.h>

#include "compat/core/guest_host.h"

/* One processor, the last one made. */
struct guest_model {
	const struct vcpu_exit *exits; /* why it stops, one after the other */
	uint32_t runs;
	struct vcpu_registers registers;
	struct vcpu_mode mode;
	bool takes_interrupts;
	uint32_t injected; /* the last vector */
	bool wants_interrupts;
	uint64_t answered;
	uint32_t answers;
	uint32_t refused;
	uint32_t finished;
	uint32_t length; /* of the instruction that is finished */
	uint32_t notes;
};

extern struct guest_model guest_model;

struct process;

/* For the host table; the guest's program finds its memory at the same addresses. */
int guest_model__create(struct process *memory);
int guest_model__create_vcpu(struct process *memory, uint32_t id, uint64_t entry, void **out);
void guest_model__destroy_vcpu(void *vcpu);
void guest_model__run(void *vcpu, const uint32_t *wake, struct vcpu_exit *out);
void guest_model__stop(uint32_t id);
void guest_model__answer(void *vcpu, uint64_t data);
void guest_model__finish(void *vcpu);
void guest_model__refuse(void *vcpu);
bool guest_model__interrupt(void *vcpu, uint32_t vector);
void guest_model__want(void *vcpu, bool more);
void guest_model__get_registers(void *vcpu, struct vcpu_registers *out);
void guest_model__set_registers(void *vcpu, const struct vcpu_registers *registers);
void guest_model__get_mode(void *vcpu, struct vcpu_mode *out);
bool guest_model__translate(void *vcpu, uint64_t addr, uint64_t *out);
uint64_t guest_model__ticks(void *vcpu);
uint64_t guest_model__ticks_per_ms(void *vcpu);
void guest_model__note(void *vcpu, const char *what, uint64_t where);

#endif
