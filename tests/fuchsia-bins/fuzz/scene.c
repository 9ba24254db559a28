/*
 * Calls that are right, on objects that other threads use, close and end at the same time: what
 * random arguments reach only now and then.
 */
#include <zircon/syscalls/port.h>

#include "fuzz.h"
#include "vmar.h"

static zx_handle_t find(struct fuzz *fuzz, zx_obj_type_t type)
{
	return pool__find(fuzz, type);
}

static zx_time_t soon(struct fuzz *fuzz)
{
	return zx_deadline_after((zx_duration_t)(fuzz__next(fuzz) % ZX_USEC(300)));
}

static void send(struct fuzz *fuzz)
{
	zx_handle_t handles[3];
	uint32_t count = (uint32_t)(fuzz__next(fuzz) % 4);

	for (uint32_t i = 0; i < count; i++) {
		handles[i] = ZX_HANDLE_INVALID;
		zx_handle_duplicate(find(fuzz, ZX_OBJ_TYPE_NONE), ZX_RIGHT_SAME_RIGHTS, &handles[i]);
	}
	zx_channel_write(find(fuzz, ZX_OBJ_TYPE_CHANNEL), 0, fuzz->memory,
			 (uint32_t)(fuzz__next(fuzz) % ZX_CHANNEL_MAX_MSG_BYTES), handles, count);
}

static void receive(struct fuzz *fuzz)
{
	zx_handle_t handles[ZX_CHANNEL_MAX_MSG_HANDLES];
	uint32_t size;
	uint32_t count = 0;

	if (zx_channel_read(find(fuzz, ZX_OBJ_TYPE_CHANNEL), (uint32_t)(fuzz__next(fuzz) & 1),
			    fuzz->memory, handles, ZX_CHANNEL_MAX_MSG_BYTES, RT_ARRAY_SIZE(handles), &size,
			    &count))
		return;
	for (uint32_t i = 0; i < count; i++)
		pool__adopt(fuzz, handles[i]);
}

/* Answers what it finds, as the other end of one of these calls may be in the pool. */
static void call(struct fuzz *fuzz)
{
	zx_channel_call_args_t args = {
		.wr_bytes = fuzz->memory,
		.rd_bytes = fuzz->memory + 4096,
		.wr_num_bytes = 16,
		.rd_num_bytes = 4096,
	};
	zx_handle_t channel = find(fuzz, ZX_OBJ_TYPE_CHANNEL);
	uint32_t size;
	uint32_t count;

	if (fuzz__next(fuzz) & 1)
		zx_channel_call(channel, 0, soon(fuzz), &args, &size, &count);
	else if (!zx_channel_read(channel, 0, fuzz->memory, NULL, 4096, 0, &size, &count))
		zx_channel_write(channel, 0, fuzz->memory, size, NULL, 0);
}

static void wait(struct fuzz *fuzz)
{
	zx_wait_item_t items[8];
	zx_signals_t seen;

	for (size_t i = 0; i < RT_ARRAY_SIZE(items); i++)
		items[i] = (zx_wait_item_t){ find(fuzz, ZX_OBJ_TYPE_NONE),
					     (zx_signals_t)fuzz__next(fuzz), 0 };
	if (fuzz__next(fuzz) & 1)
		zx_object_wait_many(items, RT_ARRAY_SIZE(items), soon(fuzz));
	else
		zx_object_wait_one(items[0].handle, items[0].waitfor, soon(fuzz), &seen);
}

static void watch(struct fuzz *fuzz)
{
	zx_handle_t port = find(fuzz, ZX_OBJ_TYPE_PORT);
	zx_handle_t object = find(fuzz, ZX_OBJ_TYPE_NONE);
	zx_port_packet_t packet = { .type = ZX_PKT_TYPE_USER };

	switch (fuzz__next(fuzz) % 4) {
	case 0:
		zx_object_wait_async(object, port, fuzz__next(fuzz) % 4,
				     (zx_signals_t)fuzz__next(fuzz), (uint32_t)fuzz__next(fuzz) % 4);
		break;
	case 1:
		zx_port_cancel(port, object, fuzz__next(fuzz) % 4);
		break;
	case 2:
		zx_port_queue(port, &packet);
		break;
	default:
		zx_port_wait(port, soon(fuzz), &packet);
	}
}

static void signal(struct fuzz *fuzz)
{
	zx_handle_t object = find(fuzz, ZX_OBJ_TYPE_NONE);
	zx_signals_t set = (zx_signals_t)(fuzz__next(fuzz) % 16) << 24;

	if (fuzz__next(fuzz) & 1)
		zx_object_signal(object, ~set & ZX_USER_SIGNAL_ALL, set);
	else
		zx_object_signal_peer(object, 0, set);
	zx_timer_set(find(fuzz, ZX_OBJ_TYPE_TIMER), soon(fuzz), 0);
}

