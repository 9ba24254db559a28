/*
 * A monitor of virtual machines: runs one guest, with a console, a timer and a journal, and ends
 * with the guest's exit code.
 *
 *   monitor [--memory=MIB] [--seconds=N] [--until=TEXT] IMAGE [COMMAND LINE...]
 *
 * IMAGE, a file in the namespace, is a flat image (see platform.h), or Linux's kernel. With
 * --seconds the guest is stopped after that time (exit code 124), with --until it ends well when it
 * has sent a line with that text.
 */
#include <zircon/errors.h>
#include <zircon/syscalls.h>

#include "events.h"
#include "image.h"
#include "journal.h"
#include "linux.h"
#include "machine.h"
#include "platform.h"
#include "rt.h"
#include "string.h"
#include "timer.h"
#include "uart.h"

#define MEMORY_MIB 16
#define MEMORY_MAX_MIB 3072
#define EXIT_LIMIT 124
#define EXIT_FAILED 125

struct options {
	uint64_t memory; /* MiB */
	uint64_t seconds;
	const char *until;
	const char *image;
	char command_line[PLATFORM_COMMAND_LINE_SIZE];
};

static struct options options = { .memory = MEMORY_MIB };
static struct machine machine;
static struct events events;
static struct timer timer;
static struct uart uart;

static int fail(const char *what, zx_status_t status)
{
	rt_print_error("monitor: %s: %s\n", what, zx_status_get_string(status));
	return EXIT_FAILED;
}

static const char *value_of(const char *word, const char *name)
{
	size_t size = strlen(name);

	return strncmp(word, name, size) ? NULL : word + size;
}

/* A number of at most nine digits; 0 for anything else. */
static uint64_t number(const char *text)
{
	uint64_t value = 0;

	if (strlen(text) > 9)
		return 0;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return 0;
		value = 10 * value + (uint64_t)(*text - '0');
	}
	return value;
}

static bool parse_option(const char *word)
{
	const char *value = value_of(word, "--memory=");

	if (value) {
		options.memory = number(value);
		return options.memory && options.memory <= MEMORY_MAX_MIB;
	}
	value = value_of(word, "--seconds=");
	if (value) {
		options.seconds = number(value);
		return options.seconds;
	}
	options.until = value_of(word, "--until=");
	return options.until;
}

static bool add_word(const char *word)
{
	size_t used = strlen(options.command_line);
	size_t size = strlen(word);

	if (used + size + 2 > sizeof(options.command_line))
		return false;
	if (used)
		options.command_line[used++] = ' ';
	memcpy(options.command_line + used, word, size + 1);
	return true;
}

static bool parse(int argc, char **argv)
{
	int i = 1;

	for (; i < argc && !strncmp(argv[i], "--", 2); i++) {
		if (!parse_option(argv[i]))
			return false;
	}
	if (i == argc)
		return false;
	options.image = argv[i++];
	for (; i < argc; i++) {
		if (!add_word(argv[i]))
			return false;
	}
	return true;
}

static void write_exit(struct device *device, uint64_t offset, uint32_t size, uint32_t value)
{
	(void)offset;
	(void)size;
	machine__end(device->data, (int)value);
}

static uint32_t read_exit(struct device *device, uint64_t offset, uint32_t size)
{
	(void)device;
	(void)offset;
	(void)size;
	return 0;
}

static struct device exit_port = {
	.name = "exit",
	.read = read_exit,
	.write = write_exit,
	.data = &machine,
};

static zx_status_t add_devices(void)
{
	zx_status_t status = uart__add(&uart, &machine, options.until);

	if (status == ZX_OK)
		status = machine__add_ports(&machine, &exit_port, PLATFORM_EXIT,
					    PLATFORM_EXIT_PORTS);
	if (status == ZX_OK)
		status = events__create(&events, &machine, &timer);
	if (status == ZX_OK)
		status = timer__add(&timer, &machine, events.port);
	if (status == ZX_OK)
		status = journal__add(&machine, events.port, EVENT_BELL);
	return status;
}

static zx_status_t load(struct entry *entry)
{
	struct image image;
	zx_status_t status = image__open(&image, options.image);

	if (status != ZX_OK)
		return status;
	if (linux__knows(&image))
		return linux__load(&image, &machine, options.command_line, entry);
	return image__load_flat(&image, &machine, options.command_line, entry);
}

static int run(const struct entry *entry)
{
	zx_status_t status = machine__add_processor(&machine, entry->rip, entry->rdi, entry->rsi);

	if (status == ZX_OK)
		status = events__start(&events, ZX_SEC((zx_duration_t)options.seconds));
	if (status != ZX_OK)
		return fail("cannot start the guest", status);
	status = machine__run(&machine);
	events__stop(&events);
	uart__flush(&uart);
	if (status == ZX_ERR_CANCELED) {
		rt_print_error("monitor: the guest's time is over\n");
		return EXIT_LIMIT;
	}
	return status == ZX_OK ? machine.exit_code : fail("the guest stopped", status);
}

int main(int argc, char **argv)
{
	struct entry entry;
	zx_status_t status;

	if (!parse(argc, argv)) {
		rt_print_error("usage: monitor [--memory=MIB] [--seconds=N] [--until=TEXT] IMAGE"
			       " [COMMAND LINE...]\n");
		return EXIT_FAILED;
	}
	status = machine__create(&machine, options.memory << 20);
	if (status != ZX_OK)
		return fail("cannot make a machine", status);
	status = add_devices();
	if (status != ZX_OK)
		return fail("cannot add devices", status);
	status = load(&entry);
	if (status != ZX_OK)
		return fail(options.image, status);
	return run(&entry);
}
