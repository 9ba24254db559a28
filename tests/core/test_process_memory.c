/* zx_process_read_memory and zx_process_write_memory. */
#include <zircon/eras.h>

#include "tests/core/cow_tools.h"

static zx_handle_t handle_to(struct process *process, zx_rights_t rights)
{
	object__get(&process->object);
	return fixture__handle(&process->object, rights);
}

static void of_itself(void **state)
{
	zx_handle_t self = handle_to(fx.process, ZX_DEFAULT_PROCESS_RIGHTS);
	char *there = user_alloc(16);
	char *here = user_alloc(16);
	size_t *actual = user_new(size_t);
	uint64_t end = FIXTURE_USER_BASE + FIXTURE_USER_SIZE;

	(void)state;
	memcpy(there, "hello", 5);
	assert_int_equal(sys_process_read_memory(fx.self, self, UADDR(there), UADDR(here), 5,
						 UADDR(actual)),
			 ZX_OK);
	assert_int_equal(*actual, 5);
	assert_memory_equal(here, "hello", 5);
	memcpy(here, "HE", 2);
	assert_int_equal(sys_process_write_memory(fx.self, self, UADDR(there), UADDR(here), 2,
						  UADDR(actual)),
			 ZX_OK);
	assert_memory_equal(there, "HEllo", 5);
	/* What is mapped ends: so much is done. */
	assert_int_equal(sys_process_read_memory(fx.self, self, end - 3, UADDR(here), 5,
						 UADDR(actual)),
			 ZX_OK);
	assert_int_equal(*actual, 3);
	assert_int_equal(sys_process_read_memory(fx.self, self, FIXTURE_BAD_ADDR, UADDR(here), 5,
						 UADDR(actual)),
			 ZX_ERR_NO_MEMORY);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(sys_process_read_memory(fx.self, self, FIXTURE_BAD_ADDR, UADDR(here), 5,
						 UADDR(actual)),
			 ZX_ERR_NOT_FOUND);
	assert_int_equal(sys_process_read_memory(fx.self, self, UADDR(there), 0, 5, UADDR(actual)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_process_read_memory(fx.self, self, UADDR(there), UADDR(here), 0,
						 UADDR(actual)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_process_read_memory(fx.self, self, UADDR(there), UADDR(here),
						 (64 << 20) + 1, UADDR(actual)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_process_read_memory(fx.self, self, UADDR(there), FIXTURE_BAD_ADDR, 1,
						 UADDR(actual)),
			 ZX_ERR_NOT_FOUND);
	assert_int_equal(sys_process_read_memory(fx.self, handle_to(fx.process, ZX_RIGHT_READ),
						 UADDR(there), UADDR(here), 1, UADDR(actual)),
			 ZX_ERR_ACCESS_DENIED);
}

static zx_status_t access(bool write, uint64_t addr, user_addr_t buffer, size_t size)
{
	zx_handle_t self = handle_to(fx.process, ZX_DEFAULT_PROCESS_RIGHTS);
	user_addr_t done = UADDR(user_new(size_t));

	return write ? sys_process_write_memory(fx.self, self, addr, buffer, size, done) :
		       sys_process_read_memory(fx.self, self, addr, buffer, size, done);
}

static void ends(bool write)
{
	struct vmo *vmo = make(1, false);
	user_addr_t good = UADDR(user_scratch());
	/* One byte of it is there. */
	user_addr_t bad = FIXTURE_USER_BASE + FIXTURE_USER_SIZE - 1;
	uint64_t addr = map(fx.process, vmo, 0, 2);

	fixture__set_era(ZXERA_2019_01);
	/* All of the buffer is looked at first, also what there is nothing for. */
	assert_int_equal(access(write, addr + PAGES(1) - 1, good, 2), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(access(write, addr + PAGES(1) - 1, bad, 2), ZX_ERR_INVALID_ARGS);
	assert_int_equal(access(write, addr + PAGES(2) - 1, bad, 2), ZX_ERR_INVALID_ARGS);
	assert_int_equal(access(write, FIXTURE_BAD_ADDR, bad, 2), ZX_ERR_NO_MEMORY);
	fixture__set_era(ZXERA_2021_01);
	assert_int_equal(access(write, addr + PAGES(1) - 1, good, 2), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(access(write, addr + PAGES(1) - 1, bad, 2), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(access(write, addr, bad, 2), ZX_ERR_NOT_FOUND);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(access(write, addr + PAGES(1) - 1, good, 2), ZX_OK);
	assert_int_equal(access(write, addr + PAGES(1) - 1, bad, 2), ZX_OK);
	assert_int_equal(access(write, addr + PAGES(1), good, 1), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(access(write, addr, bad, 2), ZX_ERR_NOT_FOUND);
	/* What is not cached counts before that. */
	vmo->cache_policy = ZX_CACHE_POLICY_UNCACHED;
	assert_int_equal(access(write, addr + PAGES(1), good, 1), ZX_ERR_BAD_STATE);
	put(vmo);
}

static void ends_of_reads(void **state)
{
	(void)state;
	ends(false);
}

static void ends_of_writes(void **state)
{
	(void)state;
	ends(true);
}

/* --- code: two processes that have mapped the same VMO, which neither of them may write --- */

#define READ_EXECUTE (HOST_PROT_READ | HOST_PROT_EXEC)
#define TRAP 0xcc

static struct vmo *library;
static struct process *other;
static zx_handle_t other_handle;
static uint64_t here;
static uint64_t there;

static uint64_t map_code(struct process *process, struct vmo *vmo, uint32_t max_prot)
{
	uint64_t addr;

	assert_int_equal(vmar__map(fx.self, process->root_vmar,
				   ZX_VM_PERM_READ | ZX_VM_PERM_EXECUTE, 0, vmo, max_prot,
				   PAGES(1), PAGES(2), &addr),
			 ZX_OK);
	return addr;
}

static void map_twice(struct vmo *vmo, uint32_t max_prot)
{
	library = vmo;
	other = fixture__other_process()->process;
	other_handle = handle_to(other, ZX_DEFAULT_PROCESS_RIGHTS);
	here = map_code(fx.process, vmo, max_prot);
	there = map_code(other, vmo, max_prot);
}

static zx_status_t write_byte(zx_handle_t process, uint64_t addr, uint8_t value)
{
	uint8_t *buffer = user_scratch();
	size_t *done = user_new(size_t);

	*buffer = value;
	return sys_process_write_memory(fx.self, process, addr, UADDR(buffer), 1, UADDR(done));
}

static uint8_t read_byte(zx_handle_t process, uint64_t addr)
{
	uint8_t *buffer = user_scratch();
	size_t *done = user_new(size_t);

	assert_int_equal(sys_process_read_memory(fx.self, process, addr, UADDR(buffer), 1,
						 UADDR(done)),
			 ZX_OK);
	return *buffer;
}

/* What the process itself sees at @addr. */
static uint8_t seen(struct process *process, uint64_t addr)
{
	uint8_t value;

	assert_true(aspace_model__peek(process, addr, &value));
	return value;
}

static void code_is_the_vmos(void **state)
{
	(void)state;
	map_twice(filled(3), READ_EXECUTE);
	assert_int_equal(write_byte(other_handle, there, TRAP), ZX_OK);
	assert_int_equal(seen(other, there), TRAP);
	assert_int_equal(seen(fx.process, here), TRAP);
	assert_int_equal(get(library, 1), TRAP);
	put(library);
}

static void code_becomes_private(void **state)
{
	(void)state;
	map_twice(filled(3), READ_EXECUTE);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(write_byte(other_handle, there + PAGES(1), TRAP), ZX_OK);
	assert_int_equal(read_byte(other_handle, there + PAGES(1)), TRAP);
	assert_int_equal(seen(other, there + PAGES(1)), TRAP);
	assert_int_equal(seen(other, there), 2);
	assert_int_equal(seen(fx.process, here + PAGES(1)), 3);
	assert_int_equal(get(library, 2), 3);
	assert_int_equal(aspace_model__prot(other, there + PAGES(1)), READ_EXECUTE);
	/* It happens once, and stays so. */
	assert_int_equal(library->children, 1);
	assert_int_equal(write_byte(other_handle, there, TRAP), ZX_OK);
	assert_int_equal(library->children, 1);
	set(library, 1, 9);
	set(library, 2, 9);
	assert_int_equal(seen(fx.process, here), 9);
	assert_int_equal(seen(other, there), TRAP);
	assert_int_equal(seen(other, there + PAGES(1)), TRAP);
	/* What was covered comes back. */
	assert_int_equal(write_byte(other_handle, there, 2), ZX_OK);
	assert_int_equal(seen(other, there), 2);
	put(library);
}

/* A process that could write there itself has nobody to be protected from. */
static void what_can_be_written_is_shared(void **state)
{
	(void)state;
	map_twice(filled(3), READ_EXECUTE | HOST_PROT_WRITE);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(write_byte(other_handle, there, TRAP), ZX_OK);
	assert_int_equal(get(library, 1), TRAP);
	assert_int_equal(seen(fx.process, here), TRAP);
	assert_int_equal(library->children, 0);
	put(library);
}

static void no_copies(void **state)
{
	struct vmo *vdso = filled(3);

	(void)state;
	map_twice(vdso, READ_EXECUTE);
	vdso->sealed = true;
	assert_int_equal(write_byte(other_handle, there, TRAP), ZX_ERR_ACCESS_DENIED);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(write_byte(other_handle, there, TRAP), ZX_ERR_ACCESS_DENIED);
	vdso->sealed = false;
	vdso->discardable = true;
	assert_int_equal(write_byte(other_handle, there, TRAP), ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(seen(other, there), 2);
	put(vdso);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cow_case(of_itself),
		cow_case(ends_of_reads),
		cow_case(ends_of_writes),
		cow_case(code_is_the_vmos),
		cow_case(code_becomes_private),
		cow_case(what_can_be_written_is_shared),
		cow_case(no_copies),
	};

	return cmocka_run_group_tests_name("process_memory", tests, NULL, NULL);
}
