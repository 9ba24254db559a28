/* Made by abigen from abi/. Changes belong there. */
#include "core/calls.h"
#include "compat/core/core.h"

int64_t core_dispatch(struct thread *self, uint32_t nr, const uint64_t args[8])
{
	(void)self;
	(void)args;
	switch (nr) {
	case ZXCALL_lamp_arrays:
		return (int64_t)sys_lamp_arrays(self,
			(user_addr_t)args[0],
			(size_t)args[1],
			(user_addr_t)args[2],
			(user_addr_t)args[3],
			(uint32_t)args[4],
			(uint32_t)args[5],
			(user_addr_t)args[6]);
	case ZXCALL_lamp_break:
		sys_lamp_break(self,
			(int64_t)args[0]);
		return 0;
	case ZXCALL_lamp_count:
		return (int64_t)sys_lamp_count(self);
	case ZXCALL_lamp_flicker:
		sys_lamp_flicker(self);
		return 0;
	case ZXCALL_lamp_light:
		return (int64_t)sys_lamp_light(self,
			(zx_handle_t)args[0],
			(uint32_t)args[1]);
	case ZXCALL_lamp_light_2018:
		return (int64_t)sys_lamp_light_2018(self,
			(zx_handle_t)args[0]);
	case ZXCALL_lamp_unsized:
		return (int64_t)sys_lamp_unsized(self,
			(uint64_t)args[0],
			(user_addr_t)args[1],
			(user_addr_t)args[2],
			(user_addr_t)args[3]);
	case ZXCALL_lamp_wait:
		return (int64_t)sys_lamp_wait(self,
			(zx_time_t)core_time(self, args[0]),
			(user_addr_t)args[1],
			(user_addr_t)args[2]);
	case ZXCALL_lamp_explode:
		return core_refuse(self, (zx_handle_t)args[0], ZX_ERR_ACCESS_DENIED);
	case ZXCALL_lamp_plug_in:
		return ZX_ERR_NOT_SUPPORTED;
	case ZXCALL_lamp_sell:
		return core_refuse_taken(self, (zx_handle_t)args[0], ZX_ERR_ACCESS_DENIED);
	case ZXCALL_lamp_light_2020:
	case ZXCALL_lamp_repair:
		return ZX_ERR_NOT_SUPPORTED;
	default:
		return ZX_ERR_BAD_SYSCALL;
	}
}
