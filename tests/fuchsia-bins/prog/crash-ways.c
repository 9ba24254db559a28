/*
 * Crashes in the way that its argument names: what a backtrace has to cope with. Each goes through
 * outer() and middle(), which it should show, or says below why it cannot.
 */
#include "rt.h"

#define GARBAGE 0x4141414141414141ull

typedef void (*function)(void);

struct way {
	const char *name;
	void (*run)(void);
};

/* What the compiler must not know. */
static function volatile nowhere;
static volatile int zero;
static volatile int *volatile target;

static inline __attribute__((always_inline)) void inlined_inner(void)
{
	*target = 1;
}

static inline __attribute__((always_inline)) void inlined_outer(void)
{
	inlined_inner();
}

static void in_an_inlined_function(void)
{
	inlined_outer();
}

static void call_of_null(void)
{
	nowhere();
}

static void call_of_garbage(void)
{
	nowhere = (function)0x123456789000;
	nowhere();
}

/* Code in memory that no file tells of. */
static void in_anonymous_code(void)
{
	static const uint8_t code[] = { 0x0f, 0x0b };
	zx_vaddr_t addr;
	zx_handle_t vmo;

	if (zx_vmo_create(RT_PAGE_SIZE, 0, &vmo) != ZX_OK ||
	    zx_vmo_write(vmo, code, 0, sizeof(code)) != ZX_OK ||
	    zx_vmo_replace_as_executable(vmo, ZX_HANDLE_INVALID, &vmo) != ZX_OK ||
	    zx_vmar_map(rt_boot.root_vmar, ZX_VM_PERM_READ | ZX_VM_PERM_EXECUTE, 0, vmo, 0,
			RT_PAGE_SIZE, &addr) != ZX_OK)
		return;
	nowhere = (function)addr;
	nowhere();
}

static void division(void)
{
	zero = 100 / zero;
}

static void write_to_code(void)
{
	*(volatile uint8_t *)(uintptr_t)division = 0;
}

/* What stands behind its only instruction is another function. */
static __attribute__((noinline, noreturn)) void stop(void)
{
	__builtin_debugtrap();
	__builtin_unreachable();
}

static void breakpoint(void)
{
	stop();
}

/* In the system's own code, on behalf of this one. */
static void in_the_vdso(void)
{
	zx_cprng_draw((void *)1, 8);
}

/* A call that itself stores to memory. */
static void in_a_call(void)
{
	zx_futex_wake_handle_close_thread_exit((zx_futex_t *)0x1000, 0, 0, ZX_HANDLE_INVALID);
	rt_print("FAIL: survived\n");
}

/* Returns to an address that is none: of its callers nothing is left. */
static void return_to_garbage(void)
{
	__asm__ volatile("push %0; ret" : : "r"(GARBAGE));
}

/* All that lies above the stack pointer was overwritten, as by a buffer that was too small. */
static void overwritten_stack(void)
{
	__asm__ volatile("mov %%rsp, %%rdi; mov $48, %%ecx; mov %0, %%rax; rep stosq; ud2"
			 :
			 : "r"(GARBAGE)
			 : "rdi", "rcx", "rax", "memory");
}

/* Every return address is that of the function itself. */
static void stack_of_itself(void)
{
	__asm__ volatile("mov %%rsp, %%rdi; mov $48, %%ecx; lea 0(%%rip), %%rax; rep stosq; ud2"
			 :
			 :
			 : "rdi", "rcx", "rax", "memory");
}

static void no_stack(void)
{
	__asm__ volatile("xor %esp, %esp; xor %ebp, %ebp; ud2");
}

static void stack_at_the_end(void)
{
	__asm__ volatile("mov $-8, %rsp; mov $-8, %rbp; ud2");
}

static const struct way ways[] = {
	{ "inlined", in_an_inlined_function },
	{ "call-of-null", call_of_null },
	{ "call-of-garbage", call_of_garbage },
	{ "anonymous-code", in_anonymous_code },
	{ "division", division },
	{ "write-to-code", write_to_code },
	{ "breakpoint", breakpoint },
	{ "vdso", in_the_vdso },
	{ "call", in_a_call },
	{ "return-to-garbage", return_to_garbage },
	{ "overwritten-stack", overwritten_stack },
	{ "stack-of-itself", stack_of_itself },
	{ "no-stack", no_stack },
	{ "stack-at-the-end", stack_at_the_end },
};

static bool equal(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

/* The print keeps both from being the end of their caller. */
static __attribute__((noinline)) void middle(void (*run)(void))
{
	run();
	rt_print("FAIL: survived\n");
}

static __attribute__((noinline)) int outer(const char *name)
{
	for (size_t i = 0; i < RT_ARRAY_SIZE(ways); i++) {
		if (equal(name, ways[i].name))
			middle(ways[i].run);
	}
	rt_print("FAIL: there is no way %s\n", name);
	return 1;
}

int main(int argc, char **argv)
{
	return argc > 1 ? outer(argv[1]) : 1;
}
