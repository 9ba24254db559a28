/* Making one call, by its number: through the gate that the vDSO uses. */
#include <zxabi/layout.h>

#include "fuzz.h"
#include "string.h"

const struct zxabi_trace fuzz_calls[ZXCALL_COUNT] = {
#include <zxabi/trace.inc>
};

static int64_t gate(uint32_t nr, const uint64_t *args)
{
	register uint64_t a4 __asm__("r8") = args[4];
	register uint64_t a5 __asm__("r9") = args[5];
	register uint64_t a6 __asm__("r12") = args[6];
	register uint64_t a7 __asm__("r13") = args[7];
	register uint64_t to __asm__("r11") = ZXABI_GATE_CALL8;
	uint64_t a0 = args[0];
	uint64_t a1 = args[1];
	uint64_t a2 = args[2];
	uint64_t a3 = args[3];
	int64_t result = nr;

	/* Below the red zone, two arguments on the stack. */
	__asm__ volatile("sub $128, %%rsp\n\t"
			 "push %[a7]\n\t"
			 "push %[a6]\n\t"
			 "call *%[to]\n\t"
			 "add $144, %%rsp"
			 : "+a"(result), "+D"(a0), "+S"(a1), "+d"(a2), "+c"(a3), "+r"(a4), "+r"(a5),
			   [to] "+r"(to)
			 : [a6] "r"(a6), [a7] "r"(a7)
			 : "r10", "memory", "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6",
			   "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14",
			   "xmm15");
	return result;
}

static bool inside(const struct fuzz *fuzz, uint64_t addr)
{
	uint64_t base = (uintptr_t)fuzz->memory;

	return addr >= base && addr - base < FUZZ_MEMORY - 64 && !(addr & 3);
}

/* Handles have both low bits set; what was there before the call has been wiped. */
static void adopt_at(struct fuzz *fuzz, uint64_t addr)
{
	if (!inside(fuzz, addr))
		return;
	for (uint32_t i = 0; i < 16; i++) {
		zx_handle_t value = ((volatile zx_handle_t *)addr)[i];

		if ((value & 3) == 3 && value >> 31 == 0)
			pool__adopt(fuzz, value);
	}
}

static bool gives_handles(const struct zxabi_trace_arg *arg)
{
	return arg->direction == ZXABI_OUT &&
	       (arg->flags & ZXABI_ARG_ACQUIRED || arg->format == ZXABI_FORMAT_HANDLE);
}

static bool gives_address(const struct zxabi_trace_arg *arg)
{
	return arg->direction == ZXABI_OUT && arg->format == ZXABI_FORMAT_ADDRESS;
}

void call__make(struct fuzz *fuzz)
{
	uint64_t nr = fuzz->row->nr % ZXCALL_COUNT;
	const struct zxabi_trace *call = &fuzz_calls[nr];
	uint64_t args[8];

	memcpy(args, fuzz->row->args, sizeof(args));
	for (uint32_t i = 0; i < call->nargs; i++)
		if (gives_handles(&call->args[i]) && inside(fuzz, args[i]))
			memset((void *)args[i], 0, 64);
	if (gate((uint32_t)fuzz->row->nr, args) != ZX_OK)
		return;
	fuzz->record->succeeded[nr] = 1;
	for (uint32_t i = 0; i < call->nargs; i++) {
		if (gives_handles(&call->args[i]))
			adopt_at(fuzz, args[i]);
		if (gives_address(&call->args[i]) && inside(fuzz, args[i]))
			memcpy(&fuzz->mapped, (void *)args[i], sizeof(fuzz->mapped));
	}
}

int64_t call__with(struct fuzz *fuzz, uint32_t nr, const uint64_t *args)
{
	int64_t result;

	fuzz->row->nr = nr;
	memcpy(fuzz->row->args, args, sizeof(fuzz->row->args));
	fuzz->row->count++;
	result = gate(nr, args);
	if (result == ZX_OK)
		fuzz->record->succeeded[nr] = 1;
	return result;
}

/* Calls that end the caller, or fill the log of whoever runs this. */
static bool is_rash(const struct zxabi_trace *call)
{
	static const char *const names[] = {
		"zx_task_kill", "zx_vmar_destroy", "zx_debug_write", "zx_debuglog_write",
		"zx_log_write", "zx_thread_start", "zx_thread_start_regs", "zx_job_set_critical", "zx_vmar_unmap",
		"zx_futex_wake_handle_close_thread_exit", "zx_vmar_unmap_handle_close_thread_exit",
	};

	if (call->flags & ZXABI_TRACE_NORETURN)
		return true;
	for (size_t i = 0; i < RT_ARRAY_SIZE(names); i++)
		if (!strcmp(call->name, names[i]))
			return true;
	return false;
}

static bool writes_log(const struct zxabi_trace *call)
{
	return !strncmp(call->name, "zx_debug_write", 14) || !strncmp(call->name, "zx_debuglog_write", 17);
}

void call__random(struct fuzz *fuzz)
{
	uint32_t nr = (uint32_t)(fuzz__next(fuzz) % ZXCALL_COUNT);
	const struct zxabi_trace *call = &fuzz_calls[nr];

	if (!call->name || (writes_log(call) && !fuzz__one_in(fuzz, 2000)) ||
	    (is_rash(call) && !fuzz__one_in(fuzz, fuzz_config.modes & FUZZ_WILD ? 8 : 200)))
		return;
	args__make(fuzz, nr);
	if (fuzz__one_in(fuzz, 500))
		fuzz->row->nr = fuzz__next(fuzz);
	fuzz->row->count++;
	call__make(fuzz);
}

void call__show(void (*print)(const char *format, ...), const struct fuzz_row *row)
{
	const struct zxabi_trace *call = row->nr < ZXCALL_COUNT ? &fuzz_calls[row->nr] : NULL;
	uint32_t nargs = call ? call->nargs : 8;

	print("call %llu: %s, number %llu:", (unsigned long long)row->count,
	      call && call->name ? call->name : "unknown", (unsigned long long)row->nr);
	for (uint32_t i = 0; i < nargs; i++)
		print(" 0x%llx", (unsigned long long)row->args[i]);
	print("\n");
}
