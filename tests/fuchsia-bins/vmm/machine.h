/* A virtual machine with one processor: its memory, its devices, and how it runs. */
#ifndef VMM_MACHINE_H
#define VMM_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include <zircon/types.h>

/* What lies behind a range of I/O ports or of the guest's addresses. */
struct device {
	const char *name;
	uint32_t (*read)(struct device *device, uint64_t offset, uint32_t size);
	void (*write)(struct device *device, uint64_t offset, uint32_t size, uint32_t value);
	void *data;
	uint64_t base; /* set by machine__add_*() */
};

struct machine {
	zx_handle_t guest;
	zx_handle_t vmar; /* the guest's memory, as the guest sees it */
	zx_handle_t vmo;
	char *memory; /* and as the monitor does */
	uint64_t size;
	zx_handle_t vcpu;
	bool ended;
	int exit_code;
};

/* With @size bytes of memory at 0. */
zx_status_t machine__create(struct machine *machine, uint64_t size);

/* Accesses of the guest to these come to @device, on the thread that is in machine__run(). */
zx_status_t machine__add_ports(struct machine *machine, struct device *device, uint16_t first,
			       uint16_t count);
zx_status_t machine__add_memory(struct machine *machine, struct device *device, uint64_t addr,
				uint64_t size);
/* What the guest writes here only makes a packet on @port, and the guest goes on. */
zx_status_t machine__add_bell(struct machine *machine, uint64_t addr, uint64_t size,
			      zx_handle_t port, uint64_t key);

/* The processor, which begins at @entry; runs on the calling thread only. */
zx_status_t machine__add_processor(struct machine *machine, uint64_t entry, uint64_t rdi,
				   uint64_t rsi);

/* Runs the guest until machine__end(), or until somebody kicks its processor (ZX_ERR_CANCELED). */
zx_status_t machine__run(struct machine *machine);
/* Has the guest end after the access that is being handled. */
void machine__end(struct machine *machine, int exit_code);

/* Where the monitor finds memory of the guest, or NULL where not all of it is there. */
void *machine__at(struct machine *machine, uint64_t addr, uint64_t size);

#endif
