/*
 * A process made by hand: not a program loaded from a file, but a piece of this one's code, which
 * takes orders over its bootstrap channel. For tests of processes, jobs and what kills them.
 */
#ifndef RT_CHILD_H
#define RT_CHILD_H

#include "rt.h"

enum rt_child_order {
	RT_CHILD_EXIT,		/* end with the value as return code */
	RT_CHILD_MAKE_EVENT,	/* create an event and close it: answers with the status */
	RT_CHILD_PEEK,		/* answers with the 32-bit word at the address that the value is */
	RT_CHILD_ADD,		/* adds one to that word; answers with what it was */
	RT_CHILD_SLEEP,		/* sleep forever; no answer */
	RT_CHILD_WAKE,		/* have the other threads look at rt_child_shared: answers 0 */
	RT_CHILD_CRASH,		/* execute an undefined instruction; no answer */
	RT_CHILD_BREAK,		/* execute breakpoints without end; no answer */
	RT_CHILD_CALL,		/* make a call of the vDSO: see rt_child__call() */
};

struct rt_child {
	zx_handle_t process;
	zx_handle_t root_vmar;
	zx_handle_t thread;
	zx_handle_t channel;
	/* Where the child's one page of data lies in its address space. */
	zx_vaddr_t data;
	zx_vaddr_t vdso;
};

#define RT_CHILD_ARGS 8

/* Words at the end of the page of data that is shared by all threads of a child. */
struct rt_child_shared {
	uint32_t arrived;	/* threads that have begun */
	uint32_t stop;		/* they end once this is not 0 */
	uint32_t spin;		/* until then they sleep, or run without making a call */
};

#define RT_CHILD_SHARED(child) ((child)->data + RT_PAGE_SIZE - sizeof(struct rt_child_shared))

/* Makes a process with all that it needs, not started, in `job`. */
zx_status_t rt_child__create(struct rt_child *child, zx_handle_t job, const char *name);

/* Lets it run. */
zx_status_t rt_child__start(struct rt_child *child);

/* Starts one more thread in a child that runs; it looks at rt_child_shared. */
zx_status_t rt_child__add_thread(struct rt_child *child, const char *name, zx_handle_t *thread);

/* Gives an order, and waits for the answer. */
zx_status_t rt_child__ask(struct rt_child *child, enum rt_child_order order, uint64_t value,
			  int64_t *answer);

/*
 * Has the child make a call: `function` is a call of this process's vDSO. Pointers among the arguments
 * are the child's; it may use what lies RT_CHILD_ROOM behind `data`.
 */
zx_status_t rt_child__call(struct rt_child *child, const void *function,
			   const uint64_t args[RT_CHILD_ARGS], int64_t *answer);

#define RT_CHILD_ROOM 1024

/* Gives an order that has no answer. */
zx_status_t rt_child__tell(struct rt_child *child, enum rt_child_order order, uint64_t value);

/* Waits until the process has ended, and says with which return code. */
zx_status_t rt_child__wait(struct rt_child *child, int64_t *code);

/* Closes all handles. */
void rt_child__close(struct rt_child *child);

#endif
