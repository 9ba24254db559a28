/* Arguments: by the meaning of each, mostly such that the call gets somewhere. */
#include <zxabi/layout.h>

#include "fuzz.h"
#include "string.h"

#include <zircon/rights.h>

uint64_t fuzz__next(struct fuzz *fuzz)
{
	fuzz->seed ^= fuzz->seed << 13;
	fuzz->seed ^= fuzz->seed >> 7;
	fuzz->seed ^= fuzz->seed << 17;
	return fuzz->seed * 0x2545f4914f6cdd1d;
}

bool fuzz__one_in(struct fuzz *fuzz, uint64_t n)
{
	return !((fuzz__next(fuzz) >> 20) % n);
}

static uint64_t one_of(struct fuzz *fuzz, const uint64_t *values, size_t count)
{
	return values[fuzz__next(fuzz) % count];
}

#define ONE_OF(fuzz, values) one_of(fuzz, values, RT_ARRAY_SIZE(values))

/*
 * Any number, but none that stands for an amount of memory that this machine might really have:
 * what is asked for is given.
 */
static uint64_t any_number(struct fuzz *fuzz)
{
	uint64_t value = fuzz__next(fuzz) >> fuzz__next(fuzz) % 64;

	return value > 1u << 20 && value < 1ull << 40 ? value << 24 | 1ull << 40 : value;
}

static uint64_t size(struct fuzz *fuzz)
{
	static const uint64_t values[] = {
		0, 1, 2, 4, 7, 8, 12, 16, 24, 32, 48, 63, 64, 65, 128, 256, 1023, 1024,
		4095, 4096, 4097, 8192, 28671, 28672, 28673, 65535, 65536, 65537, 131072,
		1u << 20, INT32_MAX, UINT32_MAX, 1ull << 32, INT64_MAX, 1ull << 63,
		UINT64_MAX - 4095, UINT64_MAX - 7, UINT64_MAX, UINT64_MAX / 4 + 2,
		UINT64_MAX / 8 + 2, UINT64_MAX / 24 + 2,
	};

	if (fuzz__one_in(fuzz, 8))
		return any_number(fuzz);
	/* Small ones most of the time. */
	return values[fuzz__next(fuzz) % (fuzz__one_in(fuzz, 3) ? RT_ARRAY_SIZE(values) : 22)];
}

static uint64_t bits(struct fuzz *fuzz)
{
	switch (fuzz__next(fuzz) % 12) {
	case 0:
		return fuzz__next(fuzz);
	case 1:
	case 2:
		return 1ull << fuzz__next(fuzz) % 32;
	case 3:
		return fuzz__next(fuzz) % 64;
	case 4:
	case 5:
		return fuzz__next(fuzz) % 4;
	default:
		return 0;
	}
}

static uint64_t vm_options(struct fuzz *fuzz)
{
	uint64_t value = fuzz__next(fuzz) % 8; /* read, write, execute */

	if (fuzz__one_in(fuzz, 2))
		value |= 1ull << fuzz__next(fuzz) % 16;
	if (fuzz__one_in(fuzz, 8))
		value |= (fuzz__next(fuzz) % 64) << 24;
	return value;
}

static uint64_t rights(struct fuzz *fuzz)
{
	switch (fuzz__next(fuzz) % 4) {
	case 0:
		return fuzz__next(fuzz) & fuzz__next(fuzz);
	case 1:
		return ZX_RIGHTS_BASIC | fuzz__next(fuzz) % 256;
	default:
		return ZX_RIGHT_SAME_RIGHTS;
	}
}

static uint64_t signals(struct fuzz *fuzz)
{
	return fuzz__one_in(fuzz, 3) ? fuzz__next(fuzz) : 1ull << fuzz__next(fuzz) % 32;
}

/* One in the far future is rare: a thread that meets it is of no more use. */
static uint64_t deadline(struct fuzz *fuzz)
{
	if (fuzz__one_in(fuzz, 2000))
		return fuzz__next(fuzz) & 1 ? (uint64_t)ZX_TIME_INFINITE : any_number(fuzz);
	switch (fuzz__next(fuzz) % 16) {
	case 0:
		return fuzz__next(fuzz) | 1ull << 63;
	case 1:
		return fuzz__next(fuzz) % (1u << 30);
	case 2:
	case 3:
		return (uint64_t)zx_deadline_after((zx_duration_t)(fuzz__next(fuzz) % ZX_USEC(500)));
	default:
		return 0;
	}
}

zx_handle_t fuzz__handle(struct fuzz *fuzz, zx_obj_type_t type)
{
	switch (fuzz__next(fuzz) % 64) {
	case 0:
		return (zx_handle_t)fuzz__next(fuzz);
	case 1:
		return ZX_HANDLE_INVALID;
	case 2:
		return fuzz_config.foreign[fuzz__next(fuzz) % FUZZ_FOREIGN];
	case 3: /* nearly a valid one */
		return pool__find(fuzz, type) ^ 1u << fuzz__next(fuzz) % 32;
	case 4:
		return (zx_handle_t)-(int)(fuzz__next(fuzz) % 4);
	default:
		return pool__find(fuzz, fuzz__one_in(fuzz, 8) ? ZX_OBJ_TYPE_NONE : type);
	}
}

