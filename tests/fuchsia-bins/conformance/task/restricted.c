/* Restricted mode without a state, the sampler of a kernel without one, restartable sequences. */
#include "conformance.h"

#include "tasks.h"

#include <zircon/syscalls/next.h>

#include "memory.h"

static zx_handle_t out;

CHECK_HANDLE(restricted_kick, thread, MANAGE_THREAD, idle_thread(), zx_restricted_kick(h, 0))

REFUSES(restricted_kick, ZX_ERR_INVALID_ARGS, options, zx_restricted_kick(idle_thread(), 1))
REFUSES(restricted_unbind_state, ZX_ERR_INVALID_ARGS, options, zx_restricted_unbind_state(1))
REFUSES(restricted_enter, ZX_ERR_BAD_STATE, no_state, zx_restricted_enter(0, 0x10000000, 0),
	.line = "no state is bound")
REFUSES(restricted_enter, ZX_ERR_INVALID_ARGS, options, zx_restricted_enter(1, 0x10000000, 0),
	.line = "options is not")
REFUSES(restricted_enter, ZX_ERR_INVALID_ARGS, vector_table_in_the_kernel,
	zx_restricted_enter(0, (uintptr_t)KERNEL_ADDRESS, 0), .line = "vector_table_ptr is")
REFUSES(restricted_bind_state, ZX_ERR_INVALID_ARGS, options,
	zx_restricted_bind_state(1, &out, NULL), .line = "options is not")
REFUSES(restricted_bind_state, ZX_ERR_ACCESS_DENIED, policy,
	call_denied_by_policy(ZX_POL_NEW_VMO, zx_restricted_bind_state, 0, CHILD_OUT, 0))

REFUSES(restricted_kick, ZX_ERR_BAD_STATE, dead, zx_restricted_kick(dead_thread(), 0))

CHECK(restricted_unbind_state, nothing_is_bound)
{
	EXPECT_OK(zx_restricted_unbind_state(0));
}

static zx_status_t unless_there(zx_status_t status)
{
	if (status != ZX_ERR_NOT_SUPPORTED)
		skip("the kernel has a sampler");
	return status;
}

static zx_status_t create_sampler(zx_handle_t resource)
{
	zx_sampler_config_t config = { 0 };

	return zx_sampler_create(resource, 0, &config, &out);
}

/* Options are looked at before anything else. */
REFUSES(sampler_create, ZX_ERR_INVALID_ARGS, options,
	zx_sampler_create(closed_handle(), 1, &(zx_sampler_config_t){ 0 }, &out),
	.line = "options is not")
REFUSES(sampler_create, ZX_ERR_NOT_SUPPORTED, without_it,
	unless_there(create_sampler(closed_handle())), .line = "the kernel has no")
REFUSES(sampler_start, ZX_ERR_NOT_SUPPORTED, without_it,
	unless_there(zx_sampler_start(closed_handle())), .line = "the kernel has no")
REFUSES(sampler_stop, ZX_ERR_NOT_SUPPORTED, without_it,
	unless_there(zx_sampler_stop(closed_handle())), .line = "the kernel has no")
REFUSES(sampler_read, ZX_ERR_NOT_SUPPORTED, without_it,
	unless_there(zx_sampler_read(closed_handle(), NULL, 0, &(size_t){ 0 })),
	.line = "the kernel has no")

/* --- thread_set_rseq --- */

#define SEQUENCE sizeof(zx_rseq_t)

static zx_handle_t paged_vmo(void)
{
	zx_handle_t pager, vmo;

	EXPECT_OK(zx_pager_create(0, &pager));
	own(pager);
	EXPECT_OK(zx_pager_create_vmo(pager, 0, make_port(), 1, PAGE, &vmo));
	return own(vmo);
}

REFUSES(thread_set_rseq, ZX_ERR_BAD_HANDLE, closed,
	zx_thread_set_rseq(closed_handle(), 0, SEQUENCE))
REFUSES(thread_set_rseq, ZX_ERR_WRONG_TYPE, event, zx_thread_set_rseq(make_event(), 0, SEQUENCE))
REFUSES(thread_set_rseq, ZX_ERR_ACCESS_DENIED, lacks_write,
	zx_thread_set_rseq(without_rights(fixed_vmo(PAGE), ZX_RIGHT_WRITE), 0, SEQUENCE))
REFUSES(thread_set_rseq, ZX_ERR_ACCESS_DENIED, lacks_read,
	zx_thread_set_rseq(without_rights(fixed_vmo(PAGE), ZX_RIGHT_READ), 0, SEQUENCE))
REFUSES(thread_set_rseq, ZX_ERR_ACCESS_DENIED, lacks_duplicate,
	zx_thread_set_rseq(without_rights(fixed_vmo(PAGE), ZX_RIGHT_DUPLICATE), 0, SEQUENCE))
REFUSES(thread_set_rseq, ZX_ERR_INVALID_ARGS, not_aligned,
	zx_thread_set_rseq(fixed_vmo(PAGE), 8, SEQUENCE), .line = "offset is not")
REFUSES(thread_set_rseq, ZX_ERR_INVALID_ARGS, size,
	zx_thread_set_rseq(fixed_vmo(PAGE), 0, SEQUENCE - 1), .line = "offset is not")
REFUSES(thread_set_rseq, ZX_ERR_INVALID_ARGS, size_before_handle,
	zx_thread_set_rseq(closed_handle(), 0, SEQUENCE - 1), .line = "offset is not")
REFUSES(thread_set_rseq, ZX_ERR_INVALID_ARGS, offset_of_nothing,
	zx_thread_set_rseq(ZX_HANDLE_INVALID, 32, 0), .line = "vmo is ZX_HANDLE")
REFUSES(thread_set_rseq, ZX_ERR_INVALID_ARGS, size_of_nothing,
	zx_thread_set_rseq(ZX_HANDLE_INVALID, 0, SEQUENCE), .line = "vmo is ZX_HANDLE")
REFUSES(thread_set_rseq, ZX_ERR_INVALID_ARGS, not_cached,
	zx_thread_set_rseq(uncached_vmo(), 0, SEQUENCE), .line = "vmo cannot be")
REFUSES(thread_set_rseq, ZX_ERR_INVALID_ARGS, with_a_pager,
	zx_thread_set_rseq(paged_vmo(), 0, SEQUENCE), .line = "vmo cannot be")

CHECK(thread_set_rseq, nothing_is_registered)
{
	EXPECT_OK(zx_thread_set_rseq(ZX_HANDLE_INVALID, 0, 0));
}
