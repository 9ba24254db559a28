#include "tests/core/guest_model.h"

#include <string.h>
#include <zircon/errors.h>

struct guest_model guest_model;

int guest_model__create(struct process *memory)
{
	(void)memory;
	return ZX_OK;
}

int guest_model__create_vcpu(struct process *memory, uint32_t id, uint64_t entry, void **out)
{
	(void)memory;
	(void)id;
	guest_model = (struct guest_model){ .mode = { .long_mode = true } };
	guest_model.registers.rip = entry;
	*out = &guest_model;
	return ZX_OK;
}

void guest_model__destroy_vcpu(void *vcpu)
{
	(void)vcpu;
}

void guest_model__run(void *vcpu, const uint32_t *wake, struct vcpu_exit *out)
{
	struct guest_model *model = vcpu;

	(void)wake;
	*out = model->exits[model->runs++];
}

void guest_model__stop(uint32_t id)
{
	(void)id;
}

void guest_model__answer(void *vcpu, uint64_t data)
{
	((struct guest_model *)vcpu)->answered = data;
	((struct guest_model *)vcpu)->answers++;
}

void guest_model__finish(void *vcpu)
{
	struct guest_model *model = vcpu;

	model->finished++;
	model->registers.rip += model->length;
}

void guest_model__refuse(void *vcpu)
{
	((struct guest_model *)vcpu)->refused++;
}

bool guest_model__interrupt(void *vcpu, uint32_t vector)
{
	struct guest_model *model = vcpu;

	/* Exceptions and NMIs are never held back. */
	if (vector >= 32 && !model->takes_interrupts)
		return false;
	model->injected = vector;
	return true;
}

void guest_model__want(void *vcpu, bool more)
{
	((struct guest_model *)vcpu)->wants_interrupts = more;
}

void guest_model__get_registers(void *vcpu, struct vcpu_registers *out)
{
	*out = ((struct guest_model *)vcpu)->registers;
}

void guest_model__set_registers(void *vcpu, const struct vcpu_registers *registers)
{
	((struct guest_model *)vcpu)->registers = *registers;
}

void guest_model__get_mode(void *vcpu, struct vcpu_mode *out)
{
	*out = ((struct guest_model *)vcpu)->mode;
}

bool guest_model__translate(void *vcpu, uint64_t addr, uint64_t *out)
{
	(void)vcpu;
	*out = addr;
	return true;
}

uint64_t guest_model__ticks(void *vcpu)
{
	(void)vcpu;
	return 1000000;
}

uint64_t guest_model__ticks_per_ms(void *vcpu)
{
	(void)vcpu;
	return 1000000;
}

void guest_model__note(void *vcpu, const char *what, uint64_t where)
{
	(void)what;
	(void)where;
	((struct guest_model *)vcpu)->notes++;
}
