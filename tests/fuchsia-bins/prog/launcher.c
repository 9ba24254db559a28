/*
 * Starting programs by fuchsia.process.Launcher, by messages made by hand. /program must show the
 * folder of the test programs; this one launches itself, and is its own loader service.
 */
#include "check.h"
#include "elf64.h"
#include "era.h"
#include "fidl.h"
#include "fidl_io.h"
#include "fidl_launcher.h"
#include "fidl_loader.h"
#include "string.h"

#include <zircon/eras.h>
#include <zircon/errors.h>
#include <zircon/rights.h>

#define CHILD_CODE 23
#define SCRIPT_CODE 24

#if RT_ERA == 2018
#define SELF "launcher-2018"
#define TOO_MUCH ZX_ERR_OUT_OF_RANGE
#define LOADER_GONE ZX_ERR_PEER_CLOSED
#define LOADER_UNUSABLE ZX_ERR_WRONG_TYPE
#define LOADER_READ_ONLY ZX_ERR_ACCESS_DENIED
#define NO_PROCESSES ZX_JOB_NO_PROCESSES_2018
#define WRITE_EXECUTE ZX_OK
#else
#define SELF "launcher"
#define TOO_MUCH ZX_ERR_INVALID_ARGS
#define LOADER_GONE ZX_ERR_NOT_FOUND
#define LOADER_UNUSABLE ZX_ERR_NOT_FOUND
#define LOADER_READ_ONLY ZX_ERR_NOT_FOUND
#define NO_PROCESSES ZX_JOB_NO_PROCESSES
#define WRITE_EXECUTE ZX_ERR_ACCESS_DENIED
#endif

#define LDSVC_LOAD_SCRIPT_INTERPRETER_2018 3
#define LDSVC_LOAD_OBJECT FIDL_ORDINAL(2, 0x48c5a151d6df2853)

static zx_handle_t launcher;
static struct rt_thread loader_thread;

/* A connection to the launcher takes what comes, whether it exists or not: Launch will tell. */
static void connect(void)
{
	zx_handle_t server;

	if (launcher != ZX_HANDLE_INVALID)
		zx_handle_close(launcher);
	launcher = ZX_HANDLE_INVALID;
	CHECK_OK(io_open(rt_boot__directory("/svc"), IO_RIGHT_READABLE | IO_RIGHT_WRITABLE, 0,
			 "fuchsia.process.Launcher", &server, NULL));
	launcher = server;
}

/* The launcher of 2018 wants a loader service in any case. Gives our end of it. */
static zx_handle_t add_loader(void)
{
	zx_handle_t ours = ZX_HANDLE_INVALID, theirs;

	CHECK_OK(zx_channel_create(0, &ours, &theirs));
	CHECK_OK(launcher_add_handle(launcher, PA_LDSVC_LOADER, theirs));
	return ours;
}

static int64_t end_of(zx_handle_t process)
{
	zx_info_process_t info = { 0 };

	CHECK_OK(zx_object_wait_one(process, ZX_PROCESS_TERMINATED, ZX_TIME_INFINITE, NULL));
	CHECK_OK(zx_object_get_info(process, ZX_INFO_PROCESS, &info, sizeof(info), NULL, NULL));
	zx_handle_close(process);
	return info.return_code;
}

/* --- What the one launched does: it has one channel, and tells by it what it got. --- */

static int child(int argc, char **argv)
{
	const char *greeting = rt_getenv("GREETING");
	zx_handle_t channel = rt_boot__handle(PA_USER0, 7);

	if (argc == 4 && !strcmp(argv[0], "/bin/real") && !strcmp(argv[2], "/bin/script") &&
	    !strcmp(argv[3], "an argument"))
		return SCRIPT_CODE;
	if (argc != 3 || strcmp(argv[2], "an argument") || !greeting || strcmp(greeting, "hi"))
		return 1;
	if (rt_boot__directory("/elsewhere") == ZX_HANDLE_INVALID || rt_boot.namec != 1)
		return 2;
	if (zx_channel_write(channel, 0, "here", 4, NULL, 0) != ZX_OK)
		return 3;
	return CHILD_CODE;
}

