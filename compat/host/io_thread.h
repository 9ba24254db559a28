/* Starting threads of the supervisor. */
#ifndef COMPAT_HOST_IO_THREAD_H
#define COMPAT_HOST_IO_THREAD_H

#include <pthread.h>

/*
 * Starts @main(@arg) with all signals blocked, so that those to zxrun reach its main thread, and
 * with a small stack (256 KiB). Returns 0 or a positive errno.
 */
int io_thread__start(pthread_t *thread, void *(*main)(void *arg), void *arg);

#endif
