/*
 * What clang's static analyser must find with the generated header's annotations, and what it must
 * not. A line where it has something to say ends in a comment with its words.
 */
#include <zircon/syscalls.h>

zx_status_t leak(void);
zx_status_t leak_of_peer(void);
void double_close(zx_handle_t event);
void use_after_close(zx_handle_t event);
zx_status_t use_after_write(zx_handle_t channel);
zx_status_t close_after_failed_write(zx_handle_t channel);
zx_status_t use_after_replace(zx_handle_t event);
zx_status_t all_closed(void);
zx_status_t given_away(zx_handle_t channel);
zx_status_t received(zx_handle_t channel);
zx_status_t kept_on_failure(zx_handle_t vmar, zx_vaddr_t stack);
zx_status_t handed_out(zx_handle_t *out);

zx_status_t leak(void)
{
	zx_handle_t event;
	zx_status_t status = zx_event_create(0, &event);

	if (status != ZX_OK)
		return status;
	return zx_object_signal(event, 0, ZX_USER_SIGNAL_0); /* Potential leak of handle */
}

zx_status_t leak_of_peer(void)
{
	zx_handle_t ends[2];
	zx_status_t status = _zx_channel_create(0, &ends[0], &ends[1]);

	if (status != ZX_OK)
		return status;
	return _zx_handle_close(ends[0]); /* Potential leak of handle */
}

void double_close(zx_handle_t event)
{
	zx_handle_close(event);
	zx_handle_close(event); /* Releasing a previously released handle */
}

void use_after_close(zx_handle_t event)
{
	zx_handle_close(event);
	zx_object_signal(event, 0, ZX_USER_SIGNAL_0); /* Using a previously released handle */
}

zx_status_t use_after_write(zx_handle_t channel)
{
	zx_handle_t event;
	zx_status_t status = zx_event_create(0, &event);

	if (status != ZX_OK)
		return status;
	zx_channel_write(channel, 0, "x", 1, &event, 1);
	return zx_object_signal(event, 0, 1); /* Using a previously released handle */
}

/* A channel takes the handles even when it does not take the message. */
zx_status_t close_after_failed_write(zx_handle_t channel)
{
	zx_handle_t event;
	zx_status_t status = zx_event_create(0, &event);

	if (status != ZX_OK)
		return status;
	status = zx_channel_write(channel, 0, "x", 1, &event, 1);
	if (status != ZX_OK)
		zx_handle_close(event); /* Releasing a previously released handle */
	return status;
}

zx_status_t use_after_replace(zx_handle_t event)
{
	zx_handle_t less;
	zx_status_t status = zx_handle_replace(event, ZX_RIGHT_WAIT, &less);

	if (status != ZX_OK)
		return status;
	zx_object_signal(event, 0, 1); /* Using a previously released handle */
	return zx_handle_close(less);
}

zx_status_t all_closed(void)
{
	zx_handle_t a, b;
	zx_status_t status = zx_channel_create(0, &a, &b);

	if (status != ZX_OK)
		return status;
	status = zx_channel_write(a, 0, "x", 1, NULL, 0);
	zx_handle_close(a);
	zx_handle_close(b);
	return status;
}

zx_status_t given_away(zx_handle_t channel)
{
	zx_handle_t ends[2];
	zx_status_t status = zx_channel_create(0, &ends[0], &ends[1]);

	if (status != ZX_OK)
		return status;
	return zx_channel_write(channel, 0, NULL, 0, ends, 2);
}

/* How many handles came is not known before the call; none of them need have. */
zx_status_t received(zx_handle_t channel)
{
	zx_handle_t handles[2];
	uint32_t size, count = 0;
	zx_status_t status;

	status = zx_channel_read(channel, 0, NULL, handles, 0, 2, &size, &count);
	if (status != ZX_OK)
		return status;
	for (uint32_t i = 0; i < count; i++)
		zx_handle_close(handles[i]);
	return ZX_OK;
}

/* A call that takes a handle only when it succeeds; this one then does not come back. */
zx_status_t kept_on_failure(zx_handle_t vmar, zx_vaddr_t stack)
{
	zx_handle_t event;
	zx_status_t status = zx_event_create(0, &event);

	if (status != ZX_OK)
		return status;
	status = zx_vmar_unmap_handle_close_thread_exit(vmar, stack, 4096, event);
	zx_handle_close(event);
	return status;
}

zx_status_t handed_out(zx_handle_t *out)
{
	return zx_event_create(0, out);
}
