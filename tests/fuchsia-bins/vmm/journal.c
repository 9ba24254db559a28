#include "journal.h"

#include "platform.h"
#include "rt.h"

zx_status_t journal__add(struct machine *machine, zx_handle_t port, uint64_t key)
{
	return machine__add_bell(machine, PLATFORM_BELL, PLATFORM_BELL_SIZE, port, key);
}

/* The guest may write what it likes, at any time: what it says is read once, and never trusted. */
void journal__print(struct machine *machine)
{
	struct platform_journal *journal = machine__at(machine, PLATFORM_JOURNAL, sizeof(*journal));
	uint32_t written = __atomic_load_n(&journal->written, __ATOMIC_ACQUIRE);
	uint32_t at = __atomic_load_n(&journal->read, __ATOMIC_RELAXED);
	char text[PLATFORM_JOURNAL_SIZE + 1];
	uint32_t used = 0;

	while (at != written && used < PLATFORM_JOURNAL_SIZE)
		text[used++] = ((volatile char *)journal->text)[at++ % PLATFORM_JOURNAL_SIZE];
	text[used] = '\0';
	__atomic_store_n(&journal->read, written, __ATOMIC_RELEASE);
	rt_print("journal: %s", text);
}
