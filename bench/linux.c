/*
 * The Linux primitives that the other figures stand beside, in nanoseconds: one line each, NAME
 * VALUE, medians of ROUNDS rounds. `linux PROGRAM` also starts and awaits PROGRAM.
 */
#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 31
#define CALLS 2000
#define SLOW_CALLS 200
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

/* --- The closest relatives of the calls that Fuchsia programs make most --- */

#define LARGE 65536
#define SMALL 64
#define PAGE 4096

static char bytes[LARGE];
static int event = -1;
static int packets[2];
static int stream[2];
static int queue[2];
static int echo_threads[2];
static int echo_processes[2];
static int memory = -1;
static int epoll = -1;

static void poll_call(void)
{
	struct pollfd fd = { .fd = event, .events = POLLIN };

	sink = poll(&fd, 1, -1);
}

static void eventfd_call(void)
{
	uint64_t one = 1;

	sink = write(event, &one, sizeof(one));
}

static void pass(const int *ends, size_t size)
{
	if (write(ends[0], bytes, size) < 0 || read(ends[1], bytes, size) < 0)
		exit(1);
}

static void packet_small_call(void)
{
	pass(packets, SMALL);
}

static void packet_large_call(void)
{
	pass(packets, LARGE);
}

static void stream_call(void)
{
	pass(stream, SMALL);
}

/* A packet of a port: written, awaited, taken. */
static void epoll_call(void)
{
	struct epoll_event ready;

	if (write(queue[0], bytes, 48) < 0 || epoll_wait(epoll, &ready, 1, -1) != 1 ||
	    read(queue[1], bytes, 48) < 0)
		exit(1);
}

static void pread_call(void)
{
	sink = pread(memory, bytes, PAGE, 0);
}

static void pwrite_call(void)
{
	sink = pwrite(memory, bytes, PAGE, 0);
}

static void mmap_call(void)
{
	munmap(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0), PAGE);
}

static void make_event_call(void)
{
	close(eventfd(0, 0));
}

static void futex_wake_call(void)
{
	sink = syscall(SYS_futex, &turn, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void answer(int end)
{
	char message[8];

	while (read(end, message, sizeof(message)) > 0 && write(end, message, sizeof(message)) > 0)
		;
}

static void *answer_thread(void *arg)
{
	answer(*(int *)arg);
	return NULL;
}

static void ask(int end)
{
	char message[8] = { 0 };

	if (write(end, message, sizeof(message)) < 0 || read(end, message, sizeof(message)) < 0)
		exit(1);
}

static void thread_call(void)
{
	ask(echo_threads[0]);
}

static void process_call(void)
{
	ask(echo_processes[0]);
}

static int set_up(void)
{
	struct epoll_event watch = { .events = EPOLLIN };
	pthread_t thread;

	event = eventfd(1, 0);
	memory = memfd_create("bench", 0);
	epoll = epoll_create1(0);
	if (event < 0 || memory < 0 || epoll < 0 || write(memory, bytes, LARGE) != LARGE ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET, 0, packets) ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, stream) ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET, 0, queue) ||
	    epoll_ctl(epoll, EPOLL_CTL_ADD, queue[1], &watch) ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET, 0, echo_threads) ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET, 0, echo_processes) ||
	    pthread_create(&thread, NULL, answer_thread, &echo_threads[1]))
		return -1;
	if (!fork()) {
		close(echo_processes[0]);
		answer(echo_processes[1]);
		_exit(0);
	}
	close(echo_processes[1]);
	return 0;
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

/* --- A signal to a thread that runs on another processor --- */

#define SIGNALS 501

static volatile sig_atomic_t handled;
static volatile uint32_t stop_spinning;
static volatile uint32_t spins;

static void on_signal(int number)
{
	(void)number;
	handled = 1;
}

static void *spin(void *arg)
{
	(void)arg;
	while (!stop_spinning)
		spins++;
	return NULL;
}

static int64_t signal_once(pthread_t thread)
{
	uint32_t seen = spins;
	int64_t begin;

	/* It runs. */
	while (spins - seen < 1000)
		;
	handled = 0;
	begin = now();
	pthread_kill(thread, SIGUSR1);
	while (!handled)
		;
	return now() - begin;
}

