/* A stopped thread's registers on their way between a signal frame and the slot. */
#include <asm/sigcontext.h>
#include <stddef.h>

#include "vdso/shim.h"

/* Nested task, and identification. */
#define FLAGS_KEPT 0x204000ul

/* Bytes of the legacy area that Linux keeps notes of its own in. */
#define SW_RESERVED 464
#define SW_RESERVED_END 512

/* The gs base that the program knows of: where it is the shim's, the program never set one. */
uint64_t program_gs_base(const struct zxabi_slot *slot)
{
	uint64_t base = __builtin_ia32_rdgsbase64();

	return base == (uint64_t)slot ? 0 : base;
}

/* Size of the area that @frame points to: without the notes there is only the legacy part. */
static uint32_t xstate_size(const struct _fpstate_64 *frame)
{
	const struct _fpx_sw_bytes *notes = &frame->sw_reserved;

	if (!frame)
		return 0;
	if (notes->magic1 != FP_XSTATE_MAGIC1)
		return SW_RESERVED_END;
	return notes->xstate_size < ZXABI_XSTATE_SIZE ? notes->xstate_size : ZXABI_XSTATE_SIZE;
}

static void copy(void *dst, const void *src, size_t size)
{
	__asm__ volatile("rep movsb" : "+D"(dst), "+S"(src), "+c"(size) : : "memory");
}

void context__save(struct zxabi_slot *slot, const struct sigcontext *mc)
{
	struct zxabi_context *context = &slot->context;
	const struct _fpstate_64 *frame = (const struct _fpstate_64 *)mc->fpstate;

	context->regs = (struct zxabi_registers){
		.rax = mc->rax,
		.rbx = mc->rbx,
		.rcx = mc->rcx,
		.rdx = mc->rdx,
		.rsi = mc->rsi,
		.rdi = mc->rdi,
		.rbp = mc->rbp,
		.rsp = mc->rsp,
		.r8 = mc->r8,
		.r9 = mc->r9,
		.r10 = mc->r10,
		.r11 = mc->r11,
		.r12 = mc->r12,
		.r13 = mc->r13,
		.r14 = mc->r14,
		.r15 = mc->r15,
		.rip = mc->rip,
		.rflags = mc->eflags,
		.fs_base = __builtin_ia32_rdfsbase64(),
		.gs_base = program_gs_base(slot),
	};
	context->xstate_size = xstate_size(frame);
	context->changed = 0;
	copy(context->xstate, frame, context->xstate_size);
}

static void load_xstate(const struct zxabi_context *context, struct _fpstate_64 *frame)
{
	uint32_t size = xstate_size(frame);

	if (size < SW_RESERVED_END || size != context->xstate_size)
		return;
	copy(frame, context->xstate, SW_RESERVED);
	copy((char *)frame + SW_RESERVED_END, context->xstate + SW_RESERVED_END,
	     size - SW_RESERVED_END);
}

static void load_bases(struct zxabi_slot *slot, const struct zxabi_registers *regs)
{
	__builtin_ia32_wrfsbase64(regs->fs_base);
	/* The program's 0 is the shim's slot. */
	if (regs->gs_base != program_gs_base(slot))
		__builtin_ia32_wrgsbase64(regs->gs_base ? regs->gs_base : (uint64_t)slot);
}

/* Linux restores other flags from the frame; these are those of the handler that returns. */
static void load_flags(struct sigcontext *mc, uint64_t flags)
{
	uint64_t own = __builtin_ia32_readeflags_u64() & ~FLAGS_KEPT;

	mc->eflags = flags;
	__builtin_ia32_writeeflags_u64(own | (flags & FLAGS_KEPT));
}

void context__load(struct zxabi_slot *slot, struct sigcontext *mc)
{
	const struct zxabi_context *context = &slot->context;
	const struct zxabi_registers *regs = &context->regs;

	if (!context->changed)
		return;
	mc->rax = regs->rax;
	mc->rbx = regs->rbx;
	mc->rcx = regs->rcx;
	mc->rdx = regs->rdx;
	mc->rsi = regs->rsi;
	mc->rdi = regs->rdi;
	mc->rbp = regs->rbp;
	mc->rsp = regs->rsp;
	mc->r8 = regs->r8;
	mc->r9 = regs->r9;
	mc->r10 = regs->r10;
	mc->r11 = regs->r11;
	mc->r12 = regs->r12;
	mc->r13 = regs->r13;
	mc->r14 = regs->r14;
	mc->r15 = regs->r15;
	mc->rip = regs->rip;
	load_flags(mc, regs->rflags);
	load_bases(slot, regs);
	load_xstate(context, (struct _fpstate_64 *)mc->fpstate);
}

#define SELECTOR(name)                                                                             \
	static inline uint16_t name##_selector(void)                                               \
	{                                                                                          \
		uint16_t value;                                                                    \
                                                                                                   \
		__asm__ volatile("mov %%" #name ", %0" : "=r"(value));                            \
		return value;                                                                      \
	}

SELECTOR(ds)
SELECTOR(es)
SELECTOR(fs)
SELECTOR(gs)

void selectors__forget(void)
{
	uint64_t fs_base, gs_base;

	if (!(ds_selector() | es_selector() | fs_selector() | gs_selector()))
		return;
	/* Some processors lose the bases with the selectors. */
	fs_base = __builtin_ia32_rdfsbase64();
	gs_base = __builtin_ia32_rdgsbase64();
	__asm__ volatile("mov %0, %%ds\n\t"
			 "mov %0, %%es\n\t"
			 "mov %0, %%fs\n\t"
			 "mov %0, %%gs"
			 :
			 : "r"(0));
	__builtin_ia32_wrfsbase64(fs_base);
	__builtin_ia32_wrgsbase64(gs_base);
}
