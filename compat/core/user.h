/*
 * Program memory as the core sees it: an address that only these functions may follow. A bad
 * address is ZX_ERR_INVALID_ARGS, as in Zircon, never a fault of the core.
 */
#ifndef COMPAT_CORE_USER_H
#define COMPAT_CORE_USER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zircon/types.h>

typedef uint64_t user_addr_t;

struct process;
struct thread;

/*
 * A buffer argument of the running call that already travelled with it: [addr, addr + size) of
 * the program is at @data. @written counts the bytes from the start that the call has produced
 * and that the calling side must still copy to the program.
 */
struct user_window {
	user_addr_t addr;
	uint32_t size;
	uint32_t written;
	uint8_t in;  /* @data holds the program's bytes */
	uint8_t out; /* bytes put there reach the program */
	char *data;
};

#define USER_WINDOWS 6

/* Both copy all of @size or fail with ZX_ERR_INVALID_ARGS; @size 0 always succeeds. */
zx_status_t user__copy_in(struct thread *self, void *dst, user_addr_t src, size_t size);
zx_status_t user__copy_out(struct thread *self, user_addr_t dst, const void *src, size_t size);

/*
 * The same on any process's memory, through its mappings. They stop at the first byte that is not
 * mapped with the needed access, and say in @done (may be NULL) how far they came.
 */
zx_status_t user__read_process(struct process *process, void *dst, user_addr_t src, size_t size,
			       size_t *done);
zx_status_t user__write_process(struct process *process, user_addr_t dst, const void *src,
				size_t size, size_t *done);

/*
 * The last two give ZX_ERR_SHOULD_WAIT for pages that a pager has to supply. Then this waits for
 * them, without any lock, and is true: it is to be tried again. Where they do not come, *status
 * becomes that of a bad address.
 */
bool user__again(struct thread *self, user_addr_t addr, size_t size, bool write,
		 zx_status_t *status);

/*
 * Why [addr, addr + size) cannot be accessed with @prot (one of HOST_PROT_*), where a call tells:
 * ZX_ERR_NOT_FOUND (nothing is mapped), ZX_ERR_ACCESS_DENIED (not so), ZX_ERR_OUT_OF_RANGE (behind
 * the end of the memory), ZX_ERR_INVALID_ARGS (no address of programs, since 2021; or it can be by now).
 */
zx_status_t user__fault(struct thread *self, user_addr_t addr, size_t size, uint32_t prot);

/*
 * For calls that copy between a VMO and a buffer, which is to be accessed with @prot. Up to 2019-01
 * they look at all of the buffer first: ZX_ERR_INVALID_ARGS. Later they say what is wrong with one
 * that could not be accessed, when the copying has ended with @status.
 */
zx_status_t user__check_buffer(struct thread *self, user_addr_t addr, size_t size, uint32_t prot);
zx_status_t user__explain(struct thread *self, zx_status_t status, user_addr_t addr, size_t size,
			  uint32_t prot);

/* One value in or out, by the type of *ptr. */
#define user__get(self, ptr, addr) user__copy_in(self, ptr, addr, sizeof(*(ptr)))
#define user__put(self, addr, ptr) user__copy_out(self, addr, ptr, sizeof(*(ptr)))

#endif
