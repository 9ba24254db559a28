/*
 * Floating point and vector registers in an XSAVE area of the standard format: where its parts lie
 * is the machine's choice, and a part whose bit is not set is as after reset.
 */
#include <cpuid.h>
#include <string.h>

#include "compat/core/thread_context.h"

#define LEGACY_FCW 0
#define LEGACY_FSW 2
#define LEGACY_FTW 4
#define LEGACY_FOP 6
#define LEGACY_FIP 8
#define LEGACY_FDP 16
#define LEGACY_MXCSR 24
#define LEGACY_MXCSR_MASK 28
#define LEGACY_ST 32
#define LEGACY_XMM 160
#define LEGACY_SIZE 512
#define HEADER_BITS 512
#define HEADER_SIZE 64

#define FCW_RESET 0x37f
#define MXCSR_RESET 0x1f80
/* For machines that do not tell. */
#define MXCSR_MASK_DEFAULT 0xffbf

#define XMM_SIZE 16
#define YMM_HIGH_SIZE 16
#define ZMM_HIGH_SIZE 32
#define ZMM_SIZE 64
#define LOW_REGISTERS 16
#define HIGH_REGISTERS 16

enum part {
	PART_X87,
	PART_SSE,
	PART_AVX,
	PART_OPMASK = 5,
	PART_ZMM_HIGH = 6, /* upper halves of zmm0 to zmm15 */
	PART_HIGH_ZMM = 7, /* zmm16 to zmm31 */
};

#define CPUID_XSAVE 13

static bool has_header(const struct thread_context *context)
{
	return context->xstate_size >= LEGACY_SIZE + HEADER_SIZE;
}

static bool in_use(const struct thread_context *context, enum part part)
{
	uint64_t bits;

	/* Without a header it is an FXSAVE area: all of it is there. */
	if (!has_header(context))
		return part <= PART_SSE && context->xstate_size >= LEGACY_SIZE;
	memcpy(&bits, context->xstate + HEADER_BITS, sizeof(bits));
	return bits >> part & 1;
}

static void mark_used(struct thread_context *context, enum part part)
{
	uint64_t bits;

	context->changed = true;
	if (!has_header(context))
		return;
	memcpy(&bits, context->xstate + HEADER_BITS, sizeof(bits));
	bits |= 1ull << part;
	memcpy(context->xstate + HEADER_BITS, &bits, sizeof(bits));
}

/* Where @part of @size bytes lies; NULL where the machine, or the area, has no such part. */
static const uint8_t *find(const struct thread_context *context, enum part part, size_t size)
{
	uint32_t a, b, c, d;

	if (!__get_cpuid_count(CPUID_XSAVE, 0, &a, &b, &c, &d) || !(a >> part & 1))
		return NULL;
	if (!__get_cpuid_count(CPUID_XSAVE, part, &a, &b, &c, &d) || a < size ||
	    b > context->xstate_size || size > context->xstate_size - b)
		return NULL;
	return context->xstate + b;
}

void thread_context__get_fp(const struct thread_context *context, zx_thread_state_fp_regs_t *regs)
{
	const uint8_t *from = context->xstate;

	memset(regs, 0, sizeof(*regs));
	if (!in_use(context, PART_X87)) {
		regs->fcw = FCW_RESET;
		return;
	}
	memcpy(&regs->fcw, from + LEGACY_FCW, sizeof(regs->fcw));
	memcpy(&regs->fsw, from + LEGACY_FSW, sizeof(regs->fsw));
	memcpy(&regs->ftw, from + LEGACY_FTW, sizeof(regs->ftw));
	memcpy(&regs->fop, from + LEGACY_FOP, sizeof(regs->fop));
	memcpy(&regs->fip, from + LEGACY_FIP, sizeof(regs->fip));
	memcpy(&regs->fdp, from + LEGACY_FDP, sizeof(regs->fdp));
	memcpy(regs->st, from + LEGACY_ST, sizeof(regs->st));
}

void thread_context__set_fp(struct thread_context *context, const zx_thread_state_fp_regs_t *regs)
{
	uint8_t *to = context->xstate;

	memcpy(to + LEGACY_FCW, &regs->fcw, sizeof(regs->fcw));
	memcpy(to + LEGACY_FSW, &regs->fsw, sizeof(regs->fsw));
	memcpy(to + LEGACY_FTW, &regs->ftw, sizeof(regs->ftw));
	memcpy(to + LEGACY_FOP, &regs->fop, sizeof(regs->fop));
	memcpy(to + LEGACY_FIP, &regs->fip, sizeof(regs->fip));
	memcpy(to + LEGACY_FDP, &regs->fdp, sizeof(regs->fdp));
	memcpy(to + LEGACY_ST, regs->st, sizeof(regs->st));
	mark_used(context, PART_X87);
}

