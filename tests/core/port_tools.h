/* What the tests of ports share. */
#ifndef TESTS_PORT_TOOLS_H
#define TESTS_PORT_TOOLS_H

#include <zircon/syscalls/object.h>

#include "compat/core/exception.h"
#include "compat/core/channel.h"
#include "compat/core/event.h"
#include "compat/core/port.h"
#include "tests/core/core_fixture.h"

#define PKT_TYPE_SIGNAL_REP 2u

static inline zx_handle_t make_port(void)
{
	zx_handle_t *out = user_new(zx_handle_t);

	assert_int_equal(sys_port_create(fx.self, 0, UADDR(out)), ZX_OK);
	return *out;
}

static inline zx_handle_t make_event(void)
{
	return fixture__handle(event__create(), ZX_DEFAULT_EVENT_RIGHTS);
}

static inline void signal_event(zx_handle_t event, uint32_t clear, uint32_t set)
{
	assert_int_equal(sys_object_signal(fx.self, event, clear, set), ZX_OK);
}

static inline void wait_async(zx_handle_t port, zx_handle_t event, uint64_t key, uint32_t options)
{
	assert_int_equal(sys_object_wait_async(fx.self, event, port, key, ZX_EVENT_SIGNALED,
					       options),
			 ZX_OK);
}

static inline zx_status_t take(zx_handle_t port, zx_port_packet_t *packet)
{
	zx_port_packet_t *out = user_scratch();
	zx_status_t status = sys_port_wait(fx.self, port, 0, UADDR(out));

	*packet = *out;
	return status;
}

static inline void expect_nothing(zx_handle_t port)
{
	zx_port_packet_t packet;

	assert_int_equal(take(port, &packet), ZX_ERR_TIMED_OUT);
}

static inline zx_port_packet_t expect_signal(zx_handle_t port, uint64_t key)
{
	zx_port_packet_t packet;

	assert_int_equal(take(port, &packet), ZX_OK);
	assert_int_equal(packet.key, key);
	assert_int_equal(packet.status, ZX_OK);
	assert_int_equal(packet.type, ZX_PKT_TYPE_SIGNAL_ONE);
	assert_int_equal(packet.signal.trigger, ZX_EVENT_SIGNALED);
	assert_int_equal(packet.signal.observed, ZX_EVENT_SIGNALED);
	return packet;
}

static inline void queue(zx_handle_t port, uint64_t key)
{
	zx_port_packet_t *packet = user_new(zx_port_packet_t);

	packet->key = key;
	packet->type = ZX_PKT_TYPE_INTERRUPT;
	packet->status = -7;
	packet->user.u64[3] = key + 1;
	assert_int_equal(sys_port_queue(fx.self, port, UADDR(packet)), ZX_OK);
}

#endif