/* The type that a handle should have, by the names of the argument and of the call. */
static zx_obj_type_t wanted_type(const char *call, const char *arg)
{
	static const struct {
		const char *name;
		zx_obj_type_t type;
	} known[] = {
		{ "vmo", ZX_OBJ_TYPE_VMO },	    { "port", ZX_OBJ_TYPE_PORT },
		{ "vmar", ZX_OBJ_TYPE_VMAR },	    { "job", ZX_OBJ_TYPE_JOB },
		{ "process", ZX_OBJ_TYPE_PROCESS }, { "thread", ZX_OBJ_TYPE_THREAD },
		{ "channel", ZX_OBJ_TYPE_CHANNEL }, { "socket", ZX_OBJ_TYPE_SOCKET },
		{ "fifo", ZX_OBJ_TYPE_FIFO },	    { "timer", ZX_OBJ_TYPE_TIMER },
		{ "clock", ZX_OBJ_TYPE_CLOCK },	    { "stream", ZX_OBJ_TYPE_STREAM },
		{ "task", ZX_OBJ_TYPE_PROCESS },    { "pager", ZX_OBJ_TYPE_PAGER },
		{ "parent_vmar", ZX_OBJ_TYPE_VMAR }, { "debuglog", ZX_OBJ_TYPE_LOG },
		{ "guest", ZX_OBJ_TYPE_GUEST },	    { "interrupt", ZX_OBJ_TYPE_INTERRUPT },
		{ "counter", ZX_OBJ_TYPE_COUNTER }, { "iob", ZX_OBJ_TYPE_IOB },
		{ "vcpu", ZX_OBJ_TYPE_VCPU },	    { "exception", ZX_OBJ_TYPE_EXCEPTION },
		{ "pager_vmo", ZX_OBJ_TYPE_VMO },
	};

	for (size_t i = 0; i < RT_ARRAY_SIZE(known); i++)
		if (!strcmp(arg, known[i].name))
			return known[i].type;
	for (size_t i = 0; i < RT_ARRAY_SIZE(known); i++)
		if (!strncmp(call + 3, known[i].name, strlen(known[i].name)))
			return known[i].type;
	return ZX_OBJ_TYPE_NONE;
}

/* An address that is no good, or only just. */
static uint64_t bad_address(struct fuzz *fuzz)
{
	const uint64_t values[] = {
		0, 1, 4095, 0xfff000, 0x1000000,
		(uintptr_t)fuzz->memory + FUZZ_MEMORY,	   /* just behind what is mapped */
		(uintptr_t)fuzz->memory + FUZZ_MEMORY - 1, /* reaches over the end */
		(uintptr_t)fuzz->memory + FUZZ_MEMORY - 9,
		(uintptr_t)fuzz->memory - 8,
		(uintptr_t)rt_boot.vdso, /* read-only */
		(uintptr_t)bad_address,
		ZXABI_SHIM_BASE - 4, ZXABI_SHIM_BASE, ZXABI_SHIM_IMAGE, ZXABI_SYSCALL_PAGE,
		ZXABI_BOOT, ZXABI_SLOTS, ZXABI_SLOTS + fuzz__next(fuzz) % 0x40000,
		ZXABI_STACKS + fuzz__next(fuzz) % 0x40000, ZXABI_LINUX_VDSO,
		0x7fffffffffff, 0x800000000000, 0xffff7fffffffffff, 0xffff800000000000,
		0x200000000000, 0x200000010000, /* the supervisor's own memory */
		UINT64_MAX, UINT64_MAX - 7, UINT64_MAX - 4095, INT64_MAX,
	};

	return fuzz__one_in(fuzz, 6) ? fuzz__next(fuzz) : ONE_OF(fuzz, values);
}

uint64_t args__address(struct fuzz *fuzz)
{
	uint64_t offset = fuzz__next(fuzz) % (FUZZ_MEMORY / 2);

	if (fuzz__one_in(fuzz, 12))
		return bad_address(fuzz);
	return (uintptr_t)fuzz->memory + (fuzz__one_in(fuzz, 8) ? offset : offset & ~63ull);
}

static uint64_t number(struct fuzz *fuzz, const struct zxabi_trace *call, const char *name)
{
	/* Memory comes by pages. */
	if (!strncmp(call->name, "zx_vm", 5) && !fuzz__one_in(fuzz, 4))
		return fuzz__next(fuzz) % 12 * RT_PAGE_SIZE;
	if (!strcmp(name, "topic"))
		return fuzz__next(fuzz) % 40 | (fuzz__one_in(fuzz, 2) ? (fuzz__next(fuzz) % 4) << 28 : 0);
	if (!strcmp(name, "property") || !strcmp(name, "op") || !strcmp(name, "kind"))
		return fuzz__next(fuzz) % 24;
	if (fuzz__one_in(fuzz, 2))
		return fuzz__next(fuzz) % 4;
	return size(fuzz);
}

