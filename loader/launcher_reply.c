#include "loader/launcher_reply.h"

#include <string.h>

#include "compat/core/core.h"

/* Of 2018: status, text, and a handle or a pointer. Later without the text. */
#define LAUNCH_SIZE_2018 32u
#define LAUNCH_SIZE 8u
#define CREATE_SIZE 16u
/* Process, root VMAR, thread; entry, stack; bootstrap channel; vDSO, base. */
#define START_DATA_SIZE 56u

static void write_process(struct fidl_writer *writer, const struct build *build, bool good)
{
	struct handle process = { .object = NULL };

	if (good)
		process = build__handle_to(build, build->process);
	fidl_writer__handle(writer, &process);
}

static void write_start_data(struct fidl_writer *writer, struct build *build, bool good)
{
	struct handle root, thread;

	if (!good) {
		fidl_writer__u64(writer, 0);
		return;
	}
	root = build__handle_to(build, build->root);
	thread = build__handle_to(build, build->thread);
	fidl_writer__u64(writer, FIDL_PRESENT_U64);
	fidl_writer__out_of_line(writer, START_DATA_SIZE);
	write_process(writer, build, true);
	fidl_writer__handle(writer, &root);
	fidl_writer__handle(writer, &thread);
	fidl_writer__u64(writer, build->entry);
	fidl_writer__u64(writer, build->sp);
	fidl_writer__handle(writer, &build->to_parent);
	fidl_writer__u64(writer, build->vdso_base);
	fidl_writer__u64(writer, build->base);
}

/* Why it failed, which only the launcher of 2018 has a place for. */
static void write_text(struct fidl_writer *writer, const char *text)
{
	if (text)
		fidl_writer__bytes(writer, text, strlen(text));
	else
		fidl_writer__absent(writer);
}

zx_status_t launcher_reply__send(struct fidl_conn *conn, struct launcher_job *job,
				 zx_status_t status)
{
	bool good = status == ZX_OK;
	struct fidl_writer writer;

	if (job->form == FIDL_2018)
		fidl_conn__begin_reply(conn, &writer, LAUNCH_SIZE_2018);
	else
		fidl_conn__begin_reply(conn, &writer, job->start ? LAUNCH_SIZE : CREATE_SIZE);
	fidl_writer__u32(&writer, (uint32_t)status);
	if (job->form == FIDL_2018)
		write_text(&writer, good ? NULL : job->failed);
	if (job->start)
		write_process(&writer, &job->build, good);
	else
		write_start_data(&writer, &job->build, good);
	return fidl_conn__reply(conn, &writer);
}
