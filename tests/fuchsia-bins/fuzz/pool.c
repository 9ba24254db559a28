/*
 * The handles that a fuzzing process tries things on: some of every type. Its threads share them,
 * and take them away from each other.
 */
#include "fuzz.h"
#include "vmar.h"

#define VMO_SIZE (16 * (uint64_t)RT_PAGE_SIZE)

static zx_handle_t pool[FUZZ_POOL];
/* What they were when they came. */
static zx_obj_type_t types[FUZZ_POOL];

zx_handle_t pool__find(struct fuzz *fuzz, zx_obj_type_t type)
{
	uint64_t at = fuzz__next(fuzz) % FUZZ_POOL;

	for (uint32_t i = 0; type != ZX_OBJ_TYPE_NONE && i < FUZZ_POOL && types[at] != type; i++)
		at = (at + 1) % FUZZ_POOL;
	return pool[at];
}

void pool__adopt(struct fuzz *fuzz, zx_handle_t handle)
{
	uint64_t at = fuzz__next(fuzz) % FUZZ_POOL;
	zx_info_handle_basic_t info = { 0 };

	zx_object_get_info(handle, ZX_INFO_HANDLE_BASIC, &info, sizeof(info), NULL, NULL);
	types[at] = info.type;
	/* Whatever stood there goes, or no limit on handles would be far. */
	zx_handle_close(__atomic_exchange_n(&pool[at], handle, __ATOMIC_SEQ_CST));
}

static zx_handle_t own(struct fuzz *fuzz, enum fuzz_handles which)
{
	zx_handle_t handle = ZX_HANDLE_INVALID;

	(void)fuzz;
	zx_handle_duplicate(which == FUZZ_PROCESS ? rt_boot.process :
			    which == FUZZ_VMAR	  ? rt_boot.root_vmar :
						    rt_boot.job,
			    ZX_RIGHT_SAME_RIGHTS, &handle);
	return handle;
}

static void make_pair(struct fuzz *fuzz, zx_handle_t *ends)
{
	switch (fuzz__next(fuzz) % 5) {
	case 0:
		zx_channel_create(0, &ends[0], &ends[1]);
		break;
	case 1:
		zx_socket_create(fuzz__next(fuzz) % 2, &ends[0], &ends[1]);
		break;
	case 2:
		zx_fifo_create(16, 1u << fuzz__next(fuzz) % 7, 0, &ends[0], &ends[1]);
		break;
	case 3:
		zx_eventpair_create(0, &ends[0], &ends[1]);
		break;
	default:
		zx_process_create(rt_boot.job, "fuzzed", 6, 0, &ends[0], &ends[1]);
	}
}

static void make_memory(struct fuzz *fuzz, zx_handle_t *ends)
{
	zx_vaddr_t at;

	switch (fuzz__next(fuzz) % 5) {
	case 0:
		zx_vmo_create(VMO_SIZE, ZX_VMO_RESIZABLE, &ends[0]);
		break;
	case 1:
		zx_vmo_create(VMO_SIZE, 0, &ends[0]);
		zx_vmo_create_child(ends[0], 1u << fuzz__next(fuzz) % 4, 0, VMO_SIZE / 2, &ends[1]);
		break;
	case 2:
		zx_vmo_create(VMO_SIZE, 0, &ends[0]);
		zx_stream_create(3, ends[0], 0, &ends[1]);
		break;
	case 3:
		zx_vmo_create(VMO_SIZE, 0, &ends[0]);
		zx_vmo_replace_as_executable(ends[0], ZX_HANDLE_INVALID, &ends[0]);
		break;
	default:
		rt_vmar__allocate(rt_boot.root_vmar,
				  ZX_VM_CAN_MAP_READ | ZX_VM_CAN_MAP_WRITE | ZX_VM_CAN_MAP_SPECIFIC,
				  0, 4 * VMO_SIZE, &ends[0], &at);
	}
}

static void make_single(struct fuzz *fuzz, zx_handle_t *ends)
{
	switch (fuzz__next(fuzz) % 8) {
	case 0:
	case 1:
		zx_port_create(0, &ends[0]);
		break;
	case 2:
		zx_timer_create(0, ZX_CLOCK_MONOTONIC, &ends[0]);
		break;
	case 3:
		zx_clock_create(fuzz__next(fuzz) % 4, NULL, &ends[0]);
		break;
	case 4:
		zx_job_create(rt_boot.job, 0, &ends[0]);
		break;
	case 5:
		zx_thread_create(rt_boot.process, "fuzzed", 6, 0, &ends[0]);
		break;
	case 6:
		ends[0] = own(fuzz, (enum fuzz_handles)(fuzz__next(fuzz) % 3));
		break;
	default:
		zx_event_create(0, &ends[0]);
	}
}

void pool__renew(struct fuzz *fuzz)
{
	zx_handle_t ends[2] = { ZX_HANDLE_INVALID, ZX_HANDLE_INVALID };

	switch (fuzz__next(fuzz) % 3) {
	case 0:
		make_pair(fuzz, ends);
		break;
	case 1:
		make_memory(fuzz, ends);
		break;
	default:
		make_single(fuzz, ends);
	}
	pool__adopt(fuzz, ends[0]);
	pool__adopt(fuzz, ends[1]);
}

void pool__fill(struct fuzz *fuzz)
{
	for (size_t i = 0; i < FUZZ_POOL; i++)
		pool__renew(fuzz);
}
