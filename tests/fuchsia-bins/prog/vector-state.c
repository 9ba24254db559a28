/*
 * Vector and floating point registers of stopped threads, as wide as the machine has them: nothing
 * of them is lost when a thread stops, is read, is written, and goes on.
 */
#include "check.h"
#include "exception.h"
#include "string.h"
#include "suspend.h"

#include <cpuid.h>
#include <zircon/errors.h>
#include <zircon/syscalls/debug.h>

#define SECOND 1000000000ll
#define REGISTERS 32
#define WORDS 8

/* What the thread loads, and what it finds later: 32 registers of 64 bytes, 8 masks, the rest. */
struct values {
	uint64_t zmm[REGISTERS][WORDS];
	uint64_t mask[8];
	uint8_t st[8][16];
	uint32_t mxcsr;
	uint16_t fcw;
} __attribute__((aligned(64)));

static struct values in __attribute__((used));
static struct values out __attribute__((used));
static volatile uint32_t phase __attribute__((used));
static struct rt_thread thread;
static bool has_avx, has_avx512;

/* Each loads its registers from `in`, and stores them to `out`. */
void load_sse(void);
void store_sse(void);
void load_avx(void);
void store_avx(void);
void load_avx512(void);
void store_avx512(void);
__asm__(".text\n"
	".macro each op, first, last, size, place, kind\n"
	"i = \\first\n"
	".rept \\last - \\first + 1\n"
	"one \\op, %i, \\size, \\place, \\kind\n"
	"i = i + 1\n"
	".endr\n"
	".endm\n"
	".altmacro\n"
	".macro one op, n, size, place, kind\n"
	".ifc \\kind,load\n"
	"\\op \\place+64*\\n(%rip), %\\size\\n\n"
	".else\n"
	"\\op %\\size\\n, \\place+64*\\n(%rip)\n"
	".endif\n"
	".endm\n"
	"load_sse: each movups, 0, 15, xmm, in, load\n"
	"ret\n"
	"store_sse: each movups, 0, 15, xmm, out, store\n"
	"ret\n"
	"load_avx: each vmovups, 0, 15, ymm, in, load\n"
	"ret\n"
	"store_avx: each vmovups, 0, 15, ymm, out, store\n"
	"ret\n"
	"load_avx512: each vmovups, 0, 31, zmm, in, load\n"
	"kmovq in+2048+8(%rip), %k1\n"
	"kmovq in+2048+56(%rip), %k7\n"
	"ret\n"
	"store_avx512: each vmovups, 0, 31, zmm, out, store\n"
	"kmovq %k1, out+2048+8(%rip)\n"
	"kmovq %k7, out+2048+56(%rip)\n"
	"ret\n"
	".noaltmacro\n");

_Static_assert(offsetof(struct values, mask) == 2048, "used above");

static void load_all(void)
{
	if (has_avx512)
		load_avx512();
	else if (has_avx)
		load_avx();
	else
		load_sse();
}

static void store_all(void)
{
	if (has_avx512)
		store_avx512();
	else if (has_avx)
		store_avx();
	else
		store_sse();
}

/* Bytes of register @i that the machine has. */
static size_t width(size_t i)
{
	if (has_avx512)
		return 64;
	if (i >= 16)
		return 0;
	return has_avx ? 32 : 16;
}

static void find_features(void)
{
	uint32_t a, b, c, d, low, high;

	__cpuid(1, a, b, c, d);
	if (!(c & bit_OSXSAVE))
		return;
	__asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	has_avx = (c & bit_AVX) && (low & 6) == 6;
	__cpuid_count(7, 0, a, b, c, d);
	has_avx512 = has_avx && (b & bit_AVX512F) && (b & bit_AVX512BW) && (low & 0xe6) == 0xe6;
}

static void fill(struct values *values, uint64_t seed)
{
	uint64_t *words = (uint64_t *)values;

	for (size_t i = 0; i < offsetof(struct values, st) / 8; i++)
		words[i] = seed + i * 0x9e3779b97f4a7c15ull;
}

