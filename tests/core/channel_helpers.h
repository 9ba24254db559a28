/* What the tests of channels share: ends, reads and writes in a line each. */
#ifndef TESTS_CORE_CHANNEL_HELPERS_H
#define TESTS_CORE_CHANNEL_HELPERS_H

#include "compat/core/channel.h"
#include "compat/core/event.h"
#include "tests/core/core_fixture.h"

struct ends {
	zx_handle_t handle[2];
	struct channel *channel[2];
};

static inline struct ends make_channel(void)
{
	zx_handle_t *out = user_scratch();
	struct ends ends;

	assert_int_equal(sys_channel_create(fx.self, 0, UADDR(&out[0]), UADDR(&out[1])), ZX_OK);
	for (int i = 0; i < 2; i++) {
		ends.handle[i] = out[i];
		ends.channel[i] = fixture__object(out[i]);
	}
	return ends;
}

static inline zx_handle_t make_event(zx_rights_t rights)
{
	return fixture__handle(event__create(), rights);
}

static inline bool is_valid(zx_handle_t handle)
{
	struct object *object;

	if (handle__get(fx.self, handle, ZX_OBJ_TYPE_NONE, 0, &object) != ZX_OK)
		return false;
	object__put(object);
	return true;
}

/* A write of @text and handles. */
static inline zx_status_t write_text(zx_handle_t channel, const char *text,
				     const zx_handle_t *handles, uint32_t num_handles)
{
	uint32_t size = (uint32_t)strlen(text);
	char *bytes = user_alloc(size);
	zx_handle_t *values = user_alloc(num_handles * sizeof(*values));

	memcpy(bytes, text, size);
	if (num_handles)
		memcpy(values, handles, num_handles * sizeof(*values));
	return sys_channel_write(fx.self, channel, 0, UADDR(bytes), size, UADDR(values),
				 num_handles);
}

struct read_result {
	zx_status_t status;
	char *bytes;
	zx_handle_t *handles;
	uint32_t num_bytes;
	uint32_t num_handles;
};

static inline struct read_result read_up_to(zx_handle_t channel, uint32_t options,
					    uint32_t max_bytes, uint32_t max_handles)
{
	struct read_result result = { .bytes = user_alloc(max_bytes + 1),
				      .handles = user_alloc(max_handles * sizeof(zx_handle_t)) };
	uint32_t *actual = user_alloc(2 * sizeof(*actual));

	result.status = sys_channel_read(fx.self, channel, options, UADDR(result.bytes),
					 UADDR(result.handles), max_bytes, max_handles,
					 UADDR(&actual[0]), UADDR(&actual[1]));
	result.num_bytes = actual[0];
	result.num_handles = actual[1];
	return result;
}

#endif
