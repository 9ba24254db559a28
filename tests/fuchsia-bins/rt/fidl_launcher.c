/* A client of fuchsia.process.Launcher. */
#include "fidl_launcher.h"

#include <zircon/errors.h>
#include <zircon/rights.h>
#include <zircon/syscalls.h>

#include "fidl.h"
#include "string.h"

bool launcher_of_2019;

/* The numbers that the definition has went over the wire in 2018; from 2019 on hashes did. */
#define hashed(number, hash) (launcher_of_2019 ? (hash) : (number))
#define LAUNCH FIDL_ORDINAL(hashed(1, 0x26884d9d), 0x11335a9928afbfa4)
#define CREATE_WITHOUT_STARTING FIDL_ORDINAL(hashed(2, 0x4fcfbc11), 0x755f8263fe51cb61)
#define ADD_ARGS FIDL_ORDINAL(hashed(10, 0x1480f9a0), 0x3be445d3e4fd6512)
#define ADD_ENVIRONS FIDL_ORDINAL(hashed(11, 0x48c62c99), 0x73a3c97fa7fe1779)
#define ADD_NAMES FIDL_ORDINAL(hashed(12, 0x53fcef0c), 0x2579ee2c7be28662)
#define ADD_HANDLES FIDL_ORDINAL(hashed(13, 0x5cd6900b), 0x51025267a537a615)

static uint8_t message[65536] __attribute__((aligned(8)));
static uint32_t size;

static void put(const void *data, size_t count)
{
	memset(message + size, 0, FIDL_ALIGN(count));
	memcpy(message + size, data, count);
	size += FIDL_ALIGN(count);
}

static void put_vector(size_t count)
{
	struct fidl_vector vector = { count, FIDL_PRESENT };

	put(&vector, sizeof(vector));
}

static void begin(uint64_t ordinal)
{
	struct fidl_header header = FIDL_HEADER(ordinal);

	size = 0;
	put(&header, sizeof(header));
}

static zx_status_t add_strings(zx_handle_t launcher, uint64_t ordinal, const char *const *strings,
			       const size_t *sizes, size_t count)
{
	size_t i;

	begin(ordinal);
	put_vector(count);
	for (i = 0; i < count; i++)
		put_vector(sizes ? sizes[i] : strlen(strings[i]));
	for (i = 0; i < count; i++)
		put(strings[i], sizes ? sizes[i] : strlen(strings[i]));
	return zx_channel_write(launcher, 0, message, size, NULL, 0);
}

zx_status_t launcher_add_args(zx_handle_t launcher, const char *const *args, const size_t *sizes,
			      size_t count)
{
	return add_strings(launcher, ADD_ARGS, args, sizes, count);
}

zx_status_t launcher_add_environs(zx_handle_t launcher, const char *const *environ, size_t count)
{
	return add_strings(launcher, ADD_ENVIRONS, environ, NULL, count);
}

zx_status_t launcher_add_name(zx_handle_t launcher, const char *path, zx_handle_t directory)
{
	const uint64_t present = FIDL_HANDLE_PRESENT_MARK;

	begin(ADD_NAMES);
	put_vector(1);
	put_vector(strlen(path));
	put(&present, sizeof(present));
	put(path, strlen(path));
	return zx_channel_write(launcher, 0, message, size, &directory, 1);
}

zx_status_t launcher_add_handle(zx_handle_t launcher, uint32_t id, zx_handle_t handle)
{
	const uint32_t info[2] = { FIDL_HANDLE_PRESENT_MARK, id };

	begin(ADD_HANDLES);
	put_vector(1);
	put(info, sizeof(info));
	return zx_channel_write(launcher, 0, message, size, &handle, 1);
}

/* What both replies begin with; a text stands between in 2018. */
struct reply {
	struct fidl_header header;
	zx_status_t status;
#if RT_ERA == 2018
	struct fidl_vector text;
#endif
};

struct start_data {
	uint32_t handles[4];
	uint64_t entry;
	uint64_t stack;
	uint32_t bootstrap;
	uint32_t padding;
	uint64_t vdso_base;
	uint64_t base;
};

static void begin_launch(uint64_t ordinal, const char *name)
{
	const uint32_t present[2] = { FIDL_HANDLE_PRESENT_MARK, FIDL_HANDLE_PRESENT_MARK };

	begin(ordinal);
	put(present, sizeof(present));
	put_vector(strlen(name));
	put(name, strlen(name));
}

zx_status_t launcher_send(zx_handle_t launcher, zx_handle_t executable, zx_handle_t job,
			  const char *name)
{
	zx_handle_t sent[2] = { executable };
	zx_status_t status = zx_handle_duplicate(job, ZX_RIGHT_SAME_RIGHTS, &sent[1]);

	if (status != ZX_OK) {
		zx_handle_close(executable);
		return status;
	}
	begin_launch(LAUNCH, name);
	message[0] = 1; /* the transaction's number */
	return zx_channel_write(launcher, 0, message, size, sent, 2);
}

/* The reply is in `message` afterwards. */
static zx_status_t call(zx_handle_t launcher, uint64_t ordinal, zx_handle_t executable,
			zx_handle_t job, const char *name, zx_handle_t received[4],
			uint32_t *count)
{
	zx_handle_t sent[2] = { executable };
	zx_channel_call_args_t args = {
		.wr_bytes = message,
		.wr_handles = sent,
		.rd_bytes = message,
		.rd_handles = received,
		.wr_num_handles = 2,
		.rd_num_bytes = sizeof(message),
		.rd_num_handles = 4,
	};
	zx_status_t status = zx_handle_duplicate(job, ZX_RIGHT_SAME_RIGHTS, &sent[1]);
	struct reply reply;

	if (status != ZX_OK) {
		zx_handle_close(executable);
		return status;
	}
	begin_launch(ordinal, name);
	args.wr_num_bytes = size;
	status = zx_channel_call(launcher, 0, ZX_TIME_INFINITE, &args, &size, count);
	if (status != ZX_OK)
		return status;
	if (size < sizeof(reply))
		return ZX_ERR_IO_DATA_INTEGRITY;
	memcpy(&reply, message, sizeof(reply));
	return reply.status;
}

zx_status_t launcher_launch(zx_handle_t launcher, zx_handle_t executable, zx_handle_t job,
			    const char *name, zx_handle_t *process)
{
	zx_handle_t received[4];
	uint32_t count = 0;
	zx_status_t status = call(launcher, LAUNCH, executable, job, name, received, &count);

	if (status == ZX_OK && count != 1)
		return ZX_ERR_IO_DATA_INTEGRITY;
	if (status == ZX_OK)
		*process = received[0];
	return status;
}

zx_status_t launcher_create(zx_handle_t launcher, zx_handle_t executable, zx_handle_t job,
			    const char *name, struct launcher_start_data *data)
{
	zx_handle_t received[4];
	struct start_data start;
	uint32_t count = 0;
	zx_status_t status = call(launcher, CREATE_WITHOUT_STARTING, executable, job, name,
				  received, &count);

	if (status != ZX_OK)
		return status;
	if (count != 4 || size < sizeof(start))
		return ZX_ERR_IO_DATA_INTEGRITY;
	/* Nothing lies behind it. */
	memcpy(&start, message + size - sizeof(start), sizeof(start));
	*data = (struct launcher_start_data){ received[0], received[1],	 received[2],
					      received[3], start.entry,	 start.stack,
					      start.vdso_base, start.base };
	return ZX_OK;
}
