/* Pagers: a thread serves the pages of memory that others map, read and write. */
#include "check.h"
#include "child.h"
#include "string.h"

#include <zircon/errors.h>
#include <zircon/rights.h>
#include <zircon/syscalls/port.h>

#define PAGE ((uint64_t)RT_PAGE_SIZE)
#define READ_WRITE (ZX_VM_PERM_READ | ZX_VM_PERM_WRITE)
#define PAGES 64u

static zx_handle_t pager;
static zx_handle_t port;
static zx_handle_t aux;
static struct rt_thread server;
static zx_handle_t vmos[4]; /* by key */
static volatile uint32_t requests;
static volatile uint32_t completes;
/* Pages from here on are broken. */
static volatile uint64_t broken = PAGES * PAGE;

/* The first word of a page says which one it is. */
static void answer(const zx_port_packet_t *packet, zx_handle_t vmo)
{
	uint64_t offset = packet->page_request.offset;
	uint64_t length = packet->page_request.length;

	if (offset + length > broken) {
		CHECK_OK(zx_pager_op_range(pager, ZX_PAGER_OP_FAIL, vmo, offset, length,
					   (uint64_t)ZX_ERR_IO));
		return;
	}
	for (uint64_t i = 0; i < length; i += PAGE) {
		uint64_t word = (offset + i) / PAGE + 1000;

		CHECK_OK(zx_vmo_write(aux, &word, i, sizeof(word)));
	}
	CHECK_OK(zx_pager_supply_pages(pager, vmo, offset, length, aux, 0));
}

static void serve(void *arg)
{
	zx_port_packet_t packet;

	(void)arg;
	while (zx_port_wait(port, ZX_TIME_INFINITE, &packet) == ZX_OK) {
		if (packet.type == ZX_PKT_TYPE_USER)
			return;
		if (packet.page_request.command == ZX_PAGER_VMO_READ) {
			requests++;
			answer(&packet, vmos[packet.key]);
		} else {
			completes++;
		}
	}
}

static zx_handle_t make(uint64_t key)
{
	CHECK_OK(zx_pager_create_vmo(pager, 0, port, key, PAGES * PAGE, &vmos[key]));
	return vmos[key];
}

static volatile uint64_t *map(zx_handle_t vmo, uint64_t size)
{
	zx_vaddr_t addr = 0;

	CHECK_OK(zx_vmar_map(rt_boot.root_vmar, READ_WRITE, 0, vmo, 0, size, &addr));
	return (volatile uint64_t *)addr;
}

static volatile uint64_t *page_of(volatile uint64_t *at, uint64_t page)
{
	return at + page * (PAGE / sizeof(*at));
}

static uint64_t word(zx_handle_t vmo, uint64_t page)
{
	uint64_t value = 0;

	CHECK_OK(zx_vmo_read(vmo, &value, page * PAGE, sizeof(value)));
	return value;
}

static void mapped(void)
{
	zx_handle_t vmo = make(0);
	volatile uint64_t *at = map(vmo, PAGES * PAGE);

	requests = 0;
	CHECK_EQ(*page_of(at, 7), 1007);
	*page_of(at, 3) += 5;
	CHECK_EQ(requests, 2);
	CHECK_EQ(*page_of(at, 3), 1008);
	CHECK_EQ(word(vmo, 3), 1008);
	CHECK_EQ(word(vmo, 4), 1004);
	CHECK_EQ(requests, 3);
	for (uint64_t i = 8; i < PAGES; i++)
		CHECK_EQ(*page_of(at, i), 1000 + i);
	/* The kernel's own accesses to memory of the program. */
	CHECK_OK(zx_object_get_property(rt_boot.process, ZX_PROP_NAME, (void *)page_of(at, 0),
					ZX_MAX_NAME_LEN));
	CHECK_EQ(word(vmo, 0), *page_of(at, 0));
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, (zx_vaddr_t)at, PAGES * PAGE));
}

static void toucher(void *arg)
{
	volatile uint64_t *at = arg;

	for (uint64_t i = 0; i < PAGES; i++)
		__atomic_fetch_add(page_of((volatile uint64_t *)at, i), 1, __ATOMIC_SEQ_CST);
}

/* Threads that want the same pages at once. */
static void many_threads(void)
{
	zx_handle_t vmo = make(1);
	volatile uint64_t *at = map(vmo, PAGES * PAGE);
	static struct rt_thread threads[3];

	for (int i = 0; i < 3; i++)
		REQUIRE_OK(rt_thread__start(&threads[i], "toucher", toucher, (void *)at));
	for (int i = 0; i < 3; i++)
		CHECK_OK(rt_thread__join(&threads[i]));
	for (uint64_t i = 0; i < PAGES; i++)
		CHECK_EQ(*page_of(at, i), 1003 + i);
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, (zx_vaddr_t)at, PAGES * PAGE));
}

static void child_of_it(void)
{
	zx_handle_t vmo = make(2);
	zx_handle_t clone;
	volatile uint64_t *at;

	CHECK_STATUS(zx_vmo_create_child(vmo, ZX_VMO_CHILD_SNAPSHOT, 0, PAGES * PAGE, &clone),
		     ZX_ERR_NOT_SUPPORTED);
	REQUIRE_OK(zx_vmo_create_child(vmo, ZX_VMO_CHILD_SNAPSHOT_AT_LEAST_ON_WRITE, 0,
				       PAGES * PAGE, &clone));
	at = map(clone, PAGES * PAGE);
	*page_of(at, 5) = 5;
	CHECK_EQ(*page_of(at, 6), 1006);
	*page_of(at, 6) = 6;
	CHECK_EQ(word(vmo, 5), 1005);
	CHECK_EQ(word(vmo, 6), 1006);
	CHECK_EQ(word(clone, 5), 5);
	CHECK_EQ(word(clone, 6), 6);
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, (zx_vaddr_t)at, PAGES * PAGE));
	zx_handle_close(clone);
}

