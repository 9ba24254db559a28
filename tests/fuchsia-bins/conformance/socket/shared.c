#include "socket.h"

size_t fill(zx_handle_t end)
{
	static uint8_t chunk[65536];
	zx_status_t status;
	size_t actual;
	size_t sum = 0;

	for (;;) {
		status = zx_socket_write(end, 0, chunk, sizeof(chunk), &actual);
		if (status != ZX_OK)
			break;
		sum += actual;
	}
	EXPECT_STATUS(status, ZX_ERR_SHOULD_WAIT);
	return sum;
}

/* The three calls agree in what the two bits mean for one's own end, and for the other one. */
void disable_writing(zx_handle_t end, uint32_t ends)
{
	if (era() <= ERA_2018_10)
		EXPECT_OK(zx_socket_write(end, ends, NULL, 0, NULL));
	else if (era() < ERA_NEWEST)
		EXPECT_OK(zx_socket_shutdown(end, ends));
	else
		EXPECT_OK(zx_socket_set_disposition(
			end, ends & THIS_END ? ZX_SOCKET_DISPOSITION_WRITE_DISABLED : 0,
			ends & OTHER_END ? ZX_SOCKET_DISPOSITION_WRITE_DISABLED : 0));
}
