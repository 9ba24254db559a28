/* Time and randomness as the C library gives them. */
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static long long nanoseconds(clockid_t clock)
{
	struct timespec time = { 0, 0 };

	CHECK_EQ(clock_gettime(clock, &time), 0);
	return time.tv_sec * 1000000000ll + time.tv_nsec;
}

static void monotonic(void)
{
	long long last = nanoseconds(CLOCK_MONOTONIC);
	int i;

	CHECK(last > 0);
	for (i = 0; i < 1000; i++) {
		long long now = nanoseconds(CLOCK_MONOTONIC);

		if (!CHECK(now >= last))
			return;
		last = now;
	}
}

/* Some day after this test was written, and before the end of 32 bits. */
static void of_day(void)
{
	time_t now = time(NULL);

	CHECK(now > 1600000000);
	CHECK(now < 4294967295ll);
	CHECK(nanoseconds(CLOCK_REALTIME) / 1000000000 >= now);
}

static void sleeping(void)
{
	struct timespec pause = { 0, 20000000 };
	long long start = nanoseconds(CLOCK_MONOTONIC);

	CHECK_EQ(nanosleep(&pause, NULL), 0);
	CHECK(nanoseconds(CLOCK_MONOTONIC) >= start + 20000000);
	CHECK_EQ(usleep(1000), 0);
}

static void entropy(void)
{
	unsigned char first[200], second[200];

	CHECK_EQ(getentropy(first, sizeof(first)), 0);
	CHECK_EQ(getentropy(second, sizeof(second)), 0);
	CHECK(memcmp(first, second, sizeof(first)) != 0);
}

int main(void)
{
	RUN(monotonic);
	RUN(of_day);
	RUN(sleeping);
	RUN(entropy);
	return check_result();
}
