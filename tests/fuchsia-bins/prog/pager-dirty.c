/*
 * A file system in small: threads write to mapped pages while others supply them, grant writes, and
 * write what is dirty back to a disk. In the end the disk has what was written last.
 */
#include "check.h"

#include <zircon/errors.h>
#include <zircon/syscalls/next.h>
#include <zircon/syscalls/port.h>

#define PAGE ((uint64_t)RT_PAGE_SIZE)
#define READ_WRITE (ZX_VM_PERM_READ | ZX_VM_PERM_WRITE)
#define PAGES 48u
#define WRITERS 3u
#define WRITES 1500u
#define RANGES 8u

static zx_handle_t pager;
static zx_handle_t port;
static zx_handle_t vmo;
static zx_handle_t aux;
static volatile uint64_t *mapped;
static uint64_t written[PAGES];
static uint64_t disk[PAGES];
static volatile uint32_t writers_left;
static volatile uint32_t reads;
static volatile uint32_t grants;
static uint32_t write_backs;
static struct rt_thread server;
static struct rt_thread writers[WRITERS];

static void answer(const zx_packet_page_request_t *request)
{
	zx_status_t status;

	if (request->command == ZX_PAGER_VMO_DIRTY) {
		grants++;
		status = zx_pager_op_range(pager, ZX_PAGER_OP_DIRTY, vmo, request->offset,
					   request->length, 0);
		/* Zeros that were written back meanwhile are asked for again, first. */
		CHECK(status == ZX_OK || status == ZX_ERR_NOT_FOUND);
		return;
	}
	reads++;
	for (uint64_t at = 0; at < request->length; at += PAGE)
		CHECK_OK(zx_vmo_write(aux, &disk[(request->offset + at) / PAGE], at,
				      sizeof(disk[0])));
	CHECK_OK(zx_pager_supply_pages(pager, vmo, request->offset, request->length, aux, 0));
}

static void serve(void *arg)
{
	zx_port_packet_t packet;

	(void)arg;
	while (zx_port_wait(port, ZX_TIME_INFINITE, &packet) == ZX_OK &&
	       packet.type == ZX_PKT_TYPE_PAGE_REQUEST &&
	       packet.page_request.command != ZX_PAGER_VMO_COMPLETE)
		answer(&packet.page_request);
}

static void write_pages(void *arg)
{
	uint64_t first = (uint64_t)arg;
	uint64_t page = first;

	for (uint64_t i = 1; i <= WRITES; i++) {
		/* By the mapping and by calls. */
		if (i % 5)
			mapped[page * PAGE / sizeof(*mapped)] = i;
		else
			CHECK_OK(zx_vmo_write(vmo, &i, page * PAGE, sizeof(i)));
		written[page] = i;
		page += WRITERS * (i % 7 + 1);
		if (page >= PAGES)
			page = first;
	}
	__atomic_fetch_sub(&writers_left, 1, __ATOMIC_SEQ_CST);
}

static void write_back(const zx_vmo_dirty_range_t *range)
{
	CHECK_EQ(range->options, 0);
	CHECK_OK(zx_pager_op_range(pager, ZX_PAGER_OP_WRITEBACK_BEGIN, vmo, range->offset,
				   range->length, range->options));
	for (uint64_t at = range->offset; at < range->offset + range->length; at += PAGE) {
		CHECK_OK(zx_vmo_read(vmo, &disk[at / PAGE], at, sizeof(disk[0])));
		write_backs++;
	}
	CHECK_OK(zx_pager_op_range(pager, ZX_PAGER_OP_WRITEBACK_END, vmo, range->offset,
				   range->length, 0));
}

/* Returns how many ranges there were. */
static size_t clean(void)
{
	zx_vmo_dirty_range_t ranges[RANGES];
	size_t count = 0;

	CHECK_OK(zx_pager_query_dirty_ranges(pager, vmo, 0, PAGES * PAGE, ranges, sizeof(ranges),
					     &count, NULL));
	for (size_t i = 0; i < count; i++)
		write_back(&ranges[i]);
	return count;
}

static void nothing_is_lost(void)
{
	zx_vaddr_t addr;

	REQUIRE_OK(zx_pager_create(0, &pager));
	REQUIRE_OK(zx_port_create(0, &port));
	REQUIRE_OK(zx_vmo_create(PAGES * PAGE, 0, &aux));
	REQUIRE_OK(zx_pager_create_vmo(pager, ZX_VMO_TRAP_DIRTY, port, 1, PAGES * PAGE, &vmo));
	REQUIRE_OK(zx_vmar_map(rt_boot.root_vmar, READ_WRITE, 0, vmo, 0, PAGES * PAGE, &addr));
	mapped = (volatile uint64_t *)addr;
	writers_left = WRITERS;
	REQUIRE_OK(rt_thread__start(&server, "server", serve, NULL));
	for (uint64_t i = 0; i < WRITERS; i++)
		REQUIRE_OK(rt_thread__start(&writers[i], "writer", write_pages, (void *)i));
	while (writers_left)
		clean();
	for (uint64_t i = 0; i < WRITERS; i++)
		CHECK_OK(rt_thread__join(&writers[i]));
	while (clean())
		;
	for (uint32_t i = 0; i < PAGES; i++)
		CHECK_EQ(disk[i], written[i]);
	CHECK(reads > 0);
	CHECK(grants > 0);
	CHECK(write_backs >= PAGES);
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, addr, PAGES * PAGE));
	zx_handle_close(vmo);
	CHECK_OK(rt_thread__join(&server));
	zx_handle_close(aux);
	zx_handle_close(port);
	zx_handle_close(pager);
}

int main(void)
{
	RUN(nothing_is_lost);
	return rt_check_result();
}
