/*
 * Handles that a program's libc keeps from its start. libc.so implements these functions; the
 * system does not.
 */
#ifndef ZIRCON_PROCESS_H_
#define ZIRCON_PROCESS_H_

#include <stdint.h>
#include <zircon/types.h>

__BEGIN_CDECLS

/*
 * Take the handle that came in the bootstrap message with the info word hnd_info (see PA_HND).
 * The caller owns it from then on; a second call, or a handle that never came, gives
 * ZX_HANDLE_INVALID.
 */
zx_handle_t zx_take_startup_handle(uint32_t hnd_info);

/* The calling thread, its process, the root of its address space; libc keeps owning them. */
zx_handle_t zx_thread_self(void);
zx_handle_t _zx_thread_self(void);
zx_handle_t zx_process_self(void);
zx_handle_t _zx_process_self(void);
zx_handle_t zx_vmar_root_self(void);
zx_handle_t _zx_vmar_root_self(void);

/* The job for new processes; ZX_HANDLE_INVALID when the program was given none. */
zx_handle_t zx_job_default(void);
zx_handle_t _zx_job_default(void);

__END_CDECLS

#endif /* ZIRCON_PROCESS_H_ */
