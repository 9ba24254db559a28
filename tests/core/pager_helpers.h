/* What tests of pagers share: a pager with a port, and threads that access its VMOs. */
#ifndef TESTS_CORE_PAGER_HELPERS_H
#define TESTS_CORE_PAGER_HELPERS_H

#include <zircon/eras.h>

#include "compat/core/pager.h"
#include "compat/core/vmar.h"
#include "tests/core/aspace_model.h"
#include "tests/core/core_fixture.h"

#define PAGES(n) ((n) * 4096ull)
#define KEY 77u

static zx_handle_t pager;
static zx_handle_t port;

static inline int setup(void **state)
{
	int result = fixture__setup(state);
	zx_handle_t *out = user_scratch();

	aspace_model__reset();
	assert_int_equal(sys_port_create(fx.self, 0, UADDR(out)), ZX_OK);
	port = *out;
	assert_int_equal(sys_pager_create(fx.self, 0, UADDR(out)), ZX_OK);
	pager = *out;
	return result;
}

#define pager_case(name) cmocka_unit_test_setup_teardown(name, setup, fixture__teardown)

static inline zx_status_t create(uint32_t options, uint64_t size)
{
	return sys_pager_create_vmo(fx.self, pager, options, port, KEY, size,
				    UADDR(user_scratch()));
}

static inline zx_handle_t make(uint64_t count, uint32_t options)
{
	assert_int_equal(create(options, PAGES(count)), ZX_OK);
	return *(zx_handle_t *)user_scratch();
}

/* A VMO of pages that are all @value. */
static inline zx_handle_t make_aux(uint64_t count, char value)
{
	zx_handle_t *out = user_scratch();
	zx_handle_t vmo;
	char *page;

	assert_int_equal(sys_vmo_create(fx.self, PAGES(count), 0, UADDR(out)), ZX_OK);
	vmo = *out;
	page = user_scratch();
	memset(page, value, PAGES(1));
	for (uint64_t i = 0; i < count; i++)
		assert_int_equal(sys_vmo_write(fx.self, vmo, UADDR(page), PAGES(i), PAGES(1)),
				 ZX_OK);
	return vmo;
}

static inline zx_status_t supply(zx_handle_t vmo, uint64_t page, uint64_t count, char value)
{
	zx_handle_t aux = make_aux(count, value);
	zx_status_t status = sys_pager_supply_pages(fx.self, pager, vmo, PAGES(page), PAGES(count),
						    aux, 0);

	fixture__close(aux);
	return status;
}

static inline zx_status_t refuse(zx_handle_t vmo, uint64_t page, uint64_t count, zx_status_t error)
{
	return sys_pager_op_range(fx.self, pager, ZX_PAGER_OP_FAIL, vmo, PAGES(page), PAGES(count),
				  (uint64_t)(int64_t)error);
}

static inline bool packet(zx_port_packet_t *out, bool wait)
{
	zx_port_packet_t *at = user_scratch();

	/* What another thread does next may take it a moment. */
	if (sys_port_wait(fx.self, port, wait ? fixture__after_ms(5000) : 0, UADDR(at)) != ZX_OK)
		return false;
	*out = *at;
	return true;
}

static inline void expect_packet(uint16_t command, uint64_t page, uint64_t count)
{
	zx_port_packet_t got;

	assert_true(packet(&got, true));
	assert_int_equal(got.key, KEY);
	assert_int_equal(got.type, ZX_PKT_TYPE_PAGE_REQUEST);
	assert_int_equal(got.page_request.command, command);
	assert_int_equal(got.page_request.offset, PAGES(page));
	assert_int_equal(got.page_request.length, PAGES(count));
}

static inline void expect_no_packet(void)
{
	zx_port_packet_t got;

	assert_false(packet(&got, false));
}

/* Another thread that reads or writes a byte by a call, or touches memory. */
struct access {
	struct runner runner;
	zx_handle_t vmo;
	uint64_t addr;
	uint64_t offset;
	uint64_t size;
	uint32_t prot;
	char *buffer;
	zx_status_t status;
};

static inline void do_read(struct thread *self, void *data)
{
	struct access *access = data;

	access->status = sys_vmo_read(self, access->vmo, UADDR(access->buffer), access->offset,
				      access->size);
}

static inline void do_write(struct thread *self, void *data)
{
	struct access *access = data;

	access->status = sys_vmo_write(self, access->vmo, UADDR(access->buffer), access->offset,
				       access->size);
}

static inline void do_commit(struct thread *self, void *data)
{
	struct access *access = data;

	access->status = sys_vmo_op_range(self, access->vmo, ZX_VMO_OP_COMMIT, access->offset,
					  access->size, 0, 0);
}

static inline void do_zero(struct thread *self, void *data)
{
	struct access *access = data;

	access->status = sys_vmo_op_range(self, access->vmo, ZX_VMO_OP_ZERO, access->offset,
					  access->size, 0, 0);
}

static inline void do_fault(struct thread *self, void *data)
{
	struct access *access = data;

	access->status = vmar__fault_in(self, access->addr, access->prot);
}

static inline void begin(struct access *access, void (*body)(struct thread *self, void *data))
{
	if (!access->buffer)
		access->buffer = user_alloc(PAGES(4));
	fixture__run(&access->runner, body, access);
	fixture__await_blocked(&access->runner, ZX_THREAD_STATE_BLOCKED_PAGER);
}

static inline void expect_end(struct access *access, zx_status_t status)
{
	fixture__join(&access->runner);
	assert_int_equal(access->status, status);
}

static inline uint64_t map(zx_handle_t vmo, uint64_t count)
{
	uint64_t addr;

	assert_int_equal(vmar__map(fx.self, fx.process->root_vmar,
				   ZX_VM_PERM_READ | ZX_VM_PERM_WRITE, 0, fixture__object(vmo),
				   HOST_PROT_READ | HOST_PROT_WRITE, 0, PAGES(count), &addr),
			 ZX_OK);
	return addr;
}

static inline int get(zx_handle_t vmo, uint64_t page)
{
	char *byte = user_scratch();

	assert_int_equal(sys_vmo_read(fx.self, vmo, UADDR(byte), PAGES(page), 1), ZX_OK);
	return *byte;
}

#endif