static void failed(void)
{
	zx_handle_t vmo = vmos[2];
	uint64_t value;

	broken = 20 * PAGE;
	CHECK_STATUS(zx_vmo_read(vmo, &value, 30 * PAGE, sizeof(value)), ZX_ERR_IO);
	CHECK_STATUS(zx_vmo_op_range(vmo, ZX_VMO_OP_COMMIT, 20 * PAGE, PAGE, NULL, 0), ZX_ERR_IO);
	broken = PAGES * PAGE;
	CHECK_EQ(word(vmo, 30), 1030);
}

/* Another process whose data is a pager's; it ends where a page cannot be had. */
static void other_process(void)
{
	struct rt_child child;
	zx_handle_t vmo = make(3);
	zx_vaddr_t addr = 0;
	int64_t value = 0;
	int64_t code = 0;

	REQUIRE_OK(rt_child__create(&child, rt_boot.job, "paged"));
	CHECK_OK(zx_vmar_map(child.root_vmar, READ_WRITE, 0, vmo, 0, PAGES * PAGE, &addr));
	REQUIRE_OK(rt_child__start(&child));
	CHECK_OK(rt_child__ask(&child, RT_CHILD_PEEK, addr + 9 * PAGE, &value));
	CHECK_EQ(value, 1009);
	CHECK_OK(rt_child__ask(&child, RT_CHILD_ADD, addr + 10 * PAGE, &value));
	CHECK_EQ(word(vmo, 10), 1011);
	broken = 20 * PAGE;
	CHECK_OK(rt_child__tell(&child, RT_CHILD_PEEK, addr + 50 * PAGE));
	CHECK_OK(rt_child__wait(&child, &code));
	CHECK_EQ(code, ZX_TASK_RETCODE_EXCEPTION_KILL);
	broken = PAGES * PAGE;
	rt_child__close(&child);
}

/* One that is killed while it waits ends, and takes its request back. */
static void killed(void)
{
	struct rt_child child;
	zx_handle_t quiet;
	zx_handle_t vmo;
	zx_vaddr_t addr = 0;
	zx_port_packet_t packet;
	int64_t code = 0;

	REQUIRE_OK(zx_port_create(0, &quiet));
	REQUIRE_OK(zx_pager_create_vmo(pager, 0, quiet, 99, PAGE, &vmo));
	REQUIRE_OK(rt_child__create(&child, rt_boot.job, "waits"));
	CHECK_OK(zx_vmar_map(child.root_vmar, READ_WRITE, 0, vmo, 0, PAGE, &addr));
	REQUIRE_OK(rt_child__start(&child));
	CHECK_OK(rt_child__tell(&child, RT_CHILD_PEEK, addr));
	CHECK_OK(zx_port_wait(quiet, ZX_TIME_INFINITE, &packet));
	CHECK_EQ(packet.key, 99);
	CHECK_EQ(packet.page_request.length, PAGE);
	CHECK_OK(zx_task_kill(child.process));
	CHECK_OK(rt_child__wait(&child, &code));
	CHECK_EQ(code, ZX_TASK_RETCODE_SYSCALL_KILL);
	rt_child__close(&child);
	zx_handle_close(vmo);
	CHECK_OK(zx_port_wait(quiet, ZX_TIME_INFINITE, &packet));
	CHECK_EQ(packet.page_request.command, ZX_PAGER_VMO_COMPLETE);
	zx_handle_close(quiet);
}

static void ends(void)
{
	zx_port_packet_t stop = { .key = 1 };
	uint64_t value;

	/* What was written is kept for the pager, what it supplied may go. */
	value = 77;
	CHECK_OK(zx_vmo_write(vmos[2], &value, 30 * PAGE, sizeof(value)));
	CHECK_OK(zx_pager_detach_vmo(pager, vmos[2]));
	CHECK_EQ(word(vmos[2], 30), 77);
	CHECK_STATUS(zx_vmo_read(vmos[2], &value, 40 * PAGE, sizeof(value)), ZX_ERR_BAD_STATE);
	zx_handle_close(vmos[0]);
	CHECK_OK(zx_port_queue(port, &stop));
	CHECK_OK(rt_thread__join(&server));
	CHECK_EQ(completes, 2);
	zx_handle_close(pager);
	CHECK_STATUS(zx_vmo_read(vmos[3], &value, 40 * PAGE, sizeof(value)), ZX_ERR_BAD_STATE);
}

int main(void)
{
	if (!CHECK_OK(zx_pager_create(0, &pager)) || !CHECK_OK(zx_port_create(0, &port)) ||
	    !CHECK_OK(zx_vmo_create(PAGES * PAGE, 0, &aux)) ||
	    !CHECK_OK(rt_thread__start(&server, "pages", serve, NULL)))
		return 1;
	RUN(mapped);
	RUN(many_threads);
	RUN(child_of_it);
	RUN(failed);
	RUN(other_process);
	RUN(killed);
	RUN(ends);
	return rt_check_result();
}
