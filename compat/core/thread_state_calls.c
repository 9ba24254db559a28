/* The calls on the registers of stopped threads. */
#include <core/calls.h>

#include "compat/core/core.h"
#include "compat/core/thread_state.h"

/* ZX_ERR_INVALID_ARGS where @kind was no topic at the date of the program. */
static zx_status_t find_set(const struct era_traits *era, uint32_t kind,
			    enum thread_state_set *out)
{
	static const uint8_t sets[] = {
		[ZX_THREAD_STATE_GENERAL_REGS] = STATE_GENERAL,
		[ZX_THREAD_STATE_FP_REGS] = STATE_FP,
		[ZX_THREAD_STATE_VECTOR_REGS] = STATE_VECTOR,
		[3] = STATE_SETS,
		[ZX_THREAD_STATE_DEBUG_REGS] = STATE_DEBUG,
		[ZX_THREAD_STATE_SINGLE_STEP] = STATE_SINGLE_STEP,
		[ZX_THREAD_X86_REGISTER_FS] = STATE_FS,
		[ZX_THREAD_X86_REGISTER_GS] = STATE_GS,
	};

	/* Debug registers came later, and moved what stands behind them. */
	if (kind > era->thread_state_last)
		return ZX_ERR_INVALID_ARGS;
	if (era->thread_state_201807 && kind >= ZX_THREAD_STATE_DEBUG_REGS)
		kind++;
	if (kind > era->thread_state_last || sets[kind] == STATE_SETS)
		return ZX_ERR_INVALID_ARGS;
	*out = sets[kind];
	if (era->thread_state_2018 && *out == STATE_GENERAL)
		*out = STATE_GENERAL_2018;
	if (era->thread_state_2018 && *out == STATE_DEBUG)
		*out = STATE_DEBUG_2018;
	return ZX_OK;
}

zx_status_t sys_thread_read_state(struct thread *self, zx_handle_t handle, uint32_t kind,
				  user_addr_t buffer, size_t buffer_size)
{
	union thread_state_buffer state;
	enum thread_state_set set = STATE_SETS;
	struct thread *thread;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_THREAD, ZX_RIGHT_READ, &thread);
	if (status != ZX_OK)
		return status;
	status = find_set(era__of(self->process->era), kind, &set);
	if (status == ZX_OK && buffer_size < thread_state_sizes[set])
		status = ZX_ERR_BUFFER_TOO_SMALL;
	if (status == ZX_OK)
		status = thread__read_state(thread, set, &state);
	object__put(&thread->object);
	if (status != ZX_OK)
		return status;
	return user__copy_out(self, buffer, &state, thread_state_sizes[set]);
}

static zx_status_t read_buffer(struct thread *self, enum thread_state_set set, user_addr_t buffer,
			       size_t buffer_size, union thread_state_buffer *out)
{
	if (buffer_size < thread_state_sizes[set])
		return ZX_ERR_BUFFER_TOO_SMALL;
	if (buffer_size > thread_state_sizes[set] &&
	    era__of(self->process->era)->thread_state_2018)
		return ZX_ERR_INVALID_ARGS;
	return user__copy_in(self, out, buffer, thread_state_sizes[set]);
}

zx_status_t sys_thread_write_state(struct thread *self, zx_handle_t handle, uint32_t kind,
				   user_addr_t buffer, size_t buffer_size)
{
	union thread_state_buffer state;
	enum thread_state_set set = STATE_SETS;
	struct thread *thread;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_THREAD, ZX_RIGHT_WRITE, &thread);
	if (status != ZX_OK)
		return status;
	status = find_set(era__of(self->process->era), kind, &set);
	if (status == ZX_OK)
		status = read_buffer(self, set, buffer, buffer_size, &state);
	if (status == ZX_OK)
		status = thread__write_state(thread, set, &state);
	object__put(&thread->object);
	return status;
}
