#include "compat/core/thread_state.h"

#include <string.h>

#include "compat/core/core.h"
#include "compat/core/thread_context.h"

/* Flags that a program can change itself. */
#define FLAGS_USER 0x244dd5ull
#define FLAG_TRAP 0x100ull

/* Addresses that the machine takes: bits 47 to 63 are alike. */
#define CANONICAL_SHIFT 47

/* Bits of dr6 and dr7 that read as 1, and those that a program may choose. */
#define DR6_ONES 0xffff0ff0ull
#define DR6_STEP 0x4000ull
#define DR6_USER 0xe00full
#define DR7_ONES 0x700ull
#define DR7_USER 0xffff00ffull

const size_t thread_state_sizes[STATE_SETS] = {
	[STATE_GENERAL] = sizeof(zx_thread_state_general_regs_t),
	[STATE_GENERAL_2018] = sizeof(zx_thread_state_general_regs_2018_t),
	[STATE_FP] = sizeof(zx_thread_state_fp_regs_t),
	[STATE_VECTOR] = sizeof(zx_thread_state_vector_regs_t),
	[STATE_DEBUG] = sizeof(zx_thread_state_debug_regs_t),
	[STATE_DEBUG_2018] = sizeof(zx_thread_state_debug_regs_2018_t),
	[STATE_SINGLE_STEP] = sizeof(zx_thread_state_single_step_t),
	[STATE_FS] = sizeof(uint64_t),
	[STATE_GS] = sizeof(uint64_t),
};

_Static_assert(sizeof(zx_thread_state_general_regs_t) == sizeof(struct zxabi_registers),
	       "registers are copied whole");
_Static_assert(sizeof(zx_thread_state_general_regs_2018_t) ==
		       offsetof(struct zxabi_registers, fs_base),
	       "the older form is the first part");

void thread__set_context(struct thread *self, struct thread_context *context)
{
	object__lock(&self->object);
	self->context = context;
	object__unlock(&self->object);
}

static bool needs_registers(enum thread_state_set set)
{
	return set == STATE_GENERAL || set == STATE_GENERAL_2018 || set == STATE_SINGLE_STEP;
}

/* Both statuses have ones in them once something was written, or has happened. */
static void get_debug(const struct thread *thread, zx_thread_state_debug_regs_t *out)
{
	bool old = era__of(thread->process->era)->thread_state_2018;

	memcpy(out->dr, thread->debug.dr, sizeof(out->dr));
	out->dr6 = thread->debug.dr6;
	if (!out->dr6)
		out->dr6 = old ? ~DR6_USER : DR6_ONES;
	out->dr7 = thread->debug.dr7;
	if (!out->dr7)
		out->dr7 = old ? ~DR7_USER : DR7_ONES;
}

static void read_locked(const struct thread *thread, enum thread_state_set set,
			union thread_state_buffer *out)
{
	const struct thread_context *context = thread->context;
	zx_thread_state_debug_regs_t debug;

	switch (set) {
	case STATE_FP:
		thread_context__get_fp(context, &out->fp);
		break;
	case STATE_VECTOR:
		thread_context__get_vector(context, &out->vector);
		break;
	case STATE_DEBUG:
		get_debug(thread, &out->debug);
		break;
	case STATE_DEBUG_2018:
		get_debug(thread, &debug);
		memcpy(&out->debug_2018, &debug, sizeof(debug));
		out->debug_2018.dr6_status = debug.dr6;
		out->debug_2018.dr7_control = debug.dr7;
		break;
	case STATE_SINGLE_STEP:
		out->single_step = (context->regs.rflags & FLAG_TRAP) != 0;
		break;
	case STATE_FS:
		out->base = context->regs.fs_base;
		break;
	case STATE_GS:
		out->base = context->regs.gs_base;
		break;
	default:
		memcpy(out, &context->regs, thread_state_sizes[set]);
	}
}

static bool canonical(uint64_t addr)
{
	uint64_t high = addr >> CANONICAL_SHIFT;

	return !high || high == UINT64_MAX >> CANONICAL_SHIFT;
}

/*
 * In 2018 the kernel looked only where it would go back to the program from a call. In program code
 * a bad instruction pointer is the thread's own exception.
 */
static bool rip_matters(const struct thread *thread)
{
	return thread->context->in_call || !era__of(thread->process->era)->thread_state_2018;
}

static zx_status_t write_general(struct thread *thread, const void *in, size_t size)
{
	struct thread_context *context = thread->context;
	struct zxabi_registers regs = context->regs;

	memcpy(&regs, in, size);
	/* Neither the machine nor Linux takes others. */
	if (!canonical(regs.fs_base) || !canonical(regs.gs_base) ||
	    (regs.rip >> CANONICAL_SHIFT && rip_matters(thread)))
		return ZX_ERR_INVALID_ARGS;
	regs.rflags = (context->regs.rflags & ~FLAGS_USER) | (regs.rflags & FLAGS_USER);
	context->regs = regs;
	context->changed = true;
	return ZX_OK;
}

/* What dr7 says of a register: whether it is enabled, by two bits, and its kind and size. */
#define DR7_ENABLED(dr7, i) ((dr7) >> (2 * (i)) & 3)
#define DR7_KIND(dr7, i) ((dr7) >> (16 + 4 * (i)) & 3)
#define DR7_SIZE(dr7, i) ((dr7) >> (18 + 4 * (i)) & 3)
#define KIND_PORT 2

