/* Runs the dispatch function made from sample.abigen: handlers get their arguments, errors come. */
#include <stdio.h>
#include <zircon/errors.h>

#include "core/calls.h"
#include "compat/core/core.h"

static int failures;

#define EXPECT(cond)								\
	do {									\
		if (!(cond)) {							\
			printf("%s:%d: %s\n", __FILE__, __LINE__, #cond);	\
			failures++;						\
		}								\
	} while (0)

struct thread {
	int calls;
};

zx_status_t sys_lamp_light(struct thread *self, zx_handle_t handle, uint32_t options)
{
	self->calls++;
	EXPECT(handle == 0x89abcdef);
	EXPECT(options == 7);
	return ZX_ERR_BAD_STATE;
}

zx_status_t sys_lamp_light_2018(struct thread *self, zx_handle_t handle)
{
	self->calls++;
	EXPECT(handle == 3);
	return ZX_OK;
}

zx_status_t sys_lamp_arrays(struct thread *self, user_addr_t bytes, size_t num_bytes,
			    user_addr_t handles, user_addr_t rows, uint32_t count, uint32_t size,
			    user_addr_t actual)
{
	self->calls++;
	EXPECT(bytes == UINT64_C(0x7fff00001000));
	EXPECT(num_bytes == UINT64_MAX);
	EXPECT(handles == 3 && rows == 4 && count == 5 && size == 6);
	EXPECT(actual == UINT64_C(0x7fff00002000));
	return ZX_OK;
}

zx_status_t sys_lamp_unsized(struct thread *self, uint64_t options, user_addr_t args,
			     user_addr_t text, user_addr_t text_size)
{
	self->calls++;
	EXPECT(options == 1 && args == 2 && text == 3 && text_size == 4);
	return ZX_OK;
}

zx_status_t sys_lamp_wait(struct thread *self, zx_time_t deadline, user_addr_t item,
			  user_addr_t time)
{
	self->calls++;
	EXPECT(deadline == -2 && item == 2 && time == 3);
	return ZX_ERR_TIMED_OUT;
}

void sys_lamp_break(struct thread *self, int64_t code)
{
	self->calls++;
	EXPECT(code == -5);
}

uint64_t sys_lamp_count(struct thread *self)
{
	self->calls++;
	return UINT64_C(1) << 63;
}

void sys_lamp_flicker(struct thread *self)
{
	self->calls++;
}

/* Whatever the core makes of times is what calls get. */
uint64_t core_time(const struct thread *self, uint64_t time)
{
	(void)self;
	return time - 1;
}

zx_status_t core_refuse(struct thread *self, zx_handle_t handle, zx_status_t status)
{
	(void)self;
	EXPECT(handle == 1);
	return status;
}

zx_status_t core_refuse_taken(struct thread *self, zx_handle_t handle, zx_status_t status)
{
	return core_refuse(self, handle, status);
}

int main(void)
{
	struct thread self = { 0 };
	const uint64_t light[8] = { UINT64_C(0x1234567889abcdef), UINT64_C(0x100000007) };
	const uint64_t arrays[8] = { UINT64_C(0x7fff00001000), UINT64_MAX, 3, 4, 5, 6,
				     UINT64_C(0x7fff00002000) };
	const uint64_t numbers[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	const uint64_t three[8] = { 3 };
	const uint64_t negative[8] = { (uint64_t)-1, 2, 3 };
	const uint64_t code[8] = { (uint64_t)-5 };

	/* The upper halves of narrow arguments are the caller's rubbish, and do not get through. */
	EXPECT(core_dispatch(&self, ZXCALL_lamp_light, light) == ZX_ERR_BAD_STATE);
	EXPECT(core_dispatch(&self, ZXCALL_lamp_light_2018, three) == ZX_OK);
	EXPECT(core_dispatch(&self, ZXCALL_lamp_arrays, arrays) == ZX_OK);
	EXPECT(core_dispatch(&self, ZXCALL_lamp_unsized, numbers) == ZX_OK);
	EXPECT(core_dispatch(&self, ZXCALL_lamp_wait, negative) == ZX_ERR_TIMED_OUT);
	EXPECT(core_dispatch(&self, ZXCALL_lamp_count, numbers) == INT64_MIN);
	core_dispatch(&self, ZXCALL_lamp_break, code);
	core_dispatch(&self, ZXCALL_lamp_flicker, numbers);
	EXPECT(self.calls == 8);

	EXPECT(core_dispatch(&self, ZXCALL_lamp_explode, numbers) == ZX_ERR_ACCESS_DENIED);
	EXPECT(core_dispatch(&self, ZXCALL_lamp_sell, numbers) == ZX_ERR_ACCESS_DENIED);
	EXPECT(core_dispatch(&self, ZXCALL_lamp_plug_in, numbers) == ZX_ERR_NOT_SUPPORTED);
	EXPECT(core_dispatch(&self, ZXCALL_lamp_repair, numbers) == ZX_ERR_NOT_SUPPORTED);
	EXPECT(core_dispatch(&self, ZXCALL_lamp_light_2020, numbers) == ZX_ERR_NOT_SUPPORTED);
	EXPECT(core_dispatch(&self, ZXCALL_COUNT, numbers) == ZX_ERR_BAD_SYSCALL);
	EXPECT(core_dispatch(&self, UINT32_MAX, numbers) == ZX_ERR_BAD_SYSCALL);
	EXPECT(self.calls == 8);
	return failures != 0;
}
