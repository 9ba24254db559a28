/* Which pages of a VMO hold something. */
#include "compat/core/core.h"
#include "compat/core/vmo_pages.h"

/* The same for the pages of @vmo's owner. */
static bool next_data_locked(struct vmo *owner, uint64_t from, uint64_t end, uint64_t *begin,
			     uint64_t *stop)
{
	while (from < end) {
		struct piece piece;
		uint64_t length;

		vmo__piece_locked(owner, from, end, &piece);
		length = piece.end - from;
		if (!piece.missing && piece.memory >= 0 &&
		    core_host.mem_next_data(piece.memory, piece.offset, piece.offset + length, begin,
					    stop)) {
			*begin = *begin - piece.offset + from;
			*stop = *stop - piece.offset + from;
			return true;
		}
		from = piece.end;
	}
	return false;
}

bool vmo__next_data(struct vmo *vmo, uint64_t from, uint64_t end, uint64_t *begin, uint64_t *stop)
{
	uint64_t moved = 0;
	bool found = false;

	object__lock(&vmo->object);
	if (end > vmo->size)
		end = vmo->size;
	if (from < end) {
		struct vmo *owner = vmo__owner(vmo, &moved);

		found = next_data_locked(owner, from + moved, end + moved, begin, stop);
	}
	object__unlock(&vmo->object);
	if (found) {
		*begin -= moved;
		*stop -= moved;
	}
	return found;
}
