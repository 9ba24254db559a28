#include "compat/services/stdio_pump.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "compat/core/object.h"

static struct socket *pump_socket(struct output_pump *pump)
{
	return (struct socket *)pump->end.object;
}

/* The descriptor may be non-blocking, if it was so before: then wait as a blocking one would. */
static int write_all(struct output_pump *pump, size_t size)
{
	const char *data = pump->buffer;

	while (size) {
		ssize_t done = write(pump->fd, data, size);

		if (done >= 0) {
			data += done;
			size -= (size_t)done;
		} else if (errno == EAGAIN) {
			struct pollfd wait = { .fd = pump->fd, .events = POLLOUT };

			(void)poll(&wait, 1, -1);
		} else if (errno != EINTR) {
			return -errno;
		}
		if (size && service_thread__stopping(&pump->thread))
			return -EPIPE;
	}
	return 0;
}

static zx_status_t take(struct output_pump *pump, size_t *size)
{
	zx_status_t status;

	pthread_mutex_lock(&pump->lock);
	status = socket__read(pump_socket(pump), pump->buffer, sizeof(pump->buffer), size);
	if (status == ZX_OK)
		pump->taken += *size;
	pthread_mutex_unlock(&pump->lock);
	return status;
}

static void account(struct output_pump *pump, size_t size, int error)
{
	pthread_mutex_lock(&pump->lock);
	pump->delivered += size;
	if (error && error != -EPIPE)
		pump->error = error;
	pthread_cond_broadcast(&pump->progress);
	pthread_mutex_unlock(&pump->lock);
}

static zx_status_t wait_readable(struct output_pump *pump)
{
	return object__wait_one(pump->thread.self, pump->end.object, NULL, 0,
				ZX_SOCKET_READABLE | ZX_SOCKET_PEER_CLOSED, ZX_TIME_INFINITE, NULL);
}

/* Ends where the program's side is gone and empty, where the reader is gone, or when stopped. */
static void carry(struct output_pump *pump)
{
	size_t size;
	int error = 0;

	while (!error) {
		zx_status_t status = take(pump, &size);

		if (status == ZX_ERR_SHOULD_WAIT || status == ZX_ERR_BAD_STATE) {
			status = wait_readable(pump);
		} else if (status == ZX_OK) {
			error = write_all(pump, size);
			account(pump, size, error);
		}
		if (status != ZX_OK)
			return;
	}
}

static void finish(struct output_pump *pump)
{
	struct handle end;

	pthread_mutex_lock(&pump->lock);
	end = pump->end;
	pump->end.object = NULL;
	pump->ended = true;
	pthread_cond_broadcast(&pump->progress);
	pthread_mutex_unlock(&pump->lock);
	handle__close(&end);
}

static void *output_main(void *arg)
{
	service_thread__allow_interrupt();
	carry(arg);
	finish(arg);
	return NULL;
}

zx_status_t output_pump__start(int fd, struct handle *end, struct output_pump **out)
{
	struct output_pump *pump = calloc(1, sizeof(*pump));
	zx_status_t status;

	if (!pump) {
		handle__close(end);
		return ZX_ERR_NO_MEMORY;
	}
	pthread_mutex_init(&pump->lock, NULL);
	pthread_cond_init(&pump->progress, NULL);
	pump->fd = fd;
	pump->end = *end;
	end->object = NULL;
	status = service_thread__start(&pump->thread, "stdio-out", output_main, pump);
	if (status != ZX_OK) {
		output_pump__stop(pump);
		return status;
	}
	*out = pump;
	return ZX_OK;
}

int output_pump__drain(struct output_pump *pump)
{
	uint64_t target;
	int error;

	pthread_mutex_lock(&pump->lock);
	target = pump->taken;
	if (!pump->ended)
		target += socket__readable(pump_socket(pump));
	while (!pump->ended && pump->delivered < target)
		pthread_cond_wait(&pump->progress, &pump->lock);
	error = pump->error;
	pthread_mutex_unlock(&pump->lock);
	return error;
}

void output_pump__stop(struct output_pump *pump)
{
	if (!pump)
		return;
	service_thread__stop(&pump->thread);
	handle__close(&pump->end);
	pthread_cond_destroy(&pump->progress);
	pthread_mutex_destroy(&pump->lock);
	free(pump);
}
