#include "types.h"

#include <string.h>

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

#define VALUE(name_, type_)	{ .name = name_, .type = type_ }
#define ARRAY(name_, type_, n)	{ .name = name_, .type = type_, .count = n }
#define POINTER(name_, type_)	{ .name = name_, .type = type_, .pointer = FIELD_POINTER }
#define CONST_POINTER(name_, type_) \
	{ .name = name_, .type = type_, .pointer = FIELD_CONST_POINTER }

/* Layouts are those of 2020-07 on, which for these types are those of all eras. */
static const struct type_field wait_item[] = {
	VALUE("handle", "zx_handle_t"),
	VALUE("waitfor", "zx_signals_t"),
	VALUE("pending", "zx_signals_t"),
};

static const struct type_field channel_call_args[] = {
	CONST_POINTER("wr_bytes", "any"),
	CONST_POINTER("wr_handles", "zx_handle_t"),
	POINTER("rd_bytes", "any"),
	POINTER("rd_handles", "zx_handle_t"),
	VALUE("wr_num_bytes", "uint32_t"),
	VALUE("wr_num_handles", "uint32_t"),
	VALUE("rd_num_bytes", "uint32_t"),
	VALUE("rd_num_handles", "uint32_t"),
};

static const struct type_field channel_call_etc_args[] = {
	CONST_POINTER("wr_bytes", "any"),
	POINTER("wr_handles", "zx_handle_disposition_t"),
	POINTER("rd_bytes", "any"),
	POINTER("rd_handles", "zx_handle_info_t"),
	VALUE("wr_num_bytes", "uint32_t"),
	VALUE("wr_num_handles", "uint32_t"),
	VALUE("rd_num_bytes", "uint32_t"),
	VALUE("rd_num_handles", "uint32_t"),
};

static const struct type_field handle_info[] = {
	VALUE("handle", "zx_handle_t"),
	VALUE("type", "zx_obj_type_t"),
	VALUE("rights", "zx_rights_t"),
	VALUE("unused", "uint32_t"),
};

static const struct type_field handle_disposition[] = {
	VALUE("operation", "zx_handle_op_t"),
	VALUE("handle", "zx_handle_t"),
	VALUE("type", "zx_obj_type_t"),
	VALUE("rights", "zx_rights_t"),
	VALUE("result", "zx_status_t"),
};

static const struct type_field iovec[] = {
	POINTER("buffer", "any"),
	VALUE("capacity", "size_t"),
};

static const struct type_field channel_iovec[] = {
	CONST_POINTER("buffer", "any"),
	VALUE("capacity", "uint32_t"),
	VALUE("reserved", "uint32_t"),
};

static const struct type_field string_view[] = {
	CONST_POINTER("c_str", "char"),
	VALUE("length", "size_t"),
};

static const struct type_field packet_user[] = {
	ARRAY("u64", "uint64_t", 4),
	ARRAY("u32", "uint32_t", 8),
	ARRAY("u16", "uint16_t", 16),
	ARRAY("c8", "uint8_t", 32),
};

static const struct type_field packet_signal[] = {
	VALUE("trigger", "zx_signals_t"),
	VALUE("observed", "zx_signals_t"),
	VALUE("count", "uint64_t"),
	VALUE("timestamp", "uint64_t"),
	VALUE("reserved1", "uint64_t"),
};

static const struct type_field packet_interrupt[] = {
	VALUE("timestamp", "zx_time_t"),
	ARRAY("reserved", "uint64_t", 3),
};

static const struct type_field packet_page_request[] = {
	VALUE("command", "uint16_t"),
	VALUE("flags", "uint16_t"),
	VALUE("reserved0", "uint32_t"),
	VALUE("offset", "uint64_t"),
	VALUE("length", "uint64_t"),
	VALUE("reserved1", "uint64_t"),
};

/* In C this union has no name. Packets of guests are left to C. */
static const struct type_field packet_payload[] = {
	VALUE("user", "zx_packet_user_t"),
	VALUE("signal", "zx_packet_signal_t"),
	VALUE("interrupt", "zx_packet_interrupt_t"),
	VALUE("page_request", "zx_packet_page_request_t"),
};

static const struct type_field port_packet[] = {
	VALUE("key", "uint64_t"),
	VALUE("type", "uint32_t"),
	VALUE("status", "zx_status_t"),
	VALUE("payload", "zx_packet_payload_t"),
};

#define UINT(name, meaning, size)	{ name, TYPE_UINT, meaning, size, NULL, NULL, 0 }
#define INT(name, meaning, size)	{ name, TYPE_INT, meaning, size, NULL, NULL, 0 }
#define OPAQUE(name, header)		{ name, TYPE_OPAQUE, MEANS_STRUCT, 0, header, NULL, 0 }
#define STRUCT(name, size, header, fields) \
	{ name, TYPE_STRUCT, MEANS_STRUCT, size, header, fields, COUNT(fields) }
#define UNION(name, size, header, fields) \
	{ name, TYPE_UNION, MEANS_STRUCT, size, header, fields, COUNT(fields) }

