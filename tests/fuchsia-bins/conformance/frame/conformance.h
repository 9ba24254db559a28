/*
 * The frame of the conformance programs. A program is a folder of files full of checks; the frame
 * has its main(), which runs them all, or the one that --check names, or lists them.
 *
 * A check is a function behind one of two macros, and belongs to one call:
 *
 *	CHECK_ERROR(channel_read, ZX_ERR_SHOULD_WAIT, empty)
 *	{
 *		...
 *		EXPECT_STATUS(zx_channel_read(...), ZX_ERR_SHOULD_WAIT);
 *	}
 *
 * reaches an error that the call's reference page documents and is named
 * channel_read.should_wait.empty; CHECK(channel_read, oldest_first) checks something that the call
 * does and is named channel_read.oldest_first. What may follow the name are members of struct
 * check:
 *
 *	.line = "TEXT"	which of several errors of that status: the one whose text in abi/ has TEXT
 *			("?TEXT": if there are several)
 *	.from, .to	the dates between which the check holds, both included
 *	.root = true	it needs a resource, as the first program of a booted system has it
 *
 * A check uses calls as the reference pages describe them and nothing else, so that the same
 * program runs on any Fuchsia, whatever its date: all calls are weak symbols, and a check whose call
 * is not there is skipped.
 */
#ifndef CONFORMANCE_H
#define CONFORMANCE_H

#include "child.h"
#include "rt.h"

#include <zircon/errors.h>
#include <zircon/rights.h>
#include <zircon/syscalls/policy.h>

/* The dates that make a difference; 0 in a check means that there is no bound. */
enum era {
	ERA_2018_07 = 1,
	ERA_2018_10,
	ERA_2018_12,
	ERA_2019_01,
	ERA_2020_07,
	ERA_2021_01,
	ERA_NEWEST,
};

struct check {
	const char *call;
	const void *entry;	/* of the call; NULL where the system does not have it */
	const char *status;	/* the error that it reaches, or NULL */
	const char *condition;
	const char *line;
	enum era from;
	enum era to;
	bool root;
	void (*run)(void);
};

#define CHECK_DEFINE(call_, status_, condition_, function, ...) \
	static void function(void); \
	__attribute__((section("conformance_checks"), used)) static struct check \
		function##_check = { \
		.call = #call_, \
		.entry = (const void *)zx_##call_, \
		.status = status_, \
		.condition = condition_, \
		.run = function, \
		##__VA_ARGS__ \
	}; \
	static void function(void)

