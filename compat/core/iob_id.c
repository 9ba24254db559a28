/*
 * Regions that number blobs. The other end may have the memory mapped and do the same, so every
 * word is changed as a whole, and nothing that is read from it is trusted.
 *
 *	next id, head     32 bits each: where the lowest blob begins
 *	size, offset      for each blob, upwards
 *	...               zero
 *	blobs             downwards from the end
 */
#include "compat/core/core.h"
#include "compat/core/iob.h"

#define ENTRY_SIZE sizeof(uint64_t)

static uint64_t pair(uint32_t low, uint32_t high)
{
	return low | (uint64_t)high << 32;
}

/* Bytes between the entries and the blobs; false where they would overlap or leave the region. */
static bool remaining(uint64_t header, uint64_t size, uint64_t *out)
{
	uint64_t entries_end = ENTRY_SIZE + (uint64_t)(uint32_t)header * ENTRY_SIZE;
	uint64_t head = header >> 32;

	if (entries_end > head || head > size)
		return false;
	*out = head - entries_end;
	return true;
}

void iob_id__init(void *memory, uint64_t size)
{
	__atomic_store_n((uint64_t *)memory, pair(0, (uint32_t)size), __ATOMIC_RELEASE);
}

/* Takes a number and room; @header is what the header was before. */
static zx_status_t reserve(uint64_t *words, uint64_t size, size_t blob_size, uint64_t *header)
{
	uint64_t left;
	uint64_t next;

	*header = __atomic_load_n(words, __ATOMIC_ACQUIRE);
	do {
		if (!remaining(*header, size, &left))
			return ZX_ERR_IO_DATA_INTEGRITY;
		if (left < ENTRY_SIZE || left - ENTRY_SIZE < blob_size)
			return ZX_ERR_NO_MEMORY;
		next = pair((uint32_t)*header + 1, (uint32_t)((*header >> 32) - blob_size));
	} while (!__atomic_compare_exchange_n(words, header, next, false, __ATOMIC_ACQ_REL,
					      __ATOMIC_ACQUIRE));
	return ZX_OK;
}

zx_status_t iob_id__allocate(struct thread *self, void *memory, uint64_t size, user_addr_t blob,
			     size_t blob_size, uint32_t *out_id)
{
	uint64_t *words = memory;
	uint64_t empty = 0;
	uint64_t header;
	uint32_t offset;
	zx_status_t status;

	status = reserve(words, size, blob_size, &header);
	if (status != ZX_OK)
		return status;
	offset = (uint32_t)((header >> 32) - blob_size);
	/* As in Zircon, a blob that cannot be read costs its number and its room. */
	status = user__copy_in(self, (char *)memory + offset, blob, blob_size);
	if (status != ZX_OK)
		return status;
	*out_id = (uint32_t)header;
	/* Whoever sees the entry sees the blob. */
	if (!__atomic_compare_exchange_n(&words[1 + *out_id], &empty,
					 pair((uint32_t)blob_size, offset), false,
					 __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		return ZX_ERR_IO_DATA_INTEGRITY;
	return ZX_OK;
}
