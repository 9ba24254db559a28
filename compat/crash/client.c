#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "compat/crash/crash.h"

/* Pages that were read: a backtrace goes along a stack, so these are few. */
#define CACHED_PAGES 64

static struct {
	uint64_t addr; /* of the page, with a bit that says that this is one */
	bool there;
	char bytes[CRASH_PAGE];
} cache[CACHED_PAGES];

static void send_request(uint32_t op, uint32_t index, uint64_t addr, const char *text)
{
	struct crash_request request = { .op = op, .index = index, .addr = addr };
	struct iovec vectors[] = { { &request, sizeof(request) },
				   { (void *)(uintptr_t)text, strlen(text) } };
	struct msghdr message = { .msg_iov = vectors, .msg_iovlen = 2 };

	if (sendmsg(CRASH_FD_SOCKET, &message, MSG_NOSIGNAL) < 0)
		_exit(1);
}

/* Receives the answer's bytes; returns their number. */
static size_t receive(void *data, size_t size, int *fd)
{
	struct crash_answer head;
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec vectors[] = { { &head, sizeof(head) }, { data, size } };
	struct msghdr message = {
		.msg_iov = vectors,
		.msg_iovlen = 2,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t got = recvmsg(CRASH_FD_SOCKET, &message, 0);

	if (got < (ssize_t)sizeof(head))
		_exit(1);
	if (message.msg_controllen >= CMSG_LEN(sizeof(int)) &&
	    control.header.cmsg_type == SCM_RIGHTS)
		memcpy(fd, CMSG_DATA(&control.header), sizeof(*fd));
	return (size_t)got - sizeof(head);
}

static bool read_page(uint64_t page, const char **bytes)
{
	size_t slot = (page / CRASH_PAGE) % CACHED_PAGES;
	int fd = -1;

	if (cache[slot].addr != (page | 1)) {
		send_request(CRASH_READ, 0, page, "");
		cache[slot].there = receive(cache[slot].bytes, CRASH_PAGE, &fd) == CRASH_PAGE;
		cache[slot].addr = page | 1;
	}
	*bytes = cache[slot].bytes;
	return cache[slot].there;
}

bool client__read_word(uint64_t addr, uint64_t *word)
{
	char *out = (char *)word;

	for (size_t done = 0; done < sizeof(*word);) {
		uint64_t page = (addr + done) & ~(uint64_t)(CRASH_PAGE - 1);
		size_t offset = (size_t)(addr + done - page);
		size_t step = sizeof(*word) - done;
		const char *bytes;

		if (step > CRASH_PAGE - offset)
			step = CRASH_PAGE - offset;
		if (!read_page(page, &bytes))
			return false;
		memcpy(out + done, bytes + offset, step);
		done += step;
	}
	return true;
}

int client__file(uint32_t module)
{
	char nothing[1];
	int fd = -1;

	send_request(CRASH_FILE, module, 0, "");
	receive(nothing, sizeof(nothing), &fd);
	return fd;
}

void client__path(uint32_t module, const char *path)
{
	if (strlen(path) < CRASH_TEXT_MAX)
		send_request(CRASH_PATH, module, 0, path);
}

void client__line(const char *format, ...)
{
	char text[CRASH_TEXT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	send_request(CRASH_LINE, 0, 0, text);
}

void client__frame(uint32_t number, uint64_t pc, bool is_return)
{
	send_request(is_return ? CRASH_RETURN : CRASH_FRAME, number, pc, "");
}

void client__done(void)
{
	send_request(CRASH_DONE, 0, 0, "");
}
