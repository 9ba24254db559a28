#include "loader/launcher.h"

#include <stdlib.h>
#include <string.h>
#include <zircon/errors.h>

#include "compat/core/core.h"
#include "compat/core/channel.h"
#include "compat/host/io.h"
#include "compat/services/fidl.h"
#include "loader/launcher_job.h"
#include "loader/launcher_reply.h"
#include "loader/launcher_script.h"

#define LOAD_OBJECT_2018 2u
#define LOAD_SCRIPT_INTERPRETER_2018 3u
#define LOAD_OBJECT_2020 0x48c5a151d6df2853u

/* A connection, and what its client has added for the next launch. */
struct launcher {
	struct fidl_conn fidl;
	const struct options *options;
	struct launcher_inputs inputs;
	struct launch *launch; /* under way, or NULL */
};

/* A launch on its way between threads. */
struct launch {
	struct launcher *conn;
	struct io_request io;
	struct dispatch_work stepped;
	zx_status_t (*step)(struct launcher_job *job);
	zx_status_t status;
	/* While the loader service is asked: its answer, and the client's end. */
	struct dispatch_wait answer;
	struct dispatch_wait client;
	bool asking;
	struct launcher_job job;
};

static void finish(struct launch *launch, zx_status_t status)
{
	struct launcher *conn = launch->conn;
	zx_status_t result;

	result = launcher_reply__send(&conn->fidl, &launch->job, status);
	launcher_job__free(&launch->job);
	free(launch);
	conn->launch = NULL;
	fidl_conn__resume(&conn->fidl, result);
}

static int64_t run_step(struct io_request *req)
{
	struct launch *launch = list_entry(req, struct launch, io);

	launch->status = launch->step(&launch->job);
	return 0;
}

/* An engine without threads answers in place of run_step(). */
static void step_done(struct io_request *req, int64_t result)
{
	struct launch *launch = list_entry(req, struct launch, io);

	if (result < 0)
		launch->status = ZX_ERR_NO_RESOURCES;
	/* The dispatcher runs: it waits for this. */
	(void)dispatch__post(&launch->stepped);
}

static void begin_step(struct launch *launch, zx_status_t (*step)(struct launcher_job *job),
		       void (*then)(struct dispatch_work *work))
{
	launch->step = step;
	launch->io.done = step_done;
	launch->stepped.run = then;
	io__call(&launch->io, run_step);
}

static void built(struct dispatch_work *work)
{
	struct launch *launch = list_entry(work, struct launch, stepped);

	finish(launch, launch->status);
}

static struct channel *ldsvc_of(const struct launch *launch)
{
	return (struct channel *)launch->job.inputs.ldsvc.object;
}

static void stop_asking(struct launch *launch)
{
	dispatch__cancel(&launch->answer);
	dispatch__cancel(&launch->client);
	launch->asking = false;
}

/* process_builder has one status for all that goes wrong with the connection. */
static zx_status_t asking_failed(const struct launch *launch, zx_status_t status)
{
	return status == ZX_OK || launch->job.form == FIDL_2018 ? status : ZX_ERR_NOT_FOUND;
}

/* What the loader service answered: a status, and a VMO where that is good. */
static zx_status_t take_interp(struct launch *launch)
{
	struct fidl_reader reader;
	struct message *message;
	zx_status_t status = channel__read(ldsvc_of(launch), &message);

	if (status != ZX_OK)
		return asking_failed(launch, status);
	fidl_reader__begin(&reader, message, 2 * sizeof(uint32_t));
	status = (zx_status_t)fidl_reader__u32(&reader);
	if (!reader.bad && status == ZX_OK) {
		fidl_reader__handle(&reader, ZX_OBJ_TYPE_VMO, 0, &launch->job.interp);
		fidl_reader__end(&reader);
	}
	if (reader.bad)
		status = asking_failed(launch, ZX_ERR_INVALID_ARGS);
	message__free(message);
	return status;
}

static void examined(struct dispatch_work *work);

static void answered(struct dispatch_wait *wait, uint32_t observed)
{
	struct launch *launch = list_entry(wait, struct launch, answer);
	zx_status_t status;

	(void)observed;
	stop_asking(launch);
	status = take_interp(launch);
	if (status == ZX_OK && launch->job.script[0]) {
		launcher_script__loaded(&launch->job);
		begin_step(launch, launcher_job__examine, examined);
		return;
	}
	if (status == ZX_OK) {
		begin_step(launch, launcher_job__build, built);
		return;
	}
	launch->job.failed = "the loader service did not give the interpreter";
	finish(launch, status);
}

