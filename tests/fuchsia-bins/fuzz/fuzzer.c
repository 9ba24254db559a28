/* The process that makes random calls: set up by its first message, then several threads of it. */
#include <zircon/errors.h>

#include "format.h"
#include "fuzz.h"
#include "vmar.h"

struct fuzz_config fuzz_config;

static struct rt_thread threads[FUZZ_THREADS];
static struct rt_thread handler;
static struct fuzz streams[FUZZ_ROWS];
/* As they came: of the pool's, any can be closed at any time. */
static zx_handle_t handles[FUZZ_HANDLES];

static void shout(const char *format, ...)
{
	char line[200];
	va_list args;

	va_start(args, format);
	zx_debug_write(line, rt_vformat(line, sizeof(line), format, args));
	va_end(args);
}

static void one_step(struct fuzz *fuzz)
{
	if (fuzz__one_in(fuzz, 24))
		pool__renew(fuzz);
	else if (fuzz__one_in(fuzz, 40))
		message__send(fuzz);
	else if (fuzz__one_in(fuzz, 4))
		scene__play(fuzz);
	else
		call__random(fuzz);
}

static void run(void *arg)
{
	struct fuzz *fuzz = arg;

	for (uint64_t i = 0; i < fuzz_config.calls; i++)
		one_step(fuzz);
}

struct fuzz *fuzzer__stream(uint64_t row)
{
	return &streams[row % FUZZ_ROWS];
}

static void run_handler(void *arg)
{
	victim__handle_all(arg);
}

static void run_scribbler(void *arg)
{
	scribble__run(arg);
}

static zx_status_t map(zx_handle_t vmo, uint64_t size, void *out)
{
	return rt_vmar__map(handles[FUZZ_VMAR], ZX_VM_PERM_READ | ZX_VM_PERM_WRITE, 0, vmo, 0, size,
			    (zx_vaddr_t *)out);
}

/* Memory with nothing mapped right behind it. */
static zx_status_t make_memory(uint8_t **out)
{
	zx_handle_t inner;
	zx_handle_t vmo;
	zx_vaddr_t base;
	zx_vaddr_t at = 0;
	zx_status_t status;

	status = rt_vmar__allocate(handles[FUZZ_VMAR],
				   ZX_VM_CAN_MAP_READ | ZX_VM_CAN_MAP_WRITE |
					   ZX_VM_CAN_MAP_SPECIFIC,
				   0, FUZZ_MEMORY + RT_PAGE_SIZE, &inner, &base);
	if (status == ZX_OK)
		status = zx_vmo_create(FUZZ_MEMORY, 0, &vmo);
	if (status == ZX_OK)
		status = rt_vmar__map(inner, ZX_VM_PERM_READ | ZX_VM_PERM_WRITE | ZX_VM_SPECIFIC, 0,
				      vmo, 0, FUZZ_MEMORY, &at);
	*out = (uint8_t *)at;
	return status;
}

static zx_status_t receive(zx_handle_t channel)
{
	uint32_t size = 0;
	uint32_t count = 0;
	zx_status_t status = zx_object_wait_one(channel, ZX_CHANNEL_READABLE | ZX_CHANNEL_PEER_CLOSED,
						ZX_TIME_INFINITE, NULL);

	if (status == ZX_OK)
		status = zx_channel_read(channel, 0, &fuzz_config, handles, sizeof(fuzz_config),
					 FUZZ_HANDLES, &size, &count);
	if (status == ZX_OK && (size != sizeof(fuzz_config) || count < FUZZ_SERVICE))
		status = ZX_ERR_INTERNAL;
	return status;
}

/* What the runtime's functions use, instead of what the copied memory says. */
static void take_over(void)
{
	rt_boot.process = handles[FUZZ_PROCESS];
	rt_boot.root_vmar = handles[FUZZ_VMAR];
	rt_boot.job = handles[FUZZ_JOB];
	rt_boot.handle_count = 1;
	rt_boot.handles[0] = handles[FUZZ_VDSO];
	rt_boot.infos[0] = PA_VMO_VDSO;
	fuzz_hypervisor = handles[FUZZ_HYPERVISOR];
	fuzz_vmex = handles[FUZZ_VMEX];
	for (int i = 0; i < FUZZ_SERVICES; i++)
		fuzz_services[i] = handles[FUZZ_SERVICE + i];
}

