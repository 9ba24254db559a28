/* What the tests of sockets share. */
#ifndef TESTS_SOCKET_ENDS_H
#define TESTS_SOCKET_ENDS_H

#include "compat/core/event.h"
#include "compat/core/socket.h"
#include "compat/core/socket_queue.h"
#include "tests/core/core_fixture.h"

struct ends {
	zx_handle_t handle[2];
	struct socket *socket[2];
};

static inline struct ends make_socket(uint32_t options)
{
	zx_handle_t *out = user_scratch();
	struct ends ends;

	assert_int_equal(sys_socket_create(fx.self, options, UADDR(&out[0]), UADDR(&out[1])),
			 ZX_OK);
	for (int i = 0; i < 2; i++) {
		ends.handle[i] = out[i];
		ends.socket[i] = fixture__object(out[i]);
	}
	return ends;
}

static inline uint32_t signals_of(struct socket *socket)
{
	return fixture__signals(socket__object(socket));
}

static inline zx_status_t send_text(zx_handle_t socket, const char *text, size_t *actual)
{
	size_t *moved = user_scratch();
	char *buffer = (char *)(moved + 1);
	zx_status_t status;

	memcpy(buffer, text, strlen(text));
	status = sys_socket_write(fx.self, socket, 0, UADDR(buffer), strlen(text), UADDR(moved));
	*actual = *moved;
	return status;
}

/* Reads into @text, which becomes a string. */
static inline zx_status_t receive(zx_handle_t socket, uint32_t options, char *text, size_t size)
{
	size_t *moved = user_scratch();
	char *buffer = (char *)(moved + 1);
	zx_status_t status;

	*moved = 0;
	status = sys_socket_read(fx.self, socket, options, UADDR(buffer), size, UADDR(moved));
	memcpy(text, buffer, *moved);
	text[*moved] = 0;
	return status;
}

#endif
