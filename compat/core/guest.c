#include "compat/core/guest.h"

#include "compat/core/core.h"
#include "compat/core/region.h"
#include "compat/core/vmar.h"

static void free_traps(struct guest_traps *traps)
{
	for (uint32_t i = 0; i < traps->count; i++) {
		struct guest_trap *trap = traps->at[i];

		if (trap->port) {
			port__drop_quota(trap->port, &trap->quota);
			object__put(&trap->port->object);
		}
		arena__free(trap);
	}
	arena__free(traps->at);
}

static void guest_destroy(struct object *object)
{
	struct guest *guest = (struct guest *)object;

	free_traps(&guest->memory_traps);
	free_traps(&guest->port_traps);
	process__forget_memory(guest->memory);
}

const struct object_ops guest_ops = {
	.name = "guest",
	.default_rights = ZX_DEFAULT_GUEST_RIGHTS,
	.user_signals = ZX_USER_SIGNAL_ALL,
	.destroy = guest_destroy,
};

zx_status_t guest__create(uint32_t era, struct guest **out)
{
	struct guest *guest;
	struct process *memory;
	zx_status_t status = process__create_guest_memory(era, &memory);

	if (status != ZX_OK)
		return status;
	guest = object__alloc(sizeof(*guest), ZX_OBJ_TYPE_GUEST);
	if (!guest) {
		process__forget_memory(memory);
		return ZX_ERR_NO_MEMORY;
	}
	guest->memory = memory;
	*out = guest;
	return ZX_OK;
}

struct vmar *guest__vmar(struct guest *guest)
{
	struct vmar *vmar = guest->memory->root_vmar;

	object__get(&vmar->object);
	return vmar;
}

int guest__take_vcpu(struct guest *guest)
{
	int id = -1;

	object__lock(&guest->object);
	if (~guest->vcpus) {
		id = __builtin_ctzll(~guest->vcpus);
		guest->vcpus |= 1ull << id;
	}
	object__unlock(&guest->object);
	return id;
}

void guest__free_vcpu(struct guest *guest, uint32_t id)
{
	object__lock(&guest->object);
	guest->vcpus &= ~(1ull << id);
	object__unlock(&guest->object);
}
