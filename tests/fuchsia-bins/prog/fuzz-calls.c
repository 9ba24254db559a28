/*
 * Random calls against whoever answers them. Processes with a job of their own make calls by the
 * tables that abigen generates, with arguments that are random or nearly right; they may end in any
 * way. Beside them a witness does ordinary things, and must not notice.
 *
 *   --seconds=N  how long (10)
 *   --seed=N     of the first process; each one after it has the next (the time of the day)
 *   --rounds=N   at most so many processes
 *   --modes=N    FUZZ_X of fuzz/fuzz.h for all, instead of ones that change
 *   --threads=N  likewise
 *   --verbose=1  names the calls that never succeeded
 *   --201807=1   makes mappings by the calls of July 2018, as of which it runs
 *
 * With zxrun's --root-resource, where there is KVM, they make guests as well.
 *
 * A process with one thread (--threads=1 --modes=0) does the same again with the same seed;
 * --modes=8 writes each call to the debug log before it is made.
 */
#include <zircon/eras.h>
#include <zircon/errors.h>
#include <zircon/syscalls/resource.h>

#include "check.h"
#include "fidl_io.h"
#include "fuzz/fuzz.h"
#include "string.h"
#include "vmar.h"

#define CALLS 20000
/* How long a process gets: one whose threads all sleep would go on for ever. */
#define ROUND_TIME ZX_MSEC(1500)
/* How long all that was killed may take to be gone. */
#define PATIENCE ZX_SEC(30)
#define UNSET UINT64_MAX

struct options {
	uint64_t seconds;
	uint64_t seed;
	uint64_t rounds;
	uint64_t modes;
	uint64_t threads;
	uint64_t verbose;
	uint64_t first_forms;
};

static zx_handle_t record_vmo;
static struct fuzz_record *record;

static uint64_t parse_number(const char *text)
{
	uint64_t value = 0;

	for (; *text >= '0' && *text <= '9'; text++)
		value = value * 10 + (uint64_t)(*text - '0');
	return value;
}

static bool parse_option(struct options *options, const char *text)
{
	static const struct {
		const char *name;
		size_t offset;
	} known[] = {
		{ "--seconds=", offsetof(struct options, seconds) },
		{ "--seed=", offsetof(struct options, seed) },
		{ "--rounds=", offsetof(struct options, rounds) },
		{ "--modes=", offsetof(struct options, modes) },
		{ "--threads=", offsetof(struct options, threads) },
		{ "--verbose=", offsetof(struct options, verbose) },
		{ "--201807=", offsetof(struct options, first_forms) },
	};

	for (size_t i = 0; i < RT_ARRAY_SIZE(known); i++) {
		size_t length = strlen(known[i].name);

		if (!strncmp(text, known[i].name, length)) {
			*(uint64_t *)((char *)options + known[i].offset) =
				parse_number(text + length);
			return true;
		}
	}
	return false;
}

static struct fuzz_config config_for(const struct options *options, uint64_t round)
{
	struct fuzz_config config = {
		.seed = (options->seed + round) * 2 + 1,
		.modes = (uint32_t)(round % 8) | (round % 3 ? FUZZ_TASKS : 0),
		.guests = fuzz_hypervisor != ZX_HANDLE_INVALID,
		.threads = round % 3 ? 2 + (uint32_t)(round % (FUZZ_THREADS - 2)) : 1,
		.calls = CALLS,
		.foreign = { rt_boot.process, rt_boot.thread, rt_boot.root_vmar, rt_boot.job, record_vmo,
			     rt_boot__handle(PA_VMO_VDSO, 0), rt_boot__fd(1), rt_boot__fd(0) },
	};

	if (options->modes != UNSET)
		config.modes = (uint32_t)options->modes;
	if (options->threads != UNSET)
		config.threads = (uint32_t)options->threads;
	return config;
}

/* Connections of its own for the process: it will do anything with them. */
static void connect(zx_handle_t *services)
{
	static const char *const names[] = { "/tmp", "/pkg", "/svc" };
	uint32_t used = 0;

	for (size_t i = 0; i < RT_ARRAY_SIZE(names) && used < FUZZ_SERVICES; i++) {
		zx_handle_t directory = rt_boot__directory(names[i]);

		if (directory != ZX_HANDLE_INVALID &&
		    io_clone(directory, IO_RIGHT_READABLE | IO_RIGHT_WRITABLE, &services[used]) == ZX_OK)
			used++;
	}
}

static void show_calls(void)
{
	for (int i = 0; i < FUZZ_ROWS; i++) {
		rt_print("thread %d, ", i);
		call__show(rt_print, &record->rows[i]);
	}
}

/* How many calls the round made, and was about to make. */
static uint64_t take_count(void)
{
	uint64_t count = 0;

	for (int i = 0; i < FUZZ_ROWS; i++) {
		count += record->rows[i].count;
		record->rows[i].count = 0;
	}
	return count;
}

/* Ends all that the round has left, and waits until it is so. */
static bool clean_up(zx_handle_t job, struct clone *clone)
{
	bool gone;

	CHECK_OK(zx_task_kill(job));
	gone = CHECK_OK(zx_object_wait_one(clone->process, ZX_PROCESS_TERMINATED,
					   zx_deadline_after(PATIENCE), NULL));
	clone__close(clone);
	zx_handle_close(job);
	return gone;
}

