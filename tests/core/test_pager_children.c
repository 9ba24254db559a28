/* Children of VMOs whose pages a pager supplies. */
#include "tests/core/pager_helpers.h"

static void children(void **state)
{
	zx_handle_t vmo = make(4, 0);
	zx_handle_t *out = user_scratch();
	struct access access = { .offset = PAGES(1), .size = 1 };
	char *byte;

	(void)state;
	assert_int_equal(sys_vmo_create_child(fx.self, vmo, ZX_VMO_CHILD_SNAPSHOT, 0, PAGES(4),
					      UADDR(out)),
			 ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(sys_vmo_create_child(fx.self, vmo, ZX_VMO_CHILD_SNAPSHOT_AT_LEAST_ON_WRITE,
					      PAGES(1), PAGES(3), UADDR(out)),
			 ZX_OK);
	access.vmo = *out;
	assert_int_equal(sys_vmo_create_child(fx.self, access.vmo, ZX_VMO_CHILD_SNAPSHOT, 0,
					      PAGES(1), UADDR(out)),
			 ZX_ERR_NOT_SUPPORTED);
	begin(&access, do_write);
	expect_packet(ZX_PAGER_VMO_READ, 2, 1);
	assert_int_equal(supply(vmo, 2, 1, 'i'), ZX_OK);
	expect_end(&access, ZX_OK);
	byte = user_scratch();
	assert_int_equal(sys_vmo_read(fx.self, access.vmo, UADDR(byte), PAGES(1), 2), ZX_OK);
	assert_memory_equal(byte, "\0i", 2);
	assert_int_equal(sys_vmo_read(fx.self, vmo, UADDR(byte), PAGES(2), 2), ZX_OK);
	assert_memory_equal(byte, "ii", 2);
	assert_int_equal(sys_vmo_op_range(fx.self, access.vmo, ZX_VMO_OP_DECOMMIT, 0, PAGES(1), 0,
					  0),
			 ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(sys_pager_detach_vmo(fx.self, pager, access.vmo), ZX_ERR_INVALID_ARGS);
}

static zx_handle_t child_of(zx_handle_t vmo, uint32_t kind, uint64_t page, uint64_t count)
{
	zx_handle_t *out = user_scratch();

	assert_int_equal(sys_vmo_create_child(fx.self, vmo, kind, PAGES(page), PAGES(count),
					      UADDR(out)),
			 ZX_OK);
	return *out;
}

static zx_handle_t child_2019(zx_handle_t vmo, uint64_t count)
{
	zx_handle_t *out = user_scratch();

	assert_int_equal(sys_vmo_clone(fx.self, vmo, ZX_VMO_CLONE_COPY_ON_WRITE_2018, 0,
				       PAGES(count), UADDR(out)),
			 ZX_OK);
	return *out;
}

/* What a VMO shows that programs can only map. */
static char byte_of(struct vmo *vmo, uint64_t page)
{
	char byte = -1;

	assert_int_equal(vmo__read(vmo, &byte, PAGES(page), 1), ZX_OK);
	return byte;
}

static void put(zx_handle_t vmo, uint64_t page, char value)
{
	char *byte = user_scratch();

	*byte = value;
	assert_int_equal(sys_vmo_write(fx.self, vmo, UADDR(byte), PAGES(page), 1), ZX_OK);
}

/* Pages move to and from clones of a pager's VMO, but the VMO itself keeps its own. */
static void children_give_and_take(void **state)
{
	zx_handle_t vmo;
	zx_handle_t child;
	zx_handle_t plain;

	(void)state;
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(sys_pager_create(fx.self, 0, UADDR(user_scratch())), ZX_OK);
	pager = *(zx_handle_t *)user_scratch();
	vmo = make(3, 0);
	assert_int_equal(supply(vmo, 0, 3, 'p'), ZX_OK);
	child = child_of(vmo, ZX_VMO_CHILD_SNAPSHOT_AT_LEAST_ON_WRITE, 0, 3);
	plain = make_aux(3, 'a');
	assert_int_equal(sys_vmo_transfer_data(fx.self, plain, 0, 0, PAGES(2), child, 0), ZX_OK);
	assert_int_equal(get(plain, 1), 'p');
	assert_int_equal(get(child, 1), 0);
	assert_int_equal(get(child, 2), 'p');
	assert_int_equal(get(vmo, 1), 'p');
	assert_int_equal(sys_vmo_transfer_data(fx.self, child, 0, PAGES(1), PAGES(1), plain,
					       PAGES(2)),
			 ZX_OK);
	assert_int_equal(get(child, 1), 'a');
	assert_int_equal(get(plain, 2), 0);
	assert_int_equal(get(vmo, 1), 'p');
	assert_int_equal(sys_vmo_transfer_data(fx.self, plain, 0, 0, PAGES(1), vmo, 0),
			 ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(sys_vmo_transfer_data(fx.self, vmo, 0, 0, PAGES(1), plain, 0),
			 ZX_ERR_NOT_SUPPORTED);
}

/* What a child has written is copied for its own child; all else comes from the pager. */
static void children_of_children(void **state)
{
	struct access access = { .offset = PAGES(2), .size = 1 };
	zx_handle_t *out = user_scratch();
	zx_handle_t vmo;
	zx_handle_t child;
	zx_handle_t other;

	(void)state;
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(sys_pager_create(fx.self, 0, UADDR(out)), ZX_OK);
	pager = *out;
	vmo = make(6, 0);
	assert_int_equal(supply(vmo, 0, 4, 'p'), ZX_OK);
	child = child_of(vmo, ZX_VMO_CHILD_SNAPSHOT_MODIFIED, 1, 5);
	put(child, 0, 'q');
	put(child, 1, 'q');
	other = child_of(child, ZX_VMO_CHILD_SNAPSHOT_MODIFIED, 1, 4);
	put(child, 1, 'r');
	put(other, 1, 's');
	assert_int_equal(get(child, 0), 'q');
	assert_int_equal(get(child, 1), 'r');
	assert_int_equal(get(child, 2), 'p');
	assert_int_equal(get(other, 0), 'q');
	assert_int_equal(get(other, 1), 's');
	put(vmo, 3, 't');
	assert_int_equal(get(child, 2), 't');
	fixture__close(child);
	access.vmo = other;
	begin(&access, do_read);
	expect_packet(ZX_PAGER_VMO_READ, 4, 1);
	assert_int_equal(supply(vmo, 4, 1, 'u'), ZX_OK);
	expect_end(&access, ZX_OK);
	assert_int_equal(access.buffer[0], 'u');
	assert_int_equal(get(other, 0), 'q');
	child = child_of(other, ZX_VMO_CHILD_SNAPSHOT_AT_LEAST_ON_WRITE, 0, 4);
	assert_int_equal(get(child, 0), 'q');
	assert_int_equal(sys_vmo_create_child(fx.self, child, ZX_VMO_CHILD_SNAPSHOT_MODIFIED, 0,
					      PAGES(1), UADDR(out)),
			 ZX_ERR_NOT_SUPPORTED);
}

/* In 2019 a clone went on with zeros where the pager had supplied nothing before it was detached. */
static void detached(void **state)
{
	struct access access = { .prot = HOST_PROT_READ };
	zx_handle_t *out = user_scratch();
	struct vmo *clone;
	zx_handle_t vmo;

	(void)state;
	fixture__set_era(ZXERA_2019_01);
	assert_int_equal(sys_pager_create(fx.self, 0, UADDR(out)), ZX_OK);
	pager = *out;
	vmo = make(2, 0);
	access.vmo = child_2019(vmo, 2);
	clone = (struct vmo *)fixture__object(access.vmo);
	assert_int_equal(supply(vmo, 1, 1, 'v'), ZX_OK);
	access.addr = map(access.vmo, 2);
	begin(&access, do_fault);
	expect_packet(ZX_PAGER_VMO_READ, 0, 1);
	assert_int_equal(sys_pager_detach_vmo(fx.self, pager, vmo), ZX_OK);
	expect_end(&access, ZX_OK);
	assert_int_equal(byte_of(clone, 0), 0);
	assert_int_equal(byte_of(clone, 1), 'v');
	/* What it writes is its own. */
	access.prot = HOST_PROT_WRITE;
	do_fault(fx.self, &access);
	assert_int_equal(access.status, ZX_OK);
	assert_int_equal(byte_of(clone, 0), 0);
	access.vmo = vmo;
	access.size = PAGES(1);
	do_commit(fx.self, &access);
	assert_int_equal(access.status, ZX_ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		pager_case(children),
		pager_case(children_give_and_take),
		pager_case(children_of_children),
		pager_case(detached),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