/* Nobody is left who could want the program. */
static void client_gone(struct dispatch_wait *wait, uint32_t observed)
{
	struct launch *launch = list_entry(wait, struct launch, client);

	(void)observed;
	stop_asking(launch);
	finish(launch, ZX_ERR_PEER_CLOSED);
}

static zx_status_t send_question(struct launch *launch)
{
	struct fidl_header header = { .era = launch->job.form, .txid = 1 };
	bool script = launch->job.script[0];
	const char *name = script ? launch->job.script : launch->job.interp_name;
	struct fidl_writer writer;

	if (ldsvc_of(launch)->object.type != ZX_OBJ_TYPE_CHANNEL)
		return asking_failed(launch, ZX_ERR_WRONG_TYPE);
	if ((launch->job.inputs.ldsvc.rights & ZX_RIGHTS_IO) != ZX_RIGHTS_IO)
		return asking_failed(launch, ZX_ERR_ACCESS_DENIED);
	header.ordinal = script			 ? LOAD_SCRIPT_INTERPRETER_2018 :
			 header.era == FIDL_2018 ? LOAD_OBJECT_2018 :
						   LOAD_OBJECT_2020;
	fidl_writer__begin(&writer, &header, 2 * sizeof(uint64_t));
	fidl_writer__bytes(&writer, name, strlen(name));
	return asking_failed(launch, fidl_writer__send(&writer, ldsvc_of(launch)));
}

/*
 * The loader service is the client's, and may answer late or never. This thread waits for neither:
 * it goes on with an answer, or when the client has gone.
 */
static zx_status_t ask(struct launch *launch)
{
	zx_status_t status = send_question(launch);

	if (status != ZX_OK)
		return status;
	launch->answer.ready = answered;
	launch->client.ready = client_gone;
	status = dispatch__wait(&launch->answer, &ldsvc_of(launch)->object,
				ZX_CHANNEL_READABLE | ZX_CHANNEL_PEER_CLOSED);
	if (status == ZX_OK)
		status = dispatch__wait(&launch->client, launch->conn->fidl.channel.object,
					ZX_CHANNEL_PEER_CLOSED);
	launch->asking = status == ZX_OK;
	if (status != ZX_OK)
		stop_asking(launch);
	return status;
}

static void examined(struct dispatch_work *work)
{
	struct launch *launch = list_entry(work, struct launch, stepped);
	zx_status_t status = launch->status;

	if (status == ZX_OK && launch->conn->fidl.closing) {
		finish(launch, ZX_ERR_CANCELED);
		return;
	}
	if (status == ZX_OK && !launch->job.interp_name && !launch->job.script[0]) {
		begin_step(launch, launcher_job__build, built);
		return;
	}
	if (status == ZX_OK) {
		launch->job.failed = "cannot ask the loader service for the interpreter";
		status = ask(launch);
	}
	if (status != ZX_OK)
		finish(launch, status);
}

/* The inputs are used up by this launch, whatever comes of it. */
static struct launch *create_launch(struct launcher *conn, bool start)
{
	struct launch *launch = calloc(1, sizeof(*launch));

	if (!launch)
		return NULL;
	launch->conn = conn;
	launch->job.options = conn->options;
	launch->job.form = conn->fidl.request.era;
	launch->job.start = start;
	launch->job.inputs = conn->inputs;
	memset(&conn->inputs, 0, sizeof(conn->inputs));
	return launch;
}