static void map(struct fuzz *fuzz)
{
	zx_handle_t vmar = find(fuzz, ZX_OBJ_TYPE_VMAR);
	uint64_t size = (1 + fuzz__next(fuzz) % 8) * RT_PAGE_SIZE;
	zx_vm_option_t access = ZX_VM_PERM_READ | (fuzz__next(fuzz) & 1 ? ZX_VM_PERM_WRITE : 0);
	zx_vaddr_t at;

	if (rt_vmar__map(vmar, access, 0, find(fuzz, ZX_OBJ_TYPE_VMO), 0, size, &at))
		return;
	if (fuzz__next(fuzz) & 1)
		rt_vmar__protect(vmar, ZX_VM_PERM_READ, at, RT_PAGE_SIZE);
	if (fuzz__next(fuzz) & 3)
		zx_vmar_unmap(vmar, at + (fuzz__next(fuzz) & 1 ? 0 : RT_PAGE_SIZE), size);
}

static void move_memory(struct fuzz *fuzz)
{
	zx_handle_t vmo = find(fuzz, ZX_OBJ_TYPE_VMO);
	uint64_t offset = fuzz__next(fuzz) % (8 * RT_PAGE_SIZE);
	size_t size = fuzz__next(fuzz) % (4 * RT_PAGE_SIZE);

	switch (fuzz__next(fuzz) % 4) {
	case 0:
		zx_vmo_read(vmo, fuzz->memory, offset, size);
		break;
	case 1:
		zx_vmo_write(vmo, fuzz->memory, offset, size);
		break;
	case 2:
		zx_vmo_set_size(vmo, offset & ~(RT_PAGE_SIZE - 1ull));
		break;
	default:
		zx_vmo_op_range(vmo, ZX_VMO_OP_DECOMMIT, 0, RT_PAGE_SIZE, NULL, 0);
	}
}

static void stream_bytes(struct fuzz *fuzz)
{
	zx_handle_t socket = find(fuzz, ZX_OBJ_TYPE_SOCKET);
	zx_handle_t fifo = find(fuzz, ZX_OBJ_TYPE_FIFO);
	size_t size = fuzz__next(fuzz) % FUZZ_MEMORY;
	size_t actual;

	switch (fuzz__next(fuzz) % 5) {
	case 0:
		zx_socket_write(socket, 0, fuzz->memory, size, &actual);
		break;
	case 1:
		zx_socket_read(socket, 0, fuzz->memory, size, &actual);
		break;
	case 2:
		zx_socket_set_disposition(socket, (uint32_t)fuzz__next(fuzz) % 3,
					  (uint32_t)fuzz__next(fuzz) % 3);
		break;
	case 3:
		zx_fifo_write(fifo, 16, fuzz->memory, 1 + fuzz__next(fuzz) % 8, &actual);
		break;
	default:
		zx_fifo_read(fifo, 16, fuzz->memory, 1 + fuzz__next(fuzz) % 8, &actual);
	}
}

/* Words that all threads sleep on, and are moved between. */
static void futexes(struct fuzz *fuzz)
{
	static zx_futex_t words[4];
	zx_futex_t *one = &words[fuzz__next(fuzz) % RT_ARRAY_SIZE(words)];
	zx_futex_t *other = &words[fuzz__next(fuzz) % RT_ARRAY_SIZE(words)];
	zx_handle_t owner = fuzz__next(fuzz) & 3 ? ZX_HANDLE_INVALID : find(fuzz, ZX_OBJ_TYPE_THREAD);

	switch (fuzz__next(fuzz) % 3) {
	case 0:
		zx_futex_wait(one, 0, owner, soon(fuzz));
		break;
	case 1:
		zx_futex_wake(one, (uint32_t)fuzz__next(fuzz) % 4);
		break;
	default:
		zx_futex_requeue(one, 1, 0, other, 4, owner);
	}
}

/* A few pages of zeros are no program: what starts there crashes at once. */
static void start_something(struct fuzz *fuzz)
{
	zx_handle_t process = find(fuzz, ZX_OBJ_TYPE_PROCESS);
	zx_handle_t thread = ZX_HANDLE_INVALID;
	zx_handle_t handle = ZX_HANDLE_INVALID;

	/* Each crash is reported. */
	if (!fuzz__one_in(fuzz, 100) || rt_koid(process) == rt_koid(rt_boot.process))
		return;
	zx_thread_create(process, "started", 7, 0, &thread);
	zx_handle_duplicate(find(fuzz, ZX_OBJ_TYPE_EVENT), ZX_RIGHT_SAME_RIGHTS, &handle);
	zx_process_start(process, thread, RT_PAGE_SIZE, 0, handle, 0);
	if (fuzz__next(fuzz) & 1)
		zx_task_kill(process);
	pool__adopt(fuzz, thread);
}

static void (*const scenes[])(struct fuzz *fuzz) = {
	send, receive, call, wait, watch, signal, map, move_memory, stream_bytes, futexes, start_something,
	scene__play_with_tasks, scene__play_with_tasks, scene__play_with_pagers, scene__play_with_guests,
};

void scene__play(struct fuzz *fuzz)
{
	scenes[fuzz__next(fuzz) % RT_ARRAY_SIZE(scenes)](fuzz);
}
