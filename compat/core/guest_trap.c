/* What a guest does outside of its memory. */
#include <string.h>

#include "compat/core/core.h"
#include "compat/core/guest.h"
#include "compat/core/region.h"
#include "compat/core/vmar.h"

/* Packets of one bell that can be in its port: then the processor that rings it waits. */
#define BELL_PACKETS 256u
#define FIRST_TRAPS 8u

/* The index of the first trap that begins behind @addr. */
static uint32_t first_after(const struct guest_traps *traps, uint64_t addr)
{
	uint32_t low = 0;
	uint32_t high = traps->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (traps->at[middle]->addr > addr)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

struct guest_trap *guest__find_trap(struct guest *guest, bool ports, uint64_t addr)
{
	struct guest_traps *traps = ports ? &guest->port_traps : &guest->memory_traps;
	struct guest_trap *trap = NULL;
	uint32_t i;

	object__lock(&guest->object);
	i = first_after(traps, addr);
	if (i && addr - traps->at[i - 1]->addr < traps->at[i - 1]->size)
		trap = traps->at[i - 1];
	object__unlock(&guest->object);
	return trap;
}

/* Before the newest interface traps only may not begin at the same address. */
static bool is_taken_locked(const struct era_traits *era, const struct guest_traps *traps,
			    uint64_t addr, uint64_t size)
{
	uint32_t i = first_after(traps, addr);

	if (!era->guest_newest)
		return i && traps->at[i - 1]->addr == addr;
	return (i && addr - traps->at[i - 1]->addr < traps->at[i - 1]->size) ||
	       (i < traps->count && traps->at[i]->addr - addr < size);
}

static bool grow(struct guest_traps *traps)
{
	uint32_t capacity = traps->capacity ? 2 * traps->capacity : FIRST_TRAPS;
	struct guest_trap **at;

	if (traps->count < traps->capacity)
		return true;
	at = arena__alloc(capacity * sizeof(struct guest_trap *));
	if (!at)
		return false;
	if (traps->count)
		memcpy(at, traps->at, traps->count * sizeof(struct guest_trap *));
	arena__free(traps->at);
	traps->at = at;
	traps->capacity = capacity;
	return true;
}

static zx_status_t insert_locked(const struct era_traits *era, struct guest_traps *traps,
				 struct guest_trap *trap)
{
	uint32_t i = first_after(traps, trap->addr);

	if (is_taken_locked(era, traps, trap->addr, trap->size))
		return ZX_ERR_ALREADY_EXISTS;
	if (!grow(traps))
		return ZX_ERR_NO_MEMORY;
	memmove(&traps->at[i + 1], &traps->at[i],
		(traps->count - i) * sizeof(struct guest_trap *));
	traps->at[i] = trap;
	traps->count++;
	return ZX_OK;
}

static zx_status_t insert(struct thread *self, struct guest *guest, const struct guest_trap *wanted)
{
	struct guest_traps *traps = wanted->kind == ZX_GUEST_TRAP_IO ? &guest->port_traps :
								       &guest->memory_traps;
	struct guest_trap *trap = arena__alloc(sizeof(*trap));
	zx_status_t status;

	if (!trap)
		return ZX_ERR_NO_MEMORY;
	*trap = *wanted;
	port_quota__init(&trap->quota, BELL_PACKETS);
	object__lock(&guest->object);
	status = insert_locked(era__of(self->process->era), traps, trap);
	if (status == ZX_OK && trap->port)
		object__get(&trap->port->object);
	object__unlock(&guest->object);
	if (status != ZX_OK)
		arena__free(trap);
	return status;
}

/* The first VMAR below @vmar that reaches over an end of the range, or NULL. */
static struct vmar *next_cut(struct vmar *vmar, uint64_t base, uint64_t end)
{
	struct vmar *found = NULL;

	mutex__lock(&vmar->process->aspace_lock);
	for (uint32_t i = region__first_after(vmar, base); i < vmar->count && !found; i++) {
		struct region *region = vmar->children[i];

		if (region->base >= end)
			break;
		if (region->is_vmar &&
		    (region->base < base || region->base + region->size > end)) {
			found = list_entry(region, struct vmar, region);
			object__get(&found->object);
		}
	}
	mutex__unlock(&vmar->process->aspace_lock);
	return found;
}

/*
 * Unmaps what begins at @base in @vmar, whose reference it takes over, or in a VMAR below that is
 * there and reaches over an end of the range. Programs choose how deep these lie, so this does not
 * call itself. Returns where to go on.
 */
static uint64_t unmap_part(struct thread *self, struct vmar *vmar, uint64_t base, uint64_t end,
			   zx_status_t *status)
{
	struct vmar *child;

	while ((child = next_cut(vmar, base, end)) && child->region.base <= base) {
		if (end > child->region.base + child->region.size)
			end = child->region.base + child->region.size;
		object__put(&vmar->object);
		vmar = child;
	}
	if (child) {
		end = child->region.base;
		object__put(&child->object);
	}
	*status = vmar__unmap(self, vmar, base, end - base);
	object__put(&vmar->object);
	return end;
}

/* Unmaps [base, end), also where it is but a part of VMARs below. */
static zx_status_t unmap_range(struct thread *self, struct guest *guest, uint64_t base,
			       uint64_t end)
{
	const struct region *whole = &guest->memory->root_vmar->region;
	zx_status_t status = ZX_OK;

	if (base < whole->base)
		base = whole->base;
	if (end > whole->base + whole->size)
		end = whole->base + whole->size;
	while (status == ZX_OK && base < end) {
		if (thread__killed(self))
			return ZX_ERR_INTERNAL_INTR_KILLED;
		base = unmap_part(self, guest__vmar(guest), base, end, &status);
	}
	return status;
}

/* What the kind and its range allow, in the order of each interface. */
static zx_status_t check(const struct era_traits *era, uint32_t kind, uint64_t addr, uint64_t size,
			 bool port)
{
	bool whole = size && addr + size >= addr;

	if (!era->guest_newest && !whole)
		return size ? ZX_ERR_OUT_OF_RANGE : ZX_ERR_INVALID_ARGS;
	if (kind > ZX_GUEST_TRAP_IO || (kind == ZX_GUEST_TRAP_BELL) != port)
		return ZX_ERR_INVALID_ARGS;
	if (kind == ZX_GUEST_TRAP_IO)
		return whole && addr + size <= UINT16_MAX ? ZX_OK : ZX_ERR_OUT_OF_RANGE;
	if (addr & (PAGE_SIZE - 1) || size & (PAGE_SIZE - 1) || !size)
		return ZX_ERR_INVALID_ARGS;
	return whole ? ZX_OK : ZX_ERR_OUT_OF_RANGE;
}

zx_status_t guest__set_trap(struct thread *self, struct guest *guest, uint32_t kind, uint64_t addr,
			    uint64_t size, struct port *port, uint64_t key)
{
	const struct guest_trap trap = {
		.kind = kind,
		.addr = addr,
		.size = size,
		.key = key,
		.port = port,
	};
	zx_status_t status = check(era__of(self->process->era), kind, addr, size, port);

	if (status == ZX_OK && kind != ZX_GUEST_TRAP_IO)
		status = unmap_range(self, guest, addr, addr + size);
	return status == ZX_OK ? insert(self, guest, &trap) : status;
}

zx_status_t guest__ring(struct thread *self, struct guest_trap *trap, uint64_t addr)
{
	zx_port_packet_t packet = {
		.key = trap->key,
		.type = ZX_PKT_TYPE_GUEST_BELL,
		.guest_bell = { .addr = addr },
	};
	zx_status_t status = port__queue_quota(self, trap->port, &trap->quota, &packet);

	if (status == ZX_ERR_BAD_HANDLE && era__of(self->process->era)->guest_newest)
		return ZX_ERR_BAD_STATE;
	return status;
}
