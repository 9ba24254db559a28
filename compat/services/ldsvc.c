#include "compat/services/ldsvc.h"

#include <stdlib.h>
#include <string.h>

#include "compat/host/io.h"
#include "compat/services/fidl.h"
#include "compat/services/ldsvc_files.h"

#define MAX_STRING 1024u

struct loader_conn {
	struct fidl_conn fidl;
	struct ldsvc_files *files;
	char subdir[LDSVC_CONFIG_MAX + 1]; /* "": no configuration */
	bool exclusive;
};

/* A file that a thread of the I/O pool loads for a connection. */
struct load {
	struct io_request io;
	struct dispatch_work finished;
	struct loader_conn *conn;
	bool by_path;
	zx_status_t status;
	struct handle vmo;
	char name[MAX_STRING + 1];
};

static zx_status_t serve(struct ldsvc_files *files, struct handle *channel);

static zx_status_t reply_object(struct fidl_conn *conn, zx_status_t status, struct handle *vmo)
{
	struct fidl_writer writer;

	fidl_conn__begin_reply(conn, &writer, 2 * sizeof(uint32_t));
	fidl_writer__u32(&writer, (uint32_t)status);
	fidl_writer__handle(&writer, vmo);
	return fidl_conn__reply(conn, &writer);
}

/* The linker of 2018 takes this reply without the padding that FIDL otherwise has, and only so. */
static zx_status_t reply_status(struct fidl_conn *conn, zx_status_t status)
{
	struct fidl_writer writer;

	fidl_conn__begin_reply(conn, &writer, sizeof(uint32_t));
	fidl_writer__u32(&writer, (uint32_t)status);
	if (conn->request.era == FIDL_2018)
		fidl_writer__trim(&writer, FIDL_HEADER_SIZE + sizeof(uint32_t));
	return fidl_conn__reply(conn, &writer);
}

/*
 * Copies a string with its end; false where it is empty or holds a NUL. At its end it may: launchpad
 * asks for an interpreter as the ELF file names it.
 */
static bool copy_name(const uint8_t *data, size_t size, char *out)
{
	if (size && !data[size - 1])
		size--;
	if (!size || memchr(data, '\0', size))
		return false;
	memcpy(out, data, size);
	out[size] = '\0';
	return true;
}

/* One name in one directory, so that nothing outside of the directories can be asked for. */
static bool is_plain(const char *name)
{
	return !strchr(name, '/') && strcmp(name, ".") && strcmp(name, "..");
}

static int64_t run_load(struct io_request *req)
{
	struct load *load = (struct load *)req;
	struct loader_conn *conn = load->conn;

	if (load->by_path)
		load->status = ldsvc_files__load_path(conn->files, load->name, &load->vmo);
	else
		load->status = ldsvc_files__load(conn->files, conn->subdir, conn->exclusive,
						 load->name, &load->vmo);
	return 0;
}

/* An engine without threads answers in place of run_load(). */
static void load_done(struct io_request *req, int64_t result)
{
	struct load *load = (struct load *)req;

	if (result < 0)
		load->status = ZX_ERR_NO_RESOURCES;
	/* The dispatcher runs: it waits for this. */
	(void)dispatch__post(&load->finished);
}

static void load_finished(struct dispatch_work *work)
{
	struct load *load = list_entry(work, struct load, finished);
	struct loader_conn *conn = load->conn;
	zx_status_t result = reply_object(&conn->fidl, load->status, &load->vmo);

	free(load);
	fidl_conn__resume(&conn->fidl, result);
}

static zx_status_t begin_load(struct fidl_conn *conn, struct message *message, bool by_path)
{
	struct load *load = calloc(1, sizeof(*load));
	struct fidl_reader reader;
	const uint8_t *data;
	size_t size;
	bool good;

	if (!load)
		return ZX_ERR_NO_MEMORY;
	fidl_reader__begin(&reader, message, 2 * sizeof(uint64_t));
	data = fidl_reader__bytes(&reader, MAX_STRING, &size);
	if (!fidl_reader__end(&reader)) {
		free(load);
		return ZX_ERR_INVALID_ARGS;
	}
	good = copy_name(data, size, load->name) &&
	       (by_path ? load->name[0] == '/' : is_plain(load->name));
	if (!good) {
		zx_status_t status = by_path ? ZX_ERR_NOT_FOUND : ZX_ERR_INVALID_ARGS;

		status = reply_object(conn, status, &load->vmo);
		free(load);
		return status;
	}
	load->io.done = load_done;
	load->finished.run = load_finished;
	load->conn = (struct loader_conn *)conn;
	load->by_path = by_path;
	fidl_conn__suspend(conn);
	io__call(&load->io, run_load);
	return FIDL_CONTINUE;
}

static zx_status_t load_object(struct fidl_conn *conn, struct message *message)
{
	return begin_load(conn, message, false);
}

static zx_status_t load_by_path(struct fidl_conn *conn, struct message *message)
{
	return begin_load(conn, message, true);
}

