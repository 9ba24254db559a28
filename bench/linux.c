/*
 * The Linux primitives that the other figures stand beside, in nanoseconds: one line each, NAME
 * VALUE, medians of ROUNDS rounds. `linux PROGRAM` also starts and awaits PROGRAM.
 */
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 31
#define CALLS 2000
#define NS_PER_SECOND 1000000000ll

static uint32_t turn;
static volatile int64_t sink;

static int64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NS_PER_SECOND + ts.tv_nsec;
}

static void getpid_call(void)
{
	sink = syscall(SYS_getpid);
}

static void clock_call(void)
{
	sink = now();
}

static void random_call(void)
{
	char bytes[16];

	sink = getrandom(bytes, sizeof(bytes), 0);
}

static void hand_over(uint32_t mine, uint32_t theirs)
{
	while (__atomic_load_n(&turn, __ATOMIC_ACQUIRE) != mine)
		syscall(SYS_futex, &turn, FUTEX_WAIT, theirs, NULL, NULL, 0);
	__atomic_store_n(&turn, theirs, __ATOMIC_RELEASE);
	syscall(SYS_futex, &turn, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void *partner(void *arg)
{
	(void)arg;
	for (int i = 0; i < ROUNDS * CALLS; i++)
		hand_over(1, 0);
	return NULL;
}

static void futex_call(void)
{
	hand_over(0, 1);
}

static double measure(void (*call)(void), int rounds, int calls)
{
	int64_t spent[ROUNDS];

	for (int i = 0; i < rounds; i++) {
		int64_t begin = now();
		int64_t value;
		int j;

		for (j = 0; j < calls; j++)
			call();
		value = now() - begin;
		for (j = i; j > 0 && spent[j - 1] > value; j--)
			spent[j] = spent[j - 1];
		spent[j] = value;
	}
	return (double)spent[rounds / 2] / calls;
}

/* Two threads that hand a turn to each other, wherever the scheduler puts them. */
static double futex_round_trip(void)
{
	pthread_t thread;
	double ns;

	if (pthread_create(&thread, NULL, partner, NULL))
		return 0;
	/* The last turn is given back by the partner, so that both make the same number. */
	ns = measure(futex_call, ROUNDS, CALLS);
	pthread_join(thread, NULL);
	return ns;
}

static char *program;

static void spawn_call(void)
{
	char *argv[] = { program, NULL };
	char *envp[] = { NULL };
	pid_t pid;

	if (posix_spawn(&pid, program, NULL, NULL, argv, envp))
		exit(1);
	waitpid(pid, NULL, 0);
}

int main(int argc, char **argv)
{
	printf("getpid %.2f\n", measure(getpid_call, ROUNDS, CALLS));
	printf("clock_gettime %.2f\n", measure(clock_call, ROUNDS, CALLS));
	printf("getrandom_16 %.2f\n", measure(random_call, ROUNDS, CALLS));
	printf("futex_round_trip %.2f\n", futex_round_trip());
	if (argc > 1) {
		program = argv[1];
		printf("spawn %.2f\n", measure(spawn_call, ROUNDS, 1));
	}
	return 0;
}
