/* What the files of this program share: calls that a program without resources is refused. */
#ifndef CONFORMANCE_DEVICE_H
#define CONFORMANCE_DEVICE_H

#include "conformance.h"

/* The errors of a call whose first argument is a handle to what the program does not have. */
#define CHECK_REFUSED(call, argument, expression, ...) \
	CHECK_HANDLE_VALID(call, argument, expression, ##__VA_ARGS__) \
	CHECK_HANDLE_TYPE(call, argument, make_event(), expression, ##__VA_ARGS__)

/*
 * A call that some systems lack, made with an invalid handle: a system that has it looks at the
 * handle first.
 */
static inline zx_status_t lacking(zx_status_t status)
{
	if (status == ZX_ERR_BAD_HANDLE)
		skip("the system has this call");
	return status;
}

#define CHECK_LACKING(call, expression, text, ...) \
	CHECK_ERROR(call, ZX_ERR_NOT_SUPPORTED, lacking, .line = text, ##__VA_ARGS__) \
	{ \
		EXPECT_STATUS(lacking(expression), ZX_ERR_NOT_SUPPORTED); \
	}

#endif
