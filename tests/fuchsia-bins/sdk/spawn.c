/*
 * Starts itself as another process, talks to it through its standard input and output, and takes
 * its return code. The path of the program in its own namespace is the first argument.
 */
#if __has_include(<lib/fdio/directory.h>)
#include <lib/fdio/directory.h>
#else
#include <lib/fdio/util.h>
#endif
#include <lib/fdio/spawn.h>
#include <stdlib.h>
#include <unistd.h>
#include <zircon/process.h>
#include <zircon/syscalls.h>
#include <zircon/syscalls/object.h>

#include "check.h"

#define CHILD_CODE 23
/* fuchsia.io's OPEN_RIGHT_READABLE. */
#define OPEN_RIGHTS 0x1u

static int child(void)
{
	char line[32];

	if (!fgets(line, sizeof(line), stdin))
		return 1;
	printf("child got: %s", line);
	printf("child environment: %s\n", getenv("SPAWNED"));
	return CHILD_CODE;
}

static int end_of(zx_handle_t process)
{
	zx_info_process_t info = { 0 };

	CHECK_EQ(zx_object_wait_one(process, ZX_TASK_TERMINATED, ZX_TIME_INFINITE, NULL), ZX_OK);
	CHECK_EQ(zx_object_get_info(process, ZX_INFO_PROCESS, &info, sizeof(info), NULL, NULL),
		 ZX_OK);
	zx_handle_close(process);
	return (int)info.return_code;
}

static const char *program;

static void spawn_itself(void)
{
	const char *argv[] = { "spawn", "--child", NULL };
	const char *environment[] = { "SPAWNED=yes", NULL };
	char message[FDIO_SPAWN_ERR_MSG_MAX_LENGTH] = "";
	char output[256] = "";
	fdio_spawn_action_t actions[3];
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
	CHECK_EQ(end_of(process), CHILD_CODE);
}

/* Reads what the parent wrote, by the parent's name for it, and writes something back. */
static int namespace_child(void)
{
	char line[32] = "";
	FILE *file = fopen("/tmp/from-parent", "r");

	if (!file || !fgets(line, sizeof(line), file) || strcmp(line, "for the child\n"))
		return 1;
	fclose(file);
	if (access("/added", F_OK) == 0)
		return 2;
	file = fopen("/tmp/from-child", "w");
	if (!file || fputs("for the parent\n", file) < 0 || fclose(file))
		return 3;
	return CHILD_CODE;
}

/* fdio_spawn(), with all that a process can hand on. */
static void hands_on_namespace(void)
{
	const char *argv[] = { program, "--namespace", NULL };
	char line[32] = "";
	zx_handle_t process = ZX_HANDLE_INVALID;
	FILE *file = fopen("/tmp/from-parent", "w");

	CHECK(file && fputs("for the child\n", file) >= 0 && !fclose(file));
	if (!CHECK_EQ(fdio_spawn(ZX_HANDLE_INVALID, FDIO_SPAWN_CLONE_ALL, program, argv, &process),
		      ZX_OK))
		return;
	CHECK_EQ(end_of(process), CHILD_CODE);
	file = fopen("/tmp/from-child", "r");
	CHECK(file && fgets(line, sizeof(line), file));
	CHECK_STR(line, "for the parent\n");
	if (file)
		fclose(file);
}

/* Only what is named, under another name, with a job and a name of its own. */
static int chosen_child(void)
{
	if (access("/tmp", F_OK) == 0 || access("/chosen/spawn", R_OK) != 0)
		return 1;
	return CHILD_CODE;
}

static void hands_on_what_is_chosen(void)
{
	const char *argv[] = { program, "--chosen", NULL };
	fdio_spawn_action_t actions[] = {
		{ .action = FDIO_SPAWN_ACTION_SET_NAME, .name = { .data = "named" } },
		{ .action = FDIO_SPAWN_ACTION_ADD_NS_ENTRY, .ns = { .prefix = "/chosen" } },
		{ .action = FDIO_SPAWN_ACTION_CLONE_FD, .fd = { .local_fd = 2, .target_fd = 2 } },
	};
	uint32_t flags = FDIO_SPAWN_CLONE_ALL & ~(FDIO_SPAWN_CLONE_NAMESPACE |
						  FDIO_SPAWN_CLONE_STDIO);
	zx_handle_t process = ZX_HANDLE_INVALID, job = ZX_HANDLE_INVALID, server;
	char name[ZX_MAX_NAME_LEN] = "";
	zx_koid_t koids[4];
	size_t count = 0;

	CHECK_EQ(zx_job_create(zx_job_default(), 0, &job), ZX_OK);
	CHECK_EQ(zx_channel_create(0, &actions[1].ns.handle, &server), ZX_OK);
	CHECK_EQ(fdio_open("/program", OPEN_RIGHTS, server), ZX_OK);
	if (!CHECK_EQ(fdio_spawn_etc(job, flags, program, argv, NULL, 3, actions, &process, NULL),
		      ZX_OK))
		return;
	CHECK_EQ(zx_object_get_property(process, ZX_PROP_NAME, name, sizeof(name)), ZX_OK);
	CHECK_STR(name, "named");
	CHECK_EQ(zx_object_get_info(job, ZX_INFO_JOB_PROCESSES, koids, sizeof(koids), &count,
				    NULL), ZX_OK);
	CHECK(count <= 1);
	CHECK_EQ(end_of(process), CHILD_CODE);
	zx_handle_close(job);
}

static void refusals(void)
{
	const char *argv[] = { "none", NULL };
	char message[FDIO_SPAWN_ERR_MSG_MAX_LENGTH] = "";
	zx_handle_t process = ZX_HANDLE_INVALID;

	/* Errors are fdio's, and not the same at all dates. */
	CHECK(fdio_spawn(ZX_HANDLE_INVALID, FDIO_SPAWN_CLONE_ALL, "/program/none", argv,
			 &process) != ZX_OK);
	/* An ELF file that is no program. */
	CHECK(fdio_spawn_etc(ZX_HANDLE_INVALID, FDIO_SPAWN_CLONE_ALL, "/program/obj/spawn.o", argv,
			     NULL, 0, NULL, &process, message) != ZX_OK);
	CHECK(message[0]);
}

#define MANY 8

static void many_at_once(void)
{
	const char *argv[] = { program, "--code", NULL };
	zx_handle_t process[MANY];

	for (int i = 0; i < MANY; i++) {
		process[i] = ZX_HANDLE_INVALID;
		CHECK_EQ(fdio_spawn(ZX_HANDLE_INVALID, FDIO_SPAWN_CLONE_ALL, program, argv,
				    &process[i]),
			 ZX_OK);
	}
	for (int i = 0; i < MANY; i++)
		CHECK_EQ(end_of(process[i]), CHILD_CODE);
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--child"))
		return child();
	if (argc == 2 && !strcmp(argv[1], "--namespace"))
		return namespace_child();
	if (argc == 2 && !strcmp(argv[1], "--chosen"))
		return chosen_child();
	if (argc == 2 && !strcmp(argv[1], "--code"))
		return CHILD_CODE;
	if (argc != 2) {
		fprintf(stderr, "usage: spawn PATH-OF-ITSELF\n");
		return 2;
	}
	program = argv[1];
	RUN(spawn_itself);
	RUN(hands_on_namespace);
	RUN(hands_on_what_is_chosen);
	RUN(refusals);
	RUN(many_at_once);
	return check_result();
}
