/* Why an access is a page fault: the newest reports tell it as a status in synth_code. */
#include "exception.h"

#include <zircon/syscalls/port.h>

#define KEY 9

static void map_where_it_crashes(zx_handle_t vmo, zx_vm_option_t options, size_t size)
{
	zx_info_vmar_t root;
	zx_vaddr_t at;

	EXPECT_OK(zx_object_get_info(program.root_vmar, ZX_INFO_VMAR, &root, sizeof(root), NULL,
				     NULL));
	EXPECT_OK(zx_vmar_map(program.root_vmar, options | ZX_VM_SPECIFIC,
			      CRASH_ADDRESS - root.base, vmo, 0, size, &at));
}

/* What the report of the program's page fault tells; it ends then. */
static zx_status_t why(void)
{
	struct exception exception = next_exception(&process_handler, program.thread,
						    ZX_EXCP_FATAL_PAGE_FAULT);
	zx_exception_report_v2_t report;

	EXPECT_OK(zx_object_get_info(program.thread, ZX_INFO_THREAD_EXCEPTION_REPORT_V2, &report,
				     sizeof(report), NULL, NULL));
	EXPECT_EQ(report.header.type, ZX_EXCP_FATAL_PAGE_FAULT);
	EXPECT_EQ(report.header.size, sizeof(report));
	EXPECT_EQ(report.context.arch.u.x86_64.cr2, CRASH_ADDRESS);
	EXPECT_EQ(report.context.synth_data, 0);
	pass_on(&exception);
	EXPECT_EQ(program_code(), exception_code());
	return (zx_status_t)report.context.synth_code;
}

static void make_handled(enum crash crash)
{
	make_program(crash);
	handle(&process_handler, program.process, PLAIN);
}

CHECK(task_create_exception_channel, page_fault_without_memory, .from = ERA_NEWEST)
{
	make_handled(CRASH_READ);
	run_program();
	EXPECT_STATUS(why(), ZX_ERR_NOT_FOUND);
}

CHECK(task_create_exception_channel, page_fault_of_a_forbidden_write, .from = ERA_NEWEST)
{
	make_handled(CRASH_WRITE);
	map_where_it_crashes(vmo_with(PAGE, 0), ZX_VM_PERM_READ, PAGE);
	run_program();
	EXPECT_STATUS(why(), ZX_ERR_ACCESS_DENIED);
}

CHECK(task_create_exception_channel, page_fault_of_a_forbidden_read, .from = ERA_NEWEST)
{
	make_handled(CRASH_READ);
	map_where_it_crashes(vmo_with(PAGE, 0), 0, PAGE);
	run_program();
	EXPECT_STATUS(why(), ZX_ERR_ACCESS_DENIED);
}

CHECK(task_create_exception_channel, page_fault_of_a_forbidden_jump, .from = ERA_NEWEST)
{
	make_handled(CRASH_JUMP);
	map_where_it_crashes(vmo_with(PAGE, 0), READ_WRITE, PAGE);
	run_program();
	EXPECT_STATUS(why(), ZX_ERR_ACCESS_DENIED);
}

CHECK(task_create_exception_channel, page_fault_behind_the_vmo, .from = ERA_NEWEST)
{
	zx_handle_t vmo = vmo_with(PAGE, ZX_VMO_RESIZABLE);

	make_handled(CRASH_READ);
	map_where_it_crashes(vmo, ZX_VM_PERM_READ | ZX_VM_ALLOW_FAULTS, PAGE);
	EXPECT_OK(zx_vmo_set_size(vmo, 0));
	run_program();
	EXPECT_STATUS(why(), ZX_ERR_OUT_OF_RANGE);
}

/* --- Pages of a pager --- */

static zx_handle_t pager, paged;

/* A program that waits for a page. */
static void run_for_a_page(enum crash crash)
{
	zx_handle_t port = make_port();
	zx_port_packet_t packet;

	EXPECT_OK(zx_pager_create(0, &pager));
	own(pager);
	EXPECT_OK(zx_pager_create_vmo(pager, 0, port, KEY, PAGE, &paged));
	own(paged);
	make_handled(crash);
	map_where_it_crashes(paged, READ_WRITE | ZX_VM_ALLOW_FAULTS, PAGE);
	run_program();
	EXPECT_OK(zx_port_wait(port, LATE, &packet));
	EXPECT_EQ(packet.key, KEY);
	EXPECT_EQ(packet.type, ZX_PKT_TYPE_PAGE_REQUEST);
}

CHECK(pager_op_range, fault_is_told_why, .from = ERA_NEWEST)
{
	static const zx_status_t reasons[] = {
		ZX_ERR_IO, ZX_ERR_IO_DATA_INTEGRITY, ZX_ERR_BAD_STATE, ZX_ERR_NO_SPACE,
	};

	for (size_t i = 0; i < RT_ARRAY_SIZE(reasons); i++) {
		run_for_a_page(i % 2 ? CRASH_READ : CRASH_WRITE);
		EXPECT_OK(zx_pager_op_range(pager, ZX_PAGER_OP_FAIL, paged, 0, PAGE,
					    (uint64_t)reasons[i]));
		EXPECT_STATUS(why(), reasons[i]);
	}
}

CHECK(pager_detach_vmo, fault_is_told_why, .from = ERA_NEWEST)
{
	run_for_a_page(CRASH_READ);
	EXPECT_OK(zx_pager_detach_vmo(pager, paged));
	EXPECT_STATUS(why(), ZX_ERR_BAD_STATE);
}

/* A thread that waits for a page is in no exception yet, and a kill ends the wait. */
CHECK(task_kill, waits_for_a_page, .from = ERA_NEWEST)
{
	run_for_a_page(CRASH_READ);
	until_blocked(program.thread, ZX_THREAD_STATE_BLOCKED_PAGER);
	EXPECT(nothing_comes(&process_handler));
	kill_and_wait(program.process);
	EXPECT_EQ(program_code(), ZX_TASK_RETCODE_SYSCALL_KILL);
}
