/*
 * Costs of copy-on-write children, in nanoseconds: one line each, NAME VALUE. The VMO of 1 GiB is
 * committed; it is mapped for the last figures only.
 */
#include "rt.h"

#define GIB (1ull << 30)
#define ROUNDS 15
#define RUN (16ull << 20)

static zx_time_t rounds[ROUNDS];

static void add(int i, zx_time_t spent)
{
	int j;

	for (j = i; j > 0 && rounds[j - 1] > spent; j--)
		rounds[j] = rounds[j - 1];
	rounds[j] = spent;
}

static void report(const char *name, uint64_t parts)
{
	uint64_t ns = (uint64_t)rounds[ROUNDS / 2] / parts;

	rt_print("%s %llu.00\n", name, (unsigned long long)ns);
}

static zx_handle_t child_of(zx_handle_t vmo, uint64_t size)
{
	zx_handle_t child = ZX_HANDLE_INVALID;

	if (zx_vmo_create_child(vmo, ZX_VMO_CHILD_SNAPSHOT, 0, size, &child) != ZX_OK)
		rt_print_error("no child\n");
	return child;
}

/* Each child is made of one that was written to since the last. */
static void children(zx_handle_t vmo)
{
	for (int i = 0; i < ROUNDS; i++) {
		zx_time_t begin;
		zx_handle_t child;

		zx_vmo_write(vmo, &i, (uint64_t)i * RT_PAGE_SIZE, sizeof(i));
		begin = zx_clock_get_monotonic();
		child = child_of(vmo, GIB);
		add(i, zx_clock_get_monotonic() - begin);
		zx_handle_close(child);
	}
	report("cow_child_1g", 1);
}

/* A page of a new child, written one after the other. */
static void writes(zx_handle_t vmo)
{
	for (int i = 0; i < ROUNDS; i++) {
		zx_handle_t child = child_of(vmo, RUN);
		zx_vaddr_t addr = 0;
		zx_time_t begin;

		zx_vmar_map(rt_boot.root_vmar, ZX_VM_PERM_READ | ZX_VM_PERM_WRITE, 0, child, 0, RUN,
			    &addr);
		begin = zx_clock_get_monotonic();
		for (uint64_t at = 0; at < RUN; at += RT_PAGE_SIZE)
			*(volatile char *)(addr + at) = 1;
		add(i, zx_clock_get_monotonic() - begin);
		zx_vmar_unmap(rt_boot.root_vmar, addr, RUN);
		zx_handle_close(child);
	}
	report("cow_write_page", RUN / RT_PAGE_SIZE);
}

int main(void)
{
	zx_handle_t vmo;

	if (zx_vmo_create(GIB, 0, &vmo) != ZX_OK ||
	    zx_vmo_op_range(vmo, ZX_VMO_OP_COMMIT, 0, GIB, NULL, 0) != ZX_OK)
		return 1;
	children(vmo);
	writes(vmo);
	return 0;
}
