#include "twin.h"

#include <zircon/syscalls/policy.h>

#include "elf64.h"
#include "memory.h"
#include "string.h"

#define STACK_PAGES 16
#define READ_WRITE (ZX_VM_PERM_READ | ZX_VM_PERM_WRITE)
#define READ_EXECUTE (ZX_VM_PERM_READ | ZX_VM_PERM_EXECUTE)

extern const struct elf64_header __ehdr_start __attribute__((visibility("hidden")));

static uint64_t round_down(uint64_t value)
{
	return value & ~(uint64_t)(PAGE - 1);
}

static uint64_t round_up(uint64_t value)
{
	return round_down(value + PAGE - 1);
}

/* Makes VMARs of the twin at exactly the addresses that things have here. */
static zx_status_t reserve(zx_handle_t root, uint64_t base, uint64_t size, zx_handle_t *out)
{
	zx_info_vmar_t info;
	zx_vaddr_t at;
	zx_status_t status;

	status = zx_object_get_info(root, ZX_INFO_VMAR, &info, sizeof(info), NULL, NULL);
	if (status != ZX_OK)
		return status;
	status = vmar_allocate(root,
				  ZX_VM_CAN_MAP_READ | ZX_VM_CAN_MAP_WRITE | ZX_VM_CAN_MAP_EXECUTE |
					  ZX_VM_CAN_MAP_SPECIFIC | ZX_VM_SPECIFIC,
				  base - info.base, size, out, &at);
	own(*out);
	return status;
}

/* The memory of one segment of this program as it is now. */
static zx_status_t copy_segment(zx_handle_t vmar, uint64_t base,
				const struct elf64_segment *segment)
{
	uint64_t start = round_down(base + segment->vaddr);
	uint64_t end = round_up(base + segment->vaddr + segment->memsz);
	uint32_t options = segment->flags & ELF_PF_X ? READ_EXECUTE : READ_WRITE;
	zx_handle_t vmo;
	zx_vaddr_t at;
	zx_status_t status;

	status = zx_vmo_create(end - start, 0, &vmo);
	if (status != ZX_OK)
		return status;
	status = zx_vmo_write(vmo, (const void *)start, 0, end - start);
	if (status == ZX_OK && options == READ_EXECUTE && &zx_vmo_replace_as_executable)
		status = zx_vmo_replace_as_executable(vmo, ZX_HANDLE_INVALID, &vmo);
	if (status == ZX_OK)
		status = vmar_map(vmar, options | ZX_VM_SPECIFIC, start - base, vmo, 0,
				     end - start, &at);
	zx_handle_close(vmo);
	return status;
}

/* The vDSO is mapped as its program headers say; Zircon allows it in no other way. */
static zx_status_t map_vdso_segment(zx_handle_t vmar, zx_handle_t vmo,
				    const struct elf64_segment *segment)
{
	uint64_t start = round_down(segment->vaddr);
	uint64_t size = round_up(segment->vaddr + segment->memsz) - start;
	uint32_t options = segment->flags & ELF_PF_X ? READ_EXECUTE : ZX_VM_PERM_READ;
	zx_vaddr_t at;

	return vmar_map(vmar, options | ZX_VM_SPECIFIC, start, vmo, round_down(segment->offset),
			   size, &at);
}

/* The image whose header is `header`, with segments of `vmo` or, without one, of memory. */
static zx_status_t copy_image(zx_handle_t root, const struct elf64_header *header, zx_handle_t vmo,
			      zx_handle_t *out)
{
	const struct elf64_segment *segments =
		(const void *)((const char *)header + header->phoff);
	uint64_t base = (uint64_t)header;
	uint64_t end = 0;
	zx_handle_t vmar = ZX_HANDLE_INVALID;
	zx_status_t status;

	for (int i = 0; i < header->phnum; i++)
		if (segments[i].type == ELF_PT_LOAD && segments[i].vaddr + segments[i].memsz > end)
			end = segments[i].vaddr + segments[i].memsz;
	status = reserve(root, base, round_up(end), &vmar);
	for (int i = 0; i < header->phnum && status == ZX_OK; i++) {
		if (segments[i].type != ELF_PT_LOAD)
			continue;
		status = vmo ? map_vdso_segment(vmar, vmo, &segments[i]) :
			       copy_segment(vmar, base, &segments[i]);
	}
	*out = vmar;
	return status;
}