static zx_handle_t add_all(void)
{
	static const char *const args[] = { SELF, "--child", "an argument" };
	static const char *const environ[] = { "OTHER=1", "GREETING=hi" };
	zx_handle_t ours = ZX_HANDLE_INVALID, theirs, directory;

	CHECK_OK(launcher_add_args(launcher, args, NULL, 1));
	CHECK_OK(launcher_add_args(launcher, args + 1, NULL, 2));
	CHECK_OK(launcher_add_environs(launcher, environ, 2));
	CHECK_OK(io_clone(rt_boot__directory("/program"), IO_RIGHT_READABLE, &directory));
	CHECK_OK(launcher_add_name(launcher, "/elsewhere", directory));
	CHECK_OK(zx_channel_create(0, &ours, &theirs));
	CHECK_OK(launcher_add_handle(launcher, PA_HND(PA_USER0, 7), theirs));
	zx_handle_close(add_loader());
	return ours;
}

static void check_word(zx_handle_t channel)
{
	char word[8] = { 0 };
	uint32_t size = 0, count;

	CHECK_OK(zx_channel_read(channel, 0, word, NULL, sizeof(word), 0, &size, &count));
	CHECK_STR(word, "here");
	zx_handle_close(channel);
}

static void launching(void)
{
	zx_handle_t process = ZX_HANDLE_INVALID, channel;
	char name[ZX_MAX_NAME_LEN] = { 0 };

	connect();
	channel = add_all();
	REQUIRE_OK(launcher_launch(launcher, loader_open_file(SELF), rt_boot.job, "launched", &process));
	CHECK_OK(zx_object_get_property(process, ZX_PROP_NAME, name, sizeof(name)));
	CHECK_STR(name, "launched");
	CHECK_EQ(end_of(process), CHILD_CODE);
	check_word(channel);
	/* What was added is used up: this one gets no arguments, and says how it is used. */
	zx_handle_close(add_loader());
	REQUIRE_OK(launcher_launch(launcher, loader_open_file("exit-code"), rt_boot.job, "bare",
				   &process));
	CHECK(end_of(process) != CHILD_CODE);
}

static void creating(void)
{
	struct launcher_start_data data = { 0 };
	zx_info_process_t info = { 0 };
	zx_info_vmar_t root = { 0 };
	zx_handle_t channel;

	connect();
	channel = add_all();
	REQUIRE_OK(launcher_create(launcher, loader_open_file(SELF), rt_boot.job, "made", &data));
	CHECK_OK(zx_object_get_info(data.process, ZX_INFO_PROCESS, &info, sizeof(info), NULL,
				    NULL));
	CHECK(!info.exited);
	CHECK_OK(zx_object_get_info(data.root_vmar, ZX_INFO_VMAR, &root, sizeof(root), NULL, NULL));
	CHECK(data.base >= root.base && data.base < root.base + root.len);
	CHECK(data.entry >= data.base);
	CHECK(data.vdso_base >= root.base && data.vdso_base < root.base + root.len);
	CHECK_OK(zx_process_start(data.process, data.thread, data.entry, data.stack, data.bootstrap,
				  data.vdso_base));
	CHECK_EQ(end_of(data.process), CHILD_CODE);
	check_word(channel);
	zx_handle_close(data.root_vmar);
	zx_handle_close(data.thread);
}

/* --- Programs with an interpreter --- */

