/* Memory of other processes, as a debugger reads and writes it. */
#include "tasks.h"

#include "memory.h"

static zx_handle_t process;
static zx_handle_t vmar;
static zx_vaddr_t at;
static uint8_t bytes[2 * RT_PAGE_SIZE];
static size_t actual;

/* A process that is not started and has `vmo` mapped with these permissions. */
static void map(zx_handle_t vmo, zx_vm_option_t permissions)
{
	EXPECT_OK(zx_process_create(rt_boot.job, "x", 1, 0, &process, &vmar));
	own(process);
	own(vmar);
	EXPECT_OK(vmar_map(vmar, permissions, 0, vmo, 0, 2 * PAGE, &at));
}

static zx_handle_t executable_vmo(void)
{
	zx_handle_t vmo = fixed_vmo(2 * PAGE);

	put_byte(vmo, 1, 0x90);
	if (!&zx_vmo_replace_as_executable)
		return vmo;
	EXPECT_OK(zx_vmo_replace_as_executable(vmo, ZX_HANDLE_INVALID, &vmo));
	return own(vmo);
}

#define READ_EXECUTE (ZX_VM_PERM_READ | ZX_VM_PERM_EXECUTE)

/* A breakpoint: the process itself could not write there. */
CHECK(process_write_memory, code)
{
	map(executable_vmo(), READ_EXECUTE);
	bytes[0] = 0xcc;
	EXPECT_OK(zx_process_write_memory(process, at + 1, bytes, 1, &actual));
	EXPECT_EQ(actual, 1);
	bytes[0] = 0;
	EXPECT_OK(zx_process_read_memory(process, at + 1, bytes, 1, &actual));
	EXPECT_EQ(bytes[0], 0xcc);
}

/* Until 2021 it was the VMO that was written, whatever the mapping allowed. */
CHECK(process_write_memory, code_is_the_vmos, .to = ERA_2021_01)
{
	zx_handle_t vmo = executable_vmo();

	map(vmo, READ_EXECUTE);
	bytes[0] = 0xcc;
	EXPECT_OK(zx_process_write_memory(process, at + 1, bytes, 1, &actual));
	EXPECT_EQ(byte_at(vmo, 1), 0xcc);
}

/* Later a mapping that cannot be written gets a copy of its own. */
CHECK(process_write_memory, code_is_the_process_s, .from = ERA_NEWEST)
{
	zx_handle_t vmo = with_rights(executable_vmo(),
				      ZX_RIGHT_READ | ZX_RIGHT_MAP | ZX_RIGHT_EXECUTE);
	zx_handle_t first;
	zx_vaddr_t first_at;

	map(vmo, READ_EXECUTE);
	first = process;
	first_at = at;
	map(vmo, READ_EXECUTE);
	bytes[0] = 0xcc;
	EXPECT_OK(zx_process_write_memory(process, at + 1, bytes, 1, &actual));
	EXPECT_EQ(actual, 1);
	EXPECT_EQ(byte_at(vmo, 1), 0x90);
	EXPECT_OK(zx_process_read_memory(process, at + 1, bytes, 1, &actual));
	EXPECT_EQ(bytes[0], 0xcc);
	EXPECT_OK(zx_process_read_memory(first, first_at + 1, bytes, 1, &actual));
	EXPECT_EQ(bytes[0], 0x90);
}

/* Not so where the handle that it was mapped with allows writing. */
CHECK(process_write_memory, what_can_be_written_is_the_vmo_s, .from = ERA_NEWEST)
{
	zx_handle_t vmo = fixed_vmo(2 * PAGE);

	map(vmo, ZX_VM_PERM_READ);
	bytes[0] = 0xcc;
	EXPECT_OK(zx_process_write_memory(process, at + 1, bytes, 1, &actual));
	EXPECT_EQ(byte_at(vmo, 1), 0xcc);
}

CHECK(process_read_memory, without_permissions)
{
	zx_handle_t vmo = fixed_vmo(2 * PAGE);

	put_byte(vmo, PAGE + 1, 9);
	map(vmo, 0);
	EXPECT_OK(zx_process_read_memory(process, at + PAGE + 1, bytes, 1, &actual));
	EXPECT_EQ(bytes[0], 9);
}

CHECK(process_write_memory, across_pages)
{
	zx_handle_t vmo = fixed_vmo(2 * PAGE);

	map(vmo, READ_WRITE);
	for (size_t i = 0; i < 16; i++)
		bytes[i] = (uint8_t)(i + 1);
	EXPECT_OK(zx_process_write_memory(process, at + PAGE - 8, bytes, 16, &actual));
	EXPECT_EQ(actual, 16);
	EXPECT_EQ(byte_at(vmo, PAGE - 8), 1);
	EXPECT_EQ(byte_at(vmo, PAGE - 1), 8);
	EXPECT_EQ(byte_at(vmo, PAGE), 9);
	EXPECT_EQ(byte_at(vmo, PAGE + 7), 16);
	EXPECT_EQ(byte_at(vmo, PAGE + 8), 0);
}

static struct twin twin;
static volatile uint64_t goes_on;

static int64_t wait_for_word(zx_handle_t channel)
{
	(void)channel;
	while (!goes_on)
		zx_nanosleep(zx_deadline_after(MILLISECOND));
	return (int64_t)goes_on;
}

/* A process that runs sees what is written, and is seen. */
CHECK(process_write_memory, of_a_process_that_runs)
{
	goes_on = 0;
	EXPECT_OK(twin__create(&twin, rt_boot.job));
	EXPECT_OK(twin__start(&twin, wait_for_word));
	EXPECT_EQ(twin__peek(&twin, &goes_on), 0);
	twin__poke(&twin, &goes_on, 66);
	EXPECT_EQ(twin__wait(&twin), 66);
}

/* The debugger's own copy of the program's code. */
CHECK(process_read_memory, code)
{
	EXPECT_OK(twin__create(&twin, rt_boot.job));
	EXPECT_OK(zx_process_read_memory(twin.process, (zx_vaddr_t)wait_for_word, bytes, 32,
					 &actual));
	EXPECT_EQ(actual, 32);
	EXPECT_BYTES(bytes, (const void *)wait_for_word, 32);
}

CHECK(process_read_memory, vdso)
{
	EXPECT_OK(twin__create(&twin, rt_boot.job));
	EXPECT_OK(zx_process_read_memory(twin.process, twin__vdso_code(), bytes, 64, &actual));
	EXPECT_BYTES(bytes, (const void *)twin__vdso_code(), 64);
}
