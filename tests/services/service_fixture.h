/*
 * What a test of a service starts from: the core of the unit tests, a folder of its own on the
 * host, and a client that speaks FIDL in the form of either era.
 */
#ifndef TESTS_SERVICE_FIXTURE_H
#define TESTS_SERVICE_FIXTURE_H

#include "tests/core/core_fixture.h"

#include "compat/core/channel.h"
#include "compat/services/fidl_wire.h"
#include "compat/services/services.h"

int service_fixture__setup(void **state);
int service_fixture__teardown(void **state);

#define service_test(name) \
	cmocka_unit_test_setup_teardown(name, service_fixture__setup, service_fixture__teardown)

/* The test's folder: empty at first, removed at the end. */
extern char test_dir[64];
/* A path in it; the same buffer each time. */
const char *test_path(const char *name);
void test_write_file(const char *name, const void *data, size_t size);
/* Reads a file of the folder to its end; returns its size. */
size_t test_read_file(const char *name, void *data, size_t room);

/* The client's end of a channel. */
struct client {
	struct handle end;
	enum fidl_era era;
};

/* Makes a channel; @server is the other end. */
void client__create(struct client *client, enum fidl_era era, struct handle *server);
void client__close(struct client *client);
static inline struct channel *client__channel(struct client *client)
{
	return (struct channel *)client->end.object;
}

/* A request under construction; the writer's functions add to it. */
void client__begin(struct client *client, struct fidl_writer *request, uint64_t ordinal_2018,
		   uint64_t ordinal_2020, uint32_t inline_size);
void client__send(struct client *client, struct fidl_writer *request);
/* Sends raw bytes without handles. */
void client__send_raw(struct client *client, const void *data, uint32_t size);

/* The next message, waited for; fails after some seconds. */
struct message *client__receive(struct client *client);
/*
 * Sends, receives, checks that the reply is one, and begins to read it; @inline_size as for the
 * reader. The caller frees reader->message.
 */
void client__call(struct client *client, struct fidl_writer *request, uint32_t inline_size,
		  struct fidl_reader *reply);
/* For calls whose reply is a status alone. */
zx_status_t client__call_status(struct client *client, struct fidl_writer *request);
/* Waits until the server has closed; returns the epitaph, or ZX_OK where there is none. */
zx_status_t client__await_close(struct client *client);

#endif
