/* Expectations, and how what was seen is put into words. */
#include "conformance.h"

#include "format.h"
#include "string.h"

#define TEXT_SIZE 160

static const struct {
	zx_status_t status;
	const char *name;
} statuses[] = {
	{ ZX_OK, "ZX_OK" },
#include "conformance/statuses.inc"
};

static const char *status_text(zx_status_t status, char *text)
{
	size_t i;

	for (i = 0; i < RT_ARRAY_SIZE(statuses); i++)
		if (statuses[i].status == status)
			return statuses[i].name;
	rt_format(text, TEXT_SIZE, "status %d", status);
	return text;
}

void expect_true(const char *file, int line, const char *what, bool held)
{
	if (!held)
		frame_fail(file, line, what, "that it is not so");
}

void expect_equal(const char *file, int line, const char *what, uint64_t got, uint64_t want)
{
	char want_text[TEXT_SIZE];
	char got_text[TEXT_SIZE];

	if (got == want)
		return;
	rt_format(want_text, sizeof(want_text), "%s to be %lld (0x%llx)", what, (long long)want,
		  (unsigned long long)want);
	rt_format(got_text, sizeof(got_text), "%lld (0x%llx)", (long long)got,
		  (unsigned long long)got);
	frame_fail(file, line, want_text, got_text);
}

void expect_status(const char *file, int line, zx_status_t got, zx_status_t want)
{
	char want_text[TEXT_SIZE];
	char got_text[TEXT_SIZE];

	if (got != want)
		frame_fail(file, line, status_text(want, want_text), status_text(got, got_text));
}

void expect_bytes(const char *file, int line, const char *what, const void *got, const void *want,
		  size_t size)
{
	const uint8_t *a = got;
	const uint8_t *b = want;
	char place[TEXT_SIZE];
	size_t i;

	for (i = 0; i < size && a[i] == b[i]; i++)
		;
	if (i == size)
		return;
	rt_format(place, sizeof(place), "byte %zu of %s", i, what);
	expect_equal(file, line, place, a[i], b[i]);
}

void expect_signals(const char *file, int line, const char *what, zx_signals_t got,
		    zx_signals_t want)
{
	char want_text[TEXT_SIZE];
	char got_text[TEXT_SIZE];

	if (got == want)
		return;
	rt_format(want_text, sizeof(want_text), "signals 0x%x of %s", want, what);
	rt_format(got_text, sizeof(got_text), "0x%x", got);
	frame_fail(file, line, want_text, got_text);
}
