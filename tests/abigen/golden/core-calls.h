/* Made by abigen from abi/. Changes belong there. */
#ifndef CORE_CALLS_H
#define CORE_CALLS_H

#include <stdint.h>

#include <zircon/types.h>
#include <zircon/syscalls/types.h>

#include "compat/core/user.h"
#include "zxabi/calls.h"

struct thread;

zx_status_t sys_lamp_arrays(struct thread *self, user_addr_t bytes, size_t num_bytes, user_addr_t handles, user_addr_t rows, uint32_t count, uint32_t size, user_addr_t actual);
void sys_lamp_break(struct thread *self, int64_t code);
uint64_t sys_lamp_count(struct thread *self);
void sys_lamp_flicker(struct thread *self);
zx_status_t sys_lamp_light(struct thread *self, zx_handle_t handle, uint32_t options);
zx_status_t sys_lamp_light_2018(struct thread *self, zx_handle_t handle);
zx_status_t sys_lamp_unsized(struct thread *self, uint64_t options, user_addr_t args, user_addr_t text, user_addr_t text_size);
zx_status_t sys_lamp_wait(struct thread *self, zx_time_t deadline, user_addr_t item, user_addr_t time);

/*
 * Run call @nr with @args for @self. Calls that this build refuses or lacks give
 * their error, a number that is no call ZX_ERR_BAD_SYSCALL.
 */
int64_t core_dispatch(struct thread *self, uint32_t nr, const uint64_t args[8]);

#endif
