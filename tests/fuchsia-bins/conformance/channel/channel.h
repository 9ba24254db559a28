/* What the files of this program share. */
#ifndef CONFORMANCE_CHANNEL_H
#define CONFORMANCE_CHANNEL_H

#include "conformance.h"

/* One end of a new channel; the other one is there too. */
static inline zx_handle_t channel_end(void)
{
	zx_handle_t a, b;

	make_channel(&a, &b);
	return a;
}

/* An end whose other end is gone. */
static inline zx_handle_t lonely_end(void)
{
	zx_handle_t a, b;

	make_channel(&a, &b);
	EXPECT_OK(zx_handle_close(a));
	return b;
}

static inline zx_handle_t without_transfer(void)
{
	return without_rights(make_event(), ZX_RIGHT_TRANSFER);
}

#endif