static zx_status_t done(struct fidl_conn *conn, struct message *message)
{
	struct fidl_reader reader;

	(void)conn;
	fidl_reader__begin(&reader, message, 0);
	return fidl_reader__end(&reader) ? FIDL_CLOSE : ZX_ERR_INVALID_ARGS;
}

/*
 * The configuration names a subdirectory to look into first; with a "!" at the end, to look into
 * alone.
 */
static zx_status_t set_config(struct loader_conn *conn, const uint8_t *data, size_t size)
{
	char config[LDSVC_CONFIG_MAX + 1];
	bool exclusive;

	if (size < 2 || size > LDSVC_CONFIG_MAX || !copy_name(data, size, config))
		return ZX_ERR_INVALID_ARGS;
	exclusive = config[size - 1] == '!';
	if (exclusive)
		config[size - 1] = '\0';
	if (!is_plain(config))
		return ZX_ERR_INVALID_ARGS;
	strcpy(conn->subdir, config);
	conn->exclusive = exclusive;
	return ZX_OK;
}

static zx_status_t config(struct fidl_conn *conn, struct message *message)
{
	struct fidl_reader reader;
	const uint8_t *data;
	size_t size;

	fidl_reader__begin(&reader, message, 2 * sizeof(uint64_t));
	data = fidl_reader__bytes(&reader, MAX_STRING, &size);
	if (!fidl_reader__end(&reader))
		return ZX_ERR_INVALID_ARGS;
	return reply_status(conn, set_config((struct loader_conn *)conn, data, size));
}

static zx_status_t clone_loader(struct fidl_conn *conn, struct message *message)
{
	struct fidl_reader reader;
	struct handle channel;

	fidl_reader__begin(&reader, message, sizeof(uint32_t));
	fidl_reader__handle(&reader, ZX_OBJ_TYPE_CHANNEL, ZX_RIGHTS_IO, &channel);
	if (!fidl_reader__end(&reader)) {
		handle__close(&channel);
		return ZX_ERR_INVALID_ARGS;
	}
	return reply_status(conn, serve(((struct loader_conn *)conn)->files, &channel));
}

/* Nobody collects such data here, as on a Fuchsia without that service. */
static zx_status_t publish_data_sink(struct fidl_conn *conn, struct message *message)
{
	struct fidl_reader reader;
	struct handle data;
	size_t size;

	fidl_reader__begin(&reader, message, 2 * sizeof(uint64_t) + sizeof(uint32_t));
	fidl_reader__bytes(&reader, MAX_STRING, &size);
	fidl_reader__handle(&reader, ZX_OBJ_TYPE_VMO, 0, &data);
	handle__close(&data);
	if (!fidl_reader__end(&reader))
		return ZX_ERR_INVALID_ARGS;
	return reply_status(conn, ZX_ERR_NOT_SUPPORTED);
}

/*
 * Ordinals of 2020: the first 8 bytes of sha256("fuchsia.ldsvc/Loader.METHOD"), top bit cleared. In
 * January 2019 it was the first 4 of sha256("fuchsia.ldsvc.Loader/METHOD"), before that a number.
 */
static const struct fidl_method methods[] = {
	{ 1, 0x63ba6b76d3671001, done, true },
	{ 2, 0x48c5a151d6df2853, load_object, false },
	{ 3, 0x27b33b5821e1414f, load_by_path, false }, /* LoadScriptInterpreter */
	{ 4, 0x6a8a1a1464632841, config, false },
	{ 5, 0x57e643a9ab6e4c29, clone_loader, false },
	{ 7, 0x6be39efc0e4b43cc, publish_data_sink, false },
	{ 8, 0x4c33e0963089eaa0, load_by_path, false }, /* DebugLoadConfig */
	{ 0x501635da, 0, done, true },
	{ 0x18d35e60, 0, load_object, false },
	{ 0x32cc7f4e, 0, load_by_path, false },
	{ 0x1adeb78d, 0, config, false },
	{ 0x3862fcb9, 0, clone_loader, false },
	{ 0x4f64fa41, 0, publish_data_sink, false },
	{ 0x722d77ba, 0, load_by_path, false },
};

static void destroy(struct fidl_conn *conn)
{
	free(conn);
}

static const struct fidl_protocol protocol = {
	.methods = methods,
	.num_methods = sizeof(methods) / sizeof(methods[0]),
	.destroy = destroy,
};

static zx_status_t serve(struct ldsvc_files *files, struct handle *channel)
{
	struct loader_conn *conn = files ? calloc(1, sizeof(*conn)) : NULL;

	if (!conn) {
		handle__close(channel);
		return ZX_ERR_NO_MEMORY;
	}
	conn->files = files;
	return fidl_conn__serve(&conn->fidl, &protocol, channel);
}

zx_status_t ldsvc__serve(const struct ldsvc_config *host, struct handle *channel)
{
	return serve(ldsvc_files__get(host), channel);
}
