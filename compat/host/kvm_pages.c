/*
 * Pages of 1 GiB in guests' page tables. Zircon's processors have them, and its guests begin with
 * one; a KVM that walks page tables itself may take them for errors. Then entries for such pages
 * are replaced by ones for tables of 2 MiB pages, which lie where guests have no memory. This is
 * done before a processor runs first, and when it has come to a triple fault.
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "compat/core/vmar.h"
#include "compat/host/kvm.h"

#define HIDDEN_BEGIN 0x7ff000000000ull
#define HIDDEN_PAGES 512u
#define ENTRIES 512u
#define PAGE 4096ull
#define MIB_2 (2ull << 20)

#define CR0_PG (1ull << 31)
#define EFER_LMA (1ull << 10)
#define CR4_LA57 (1ull << 12)

#define PTE_PRESENT 1ull
#define PTE_TABLE 7ull /* present, writable, for all */
#define PTE_LARGE 0x80ull
#define PTE_FRAME 0x000ffffffffff000ull
#define PTE_GIB_FRAME 0x000fffffc0000000ull

static char *find(struct kvm_guest *guest, uint64_t addr)
{
	char *there;

	pthread_mutex_lock(&guest->lock);
	there = kvm_guest__at(guest, addr);
	pthread_mutex_unlock(&guest->lock);
	return there;
}

/* In this way it is an error, and no signal, where nothing is mapped. */
static bool read_table(struct kvm_guest *guest, uint64_t addr, uint64_t *entries)
{
	char *there = find(guest, addr);
	struct iovec local = { .iov_base = entries, .iov_len = PAGE };
	struct iovec remote = { .iov_base = there, .iov_len = PAGE };

	return there && process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == (ssize_t)PAGE;
}

static bool write_entry(struct kvm_guest *guest, uint64_t addr, uint64_t entry)
{
	char *there = find(guest, addr);
	struct iovec local = { .iov_base = &entry, .iov_len = sizeof(entry) };
	struct iovec remote = { .iov_base = there, .iov_len = sizeof(entry) };

	/* The page may be a snapshot's too. */
	return vmar__fault(guest->memory, addr, HOST_PROT_WRITE) == ZX_OK &&
	       process_vm_writev(getpid(), &local, 1, &remote, 1, 0) == sizeof(entry);
}

static bool make_hidden(struct kvm_guest *guest)
{
	struct kvm_userspace_memory_region region = {
		.slot = guest->max_slots - 1,
		.guest_phys_addr = HIDDEN_BEGIN,
		.memory_size = HIDDEN_PAGES * PAGE,
	};
	void *memory = mmap(NULL, region.memory_size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED)
		return false;
	region.userspace_addr = (uint64_t)(uintptr_t)memory;
	if (ioctl(guest->fd, KVM_SET_USER_MEMORY_REGION, &region) < 0) {
		munmap(memory, region.memory_size);
		return false;
	}
	guest->hidden = memory;
	return true;
}

void kvm_guest__free_hidden(struct kvm_guest *guest)
{
	if (guest->hidden)
		munmap(guest->hidden, HIDDEN_PAGES * PAGE);
}

/* A table for what @entry shows as one page, or 0. */
static uint64_t make_table(struct kvm_guest *guest, uint64_t entry)
{
	uint64_t *table;

	if ((!guest->hidden && !make_hidden(guest)) || guest->hidden_used == HIDDEN_PAGES)
		return 0;
	table = (uint64_t *)(guest->hidden + guest->hidden_used * PAGE);
	for (uint64_t i = 0; i < ENTRIES; i++)
		table[i] = entry + i * MIB_2;
	return HIDDEN_BEGIN + guest->hidden_used++ * PAGE;
}

/* The entries of a third-level table; true where one was replaced. */
static bool split_table(struct kvm_guest *guest, uint64_t addr)
{
	uint64_t entries[ENTRIES];
	bool changed = false;

	if (!read_table(guest, addr, entries))
		return false;
	for (uint64_t i = 0; i < ENTRIES; i++) {
		uint64_t table;

		if (!(entries[i] & PTE_PRESENT) || !(entries[i] & PTE_LARGE))
			continue;
		table = make_table(guest, entries[i] & ~(PTE_FRAME & ~PTE_GIB_FRAME & ~PAGE));
		if (!table)
			break;
		changed |= write_entry(guest, addr + 8 * i, table | PTE_TABLE);
	}
	return changed;
}

bool kvm_vcpu__split_pages(struct kvm_vcpu *vcpu)
{
	const struct kvm_sregs *sregs = &vcpu->run->s.regs.sregs;
	struct kvm_guest *guest = vcpu->guest;
	uint64_t entries[ENTRIES];
	bool changed = false;

	if (kvm__has_gib_pages() || !(sregs->cr0 & CR0_PG) || !(sregs->efer & EFER_LMA) ||
	    sregs->cr4 & CR4_LA57)
		return false;
	/* Page tables are the whole guest's: no two processors are looked at at once. */
	pthread_mutex_lock(&guest->pages_lock);
	if (read_table(guest, sregs->cr3 & PTE_FRAME, entries)) {
		for (uint32_t i = 0; i < ENTRIES; i++) {
			if (entries[i] & PTE_PRESENT)
				changed |= split_table(guest, entries[i] & PTE_FRAME);
		}
	}
	pthread_mutex_unlock(&guest->pages_lock);
	return changed;
}
