/* Bootstrap messages, byte by byte, and the sizes of first stacks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <zircon/errors.h>
#include <zircon/processargs.h>

#include "compat/core/channel.h"
#include "compat/core/core.h"
#include "compat/core/event.h"
#include "compat/host/host.h"
#include "loader/bootstrap.h"
#include "loader/stack.h"

static struct bootstrap bootstrap;
static struct channel *ends[2];

static int start_core(void **state)
{
	(void)state;
	return host__map_arena() || core__init() != ZX_OK;
}

static int setup(void **state)
{
	(void)state;
	bootstrap__init(&bootstrap);
	return channel__create(&ends[0], &ends[1]) != ZX_OK;
}

static int teardown(void **state)
{
	(void)state;
	bootstrap__free(&bootstrap);
	object__put(&ends[0]->object);
	object__put(&ends[1]->object);
	return 0;
}

static struct object *new_object(void)
{
	struct object *object = event__create();

	assert_non_null(object);
	return object;
}

static zx_status_t add(uint32_t info)
{
	struct object *object = new_object();
	zx_status_t status = bootstrap__add_object(&bootstrap, object, ZX_RIGHT_TRANSFER, info);

	object__put(object);
	return status;
}

static void test_layout(void **state)
{
	static const char *const args[] = { "prog", "", "two" };
	static const char *const environ[] = { "A=b" };
	static const char strings[] = "prog\0\0two\0A=b\0/pkg\0/tmp";
	const uint32_t info[] = { PA_PROC_SELF, PA_HND(PA_FD, 2), PA_HND(PA_NS_DIR, 0),
				  PA_HND(PA_NS_DIR, 1) };
	struct handle handle;
	struct message *message;
	zx_proc_args_t header;

	(void)state;
	bootstrap.args = args;
	bootstrap.num_args = 3;
	bootstrap.environ = environ;
	bootstrap.num_environ = 1;
	assert_int_equal(add(PA_PROC_SELF), ZX_OK);
	assert_int_equal(add(PA_HND(PA_FD, 2)), ZX_OK);
	handle = handle__make(new_object(), ZX_RIGHT_READ);
	assert_int_equal(bootstrap__add_dir(&bootstrap, &handle, "/pkg"), ZX_OK);
	assert_null(handle.object);
	handle = handle__make(new_object(), ZX_RIGHT_READ);
	assert_int_equal(bootstrap__add_dir(&bootstrap, &handle, "/tmp"), ZX_OK);
	assert_int_equal(bootstrap__size(&bootstrap, 0),
			 sizeof(header) + sizeof(info) + sizeof(strings));
	assert_int_equal(bootstrap__size(&bootstrap, 1), bootstrap__size(&bootstrap, 0) + 4);

	assert_int_equal(bootstrap__send(&bootstrap, ends[0]), ZX_OK);
	assert_int_equal(channel__read(ends[1], &message), ZX_OK);
	assert_int_equal(message->num_bytes, sizeof(header) + sizeof(info) + sizeof(strings));
	assert_int_equal(message->num_handles, 4);
	assert_int_equal(message->handles[0].rights, ZX_RIGHT_TRANSFER);
	assert_int_equal(message->handles[3].rights, ZX_RIGHT_READ);
	memcpy(&header, message->bytes, sizeof(header));
	assert_int_equal(header.protocol, 0x4150585d);
	assert_int_equal(header.version, 0x1000);
	assert_int_equal(header.handle_info_off, 36);
	assert_int_equal(header.args_off, 36 + 16);
	assert_int_equal(header.args_num, 3);
	assert_int_equal(header.environ_off, 36 + 16 + 10);
	assert_int_equal(header.environ_num, 1);
	assert_int_equal(header.names_off, 36 + 16 + 10 + 4);
	assert_int_equal(header.names_num, 2);
	assert_memory_equal(message->bytes + 36, info, sizeof(info));
	assert_memory_equal(message->bytes + 36 + 16, strings, sizeof(strings));
	message__free(message);
}

static void test_limits(void **state)
{
	static char long_arg[ZX_CHANNEL_MAX_MSG_BYTES];
	static const char *const args[] = { long_arg };

	(void)state;
	for (uint32_t i = 0; i < ZX_CHANNEL_MAX_MSG_HANDLES; i++)
		assert_int_equal(add(PA_HND(PA_USER0, i)), ZX_OK);
	assert_int_equal(add(PA_USER1), ZX_ERR_OUT_OF_RANGE);
	bootstrap__free(&bootstrap);

	memset(long_arg, 'x', sizeof(long_arg) - 1);
	bootstrap.args = args;
	bootstrap.num_args = 1;
	assert_int_equal(bootstrap__send(&bootstrap, ends[0]), ZX_ERR_OUT_OF_RANGE);
	/* Just as much as fits. */
	long_arg[sizeof(long_arg) - sizeof(zx_proc_args_t) - 1] = '\0';
	assert_int_equal(bootstrap__send(&bootstrap, ends[0]), ZX_OK);
}

static void test_stack_sizes(void **state)
{
	(void)state;
	assert_int_equal(stack__size_static(0), 256 << 10);
	assert_int_equal(stack__size_static(1), 4096);
	assert_int_equal(stack__size_static(0x10001), 0x11000);
	assert_true(stack__size_static(UINT64_MAX) % 4096 == 0);
	assert_true(stack__size_static(UINT64_MAX) >= 1ull << 40);
	assert_true(stack__size_interp(60000) >= 60000 + 64 * 4 + 3072);
	assert_true(stack__size_interp(100) % 4096 == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_layout, setup, teardown),
		cmocka_unit_test_setup_teardown(test_limits, setup, teardown),
		cmocka_unit_test(test_stack_sizes),
	};

	return cmocka_run_group_tests_name("bootstrap", tests, start_core, NULL);
}
