#include "tests/core/aspace_model.h"

#include <stdlib.h>
#include <unistd.h>

#include "compat/core/core.h"
#include "compat/core/vmar.h"

#define PIECES 65536
/* A fault may have to be taken again: for a piece that is there, and then for one to write to. */
#define TRIES 3

struct model_piece {
	struct process *process;
	uint64_t addr;
	uint64_t end;
	uint64_t offset;
	uint32_t prot;
	int id;
};

static struct model_piece pieces[PIECES];
static uint32_t count;
uint64_t aspace_model_faults;

void aspace_model__reset(void)
{
	count = 0;
	aspace_model_faults = 0;
}

static void add(struct model_piece piece)
{
	if (count == PIECES)
		abort();
	pieces[count++] = piece;
}

/* Makes @addr the border of two pieces where it lies in one. */
static void split(struct process *process, uint64_t addr)
{
	for (uint32_t i = 0; i < count; i++) {
		struct model_piece *piece = &pieces[i];
		struct model_piece rest = *piece;

		if (piece->process != process || piece->addr >= addr || piece->end <= addr)
			continue;
		rest.offset += addr - rest.addr;
		rest.addr = addr;
		piece->end = addr;
		add(rest);
		return;
	}
}

void aspace_model__unmap(struct process *process, uint64_t addr, uint64_t size)
{
	split(process, addr);
	split(process, addr + size);
	for (uint32_t i = 0; i < count;) {
		if (pieces[i].process == process && pieces[i].addr >= addr &&
		    pieces[i].end <= addr + size)
			pieces[i] = pieces[--count];
		else
			i++;
	}
}

zx_status_t aspace_model__map(struct process *process, uint64_t addr, uint64_t size, uint32_t prot,
			      int id, uint64_t offset)
{
	aspace_model__unmap(process, addr, size);
	add((struct model_piece){ process, addr, addr + size, offset, prot, id });
	return ZX_OK;
}

void aspace_model__protect(struct process *process, uint64_t addr, uint64_t size, uint32_t prot)
{
	split(process, addr);
	split(process, addr + size);
	for (uint32_t i = 0; i < count; i++) {
		if (pieces[i].process == process && pieces[i].addr >= addr &&
		    pieces[i].end <= addr + size)
			pieces[i].prot = prot;
	}
}

static const struct model_piece *find(struct process *process, uint64_t addr, uint32_t prot)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct model_piece *piece = &pieces[i];

		if (piece->process == process && piece->addr <= addr && piece->end > addr)
			return piece->prot & prot ? piece : NULL;
	}
	return NULL;
}

static const struct model_piece *access_piece(struct process *process, uint64_t addr, uint32_t prot)
{
	for (int i = 0; i < TRIES; i++) {
		const struct model_piece *piece = find(process, addr, prot);

		if (piece)
			return piece;
		if (vmar__fault(process, addr, prot) != ZX_OK)
			return NULL;
		aspace_model_faults++;
	}
	return NULL;
}

bool aspace_model__peek(struct process *process, uint64_t addr, uint8_t *value)
{
	const struct model_piece *piece = access_piece(process, addr, HOST_PROT_READ);

	return piece && pread(piece->id, value, 1, (off_t)(piece->offset + (addr - piece->addr))) == 1;
}

bool aspace_model__poke(struct process *process, uint64_t addr, uint8_t value)
{
	const struct model_piece *piece = access_piece(process, addr, HOST_PROT_WRITE);

	return piece && pwrite(piece->id, &value, 1, (off_t)(piece->offset + (addr - piece->addr))) == 1;
}

uint32_t aspace_model__prot(struct process *process, uint64_t addr)
{
	for (uint32_t i = 0; i < count; i++) {
		if (pieces[i].process == process && pieces[i].addr <= addr && pieces[i].end > addr)
			return pieces[i].prot;
	}
	return 0;
}

uint32_t aspace_model__pieces(struct process *process)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < count; i++)
		sum += pieces[i].process == process;
	return sum;
}