static void with_interpreter(void)
{
	static const char *const args[] = { "hello-dyn", "launched" };
	zx_handle_t process = ZX_HANDLE_INVALID, loader, out;

	connect();
	loader = add_loader();
	REQUIRE_OK(rt_thread__start(&loader_thread, "loader", loader_serve, &loader));
	CHECK_OK(launcher_add_args(launcher, args, NULL, 2));
	CHECK_OK(zx_handle_duplicate(rt_boot__fd(1), ZX_RIGHT_SAME_RIGHTS, &out));
	CHECK_OK(launcher_add_handle(launcher, PA_HND(PA_FD, 1), out));
	CHECK_OK(launcher_launch(launcher, loader_open_file("hello-dyn"), rt_boot.job, "dynamic",
				 &process));
	CHECK_OK(rt_thread__join(&loader_thread));
	CHECK_EQ(end_of(process), 0);
}

#if RT_ERA == 2018
static zx_handle_t script(const char *text)
{
	zx_handle_t vmo = ZX_HANDLE_INVALID;

	CHECK_OK(zx_vmo_create(RT_PAGE_SIZE, 0, &vmo));
	CHECK_OK(zx_vmo_write(vmo, text, 0, strlen(text)));
	return vmo;
}

/* A loader service that has two programs: this one, and a script that runs it. */
static void serve_scripts(void *arg)
{
	zx_handle_t channel = *(zx_handle_t *)arg;
	struct load_request request;
	uint32_t size, count;

	for (int i = 0; i < 2; i++) {
		struct load_reply reply = { .present = FIDL_HANDLE_PRESENT_MARK };
		zx_handle_t vmo;

		memset(&request, 0, sizeof(request));
		CHECK_OK(zx_object_wait_one(channel, ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, NULL));
		CHECK_OK(zx_channel_read(channel, 0, &request, NULL, sizeof(request), 0, &size,
					 &count));
		CHECK_EQ(request.header.ordinal, LDSVC_LOAD_SCRIPT_INTERPRETER_2018);
		CHECK_STR(request.text, i ? "/bin/real" : "/bin/script");
		vmo = i ? loader_open_file(SELF) : script("#!/bin/real --child\n");
		reply.header = request.header;
		CHECK_OK(zx_channel_write(channel, 0, &reply, sizeof(reply), &vmo, 1));
	}
	zx_handle_close(channel);
}

/* The interpreter, what its line gives it, and the arguments: the script itself is the first. */
static void scripts(void)
{
	static const char *const args[] = { "an argument" };
	static const char *const environ[] = { "GREETING=hi" };
	zx_handle_t process = ZX_HANDLE_INVALID, loader, ours, theirs, directory;

	connect();
	loader = add_loader();
	REQUIRE_OK(rt_thread__start(&loader_thread, "loader", serve_scripts, &loader));
	CHECK_OK(launcher_add_environs(launcher, environ, 1));
	CHECK_OK(io_clone(rt_boot__directory("/program"), IO_RIGHT_READABLE, &directory));
	CHECK_OK(launcher_add_name(launcher, "/elsewhere", directory));
	CHECK_OK(zx_channel_create(0, &ours, &theirs));
	CHECK_OK(launcher_add_handle(launcher, PA_HND(PA_USER0, 7), theirs));
	CHECK_OK(launcher_add_args(launcher, args, NULL, 1));
	REQUIRE_OK(launcher_launch(launcher, script("#! /bin/script\n"), rt_boot.job, "script",
				   &process));
	CHECK_OK(rt_thread__join(&loader_thread));
	CHECK_EQ(end_of(process), SCRIPT_CODE);
	zx_handle_close(ours);
}

static void bad_scripts(void)
{
	char line[130] = "#!/";
	zx_handle_t process;

	connect();
	zx_handle_close(add_loader());
	CHECK_STATUS(launcher_launch(launcher, script("#! \t\n"), rt_boot.job, "x", &process),
		     ZX_ERR_NOT_FOUND);
	memset(line + 3, 'x', sizeof(line) - 4);
	line[128] = '\n';
	zx_handle_close(add_loader());
	CHECK_STATUS(launcher_launch(launcher, script(line), rt_boot.job, "x", &process),
		     ZX_ERR_OUT_OF_RANGE);
	zx_handle_close(add_loader());
	CHECK_STATUS(launcher_launch(launcher, script("#!/x\n"), rt_boot.job, "x", &process),
		     LOADER_GONE);
}
#endif

