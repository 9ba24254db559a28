/* Pagers: requests for pages, what answers them, and who waits. */
#include "compat/core/suspend.h"
#include "tests/core/pager_helpers.h"

static void read_waits(void **state)
{
	struct access access = { .vmo = make(8, 0), .offset = PAGES(2) + 5, .size = 1 };

	(void)state;
	expect_no_packet();
	begin(&access, do_read);
	expect_packet(ZX_PAGER_VMO_READ, 2, 1);
	expect_no_packet();
	assert_int_equal(supply(access.vmo, 2, 1, 'a'), ZX_OK);
	expect_end(&access, ZX_OK);
	assert_int_equal(access.buffer[0], 'a');
	/* What is there is not asked for again, and not replaced. */
	assert_int_equal(supply(access.vmo, 1, 2, 'b'), ZX_OK);
	do_read(fx.self, &access);
	assert_int_equal(access.buffer[0], 'a');
	access.offset = PAGES(1);
	do_read(fx.self, &access);
	assert_int_equal(access.status, ZX_OK);
	assert_int_equal(access.buffer[0], 'b');
	expect_no_packet();
}

static void commit_asks_for_all(void **state)
{
	struct access access = { .vmo = make(8, 0), .size = PAGES(8) };

	(void)state;
	assert_int_equal(supply(access.vmo, 5, 1, 'x'), ZX_OK);
	begin(&access, do_commit);
	expect_packet(ZX_PAGER_VMO_READ, 0, 5);
	assert_int_equal(supply(access.vmo, 0, 3, 'x'), ZX_OK);
	expect_no_packet();
	assert_int_equal(supply(access.vmo, 3, 2, 'x'), ZX_OK);
	expect_packet(ZX_PAGER_VMO_READ, 6, 2);
	assert_int_equal(supply(access.vmo, 6, 2, 'x'), ZX_OK);
	expect_end(&access, ZX_OK);
}

/* One request for all that wait for a page, however they do. */
static void write_and_read_share_a_request(void **state)
{
	struct access writer = { .vmo = make(4, 0), .offset = 1, .size = 1 };
	struct access reader = { .vmo = writer.vmo, .offset = 0, .size = 1 };

	(void)state;
	begin(&writer, do_write);
	begin(&reader, do_read);
	expect_packet(ZX_PAGER_VMO_READ, 0, 1);
	expect_no_packet();
	assert_int_equal(supply(writer.vmo, 0, 1, 'c'), ZX_OK);
	expect_end(&writer, ZX_OK);
	expect_end(&reader, ZX_OK);
	assert_int_equal(reader.buffer[0], 'c');
	reader.size = 3;
	do_read(fx.self, &reader);
	assert_int_equal(reader.buffer[1], 0);
	assert_int_equal(reader.buffer[2], 'c');
}