static bool run_round(const struct options *options, uint64_t round)
{
	struct fuzz_config config = config_for(options, round);
	zx_handle_t services[FUZZ_SERVICES] = { 0 };
	struct clone clone;
	zx_handle_t job;
	bool gone;

	take_count();
	rt_print("seed %llu, modes %u, threads %u", (unsigned long long)(options->seed + round),
		 config.modes, config.threads);
	connect(services);
	if (!CHECK_OK(zx_job_create(rt_boot.job, 0, &job)) ||
	    !CHECK_OK(fuzzer__start(&clone, job, &config, record_vmo, services)))
		return false;
	zx_object_wait_one(clone.process, ZX_PROCESS_TERMINATED, zx_deadline_after(ROUND_TIME), NULL);
	gone = clean_up(job, &clone);
	rt_print(": %llu calls\n", (unsigned long long)take_count());
	return gone;
}

static void start_witness(struct clone *witness)
{
	zx_handle_t sent[2];

	REQUIRE_OK(clone__start(witness, rt_boot.job, "witness", witness__main));
	REQUIRE_OK(zx_handle_duplicate(witness->process, ZX_RIGHT_SAME_RIGHTS, &sent[0]));
	REQUIRE_OK(zx_handle_duplicate(witness->vmar, ZX_RIGHT_SAME_RIGHTS, &sent[1]));
	REQUIRE_OK(zx_channel_write(witness->channel, 0, NULL, 0, sent, 2));
}

static bool is_alive(struct clone *clone)
{
	return zx_object_wait_one(clone->process, ZX_PROCESS_TERMINATED, 0, NULL) ==
	       ZX_ERR_TIMED_OUT;
}

static void end_witness(struct clone *witness)
{
	zx_info_process_t info = { 0 };

	CHECK_OK(zx_channel_write(witness->channel, 0, NULL, 0, NULL, 0));
	REQUIRE_OK(zx_object_wait_one(witness->process, ZX_PROCESS_TERMINATED,
				      zx_deadline_after(PATIENCE), NULL));
	CHECK_OK(zx_object_get_info(witness->process, ZX_INFO_PROCESS, &info, sizeof(info), NULL, NULL));
	CHECK_EQ(info.return_code, 0);
}

/* The services still serve. */
static void check_services(void)
{
	struct io_attributes attributes;
	zx_handle_t file = ZX_HANDLE_INVALID;

	REQUIRE_OK(io_open(rt_boot__directory("/tmp"),
			   IO_RIGHT_READABLE | IO_RIGHT_WRITABLE | IO_CREATE, IO_MODE_FILE,
			   "fuzz-calls", &file, NULL));
	CHECK_OK(io_get_attr(file, &attributes));
	CHECK_OK(io_close(file));
}

/* The calls that never did anything: a fuzzer that finds only errors finds little. */
static void show_coverage(const struct options *options)
{
	uint32_t succeeded = 0;
	uint32_t count = 0;

	for (uint32_t nr = 0; nr < ZXCALL_COUNT; nr++) {
		count += fuzz_calls[nr].name != NULL;
		succeeded += record->succeeded[nr];
		if (options->verbose && fuzz_calls[nr].name && !record->succeeded[nr])
			rt_print("never succeeded: %s, number %u\n", fuzz_calls[nr].name, nr);
	}
	rt_print("%u of %u calls succeeded\n", succeeded, count);
}

/* Guests are made where zxrun gives the resource for them (--root-resource). */
static zx_handle_t make_resource(uint64_t base)
{
	zx_handle_t root = rt_boot__handle(PA_SYSTEM_RESOURCE, 0);
	zx_handle_t resource = ZX_HANDLE_INVALID;

	if (root != ZX_HANDLE_INVALID)
		CHECK_OK(zx_resource_create(root, ZX_RSRC_KIND_SYSTEM_2021, base, 1, "fuzz", 4, &resource));
	return resource;
}

static bool make_record(void)
{
	size_t size = (sizeof(*record) + RT_PAGE_SIZE - 1) & ~(size_t)(RT_PAGE_SIZE - 1);
	zx_vaddr_t at = 0;

	CHECK_OK(zx_vmo_create(size, 0, &record_vmo));
	CHECK_OK(rt_vmar__map(rt_boot.root_vmar, ZX_VM_PERM_READ | ZX_VM_PERM_WRITE, 0, record_vmo,
			      0, size, &at));
	record = (struct fuzz_record *)at;
	return at;
}

static void run_rounds(const struct options *options)
{
	zx_time_t end = zx_deadline_after((zx_duration_t)ZX_SEC(options->seconds));
	struct clone witness = { 0 };
	uint64_t round = 0;

	leak__forgive_all(rt_boot.job);
	start_witness(&witness);
	while (round < options->rounds && zx_clock_get_monotonic() < end && is_alive(&witness) &&
	       run_round(options, round) && !rt_check_result())
		round++;
	end_witness(&witness);
	check_services();
	if (rt_check_result())
		show_calls();
	show_coverage(options);
	rt_print("%llu rounds\n", (unsigned long long)round);
}

int main(int argc, char **argv)
{
	struct options options = {
		.seconds = 10,
		.seed = (uint64_t)zx_clock_get_monotonic() / 1000 % 1000000000,
		.rounds = UNSET,
		.modes = UNSET,
		.threads = UNSET,
	};

	for (int i = 1; i < argc; i++) {
		if (!parse_option(&options, argv[i])) {
			rt_print_error("fuzz-calls: what is %s?\n", argv[i]);
			return 2;
		}
	}
	rt_vmar_201807 = options.first_forms;
	fuzz_hypervisor = make_resource(ZX_RSRC_SYSTEM_HYPERVISOR_BASE);
	fuzz_vmex = make_resource(ZX_RSRC_SYSTEM_VMEX_BASE);
	if (make_record())
		run_rounds(&options);
	return rt_check_result();
}
