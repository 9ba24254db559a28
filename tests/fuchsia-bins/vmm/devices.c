/* The guest's devices: a console, a timer, a bell. */
#include "monitor.h"

#include <zircon/errors.h>

static void flush(struct monitor *monitor)
{
	monitor->line[monitor->line_size] = 0;
	rt_print("%s", monitor->line);
	monitor->line_size = 0;
}

static void put_char(struct monitor *monitor, char c)
{
	monitor->line[monitor->line_size++] = c;
	if (c == '\n' || monitor->line_size == LINE_MAX)
		flush(monitor);
}

static void answer(struct monitor *monitor, uint8_t value)
{
	zx_vcpu_io_t io = { .access_size = 1, .u8 = value };

	check("an answer", zx_vcpu_write_state(monitor->vcpu, ZX_VCPU_IO, &io, sizeof(io)));
}

void serve_port(struct monitor *monitor, const zx_packet_guest_io_t *io)
{
	if (io->port == VMM_PORT_CONSOLE && !io->input) {
		put_char(monitor, (char)io->u8);
	} else if (io->port == VMM_PORT_CODE && io->input) {
		answer(monitor, monitor->code);
	} else if (io->port == VMM_PORT_EXIT && !io->input) {
		monitor->exit_code = io->u8;
		monitor->ended = true;
		flush(monitor);
	} else {
		die("a wrong access to port", io->port);
	}
}

static void arm(struct monitor *monitor)
{
	uint32_t period = __atomic_load_n(&monitor->period_ms, __ATOMIC_RELAXED);

	if (period)
		check("timer", zx_timer_set(monitor->timer, zx_deadline_after(ZX_MSEC(period)), 0));
	else
		check("timer", zx_timer_cancel(monitor->timer));
}

static void set_register(struct monitor *monitor, zx_gpaddr_t addr, uint32_t value)
{
	if (addr != VMM_TIMER_PERIOD)
		die("a wrong register", (zx_status_t)addr);
	__atomic_store_n(&monitor->period_ms, value, __ATOMIC_RELAXED);
	arm(monitor);
}

static uint32_t get_register(struct monitor *monitor, zx_gpaddr_t addr)
{
	return addr == VMM_TIMER_COUNT ? __atomic_load_n(&monitor->fired, __ATOMIC_RELAXED) : 0;
}

/* The guest moves 32 bits between a register and memory, and its addresses are its memory's. */
void serve_timer(struct monitor *monitor, const zx_packet_guest_mem_newest_t *mem)
{
	const uint8_t *code = (const uint8_t *)monitor->memory + mem->rip;
	zx_vcpu_state_t state;
	uint64_t *registers = (uint64_t *)&state;
	uint32_t high = 0;
	uint32_t number;

	check("state", zx_vcpu_read_state(monitor->vcpu, ZX_VCPU_STATE, &state, sizeof(state)));
	if ((*code & 0xf0) == 0x40)
		high = *code++ & 4;
	number = (code[1] >> 3 & 7) | high << 1;
	if (code[0] == 0x89) {
		set_register(monitor, mem->addr, (uint32_t)registers[number]);
	} else if (code[0] == 0xc7) {
		/* An immediate at the end. */
		code = (const uint8_t *)monitor->memory + mem->rip + mem->instruction_size - 4;
		set_register(monitor, mem->addr, *(const uint32_t *)code);
	} else if (code[0] == 0x8b) {
		registers[number] = get_register(monitor, mem->addr);
		check("state", zx_vcpu_write_state(monitor->vcpu, ZX_VCPU_STATE, &state,
						   sizeof(state)));
	} else {
		die("an instruction that is not known", code[0]);
	}
}

static void wait_for_timer(struct monitor *monitor)
{
	check("timer", zx_object_wait_async(monitor->timer, monitor->port, KEY_TICK,
					    ZX_TIMER_SIGNALED, 0));
}

static void tick(struct monitor *monitor)
{
	__atomic_fetch_add(&monitor->fired, 1, __ATOMIC_RELAXED);
	check("interrupt", zx_vcpu_interrupt(monitor->vcpu, VMM_TIMER_VECTOR));
	arm(monitor);
	wait_for_timer(monitor);
}

static void take_packets(void *arg)
{
	struct monitor *monitor = arg;
	zx_port_packet_t packet;

	for (;;) {
		check("packets", zx_port_wait(monitor->port, ZX_TIME_INFINITE, &packet));
		if (packet.key == KEY_TICK)
			tick(monitor);
		else if (packet.key == KEY_BELL)
			monitor->rung++;
		else
			return;
	}
}

void start_devices(struct monitor *monitor)
{
	check("timer", zx_timer_create(0, ZX_CLOCK_MONOTONIC, &monitor->timer));
	wait_for_timer(monitor);
	check("thread", rt_thread__start(&monitor->thread, "devices", take_packets, monitor));
}

void stop_devices(struct monitor *monitor)
{
	const zx_port_packet_t stop = { .key = KEY_STOP };

	check("the end", zx_port_queue(monitor->port, &stop));
	check("the end", rt_thread__join(&monitor->thread));
}