static void bad_loaders(void)
{
	struct load_reply reply = { .status = ZX_ERR_IO };
	struct load_request request = { .name.count = 0 };
	zx_handle_t process, loader, less;
	uint32_t size, count;

	connect();
	CHECK_STATUS(launcher_launch(launcher, loader_open_file("hello-dyn"), rt_boot.job, "none",
				     &process),
		     ZX_ERR_INVALID_ARGS);
	zx_handle_close(add_loader());
	CHECK_STATUS(launcher_launch(launcher, loader_open_file("hello-dyn"), rt_boot.job, "gone",
				     &process),
		     LOADER_GONE);
	REQUIRE_OK(zx_event_create(0, &loader));
	CHECK_OK(launcher_add_handle(launcher, PA_LDSVC_LOADER, loader));
	CHECK_STATUS(launcher_launch(launcher, loader_open_file("hello-dyn"), rt_boot.job, "no channel",
				     &process),
		     LOADER_UNUSABLE);
	REQUIRE_OK(zx_channel_create(0, &loader, &less));
	REQUIRE_OK(zx_handle_replace(less, ZX_RIGHT_TRANSFER | ZX_RIGHT_WAIT | ZX_RIGHT_READ,
				     &less));
	CHECK_OK(launcher_add_handle(launcher, PA_LDSVC_LOADER, less));
	CHECK_STATUS(launcher_launch(launcher, loader_open_file("hello-dyn"), rt_boot.job, "read-only",
				     &process),
		     LOADER_READ_ONLY);
	zx_handle_close(loader);
	/* An answer that came before the question. */
	loader = add_loader();
	CHECK_OK(zx_channel_write(loader, 0, &reply, sizeof(reply), NULL, 0));
	CHECK_STATUS(launcher_launch(launcher, loader_open_file("hello-dyn"), rt_boot.job, "no",
				     &process),
		     ZX_ERR_IO);
	CHECK_OK(zx_channel_read(loader, 0, &request, NULL, sizeof(request), 0, &size, &count));
	CHECK_EQ(request.header.ordinal, LDSVC_LOAD_OBJECT);
	CHECK_STR(request.text, "ld.so.1");
	zx_handle_close(loader);
}

static struct rt_thread waiter;

static void launch_and_wait(void *arg)
{
	zx_handle_t process;

	(void)arg;
	CHECK_STATUS(launcher_launch(launcher, loader_open_file("hello-dyn"), rt_boot.job, "waiting",
				     &process),
		     ZX_ERR_CANCELED);
}

/* A loader that never answers holds up nobody else, and is let go of when the client goes. */
static void silent_loader(void)
{
	zx_handle_t loader, client;

	connect();
	loader = add_loader();
	client = launcher;
	REQUIRE_OK(rt_thread__start(&waiter, "waiter", launch_and_wait, NULL));
	CHECK_OK(zx_object_wait_one(loader, ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, NULL));
	CHECK(rt_until_blocked(waiter.handle, ZX_THREAD_STATE_BLOCKED_CHANNEL));
	launcher = ZX_HANDLE_INVALID;
	launching();
	zx_handle_close(client);
	CHECK_OK(rt_thread__join(&waiter));
	CHECK_OK(zx_object_wait_one(loader, ZX_CHANNEL_PEER_CLOSED, ZX_TIME_INFINITE, NULL));
	zx_handle_close(loader);
}

/* --- Refusals --- */

static zx_status_t try(zx_handle_t executable, zx_handle_t job)
{
	zx_handle_t process = ZX_HANDLE_INVALID;
	zx_status_t status;

	zx_handle_close(add_loader());
	status = launcher_launch(launcher, executable, job, "refused", &process);
	if (process != ZX_HANDLE_INVALID)
		zx_task_kill(process);
	return status;
}

