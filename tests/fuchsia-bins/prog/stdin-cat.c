/* Copies standard input to standard output until the input ends. */
#include "rt.h"

#include <zircon/errors.h>

static char buffer[16384];

int main(int argc, char **argv)
{
	zx_handle_t in = rt_boot__fd(0);
	zx_handle_t out = rt_boot__fd(1);
	zx_status_t status;
	size_t actual;

	(void)argc;
	(void)argv;
	for (;;) {
		status = zx_socket_read(in, 0, buffer, sizeof(buffer), &actual);
		if (status == ZX_ERR_SHOULD_WAIT)
			status = zx_object_wait_one(in,
						    ZX_SOCKET_READABLE | ZX_SOCKET_PEER_CLOSED |
							    ZX_SOCKET_PEER_WRITE_DISABLED,
						    ZX_TIME_INFINITE, NULL);
		else if (status == ZX_OK)
			status = rt_socket_write_all(out, buffer, actual);
		if (status != ZX_OK)
			break;
	}
	/* The two ways in which a socket says that nothing more will come. */
	if (status == ZX_ERR_PEER_CLOSED || status == ZX_ERR_BAD_STATE)
		return 0;
	rt_print_error("stdin-cat: %d\n", status);
	return 1;
}
