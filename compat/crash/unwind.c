/*
 * From frame to frame, by call frame information where there is some, else by frame pointers; this
 * is libdwfl's work. What it is given may be anything, so frames are counted and must go on.
 */
#include <string.h>
#include <time.h>

#include "compat/crash/crash.h"

#define THREAD_ID 1
/* Those that are shown: at the beginning, and at the end where there are more. */
#define SHOWN_FIRST 24
#define SHOWN_LAST 8
#define MAX_FRAMES 200000
#define MAX_SECONDS 5
/* DWARF's numbers of registers. */
#define DWARF_RSP 7
#define DWARF_REGISTERS 17

struct walk {
	struct scene *scene;
	Dwfl *dwfl;
	struct zxabi_registers regs;
	unsigned int frames; /* that were found */
	unsigned int extra;  /* frames in front of those that libdwfl finds */
	bool set_back;	     /* the first one that it finds is one byte before where it goes on */
	uint64_t last_sp;
	time_t end;
	struct {
		uint64_t pc;
		uint64_t lookup;
	} last[SHOWN_LAST]; /* the frame with number n at n % SHOWN_LAST */
	const char *stopped; /* why, unless the stack just ended */
};

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static bool is_code(const struct scene *scene, uint64_t addr)
{
	const struct crash_map *map = scene__map(scene, addr);

	return map && map->flags & CRASH_MAP_EXECUTABLE;
}

static void add_frame(struct walk *walk, uint64_t pc, uint64_t lookup)
{
	unsigned int number = walk->frames++;

	if (number < SHOWN_FIRST) {
		symbols__print(walk->scene, walk->dwfl, number, pc, lookup);
		return;
	}
	walk->last[number % SHOWN_LAST].pc = pc;
	walk->last[number % SHOWN_LAST].lookup = lookup;
}

static pid_t next_thread(Dwfl *dwfl, void *arg, void **thread_arg)
{
	(void)dwfl;
	if (*thread_arg)
		return 0;
	*thread_arg = arg;
	return THREAD_ID;
}

static bool get_thread(Dwfl *dwfl, pid_t tid, void *arg, void **thread_arg)
{
	(void)dwfl;
	*thread_arg = arg;
	return tid == THREAD_ID;
}

static bool read_memory(Dwfl *dwfl, Dwarf_Addr addr, Dwarf_Word *result, void *arg)
{
	uint64_t word;

	(void)dwfl;
	(void)arg;
	if (!client__read_word(addr, &word))
		return false;
	*result = word;
	return true;
}

static bool set_registers(Dwfl_Thread *thread, void *arg)
{
	const struct zxabi_registers *r = &((struct walk *)arg)->regs;
	const Dwarf_Word words[DWARF_REGISTERS] = {
		r->rax, r->rdx, r->rcx, r->rbx, r->rsi, r->rdi, r->rbp, r->rsp, r->r8,
		r->r9,	r->r10, r->r11, r->r12, r->r13, r->r14, r->r15, r->rip,
	};

	return dwfl_thread_state_registers(thread, 0, DWARF_REGISTERS, words);
}

static const Dwfl_Thread_Callbacks callbacks = {
	.next_thread = next_thread,
	.get_thread = get_thread,
	.memory_read = read_memory,
	.set_initial_registers = set_registers,
};

static int on_frame(Dwfl_Frame *state, void *arg)
{
	struct walk *walk = arg;
	bool first = walk->frames == walk->extra;
	bool exact = false;
	Dwarf_Word sp = 0;
	Dwarf_Addr pc;

	if (!dwfl_frame_pc(state, &pc, &exact))
		return DWARF_CB_ABORT;
	if (first && walk->set_back) {
		add_frame(walk, pc + 1, pc);
		return DWARF_CB_OK;
	}
	if (!first && !is_code(walk->scene, pc))
		return DWARF_CB_ABORT;
	if (dwfl_frame_reg(state, DWARF_RSP, &sp) == 0) {
		/* A caller's frame lies above. One of no size may still be a return. */
		if (!first && sp <= walk->last_sp) {
			walk->stopped = "the stack goes on below itself: it may be corrupt";
			return DWARF_CB_ABORT;
		}
		walk->last_sp = sp;
	}
	add_frame(walk, pc, exact ? pc : pc - 1);
	if (walk->frames < MAX_FRAMES && seconds() < walk->end)
		return DWARF_CB_OK;
	walk->stopped = "the stack is too deep to follow";
	return DWARF_CB_ABORT;
}

/*
 * A jump or call to where no code is: nothing tells how to go on from there. After a call the
 * return address is on top of the stack. The registers are set into the instruction that called.
 */
static void skip_bad_pc(struct walk *walk)
{
	struct zxabi_registers *regs = &walk->regs;
	uint64_t ret;

	if (is_code(walk->scene, regs->rip))
		return;
	add_frame(walk, regs->rip, regs->rip);
	walk->extra = 1;
	if (!client__read_word(regs->rsp, &ret) || !is_code(walk->scene, ret - 1)) {
		walk->stopped = "no return address is on top of the stack";
		return;
	}
	regs->rip = ret - 1;
	regs->rsp += sizeof(ret);
	walk->set_back = true;
}

/* What stands behind a breakpoint may be another function, or have another frame. */
static void set_into_breakpoint(struct walk *walk)
{
	if (!walk->scene->input.is_behind || !is_code(walk->scene, walk->regs.rip - 1))
		return;
	walk->regs.rip--;
	walk->set_back = true;
}

static void print_last(const struct walk *walk)
{
	unsigned int number = SHOWN_FIRST;

	if (walk->frames > SHOWN_FIRST + SHOWN_LAST) {
		number = walk->frames - SHOWN_LAST;
		client__line("... %u more frames ...", number - SHOWN_FIRST);
	}
	for (; number < walk->frames; number++)
		symbols__print(walk->scene, walk->dwfl, number,
			       walk->last[number % SHOWN_LAST].pc,
			       walk->last[number % SHOWN_LAST].lookup);
}

void unwind__print(struct scene *scene, Dwfl *dwfl)
{
	struct walk walk = {
		.scene = scene,
		.dwfl = dwfl,
		.regs = scene->input.regs,
		.end = seconds() + MAX_SECONDS,
	};

	set_into_breakpoint(&walk);
	skip_bad_pc(&walk);
	if (!walk.stopped) {
		if (dwfl_attach_state(dwfl, NULL, THREAD_ID, &callbacks, &walk))
			dwfl_getthread_frames(dwfl, THREAD_ID, on_frame, &walk);
		if (walk.frames == walk.extra) /* no module whose rules could be used */
			add_frame(&walk, walk.regs.rip + walk.set_back, walk.regs.rip);
	}
	print_last(&walk);
	if (walk.stopped)
		client__line("(%s)", walk.stopped);
}
