#include "compat/services/stdio_pump.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "compat/core/object.h"

/* How long a background job waits before it looks again whether the terminal is its own. */
#define BACKGROUND_RETRY_US 200000

static struct socket *pump_socket(struct input_pump *pump)
{
	return (struct socket *)pump->end.object;
}

/*
 * One read as a blocking descriptor would do it. SIGTTIN is blocked in this thread (the program may
 * not want its input at all), so a terminal that belongs to another job gives EIO: wait for it.
 */
static ssize_t read_host(struct input_pump *pump)
{
	int fd = pump->fd;

	while (!service_thread__stopping(&pump->thread)) {
		ssize_t got = read(fd, pump->buffer, sizeof(pump->buffer));

		if (got >= 0)
			return got;
		if (errno == EAGAIN) {
			struct pollfd wait = { .fd = fd, .events = POLLIN };

			(void)poll(&wait, 1, -1);
		} else if (errno == EIO && isatty(fd) && tcgetpgrp(fd) != getpgrp()) {
			usleep(BACKGROUND_RETRY_US);
		} else if (errno != EINTR) {
			return -errno;
		}
	}
	return -EINTR;
}

static zx_status_t wait_for(struct input_pump *pump, uint32_t signals)
{
	return object__wait_one(pump->thread.self, pump->end.object, NULL, 0, signals,
				ZX_TIME_INFINITE, NULL);
}

static zx_status_t push(struct input_pump *pump, size_t size)
{
	zx_status_t status = ZX_OK;
	size_t done = 0;

	pump->pending = size;
	while (status == ZX_OK && pump->pending) {
		size_t count = 0;

		status = socket__write(pump_socket(pump), pump->buffer + done, pump->pending,
				       &count);
		if (status == ZX_OK) {
			done += count;
			pump->pending -= count;
		} else if (status == ZX_ERR_SHOULD_WAIT) {
			status = wait_for(pump, ZX_SOCKET_WRITABLE);
		}
	}
	return status;
}

static void *input_main(void *arg)
{
	struct input_pump *pump = arg;
	zx_status_t status = ZX_OK;

	service_thread__allow_interrupt();
	while (status == ZX_OK) {
		ssize_t got;

		/* The host's input is touched only once the program has read all there was. */
		status = wait_for(pump, ZX_SOCKET_WRITE_THRESHOLD);
		if (status != ZX_OK)
			break;
		got = read_host(pump);
		if (got <= 0) {
			socket__shutdown_write(pump_socket(pump));
			break;
		}
		pump->position += (uint64_t)got;
		status = push(pump, (size_t)got);
	}
	return NULL;
}

/* The write threshold that says "nothing is left unread": all the room that there is. */
static zx_status_t watch_empty(struct input_pump *pump)
{
	zx_info_socket_t info;

	socket__info(pump_socket(pump), &info);
	return socket__set_write_threshold(pump_socket(pump), info.tx_buf_max);
}

zx_status_t input_pump__start(int fd, struct handle *end, const struct handle *program,
			      struct input_pump **out)
{
	struct input_pump *pump = calloc(1, sizeof(*pump));
	off_t position = lseek(fd, 0, SEEK_CUR);
	zx_status_t status;

	if (!pump) {
		handle__close(end);
		return ZX_ERR_NO_MEMORY;
	}
	pump->program = handle__dup(program, program->rights);
	pump->fd = fd;
	pump->seekable = position >= 0;
	pump->position = position >= 0 ? (uint64_t)position : 0;
	pump->end = *end;
	end->object = NULL;
	status = watch_empty(pump);
	if (status == ZX_OK)
		status = service_thread__start(&pump->thread, "stdio-in", input_main, pump);
	if (status != ZX_OK) {
		input_pump__stop(pump);
		return status;
	}
	*out = pump;
	return ZX_OK;
}

/* Only where nobody else has moved the descriptor since our last read. */
static void give_back(struct input_pump *pump)
{
	uint64_t unread = socket__readable((struct socket *)pump->program.object) + pump->pending;

	if (pump->seekable && unread && unread <= pump->position &&
	    lseek(pump->fd, 0, SEEK_CUR) == (off_t)pump->position)
		(void)lseek(pump->fd, -(off_t)unread, SEEK_CUR);
}

void input_pump__stop(struct input_pump *pump)
{
	if (!pump)
		return;
	service_thread__stop(&pump->thread);
	give_back(pump);
	handle__close(&pump->end);
	handle__close(&pump->program);
	free(pump);
}
