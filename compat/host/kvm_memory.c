/*
 * The memory of guests. KVM knows it as slots, ranges of zxrun's own address space. Each 64 GiB of
 * a guest that have any memory get a window there: so what lies side by side in the guest does so
 * here, and is one slot, from however many VMOs it comes. Slots only change while no processor of
 * the guest runs: none sees memory gone that is about to be there again.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "compat/host/kvm.h"

#define WINDOW_SIZE (1ull << 36)
/* Of all guests together: half of zxrun's own addresses, which it needs for other things too. */
#define WINDOWS_MAX 1024u
#define FIRST_SLOTS 16u

enum access {
	ACCESS_NONE,
	ACCESS_READ,
	ACCESS_WRITE,
};

static char *reserve(void *addr, uint64_t size)
{
	return mmap(addr, size, PROT_NONE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | (addr ? MAP_FIXED : 0), -1, 0);
}

static uint32_t windows; /* atomic */

static char *reserve_window(void)
{
	char *memory = MAP_FAILED;

	if (__atomic_add_fetch(&windows, 1, __ATOMIC_RELAXED) <= WINDOWS_MAX)
		memory = reserve(NULL, WINDOW_SIZE);
	if (memory == MAP_FAILED)
		__atomic_sub_fetch(&windows, 1, __ATOMIC_RELAXED);
	return memory;
}

static char *window_of(struct kvm_guest *guest, uint64_t addr, bool make)
{
	uint64_t begin = addr & ~(WINDOW_SIZE - 1);
	struct kvm_window *window;
	char *memory;

	for (window = guest->windows; window; window = window->next) {
		if (window->begin == begin)
			return window->addr + (addr - begin);
	}
	if (!make)
		return NULL;
	window = malloc(sizeof(*window));
	memory = window ? reserve_window() : MAP_FAILED;
	if (memory == MAP_FAILED) {
		free(window);
		return NULL;
	}
	*window = (struct kvm_window){ .next = guest->windows, .begin = begin, .addr = memory };
	guest->windows = window;
	return memory + (addr - begin);
}

char *kvm_guest__at(struct kvm_guest *guest, uint64_t addr)
{
	return window_of(guest, addr, false);
}

void kvm_guest__free_memory(struct kvm_guest *guest)
{
	while (guest->windows) {
		struct kvm_window *window = guest->windows;

		guest->windows = window->next;
		munmap(window->addr, WINDOW_SIZE);
		__atomic_sub_fetch(&windows, 1, __ATOMIC_RELAXED);
		free(window);
	}
	free(guest->slots);
}

/* --- slots, in the order of their addresses; under the guest's lock --- */

static int tell_kvm(struct kvm_guest *guest, const struct kvm_slot *slot, bool there)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot->id,
		.flags = slot->writable ? 0 : KVM_MEM_READONLY,
		.guest_phys_addr = slot->begin,
		.memory_size = there ? slot->end - slot->begin : 0,
		.userspace_addr = (uint64_t)(uintptr_t)slot->addr,
	};

	return ioctl(guest->fd, KVM_SET_USER_MEMORY_REGION, &region) < 0 ? -errno : 0;
}

