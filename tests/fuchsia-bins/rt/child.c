/* A process made by hand. */
#include "child.h"

#include <zircon/errors.h>

#include "elf_image.h"
#include "string.h"
#include "vmar.h"

#define PAGE_SIZE ((size_t)RT_PAGE_SIZE)
#define CODE_SIZE (4 * PAGE_SIZE)
#define STACK_SIZE (4 * PAGE_SIZE)
#define READ_WRITE (ZX_VM_PERM_READ | ZX_VM_PERM_WRITE)
#define READ_EXECUTE (ZX_VM_PERM_READ | ZX_VM_PERM_EXECUTE)

struct order {
	uint64_t order;
	uint64_t value;
	uint64_t args[RT_CHILD_ARGS];
};

typedef int64_t (*any_call)(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t,
			    uint64_t);

/* The calls that the child makes: their addresses in its own vDSO. */
struct calls {
	__typeof__(&zx_channel_read) channel_read;
	__typeof__(&zx_channel_write) channel_write;
	__typeof__(&zx_object_wait_one) object_wait_one;
	__typeof__(&zx_event_create) event_create;
	__typeof__(&zx_handle_close) handle_close;
	__typeof__(&zx_nanosleep) nanosleep;
	__typeof__(&zx_process_exit) process_exit;
	__typeof__(&zx_thread_exit) thread_exit;
	__typeof__(&zx_futex_wait) futex_wait;
	__typeof__(&zx_futex_wake) futex_wake;
};

/* What other threads of the child run; under the same rules as child_main(). */
__attribute__((section("child_threads"), optnone, noinline, used)) static void
child_thread(struct rt_child_shared *shared, const struct calls *calls)
{
	__atomic_fetch_add(&shared->arrived, 1, __ATOMIC_SEQ_CST);
	while (!__atomic_load_n(&shared->stop, __ATOMIC_SEQ_CST))
		if (!__atomic_load_n(&shared->spin, __ATOMIC_SEQ_CST))
			calls->futex_wait((const zx_futex_t *)&shared->stop, 0, ZX_HANDLE_INVALID,
					  ZX_TIME_INFINITE);
	calls->thread_exit();
}

extern const uint8_t __start_child_threads[] __attribute__((visibility("hidden")));
extern const uint8_t __stop_child_threads[] __attribute__((visibility("hidden")));

/*
 * What the child runs. It is copied out of this program, so it may refer to nothing outside itself:
 * no constants, no tables, no calls but those it is given. Not optimised, because the compiler
 * would be free to make some.
 */
__attribute__((section("child_code"), optnone, noinline, used)) static void
child_main(zx_handle_t bootstrap, const struct calls *calls)
{
	struct order order;
	zx_handle_t event;
	int64_t answer;
	uint32_t size;

	for (;;) {
		calls->object_wait_one(bootstrap, ZX_CHANNEL_READABLE | ZX_CHANNEL_PEER_CLOSED,
				       ZX_TIME_INFINITE, NULL);
		if (calls->channel_read(bootstrap, 0, &order, NULL, sizeof(order), 0, &size, NULL))
			calls->process_exit(99);
		if (order.order == RT_CHILD_EXIT)
			calls->process_exit((int64_t)order.value);
		if (order.order == RT_CHILD_SLEEP)
			calls->nanosleep(ZX_TIME_INFINITE);
		if (order.order == RT_CHILD_CRASH)
			__asm__ volatile("ud2");
		while (order.order == RT_CHILD_BREAK)
			__asm__ volatile("int3");
		if (order.order == RT_CHILD_WAKE)
			answer = calls->futex_wake((const zx_futex_t *)order.value, UINT32_MAX);
		if (order.order == RT_CHILD_PEEK)
			answer = *(const int32_t *)order.value;
		if (order.order == RT_CHILD_ADD)
			answer = (*(volatile int32_t *)order.value)++;
		if (order.order == RT_CHILD_MAKE_EVENT) {
			answer = calls->event_create(0, &event);
			if (answer == ZX_OK)
				calls->handle_close(event);
		}
		if (order.order == RT_CHILD_CALL)
			answer = ((any_call)order.value)(order.args[0], order.args[1], order.args[2],
							 order.args[3], order.args[4], order.args[5],
							 order.args[6], order.args[7]);
		calls->channel_write(bootstrap, 0, &answer, sizeof(answer), NULL, 0);
	}
}

