/* Many processes of many threads at once: in a tree of jobs, watched, asked, and ended. */
#include "check.h"
#include "child.h"
#include "string.h"

#include <zircon/errors.h>
#include <zircon/rights.h>

#define JOBS 8
#define PER_JOB 8
#define PROCESSES (JOBS * PER_JOB)
#define THREADS 8 /* of each process, with its first one */

static struct rt_child children[PROCESSES];
static zx_handle_t threads[PROCESSES][THREADS - 1];
static zx_handle_t top;
static zx_handle_t jobs[JOBS];

static size_t list(zx_handle_t task, uint32_t topic, zx_koid_t *koids, size_t room, size_t *avail)
{
	size_t actual = 0;

	CHECK_OK(zx_object_get_info(task, topic, koids, room * sizeof(*koids), &actual, avail));
	return actual;
}

static void set_word(const struct rt_child *child, size_t offset, uint32_t value)
{
	size_t actual = 0;

	CHECK_OK(zx_process_write_memory(child->process, RT_CHILD_SHARED(child) + offset, &value,
					 sizeof(value), &actual));
	CHECK_EQ(actual, sizeof(value));
}

/* Its threads look at the words again. */
static void wake(struct rt_child *child)
{
	int64_t answer = -1;

	CHECK_OK(rt_child__ask(child, RT_CHILD_WAKE,
			       RT_CHILD_SHARED(child) + offsetof(struct rt_child_shared, stop),
			       &answer));
	CHECK_STATUS((zx_status_t)answer, ZX_OK);
}

static uint32_t word(const struct rt_child *child, size_t offset)
{
	uint32_t value = 0;
	size_t actual = 0;

	CHECK_OK(zx_process_read_memory(child->process, RT_CHILD_SHARED(child) + offset, &value,
					sizeof(value), &actual));
	return value;
}

static zx_status_t start_one(struct rt_child *child, zx_handle_t job, zx_handle_t *others)
{
	zx_status_t status = rt_child__create(child, job, "one-of-many");
	int i;

	if (status == ZX_OK)
		status = rt_child__start(child);
	for (i = 0; i < THREADS - 1 && status == ZX_OK; i++)
		status = rt_child__add_thread(child, "more", &others[i]);
	return status;
}

static void start_all(void)
{
	int i;

	REQUIRE_OK(zx_job_create(rt_boot.job, 0, &top));
	for (i = 0; i < JOBS; i++)
		REQUIRE_OK(zx_job_create(top, 0, &jobs[i]));
	for (i = 0; i < PROCESSES; i++)
		REQUIRE_OK(start_one(&children[i], jobs[i / PER_JOB], threads[i]));
}

static void all_run(void)
{
	size_t arrived = offsetof(struct rt_child_shared, arrived);
	int64_t answer;
	int i;

	for (i = 0; i < PROCESSES; i++) {
		while (word(&children[i], arrived) != THREADS - 1)
			zx_nanosleep(zx_deadline_after(ZX_MSEC(1)));
		answer = -1;
		CHECK_OK(rt_child__ask(&children[i], RT_CHILD_MAKE_EVENT, 0, &answer));
		CHECK_STATUS((zx_status_t)answer, ZX_OK);
	}
}

/* Every task has a koid of its own, and each list names its own tasks and no others. */
static void lists(void)
{
	static zx_koid_t seen[PROCESSES * THREADS];
	zx_koid_t koids[THREADS + 1];
	size_t count = 0, avail = 0, i, j;

	CHECK_EQ(list(top, ZX_INFO_JOB_CHILDREN, koids, THREADS + 1, NULL), JOBS);
	CHECK_EQ(list(top, ZX_INFO_JOB_PROCESSES, koids, 1, NULL), 0);
	/* Room for some tells how many there are. */
	CHECK_EQ(list(top, ZX_INFO_JOB_CHILDREN, koids, 3, &avail), 3);
	CHECK_EQ(avail, JOBS);
	for (i = 0; i < JOBS; i++)
		CHECK_EQ(list(jobs[i], ZX_INFO_JOB_PROCESSES, koids, THREADS + 1, NULL), PER_JOB);
	for (i = 0; i < PROCESSES; i++) {
		CHECK_EQ(list(children[i].process, ZX_INFO_PROCESS_THREADS, koids, THREADS + 1,
			      NULL),
			 THREADS);
		for (j = 0; j < THREADS; j++)
			seen[count++] = koids[j];
		CHECK(koids[0] == rt_koid(children[i].thread));
	}
	for (i = 0; i < count; i++)
		for (j = i + 1; j < count; j++)
			if (seen[i] == seen[j])
				CHECK(seen[i] != seen[j]);
}

