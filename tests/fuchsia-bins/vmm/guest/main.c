/*
 * A guest: says where it is, counts the ticks of the timer, and ends. Its command line may have
 * ticks=N, exit=N, and fault, which has it use memory that is not there.
 */
#include "guest.h"

#define PERIOD_MICROSECONDS 10000
#define NOWHERE 0x7f0000000000ull

/* From start.S. */
_Noreturn void guest_main(uint64_t memory, const char *command_line);

/* The text behind @name in the command line, or NULL. */
static const char *find(const char *line, const char *name)
{
	for (; *line; line++) {
		uint32_t i = 0;

		while (name[i] && line[i] == name[i])
			i++;
		if (!name[i])
			return line + i;
	}
	return 0;
}

static uint32_t number(const char *line, const char *name, uint32_t otherwise)
{
	const char *digits = find(line, name);
	uint32_t value = 0;

	if (!digits)
		return otherwise;
	while (*digits >= '0' && *digits <= '9')
		value = 10 * value + (uint32_t)(*digits++ - '0');
	return value;
}

static void greet(uint64_t memory, const char *command_line)
{
	console__print("guest: hello, with ");
	console__print_number(memory >> 20, 10);
	console__print(" MiB of memory and the command line \"");
	console__print(command_line);
	console__print("\"\n");
}

static void count_ticks(uint32_t wanted)
{
	timer__set_period(PERIOD_MICROSECONDS);
	while (interrupts__ticks() < wanted) {
		interrupts__wait(interrupts__ticks());
		console__print("guest: tick ");
		console__print_number(interrupts__ticks(), 10);
		console__print("\n");
	}
	timer__set_period(0);
	if (timer__ticks() < interrupts__ticks()) {
		console__print("guest: more interrupts than ticks\n");
		machine__end(1);
	}
}

void guest_main(uint64_t memory, const char *command_line)
{
	memory__init(memory);
	interrupts__init();
	greet(memory, command_line);
	if (find(command_line, "fault"))
		*(volatile char *)NOWHERE = 1;
	count_ticks(number(command_line, "ticks=", 3));
	journal__write("all ticks were counted\n");
	console__print("guest: bye\n");
	machine__end(number(command_line, "exit=", 0));
}
