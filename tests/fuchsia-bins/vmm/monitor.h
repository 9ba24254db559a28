/* What the monitor's files share. */
#ifndef VMM_MONITOR_H
#define VMM_MONITOR_H

#include <zircon/eras.h>
#include <zircon/syscalls/hypervisor.h>
#include <zircon/syscalls/port.h>

#include "devices.h"
#include "rt.h"

/* Keys of packets */
#define KEY_PORTS 1
#define KEY_TIMER 2
#define KEY_BELL 3
#define KEY_TICK 4
#define KEY_STOP 5

#define LINE_MAX 128

struct monitor {
	zx_handle_t vmo;
	zx_vaddr_t memory; /* the guest's, as the monitor sees it */
	zx_handle_t guest;
	zx_handle_t vcpu;
	zx_handle_t port; /* bells, and the timer's own packets */
	zx_handle_t timer;
	struct rt_thread thread; /* takes packets from it */
	uint32_t period_ms;      /* these two: atomic */
	uint32_t fired;
	uint32_t rung;
	char line[LINE_MAX + 1];
	uint32_t line_size;
	uint8_t code; /* what the guest is told to end with */
	uint8_t exit_code;
	bool ended;
};

_Noreturn void die(const char *what, zx_status_t status);
void check(const char *what, zx_status_t status);

/* load.c: from the directory /pkg, and from the service that gives the resource for guests */
void load_image(struct monitor *monitor, const char *name);
zx_handle_t get_hypervisor(void);

/* devices.c */
void start_devices(struct monitor *monitor);
void stop_devices(struct monitor *monitor);
void serve_port(struct monitor *monitor, const zx_packet_guest_io_t *io);
void serve_timer(struct monitor *monitor, const zx_packet_guest_mem_newest_t *mem);

#endif
