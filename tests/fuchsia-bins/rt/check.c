/* Checks and their messages. */
#include "check.h"

#include <stdatomic.h>

#include <zircon/errors.h>

#include "format.h"
#include "string.h"

static atomic_uint failures;

static const char *base_name(const char *path)
{
	const char *base = path;

	for (; *path; path++)
		if (*path == '/')
			base = path + 1;
	return base;
}

static void fail(const char *file, int line, const char *what, const char *want, const char *got)
{
	atomic_fetch_add(&failures, 1);
	rt_print("FAIL %s:%d: %s: expected %s, got %s\n", base_name(file), line, what, want, got);
}

bool rt_check_true(const char *file, int line, const char *what, bool held)
{
	if (!held)
		fail(file, line, what, "true", "false");
	return held;
}

bool rt_check_equal(const char *file, int line, const char *what, int64_t got, int64_t want)
{
	char got_text[48];
	char want_text[48];

	if (got == want)
		return true;
	rt_format(got_text, sizeof(got_text), "%lld (0x%llx)", (long long)got,
		  (unsigned long long)got);
	rt_format(want_text, sizeof(want_text), "%lld (0x%llx)", (long long)want,
		  (unsigned long long)want);
	fail(file, line, what, want_text, got_text);
	return false;
}

bool rt_check_status(const char *file, int line, const char *what, zx_status_t got,
		     zx_status_t want)
{
	char got_text[16];
	char want_text[16];

	if (got == want)
		return true;
	rt_format(got_text, sizeof(got_text), "status %d", got);
	rt_format(want_text, sizeof(want_text), "status %d", want);
	fail(file, line, what, want_text, got_text);
	return false;
}

bool rt_check_either(const char *file, int line, const char *what, zx_status_t got,
		     zx_status_t one, zx_status_t other)
{
	char got_text[16];
	char want_text[40];

	if (got == one || got == other)
		return true;
	rt_format(got_text, sizeof(got_text), "status %d", got);
	rt_format(want_text, sizeof(want_text), "status %d or %d", one, other);
	fail(file, line, what, want_text, got_text);
	return false;
}

bool rt_check_string(const char *file, int line, const char *what, const char *got,
		     const char *want)
{
	if (got && !strcmp(got, want))
		return true;
	fail(file, line, what, want, got ? got : "(none)");
	return false;
}

void rt_check_run(const char *name, void (*function)(void))
{
	unsigned int before = atomic_load(&failures);

	function();
	rt_print("%s %s\n", atomic_load(&failures) == before ? "ok" : "not ok", name);
}

int rt_check_result(void)
{
	return atomic_load(&failures) ? 1 : 0;
}