/* Structures stand behind the types of their fields. */
const struct type_info type_infos[] = {
	{ "bool", TYPE_BOOL, MEANS_NUMBER, 1, NULL, NULL, 0 },
	{ "char", TYPE_CHAR, MEANS_NUMBER, 1, NULL, NULL, 0 },
	INT("int", MEANS_NUMBER, 4),
	INT("int8_t", MEANS_NUMBER, 1),
	INT("int16_t", MEANS_NUMBER, 2),
	INT("int32_t", MEANS_NUMBER, 4),
	INT("int64_t", MEANS_NUMBER, 8),
	UINT("uint8_t", MEANS_NUMBER, 1),
	UINT("uint16_t", MEANS_NUMBER, 2),
	UINT("uint32_t", MEANS_NUMBER, 4),
	UINT("uint64_t", MEANS_NUMBER, 8),
	UINT("size_t", MEANS_SIZE, 8),
	UINT("uintptr_t", MEANS_ADDRESS, 8),
	UINT("zx_handle_t", MEANS_HANDLE, 4),
	INT("zx_status_t", MEANS_STATUS, 4),
	UINT("zx_rights_t", MEANS_RIGHTS, 4),
	UINT("zx_signals_t", MEANS_SIGNALS, 4),
	UINT("zx_koid_t", MEANS_KOID, 8),
	UINT("zx_obj_type_t", MEANS_OBJ_TYPE, 4),
	UINT("zx_handle_op_t", MEANS_NUMBER, 4),
	UINT("zx_clock_t", MEANS_CLOCK, 4),
	INT("zx_time_t", MEANS_TIME, 8),
	INT("zx_instant_mono_t", MEANS_TIME, 8),
	INT("zx_instant_boot_t", MEANS_TIME, 8),
	INT("zx_duration_t", MEANS_DURATION, 8),
	INT("zx_duration_mono_t", MEANS_DURATION, 8),
	INT("zx_duration_boot_t", MEANS_DURATION, 8),
	INT("zx_ticks_t", MEANS_TICKS, 8),
	INT("zx_instant_mono_ticks_t", MEANS_TICKS, 8),
	INT("zx_instant_boot_ticks_t", MEANS_TICKS, 8),
	UINT("zx_off_t", MEANS_SIZE, 8),
	UINT("zx_vaddr_t", MEANS_ADDRESS, 8),
	UINT("zx_paddr_t", MEANS_ADDRESS, 8),
	UINT("zx_paddr32_t", MEANS_ADDRESS, 4),
	UINT("zx_gpaddr_t", MEANS_ADDRESS, 8),
	UINT("zx_vm_option_t", MEANS_VM_OPTION, 4),
	UINT("zx_stream_seek_origin_t", MEANS_SEEK_ORIGIN, 4),
	{ "zx_futex_t", TYPE_FUTEX, MEANS_NUMBER, 4, NULL, NULL, 0 },
	STRUCT("zx_wait_item_t", 12, NULL, wait_item),
	STRUCT("zx_channel_call_args_t", 48, NULL, channel_call_args),
	STRUCT("zx_handle_info_t", 16, NULL, handle_info),
	STRUCT("zx_handle_disposition_t", 20, NULL, handle_disposition),
	STRUCT("zx_channel_call_etc_args_t", 48, NULL, channel_call_etc_args),
	STRUCT("zx_channel_iovec_t", 16, NULL, channel_iovec),
	STRUCT("zx_iovec_t", 16, NULL, iovec),
	STRUCT("zx_string_view_t", 16, "zircon/string_view.h", string_view),
	UNION("zx_packet_user_t", 32, "zircon/syscalls/port.h", packet_user),
	STRUCT("zx_packet_signal_t", 32, "zircon/syscalls/port.h", packet_signal),
	STRUCT("zx_packet_interrupt_t", 32, "zircon/syscalls/port.h", packet_interrupt),
	STRUCT("zx_packet_page_request_t", 32, "zircon/syscalls/port.h", packet_page_request),
	UNION("zx_packet_payload_t", 32, "zircon/syscalls/port.h", packet_payload),
	STRUCT("zx_port_packet_t", 48, "zircon/syscalls/port.h", port_packet),
	OPAQUE("zx_exception_context_t", "zircon/syscalls/exception.h"),
	OPAQUE("zx_exception_report_t", "zircon/syscalls/exception.h"),
	OPAQUE("zx_pci_bar_t", "zircon/syscalls/pci.h"),
	OPAQUE("zx_pci_init_arg_t", "zircon/syscalls/pci.h"),
	OPAQUE("zx_pcie_device_info_t", "zircon/syscalls/pci.h"),
	OPAQUE("zx_processor_power_domain_t", "zircon/syscalls/next.h"),
	OPAQUE("zx_processor_power_level_t", "zircon/syscalls/next.h"),
	OPAQUE("zx_processor_power_level_transition_t", "zircon/syscalls/next.h"),
	OPAQUE("zx_processor_power_state_t", "zircon/syscalls/next.h"),
	OPAQUE("zx_profile_info_t", "zircon/syscalls/profile.h"),
	OPAQUE("zx_sampler_config_t", "zircon/syscalls/next.h"),
	OPAQUE("zx_smc_parameters_t", "zircon/syscalls/smc.h"),
	OPAQUE("zx_smc_result_t", "zircon/syscalls/smc.h"),
	OPAQUE("zx_system_powerctl_arg_t", "zircon/syscalls/system.h"),
	OPAQUE("zx_wake_source_report_entry_t", "zircon/syscalls/next.h"),
	OPAQUE("zx_wake_source_report_header_t", "zircon/syscalls/next.h"),
};

const size_t ntype_infos = COUNT(type_infos);

const struct type_info *type_find(const char *name)
{
	for (size_t i = 0; i < ntype_infos; i++)
		if (!strcmp(type_infos[i].name, name))
			return &type_infos[i];
	return NULL;
}
