/*
 * The calls of sample.abigen and forms.abigen, for main.go: each notes what it was called with, and
 * gives back something that nothing else does.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zircon/syscalls.h>
#include <zircon/syscalls/pci.h>
#include <zircon/syscalls/port.h>

#include "lamps.h"

static char noted[256];

__attribute__((format(printf, 1, 2))) static void note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(noted, sizeof(noted), fmt, ap);
	va_end(ap);
}

const char *lamps_noted(void)
{
	return noted;
}

zx_status_t zx_lamp_light(zx_handle_t handle, uint32_t options)
{
	note("light %x %x", handle, options);
	return handle ? ZX_OK : ZX_ERR_BAD_HANDLE;
}

zx_status_t zx_lamp_arrays(const void *bytes, size_t num_bytes, zx_handle_t *handles, void *rows,
			   uint32_t count, uint32_t size, size_t *actual)
{
	char *row = rows;

	note("arrays %.*s %zx %.*s %x %x %s", (int)num_bytes, (const char *)bytes, num_bytes,
	     (int)(count * size), row, count, size, actual ? "actual" : "nil");
	handles[0] = 0x11;
	handles[1] = 0x22;
	for (uint32_t i = 0; i < count * size; i++)
		row[i]++;
	if (actual)
		*actual = 0x1122334455667788;
	return ZX_ERR_NEXT;
}

zx_status_t zx_lamp_unsized(uint64_t options, const void *args, char *text, size_t *text_size)
{
	note("unsized %lx %s %zx", (unsigned long)options, args ? "args" : "nil", *text_size);
	memcpy(text, "lamp", 4);
	*text_size = 4;
	return ZX_OK;
}

zx_status_t zx_lamp_wait(zx_time_t deadline, zx_wait_item_t *item, zx_time_t *time)
{
	note("wait %ld %x %x %x", (long)deadline, item->handle, item->waitfor, item->pending);
	item->pending = 0x80;
	*time = -1;
	return ZX_OK;
}

__attribute__((noreturn)) void zx_lamp_break(int64_t code)
{
	exit((int)code);
}

uint64_t zx_lamp_count(void)
{
	return 0xfedcba9876543210;
}

void zx_lamp_flicker(void)
{
	note("flicker");
}

const char *zx_lamp_get_name(zx_handle_t handle)
{
	note("get_name %x", handle);
	return "moonlight";
}

__attribute__((const)) uint32_t zx_lamp_get_max(void)
{
	return 0xffffffff;
}

zx_status_t zx_lamp_explode(zx_handle_t handle, void *parts, size_t num_parts)
{
	note("explode %x %s %zx", handle, parts ? "parts" : "nil", num_parts);
	return ZX_ERR_ACCESS_DENIED;
}

zx_status_t zx_lamp_plug_in(void)
{
	return -12345;
}

zx_status_t zx_lamp_sell(zx_handle_t handle)
{
	note("sell %x", handle);
	return ZX_OK;
}

zx_status_t zx_lamp_repair(zx_handle_t handle, const zx_handle_t *parts, size_t num_parts)
{
	note("repair %x %x %x %zx", handle, parts[0], parts[1], num_parts);
	return ZX_OK;
}

zx_status_t zx_lamp_fill(zx_port_packet_t *packet, zx_handle_info_t *info,
			 zx_handle_disposition_t *disposition)
{
	*packet = (zx_port_packet_t){ .key = 1, .type = 2, .status = -3 };
	packet->signal = (zx_packet_signal_t){ 4, 5, 6, 7, 8 };
	*info = (zx_handle_info_t){ .handle = 9, .type = 10, .rights = 11, .unused = 12 };
	*disposition = (zx_handle_disposition_t){ .operation = 13, .handle = 14, .type = 15,
						  .rights = 16, .result = -17 };
	return ZX_OK;
}

zx_status_t zx_lamp_fill_pointers(zx_channel_call_args_t *args, zx_channel_call_etc_args_t *etc,
				  zx_iovec_t *iovec, zx_channel_iovec_t *channel_iovec)
{
	static zx_handle_t handles[] = { 0x31, 0x32 };
	static zx_handle_disposition_t disposition = { .handle = 0x33 };
	static zx_handle_info_t info = { .handle = 0x34 };
	static char bytes[] = "rw";

	*args = (zx_channel_call_args_t){ .wr_bytes = bytes, .wr_handles = handles,
					  .rd_bytes = bytes + 1, .rd_handles = handles + 1,
					  .wr_num_bytes = 18, .wr_num_handles = 19,
					  .rd_num_bytes = 20, .rd_num_handles = 21 };
	*etc = (zx_channel_call_etc_args_t){ .wr_bytes = bytes, .wr_handles = &disposition,
					     .rd_bytes = bytes + 1, .rd_handles = &info,
					     .wr_num_bytes = 22, .wr_num_handles = 23,
					     .rd_num_bytes = 24, .rd_num_handles = 25 };
	*iovec = (zx_iovec_t){ .buffer = bytes, .capacity = 26 };
	*channel_iovec = (zx_channel_iovec_t){ .buffer = bytes, .capacity = 27, .reserved = 28 };
	return ZX_OK;
}

bool zx_lamp_values(bool on, char letter, int8_t small, zx_vaddr_t address, zx_txid_t number,
		    ptrdiff_t distance, size_t size, zx_iovec_t iovec)
{
	note("values %d %c %d %lx %x %ld %zx %s %zx", on, letter, small, (unsigned long)address,
	     number, (long)distance, size, iovec.buffer ? "buffer" : "nil", iovec.capacity);
	return !on;
}

zx_string_view_t zx_lamp_view(void)
{
	return (zx_string_view_t){ .c_str = "viewed", .length = 4 };
}

zx_status_t zx_lamp_futex(zx_futex_t *futex)
{
	*futex += 1;
	return ZX_OK;
}

zx_status_t zx_lamp_opaque(zx_txid_t number, zx_pci_bar_t *bar)
{
	note("opaque %x", number);
	memset(bar, 0x5a, sizeof(*bar));
	return ZX_OK;
}

zx_status_t zx_lamp_words(uint32_t type, uint32_t type_, uint32_t a, uint32_t b, uint32_t c,
			  uint32_t d, uint32_t e, uint32_t f)
{
	note("words %x %x %x %x %x %x %x %x", type, type_, a, b, c, d, e, f);
	return ZX_OK;
}

zx_status_t zx_lamp_texts(void)
{
	return ZX_OK;
}

#define NUMBER(name, n) \
	int zx_##name(void) \
	{ \
		return n; \
	}

NUMBER(lamp_2, 1)
NUMBER(lamp2, 2)
NUMBER(lamp__x, 3)
NUMBER(lamp_x, 4)
NUMBER(lampX, 5)
NUMBER(handle, 6)
NUMBER(port_packet, 7)
NUMBER(txid, 8)
NUMBER(handle_invalid, 9)
NUMBER(err_bad_handle, 10)
NUMBER(o_k, 11)
