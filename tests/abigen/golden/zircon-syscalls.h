/* Made by abigen from abi/. Changes belong there. */
#ifndef ZIRCON_SYSCALLS_H
#define ZIRCON_SYSCALLS_H

#include <stddef.h>
#include <stdint.h>

#include <zircon/types.h>
#include <zircon/syscalls/types.h>
#include <zircon/syscalls/object.h>
#include <zircon/syscalls/pci.h>
#include <zircon/syscalls/profile.h>

/* What becomes of handles, for clang's static analyser (fuchsia.HandleChecker). */
#ifdef __has_attribute
#if __has_attribute(__acquire_handle__)
#define ZX_HANDLE_ANNO(what) __attribute__((__##what##_handle__("Fuchsia")))
#endif
#endif
#ifndef ZX_HANDLE_ANNO
#define ZX_HANDLE_ANNO(what)
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Read and write arrays of every kind. */
zx_status_t zx_lamp_arrays(const void *bytes,
	size_t num_bytes,
	zx_handle_t *handles,
	void *rows,
	uint32_t count,
	uint32_t size,
	size_t *actual);
zx_status_t _zx_lamp_arrays(const void *bytes,
	size_t num_bytes,
	zx_handle_t *handles,
	void *rows,
	uint32_t count,
	uint32_t size,
	size_t *actual);

/* End the thread. */
__attribute__((__noreturn__)) void zx_lamp_break(int64_t code);
__attribute__((__noreturn__)) void _zx_lamp_break(int64_t code);

/* A number, not a status. */
uint64_t zx_lamp_count(void);
uint64_t _zx_lamp_count(void);

/* Two calls refused in one way, and one in another. */
zx_status_t zx_lamp_explode(ZX_HANDLE_ANNO(use) zx_handle_t handle,
	void *parts,
	size_t num_parts);
zx_status_t _zx_lamp_explode(ZX_HANDLE_ANNO(use) zx_handle_t handle,
	void *parts,
	size_t num_parts);

/* No result at all. */
void zx_lamp_flicker(void);
void _zx_lamp_flicker(void);

__attribute__((__const__)) uint32_t zx_lamp_get_max(void);
__attribute__((__const__)) uint32_t _zx_lamp_get_max(void);

/* Run in the vDSO. */
const char *zx_lamp_get_name(ZX_HANDLE_ANNO(use) zx_handle_t handle);
const char *_zx_lamp_get_name(ZX_HANDLE_ANNO(use) zx_handle_t handle);

/*
 * Light a lamp.
 * It burns until it is put out.
 */
zx_status_t zx_lamp_light(ZX_HANDLE_ANNO(use) zx_handle_t handle,
	uint32_t options);
zx_status_t _zx_lamp_light(ZX_HANDLE_ANNO(use) zx_handle_t handle,
	uint32_t options);

zx_status_t zx_lamp_plug_in(void);
zx_status_t _zx_lamp_plug_in(void);

/* Not there yet. */
zx_status_t zx_lamp_repair(ZX_HANDLE_ANNO(use) zx_handle_t handle,
	const zx_handle_t *parts,
	size_t num_parts);
zx_status_t _zx_lamp_repair(ZX_HANDLE_ANNO(use) zx_handle_t handle,
	const zx_handle_t *parts,
	size_t num_parts);

zx_status_t zx_lamp_sell(ZX_HANDLE_ANNO(release) zx_handle_t handle);
zx_status_t _zx_lamp_sell(ZX_HANDLE_ANNO(release) zx_handle_t handle);

/* Buffers whose length does not follow from the arguments. */
zx_status_t zx_lamp_unsized(uint64_t options,
	const void *args,
	char *text,
	size_t *text_size);
zx_status_t _zx_lamp_unsized(uint64_t options,
	const void *args,
	char *text,
	size_t *text_size);

/* Structures in both directions. */
zx_status_t zx_lamp_wait(zx_time_t deadline,
	zx_wait_item_t *item,
	zx_time_t *time);
zx_status_t _zx_lamp_wait(zx_time_t deadline,
	zx_wait_item_t *item,
	zx_time_t *time);

#ifdef __cplusplus
}
#endif

#undef ZX_HANDLE_ANNO

#endif