/* One stretch of each of the sixteen low registers: @size bytes from word @word on. */
struct stretch {
	enum part part;
	uint32_t word;
	uint32_t size;
};

static const struct stretch stretches[] = {
	{ PART_AVX, 2, YMM_HIGH_SIZE },
	{ PART_ZMM_HIGH, 4, ZMM_HIGH_SIZE },
};

#define STRETCHES (sizeof(stretches) / sizeof(stretches[0]))

static void get_wide(const struct thread_context *context, zx_thread_state_vector_regs_t *regs)
{
	const uint8_t *from;

	for (uint32_t s = 0; s < STRETCHES; s++) {
		const struct stretch *stretch = &stretches[s];

		from = find(context, stretch->part, LOW_REGISTERS * stretch->size);
		for (uint32_t i = 0; from && in_use(context, stretch->part) && i < LOW_REGISTERS;
		     i++)
			memcpy(&regs->zmm[i].v[stretch->word], from + i * stretch->size,
			       stretch->size);
	}
	from = find(context, PART_OPMASK, sizeof(regs->opmask));
	if (from && in_use(context, PART_OPMASK))
		memcpy(regs->opmask, from, sizeof(regs->opmask));
	from = find(context, PART_HIGH_ZMM, HIGH_REGISTERS * ZMM_SIZE);
	if (from && in_use(context, PART_HIGH_ZMM))
		memcpy(&regs->zmm[LOW_REGISTERS], from, HIGH_REGISTERS * ZMM_SIZE);
}

void thread_context__get_vector(const struct thread_context *context,
				zx_thread_state_vector_regs_t *regs)
{
	memset(regs, 0, sizeof(*regs));
	regs->mxcsr = MXCSR_RESET;
	if (context->xstate_size < LEGACY_SIZE)
		return;
	/* Loaded and stored whatever the bits say. */
	memcpy(&regs->mxcsr, context->xstate + LEGACY_MXCSR, sizeof(regs->mxcsr));
	for (uint32_t i = 0; in_use(context, PART_SSE) && i < LOW_REGISTERS; i++)
		memcpy(regs->zmm[i].v, context->xstate + LEGACY_XMM + i * XMM_SIZE, XMM_SIZE);
	get_wide(context, regs);
}

/* @find finds in what is const; the same place in what is not. */
static uint8_t *place(struct thread_context *context, enum part part, size_t size)
{
	const uint8_t *at = find(context, part, size);

	if (!at)
		return NULL;
	mark_used(context, part);
	return context->xstate + (at - context->xstate);
}

static void set_wide(struct thread_context *context, const zx_thread_state_vector_regs_t *regs)
{
	uint8_t *to;

	for (uint32_t s = 0; s < STRETCHES; s++) {
		const struct stretch *stretch = &stretches[s];

		to = place(context, stretch->part, LOW_REGISTERS * stretch->size);
		for (uint32_t i = 0; to && i < LOW_REGISTERS; i++)
			memcpy(to + i * stretch->size, &regs->zmm[i].v[stretch->word],
			       stretch->size);
	}
	to = place(context, PART_OPMASK, sizeof(regs->opmask));
	if (to)
		memcpy(to, regs->opmask, sizeof(regs->opmask));
	to = place(context, PART_HIGH_ZMM, HIGH_REGISTERS * ZMM_SIZE);
	if (to)
		memcpy(to, &regs->zmm[LOW_REGISTERS], HIGH_REGISTERS * ZMM_SIZE);
}

zx_status_t thread_context__set_vector(struct thread_context *context,
				       const zx_thread_state_vector_regs_t *regs)
{
	uint32_t mask;

	memcpy(&mask, context->xstate + LEGACY_MXCSR_MASK, sizeof(mask));
	if (regs->mxcsr & ~(mask ? mask : MXCSR_MASK_DEFAULT))
		return ZX_ERR_INVALID_ARGS;
	memcpy(context->xstate + LEGACY_MXCSR, &regs->mxcsr, sizeof(regs->mxcsr));
	for (uint32_t i = 0; i < LOW_REGISTERS; i++)
		memcpy(context->xstate + LEGACY_XMM + i * XMM_SIZE, regs->zmm[i].v, XMM_SIZE);
	mark_used(context, PART_SSE);
	set_wide(context, regs);
	return ZX_OK;
}
