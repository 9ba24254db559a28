/* Looks into the tables made from sample.abigen: marshalling, names, eras, variants. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <zircon/types.h>

#include "zxabi/calls.h"
#include "zxabi/marshal.h"

static int failures;

#define EXPECT(cond)								\
	do {									\
		if (!(cond)) {							\
			printf("%s:%d: %s\n", __FILE__, __LINE__, #cond);	\
			failures++;						\
		}								\
	} while (0)

static const struct zxabi_marshal marshal[ZXCALL_COUNT] = {
#include "zxabi/marshal.inc"
};

static const char *const names[ZXCALL_COUNT] = {
#include "names.inc"
};

struct variant {
	enum zxabi_call base, variant;
	enum zxabi_era first, last;
};

#define ROW(base, variant, first, last)	{ base, variant, first, last },
static const struct variant variants[] = { ZXABI_VARIANTS(ROW) };

#define DATE(era, date)	[era] = date,
static const char *const dates[ZXERA_COUNT] = { ZXABI_ERA_DATES(DATE) };

static void expect_buf(const struct zxabi_buf *buf, struct zxabi_buf want)
{
	EXPECT(buf->arg == want.arg);
	EXPECT(buf->dir == want.dir);
	EXPECT(buf->count_arg == want.count_arg);
	EXPECT(buf->mul_arg == want.mul_arg);
	EXPECT(buf->elem == want.elem);
	EXPECT(buf->count == want.count);
}

static void check_marshal(void)
{
	const struct zxabi_marshal *row = &marshal[ZXCALL_lamp_arrays];

	EXPECT(row->nargs == 7 && row->nbufs == 4 && !row->noreturn && row->blocking);
	expect_buf(&row->bufs[0], (struct zxabi_buf){ 0, 1, 1, 0xff, 1, 0 });
	expect_buf(&row->bufs[1], (struct zxabi_buf){ 2, 2, 0xff, 0xff, sizeof(zx_handle_t), 2 });
	expect_buf(&row->bufs[2], (struct zxabi_buf){ 3, 3, 4, 5, 1, 0 });
	expect_buf(&row->bufs[3], (struct zxabi_buf){ 6, 2, 0xff, 0xff, sizeof(size_t), 1 });

	/* The length of args is not known, that of text is behind a pointer. */
	row = &marshal[ZXCALL_lamp_unsized];
	EXPECT(row->nargs == 4 && row->nbufs == 1);
	expect_buf(&row->bufs[0], (struct zxabi_buf){ 3, 3, 0xff, 0xff, sizeof(size_t), 1 });

	row = &marshal[ZXCALL_lamp_break];
	EXPECT(row->nargs == 1 && row->nbufs == 0 && row->noreturn && !row->blocking);

	/* Nothing is carried for calls that have no handler. */
	EXPECT(marshal[ZXCALL_lamp_explode].nbufs == 0 && marshal[ZXCALL_lamp_explode].nargs == 3);
	EXPECT(marshal[ZXCALL_lamp_repair].nbufs == 0);
}

static void check_variants(void)
{
	static const struct variant want[] = {
		{ ZXCALL_lamp_light, ZXCALL_lamp_light_2018, ZXERA_2018_07, ZXERA_2018_10 },
		{ ZXCALL_lamp_light, ZXCALL_lamp_light_2018, ZXERA_2019_01, ZXERA_2019_01 },
		{ ZXCALL_lamp_light, ZXCALL_lamp_light_2020, ZXERA_2020_07, ZXERA_2020_07 },
	};

	EXPECT(sizeof(variants) == sizeof(want) && !memcmp(variants, want, sizeof(want)));
}

int main(void)
{
	check_marshal();
	check_variants();
	EXPECT(!strcmp(names[ZXCALL_lamp_wait], "zx_lamp_wait"));
	EXPECT(!strcmp(names[ZXCALL_lamp_light_2018], "zx_lamp_light"));
	for (int i = 0; i < ZXCALL_COUNT; i++)
		EXPECT(names[i]);
	EXPECT(!strcmp(dates[ZXERA_2018_07], "2018-07"));
	EXPECT(!strcmp(dates[ZXERA_NEWEST], "newest"));
	EXPECT(ZXERA_2018_07 == 0 && ZXERA_NEWEST == ZXERA_COUNT - 1);
	return failures != 0;
}
