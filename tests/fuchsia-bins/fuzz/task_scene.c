/* What debuggers and handlers do to threads and processes, at any moment and to any of them. */
#include <zircon/syscalls/debug.h>
#include <zircon/syscalls/exception.h>

#include "fuzz.h"
#include "string.h"

#define STATE_MAX 2048u

static zx_handle_t find(struct fuzz *fuzz, zx_obj_type_t type)
{
	return pool__find(fuzz, type);
}

static zx_time_t soon(struct fuzz *fuzz)
{
	return zx_deadline_after((zx_duration_t)(fuzz__next(fuzz) % ZX_USEC(300)));
}

/* Words that mean something in registers: addresses, flags, bases. */
static uint64_t some_register(struct fuzz *fuzz)
{
	switch (fuzz__next(fuzz) % 8) {
	case 0:
		return fuzz__next(fuzz);
	case 1:
		return fuzz__next(fuzz) >> 17;
	case 2:
		return 0x202 | (fuzz__next(fuzz) & 0xfd5);
	case 3:
		return args__address(fuzz);
	case 4:
		return victim__address(fuzz);
	case 5:
		return 0x3f7202 & fuzz__next(fuzz);
	case 6:
		return 0;
	default:
		return 1ull << fuzz__next(fuzz) % 64;
	}
}

static uint64_t size_of_state(struct fuzz *fuzz, uint64_t kind)
{
	static const uint64_t sizes[] = {
		sizeof(zx_thread_state_general_regs_t), sizeof(zx_thread_state_fp_regs_t),
		sizeof(zx_thread_state_vector_regs_t), 0, sizeof(zx_thread_state_debug_regs_t),
		sizeof(zx_thread_state_single_step_t), sizeof(zx_thread_x86_register_fs_t),
		sizeof(zx_thread_x86_register_gs_t),
	};

	if (fuzz__one_in(fuzz, 32))
		return fuzz__next(fuzz) % STATE_MAX;
	/* The general registers of 2018 came without the bases. */
	if (kind == ZX_THREAD_STATE_GENERAL_REGS && fuzz__one_in(fuzz, 8))
		return sizes[0] - 16;
	return kind < RT_ARRAY_SIZE(sizes) ? sizes[kind] : 8;
}

void scene__touch_state(struct fuzz *fuzz, zx_handle_t thread)
{
	uint64_t kind = fuzz__next(fuzz) & 1 ? 0 : fuzz__next(fuzz) % 9;
	uint64_t size = size_of_state(fuzz, kind);
	uint64_t *words = (uint64_t *)fuzz->memory;

	call__exact(fuzz, ZXCALL_thread_read_state, thread, kind, (uintptr_t)words,
		    fuzz__one_in(fuzz, 4) ? STATE_MAX : size);
	for (uint64_t i = fuzz__next(fuzz) % 4; i && size >= 8; i--)
		words[fuzz__next(fuzz) % (size / 8)] = some_register(fuzz);
	if (kind == ZX_THREAD_STATE_SINGLE_STEP)
		words[0] = fuzz__next(fuzz) % 3;
	if (fuzz__next(fuzz) & 3)
		call__exact(fuzz, ZXCALL_thread_write_state, thread, kind, (uintptr_t)words, size);
}

/* Back to where it was as a rule: a process whose threads all stand still is of no more use. */
static void end_suspension(struct fuzz *fuzz, zx_handle_t token)
{
	if (fuzz__one_in(fuzz, 8))
		pool__adopt(fuzz, token);
	else
		zx_handle_close(token);
}

static void suspend(struct fuzz *fuzz)
{
	zx_handle_t task = find(fuzz, fuzz__one_in(fuzz, 8) ? ZX_OBJ_TYPE_PROCESS : ZX_OBJ_TYPE_THREAD);
	zx_handle_t token = ZX_HANDLE_INVALID;

	if (call__exact(fuzz, ZXCALL_task_suspend_token, task, (uintptr_t)&token) != ZX_OK)
		return;
	if (fuzz__next(fuzz) & 3) {
		zx_object_wait_one(task, ZX_THREAD_SUSPENDED, soon(fuzz), NULL);
		scene__touch_state(fuzz, task);
	}
	end_suspension(fuzz, token);
}

