/*
 * Starts itself as another process, talks to it through its standard input and output, and takes
 * its return code. The path of the program in its own namespace is the first argument.
 */
#include <lib/fdio/spawn.h>
#include <stdlib.h>
#include <unistd.h>
#include <zircon/process.h>
#include <zircon/syscalls.h>
#include <zircon/syscalls/object.h>

#include "check.h"

#define CHILD_CODE 23

static int child(void)
{
	char line[32];

	if (!fgets(line, sizeof(line), stdin))
		return 1;
	printf("child got: %s", line);
	printf("child environment: %s\n", getenv("SPAWNED"));
	return CHILD_CODE;
}

static const char *program;

static void spawn_itself(void)
{
	const char *argv[] = { "spawn", "--child", NULL };
	const char *environment[] = { "SPAWNED=yes", NULL };
	char message[FDIO_SPAWN_ERR_MSG_MAX_LENGTH] = "";
	char output[256] = "";
	fdio_spawn_action_t actions[3];
	zx_info_process_t info = { 0 };
	zx_handle_t process;
	zx_status_t status;
	size_t used = 0;
	int in[2], out[2];
	ssize_t got;

	CHECK_EQ(pipe(in), 0);
	CHECK_EQ(pipe(out), 0);
	actions[0] = (fdio_spawn_action_t){ .action = FDIO_SPAWN_ACTION_TRANSFER_FD,
					    .fd = { .local_fd = in[0], .target_fd = 0 } };
	actions[1] = (fdio_spawn_action_t){ .action = FDIO_SPAWN_ACTION_TRANSFER_FD,
					    .fd = { .local_fd = out[1], .target_fd = 1 } };
	actions[2] = (fdio_spawn_action_t){ .action = FDIO_SPAWN_ACTION_CLONE_FD,
					    .fd = { .local_fd = 2, .target_fd = 2 } };
	status = fdio_spawn_etc(ZX_HANDLE_INVALID, FDIO_SPAWN_CLONE_ALL & ~FDIO_SPAWN_CLONE_STDIO,
				program, argv, environment, 3, actions, &process, message);
	if (!CHECK_EQ(status, ZX_OK)) {
		printf("%s\n", message);
		return;
	}
	CHECK_EQ(write(in[1], "a line\n", 7), 7);
	CHECK_EQ(close(in[1]), 0);
	while (used < sizeof(output) - 1 &&
	       (got = read(out[0], output + used, sizeof(output) - 1 - used)) > 0)
		used += (size_t)got;
	CHECK_STR(output, "child got: a line\nchild environment: yes\n");
	CHECK_EQ(zx_object_wait_one(process, ZX_TASK_TERMINATED, ZX_TIME_INFINITE, NULL), ZX_OK);
	CHECK_EQ(zx_object_get_info(process, ZX_INFO_PROCESS, &info, sizeof(info), NULL, NULL),
		 ZX_OK);
	CHECK_EQ(info.return_code, CHILD_CODE);
	zx_handle_close(process);
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--child"))
		return child();
	if (argc != 2) {
		fprintf(stderr, "usage: spawn PATH-OF-ITSELF\n");
		return 2;
	}
	program = argv[1];
	RUN(spawn_itself);
	return check_result();
}
