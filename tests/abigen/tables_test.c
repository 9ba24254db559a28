/* Looks into the tables made from sample.abigen: marshalling, traces, eras, variants. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <zircon/types.h>

#include "zxabi/calls.h"
#include "zxabi/marshal.h"
#include "zxabi/trace.h"

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

static const struct zxabi_trace calls[ZXCALL_COUNT] = {
#include "zxabi/trace.inc"
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

static void expect_arg(const struct zxabi_trace *call, unsigned i, struct zxabi_trace_arg want)
{
	const struct zxabi_trace_arg *arg = &call->args[i];

	EXPECT(call->nargs > i);
	EXPECT(!strcmp(arg->name, want.name));
	EXPECT(want.type ? arg->type && !strcmp(arg->type, want.type) : !arg->type);
	EXPECT(arg->format == want.format);
	EXPECT(arg->direction == want.direction);
	EXPECT(arg->flags == want.flags);
	EXPECT(arg->count_arg == want.count_arg);
	EXPECT(arg->mul_arg == want.mul_arg);
	EXPECT(arg->elem == want.elem);
	EXPECT(arg->count == want.count);
	EXPECT(arg->filled_arg == want.filled_arg);
	EXPECT(want.set ? arg->set && !strcmp(arg->set, want.set) : !arg->set);
}

static void expect_call(enum zxabi_call number, const char *name, struct zxabi_trace want)
{
	const struct zxabi_trace *call = &calls[number];

	EXPECT(!strcmp(call->name, name));
	EXPECT(call->nargs == want.nargs);
	EXPECT(!!call->args == !!want.nargs);
	EXPECT(call->flags == want.flags);
	EXPECT(call->result == want.result);
	EXPECT(call->result_size == want.result_size);
}

#define CALL(...)		((struct zxabi_trace){ .name = 0, __VA_ARGS__ })
#define VALUE(name, format, size)						\
	((struct zxabi_trace_arg){ name, 0, ZXABI_FORMAT_##format, ZXABI_VALUE, 0,	\
				   ZXABI_NO_ARG, ZXABI_NO_ARG, size, 1, ZXABI_NO_ARG, 0 })
#define BUFFER(name, type, format, ...)						\
	((struct zxabi_trace_arg){ name, type, ZXABI_FORMAT_##format, __VA_ARGS__, ZXABI_NO_ARG, 0 })

static void check_trace_calls(void)
{
	expect_call(ZXCALL_lamp_arrays, "zx_lamp_arrays",
		    CALL(.nargs = 7, .flags = ZXABI_TRACE_BLOCKING, .result = ZXABI_FORMAT_STATUS,
			 .result_size = 4));
	expect_call(ZXCALL_lamp_break, "zx_lamp_break",
		    CALL(.nargs = 1, .flags = ZXABI_TRACE_NORETURN));
	expect_call(ZXCALL_lamp_count, "zx_lamp_count",
		    CALL(.result = ZXABI_FORMAT_UNSIGNED, .result_size = 8));
	expect_call(ZXCALL_lamp_flicker, "zx_lamp_flicker", CALL(.result = ZXABI_FORMAT_NONE));
	expect_call(ZXCALL_lamp_light_2018, "zx_lamp_light",
		    CALL(.nargs = 1, .result = ZXABI_FORMAT_STATUS, .result_size = 4));
	for (int i = 0; i < ZXCALL_COUNT; i++)
		EXPECT(calls[i].name);
}

static void check_trace_args(void)
{
	const struct zxabi_trace *call = &calls[ZXCALL_lamp_arrays];

	expect_arg(call, 0, BUFFER("bytes", 0, BYTES, ZXABI_IN, 0, 1, 0xff, 1, 0));
	expect_arg(call, 1, VALUE("num_bytes", SIZE, 8));
	expect_arg(call, 2, (struct zxabi_trace_arg){ "handles", 0, ZXABI_FORMAT_HANDLE, ZXABI_OUT,
						      ZXABI_ARG_ACQUIRED, 0xff, 0xff, 4, 2, 6, 0 });
	expect_arg(call, 3, BUFFER("rows", 0, BYTES, ZXABI_INOUT, 0, 4, 5, 1, 0));
	expect_arg(call, 6, BUFFER("actual", 0, SIZE, ZXABI_OUT, ZXABI_ARG_OPTIONAL, 0xff, 0xff,
				   8, 1));

	/* The count of text is behind a pointer, that of args is not known. */
	call = &calls[ZXCALL_lamp_unsized];
	expect_arg(call, 0, VALUE("options", BITS, 8));
	expect_arg(call, 1, BUFFER("args", 0, BYTES, ZXABI_IN, ZXABI_ARG_UNSIZED, 0xff, 0xff, 1,
				   0));
	expect_arg(call, 2, BUFFER("text", 0, TEXT, ZXABI_OUT, 0, 3, 0xff, 1, 0));
	expect_arg(call, 3, BUFFER("text_size", 0, SIZE, ZXABI_INOUT, 0, 0xff, 0xff, 8, 1));

	call = &calls[ZXCALL_lamp_wait];
	expect_arg(call, 0, VALUE("deadline", TIME, 8));
	expect_arg(call, 1, BUFFER("item", "zx_wait_item_t", STRUCT, ZXABI_INOUT, 0, 0xff, 0xff,
				   sizeof(zx_wait_item_t), 1));

	expect_arg(&calls[ZXCALL_lamp_light], 1,
		   (struct zxabi_trace_arg){ "options", 0, ZXABI_FORMAT_BITS, ZXABI_VALUE, 0, 0xff,
					     0xff, 4, 1, 0xff, "lamp_light" });
	expect_arg(&calls[ZXCALL_lamp_break], 0, VALUE("code", SIGNED, 8));
	expect_arg(&calls[ZXCALL_lamp_light_2020], 2, VALUE("color", UNSIGNED, 2));
	EXPECT(calls[ZXCALL_lamp_sell].args[0].flags == ZXABI_ARG_RELEASED_ALWAYS);
	EXPECT(calls[ZXCALL_lamp_repair].args[1].flags == ZXABI_ARG_RELEASED);
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
	check_trace_calls();
	check_trace_args();
	EXPECT(!strcmp(dates[ZXERA_2018_07], "2018-07"));
	EXPECT(!strcmp(dates[ZXERA_NEWEST], "newest"));
	EXPECT(ZXERA_2018_07 == 0 && ZXERA_NEWEST == ZXERA_COUNT - 1);
	return failures != 0;
}
