/* Properties. */
#include <zircon/eras.h>
#include <zircon/syscalls/object.h>

#include "compat/core/channel.h"
#include "compat/core/clock.h"
#include "compat/core/event.h"
#include "compat/core/socket.h"
#include "compat/core/stream.h"
#include "compat/core/vmo.h"
#include "tests/core/core_fixture.h"

static zx_handle_t handle_to(void *object)
{
	object__get(object);
	return fixture__handle(object, ZX_RIGHTS_PROPERTY);
}

static zx_handle_t make_event(void)
{
	return fixture__handle(event__create(), ZX_RIGHTS_PROPERTY);
}

static zx_handle_t make_vmo(void)
{
	struct vmo *vmo;

	assert_int_equal(vmo__create(8000, false, &vmo), ZX_OK);
	return fixture__handle(&vmo->object, ZX_RIGHTS_PROPERTY);
}

static zx_handle_t make_socket(void)
{
	struct socket *sockets[2];

	assert_int_equal(socket__create(0, &sockets[0], &sockets[1]), ZX_OK);
	fixture__handle(socket__object(sockets[1]), 0);
	return fixture__handle(socket__object(sockets[0]), ZX_RIGHTS_PROPERTY);
}

/* With more room than any number needs. */
static zx_status_t get(zx_handle_t handle, uint32_t property, uint64_t *value)
{
	uint64_t *copy = user_scratch();
	zx_status_t status;

	memset(copy, 0, 16);
	status = sys_object_get_property(fx.self, handle, property, UADDR(copy), 16);
	*value = *copy;
	return status;
}

static zx_status_t set(zx_handle_t handle, uint32_t property, uint64_t value)
{
	uint64_t *copy = user_scratch();

	*copy = value;
	return sys_object_set_property(fx.self, handle, property, UADDR(copy), sizeof(*copy));
}

static zx_status_t set_name(zx_handle_t handle, const char *name)
{
	char *copy = user_scratch();

	memcpy(copy, name, strlen(name));
	return sys_object_set_property(fx.self, handle, ZX_PROP_NAME, UADDR(copy), strlen(name));
}

static char *name_of(zx_handle_t handle)
{
	char *name = user_scratch();

	assert_int_equal(sys_object_get_property(fx.self, handle, ZX_PROP_NAME, UADDR(name),
						 ZX_MAX_NAME_LEN),
			 ZX_OK);
	return name;
}

static void names(void **state)
{
	struct clock *clock;
	zx_handle_t handles[5];

	(void)state;
	assert_int_equal(clock__create(0, 0, &clock), ZX_OK);
	handles[0] = handle_to(fx.process);
	handles[1] = handle_to(fx.self);
	handles[2] = handle_to(core_root->root_job);
	handles[3] = make_vmo();
	handles[4] = fixture__handle(&clock->object, ZX_RIGHTS_PROPERTY);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(set_name(handles[i], "a longer name"), ZX_OK);
		assert_int_equal(set_name(handles[i], "name"), ZX_OK);
		assert_string_equal(name_of(handles[i]), "name");
		assert_int_equal(set_name(handles[i], "0123456789012345678901234567890123456789"),
				 ZX_OK);
		assert_string_equal(name_of(handles[i]), "0123456789012345678901234567890");
		assert_int_equal(set_name(handles[i], ""), ZX_OK);
		assert_string_equal(name_of(handles[i]), "");
	}
}

/* What stands behind a name's end is not kept. */
static void names_end_at_nul(void **state)
{
	char *text = user_scratch();
	zx_handle_t vmo = make_vmo();
	const char *name;

	(void)state;
	memset(text, 'x', ZX_MAX_NAME_LEN);
	text[2] = '\0';
	assert_int_equal(sys_object_set_property(fx.self, vmo, ZX_PROP_NAME, UADDR(text),
						 ZX_MAX_NAME_LEN),
			 ZX_OK);
	name = name_of(vmo);
	assert_string_equal(name, "xx");
	for (size_t i = 2; i < ZX_MAX_NAME_LEN; i++)
		assert_int_equal(name[i], '\0');
}

static void names_of_the_nameless(void **state)
{
	zx_handle_t event = make_event();

	(void)state;
	assert_string_equal(name_of(event), "");
	assert_int_equal(set_name(event, "x"), ZX_ERR_NOT_SUPPORTED);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(sys_object_get_property(fx.self, event, ZX_PROP_NAME,
						 UADDR(user_scratch()), ZX_MAX_NAME_LEN),
			 ZX_ERR_WRONG_TYPE);
	assert_int_equal(set_name(event, "x"), ZX_ERR_WRONG_TYPE);
}

