/* zx_object_get_child. */
#include "conformance.h"

#include "tasks.h"

static zx_koid_t own_thread(void)
{
	return rt_koid(rt_boot.thread);
}

static zx_status_t get_child(zx_handle_t parent, zx_koid_t koid, zx_rights_t rights)
{
	zx_handle_t child;
	zx_status_t status = zx_object_get_child(parent, koid, rights, &child);

	if (status == ZX_OK)
		own(child);
	return status;
}

CHECK_HANDLE_VALID(object_get_child, handle, get_child(h, own_thread(), ZX_RIGHT_SAME_RIGHTS))

REFUSES(object_get_child, ZX_ERR_ACCESS_DENIED, enumerate,
	get_child(without_rights(rt_boot.process, ZX_RIGHT_ENUMERATE), own_thread(),
		  ZX_RIGHT_SAME_RIGHTS))

/* A child's handle gets the rights of its parent's, and so a thread's the right to enumerate. */
CHECK_ERROR(object_get_child, ZX_ERR_WRONG_TYPE, thread)
{
	zx_handle_t thread;

	EXPECT_OK(zx_object_get_child(rt_boot.process, own_thread(), ZX_RIGHT_SAME_RIGHTS,
				      &thread));
	own(thread);
	EXPECT_STATUS(get_child(thread, own_thread(), ZX_RIGHT_SAME_RIGHTS), ZX_ERR_WRONG_TYPE);
}

CHECK_ERROR(object_get_child, ZX_ERR_NOT_FOUND, koid)
{
	EXPECT_STATUS(get_child(rt_boot.process, rt_koid(make_event()), ZX_RIGHT_SAME_RIGHTS),
		      ZX_ERR_NOT_FOUND);
	EXPECT_STATUS(get_child(rt_boot.job, own_thread(), ZX_RIGHT_SAME_RIGHTS),
		      ZX_ERR_NOT_FOUND);
	EXPECT_STATUS(get_child(rt_boot.process, ZX_KOID_INVALID, ZX_RIGHT_SAME_RIGHTS),
		      ZX_ERR_NOT_FOUND);
}

/* One that was never started is no child yet. */
CHECK_ERROR(object_get_child, ZX_ERR_NOT_FOUND, thread_not_started)
{
	zx_handle_t thread = idle_thread();

	EXPECT_STATUS(get_child(rt_boot.process, rt_koid(thread), ZX_RIGHT_SAME_RIGHTS),
		      ZX_ERR_NOT_FOUND);
}

CHECK(object_get_child, rights_of_the_parent)
{
	zx_handle_t child;

	EXPECT_OK(zx_object_get_child(rt_boot.process, own_thread(), ZX_RIGHT_SAME_RIGHTS, &child));
	own(child);
	EXPECT_EQ(type_of(child), ZX_OBJ_TYPE_THREAD);
	EXPECT_EQ(rt_koid(child), own_thread());
	EXPECT_EQ(rights_of(child), rights_of(rt_boot.process));
	EXPECT_OK(zx_object_get_child(rt_boot.process, own_thread(), ZX_RIGHT_WAIT, &child));
	EXPECT_EQ(rights_of(own(child)), ZX_RIGHT_WAIT);
}

CHECK(object_get_child, of_a_job)
{
	zx_handle_t child, job;

	EXPECT_OK(zx_object_get_child(rt_boot.job, rt_koid(rt_boot.process), ZX_RIGHT_WAIT,
				      &child));
	EXPECT_EQ(type_of(own(child)), ZX_OBJ_TYPE_PROCESS);
	EXPECT_OK(zx_job_create(rt_boot.job, 0, &job));
	own(job);
	EXPECT_OK(zx_object_get_child(rt_boot.job, rt_koid(job), ZX_RIGHT_WAIT, &child));
	EXPECT_EQ(type_of(own(child)), ZX_OBJ_TYPE_JOB);
}
