#include "compat/services/stdio.h"

#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "compat/core/era.h"
#include "compat/services/stdio_pump.h"

/* The one set of streams. */
static struct {
	bool started;
	uint32_t era;
	struct input_pump *in;
	struct output_pump *out;
	struct output_pump *err; /* NULL where it shares @out */
} streams;

static bool is_open(int fd)
{
	return fd >= 0 && fcntl(fd, F_GETFD) >= 0;
}

/*
 * Whether what is written to both arrives in one place, in the order of writing. Terminals, pipes
 * and sockets: the same one; files: also the same position, hence the same open file description.
 */
static bool same_file(int a, int b)
{
	struct stat sa;
	struct stat sb;
	long cmp;

	if (fstat(a, &sa) || fstat(b, &sb) || sa.st_dev != sb.st_dev || sa.st_ino != sb.st_ino)
		return false;
	if (!S_ISREG(sa.st_mode))
		return true;
	cmp = syscall(SYS_kcmp, getpid(), getpid(), KCMP_FILE, a, b);
	if (cmp >= 0)
		return cmp == 0;
	return lseek(a, 0, SEEK_CUR) == lseek(b, 0, SEEK_CUR) &&
	       fcntl(a, F_GETFL) == fcntl(b, F_GETFL);
}

static zx_status_t make_pair(struct handle *ours, struct handle *program)
{
	zx_rights_t rights = era__default_rights(streams.era, ZX_OBJ_TYPE_SOCKET);
	struct socket *a;
	struct socket *b;
	zx_status_t status = socket__create(ZX_SOCKET_STREAM, &a, &b);

	if (status != ZX_OK)
		return status;
	*ours = handle__make(socket__object(a), rights);
	*program = handle__make(socket__object(b), rights);
	return ZX_OK;
}

static zx_status_t start_in(int fd, struct handle *program)
{
	struct handle ours;
	zx_status_t status;

	if (!is_open(fd))
		return ZX_OK;
	status = make_pair(&ours, program);
	if (status != ZX_OK)
		return status;
	return input_pump__start(fd, &ours, program, &streams.in);
}

static zx_status_t start_out(int fd, struct handle *program, struct output_pump **out)
{
	struct handle ours;
	zx_status_t status;

	if (!is_open(fd))
		return ZX_OK;
	status = make_pair(&ours, program);
	if (status != ZX_OK)
		return status;
	return output_pump__start(fd, &ours, out);
}

static zx_status_t start_err(int host_out, int host_err, struct handle program[3])
{
	if (!program[1].object || !is_open(host_err) || !same_file(host_out, host_err))
		return start_out(host_err, &program[2], &streams.err);
	program[2] = handle__dup(&program[1], program[1].rights);
	return ZX_OK;
}

zx_status_t stdio__start(uint32_t era, int host_in, int host_out, int host_err,
			 struct handle program[3])
{
	zx_status_t status;

	memset(program, 0, 3 * sizeof(*program));
	if (streams.started)
		return ZX_ERR_BAD_STATE;
	streams.started = true;
	streams.era = era;
	status = start_in(host_in, &program[0]);
	if (status == ZX_OK)
		status = start_out(host_out, &program[1], &streams.out);
	if (status == ZX_OK)
		status = start_err(host_out, host_err, program);
	if (status != ZX_OK) {
		for (int i = 0; i < 3; i++)
			handle__close(&program[i]);
		stdio__stop();
	}
	return status;
}

int stdio__drain(void)
{
	int out = streams.out ? output_pump__drain(streams.out) : 0;
	int err = streams.err ? output_pump__drain(streams.err) : 0;

	return out ? out : err;
}

void stdio__stop(void)
{
	input_pump__stop(streams.in);
	output_pump__stop(streams.out);
	output_pump__stop(streams.err);
	memset(&streams, 0, sizeof(streams));
}
