/*
 * The values of zx_status_t: 0 for success, negative for failure. Which call gives which error,
 * and when, is said on the call's reference page; the remarks here only tell them apart.
 */
#ifndef ZIRCON_ERRORS_H_
#define ZIRCON_ERRORS_H_

#define ZX_OK				(0)

/* About the system itself */
#define ZX_ERR_INTERNAL			(-1)	/* a broken invariant: a bug, not the caller's */
#define ZX_ERR_NOT_SUPPORTED		(-2)	/* not here, not on this object, not built in */
#define ZX_ERR_NO_RESOURCES		(-3)	/* a fixed supply other than memory ran out */
#define ZX_ERR_NO_MEMORY		(-4)
#define ZX_ERR_INTERNAL_INTR_RETRY	(-6)	/* call again; never seen outside the vDSO */

/* About the arguments */
#define ZX_ERR_INVALID_ARGS		(-10)	/* wrong whatever the state of the system */
#define ZX_ERR_BAD_HANDLE		(-11)
#define ZX_ERR_WRONG_TYPE		(-12)	/* a good handle to another kind of object */
#define ZX_ERR_BAD_SYSCALL		(-13)
#define ZX_ERR_OUT_OF_RANGE		(-14)	/* outside of what this object holds now */
#define ZX_ERR_BUFFER_TOO_SMALL		(-15)

/* About the state of the object */
#define ZX_ERR_BAD_STATE		(-20)
#define ZX_ERR_TIMED_OUT		(-21)
#define ZX_ERR_SHOULD_WAIT		(-22)	/* would block: wait for a signal, try again */
#define ZX_ERR_CANCELED			(-23)
#define ZX_ERR_PEER_CLOSED		(-24)
#define ZX_ERR_NOT_FOUND		(-25)
#define ZX_ERR_ALREADY_EXISTS		(-26)
#define ZX_ERR_ALREADY_BOUND		(-27)
#define ZX_ERR_UNAVAILABLE		(-28)	/* cannot be had now; may be had later */

/* About permission */
#define ZX_ERR_ACCESS_DENIED		(-30)	/* the handle lacks a right, or policy forbids */

/* About input and output */
#define ZX_ERR_IO			(-40)
#define ZX_ERR_IO_REFUSED		(-41)
#define ZX_ERR_IO_DATA_INTEGRITY	(-42)	/* data came, and a check of them failed */
#define ZX_ERR_IO_DATA_LOSS		(-43)
#define ZX_ERR_IO_NOT_PRESENT		(-44)
#define ZX_ERR_IO_OVERRUN		(-45)
#define ZX_ERR_IO_MISSED_DEADLINE	(-46)
#define ZX_ERR_IO_INVALID		(-47)

/* About files */
#define ZX_ERR_BAD_PATH			(-50)
#define ZX_ERR_NOT_DIR			(-51)
#define ZX_ERR_NOT_FILE			(-52)
#define ZX_ERR_FILE_BIG			(-53)
#define ZX_ERR_NO_SPACE			(-54)
#define ZX_ERR_NOT_EMPTY		(-55)

/* Flow control between pieces of a program; no call returns them */
#define ZX_ERR_STOP			(-60)
#define ZX_ERR_NEXT			(-61)
#define ZX_ERR_ASYNC			(-62)

/* About the network */
#define ZX_ERR_PROTOCOL_NOT_SUPPORTED	(-70)
#define ZX_ERR_ADDRESS_UNREACHABLE	(-71)
#define ZX_ERR_ADDRESS_IN_USE		(-72)
#define ZX_ERR_NOT_CONNECTED		(-73)
#define ZX_ERR_CONNECTION_REFUSED	(-74)
#define ZX_ERR_CONNECTION_RESET		(-75)
#define ZX_ERR_CONNECTION_ABORTED	(-76)

/* The calling thread was killed within the call; never seen by a program */
#define ZX_ERR_INTERNAL_INTR_KILLED	(-502)

#endif /* ZIRCON_ERRORS_H_ */