static zx_status_t begin_launch(struct fidl_conn *fidl, struct message *message, bool start)
{
	struct launcher *conn = (struct launcher *)fidl;
	struct launch *launch = create_launch(conn, start);
	struct fidl_reader reader;
	const uint8_t *name;
	size_t size;

	if (!launch)
		return ZX_ERR_NO_MEMORY;
	fidl_reader__begin(&reader, message, 3 * sizeof(uint64_t));
	fidl_reader__handle(&reader, ZX_OBJ_TYPE_NONE, 0, &launch->job.executable);
	fidl_reader__handle(&reader, ZX_OBJ_TYPE_NONE, 0, &launch->job.job);
	name = fidl_reader__bytes(&reader, ZX_CHANNEL_MAX_MSG_BYTES, &size);
	if (!fidl_reader__end(&reader)) {
		launcher_job__free(&launch->job);
		free(launch);
		return ZX_ERR_INVALID_ARGS;
	}
	/* Longer names of tasks are cut. */
	if (size >= sizeof(launch->job.name))
		size = sizeof(launch->job.name) - 1;
	memcpy(launch->job.name, name, size);
	if (launch->job.form == FIDL_2020 && memchr(name, '\0', size) &&
	    launch->job.inputs.bad == ZX_OK)
		launch->job.inputs.bad = ZX_ERR_INVALID_ARGS;
	conn->launch = launch;
	fidl_conn__suspend(fidl);
	begin_step(launch, launcher_job__examine, examined);
	return FIDL_CONTINUE;
}

static zx_status_t launch_now(struct fidl_conn *conn, struct message *message)
{
	return begin_launch(conn, message, true);
}

static zx_status_t create_without_starting(struct fidl_conn *conn, struct message *message)
{
	return begin_launch(conn, message, false);
}

static zx_status_t added(bool good)
{
	return good ? FIDL_CONTINUE : ZX_ERR_INVALID_ARGS;
}

static zx_status_t add_args(struct fidl_conn *fidl, struct message *message)
{
	struct launcher_inputs *inputs = &((struct launcher *)fidl)->inputs;

	return added(launcher_inputs__read_strings(inputs, &inputs->args, message,
						   fidl->request.era));
}

static zx_status_t add_environs(struct fidl_conn *fidl, struct message *message)
{
	struct launcher_inputs *inputs = &((struct launcher *)fidl)->inputs;

	return added(launcher_inputs__read_strings(inputs, &inputs->environ, message,
						   fidl->request.era));
}

static zx_status_t add_names(struct fidl_conn *fidl, struct message *message)
{
	return added(launcher_inputs__read_names(&((struct launcher *)fidl)->inputs, message,
						 fidl->request.era));
}

static zx_status_t add_handles(struct fidl_conn *fidl, struct message *message)
{
	return added(launcher_inputs__read_handles(&((struct launcher *)fidl)->inputs, message,
						   fidl->request.era));
}

/*
 * Of 2020: the first 8 bytes of sha256("fuchsia.process/Launcher.METHOD"), top bit cleared. In
 * January 2019 it was the first 4 of sha256("fuchsia.process.Launcher/METHOD"), before that a number.
 */
static const struct fidl_method methods[] = {
	{ 1, 0x11335a9928afbfa4, launch_now, false },
	{ 2, 0x755f8263fe51cb61, create_without_starting, false },
	{ 10, 0x3be445d3e4fd6512, add_args, true },
	{ 11, 0x73a3c97fa7fe1779, add_environs, true },
	{ 12, 0x2579ee2c7be28662, add_names, true },
	{ 13, 0x51025267a537a615, add_handles, true },
	{ 0x26884d9d, 0, launch_now, false },
	{ 0x4fcfbc11, 0, create_without_starting, false },
	{ 0x1480f9a0, 0, add_args, true },
	{ 0x48c62c99, 0, add_environs, true },
	{ 0x53fcef0c, 0, add_names, true },
	{ 0x5cd6900b, 0, add_handles, true },
};

/* Steps on other threads end by themselves. */
static void cancel(struct fidl_conn *fidl)
{
	struct launch *launch = ((struct launcher *)fidl)->launch;

	if (!launch || !launch->asking)
		return;
	stop_asking(launch);
	finish(launch, ZX_ERR_CANCELED);
}

static void destroy(struct fidl_conn *fidl)
{
	struct launcher *conn = (struct launcher *)fidl;

	launcher_inputs__free(&conn->inputs);
	free(conn);
}

static const struct fidl_protocol protocol = {
	.methods = methods,
	.num_methods = sizeof(methods) / sizeof(methods[0]),
	.cancel = cancel,
	.destroy = destroy,
};

zx_status_t launcher__serve(const struct options *options, struct handle *channel)
{
	struct launcher *conn = calloc(1, sizeof(*conn));

	if (!conn) {
		handle__close(channel);
		return ZX_ERR_NO_MEMORY;
	}
	conn->options = options;
	return fidl_conn__serve(&conn->fidl, &protocol, channel);
}
