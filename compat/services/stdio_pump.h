/* Inside of the standard streams: one thread for each direction. */
#ifndef COMPAT_SERVICES_STDIO_PUMP_H
#define COMPAT_SERVICES_STDIO_PUMP_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "compat/core/handle.h"
#include "compat/core/socket.h"
#include "compat/services/service_thread.h"

#define PUMP_CHUNK ((size_t)64 << 10)

/* Carries bytes from a program's socket to a host descriptor. */
struct output_pump {
	struct service_thread thread;
	struct handle end; /* ours; empty once the pump has ended */
	int fd;
	pthread_mutex_t lock; /* for all below, and for taking bytes out of the socket */
	pthread_cond_t progress;
	uint64_t taken;     /* bytes read from the socket */
	uint64_t delivered; /* bytes written to the host, or given up */
	bool ended;
	int error; /* negative errno of the write that ended it */
	char buffer[PUMP_CHUNK];
};

/* Starts a pump to @fd that reads @end; takes over @end, also on failure. */
zx_status_t output_pump__start(int fd, struct handle *end, struct output_pump **out);
/* Waits until what is in the socket now has reached the host. Returns 0 or a negative errno. */
int output_pump__drain(struct output_pump *pump);
/* Ends and frees it; NULL is allowed. */
void output_pump__stop(struct output_pump *pump);

/* Carries bytes from a host descriptor to a program's socket. */
struct input_pump {
	struct service_thread thread;
	struct handle end;     /* ours */
	/*
	 * Another handle to the program's end. With it the bytes that the program never read
	 * outlive the program, so that they can be counted.
	 */
	struct handle program;
	int fd;
	bool seekable;
	uint64_t position; /* of the host descriptor, after our last read */
	size_t pending;    /* bytes read from the host that are not in the socket yet */
	char buffer[PUMP_CHUNK];
};

/*
 * Starts a pump from @fd that feeds @end, which it takes over, also on failure. @program: the other
 * end, of which it makes a handle of its own.
 */
zx_status_t input_pump__start(int fd, struct handle *end, const struct handle *program,
			      struct input_pump **out);
/* Ends and frees it, and gives unread input back to a seekable descriptor; NULL is allowed. */
void input_pump__stop(struct input_pump *pump);

#endif