zx_vaddr_t twin__vdso_code(void)
{
	const struct elf64_header *header = rt_boot.vdso;
	const struct elf64_segment *segment =
		(const void *)((const char *)rt_boot.vdso + header->phoff);

	while (segment->type != ELF_PT_LOAD || !(segment->flags & ELF_PF_X))
		segment++;
	return (zx_vaddr_t)rt_boot.vdso + round_down(segment->vaddr);
}

zx_status_t twin__create(struct twin *twin, zx_handle_t job)
{
	zx_handle_t vdso = rt_boot__handle(PA_VMO_VDSO, 0);
	zx_handle_t image;
	zx_status_t status;

	if (!vdso)
		skip("the program was not given the vDSO");
	memset(twin, 0, sizeof(*twin));
	status = zx_process_create(job, "twin", 4, 0, &twin->process, &twin->root_vmar);
	if (status != ZX_OK)
		return status;
	own(twin->process);
	own(twin->root_vmar);
	status = zx_thread_create(twin->process, "twin", 4, 0, &twin->thread);
	if (status != ZX_OK)
		return status;
	own(twin->thread);
	status = copy_image(twin->root_vmar, rt_boot.vdso, vdso, &twin->vdso_vmar);
	if (status == ZX_OK)
		status = copy_image(twin->root_vmar, &__ehdr_start, ZX_HANDLE_INVALID, &image);
	return status;
}

static _Noreturn void twin_entry(zx_handle_t channel, twin_fn fn)
{
	zx_process_exit(fn(channel));
}

zx_status_t twin__start(struct twin *twin, twin_fn fn)
{
	zx_handle_t bootstrap, vmo;
	zx_vaddr_t stack = 0;
	zx_status_t status;

	status = zx_vmo_create(STACK_PAGES * PAGE, 0, &vmo);
	if (status != ZX_OK)
		return status;
	status = vmar_map(twin->root_vmar, READ_WRITE, 0, vmo, 0, STACK_PAGES * PAGE, &stack);
	zx_handle_close(vmo);
	if (status == ZX_OK)
		status = zx_channel_create(0, &twin->channel, &bootstrap);
	if (status != ZX_OK)
		return status;
	own(twin->channel);
	/* A C function expects the stack as after a call: 8 below a multiple of 16. */
	return zx_process_start(twin->process, twin->thread, (zx_vaddr_t)twin_entry,
				stack + STACK_PAGES * PAGE - 8, bootstrap, (uintptr_t)fn);
}

int64_t twin__wait(struct twin *twin)
{
	zx_info_process_v1_t info;

	if (zx_object_wait_one(twin->process, ZX_PROCESS_TERMINATED, ZX_TIME_INFINITE, NULL) ||
	    zx_object_get_info(twin->process, ZX_INFO_PROCESS, &info, sizeof(info), NULL, NULL))
		return INT64_MIN;
	return info.return_code;
}

int64_t twin__run(zx_handle_t job, twin_fn fn)
{
	struct twin twin;

	if (twin__create(&twin, job) != ZX_OK || twin__start(&twin, fn) != ZX_OK)
		return INT64_MIN;
	return twin__wait(&twin);
}

zx_handle_t empty_job(void)
{
	zx_handle_t job;

	EXPECT_OK(zx_job_create(rt_boot.job, 0, &job));
	return own(job);
}

zx_handle_t job_without(uint32_t condition)
{
	zx_policy_basic_v1_t policy = { condition, ZX_POL_ACTION_DENY };
	zx_handle_t job = empty_job();

	EXPECT_OK(zx_job_set_policy(job, ZX_JOB_POL_ABSOLUTE, ZX_JOB_POL_BASIC_V1, &policy, 1));
	return job;
}
