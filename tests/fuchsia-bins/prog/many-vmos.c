/*
 * More VMOs than zxrun may have open files: those that nobody has touched cost none, and where the
 * others use them up that is an error like any other, for whoever has most.
 */
#include "check.h"
#include "child.h"

#include <zircon/errors.h>

#define UNTOUCHED 20000u
/* More than there is room for where this program is run. */
#define TOUCHED 2000u
#define PAGE ((uint64_t)RT_PAGE_SIZE)
#define READ_WRITE (ZX_VM_PERM_READ | ZX_VM_PERM_WRITE)

static zx_handle_t vmos[UNTOUCHED];

static void make(uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		REQUIRE_OK(zx_vmo_create(16 * PAGE, 0, &vmos[i]));
}

static void close_all(uint32_t count)
{
	REQUIRE_OK(zx_handle_close_many(vmos, count));
}

static void untouched(void)
{
	uint64_t value = 1;

	make(UNTOUCHED);
	CHECK_OK(zx_vmo_read(vmos[UNTOUCHED - 1], &value, PAGE, sizeof(value)));
	CHECK_EQ(value, 0);
	value = 5;
	CHECK_OK(zx_vmo_write(vmos[UNTOUCHED / 2], &value, PAGE, sizeof(value)));
	CHECK_OK(zx_vmo_read(vmos[UNTOUCHED / 2], &value, PAGE, sizeof(value)));
	CHECK_EQ(value, 5);
	close_all(UNTOUCHED);
}

/* Writes to one after the other until that fails; returns how many have memory. */
static uint32_t touch(void)
{
	uint32_t count = 0;
	zx_status_t status;

	while (count < TOUCHED) {
		status = zx_vmo_write(vmos[count], "a", 0, 1);
		if (status != ZX_OK) {
			CHECK_STATUS(status, ZX_ERR_NO_MEMORY);
			break;
		}
		count++;
	}
	return count;
}

/* It has few VMOs: there is room for one more. */
static void try_as(struct rt_child *child)
{
	zx_vaddr_t out = child->data + RT_PAGE_SIZE - RT_CHILD_ROOM;
	int64_t answer = -1;
	int64_t vmo = 0;

	CHECK_OK(rt_child__call(child, zx_vmo_create, (uint64_t[RT_CHILD_ARGS]){ PAGE, 0, out },
				&answer));
	CHECK_EQ(answer, ZX_OK);
	CHECK_OK(rt_child__ask(child, RT_CHILD_PEEK, out, &vmo));
	CHECK_OK(rt_child__call(child, zx_vmo_write,
				(uint64_t[RT_CHILD_ARGS]){ (uint64_t)vmo, out, 0, 4 }, &answer));
	CHECK_EQ(answer, ZX_OK);
}

static void used_up(void)
{
	struct rt_child child;
	zx_vaddr_t at = 0;
	uint32_t count;
	char byte = 'x';

	REQUIRE_OK(rt_child__create(&child, rt_boot.job, "other"));
	REQUIRE_OK(rt_child__start(&child));
	make(TOUCHED);
	count = touch();
	CHECK(count > 100);
	CHECK(count < TOUCHED);
	CHECK_STATUS(zx_vmar_map(rt_boot.root_vmar, READ_WRITE, 0, vmos[TOUCHED - 1], 0, PAGE, &at),
		     ZX_ERR_NO_MEMORY);
	/* What is there goes on, and so does what needs no memory of its own. */
	CHECK_OK(zx_vmo_write(vmos[count - 1], "b", 1, 1));
	CHECK_OK(zx_vmo_read(vmos[count], &byte, 0, 1));
	CHECK_EQ(byte, 0);
	try_as(&child);
	CHECK_OK(zx_task_kill(child.process));
	rt_child__close(&child);
	close_all(TOUCHED);
}

static void again(void)
{
	uint32_t count;

	make(100);
	for (count = 0; count < 100; count++)
		CHECK_OK(zx_vmo_write(vmos[count], "a", 0, 1));
	close_all(100);
}

int main(void)
{
	RUN(untouched);
	RUN(used_up);
	RUN(again);
	return rt_check_result();
}