static void failures(void **state)
{
	struct access access = { .vmo = make(4, 0), .size = 1 };

	(void)state;
	begin(&access, do_read);
	assert_int_equal(refuse(access.vmo, 1, 3, ZX_ERR_IO), ZX_OK);
	expect_packet(ZX_PAGER_VMO_READ, 0, 1);
	assert_int_equal(refuse(access.vmo, 0, 1, ZX_ERR_IO_DATA_INTEGRITY), ZX_OK);
	expect_end(&access, ZX_ERR_IO_DATA_INTEGRITY);
	/* It is asked for again. */
	begin(&access, do_read);
	expect_packet(ZX_PAGER_VMO_READ, 0, 1);
	assert_int_equal(supply(access.vmo, 0, 1, 'd'), ZX_OK);
	expect_end(&access, ZX_OK);
	assert_int_equal(refuse(access.vmo, 0, 1, ZX_ERR_NO_SPACE), ZX_ERR_INVALID_ARGS);
	assert_int_equal(refuse(access.vmo, 0, 1, ZX_OK), ZX_ERR_INVALID_ARGS);
	assert_int_equal(refuse(access.vmo, 3, 2, ZX_ERR_IO), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_pager_op_range(fx.self, pager, 9, access.vmo, 0, PAGES(1), 0),
			 ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(sys_pager_op_range(fx.self, pager, ZX_PAGER_OP_FAIL, access.vmo, 1,
					    PAGES(1), 0),
			 ZX_ERR_INVALID_ARGS);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(refuse(access.vmo, 0, 1, ZX_ERR_NO_SPACE), ZX_ERR_ACCESS_DENIED);
}

static void detach(void **state)
{
	struct access access = { .vmo = make(4, 0), .size = 1 };

	(void)state;
	assert_int_equal(supply(access.vmo, 1, 1, 'e'), ZX_OK);
	begin(&access, do_read);
	assert_int_equal(sys_pager_detach_vmo(fx.self, pager, access.vmo), ZX_OK);
	expect_end(&access, ZX_ERR_BAD_STATE);
	/* Its own request is taken back. */
	expect_packet(ZX_PAGER_VMO_COMPLETE, 0, 0);
	assert_int_equal(sys_pager_detach_vmo(fx.self, pager, access.vmo), ZX_OK);
	expect_no_packet();
	do_read(fx.self, &access);
	assert_int_equal(access.status, ZX_ERR_BAD_STATE);
	access.offset = PAGES(1);
	do_read(fx.self, &access);
	assert_int_equal(access.status, ZX_OK);
	assert_int_equal(supply(access.vmo, 0, 1, 'e'), ZX_ERR_BAD_STATE);
	assert_int_equal(refuse(access.vmo, 0, 1, ZX_ERR_IO), ZX_ERR_BAD_STATE);
	fixture__close(access.vmo);
	expect_no_packet();
}

static void ends(void **state)
{
	struct access access = { .vmo = make(4, 0), .size = 1 };
	zx_handle_t other = make(1, 0);

	(void)state;
	fixture__close(other);
	expect_packet(ZX_PAGER_VMO_COMPLETE, 0, 0);
	/* What is not taken yet goes with the pager. */
	fixture__close(make(1, 0));
	begin(&access, do_read);
	fixture__close(pager);
	expect_end(&access, ZX_ERR_BAD_STATE);
	expect_no_packet();
	fixture__close(access.vmo);
	expect_no_packet();
}

/* Pages that are given back while others of a request are awaited are asked for again. */
static void given_back(void **state)
{
	struct access access = { .size = PAGES(4) };

	(void)state;
	fixture__set_era(ZXERA_2019_01);
	access.vmo = make(4, 0);
	begin(&access, do_commit);
	expect_packet(ZX_PAGER_VMO_READ, 0, 4);
	assert_int_equal(supply(access.vmo, 0, 1, 'a'), ZX_OK);
	assert_int_equal(sys_vmo_op_range(fx.self, access.vmo, ZX_VMO_OP_DECOMMIT, 0, PAGES(1), 0,
					  0),
			 ZX_OK);
	assert_int_equal(supply(access.vmo, 1, 3, 'b'), ZX_OK);
	expect_packet(ZX_PAGER_VMO_READ, 0, 1);
	assert_int_equal(supply(access.vmo, 0, 1, 'c'), ZX_OK);
	expect_end(&access, ZX_OK);
}

static void killed(void **state)
{
	struct access access = { .vmo = make(4, 0), .size = 1 };
	struct access other = { .vmo = access.vmo, .size = 1 };

	(void)state;
	begin(&access, do_read);
	begin(&other, do_read);
	thread__kill(access.runner.thread);
	expect_end(&access, ZX_ERR_INTERNAL_INTR_KILLED);
	/* The other one still waits for the request. */
	expect_packet(ZX_PAGER_VMO_READ, 0, 1);
	thread__kill(other.runner.thread);
	expect_end(&other, ZX_ERR_INTERNAL_INTR_KILLED);
	/* Nobody does: the next one sends its own, which is taken back with it. */
	other = (struct access){ .vmo = access.vmo, .size = 1, .buffer = other.buffer };
	begin(&other, do_read);
	thread__kill(other.runner.thread);
	expect_end(&other, ZX_ERR_INTERNAL_INTR_KILLED);
	expect_no_packet();
}

static void faults(void **state)
{
	zx_handle_t vmo = make(4, 0);
	uint64_t addr = map(vmo, 4);
	struct access access = { .addr = addr + PAGES(1) + 8, .prot = HOST_PROT_READ };
	uint8_t value = 0;

	(void)state;
	assert_false(aspace_model__peek(fx.process, addr, &value));
	begin(&access, do_fault);
	expect_packet(ZX_PAGER_VMO_READ, 1, 1);
	assert_int_equal(supply(vmo, 1, 1, 'f'), ZX_OK);
	expect_end(&access, ZX_OK);
	assert_true(aspace_model__peek(fx.process, addr + PAGES(1), &value));
	assert_int_equal(value, 'f');
	assert_false(aspace_model__peek(fx.process, addr, &value));
	access.addr = addr;
	access.prot = HOST_PROT_WRITE;
	begin(&access, do_fault);
	assert_int_equal(refuse(vmo, 0, 1, ZX_ERR_IO), ZX_OK);
	expect_end(&access, ZX_ERR_IO);
	assert_int_equal(vmar__unmap(fx.self, fx.process->root_vmar, addr, PAGES(4)), ZX_OK);
}

/* A buffer of a call that lies in missing memory. */
static void buffers(void **state)
{
	zx_handle_t vmo = make(2, 0);
	uint64_t addr = map(vmo, 2);
	struct access access = { .vmo = make_aux(1, 'g'), .size = 8 };
	char *byte = user_scratch();

	(void)state;
	access.buffer = (char *)(addr + PAGES(1) - 4);
	begin(&access, do_read);
	expect_packet(ZX_PAGER_VMO_READ, 0, 2);
	assert_int_equal(supply(vmo, 0, 2, 'h'), ZX_OK);
	expect_end(&access, ZX_OK);
	assert_int_equal(sys_vmo_read(fx.self, vmo, UADDR(byte), PAGES(1) - 5, 10), ZX_OK);
	assert_memory_equal(byte, "hggggggggh", 10);
	assert_int_equal(vmar__unmap(fx.self, fx.process->root_vmar, addr, PAGES(2)), ZX_OK);
}

static void do_prefetch(struct thread *self, void *data)
{
	struct access *access = data;

	access->status = sys_vmo_op_range(self, access->vmo, ZX_VMO_OP_PREFETCH, access->offset,
					  access->size, 0, 0);
}

static void prefetch(void **state)
{
	struct access access = { .offset = PAGES(1) - 1, .size = 2 };

	(void)state;
	fixture__set_era(ZXERA_2021_01);
	access.vmo = make(4, 0);
	fixture__set_era(ZXERA_NEWEST);
	begin(&access, do_prefetch);
	expect_packet(ZX_PAGER_VMO_READ, 0, 2);
	fixture__set_era(ZXERA_2021_01);
	assert_int_equal(supply(access.vmo, 0, 2, 'v'), ZX_OK);
	expect_end(&access, ZX_OK);
	fixture__set_era(ZXERA_NEWEST);
	access.size = 0;
	access.offset = PAGES(3) + 1;
	do_prefetch(fx.self, &access);
	assert_int_equal(access.status, ZX_OK);
	do_commit(fx.self, &access);
	assert_int_equal(access.status, ZX_OK);
	expect_no_packet();
}

static void do_futex_wait(struct thread *self, void *data)
{
	struct access *access = data;

	access->status = sys_futex_wait(self, access->addr, 1, ZX_HANDLE_INVALID, 0);
}

static void do_futex_requeue(struct thread *self, void *data)
{
	struct access *access = data;

	access->status = sys_futex_requeue(self, access->addr, 1, 1, access->addr + 4, 1,
					   ZX_HANDLE_INVALID);
}

/* The word that a thread would wait at is missing. */
static void futexes(void **state)
{
	zx_handle_t vmo = make(2, 0);
	uint64_t addr = map(vmo, 2);
	struct access access = { .addr = addr + 4 };

	(void)state;
	begin(&access, do_futex_wait);
	expect_packet(ZX_PAGER_VMO_READ, 0, 1);
	assert_int_equal(supply(vmo, 0, 1, 'w'), ZX_OK);
	expect_end(&access, ZX_ERR_BAD_STATE);
	access.addr = addr + PAGES(1);
	begin(&access, do_futex_requeue);
	expect_packet(ZX_PAGER_VMO_READ, 1, 1);
	assert_int_equal(refuse(vmo, 1, 1, ZX_ERR_IO), ZX_OK);
	/* As any address that cannot be read. */
	expect_end(&access, ZX_ERR_INVALID_ARGS);
	assert_int_equal(vmar__unmap(fx.self, fx.process->root_vmar, addr, PAGES(2)), ZX_OK);
}

static void do_stream_write(struct thread *self, void *data)
{
	struct access *access = data;
	zx_iovec_t *vector = (zx_iovec_t *)access->buffer;

	vector->buffer = access->buffer + sizeof(*vector);
	vector->capacity = access->size;
	access->status = sys_stream_writev(self, access->vmo, 0, UADDR(vector), 1, 0);
}

/* Its place in a stream a write claims once: it is not interrupted to be made again. */
static void suspended(void **state)
{
	struct access reader = { .vmo = make(2, 0), .size = 1 };
	struct access writer = { .size = 5, .buffer = user_alloc(64) };
	zx_handle_t *out = user_scratch();
	struct suspend_token *token;

	(void)state;
	assert_int_equal(sys_stream_create(fx.self, ZX_STREAM_MODE_WRITE, reader.vmo, 3,
					   UADDR(out)),
			 ZX_OK);
	writer.vmo = *out;
	begin(&reader, do_read);
	begin(&writer, do_stream_write);
	assert_int_equal(suspend_token__create(&reader.runner.thread->object, &token), ZX_OK);
	expect_end(&reader, ZX_ERR_INTERNAL_INTR_RETRY);
	object__put(&token->object);
	assert_int_equal(suspend_token__create(&writer.runner.thread->object, &token), ZX_OK);
	assert_int_equal(supply(reader.vmo, 0, 1, 'x'), ZX_OK);
	expect_end(&writer, ZX_OK);
	object__put(&token->object);
	assert_int_equal(get(reader.vmo, 0), 'x');
	assert_int_equal(sys_stream_seek(fx.self, writer.vmo, ZX_STREAM_SEEK_ORIGIN_CURRENT, 0,
					 UADDR(out)),
			 ZX_OK);
	assert_int_equal(*(zx_off_t *)out, 8);
}

static void resize(void **state)
{
	struct access access = { .vmo = make(4, ZX_VMO_RESIZABLE), .offset = PAGES(3), .size = 1 };
	struct access grown = { .vmo = access.vmo, .offset = PAGES(2), .size = 1 };

	(void)state;
	begin(&access, do_read);
	assert_int_equal(sys_vmo_set_size(fx.self, access.vmo, PAGES(2)), ZX_OK);
	expect_end(&access, ZX_ERR_OUT_OF_RANGE);
	expect_no_packet();
	assert_int_equal(sys_vmo_set_size(fx.self, access.vmo, PAGES(3)), ZX_OK);
	begin(&grown, do_read);
	expect_packet(ZX_PAGER_VMO_READ, 2, 1);
	assert_int_equal(supply(access.vmo, 2, 1, 'j'), ZX_OK);
	expect_end(&grown, ZX_OK);
	assert_int_equal(grown.buffer[0], 'j');
}

/* In the newest system there is nothing to ask for: it grows by zeros. */
static void resize_newest(void **state)
{
	struct access access = { .offset = PAGES(1), .size = 1, .buffer = user_alloc(16) };
	zx_handle_t *out = user_scratch();

	(void)state;
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(sys_pager_create(fx.self, 0, UADDR(out)), ZX_OK);
	pager = *out;
	access.vmo = make(1, ZX_VMO_RESIZABLE);
	assert_int_equal(sys_vmo_set_size(fx.self, access.vmo, PAGES(2)), ZX_OK);
	access.buffer[0] = 'k';
	do_read(fx.self, &access);
	assert_int_equal(access.status, ZX_OK);
	assert_int_equal(access.buffer[0], 0);
	expect_no_packet();
}

static void supply_errors(void **state)
{
	zx_handle_t vmo = make(2, 0);
	zx_handle_t aux = make_aux(2, 'l');
	uint64_t addr;

	(void)state;
	assert_int_equal(sys_pager_supply_pages(fx.self, pager, aux, 0, PAGES(1), aux, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_pager_supply_pages(fx.self, pager, vmo, 0, PAGES(1), vmo, 0),
			 ZX_ERR_BAD_STATE);
	assert_int_equal(sys_pager_supply_pages(fx.self, pager, vmo, 0, PAGES(3), aux, 0),
			 ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_pager_supply_pages(fx.self, pager, vmo, PAGES(2), PAGES(1), aux, 0),
			 ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_pager_supply_pages(fx.self, pager, vmo, 0, 1, aux, 0),
			 ZX_ERR_INVALID_ARGS);
	addr = map(aux, 2);
	assert_int_equal(sys_pager_supply_pages(fx.self, pager, vmo, 0, PAGES(1), aux, 0),
			 ZX_ERR_BAD_STATE);
	assert_int_equal(vmar__unmap(fx.self, fx.process->root_vmar, addr, PAGES(2)), ZX_OK);
	assert_int_equal(sys_pager_supply_pages(fx.self, pager, vmo, 0, PAGES(2), aux, 0), ZX_OK);
	assert_int_equal(vmo__committed(fixture__object(aux)), 0);
	assert_int_equal(vmo__committed(fixture__object(vmo)), PAGES(2));
}

/* Now pages are taken from whatever is not a pager's itself. */
static void supply_newest(void **state)
{
	zx_handle_t *out = user_scratch();
	zx_handle_t aux = make_aux(2, 'o');
	zx_handle_t child;
	zx_handle_t vmo;
	uint64_t addr;
	char *byte;

	(void)state;
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(sys_pager_create(fx.self, 0, UADDR(out)), ZX_OK);
	pager = *out;
	vmo = make(2, 0);
	addr = map(aux, 2);
	assert_int_equal(sys_vmo_create_child(fx.self, aux, ZX_VMO_CHILD_SNAPSHOT, 0, PAGES(2),
					      UADDR(out)),
			 ZX_OK);
	child = *out;
	assert_int_equal(sys_pager_supply_pages(fx.self, pager, vmo, 0, PAGES(1), vmo, 0),
			 ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(sys_pager_supply_pages(fx.self, pager, vmo, 0, PAGES(1), aux, 0), ZX_OK);
	assert_int_equal(sys_pager_supply_pages(fx.self, pager, vmo, PAGES(1), PAGES(1), child, 0),
			 ZX_OK);
	byte = user_scratch();
	assert_int_equal(sys_vmo_read(fx.self, vmo, UADDR(byte), PAGES(1) - 1, 2), ZX_OK);
	assert_memory_equal(byte, "oo", 2);
	assert_int_equal(sys_vmo_read(fx.self, aux, UADDR(byte), PAGES(1) - 1, 2), ZX_OK);
	assert_memory_equal(byte, "\0o", 2);
	assert_int_equal(sys_vmo_read(fx.self, child, UADDR(byte), PAGES(1) - 1, 2), ZX_OK);
	assert_memory_equal(byte, "\0o", 2);
	assert_int_equal(vmar__unmap(fx.self, fx.process->root_vmar, addr, PAGES(2)), ZX_OK);
	/* Zeros cost no memory. */
	vmo = make(64, 0);
	assert_int_equal(sys_vmo_create(fx.self, PAGES(64), 0, UADDR(out)), ZX_OK);
	assert_int_equal(sys_pager_supply_pages(fx.self, pager, vmo, 0, PAGES(64), *out, 0), ZX_OK);
	assert_int_equal(vmo__committed(fixture__object(vmo)), 0);
	assert_int_equal(get(vmo, 63), 0);
	expect_no_packet();
}

static void era_2019(void **state)
{
	struct access access = { .size = 1, .buffer = user_alloc(16) };
	zx_handle_t *out = user_scratch();
	zx_handle_t aux;

	(void)state;
	fixture__set_era(ZXERA_2019_01);
	assert_int_equal(create(ZX_VMO_RESIZABLE, 1), ZX_ERR_INVALID_ARGS);
	access.vmo = make(2, 0);
	do_read(fx.self, &access);
	assert_int_equal(access.status, ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_vmo_create(fx.self, PAGES(1), 0, UADDR(out)), ZX_OK);
	aux = *out;
	/* Each page had to be there. */
	assert_int_equal(sys_pager_supply_pages(fx.self, pager, access.vmo, 0, PAGES(1), aux, 0),
			 ZX_ERR_BAD_STATE);
	assert_int_equal(supply(access.vmo, 0, 1, 'm'), ZX_OK);
	assert_int_equal(sys_pager_create_vmo_2018_12(fx.self, pager, port, KEY, 1, 0, UADDR(out)),
			 ZX_OK);
}

static void create_errors(void **state)
{
	zx_handle_t *out = user_scratch();

	(void)state;
	assert_int_equal(sys_pager_create(fx.self, 1, UADDR(out)), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_pager_create(fx.self, 0, FIXTURE_BAD_ADDR), ZX_ERR_INVALID_ARGS);
	assert_int_equal(create(1, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(create(0, UINT64_MAX), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_pager_create_vmo(fx.self, port, 1, 0, KEY, 1, UADDR(out)),
			 ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_pager_create_vmo(fx.self, pager, 1, pager, KEY, 1, UADDR(out)),
			 ZX_ERR_WRONG_TYPE);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(create(0, 1), ZX_ERR_ACCESS_DENIED);
}

static void cycle(void)
{
	zx_handle_t *out = user_scratch();
	zx_handle_t before[2] = { pager, port };
	zx_handle_t vmo;

	assert_int_equal(sys_pager_create(fx.self, 0, UADDR(out)), ZX_OK);
	pager = *out;
	assert_int_equal(sys_port_create(fx.self, 0, UADDR(out)), ZX_OK);
	port = *out;
	for (int i = 0; i < 5; i++) {
		vmo = make(3, 0);
		assert_int_equal(supply(vmo, 1, 1, 'n'), ZX_OK);
		fixture__close(vmo);
		if (i & 1)
			expect_packet(ZX_PAGER_VMO_COMPLETE, 0, 0);
	}
	vmo = make(1, 0);
	fixture__close(pager);
	fixture__close(vmo);
	fixture__close(port);
	pager = before[0];
	port = before[1];
}

static void leaks(void **state)
{
	(void)state;
	fixture__check_leaks(cycle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		pager_case(read_waits),
		pager_case(commit_asks_for_all),
		pager_case(write_and_read_share_a_request),
		pager_case(failures),
		pager_case(detach),
		pager_case(ends),
		pager_case(given_back),
		pager_case(killed),
		pager_case(faults),
		pager_case(buffers),
		pager_case(prefetch),
		pager_case(futexes),
		pager_case(suspended),
		pager_case(resize),
		pager_case(resize_newest),
		pager_case(supply_errors),
		pager_case(supply_newest),
		pager_case(era_2019),
		pager_case(create_errors),
		pager_case(leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