static uint32_t first_after(const struct kvm_guest *guest, uint64_t addr)
{
	uint32_t low = 0;
	uint32_t high = guest->slot_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (guest->slots[middle].end > addr)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static bool make_room(struct kvm_guest *guest)
{
	uint32_t capacity = guest->slot_capacity ? 2 * guest->slot_capacity : FIRST_SLOTS;
	struct kvm_slot *slots;

	if (guest->slot_count < guest->slot_capacity)
		return true;
	slots = reallocarray(guest->slots, capacity, sizeof(*slots));
	if (!slots)
		return false;
	guest->slots = slots;
	guest->slot_capacity = capacity;
	return true;
}

static int add_slot(struct kvm_guest *guest, struct kvm_slot slot)
{
	uint32_t place = first_after(guest, slot.begin);
	int error;

	/* The last one is for kvm_pages.c. */
	for (slot.id = 0; slot.id + 1 < guest->max_slots && guest->slot_used[slot.id]; slot.id++)
		;
	if (slot.id + 1 >= guest->max_slots || !make_room(guest))
		return -ENOMEM;
	error = tell_kvm(guest, &slot, true);
	if (error)
		return error;
	guest->slot_used[slot.id] = true;
	memmove(&guest->slots[place + 1], &guest->slots[place],
		(guest->slot_count - place) * sizeof(slot));
	guest->slots[place] = slot;
	guest->slot_count++;
	return 0;
}

static void remove_slot(struct kvm_guest *guest, uint32_t place)
{
	(void)tell_kvm(guest, &guest->slots[place], false);
	guest->slot_used[guest->slots[place].id] = false;
	guest->slot_count--;
	memmove(&guest->slots[place], &guest->slots[place + 1],
		(guest->slot_count - place) * sizeof(struct kvm_slot));
}

/* Is the range known to KVM as it is wanted? */
static bool is_set(const struct kvm_guest *guest, uint64_t begin, uint64_t end, enum access access)
{
	uint32_t place = first_after(guest, begin);
	const struct kvm_slot *slot = &guest->slots[place];

	if (place == guest->slot_count || slot->begin >= end)
		return access == ACCESS_NONE;
	return access != ACCESS_NONE && slot->begin <= begin && slot->end >= end &&
	       slot->writable == (access == ACCESS_WRITE);
}

/* What becomes of the slots around a range: itself, and what is left on both sides. */
struct change {
	struct kvm_slot left;
	struct kvm_slot middle;
	struct kvm_slot right;
};

/* Can @slot be one with the middle, to which it is next? Each window is by itself. */
static bool joins(const struct kvm_slot *slot, const struct kvm_slot *middle, uint64_t border)
{
	return middle->addr && slot->writable == middle->writable && border & (WINDOW_SIZE - 1);
}

/* Takes @slot, which touches the range, apart. */
static void take_apart(const struct kvm_slot *slot, uint64_t begin, uint64_t end,
		       struct change *change)
{
	struct kvm_slot *middle = &change->middle;

	if (slot->begin < begin) {
		if (joins(slot, middle, begin)) {
			middle->begin = slot->begin;
			middle->addr = slot->addr;
		} else {
			change->left = *slot;
			if (slot->end > begin)
				change->left.end = begin;
		}
	}
	if (slot->end > end) {
		if (joins(slot, middle, end)) {
			middle->end = slot->end;
		} else {
			change->right = *slot;
			if (slot->begin < end) {
				change->right.begin = end;
				change->right.addr += end - slot->begin;
			}
		}
	}
}

static int apply(struct kvm_guest *guest, const struct change *change)
{
	int error = 0;

	if (change->left.addr)
		error = add_slot(guest, change->left);
	if (!error && change->middle.addr)
		error = add_slot(guest, change->middle);
	if (!error && change->right.addr)
		error = add_slot(guest, change->right);
	return error;
}

/* Should a step fail, what is left out is found by faults: the guest's accesses become slow. */
static int set_locked(struct kvm_guest *guest, uint64_t begin, uint64_t end, enum access access,
		      char *addr)
{
	struct change change = { 0 };
	uint32_t place = first_after(guest, begin ? begin - 1 : 0);

	if (access != ACCESS_NONE)
		change.middle = (struct kvm_slot){
			.begin = begin,
			.end = end,
			.addr = addr,
			.writable = access == ACCESS_WRITE,
		};
	while (place < guest->slot_count && guest->slots[place].begin <= end) {
		take_apart(&guest->slots[place], begin, end, &change);
		remove_slot(guest, place);
	}
	return apply(guest, &change);
}

static zx_status_t set(struct kvm_guest *guest, uint64_t begin, uint64_t end, enum access access,
		       char *addr)
{
	int error = 0;

	pthread_mutex_lock(&guest->lock);
	if (is_set(guest, begin, end, access)) {
		pthread_mutex_unlock(&guest->lock);
		return ZX_OK;
	}
	pthread_mutex_unlock(&guest->lock);
	kvm_guest__pause(guest);
	error = set_locked(guest, begin, end, access, addr);
	kvm_guest__resume(guest);
	if (error)
		host__note("memory of a guest at %#llx: %s", (unsigned long long)begin,
			   strerror(-error));
	return error ? ZX_ERR_NO_MEMORY : ZX_OK;
}

/* How much of a range from @addr on lies in one window. */
static uint64_t in_window(uint64_t addr, uint64_t size)
{
	uint64_t left = WINDOW_SIZE - (addr & (WINDOW_SIZE - 1));

	return size < left ? size : left;
}

static enum access access_of(uint32_t prot)
{
	return prot & HOST_PROT_WRITE ? ACCESS_WRITE : ACCESS_READ;
}

static int linux_prot(uint32_t prot)
{
	return prot & HOST_PROT_WRITE ? PROT_READ | PROT_WRITE : PROT_READ;
}

zx_status_t kvm_guest__map(struct kvm_guest *guest, uint64_t addr, uint64_t size, uint32_t prot,
			   int fd, uint64_t offset)
{
	zx_status_t status = ZX_OK;

	while (size && status == ZX_OK) {
		uint64_t part = in_window(addr, size);
		char *here;

		pthread_mutex_lock(&guest->lock);
		here = window_of(guest, addr, true);
		pthread_mutex_unlock(&guest->lock);
		if (!here || mmap(here, part, linux_prot(prot), MAP_SHARED | MAP_FIXED, fd,
				  (off_t)offset) == MAP_FAILED)
			return ZX_ERR_NO_MEMORY;
		status = set(guest, addr, addr + part, access_of(prot), here);
		addr += part;
		offset += part;
		size -= part;
	}
	return status;
}

zx_status_t kvm_guest__unmap(struct kvm_guest *guest, uint64_t addr, uint64_t size)
{
	zx_status_t status = ZX_OK;

	while (size && status == ZX_OK) {
		uint64_t part = in_window(addr, size);
		char *here;

		status = set(guest, addr, addr + part, ACCESS_NONE, NULL);
		pthread_mutex_lock(&guest->lock);
		here = window_of(guest, addr, false);
		pthread_mutex_unlock(&guest->lock);
		if (here && reserve(here, part) == MAP_FAILED)
			status = ZX_ERR_NO_MEMORY;
		addr += part;
		size -= part;
	}
	return status;
}

zx_status_t kvm_guest__protect(struct kvm_guest *guest, uint64_t addr, uint64_t size,
			       uint32_t prot)
{
	zx_status_t status = ZX_OK;

	while (size && status == ZX_OK) {
		uint64_t part = in_window(addr, size);
		char *here;

		pthread_mutex_lock(&guest->lock);
		here = window_of(guest, addr, false);
		pthread_mutex_unlock(&guest->lock);
		if (here && mprotect(here, part, linux_prot(prot)))
			return ZX_ERR_NO_MEMORY;
		if (here)
			status = set(guest, addr, addr + part, access_of(prot), here);
		addr += part;
		size -= part;
	}
	return status;
}
