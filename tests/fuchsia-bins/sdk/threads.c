/* POSIX threads, C11 threads, and data of each thread's own. */
#include <pthread.h>
#include <stdlib.h>
#include <threads.h>
#include <unistd.h>

#include "check.h"

#define MANY 32

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static long counter;
static int stage;

static __thread int own = 5;
static __thread char own_zeros[1000];

static void *count(void *arg)
{
	int i;

	for (i = 0; i < 10000; i++) {
		pthread_mutex_lock(&mutex);
		counter++;
		pthread_mutex_unlock(&mutex);
	}
	return arg;
}

static void mutual_exclusion(void)
{
	pthread_t threads[4];
	void *result;
	long i;

	for (i = 0; i < 4; i++)
		CHECK_EQ(pthread_create(&threads[i], NULL, count, (void *)i), 0);
	for (i = 0; i < 4; i++) {
		CHECK_EQ(pthread_join(threads[i], &result), 0);
		CHECK_EQ((long)result, i);
	}
	CHECK_EQ(counter, 40000);
}

static void *ping_pong(void *arg)
{
	int i;

	(void)arg;
	pthread_mutex_lock(&mutex);
	for (i = 0; i < 1000; i++) {
		while (stage != 1)
			pthread_cond_wait(&condition, &mutex);
		stage = 0;
		pthread_cond_broadcast(&condition);
	}
	pthread_mutex_unlock(&mutex);
	return NULL;
}

static void conditions(void)
{
	pthread_t thread;
	int i;

	CHECK_EQ(pthread_create(&thread, NULL, ping_pong, NULL), 0);
	pthread_mutex_lock(&mutex);
	for (i = 0; i < 1000; i++) {
		stage = 1;
		pthread_cond_broadcast(&condition);
		while (stage != 0)
			pthread_cond_wait(&condition, &mutex);
	}
	pthread_mutex_unlock(&mutex);
	CHECK_EQ(pthread_join(thread, NULL), 0);
}

static void *bump(void *arg)
{
	own += (int)(long)arg;
	own_zeros[own] = 1;
	usleep(1000);
	return (void *)(long)own;
}

static void many_with_own_data(void)
{
	pthread_t threads[MANY];
	void *result;
	long i;

	for (i = 0; i < MANY; i++)
		CHECK_EQ(pthread_create(&threads[i], NULL, bump, (void *)i), 0);
	for (i = 0; i < MANY; i++) {
		CHECK_EQ(pthread_join(threads[i], &result), 0);
		CHECK_EQ((long)result, 5 + i);
	}
	CHECK_EQ(own, 5);
	CHECK_EQ(own_zeros[6], 0);
}

static pthread_key_t key;
static atomic_int destroyed;

static void destroy(void *value)
{
	free(value);
	atomic_fetch_add(&destroyed, 1);
}

static void *use_key(void *arg)
{
	int *value = malloc(sizeof(*value));

	*value = (int)(long)arg;
	pthread_setspecific(key, value);
	usleep(1000);
	CHECK_EQ(*(int *)pthread_getspecific(key), (long)arg);
	return NULL;
}

static void keys(void)
{
	pthread_t threads[4];
	long i;

	CHECK_EQ(pthread_key_create(&key, destroy), 0);
	for (i = 0; i < 4; i++)
		CHECK_EQ(pthread_create(&threads[i], NULL, use_key, (void *)i), 0);
	for (i = 0; i < 4; i++)
		CHECK_EQ(pthread_join(threads[i], NULL), 0);
	CHECK_EQ(destroyed, 4);
	CHECK(!pthread_getspecific(key));
	CHECK_EQ(pthread_key_delete(key), 0);
}

static mtx_t c11_mutex;
static int c11_counter;
static once_flag once = ONCE_FLAG_INIT;
static int once_count;

static void run_once(void)
{
	once_count++;
}

static int c11_thread(void *arg)
{
	int i;

	call_once(&once, run_once);
	for (i = 0; i < 1000; i++) {
		mtx_lock(&c11_mutex);
		c11_counter++;
		mtx_unlock(&c11_mutex);
	}
	return *(int *)arg;
}

static void c11_threads(void)
{
	thrd_t threads[3];
	int values[3] = { 10, 11, 12 };
	int i, result;

	CHECK_EQ(mtx_init(&c11_mutex, mtx_plain), thrd_success);
	for (i = 0; i < 3; i++)
		CHECK_EQ(thrd_create(&threads[i], c11_thread, &values[i]), thrd_success);
	for (i = 0; i < 3; i++) {
		CHECK_EQ(thrd_join(threads[i], &result), thrd_success);
		CHECK_EQ(result, values[i]);
	}
	CHECK_EQ(c11_counter, 3000);
	CHECK_EQ(once_count, 1);
	mtx_destroy(&c11_mutex);
}

static void *detached(void *arg)
{
	atomic_store((atomic_int *)arg, 1);
	return NULL;
}

static void detaching(void)
{
	static atomic_int ran;
	pthread_t thread;
	int i;

	CHECK_EQ(pthread_create(&thread, NULL, detached, &ran), 0);
	CHECK_EQ(pthread_detach(thread), 0);
	for (i = 0; i < 5000 && !ran; i++)
		usleep(1000);
	CHECK_EQ(ran, 1);
}

static void *big_stack(void *arg)
{
	volatile char array[512 * 1024];
	size_t i;

	for (i = 0; i < sizeof(array); i += 4096)
		array[i] = (char)i;
	*(int *)arg = array[4096] == 0;
	return NULL;
}

static void attributes(void)
{
	pthread_attr_t attr;
	pthread_t thread;
	int done = 0;

	CHECK_EQ(pthread_attr_init(&attr), 0);
	CHECK_EQ(pthread_attr_setstacksize(&attr, 1024 * 1024), 0);
	CHECK_EQ(pthread_create(&thread, &attr, big_stack, &done), 0);
	CHECK_EQ(pthread_join(thread, NULL), 0);
	CHECK_EQ(done, 1);
	CHECK_EQ(pthread_attr_destroy(&attr), 0);
}

int main(void)
{
	RUN(mutual_exclusion);
	RUN(conditions);
	RUN(many_with_own_data);
	RUN(keys);
	RUN(c11_threads);
	RUN(detaching);
	RUN(attributes);
	return check_result();
}