/* What the thread does: loads, waits until the phase is another one, stores. */
static void hold(void *arg)
{
	uint16_t fcw = 0x27f;
	uint32_t mxcsr = 0x7f80;

	(void)arg;
	__asm__ volatile("fninit\n\t"
			 "fldcw %0\n\t"
			 "fldpi\n\t"
			 "fld1\n\t"
			 "ldmxcsr %1"
			 :
			 : "m"(fcw), "m"(mxcsr));
	load_all();
	__asm__ volatile("movl $1, phase(%%rip)\n\t"
			 "1: pause\n\t"
			 "cmpl $1, phase(%%rip)\n\t"
			 "je 1b"
			 :
			 :
			 : "memory", "cc");
	store_all();
	__asm__ volatile("stmxcsr %0\n\t"
			 "fnstcw %1\n\t"
			 "fstpt %2\n\t"
			 "fstpt %3"
			 : "=m"(out.mxcsr), "=m"(out.fcw), "=m"(out.st[0]), "=m"(out.st[1]));
}

static void start(uint64_t seed)
{
	phase = 0;
	memset(&out, 0, sizeof(out));
	fill(&in, seed);
	CHECK_OK(rt_thread__start(&thread, "holder", hold, NULL));
	while (phase != 1)
		zx_nanosleep(zx_deadline_after(SECOND / 1000));
}

static void end(const struct values *expected)
{
	phase = 2;
	CHECK_OK(rt_thread__join(&thread));
	for (size_t i = 0; i < REGISTERS; i++)
		CHECK(!memcmp(out.zmm[i], expected->zmm[i], width(i)));
	if (has_avx512) {
		CHECK_EQ(out.mask[1], expected->mask[1]);
		CHECK_EQ(out.mask[7], expected->mask[7]);
	}
}

static zx_thread_state_vector_regs_t read_vectors(void)
{
	zx_thread_state_vector_regs_t regs;

	memset(&regs, 0xee, sizeof(regs));
	CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_VECTOR_REGS, &regs,
				      sizeof(regs)));
	return regs;
}

static void write_vectors(const zx_thread_state_vector_regs_t *regs)
{
	CHECK_OK(zx_thread_write_state(thread.handle, ZX_THREAD_STATE_VECTOR_REGS, regs,
				       sizeof(*regs)));
}

static void check_read(const struct values *expected)
{
	zx_thread_state_vector_regs_t regs = read_vectors();

	for (size_t i = 0; i < REGISTERS; i++) {
		CHECK(!memcmp(regs.zmm[i].v, expected->zmm[i], width(i)));
		/* What the machine has not is zero. */
		for (size_t word = width(i) / 8; word < WORDS; word++)
			CHECK_EQ(regs.zmm[i].v[word], 0);
	}
	CHECK_EQ(regs.mxcsr, 0x7f80);
	if (has_avx512)
		CHECK_EQ(regs.opmask[7], expected->mask[7]);
}

static void kept(void)
{
	start(1);
	for (int i = 0; i < 50; i++) {
		zx_handle_t token = rt_suspend(thread.handle);

		check_read(&in);
		zx_handle_close(token);
		CHECK_OK(rt_wait_for(thread.handle, ZX_THREAD_RUNNING));
	}
	end(&in);
	CHECK_EQ(out.mxcsr, 0x7f80);
	CHECK_EQ(out.fcw, 0x27f);
}

/* Each set is written without a change of the other one. */
static void written(void)
{
	static struct values other;
	zx_thread_state_vector_regs_t regs;
	zx_thread_state_fp_regs_t fp;
	zx_handle_t token;

	start(2);
	fill(&other, 77);
	token = rt_suspend(thread.handle);
	regs = read_vectors();
	for (size_t i = 0; i < REGISTERS; i++)
		memcpy(regs.zmm[i].v, other.zmm[i], 64);
	memcpy(regs.opmask, other.mask, sizeof(regs.opmask));
	regs.mxcsr = 0x1f80;
	write_vectors(&regs);
	CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_FP_REGS, &fp, sizeof(fp)));
	CHECK_EQ(fp.fcw, 0x27f);
	CHECK_EQ(fp.ftw, 0xc0);
	/* 1.0 on top of pi: now 1.5. */
	CHECK_EQ(fp.st[0].low, 1ull << 63);
	fp.st[0].low = 3ull << 62;
	fp.fcw = 0x37f;
	CHECK_OK(zx_thread_write_state(thread.handle, ZX_THREAD_STATE_FP_REGS, &fp, sizeof(fp)));
	zx_handle_close(token);
	end(&other);
	CHECK_EQ(out.mxcsr, 0x1f80);
	CHECK_EQ(out.fcw, 0x37f);
	CHECK_EQ(*(uint64_t *)out.st[0], 3ull << 62);
	CHECK_EQ(*(uint64_t *)out.st[1], 0xc90fdaa22168c235);
}