static void report_signal(void)
{
	int64_t rounds[SIGNALS];
	pthread_t thread;

	signal(SIGUSR1, on_signal);
	if (pthread_create(&thread, NULL, spin, NULL))
		exit(1);
	for (int i = 0; i < SIGNALS; i++) {
		int64_t spent = signal_once(thread);
		int j;

		for (j = i; j > 0 && rounds[j - 1] > spent; j--)
			rounds[j] = rounds[j - 1];
		rounds[j] = spent;
	}
	stop_spinning = 1;
	pthread_join(thread, NULL);
	printf("signal_seen %lld.00\n", (long long)rounds[SIGNALS / 2]);
}

static void spawn_call(void)
{
	char *argv[] = { program, NULL };
	char *envp[] = { NULL };
	pid_t pid;

	if (posix_spawn(&pid, program, NULL, NULL, argv, envp))
		exit(1);
	waitpid(pid, NULL, 0);
}

static void report(const char *name, void (*call)(void), int calls)
{
	printf("%s %.2f\n", name, measure(call, ROUNDS, calls));
}

static void report_relatives(void)
{
	report("poll", poll_call, CALLS);
	report("eventfd_write", eventfd_call, CALLS);
	report("packet_64", packet_small_call, CALLS);
	report("packet_64k", packet_large_call, SLOW_CALLS);
	report("stream_64", stream_call, CALLS);
	report("epoll", epoll_call, CALLS);
	report("pread_4k", pread_call, CALLS);
	report("pwrite_4k", pwrite_call, CALLS);
	report("mmap", mmap_call, SLOW_CALLS);
	report("eventfd_create", make_event_call, CALLS);
	report("futex_wake", futex_wake_call, CALLS);
	report("round_trip_threads", thread_call, SLOW_CALLS);
	report("round_trip_processes", process_call, SLOW_CALLS);
}

#define GIB (1ul << 30)
#define COW_ROUNDS 5

/*
 * What comes nearest to a copy-on-write child of 1 GiB: fork() of a process with so much memory;
 * and to a write to one: the child writes each page. Prints both.
 */
static void fork_gib(void)
{
	char *gib = mmap(NULL, GIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int64_t forked = INT64_MAX;
	int64_t *written = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
				0);
	const size_t run = 16ul << 20;

	if (gib == MAP_FAILED || written == MAP_FAILED)
		return;
	madvise(gib, GIB, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < GIB; i += PAGE)
		gib[i] = 1;
	for (int i = 0; i < COW_ROUNDS; i++) {
		int64_t begin = now();
		pid_t pid = fork();

		if (!pid) {
			begin = now();
			for (size_t at = 0; at < run; at += PAGE)
				((volatile char *)gib)[at] = 2;
			*written = now() - begin;
			_exit(0);
		}
		begin = now() - begin;
		if (begin < forked)
			forked = begin;
		waitpid(pid, NULL, 0);
	}
	printf("fork_1g %.2f\n", (double)forked);
	printf("cow_write_page %.2f\n", (double)*written / (double)(run / PAGE));
	munmap(gib, GIB);
}

int main(int argc, char **argv)
{
	/* By itself, to be measured in turns with what it is compared to. */
	if (argc > 1 && !strcmp(argv[1], "signal")) {
		report_signal();
		return 0;
	}
	/* First: the other process is a copy of this one. */
	if (set_up())
		return 1;
	printf("getpid %.2f\n", measure(getpid_call, ROUNDS, CALLS));
	printf("clock_gettime %.2f\n", measure(clock_call, ROUNDS, CALLS));
	printf("getrandom_16 %.2f\n", measure(random_call, ROUNDS, CALLS));
	printf("futex_round_trip %.2f\n", futex_round_trip());
	report_relatives();
	if (argc > 1) {
		program = argv[1];
		printf("spawn %.2f\n", measure(spawn_call, ROUNDS, 1));
		fork_gib();
	}
	return 0;
}