#define CHECK_ERROR(call, status, condition, ...) \
	CHECK_DEFINE(call, #status, #condition, call##__##status##__##condition, ##__VA_ARGS__)
#define CHECK(call, condition, ...) \
	CHECK_DEFINE(call, NULL, #condition, call##__##condition, ##__VA_ARGS__)

/* An error check that is one expression. */
#define REFUSES(call, status, condition, expression, ...) \
	CHECK_DEFINE(call, #status, #condition, call##__##status##__##condition, ##__VA_ARGS__) \
	{ \
		EXPECT_STATUS(expression, status); \
	}

/* The date of the system that the program runs on. */
enum era era(void);

/*
 * The resource that allows everything, or on the newest date everything about the system as a
 * whole; ZX_HANDLE_INVALID for a program that was not given it. It stays the frame's.
 */
zx_handle_t root_resource(void);

/* --- Expectations: one that does not hold ends the check, from any function and any thread --- */

void expect_true(const char *file, int line, const char *what, bool held);
void expect_equal(const char *file, int line, const char *what, uint64_t got, uint64_t want);
void expect_status(const char *file, int line, zx_status_t got, zx_status_t want);
void expect_bytes(const char *file, int line, const char *what, const void *got, const void *want,
		  size_t size);
void expect_signals(const char *file, int line, const char *what, zx_signals_t got,
		    zx_signals_t want);

#define EXPECT(condition) expect_true(__FILE__, __LINE__, #condition, (condition))
#define EXPECT_EQ(got, want) \
	expect_equal(__FILE__, __LINE__, #got, (uint64_t)(got), (uint64_t)(want))
#define EXPECT_STATUS(got, want) expect_status(__FILE__, __LINE__, (got), (want))
#define EXPECT_OK(got) EXPECT_STATUS(got, ZX_OK)
#define EXPECT_BYTES(got, want, size) \
	expect_bytes(__FILE__, __LINE__, #got, (got), (want), (size))
/* All signals that the object behind a handle has now. */
#define EXPECT_SIGNALS(handle, want) \
	expect_signals(__FILE__, __LINE__, #handle, signals_of(handle), (want))

/* Ends the check: it can't be done here. */
_Noreturn void skip(const char *reason);

/* --- What a check needs; the frame takes all of it back when the check has ended --- */

/* Notes a handle, to be closed at the end if it is still there. Returns it. */
zx_handle_t own(zx_handle_t handle);

zx_handle_t make_event(void);
zx_handle_t make_vmo(uint64_t size);
zx_handle_t make_port(void);
void make_channel(zx_handle_t *a, zx_handle_t *b);
void make_socket(uint32_t options, zx_handle_t *a, zx_handle_t *b);
void make_eventpair(zx_handle_t *a, zx_handle_t *b);
void make_fifo(size_t count, size_t size, zx_handle_t *a, zx_handle_t *b);
zx_handle_t make_timer(void);

/*
 * A handle to the same object with these rights, or with all but these: a second one where the
 * object can have two, else it takes the first one's place.
 */
zx_handle_t with_rights(zx_handle_t handle, zx_rights_t rights);
zx_handle_t without_rights(zx_handle_t handle, zx_rights_t rights);
/* A second handle with all rights. */
zx_handle_t duplicate(zx_handle_t handle);

/* The value of a handle that was valid and is so no longer. */
zx_handle_t closed_handle(void);

/* Memory of its own, mapped as ZX_VM_PERM_* of `permissions` say. */
void *map_pages(size_t count, zx_vm_option_t permissions);

/* Maps the beginning of a VMO somewhere, by the form that zx_vmar_map() has at this date. */
zx_status_t map_vmo(zx_handle_t vmo, zx_vm_option_t options, size_t size, zx_vaddr_t *base);

/* Notes a part of the root region that is to be unmapped at the end. */
void own_mapping(zx_vaddr_t base, size_t size);

/* Where nothing is ever mapped: below every address space. */
#define BAD_POINTER ((void *)0x1000)

/*
 * The same for a new handle, which all else would be right for: in the newest system the handle
 * stays then, where nobody knows its value, and the thread takes an exception. It is caught here.
 * Only for the main thread.
 */
#define BAD_OUT (bad_out())
void *bad_out(void);
/* The handle to an object of this type, of which the process has no other. */
zx_handle_t lost_handle(zx_obj_type_t type);

/* Threads end when run() returns; join() waits for all of them, as the end of the check does. */
zx_handle_t start_thread(void (*run)(void *arg), void *arg);
void join_threads(void);

/*
 * Waits until the main thread sleeps in the way that a ZX_THREAD_STATE_BLOCKED_* says, which
 * systems of 2018 tell only as ZX_THREAD_STATE_BLOCKED.
 */
void until_main_is_blocked(uint32_t state);
/* The same for any thread. */
void until_blocked(zx_handle_t thread, uint32_t state);

/* --- A second process --- */

/* A process in `job`, or in a new job with a policy (ZX_POL_*, ZX_POL_ACTION_*). It runs. */
struct rt_child *start_child(zx_handle_t job);
zx_handle_t make_job(uint32_t condition, uint32_t action);

/*
 * What a call gives in the child. CHILD_OUT as an argument stands for a place where it may write;
 * the arguments that are left out are 0.
 */
#define CHILD_OUT UINT64_C(0x6368696c646f7574)
#define call_in_child(child, call, ...) \
	call_in_child_list((child), (const void *)(call), \
			   (const uint64_t[RT_CHILD_ARGS]){ __VA_ARGS__ })
zx_status_t call_in_child_list(struct rt_child *child, const void *call,
			       const uint64_t args[RT_CHILD_ARGS]);

/* What a call gives in a process whose job denies what ZX_POL_* `condition` says. */
#define call_denied_by_policy(condition, call, ...) \
	call_in_child(start_child(make_job((condition), ZX_POL_ACTION_DENY)), (call), __VA_ARGS__)

/* --- Questions --- */

zx_signals_t signals_of(zx_handle_t handle);
bool is_valid(zx_handle_t handle);
zx_rights_t rights_of(zx_handle_t handle);
zx_obj_type_t type_of(zx_handle_t handle);

/* --- Time --- */

#define MILLISECOND ((zx_duration_t)1000000)

/* A deadline that passes at once, soon, or not before a check would be called hung. */
#define AT_ONCE ((zx_time_t)0)
#define SOON (zx_deadline_after(10 * MILLISECOND))
#define LATE (zx_deadline_after(5000 * MILLISECOND))

/* --- The three errors that nearly all calls have, for the handle `argument` --- */

/*
 * `expression` is the call with `h` as that handle. `maker` gives a right one, `right` is a right
 * that the call needs of it (READ for ZX_RIGHT_READ).
 */
#define CHECK_HANDLE_VALID(call, argument, expression, ...) \
	CHECK_ERROR(call, ZX_ERR_BAD_HANDLE, argument##_invalid, \
		    .line = "?" #argument " is no valid handle", ##__VA_ARGS__) \
	{ \
		zx_handle_t h = ZX_HANDLE_INVALID; \
		EXPECT_STATUS(expression, ZX_ERR_BAD_HANDLE); \
	} \
	CHECK_ERROR(call, ZX_ERR_BAD_HANDLE, argument##_closed, \
		    .line = "?" #argument " is no valid handle", ##__VA_ARGS__) \
	{ \
		zx_handle_t h = closed_handle(); \
		EXPECT_STATUS(expression, ZX_ERR_BAD_HANDLE); \
	}

#define CHECK_HANDLE_TYPE(call, argument, wrong, expression, ...) \
	CHECK_ERROR(call, ZX_ERR_WRONG_TYPE, argument, .line = "?" #argument " is no", \
		    ##__VA_ARGS__) \
	{ \
		zx_handle_t h = wrong; \
		EXPECT_STATUS(expression, ZX_ERR_WRONG_TYPE); \
	}

#define CHECK_HANDLE_RIGHT(call, argument, right, maker, expression, ...) \
	CHECK_ERROR(call, ZX_ERR_ACCESS_DENIED, argument##_lacks_##right, \
		    .line = "?" #argument " lacks", ##__VA_ARGS__) \
	{ \
		zx_handle_t h = without_rights(maker, ZX_RIGHT_##right); \
		EXPECT_STATUS(expression, ZX_ERR_ACCESS_DENIED); \
	}

#define CHECK_HANDLE(call, argument, right, maker, expression, ...) \
	CHECK_HANDLE_VALID(call, argument, expression, ##__VA_ARGS__) \
	CHECK_HANDLE_TYPE(call, argument, wrong_type_for(maker), expression, ##__VA_ARGS__) \
	CHECK_HANDLE_RIGHT(call, argument, right, maker, expression, ##__VA_ARGS__)

/* An object of another type: an event, or for an event a port. */
zx_handle_t wrong_type_for(zx_handle_t handle);

/* --- Between the frame's files --- */

/* Ends the check that runs. */
_Noreturn void frame_fail(const char *file, int line, const char *want, const char *saw);
/* Ends the child, if there is one. */
void frame_end_child(void);
/* Waits for the check's threads, and gives back what it has. */
void frame_clean_up(void);
/* How many handles the process has. */
size_t frame_handle_count(void);
/* Whether the check has made some that are lost. */
bool frame_lost_handles(void);
/* Whether the caller is a thread of start_thread(). */
bool frame_on_own_thread(void);

#endif
