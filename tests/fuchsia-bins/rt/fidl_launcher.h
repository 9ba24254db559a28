/*
 * A client of fuchsia.process.Launcher, spoken by hand in the wire format of the program's era.
 * All functions return the status of the transport, or else that of the reply.
 */
#ifndef RT_FIDL_LAUNCHER_H
#define RT_FIDL_LAUNCHER_H

#include <stddef.h>
#include <stdint.h>

#include <zircon/types.h>

/* What a process that is not started yet needs to be; the handles are the caller's. */
struct launcher_start_data {
	zx_handle_t process;
	zx_handle_t root_vmar;
	zx_handle_t thread;
	zx_handle_t bootstrap;
	uint64_t entry;
	uint64_t stack;
	uint64_t vdso_base;
	uint64_t base;
};

/* In the format of 2018: with the ordinals of January 2019. */
extern bool launcher_of_2019;

/* Strings may hold any bytes; @sizes may be NULL where they end with a NUL. */
zx_status_t launcher_add_args(zx_handle_t launcher, const char *const *args, const size_t *sizes,
			      size_t count);
zx_status_t launcher_add_environs(zx_handle_t launcher, const char *const *environ, size_t count);
/* These use up the handle. */
zx_status_t launcher_add_name(zx_handle_t launcher, const char *path, zx_handle_t directory);
zx_status_t launcher_add_handle(zx_handle_t launcher, uint32_t id, zx_handle_t handle);

/* Both use up `executable`; `job` stays. */
zx_status_t launcher_launch(zx_handle_t launcher, zx_handle_t executable, zx_handle_t job,
			    const char *name, zx_handle_t *process);
/* Launches without waiting for the reply. */
zx_status_t launcher_send(zx_handle_t launcher, zx_handle_t executable, zx_handle_t job,
			  const char *name);
zx_status_t launcher_create(zx_handle_t launcher, zx_handle_t executable, zx_handle_t job,
			    const char *name, struct launcher_start_data *data);

#endif
