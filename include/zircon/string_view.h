/* A string by pointer and length; what zx_system_get_version_string returns, in rax and rdx. */
#ifndef ZIRCON_STRING_VIEW_H_
#define ZIRCON_STRING_VIEW_H_

#include <stddef.h>

typedef struct zx_string_view {
	const char *c_str;	/* also ends in a NUL byte, which length does not count */
	size_t length;		/* bytes */
} zx_string_view_t;

#endif /* ZIRCON_STRING_VIEW_H_ */