/* Parts that the machine has in their first state: zero, and written like any. */
static void fresh(void)
{
	zx_thread_state_vector_regs_t regs;
	static struct values other;
	zx_handle_t token;

	memset(&other, 0, sizeof(other));
	start(3);
	token = rt_suspend(thread.handle);
	regs = read_vectors();
	memset(regs.zmm, 0, sizeof(regs.zmm));
	memset(regs.opmask, 0, sizeof(regs.opmask));
	write_vectors(&regs);
	zx_handle_close(token);
	CHECK_OK(rt_wait_for(thread.handle, ZX_THREAD_RUNNING));
	token = rt_suspend(thread.handle);
	check_read(&other);
	regs = read_vectors();
	other.zmm[5][0] = regs.zmm[5].v[0] = 55;
	other.zmm[9][3] = regs.zmm[9].v[3] = 99;
	other.zmm[31][7] = regs.zmm[31].v[7] = 317;
	write_vectors(&regs);
	zx_handle_close(token);
	end(&other);
}

/* Wrong bits change nothing at all. */
static void refused(void)
{
	zx_thread_state_vector_regs_t regs;
	zx_handle_t token;

	start(4);
	token = rt_suspend(thread.handle);
	regs = read_vectors();
	memset(regs.zmm, 0x55, sizeof(regs.zmm));
	for (uint32_t bit = 18; bit < 32; bit++) {
		regs.mxcsr = 0x1f80 | 1u << bit;
		CHECK_STATUS(zx_thread_write_state(thread.handle, ZX_THREAD_STATE_VECTOR_REGS,
						   &regs, sizeof(regs)),
			     ZX_ERR_INVALID_ARGS);
	}
	check_read(&in);
	zx_handle_close(token);
	end(&in);
}

/* --- in an exception, and over calls --- */

static void trap(void *arg)
{
	(void)arg;
	load_all();
	__asm__ volatile("int3");
	store_all();
}

static void in_an_exception(void)
{
	static struct values other;
	zx_thread_state_vector_regs_t regs;
	zx_handle_t channel = rt_exception__channel(rt_boot.process, 0);
	zx_handle_t exception;

	fill(&in, 5);
	fill(&other, 55);
	CHECK_OK(rt_thread__start(&thread, "trapper", trap, NULL));
	exception = rt_exception__next(channel, ZX_EXCP_SW_BREAKPOINT, thread.handle);
	regs = read_vectors();
	for (size_t i = 0; i < REGISTERS; i++)
		CHECK(!memcmp(regs.zmm[i].v, in.zmm[i], width(i)));
	for (size_t i = 0; i < REGISTERS; i++)
		memcpy(regs.zmm[i].v, other.zmm[i], 64);
	memcpy(regs.opmask, other.mask, sizeof(regs.opmask));
	write_vectors(&regs);
	rt_exception__resume(exception);
	end(&other);
	zx_handle_close(channel);
}

static zx_handle_t event;

static void wait(void *arg)
{
	(void)arg;
	load_all();
	zx_object_wait_one(event, ZX_EVENT_SIGNALED, ZX_TIME_INFINITE, NULL);
	store_all();
}

/* A call keeps them, blocked or suspended. */
static void over_a_call(void)
{
	zx_handle_t token;

	REQUIRE_OK(zx_event_create(0, &event));
	fill(&in, 6);
	CHECK_OK(rt_thread__start(&thread, "waiter", wait, NULL));
	CHECK(rt_until_blocked(thread.handle, ZX_THREAD_STATE_BLOCKED_WAIT_ONE));
	for (int i = 0; i < 10; i++) {
		zx_thread_state_vector_regs_t regs;

		token = rt_suspend(thread.handle);
		regs = read_vectors();
		CHECK(!memcmp(regs.zmm[15].v, in.zmm[15], width(15)));
		zx_handle_close(token);
		CHECK(rt_until_blocked(thread.handle, ZX_THREAD_STATE_BLOCKED_WAIT_ONE));
	}
	CHECK_OK(zx_object_signal(event, 0, ZX_EVENT_SIGNALED));
	end(&in);
	zx_handle_close(event);
}

int main(void)
{
	find_features();
	RUN(kept);
	RUN(written);
	RUN(fresh);
	RUN(refused);
	RUN(in_an_exception);
	RUN(over_a_call);
	return rt_check_result();
}
