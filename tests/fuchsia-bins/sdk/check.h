/*
 * Checks for programs that have a C library. A failed one prints
 *   FAIL file:line: EXPRESSION: expected X, got Y
 */
#ifndef SDK_CHECK_H
#define SDK_CHECK_H

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

/* What a program returns that can't be run here, after a line that says why. */
#define EXIT_SKIP 77

static atomic_int check_failures;

static inline int check_equal(const char *file, int line, const char *what, long long got,
			      long long want)
{
	const char *base = strrchr(file, '/');

	if (got == want)
		return 1;
	atomic_fetch_add(&check_failures, 1);
	printf("FAIL %s:%d: %s: expected %lld, got %lld (errno %d, %s)\n", base ? base + 1 : file,
	       line, what, want, got, errno, strerror(errno));
	return 0;
}

static inline int check_string(const char *file, int line, const char *what, const char *got,
			       const char *want)
{
	const char *base = strrchr(file, '/');

	if (got && !strcmp(got, want))
		return 1;
	atomic_fetch_add(&check_failures, 1);
	printf("FAIL %s:%d: %s: expected \"%s\", got \"%s\"\n", base ? base + 1 : file, line, what,
	       want, got ? got : "(null)");
	return 0;
}

#define CHECK(cond) check_equal(__FILE__, __LINE__, #cond, !!(cond), 1)
#define CHECK_EQ(got, want) \
	check_equal(__FILE__, __LINE__, #got, (long long)(got), (long long)(want))
#define CHECK_STR(got, want) check_string(__FILE__, __LINE__, #got, (got), (want))

/* A call that must fail: with -1, and this errno. */
#define CHECK_ERRNO(call, error) \
	do { \
		errno = 0; \
		CHECK_EQ(call, -1); \
		CHECK_EQ(errno, error); \
	} while (0)

#define RUN(function) \
	do { \
		int before_ = atomic_load(&check_failures); \
		function(); \
		printf("%s %s\n", atomic_load(&check_failures) == before_ ? "ok" : "not ok", \
		       #function); \
		fflush(stdout); \
	} while (0)

static inline int check_result(void)
{
	return atomic_load(&check_failures) ? 1 : 0;
}

#endif
