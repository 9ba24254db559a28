/*
 * Crashes in an ELF image that it has made itself: this program's own file, which comes on standard
 * input, with bytes changed. The argument says which. Whoever reads it must cope with anything.
 */
#include "elf64.h"
#include "rt.h"

#define MAX_SIZE (1 << 20)
#define CHANGES 200
/* Where a change does most. */
#define HEAD_SIZE 0x400

extern const char __ehdr_start[] __attribute__((visibility("hidden")));

static uint8_t image[MAX_SIZE];
static uint64_t state;

static uint64_t next_random(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static uint64_t number(const char *text)
{
	uint64_t value = 0;

	for (; *text >= '0' && *text <= '9'; text++)
		value = value * 10 + (uint64_t)(*text - '0');
	return value;
}

static size_t read_image(void)
{
	const zx_signals_t any = ZX_SOCKET_READABLE | ZX_SOCKET_PEER_CLOSED |
				 ZX_SOCKET_PEER_WRITE_DISABLED;
	zx_handle_t input = rt_boot__fd(0);
	size_t size = 0;

	for (;;) {
		zx_signals_t seen;
		size_t got = 0;
		zx_status_t status = zx_socket_read(input, 0, image + size, MAX_SIZE - size, &got);

		size += got;
		if (status == ZX_ERR_SHOULD_WAIT)
			zx_object_wait_one(input, any, ZX_TIME_INFINITE, &seen);
		else if (status != ZX_OK || size == MAX_SIZE)
			return size;
	}
}

static __attribute__((noinline)) void trap(void)
{
	__builtin_trap();
}

/* Bytes of the ELF header that say that it is one at all: without them nobody would look at it. */
#define KEPT_HEAD 20

/* The code stays: what it does is not the matter here, and it might never end. */
static bool is_code(size_t at)
{
	size_t code = (size_t)((const char *)(uintptr_t)trap - __ehdr_start) & -RT_PAGE_SIZE;

	return at >= code && at < code + RT_PAGE_SIZE;
}

/* With another build-id it is not taken for the file that it was made of. */
static void change_build_id(void)
{
	for (size_t at = 0; at < HEAD_SIZE - 4; at++) {
		if (image[at] == 'G' && image[at + 1] == 'N' && image[at + 2] == 'U' && !image[at + 3])
			image[at + 4] ^= 1;
	}
}

static void change(size_t size)
{
	for (int i = 0; i < CHANGES; i++) {
		size_t room = i % 4 ? size : HEAD_SIZE;
		size_t at = next_random() % room;
		uint64_t value = next_random();

		if (at < KEPT_HEAD || is_code(at))
			continue;
		/* Sizes and offsets that are too large are what goes wrong most. */
		image[at] = value & 1 ? 0xff : (uint8_t)(value >> 8);
		if (i > (int)(state % CHANGES))
			return;
	}
}

int main(int argc, char **argv)
{
	const uint32_t options = ZX_VM_PERM_READ | ZX_VM_PERM_EXECUTE;
	size_t size = read_image();
	zx_vaddr_t addr;
	zx_handle_t vmo;

	if (argc < 2 || !size)
		return 1;
	state = number(argv[1]) * 0x9e3779b97f4a7c15ull + 1;
	change_build_id();
	change(size);
	if (zx_vmo_create(size, 0, &vmo) != ZX_OK || zx_vmo_write(vmo, image, 0, size) != ZX_OK ||
	    zx_vmo_replace_as_executable(vmo, ZX_HANDLE_INVALID, &vmo) != ZX_OK ||
	    zx_vmar_map(rt_boot.root_vmar, options, 0, vmo, 0, size, &addr) != ZX_OK)
		return 1;
	((void (*)(void))(addr + (size_t)((const char *)(uintptr_t)trap - __ehdr_start)))();
	return 1;
}
