/* Names of the values of zx_status_t; the vDSO exports the functions. */
#ifndef ZIRCON_STATUS_H_
#define ZIRCON_STATUS_H_

#include <zircon/types.h>

__BEGIN_CDECLS

/*
 * The name of status as <zircon/errors.h> spells it, "ZX_ERR_NOT_FOUND"; another string for a
 * value without one. The string lasts for ever.
 */
__EXPORT const char *zx_status_get_string(zx_status_t status);
__EXPORT const char *_zx_status_get_string(zx_status_t status);

__END_CDECLS

#endif /* ZIRCON_STATUS_H_ */