static void found_by_koid(void)
{
	zx_info_handle_basic_t basic = { 0 };
	zx_handle_t found = ZX_HANDLE_INVALID;
	char name[ZX_MAX_NAME_LEN] = { 0 };

	/* Grandchildren are found from any job above them. */
	REQUIRE_OK(zx_object_get_child(jobs[3], rt_koid(children[3 * PER_JOB].process),
				       ZX_RIGHT_SAME_RIGHTS, &found));
	CHECK_OK(zx_object_get_property(found, ZX_PROP_NAME, name, sizeof(name)));
	CHECK_STR(name, "one-of-many");
	CHECK_OK(zx_object_get_info(found, ZX_INFO_HANDLE_BASIC, &basic, sizeof(basic), NULL,
				    NULL));
	CHECK_EQ(basic.related_koid, rt_koid(jobs[3]));
	zx_handle_close(found);
	REQUIRE_OK(zx_object_get_child(children[5].process, rt_koid(threads[5][2]),
				       ZX_RIGHT_SAME_RIGHTS, &found));
	CHECK_EQ(rt_koid(found), rt_koid(threads[5][2]));
	zx_handle_close(found);
	CHECK_STATUS(zx_object_get_child(children[5].process, rt_koid(threads[6][2]),
					 ZX_RIGHT_SAME_RIGHTS, &found),
		     ZX_ERR_NOT_FOUND);
}

/* Of one job: threads end one by one, then each process with a code of its own. */
static void codes(void)
{
	zx_koid_t koids[THREADS];
	int64_t code;
	int i, j;

	for (i = 0; i < PER_JOB; i++)
		set_word(&children[i], offsetof(struct rt_child_shared, stop), 1);
	for (i = 0; i < PER_JOB; i++)
		wake(&children[i]);
	for (i = 0; i < PER_JOB; i++) {
		for (j = 0; j < THREADS - 1; j++)
			CHECK_OK(zx_object_wait_one(threads[i][j], ZX_THREAD_TERMINATED,
						    ZX_TIME_INFINITE, NULL));
		CHECK_EQ(list(children[i].process, ZX_INFO_PROCESS_THREADS, koids, THREADS, NULL),
			 1);
		CHECK_OK(rt_child__tell(&children[i], RT_CHILD_EXIT, (uint64_t)(1000 + i)));
	}
	for (i = 0; i < PER_JOB; i++) {
		code = 0;
		CHECK_OK(rt_child__wait(&children[i], &code));
		CHECK_EQ(code, 1000 + i);
	}
	CHECK_OK(zx_object_wait_one(jobs[0], ZX_JOB_NO_PROCESSES, ZX_TIME_INFINITE, NULL));
	CHECK_EQ(list(jobs[0], ZX_INFO_JOB_PROCESSES, koids, THREADS, NULL), 0);
}

/* The others, some of them in loops that make no call. */
static void kill_tree(void)
{
	zx_info_job_t info = { 0 };
	int64_t code;
	int i, j;

	for (i = PROCESSES - 2; i < PROCESSES; i++) {
		set_word(&children[i], offsetof(struct rt_child_shared, spin), 1);
		wake(&children[i]);
	}
	CHECK_OK(zx_task_kill(top));
	for (i = PER_JOB; i < PROCESSES; i++) {
		code = 0;
		CHECK_OK(rt_child__wait(&children[i], &code));
		CHECK_EQ(code, ZX_TASK_RETCODE_SYSCALL_KILL);
		for (j = 0; j < THREADS - 1; j++)
			CHECK_OK(zx_object_wait_one(threads[i][j], ZX_THREAD_TERMINATED,
						    ZX_TIME_INFINITE, NULL));
	}
	for (i = 0; i < JOBS; i++)
		CHECK_OK(zx_object_wait_one(jobs[i], ZX_JOB_TERMINATED, ZX_TIME_INFINITE, NULL));
	CHECK_OK(zx_object_wait_one(top, ZX_JOB_TERMINATED, ZX_TIME_INFINITE, NULL));
	CHECK_OK(zx_object_get_info(top, ZX_INFO_JOB, &info, sizeof(info), NULL, NULL));
	CHECK(info.exited);
	CHECK_EQ(info.return_code, ZX_TASK_RETCODE_SYSCALL_KILL);
}

static void close_all(void)
{
	int i;

	for (i = 0; i < PROCESSES; i++) {
		zx_handle_close_many(threads[i], THREADS - 1);
		rt_child__close(&children[i]);
	}
	CHECK_OK(zx_handle_close_many(jobs, JOBS));
	zx_handle_close(top);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(start_all);
	RUN(all_run);
	RUN(lists);
	RUN(found_by_koid);
	RUN(codes);
	RUN(kill_tree);
	RUN(close_all);
	return rt_check_result();
}