static void refusals(void)
{
	zx_handle_t vmo, job, less;

	connect();
	REQUIRE_OK(zx_vmo_create(RT_PAGE_SIZE, 0, &vmo));
	CHECK_STATUS(try(vmo, rt_boot.job), ZX_ERR_NOT_FOUND);
	REQUIRE_OK(zx_event_create(0, &vmo));
	CHECK_STATUS(try(vmo, rt_boot.job), ZX_ERR_WRONG_TYPE);
	CHECK_STATUS(try(loader_open_file(SELF), rt_boot.process), ZX_ERR_WRONG_TYPE);
	REQUIRE_OK(zx_handle_duplicate(rt_boot.job, ZX_RIGHTS_BASIC, &less));
	CHECK_STATUS(try(loader_open_file(SELF), less), ZX_ERR_ACCESS_DENIED);
	zx_handle_close(less);
	vmo = loader_open_file(SELF);
	REQUIRE_OK(zx_handle_replace(vmo, ZX_RIGHTS_BASIC | ZX_RIGHT_READ | ZX_RIGHT_MAP, &vmo));
	CHECK_STATUS(try(vmo, rt_boot.job), ZX_ERR_ACCESS_DENIED);
	REQUIRE_OK(zx_job_create(rt_boot.job, 0, &job));
	CHECK_OK(zx_task_kill(job));
	CHECK_STATUS(try(loader_open_file(SELF), job), ZX_ERR_BAD_STATE);
	zx_handle_close(job);
}

/* A program whose data cannot be mapped, from 2020 on: what was made for it goes again. */
static void leaves_nothing(void)
{
	struct elf64_header header;
	struct elf64_segment segment;
	zx_handle_t file, vmo, job;
	size_t i;

	connect();
	REQUIRE_OK(zx_job_create(rt_boot.job, 0, &job));
	file = loader_open_file("hello");
	REQUIRE_OK(zx_vmo_create(16 * RT_PAGE_SIZE, 0, &vmo));
	for (i = 0; i < 16; i++) {
		static uint8_t page[RT_PAGE_SIZE];

		zx_vmo_read(file, page, i * RT_PAGE_SIZE, RT_PAGE_SIZE);
		zx_vmo_write(vmo, page, i * RT_PAGE_SIZE, RT_PAGE_SIZE);
	}
	zx_handle_close(file);
	CHECK_OK(zx_vmo_read(vmo, &header, 0, sizeof(header)));
	for (i = 0; i < header.phnum; i++) {
		uint64_t at = header.phoff + i * sizeof(segment);

		CHECK_OK(zx_vmo_read(vmo, &segment, at, sizeof(segment)));
		if (segment.type != ELF_PT_LOAD || !(segment.flags & ELF_PF_W))
			continue;
		segment.flags |= ELF_PF_X;
		CHECK_OK(zx_vmo_write(vmo, &segment, at, sizeof(segment)));
	}
#if RT_ERA != 2018
	REQUIRE_OK(zx_vmo_replace_as_executable(vmo, ZX_HANDLE_INVALID, &vmo));
#endif
	CHECK_STATUS(try(vmo, job), WRITE_EXECUTE);
	CHECK_OK(zx_object_wait_one(job, NO_PROCESSES, ZX_TIME_INFINITE, NULL));
	zx_handle_close(job);
}

