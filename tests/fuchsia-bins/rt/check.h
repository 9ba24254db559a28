/*
 * Checks for test programs. A failed check prints
 *   FAIL file:line: EXPRESSION: expected X, got Y
 * and the program goes on; rt_check_result() is what main() returns.
 */
#ifndef RT_CHECK_H
#define RT_CHECK_H

#include "rt.h"

/* All return whether the check held. Any thread may call them. */
bool rt_check_true(const char *file, int line, const char *what, bool held);
bool rt_check_equal(const char *file, int line, const char *what, int64_t got, int64_t want);
bool rt_check_status(const char *file, int line, const char *what, zx_status_t got,
		     zx_status_t want);
bool rt_check_either(const char *file, int line, const char *what, zx_status_t got,
		     zx_status_t one, zx_status_t other);
bool rt_check_string(const char *file, int line, const char *what, const char *got,
		     const char *want);

#define CHECK(cond) rt_check_true(__FILE__, __LINE__, #cond, (cond))
#define CHECK_EQ(got, want) \
	rt_check_equal(__FILE__, __LINE__, #got, (int64_t)(got), (int64_t)(want))
#define CHECK_STR(got, want) rt_check_string(__FILE__, __LINE__, #got, (got), (want))
#define CHECK_STATUS(got, want) rt_check_status(__FILE__, __LINE__, #got, (got), (want))
/* For the few results that Zircon itself changed over time. */
#define CHECK_EITHER(got, one, other) \
	rt_check_either(__FILE__, __LINE__, #got, (got), (one), (other))
#define CHECK_OK(got) CHECK_STATUS(got, ZX_OK)

/* For what the rest of a test can't do without: returns from the calling function. */
#define REQUIRE(cond) \
	do { \
		if (!CHECK(cond)) \
			return; \
	} while (0)
#define REQUIRE_OK(got) \
	do { \
		if (!CHECK_OK(got)) \
			return; \
	} while (0)

/* Runs one part of a test and says how it went. */
#define RUN(function) rt_check_run(#function, function)
void rt_check_run(const char *name, void (*function)(void));

/* 0 when every check held, else 1. */
int rt_check_result(void);

#endif