static zx_status_t set_breakpoints(struct thread *thread, const zx_thread_state_debug_regs_t *in)
{
	static const uint32_t kinds[] = {
		HOST_BREAK_EXECUTE, HOST_BREAK_WRITE, 0, HOST_BREAK_ACCESS,
	};
	static const uint32_t sizes[] = { 1, 2, 8, 4 };
	struct host_breakpoint breakpoints[HOST_BREAKPOINTS] = { 0 };

	for (uint32_t i = 0; i < HOST_BREAKPOINTS; i++) {
		uint32_t kind = DR7_KIND(in->dr7, i);
		uint32_t size = sizes[DR7_SIZE(in->dr7, i)];

		if (!DR7_ENABLED(in->dr7, i))
			continue;
		/* Programs cannot reach ports anyway. */
		if (kind == KIND_PORT)
			return ZX_ERR_NOT_SUPPORTED;
		breakpoints[i].on = kinds[kind];
		breakpoints[i].size = size;
		breakpoints[i].addr = in->dr[i];
		/* The machine does not look at the lowest bits of larger ones. */
		if (kind)
			breakpoints[i].addr &= ~(uint64_t)(size - 1);
	}
	return core_host.thread_set_breakpoints(thread, breakpoints);
}

static zx_status_t write_debug(struct thread *thread, const zx_thread_state_debug_regs_t *in)
{
	zx_status_t status;

	for (size_t i = 0; i < sizeof(in->dr) / sizeof(in->dr[0]); i++) {
		if (in->dr[i] && in->dr[i] >> CANONICAL_SHIFT)
			return ZX_ERR_INVALID_ARGS;
	}
	status = set_breakpoints(thread, in);
	if (status != ZX_OK)
		return status;
	memcpy(thread->debug.dr, in->dr, sizeof(in->dr));
	thread->debug.dr6 = DR6_ONES;
	thread->debug.dr7 = DR7_ONES | (in->dr7 & DR7_USER);
	return ZX_OK;
}

static zx_status_t write_base(struct thread_context *context, uint64_t *base, uint64_t value)
{
	if (!canonical(value))
		return ZX_ERR_INVALID_ARGS;
	*base = value;
	context->changed = true;
	return ZX_OK;
}

static zx_status_t write_single_step(struct thread_context *context, uint32_t step)
{
	if (step > 1)
		return ZX_ERR_INVALID_ARGS;
	context->regs.rflags &= ~FLAG_TRAP;
	context->regs.rflags |= step ? FLAG_TRAP : 0;
	context->changed = true;
	return ZX_OK;
}

static zx_status_t write_locked(struct thread *thread, enum thread_state_set set,
				const union thread_state_buffer *in)
{
	struct thread_context *context = thread->context;

	switch (set) {
	case STATE_FP:
		thread_context__set_fp(context, &in->fp);
		return ZX_OK;
	case STATE_VECTOR:
		return thread_context__set_vector(context, &in->vector);
	case STATE_DEBUG:
	case STATE_DEBUG_2018:
		return write_debug(thread, &in->debug);
	case STATE_SINGLE_STEP:
		return write_single_step(context, in->single_step);
	case STATE_FS:
		return write_base(context, &context->regs.fs_base, in->base);
	case STATE_GS:
		return write_base(context, &context->regs.gs_base, in->base);
	default:
		return write_general(thread, in, thread_state_sizes[set]);
	}
}

static zx_status_t may_access_locked(const struct thread *thread, enum thread_state_set set)
{
	if (!thread->context)
		return ZX_ERR_BAD_STATE;
	if (thread->context->no_registers && needs_registers(set))
		return ZX_ERR_NOT_SUPPORTED;
	return ZX_OK;
}

static void note(struct thread *self, uint64_t what)
{
	object__lock(&self->object);
	self->debug.dr6 = DR6_ONES | what;
	object__unlock(&self->object);
}

void thread__note_step(struct thread *self)
{
	note(self, DR6_STEP);
}

void thread__end_step(struct thread *self)
{
	object__lock(&self->object);
	if (!era__of(self->process->era)->thread_state_2018)
		self->debug.dr6 &= ~DR6_STEP;
	object__unlock(&self->object);
}

void thread__note_breakpoint(struct thread *self, uint64_t index)
{
	note(self, 1ull << index % HOST_BREAKPOINTS);
}

zx_status_t thread__read_state(struct thread *thread, enum thread_state_set set,
			       union thread_state_buffer *out)
{
	zx_status_t status;

	object__lock(&thread->object);
	status = may_access_locked(thread, set);
	if (status == ZX_OK)
		read_locked(thread, set, out);
	object__unlock(&thread->object);
	return status;
}

zx_status_t thread__write_state(struct thread *thread, enum thread_state_set set,
				const union thread_state_buffer *in)
{
	zx_status_t status;

	object__lock(&thread->object);
	status = may_access_locked(thread, set);
	if (status == ZX_OK)
		status = write_locked(thread, set, in);
	object__unlock(&thread->object);
	return status;
}