/* The form of 2018-07: without a token, and any resume ends it. */
static void suspend_2018(struct fuzz *fuzz)
{
	zx_handle_t thread = find(fuzz, ZX_OBJ_TYPE_THREAD);

	call__exact(fuzz, ZXCALL_task_suspend_2018_07, thread);
	if (fuzz__next(fuzz) & 1)
		zx_object_wait_one(thread, ZX_THREAD_SUSPENDED, soon(fuzz), NULL);
	call__exact(fuzz, ZXCALL_task_resume, thread, fuzz__next(fuzz) % 4);
}

static zx_handle_t some_task(struct fuzz *fuzz)
{
	static const zx_obj_type_t types[] = { ZX_OBJ_TYPE_THREAD, ZX_OBJ_TYPE_PROCESS, ZX_OBJ_TYPE_JOB };

	return find(fuzz, types[fuzz__next(fuzz) % RT_ARRAY_SIZE(types)]);
}

static void bind(struct fuzz *fuzz)
{
	zx_handle_t task = some_task(fuzz);
	zx_handle_t channel = ZX_HANDLE_INVALID;
	zx_handle_t port = fuzz__next(fuzz) & 1 ? find(fuzz, ZX_OBJ_TYPE_PORT) : ZX_HANDLE_INVALID;

	if (fuzz__next(fuzz) & 1)
		call__exact(fuzz, ZXCALL_task_bind_exception_port, task, port, fuzz__next(fuzz) % 4,
			    fuzz__next(fuzz) % 4);
	else if (!call__exact(fuzz, ZXCALL_task_create_exception_channel, task, fuzz__next(fuzz) % 3,
			      (uintptr_t)&channel))
		pool__adopt(fuzz, channel);
}

static void answer(struct fuzz *fuzz)
{
	zx_handle_t exception = find(fuzz, ZX_OBJ_TYPE_EXCEPTION);
	uint32_t value = fuzz__one_in(fuzz, 100) ? 0 : 1 + (uint32_t)fuzz__next(fuzz) % 2;
	zx_handle_t task = ZX_HANDLE_INVALID;

	switch (fuzz__next(fuzz) % 5) {
	case 0:
		call__exact(fuzz, ZXCALL_object_set_property, exception, ZX_PROP_EXCEPTION_STATE,
			    (uintptr_t)&value, sizeof(value));
		break;
	case 1:
		call__exact(fuzz, ZXCALL_object_set_property, exception, ZX_PROP_EXCEPTION_STRATEGY,
			    (uintptr_t)&value, sizeof(value));
		break;
	case 2:
		call__exact(fuzz, ZXCALL_exception_get_thread, exception, (uintptr_t)&task);
		break;
	case 3:
		call__exact(fuzz, ZXCALL_exception_get_process, exception, (uintptr_t)&task);
		break;
	default:
		call__exact(fuzz, ZXCALL_task_resume_from_exception, find(fuzz, ZX_OBJ_TYPE_THREAD),
			    find(fuzz, ZX_OBJ_TYPE_PORT), fuzz__next(fuzz) % 3);
	}
	if (task != ZX_HANDLE_INVALID)
		pool__adopt(fuzz, task);
}

static void end(struct fuzz *fuzz)
{
	zx_handle_t task = find(fuzz, fuzz__next(fuzz) & 1 ? ZX_OBJ_TYPE_PROCESS : ZX_OBJ_TYPE_THREAD);

	if (fuzz__one_in(fuzz, 8) && rt_koid(task) != rt_koid(rt_boot.process))
		call__exact(fuzz, ZXCALL_task_kill, task);
}

static void other_memory(struct fuzz *fuzz)
{
	zx_handle_t process = find(fuzz, ZX_OBJ_TYPE_PROCESS);
	size_t actual;

	call__exact(fuzz, fuzz__next(fuzz) & 1 ? ZXCALL_process_read_memory : ZXCALL_process_write_memory,
		    process, victim__address(fuzz), (uintptr_t)fuzz->memory, fuzz__next(fuzz) % 64,
		    (uintptr_t)&actual);
}

static void raise(struct fuzz *fuzz)
{
	if (fuzz__one_in(fuzz, 16))
		call__exact(fuzz, ZXCALL_thread_raise_exception, 1,
			    fuzz__next(fuzz) % 8 ? ZX_EXCP_USER : fuzz__next(fuzz), (uintptr_t)fuzz->memory);
}

static void (*const scenes[])(struct fuzz *fuzz) = {
	suspend, suspend, suspend_2018, bind, answer, answer, end, other_memory, raise, victim__start,
};

void scene__play_with_tasks(struct fuzz *fuzz)
{
	scenes[fuzz__next(fuzz) % RT_ARRAY_SIZE(scenes)](fuzz);
}