extern const uint8_t __start_child_code[] __attribute__((visibility("hidden")));
extern const uint8_t __stop_child_code[] __attribute__((visibility("hidden")));

/* Maps a new VMO with `size` bytes from `bytes` into the child. Consumes nothing. */
static zx_status_t map_copy(zx_handle_t vmar, uint32_t options, const void *bytes, size_t size,
			    size_t length, zx_vaddr_t *at)
{
	zx_handle_t vmo;
	zx_status_t status;

	status = zx_vmo_create(length, 0, &vmo);
	if (status != ZX_OK)
		return status;
	status = zx_vmo_write(vmo, bytes, 0, size);
	if (status == ZX_OK && options & ZX_VM_PERM_EXECUTE)
		status = zx_vmo_replace_as_executable(vmo, ZX_HANDLE_INVALID, &vmo);
	if (status == ZX_OK)
		status = rt_vmar__map(vmar, options, 0, vmo, 0, length, at);
	zx_handle_close(vmo);
	return status;
}

/* Maps the vDSO as its program headers say; Zircon allows it in no other way. */
static zx_status_t map_vdso(zx_handle_t parent, zx_vaddr_t *base)
{
	zx_handle_t vmo = rt_boot__handle(PA_VMO_VDSO, 0);
	const struct elf64_header *header = rt_boot.vdso;
	const struct elf64_segment *segment;
	zx_handle_t vmar;
	zx_status_t status;
	uint64_t end = 0;
	int i;

	if (!header || !vmo)
		return ZX_ERR_NOT_FOUND;
	segment = (const void *)((const char *)header + header->phoff);
	for (i = 0; i < header->phnum; i++)
		if (segment[i].type == ELF_PT_LOAD && segment[i].vaddr + segment[i].memsz > end)
			end = segment[i].vaddr + segment[i].memsz;
	end = (end + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	status = rt_vmar__allocate(parent,
				   ZX_VM_CAN_MAP_READ | ZX_VM_CAN_MAP_EXECUTE |
					   ZX_VM_CAN_MAP_SPECIFIC,
				   0, end, &vmar, base);
	if (status != ZX_OK)
		return status;
	for (i = 0; i < header->phnum && status == ZX_OK; i++) {
		uint64_t start = segment[i].vaddr & ~(PAGE_SIZE - 1);
		uint32_t options = ZX_VM_SPECIFIC;
		zx_vaddr_t mapped;

		if (segment[i].type != ELF_PT_LOAD)
			continue;
		options |= segment[i].flags & ELF_PF_X ? READ_EXECUTE : ZX_VM_PERM_READ;
		end = (segment[i].vaddr + segment[i].memsz + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
		status = rt_vmar__map(vmar, options, start, vmo,
				      segment[i].offset & ~(PAGE_SIZE - 1), end - start, &mapped);
	}
	zx_handle_close(vmar);
	return status;
}

/* The address in the child of a call whose address in this process is known. */
static void *in_child(const void *call, zx_vaddr_t base)
{
	return (void *)((uintptr_t)call - (uintptr_t)rt_boot.vdso + base);
}

static void fill_calls(struct calls *calls, zx_vaddr_t base)
{
	calls->channel_read = in_child(zx_channel_read, base);
	calls->channel_write = in_child(zx_channel_write, base);
	calls->object_wait_one = in_child(zx_object_wait_one, base);
	calls->event_create = in_child(zx_event_create, base);
	calls->handle_close = in_child(zx_handle_close, base);
	calls->nanosleep = in_child(zx_nanosleep, base);
	calls->process_exit = in_child(zx_process_exit, base);
	calls->thread_exit = in_child(zx_thread_exit, base);
	calls->futex_wait = in_child(zx_futex_wait, base);
	calls->futex_wake = in_child(zx_futex_wake, base);
}

static zx_status_t fill_address_space(struct rt_child *child)
{
	struct calls calls;
	zx_status_t status;

	status = map_vdso(child->root_vmar, &child->vdso);
	if (status != ZX_OK)
		return status;
	fill_calls(&calls, child->vdso);
	return map_copy(child->root_vmar, READ_WRITE, &calls, sizeof(calls), PAGE_SIZE,
			&child->data);
}

zx_status_t rt_child__create(struct rt_child *child, zx_handle_t job, const char *name)
{
	zx_status_t status;

	memset(child, 0, sizeof(*child));
	status = zx_process_create(job, name, strlen(name), 0, &child->process, &child->root_vmar);
	if (status == ZX_OK)
		status = zx_thread_create(child->process, "child", 5, 0, &child->thread);
	if (status == ZX_OK)
		status = fill_address_space(child);
	if (status != ZX_OK)
		rt_child__close(child);
	return status;
}

zx_status_t rt_child__start(struct rt_child *child)
{
	static const uint64_t zero;
	zx_handle_t bootstrap;
	zx_vaddr_t code, stack;
	zx_status_t status;

	status = map_copy(child->root_vmar, READ_EXECUTE, __start_child_code,
			  (size_t)(__stop_child_code - __start_child_code), CODE_SIZE, &code);
	if (status == ZX_OK)
		status = map_copy(child->root_vmar, READ_WRITE, &zero, sizeof(zero), STACK_SIZE,
				  &stack);
	if (status == ZX_OK)
		status = zx_channel_create(0, &child->channel, &bootstrap);
	if (status != ZX_OK)
		return status;
	/* The section holds nothing but the one function. */
	return zx_process_start(child->process, child->thread, code, stack + STACK_SIZE - 8,
				bootstrap, child->data);
}

zx_status_t rt_child__add_thread(struct rt_child *child, const char *name, zx_handle_t *thread)
{
	static const uint64_t zero;
	zx_vaddr_t code, stack;
	zx_status_t status;

	status = map_copy(child->root_vmar, READ_EXECUTE, __start_child_threads,
			  (size_t)(__stop_child_threads - __start_child_threads), PAGE_SIZE, &code);
	if (status == ZX_OK)
		status = map_copy(child->root_vmar, READ_WRITE, &zero, sizeof(zero), STACK_SIZE,
				  &stack);
	if (status == ZX_OK)
		status = zx_thread_create(child->process, name, strlen(name), 0, thread);
	if (status != ZX_OK)
		return status;
	return zx_thread_start(*thread, code, stack + STACK_SIZE - 8, RT_CHILD_SHARED(child),
			       child->data);
}

zx_status_t rt_child__tell(struct rt_child *child, enum rt_child_order order, uint64_t value)
{
	struct order message = { .order = order, .value = value };

	return zx_channel_write(child->channel, 0, &message, sizeof(message), NULL, 0);
}

static zx_status_t receive(struct rt_child *child, int64_t *answer)
{
	uint32_t size, count;
	zx_status_t status;

	status = zx_object_wait_one(child->channel, ZX_CHANNEL_READABLE | ZX_CHANNEL_PEER_CLOSED,
				    ZX_TIME_INFINITE, NULL);
	if (status == ZX_OK)
		status = zx_channel_read(child->channel, 0, answer, NULL, sizeof(*answer), 0, &size,
					 &count);
	return status;
}

zx_status_t rt_child__ask(struct rt_child *child, enum rt_child_order order, uint64_t value,
			  int64_t *answer)
{
	zx_status_t status = rt_child__tell(child, order, value);

	return status == ZX_OK ? receive(child, answer) : status;
}

zx_status_t rt_child__call(struct rt_child *child, const void *function,
			   const uint64_t args[RT_CHILD_ARGS], int64_t *answer)
{
	struct order message = {
		.order = RT_CHILD_CALL,
		.value = (uint64_t)(uintptr_t)in_child(function, child->vdso),
	};
	zx_status_t status;

	memcpy(message.args, args, sizeof(message.args));
	status = zx_channel_write(child->channel, 0, &message, sizeof(message), NULL, 0);
	return status == ZX_OK ? receive(child, answer) : status;
}

zx_status_t rt_child__wait(struct rt_child *child, int64_t *code)
{
	zx_info_process_t info;
	zx_status_t status;

	status = zx_object_wait_one(child->process, ZX_PROCESS_TERMINATED, ZX_TIME_INFINITE, NULL);
	if (status == ZX_OK)
		status = zx_object_get_info(child->process, ZX_INFO_PROCESS, &info, sizeof(info),
					    NULL, NULL);
	if (status == ZX_OK)
		*code = info.return_code;
	return status;
}

void rt_child__close(struct rt_child *child)
{
	zx_handle_t handles[] = { child->process, child->root_vmar, child->thread, child->channel };

	zx_handle_close_many(handles, RT_ARRAY_SIZE(handles));
	memset(child, 0, sizeof(*child));
}
