/*
 * Places, in bytes from the thread pointer, that compilers for *-fuchsia use without being told.
 * Assembly files may include this.
 */
#ifndef ZIRCON_TLS_H_
#define ZIRCON_TLS_H_

#define ZX_TLS_STACK_GUARD_OFFSET	0x10	/* the value that stack protection checks */
#define ZX_TLS_UNSAFE_SP_OFFSET		0x18	/* the second stack, of -fsanitize=safe-stack */

#endif /* ZIRCON_TLS_H_ */