static void too_much(void)
{
	static char text[40000];
	const char *string = text;
	const size_t size = sizeof(text);
	zx_handle_t event;
	int i;

	connect();
	memset(text, 'x', sizeof(text));
	CHECK_OK(launcher_add_args(launcher, &string, &size, 1));
	CHECK_OK(launcher_add_args(launcher, &string, &size, 1));
	CHECK_STATUS(try(loader_open_file(SELF), rt_boot.job), TOO_MUCH);
	for (i = 0; i < 65; i++) {
		REQUIRE_OK(zx_event_create(0, &event));
		CHECK_OK(launcher_add_handle(launcher, PA_HND(PA_USER0, i), event));
	}
	CHECK_STATUS(try(loader_open_file(SELF), rt_boot.job), TOO_MUCH);
	/* No room for what the launcher adds. */
	for (i = 0; i < 60; i++) {
		REQUIRE_OK(zx_event_create(0, &event));
		CHECK_OK(launcher_add_handle(launcher, PA_HND(PA_USER0, i), event));
	}
	CHECK_STATUS(try(loader_open_file("hello"), rt_boot.job), TOO_MUCH);
	/* The connection is as good as new. */
	CHECK_OK(try(loader_open_file("hello"), rt_boot.job));
#if RT_ERA != 2018
	REQUIRE_OK(zx_event_create(0, &event));
	CHECK_OK(launcher_add_handle(launcher, PA_PROC_SELF, event));
	CHECK_STATUS(try(loader_open_file(SELF), rt_boot.job), ZX_ERR_INVALID_ARGS);
	string = "a\0b";
	CHECK_OK(launcher_add_args(launcher, &string, (const size_t[]){ 3 }, 1));
	CHECK_STATUS(try(loader_open_file(SELF), rt_boot.job), ZX_ERR_INVALID_ARGS);
#endif
}

/* A count that is no count, and handles that are not there. */
static void malformed(void)
{
	struct {
		struct fidl_header header;
		struct fidl_vector vector;
		uint64_t element[2];
	} message = { .vector = { UINT64_MAX / 8, FIDL_PRESENT } };
	static const struct {
		uint64_t ordinal;
		uint64_t count;
	} bad[] = {
		{ FIDL_ORDINAL(10, 0x3be445d3e4fd6512), UINT64_MAX / 16 + 1 },
		{ FIDL_ORDINAL(12, 0x2579ee2c7be28662), UINT64_MAX },
		{ FIDL_ORDINAL(13, 0x51025267a537a615), 2 },
	};

	for (size_t i = 0; i < RT_ARRAY_SIZE(bad); i++) {
		connect();
		message.header = FIDL_HEADER(bad[i].ordinal);
		message.vector.count = bad[i].count;
		CHECK_OK(zx_channel_write(launcher, 0, &message, sizeof(message), NULL, 0));
		CHECK_OK(zx_object_wait_one(launcher, ZX_CHANNEL_PEER_CLOSED, ZX_TIME_INFINITE,
					    NULL));
	}
}

/*
 * A launch that waits for a loader whose other end is held by nobody but itself, and so is its
 * client's: nothing but the system's end ends it.
 */
static void held_by_itself(void)
{
	zx_handle_t loader, ours, theirs;

	connect();
	loader = add_loader();
	CHECK_OK(launcher_add_handle(launcher, PA_HND(PA_USER0, 0), loader));
	REQUIRE_OK(zx_channel_create(0, &ours, &theirs));
	CHECK_OK(launcher_add_handle(launcher, PA_HND(PA_USER0, 1), theirs));
	CHECK_OK(launcher_send(launcher, loader_open_file("hello-dyn"), rt_boot.job, "held"));
	CHECK_OK(zx_channel_write(ours, 0, NULL, 0, &launcher, 1));
	zx_handle_close(ours);
	launcher = ZX_HANDLE_INVALID;
	/* The launch has reached its loader when another one, begun later, is done. */
	connect();
	CHECK_OK(try(loader_open_file("hello"), rt_boot.job));
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "--child"))
		return child(argc, argv);
	RUN(launching);
	RUN(creating);
#if RT_ERA == 2018
	launcher_of_2019 = true;
	RUN(launching);
	RUN(creating);
	launcher_of_2019 = false;
#endif
	RUN(with_interpreter);
#if RT_ERA == 2018
	RUN(scripts);
	RUN(bad_scripts);
#endif
	RUN(bad_loaders);
	RUN(silent_loader);
	RUN(refusals);
	RUN(leaves_nothing);
	RUN(too_much);
	RUN(malformed);
	RUN(held_by_itself);
	return rt_check_result();
}