static uint64_t value(struct fuzz *fuzz, const struct zxabi_trace *call,
		      const struct zxabi_trace_arg *arg)
{
	switch (arg->format) {
	case ZXABI_FORMAT_HANDLE:
		return fuzz__handle(fuzz, wanted_type(call->name, arg->name));
	case ZXABI_FORMAT_BITS:
		return bits(fuzz);
	case ZXABI_FORMAT_VM_OPTION:
		return vm_options(fuzz);
	case ZXABI_FORMAT_RIGHTS:
		return rights(fuzz);
	case ZXABI_FORMAT_SIGNALS:
		return signals(fuzz);
	case ZXABI_FORMAT_TIME:
	case ZXABI_FORMAT_DURATION:
	case ZXABI_FORMAT_TICKS:
		return deadline(fuzz);
	case ZXABI_FORMAT_OBJECT_TYPE:
	case ZXABI_FORMAT_CLOCK:
	case ZXABI_FORMAT_SEEK_ORIGIN:
		return fuzz__next(fuzz) % 34;
	case ZXABI_FORMAT_ADDRESS:
		if (fuzz__next(fuzz) & 1)
			return fuzz->mapped + fuzz__next(fuzz) % 3 * RT_PAGE_SIZE;
		return args__address(fuzz);
	case ZXABI_FORMAT_BOOL:
		return fuzz__next(fuzz) % 3;
	default:
		return number(fuzz, call, arg->name);
	}
}

/* A word of what a call reads: something that means something, somewhere. */
static uint64_t word(struct fuzz *fuzz)
{
	switch (fuzz__next(fuzz) % 8) {
	case 0:
		return fuzz__next(fuzz);
	case 1:
		return args__address(fuzz);
	case 2:
		return (uint64_t)fuzz__handle(fuzz, ZX_OBJ_TYPE_NONE) << 32 | bits(fuzz) % 8;
	case 3:
		return signals(fuzz) << 32 | fuzz__handle(fuzz, ZX_OBJ_TYPE_NONE);
	case 4:
		return size(fuzz);
	case 5:
		return size(fuzz) << 32 | size(fuzz) % 128;
	case 6:
		return 0;
	default:
		return fuzz__next(fuzz) % 4;
	}
}

static void fill_handles(struct fuzz *fuzz, uint8_t *at)
{
	for (size_t i = 0; i < 64; i++) {
		zx_handle_t handle = fuzz__handle(fuzz, ZX_OBJ_TYPE_NONE);

		memcpy(at + i * sizeof(handle), &handle, sizeof(handle));
	}
}

/* Four pointers, then sizes: nothing random would get through. */
static void fill_call_args(struct fuzz *fuzz, uint8_t *at)
{
	uint64_t args[6] = { args__address(fuzz), fuzz__next(fuzz) & 1 ? args__address(fuzz) : 0, args__address(fuzz),
			     args__address(fuzz) };

	args[4] = (fuzz__next(fuzz) % 128) | (args[1] ? fuzz__next(fuzz) % 3 : 0) << 32;
	args[5] = (fuzz__next(fuzz) % 128) | (fuzz__next(fuzz) % 4) << 32;
	if (fuzz__one_in(fuzz, 4))
		args[4 + fuzz__next(fuzz) % 2] = size(fuzz) << 32 | (uint32_t)size(fuzz);
	memcpy(at, args, sizeof(args));
	if (args[1] - (uintptr_t)fuzz->memory < FUZZ_MEMORY / 2)
		fill_handles(fuzz, (uint8_t *)args[1]);
}

static void fill(struct fuzz *fuzz, const struct zxabi_trace_arg *arg, uint64_t addr)
{
	bool zeros = fuzz__one_in(fuzz, 3);
	uint8_t *at = (uint8_t *)addr;

	if (addr - (uintptr_t)fuzz->memory >= FUZZ_MEMORY - 1024)
		return;
	if (arg->format == ZXABI_FORMAT_HANDLE) {
		fill_handles(fuzz, at);
		return;
	}
	if (arg->type && !strncmp(arg->type, "zx_channel_call", 15)) {
		fill_call_args(fuzz, at);
		return;
	}
	for (size_t i = 0; i < 32; i++) {
		uint64_t one = zeros ? 0 : word(fuzz);

		memcpy(at + i * sizeof(one), &one, sizeof(one));
	}
}

void args__make(struct fuzz *fuzz, uint32_t nr)
{
	const struct zxabi_trace *call = &fuzz_calls[nr];
	struct fuzz_row *row = fuzz->row;

	row->nr = nr;
	for (uint32_t i = 0; i < 8; i++)
		row->args[i] = 0;
	for (uint32_t i = 0; i < call->nargs; i++) {
		const struct zxabi_trace_arg *arg = &call->args[i];

		if (arg->direction == ZXABI_VALUE) {
			row->args[i] = value(fuzz, call, arg);
			continue;
		}
		if (arg->flags & ZXABI_ARG_OPTIONAL && fuzz__one_in(fuzz, 2))
			continue;
		row->args[i] = args__address(fuzz);
		if (arg->direction & ZXABI_IN)
			fill(fuzz, arg, row->args[i]);
	}
}