static void argument_checks(void **state)
{
	zx_handle_t process = handle_to(fx.process);
	uint64_t *value = user_new(uint64_t);
	zx_handle_t weak;

	(void)state;
	object__get(&fx.process->object);
	weak = fixture__handle(&fx.process->object, ZX_RIGHTS_BASIC);
	assert_int_equal(sys_object_get_property(fx.self, process, ZX_PROP_NAME, 0, 32),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_object_set_property(fx.self, process, ZX_PROP_NAME, 0, 32),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_object_get_property(fx.self, 3, ZX_PROP_NAME, UADDR(value), 32),
			 ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_object_get_property(fx.self, weak, ZX_PROP_NAME, UADDR(value), 32),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_object_set_property(fx.self, weak, ZX_PROP_NAME, UADDR(value), 32),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_object_get_property(fx.self, process, ZX_PROP_NAME, UADDR(value), 31),
			 ZX_ERR_BUFFER_TOO_SMALL);
	assert_int_equal(sys_object_get_property(fx.self, process, ZX_PROP_NAME, FIXTURE_BAD_ADDR,
						 32),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_object_set_property(fx.self, process, ZX_PROP_NAME, FIXTURE_BAD_ADDR,
						 1),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_object_get_property(fx.self, process, ZX_PROP_PROCESS_DEBUG_ADDR,
						 UADDR(value), 7),
			 ZX_ERR_BUFFER_TOO_SMALL);
	assert_int_equal(sys_object_get_property(fx.self, process, ZX_PROP_PROCESS_DEBUG_ADDR,
						 FIXTURE_BAD_ADDR, 8),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(get(make_event(), ZX_PROP_PROCESS_DEBUG_ADDR, value), ZX_ERR_WRONG_TYPE);
	assert_int_equal(get(process, 1, value), ZX_ERR_INVALID_ARGS);
	assert_int_equal(get(process, 0xffffffff, value), ZX_ERR_INVALID_ARGS);
	assert_int_equal(set(process, 0xffffffff, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(get(process, ZX_PROP_REGISTER_FS, value), ZX_ERR_INVALID_ARGS);
	assert_int_equal(set(process, ZX_PROP_PROCESS_VDSO_BASE_ADDRESS, 1), ZX_ERR_INVALID_ARGS);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(get(process, 1, value), ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(set(process, 0xffffffff, 0), ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(set(process, ZX_PROP_PROCESS_VDSO_BASE_ADDRESS, 1), ZX_ERR_NOT_SUPPORTED);
}

static void debug_address(void **state)
{
	zx_handle_t process = handle_to(fx.process);
	uint64_t value;

	(void)state;
	assert_int_equal(get(process, ZX_PROP_PROCESS_DEBUG_ADDR, &value), ZX_OK);
	assert_int_equal(value, 0);
	assert_int_equal(set(process, ZX_PROP_PROCESS_DEBUG_ADDR, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(set(process, ZX_PROP_PROCESS_DEBUG_ADDR,
			     ZX_PROCESS_DEBUG_ADDR_BREAK_ON_SET),
			 ZX_OK);
	assert_int_equal(set(process, ZX_PROP_PROCESS_DEBUG_ADDR, 0x1234000), ZX_OK);
	/* Only once. */
	assert_int_equal(set(process, ZX_PROP_PROCESS_DEBUG_ADDR, 0x1235000),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(get(process, ZX_PROP_PROCESS_DEBUG_ADDR, &value), ZX_OK);
	assert_int_equal(value, 0x1234000);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(set(process, ZX_PROP_PROCESS_DEBUG_ADDR, 0x1235000), ZX_OK);
	assert_int_equal(set(process, ZX_PROP_PROCESS_DEBUG_ADDR, 0), ZX_OK);
	assert_int_equal(get(process, ZX_PROP_PROCESS_DEBUG_ADDR, &value), ZX_OK);
	assert_int_equal(value, 0);
}

static void other_process_properties(void **state)
{
	zx_handle_t process = handle_to(fx.process);
	uint64_t value;

	(void)state;
	fx.process->vdso_base = 0x7000000;
	assert_int_equal(get(process, ZX_PROP_PROCESS_VDSO_BASE_ADDRESS, &value), ZX_OK);
	assert_int_equal(value, 0x7000000);
	assert_int_equal(set(process, ZX_PROP_PROCESS_BREAK_ON_LOAD, 5), ZX_OK);
	assert_int_equal(get(process, ZX_PROP_PROCESS_BREAK_ON_LOAD, &value), ZX_OK);
	assert_int_equal(value, 5);
	assert_int_equal(get(process, ZX_PROP_PROCESS_HW_TRACE_CONTEXT_ID, &value),
			 ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(get(process, ZX_PROP_EXCEPTION_STATE, &value), ZX_ERR_WRONG_TYPE);
	assert_int_equal(set(process, ZX_PROP_EXCEPTION_STRATEGY, 0), ZX_ERR_WRONG_TYPE);
	fixture__set_era(ZXERA_2018_12);
	assert_int_equal(set(process, ZX_PROP_PROCESS_BREAK_ON_LOAD, 5), ZX_ERR_INVALID_ARGS);
	assert_int_equal(get(process, ZX_PROP_PROCESS_HW_TRACE_CONTEXT_ID, &value),
			 ZX_ERR_INVALID_ARGS);
}

static void segment_bases(void **state)
{
	zx_handle_t self = handle_to(fx.self);
	zx_handle_t other = handle_to(fixture__other_process());

	(void)state;
	assert_int_equal(set(self, ZX_PROP_REGISTER_FS, 0x12345000), ZX_OK);
	assert_int_equal(host_test_segment_base, 0x12345000);
	assert_int_equal(set(self, ZX_PROP_REGISTER_GS, 0x22345000), ZX_OK);
	assert_int_equal(host_test_segment_base, 0x22345000);
	assert_int_equal(set(other, ZX_PROP_REGISTER_FS, 0x12345000), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_object_set_property(fx.self, other, ZX_PROP_REGISTER_FS,
						 FIXTURE_BAD_ADDR, 8),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(set(make_event(), ZX_PROP_REGISTER_FS, 0x12345000), ZX_ERR_WRONG_TYPE);
	assert_int_equal(set(self, ZX_PROP_REGISTER_FS, 0xffff800000000000), ZX_ERR_INVALID_ARGS);
	assert_int_equal(set(self, ZX_PROP_REGISTER_FS, 0x800000000000), ZX_ERR_INVALID_ARGS);
	assert_int_equal(set(self, ZX_PROP_REGISTER_FS, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_object_set_property(fx.self, self, ZX_PROP_REGISTER_FS,
						 UADDR(user_scratch()), 4),
			 ZX_ERR_BUFFER_TOO_SMALL);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(set(self, ZX_PROP_REGISTER_FS, 0), ZX_OK);
}

/* Only the newest era tells them, and only to the thread itself. */
static void segment_bases_told(void **state)
{
	zx_handle_t self = handle_to(fx.self);
	zx_handle_t other = handle_to(fixture__other_process());
	uint64_t value = 0;

	(void)state;
	assert_int_equal(set(self, ZX_PROP_REGISTER_FS, 0x12345000), ZX_OK);
	assert_int_equal(get(self, ZX_PROP_REGISTER_FS, &value), ZX_ERR_INVALID_ARGS);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(get(self, ZX_PROP_REGISTER_FS, &value), ZX_OK);
	assert_int_equal(value, 0x12345000 + ZX_PROP_REGISTER_FS);
	assert_int_equal(get(self, ZX_PROP_REGISTER_GS, &value), ZX_OK);
	assert_int_equal(value, 0x12345000 + ZX_PROP_REGISTER_GS);
	assert_int_equal(get(other, ZX_PROP_REGISTER_FS, &value), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(get(make_event(), ZX_PROP_REGISTER_FS, &value), ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_object_get_property(fx.self, make_event(), ZX_PROP_REGISTER_FS,
						 UADDR(user_scratch()), 7),
			 ZX_ERR_BUFFER_TOO_SMALL);
}

static void socket_thresholds(void **state)
{
	zx_handle_t socket = make_socket();
	uint64_t value;

	(void)state;
	assert_int_equal(set(socket, ZX_PROP_SOCKET_RX_THRESHOLD, 100), ZX_OK);
	assert_int_equal(set(socket, ZX_PROP_SOCKET_TX_THRESHOLD, 200), ZX_OK);
	assert_int_equal(get(socket, ZX_PROP_SOCKET_RX_THRESHOLD, &value), ZX_OK);
	assert_int_equal(value, 100);
	assert_int_equal(get(socket, ZX_PROP_SOCKET_TX_THRESHOLD, &value), ZX_OK);
	assert_int_equal(value, 200);
	assert_int_equal(set(socket, ZX_PROP_SOCKET_RX_THRESHOLD, UINT64_MAX),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(set(make_event(), ZX_PROP_SOCKET_RX_THRESHOLD, 1), ZX_ERR_WRONG_TYPE);
}

/* Numbers 8 to 11 and 14 (12 at first) meant other things, or nothing, later. */
static void properties_of_2018(void **state)
{
	zx_handle_t socket = make_socket();
	struct channel *channels[2];
	zx_handle_t channel;
	uint64_t value;

	(void)state;
	assert_int_equal(channel__create(&channels[0], &channels[1]), ZX_OK);
	fixture__handle(&channels[1]->object, 0);
	channel = fixture__handle(&channels[0]->object, ZX_RIGHTS_PROPERTY);
	fixture__set_era(ZXERA_2018_10);
	assert_int_equal(get(socket, ZX_PROP_SOCKET_RX_BUF_MAX_201810, &value), ZX_OK);
	assert_true(value > 0);
	assert_int_equal(get(socket, ZX_PROP_SOCKET_RX_BUF_SIZE_201810, &value), ZX_OK);
	assert_int_equal(value, 0);
	assert_int_equal(get(socket, ZX_PROP_SOCKET_TX_BUF_MAX_201810, &value), ZX_OK);
	assert_true(value > 0);
	assert_int_equal(get(socket, ZX_PROP_SOCKET_TX_BUF_SIZE_201810, &value), ZX_OK);
	assert_int_equal(value, 0);
	assert_int_equal(set(socket, ZX_PROP_SOCKET_RX_BUF_MAX_201810, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(get(channel, ZX_PROP_CHANNEL_TX_MSG_MAX_201810, &value), ZX_OK);
	assert_int_equal(value, UINT64_MAX);
	assert_int_equal(get(socket, ZX_PROP_CHANNEL_TX_MSG_MAX_201810, &value),
			 ZX_ERR_WRONG_TYPE);
	fixture__set_era(ZXERA_2018_07);
	assert_int_equal(get(channel, ZX_PROP_CHANNEL_TX_MSG_MAX_201807, &value), ZX_OK);
	assert_int_equal(get(channel, ZX_PROP_CHANNEL_TX_MSG_MAX_201810, &value),
			 ZX_ERR_INVALID_ARGS);
	fixture__set_era(ZXERA_2020_07);
	assert_int_equal(get(channel, ZX_PROP_CHANNEL_TX_MSG_MAX_201810, &value),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(get(socket, ZX_PROP_SOCKET_RX_BUF_SIZE_201810, &value),
			 ZX_ERR_INVALID_ARGS);
}

static void kill_on_oom(void **state)
{
	zx_handle_t job = handle_to(core_root->root_job);
	uint64_t value;

	(void)state;
	assert_int_equal(set(job, ZX_PROP_JOB_KILL_ON_OOM, 1), ZX_OK);
	assert_true(core_root->root_job->kill_on_oom);
	assert_int_equal(set(job, ZX_PROP_JOB_KILL_ON_OOM, 2), ZX_ERR_INVALID_ARGS);
	assert_int_equal(set(job, ZX_PROP_JOB_KILL_ON_OOM, 0), ZX_OK);
	assert_false(core_root->root_job->kill_on_oom);
	assert_int_equal(get(job, ZX_PROP_JOB_KILL_ON_OOM, &value), ZX_ERR_INVALID_ARGS);
}

static void content_size(void **state)
{
	zx_handle_t vmo = make_vmo();
	uint64_t value;

	(void)state;
	assert_int_equal(get(vmo, ZX_PROP_VMO_CONTENT_SIZE, &value), ZX_OK);
	assert_int_equal(value, 8000);
	assert_int_equal(set(vmo, ZX_PROP_VMO_CONTENT_SIZE, 100), ZX_OK);
	assert_int_equal(get(vmo, ZX_PROP_VMO_CONTENT_SIZE, &value), ZX_OK);
	assert_int_equal(value, 100);
	/* make_vmo() gives no right to write, which only the newest system asks for. */
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(set(vmo, ZX_PROP_VMO_CONTENT_SIZE, 50), ZX_ERR_ACCESS_DENIED);
}

static void stream_append(void **state)
{
	struct vmo *vmo = fixture__object(make_vmo());
	struct stream *stream;
	zx_handle_t handle;
	uint64_t value;

	(void)state;
	assert_int_equal(stream__create(0, vmo, false, 0, &stream), ZX_OK);
	handle = fixture__handle(&stream->object, ZX_RIGHTS_PROPERTY);
	assert_int_equal(set(handle, ZX_PROP_STREAM_MODE_APPEND, 1), ZX_ERR_INVALID_ARGS);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(set(handle, ZX_PROP_STREAM_MODE_APPEND, 1), ZX_OK);
	assert_int_equal(get(handle, ZX_PROP_STREAM_MODE_APPEND, &value), ZX_OK);
	assert_int_equal(value, 1);
	/* The value is one byte. */
	assert_int_equal(set(handle, ZX_PROP_STREAM_MODE_APPEND, 0x100), ZX_OK);
	assert_int_equal(get(handle, ZX_PROP_STREAM_MODE_APPEND, &value), ZX_OK);
	assert_int_equal(value, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(names),
		test_case(names_end_at_nul),
		test_case(names_of_the_nameless),
		test_case(argument_checks),
		test_case(debug_address),
		test_case(other_process_properties),
		test_case(segment_bases),
		test_case(segment_bases_told),
		test_case(socket_thresholds),
		test_case(properties_of_2018),
		test_case(kill_on_oom),
		test_case(content_size),
		test_case(stream_append),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
