/* Threads with a stack that the caller provides. */
#include "rt.h"

#include "string.h"

static _Noreturn void thread_entry(uintptr_t arg1, uintptr_t arg2)
{
	struct rt_thread *thread = (struct rt_thread *)arg1;

	(void)arg2;
	thread->run(thread->arg);
	zx_thread_exit();
}

zx_status_t rt_thread__create(struct rt_thread *thread, const char *name, void (*run)(void *arg),
			      void *arg)
{
	thread->run = run;
	thread->arg = arg;
	return zx_thread_create(rt_boot.process, name, strlen(name), 0, &thread->handle);
}

zx_status_t rt_thread__resume(struct rt_thread *thread)
{
	/* A C function expects the stack as after a call: 8 below a multiple of 16. */
	uintptr_t sp = (uintptr_t)thread->stack + sizeof(thread->stack) - 8;

	return zx_thread_start(thread->handle, (uintptr_t)thread_entry, sp, (uintptr_t)thread, 0);
}

zx_status_t rt_thread__start(struct rt_thread *thread, const char *name, void (*run)(void *arg),
			     void *arg)
{
	zx_status_t status = rt_thread__create(thread, name, run, arg);

	if (status == ZX_OK) {
		status = rt_thread__resume(thread);
		if (status != ZX_OK)
			zx_handle_close(thread->handle);
	}
	return status;
}

zx_status_t rt_thread__join(struct rt_thread *thread)
{
	zx_status_t status;

	status = zx_object_wait_one(thread->handle, ZX_THREAD_TERMINATED, ZX_TIME_INFINITE, NULL);
	zx_handle_close(thread->handle);
	return status;
}

bool rt_until_blocked(zx_handle_t thread, uint32_t state)
{
	zx_info_thread_t info;

	for (;;) {
		if (zx_object_get_info(thread, ZX_INFO_THREAD, &info, sizeof(info), NULL, NULL) !=
		    ZX_OK)
			return false;
		if (info.state == state)
			return true;
		if (info.state == ZX_THREAD_STATE_DEAD)
			return false;
		zx_nanosleep(zx_deadline_after(1000 * 1000));
	}
}
