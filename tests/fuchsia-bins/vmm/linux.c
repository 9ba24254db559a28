#include "linux.h"

#include <zircon/errors.h>

#include "elf64.h"
#include "platform.h"
#include "string.h"

/* The "zero page", and what stands in it and in the header of a bzImage. */
#define ZERO_PAGE 0x9000
#define ZERO_PAGE_SIZE 0x1000
#define E820_ENTRIES 0x1e8
#define HEADER 0x1f1
#define HEADER_SIZE 0x7b
#define SETUP_SECTORS 0x1f1
#define MAGIC_AT 0x202
#define MAGIC 0x53726448 /* HdrS */
#define VERSION 0x206
#define LOADER_TYPE 0x210
#define LOADER_UNKNOWN 0xff
#define LOAD_FLAGS 0x211
#define LOADED_HIGH 1
#define COMMAND_LINE 0x228
#define FEATURES 0x236
#define FEATURE_64 1
#define ADDRESS 0x258
#define INIT_SIZE 0x260
#define E820_TABLE 0x2d0

#define SECTOR 512
#define ENTRY_64 0x200
#define VERSION_WITH_64 0x20c

#define LOW_MEMORY_END 0x9f000
#define HIGH_MEMORY 0x100000
#define E820_MEMORY 1
#define DEVICES_END 0x100000000
#define PORTS 0xffff

struct __attribute__((packed)) e820_entry {
	uint64_t begin;
	uint64_t size;
	uint32_t type;
};

static uint32_t field(const struct image *image, uint32_t at, uint32_t size)
{
	uint32_t value = 0;

	memcpy(&value, (const char *)image->addr + at, size);
	return value;
}

static bool is_bzimage(const struct image *image)
{
	return image->size >= ZERO_PAGE_SIZE && field(image, MAGIC_AT, 4) == MAGIC &&
	       field(image, VERSION, 2) >= VERSION_WITH_64 &&
	       field(image, FEATURES, 2) & FEATURE_64;
}

static bool is_elf(const struct image *image)
{
	return image->size >= sizeof(struct elf64_header) && field(image, 0, 4) == ELF_IDENT_MAGIC;
}

bool linux__knows(const struct image *image)
{
	return is_bzimage(image) || is_elf(image);
}

/* What is not there: reads as ones, as on a bus where nobody answers. */
static uint32_t read_nothing(struct device *device, uint64_t offset, uint32_t size)
{
	(void)device;
	(void)offset;
	(void)size;
	return UINT32_MAX;
}

static void write_nothing(struct device *device, uint64_t offset, uint32_t size, uint32_t value)
{
	(void)device;
	(void)offset;
	(void)size;
	(void)value;
}

static struct device nothing[5];

static struct device *nobody(uint32_t i)
{
	nothing[i] = (struct device){ .name = "nothing", .read = read_nothing,
				      .write = write_nothing };
	return &nothing[i];
}

static zx_status_t add_nothing(struct machine *machine)
{
	static const uint16_t gaps[][2] = {
		{ 0, PLATFORM_CONSOLE },
		{ PLATFORM_CONSOLE + PLATFORM_CONSOLE_PORTS, PLATFORM_EXIT },
		{ PLATFORM_EXIT + PLATFORM_EXIT_PORTS, PORTS },
	};
	zx_status_t status = ZX_OK;

	for (uint32_t i = 0; status == ZX_OK && i < 3; i++)
		status = machine__add_ports(machine, nobody(i), gaps[i][0],
					    gaps[i][1] - gaps[i][0]);
	if (status == ZX_OK)
		status = machine__add_memory(machine, nobody(3), machine->size,
					     PLATFORM_TIMER - machine->size);
	if (status == ZX_OK)
		status = machine__add_memory(machine, nobody(4), PLATFORM_BELL + PLATFORM_BELL_SIZE,
					     DEVICES_END - PLATFORM_BELL - PLATFORM_BELL_SIZE);
	return status;
}

static void set(struct machine *machine, uint32_t at, uint64_t value, uint32_t size)
{
	memcpy(machine->memory + ZERO_PAGE + at, &value, size);
}

static void fill_zero_page(struct machine *machine)
{
	const struct e820_entry memory[] = {
		{ 0, LOW_MEMORY_END, E820_MEMORY },
		{ HIGH_MEMORY, machine->size - HIGH_MEMORY, E820_MEMORY },
	};

	set(machine, LOADER_TYPE, LOADER_UNKNOWN, 1);
	set(machine, LOAD_FLAGS, LOADED_HIGH, 1);
	set(machine, COMMAND_LINE, PLATFORM_COMMAND_LINE, 4);
	set(machine, E820_ENTRIES, 2, 1);
	memcpy(machine->memory + ZERO_PAGE + E820_TABLE, memory, sizeof(memory));
}

static zx_status_t load_bzimage(const struct image *image, struct machine *machine, uint64_t *rip)
{
	uint64_t setup = (field(image, SETUP_SECTORS, 1) + 1) * SECTOR;
	uint64_t addr = field(image, ADDRESS, 4);
	zx_status_t status;

	if (setup > image->size || !machine__at(machine, addr, field(image, INIT_SIZE, 4)))
		return ZX_ERR_OUT_OF_RANGE;
	status = image__copy(image, HEADER, HEADER_SIZE, machine, ZERO_PAGE + HEADER);
	if (status == ZX_OK)
		status = image__copy(image, setup, image->size - setup, machine, addr);
	*rip = addr + ENTRY_64;
	return status;
}

/* The ELF file of a kernel is to lie where it says, and to begin there. */
static zx_status_t load_elf(const struct image *image, struct machine *machine, uint64_t *rip)
{
	const struct elf64_header *header = (const void *)image->addr;
	const struct elf64_segment *segments = (const void *)(image->addr + header->phoff);
	zx_status_t status = ZX_OK;

	if (header->phoff > image->size ||
	    header->phnum > (image->size - header->phoff) / sizeof(*segments))
		return ZX_ERR_OUT_OF_RANGE;
	for (uint32_t i = 0; status == ZX_OK && i < header->phnum; i++) {
		if (segments[i].type == ELF_PT_LOAD)
			status = image__copy(image, segments[i].offset, segments[i].filesz, machine,
					     segments[i].paddr);
	}
	set(machine, MAGIC_AT, MAGIC, 4);
	set(machine, VERSION, VERSION_WITH_64, 2);
	*rip = header->entry;
	return status;
}

zx_status_t linux__load(const struct image *image, struct machine *machine,
			const char *command_line, struct entry *out)
{
	zx_status_t status = image__set_command_line(machine, command_line);

	*out = (struct entry){ .rsi = ZERO_PAGE };
	if (status == ZX_OK)
		status = is_elf(image) ? load_elf(image, machine, &out->rip) :
					 load_bzimage(image, machine, &out->rip);
	if (status != ZX_OK)
		return status;
	fill_zero_page(machine);
	return add_nothing(machine);
}
