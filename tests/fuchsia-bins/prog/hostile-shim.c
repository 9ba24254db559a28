/*
 * Jumps to the one page that may enter Linux, with arguments of its own. The first argument says
 * what to try:
 *   call NUMBER  a Linux system call that the page does not need
 *   answers      forged answers of the agent, then a normal life
 *   files        mapping all descriptors that a process could have inherited
 *   steal        taking a descriptor that was sent for a read-only mapping
 *   mute         the same, and never doing what the descriptor was sent for
 *   mute-sharer  the same, while another process ends that has the memory mapped
 */
#include <zxabi/layout.h>

#include "check.h"
#include "string.h"

#define NR_MMAP 9
#define NR_SENDTO 44
#define NR_RECVMSG 47
#define PROT_READ_WRITE 3
#define MAP_SHARED_FIXED 0x11
#define LINUX_EACCES 13

#define linux_call ((long (*)(long, long, long, long, long, long, long))ZXABI_SYSCALL_PAGE)

/* An address for mappings that Zircon's side knows nothing of. */
#define PLACE 0x5000000000

struct vector {
	void *base;
	size_t size;
};

struct message {
	void *name;
	uint64_t name_size;
	struct vector *vector;
	size_t vectors;
	void *control;
	size_t control_size;
	uint64_t flags;
};

static struct rt_thread thread;
static bool stay_mute;
static zx_handle_t sharer;

static long map(long fd, long prot)
{
	return linux_call(NR_MMAP, PLACE, RT_PAGE_SIZE, prot, MAP_SHARED_FIXED, fd, 0);
}

static int answers(void)
{
	struct zxabi_action action = { .op = 99, .result = -12 };
	zx_handle_t vmo;
	zx_vaddr_t at;

	for (int i = 0; i < 20; i++)
		linux_call(NR_SENDTO, ZXABI_FD_AGENT, (long)&action, sizeof(action) - (i & 1), 0x40,
			   0, 0);
	CHECK_OK(zx_vmo_create(RT_PAGE_SIZE, 0, &vmo));
	CHECK_OK(zx_vmar_map(rt_boot.root_vmar, ZX_VM_PERM_READ, 0, vmo, 0, RT_PAGE_SIZE, &at));
	rt_print("ok answers\n");
	return rt_check_result();
}

static int files(void)
{
	for (long fd = 0; fd < 1024; fd++)
		CHECK(map(fd, 1) < 0);
	rt_print("ok files\n");
	return rt_check_result();
}

static void thief(void *arg)
{
	uint64_t control[4] = { 0 };
	char byte;
	struct vector vector = { &byte, 1 };
	struct message message = {
		.vector = &vector,
		.vectors = 1,
		.control = control,
		.control_size = sizeof(control),
	};
	int fd;

	(void)arg;
	if (linux_call(NR_RECVMSG, ZXABI_FD_MEMORY, (long)&message, 0, 0, 0, 0) != 1)
		zx_process_exit(90);
	memcpy(&fd, &control[2], sizeof(fd));
	if (sharer != ZX_HANDLE_INVALID)
		CHECK_OK(zx_task_kill(sharer));
	if (stay_mute)
		zx_nanosleep(ZX_TIME_INFINITE);
	CHECK_EQ(map(fd, PROT_READ_WRITE), -LINUX_EACCES);
	CHECK_EQ(map(fd, 1), PLACE);
	rt_print("ok steal\n");
	zx_process_exit(rt_check_result());
}

static void make_sharer(zx_handle_t vmo)
{
	zx_handle_t vmar;
	zx_vaddr_t at;

	CHECK_OK(zx_process_create(rt_boot.job, "sharer", 6, 0, &sharer, &vmar));
	CHECK_OK(zx_vmar_map(vmar, ZX_VM_PERM_READ, 0, vmo, 0, RT_PAGE_SIZE, &at));
}

static int steal(bool shared)
{
	zx_handle_t read_only;
	zx_status_t status;
	zx_handle_t vmo;
	zx_vaddr_t at;

	CHECK_OK(zx_vmo_create(RT_PAGE_SIZE, 0, &vmo));
	if (shared)
		make_sharer(vmo);
	CHECK_OK(zx_handle_replace(vmo, ZX_RIGHTS_BASIC | ZX_RIGHT_READ | ZX_RIGHT_MAP,
				   &read_only));
	CHECK_OK(rt_thread__start(&thread, "thief", thief, NULL));
	zx_nanosleep(zx_deadline_after(ZX_MSEC(100)));
	/* Whoever is quicker gets it: this thread too may be, now and then. */
	do {
		status = zx_vmar_map(rt_boot.root_vmar, ZX_VM_PERM_READ, 0, read_only, 0,
				     RT_PAGE_SIZE, &at);
	} while (status == ZX_OK);
	rt_print("FAIL: mapping without the descriptor gave %d\n", status);
	return 1;
}

static long number(const char *text)
{
	long value = 0;

	while (*text)
		value = value * 10 + *text++ - '0';
	return value;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "answers"))
		return answers();
	if (!strcmp(what, "files"))
		return files();
	stay_mute = !strncmp(what, "mute", 4);
	if (stay_mute || !strcmp(what, "steal"))
		return steal(!strcmp(what, "mute-sharer"));
	if (argc > 2 && !strcmp(what, "call")) {
		rt_print("about to make call %s\n", argv[2]);
		rt_print("FAIL: survived with %lld\n",
			 (long long)linux_call(number(argv[2]), 0, 0, 0, 0, 0, 0));
	}
	return 1;
}
