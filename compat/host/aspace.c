#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zircon/syscalls/object.h>

#include "compat/host/host.h"
#include "compat/host/kvm.h"

#define NS_PER_MS 1000000

static zx_status_t status_of(int64_t result)
{
	if (result >= 0)
		return ZX_OK;
	/* Linux runs out of memory, or of mappings (vm.max_map_count). */
	return result == -ENOMEM || result == -EAGAIN ? ZX_ERR_NO_MEMORY : ZX_ERR_INTERNAL;
}

static int send_message(int socket, const void *data, size_t size, int fd)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec vector = { (void *)(uintptr_t)data, size };
	struct msghdr message = { .msg_iov = &vector, .msg_iovlen = 1 };

	if (fd >= 0) {
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	}
	/* There is room, unless the program tampers with its end. */
	return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -errno : 0;
}

/* Waits for the agent's answer; false where it ended without one. */
static bool receive_answer(struct host_process *host, struct zxabi_action *action)
{
	struct pollfd fd = { .fd = host->agent_fd, .events = POLLIN };
	unsigned int looks = 0;
	int ready;

	while ((ready = poll(&fd, 1, ACT_LOOK_NS / NS_PER_MS)) <= 0) {
		if (!ready && ++looks % ACT_LOOKS == 0)
			host__overdue(host);
	}
	return recv(host->agent_fd, action, sizeof(*action), 0) == sizeof(*action);
}

/* The agent does it: for another process, or one that has no thread in a call. */
static zx_status_t act_by_agent(struct host_process *host, struct zxabi_action *action, int fd)
{
	bool done;

	pthread_mutex_lock(&host->agent_lock);
	done = !send_message(host->agent_fd, action, sizeof(*action), fd) &&
	       receive_answer(host, action);
	pthread_mutex_unlock(&host->agent_lock);
	/* A process that died meanwhile has no address space left to be wrong. */
	return done ? status_of(action->result) : ZX_ERR_BAD_STATE;
}

/* The program's thread that waits for @worker does it. */
static zx_status_t act_by_caller(struct worker *worker, struct zxabi_action *action, int fd)
{
	struct zxabi_slot *slot = worker->slot;

	if (fd >= 0 && send_message(worker->host->memory_fd, "", 1, fd))
		return ZX_ERR_BAD_STATE;
	slot->action = *action;
	slot__set(worker, ZXABI_ACTION);
	if (!slot__wait_action(worker))
		return ZX_ERR_INTERNAL_INTR_KILLED;
	action->result = __atomic_load_n(&slot->action.result, __ATOMIC_RELAXED);
	return status_of(action->result);
}

/* Threads of one process get their descriptors from one socket: one at a time. */
static zx_status_t act_with_memory(struct worker *worker, struct zxabi_action *action, int fd)
{
	zx_status_t status;

	pthread_mutex_lock(&worker->host->memory_lock);
	status = act_by_caller(worker, action, fd);
	pthread_mutex_unlock(&worker->host->memory_lock);
	return status;
}

zx_status_t host__act(struct thread *caller, struct process *process, struct zxabi_action *action,
		      int fd)
{
	struct worker *worker = caller ? caller->host : host__worker_self();

	/* A new thread has the scheduling of the one that makes it; the agent's is the usual. */
	if (worker && worker->host->process == process && worker->in_call &&
	    !(action->op == ZXABI_START &&
	      __atomic_load_n(&worker->thread->scheduled, __ATOMIC_RELAXED)))
		return fd < 0 ? act_by_caller(worker, action, fd) :
				act_with_memory(worker, action, fd);
	return act_by_agent(process->host, action, fd);
}

static uint32_t linux_prot(uint32_t prot)
{
	return (prot & HOST_PROT_READ ? PROT_READ : 0) | (prot & HOST_PROT_WRITE ? PROT_WRITE : 0) |
	       (prot & HOST_PROT_EXEC ? PROT_EXEC : 0);
}

zx_status_t host__map(struct thread *caller, struct process *process, uint64_t addr, uint64_t size,
		      uint32_t prot, int id, uint64_t offset, bool writable)
{
	struct zxabi_action action = {
		.op = ZXABI_MAP,
		.prot = linux_prot(prot),
		.addr = addr,
		.size = size,
		.offset = offset,
	};
	zx_status_t status;
	bool temporary;
	int fd = host__mem_fd(id, writable, &temporary);

	if (fd < 0)
		return ZX_ERR_NO_MEMORY;
	status = process->is_guest ?
			 kvm_guest__map(process->host, addr, size, prot, fd, offset) :
			 host__act(caller, process, &action, fd);
	if (temporary)
		close(fd);
	return status;
}

zx_status_t host__unmap(struct thread *caller, struct process *process, uint64_t addr,
			uint64_t size)
{
	struct zxabi_action action = { .op = ZXABI_UNMAP, .addr = addr, .size = size };

	if (process->is_guest)
		return kvm_guest__unmap(process->host, addr, size);
	return host__act(caller, process, &action, -1);
}

zx_status_t host__protect(struct thread *caller, struct process *process, uint64_t addr,
			  uint64_t size, uint32_t prot)
{
	struct zxabi_action action = {
		.op = ZXABI_PROTECT,
		.prot = linux_prot(prot),
		.addr = addr,
		.size = size,
	};

	if (process->is_guest)
		return kvm_guest__protect(process->host, addr, size, prot);
	return host__act(caller, process, &action, -1);
}

zx_status_t host__set_segment_base(struct thread *self, uint32_t which, uint64_t base)
{
	struct zxabi_action action = {
		.op = which == ZX_PROP_REGISTER_FS ? ZXABI_SET_FS : ZXABI_SET_GS,
		.addr = base,
	};

	return host__act(self, self->process, &action, -1);
}

/* The barrier acts on the process of the thread that asks Linux for it. */
zx_status_t host__sync_process(struct thread *self, bool instructions)
{
	struct zxabi_action action = {
		.op = instructions ? ZXABI_SYNC_INSTRUCTIONS : ZXABI_SYNC_DATA,
	};

	return host__act(self, self->process, &action, -1);
}

zx_status_t host__get_segment_base(struct thread *self, uint32_t which, uint64_t *base)
{
	struct zxabi_action action = {
		.op = which == ZX_PROP_REGISTER_FS ? ZXABI_GET_FS : ZXABI_GET_GS,
	};
	zx_status_t status = host__act(self, self->process, &action, -1);

	*base = (uint64_t)action.result;
	return status;
}

zx_status_t host__yield(struct thread *self)
{
	struct zxabi_action action = { .op = ZXABI_YIELD };

	return host__act(self, self->process, &action, -1);
}
