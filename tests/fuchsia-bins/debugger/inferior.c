#include "inferior.h"

#include <zircon/eras.h>
#include <zircon/errors.h>

#include "elf64.h"
#include "era.h"
#include "link_map.h"
#include "string.h"

#define BREAKPOINT 0xcc
#define MAPS_MAX 128
#define SAMPLE 256

extern const struct elf64_header __ehdr_start __attribute__((visibility("hidden")));

#if RT_ERA == 2018
#define GENERAL_SIZE sizeof(zx_thread_state_general_regs_2018_t)
#else
#define GENERAL_SIZE sizeof(zx_thread_state_general_regs_t)
#endif

bool inferior__read(zx_handle_t process, zx_vaddr_t at, void *data, size_t size)
{
	size_t actual = 0;

	return zx_process_read_memory(process, at, data, size, &actual) == ZX_OK &&
	       actual == size;
}

bool inferior__write(zx_handle_t process, zx_vaddr_t at, const void *data, size_t size)
{
	size_t actual = 0;

	return zx_process_write_memory(process, at, data, size, &actual) == ZX_OK &&
	       actual == size;
}

bool inferior__text(zx_handle_t process, zx_vaddr_t at, char *text, size_t size)
{
	for (size_t i = 0; i < size - 1; i++)
		if (!inferior__read(process, at + i, &text[i], 1) || !text[i])
			return !text[i];
	text[size - 1] = '\0';
	return true;
}

zx_vaddr_t inferior__find_program(zx_handle_t process)
{
	static zx_info_maps_t maps[MAPS_MAX];
	uint8_t sample[SAMPLE];
	size_t count, total;

	if (zx_object_get_info(process, ZX_INFO_PROCESS_MAPS, maps, sizeof(maps), &count, &total))
		return 0;
	for (size_t i = 0; i < count; i++)
		if (maps[i].type == ZX_INFO_MAPS_TYPE_MAPPING && !maps[i].u.mapping.vmo_offset &&
		    inferior__read(process, maps[i].base, sample, SAMPLE) &&
		    !memcmp(sample, &__ehdr_start, SAMPLE))
			return maps[i].base;
	return 0;
}

zx_vaddr_t inferior__address(zx_vaddr_t base, const volatile void *here)
{
	return base + ((zx_vaddr_t)here - (zx_vaddr_t)&__ehdr_start);
}

bool inferior__registers(zx_handle_t thread, zx_thread_state_general_regs_t *regs)
{
	memset(regs, 0, sizeof(*regs));
	return zx_thread_read_state(thread, ZX_THREAD_STATE_GENERAL_REGS, regs, GENERAL_SIZE) ==
	       ZX_OK;
}

bool inferior__set_registers(zx_handle_t thread, const zx_thread_state_general_regs_t *regs)
{
	return zx_thread_write_state(thread, ZX_THREAD_STATE_GENERAL_REGS, regs, GENERAL_SIZE) ==
	       ZX_OK;
}

bool inferior__set_step(zx_handle_t thread, bool step)
{
	zx_thread_state_single_step_t value = step;

	return zx_thread_write_state(thread, ZX_THREAD_STATE_SINGLE_STEP, &value, sizeof(value)) ==
	       ZX_OK;
}

bool breakpoint__set(struct breakpoint *breakpoint, zx_handle_t process, zx_vaddr_t at)
{
	const uint8_t trap = BREAKPOINT;

	breakpoint->process = process;
	breakpoint->at = at;
	return inferior__read(process, at, &breakpoint->covered, 1) &&
	       inferior__write(process, at, &trap, 1);
}

bool breakpoint__remove(const struct breakpoint *breakpoint)
{
	return inferior__write(breakpoint->process, breakpoint->at, &breakpoint->covered, 1);
}

size_t inferior__loaded_files(zx_handle_t process, struct loaded_file *files, size_t max)
{
	struct link_debug debug;
	struct link_map map;
	zx_vaddr_t at = 0;
	size_t count = 0;

	if (zx_object_get_property(process, ZX_PROP_PROCESS_DEBUG_ADDR, &at, sizeof(at)) ||
	    !inferior__read(process, at, &debug, sizeof(debug)))
		return 0;
	for (at = (zx_vaddr_t)debug.map; at && count < max; at = (zx_vaddr_t)map.next) {
		if (!inferior__read(process, at, &map, sizeof(map)) ||
		    !inferior__text(process, (zx_vaddr_t)map.name, files[count].name,
				    sizeof(files[count].name)))
			return 0;
		files[count++].bias = map.bias;
	}
	return count;
}