static zx_status_t set_up(zx_handle_t channel)
{
	zx_status_t status = receive(channel);
	struct fuzz_record *record;

	if (status != ZX_OK)
		return status;
	take_over();
	status = map(handles[FUZZ_RECORD], sizeof(*record), &record);
	for (uint32_t i = 0; i < FUZZ_ROWS && status == ZX_OK; i++) {
		streams[i].seed = fuzz_config.seed + i * 0x9e3779b97f4a7c15;
		streams[i].record = record;
		streams[i].row = &record->rows[i];
		status = make_memory(&streams[i].memory);
	}
	return status;
}

/* A grandchild, on the same record: it runs beside the rest, and is not waited for. */
static void breed(void)
{
	struct fuzz_config config = fuzz_config;
	zx_handle_t none[FUZZ_SERVICES] = { 0 };
	zx_handle_t other[FUZZ_SERVICES] = { 0 };
	struct clone clone;

	config.seed ^= 0x5555;
	config.modes &= ~FUZZ_BREED;
	config.threads = 1;
	for (int i = 0; i < FUZZ_SERVICES; i++)
		zx_channel_create(0, &none[i], &other[i]);
	if (fuzzer__start(&clone, rt_boot.job, &config, handles[FUZZ_RECORD], none) != ZX_OK)
		zx_process_exit(3);
	/* Its handles are there to be tried things on. */
	pool__adopt(&streams[0], clone.process);
	pool__adopt(&streams[0], clone.vmar);
	pool__adopt(&streams[0], clone.channel);
	for (int i = 0; i < FUZZ_SERVICES; i++)
		pool__adopt(&streams[0], other[i]);
}

static void fuzzer_main(zx_handle_t channel, uintptr_t arg)
{
	(void)arg;
	if (set_up(channel) != ZX_OK)
		zx_process_exit(2);
	pool__fill(&streams[0]);
	if (fuzz_config.modes & FUZZ_TASKS)
		rt_thread__start(&handler, "handler", run_handler, &streams[FUZZ_HANDLER]);
	if (fuzz_config.modes & FUZZ_BREED)
		breed();
	if (fuzz_config.modes & FUZZ_SHOUT) {
		for (uint64_t i = 0; i < fuzz_config.calls; i++) {
			one_step(&streams[0]);
			call__show(shout, streams[0].row);
		}
		zx_process_exit(0);
	}
	if (fuzz_config.modes & FUZZ_SCRIBBLE)
		rt_thread__start(&threads[FUZZ_THREADS - 1], "scribbler", run_scribbler,
				 &streams[FUZZ_THREADS - 1]);
	for (uint32_t i = 1; i < fuzz_config.threads; i++)
		rt_thread__start(&threads[i], "fuzzer", run, &streams[i]);
	run(&streams[0]);
	zx_process_exit(0);
}

static zx_status_t duplicate(zx_handle_t from, zx_handle_t *to)
{
	return zx_handle_duplicate(from, ZX_RIGHT_SAME_RIGHTS, to);
}

/* A message has no gaps: something else where there is none. */
static zx_status_t send_resource(zx_handle_t resource, zx_handle_t *to)
{
	return resource != ZX_HANDLE_INVALID ? duplicate(resource, to) : zx_event_create(0, to);
}

zx_status_t fuzzer__start(struct clone *clone, zx_handle_t job, const struct fuzz_config *config,
			  zx_handle_t record, const zx_handle_t *services)
{
	zx_handle_t sent[FUZZ_HANDLES] = { 0 };
	zx_status_t status = clone__start(clone, job, "fuzzer", fuzzer_main);
	uint32_t count = FUZZ_SERVICE;

	if (status == ZX_OK)
		status = duplicate(clone->process, &sent[FUZZ_PROCESS]);
	if (status == ZX_OK)
		status = duplicate(clone->vmar, &sent[FUZZ_VMAR]);
	if (status == ZX_OK)
		status = duplicate(job, &sent[FUZZ_JOB]);
	if (status == ZX_OK)
		status = duplicate(record, &sent[FUZZ_RECORD]);
	if (status == ZX_OK)
		status = duplicate(rt_boot__handle(PA_VMO_VDSO, 0), &sent[FUZZ_VDSO]);
	if (status == ZX_OK)
		status = send_resource(fuzz_hypervisor, &sent[FUZZ_HYPERVISOR]);
	if (status == ZX_OK)
		status = send_resource(fuzz_vmex, &sent[FUZZ_VMEX]);
	for (int i = 0; i < FUZZ_SERVICES; i++)
		if (services[i] != ZX_HANDLE_INVALID)
			sent[count++] = services[i];
	if (status == ZX_OK)
		status = zx_channel_write(clone->channel, 0, config, sizeof(*config), sent, count);
	return status;
}
