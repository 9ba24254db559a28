/*
 * Layouts that programs of each year have compiled in: sizes and offsets of the structures in
 * <zircon/...>, and the rights that differ by year. Nothing runs; that this compiles is the test.
 *
 * The figures of 2018 and 2020 are those that a compiler gave for the headers of their sources and
 * SDKs; those of newer forms follow from upstream's definitions. Of each structure the size is
 * checked, its last field, and fields after a change of width, where a missing or a wrong padding
 * would show.
 */
#include <zircon/eras.h>
#include <zircon/errors.h>
#include <zircon/features.h>
#include <zircon/process.h>
#include <zircon/status.h>
#include <zircon/string_view.h>
#include <zircon/syscalls/hypervisor.h>
#include <zircon/syscalls/iob.h>
#include <zircon/syscalls/iommu.h>
#include <zircon/syscalls/next.h>
#include <zircon/syscalls/scheduler.h>
#include <zircon/syscalls/system.h>
#include <zircon/syscalls/types.h>
#include <zircon/tls.h>

#define SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), "size of " #type)
#define AT(type, field, bytes) \
	_Static_assert(offsetof(type, field) == (bytes), "offset of " #type "." #field)
#define VALUE(name, value) _Static_assert((name) == (value), "value of " #name)

/* <zircon/types.h> */
SIZE(zx_wait_item_t, 12);
AT(zx_wait_item_t, pending, 8);
SIZE(zx_channel_call_args_t, 48);
AT(zx_channel_call_args_t, wr_num_handles, 36);
AT(zx_channel_call_args_t, rd_num_handles, 44);
SIZE(zx_handle_info_t, 16);
AT(zx_handle_info_t, unused, 12);
SIZE(zx_handle_disposition_t, 20);
AT(zx_handle_disposition_t, result, 16);
SIZE(zx_channel_call_etc_args_t, 48);
AT(zx_channel_call_etc_args_t, wr_num_handles, 36);
AT(zx_channel_call_etc_args_t, rd_num_handles, 44);
SIZE(zx_channel_iovec_t, 16);
AT(zx_channel_iovec_t, reserved, 12);
SIZE(zx_iovec_t, 16);
AT(zx_iovec_t, capacity, 8);
SIZE(zx_cpu_set_t, 64);

/* <zircon/vm_types.h> */
SIZE(zx_vmo_lock_state_t, 32);
AT(zx_vmo_lock_state_t, discarded_size, 24);
SIZE(zx_pager_vmo_stats_t, 4);

/* <zircon/string_view.h> */
SIZE(zx_string_view_t, 16);
AT(zx_string_view_t, length, 8);

/* <zircon/processargs.h> */
SIZE(zx_proc_args_t, 36);
AT(zx_proc_args_t, names_num, 32);

/* <zircon/syscalls/object.h> */
SIZE(zx_info_handle_basic_t, 32);
AT(zx_info_handle_basic_t, type, 12);
AT(zx_info_handle_basic_t, props, 24);
SIZE(zx_info_handle_extended_t, 40);
AT(zx_info_handle_extended_t, related_koid, 24);
AT(zx_info_handle_extended_t, peer_owner_koid, 32);
SIZE(zx_info_handle_count_t, 4);
SIZE(zx_info_process_handle_stats_t, 256);
SIZE(zx_info_process_t, 16);
AT(zx_info_process_t, exited, 9);
AT(zx_info_process_t, debugger_attached, 10);
SIZE(zx_info_job_t, 16);
AT(zx_info_job_t, kill_on_oom, 9);
AT(zx_info_job_t, debugger_attached, 10);
SIZE(zx_info_thread_t, 72);
AT(zx_info_thread_t, cpu_affinity_mask, 8);
SIZE(zx_info_thread_stats_t, 16);
AT(zx_info_thread_stats_t, last_scheduled_cpu, 8);
SIZE(zx_info_task_stats_t, 32);
AT(zx_info_task_stats_t, mem_scaled_shared_bytes, 24);
SIZE(zx_info_task_runtime_t, 16);
AT(zx_info_task_runtime_t, queue_time, 8);
SIZE(zx_info_vmar_t, 16);
AT(zx_info_vmar_t, len, 8);
SIZE(zx_info_maps_mapping_t, 32);
AT(zx_info_maps_mapping_t, committed_pages, 24);
SIZE(zx_info_maps_t, 96);
AT(zx_info_maps_t, size, 40);
AT(zx_info_maps_t, u, 64);
AT(zx_info_maps_t, u.mapping.committed_pages, 88);
SIZE(zx_info_vmo_t, 104);
AT(zx_info_vmo_t, size_bytes, 40);
AT(zx_info_vmo_t, parent_koid, 48);
AT(zx_info_vmo_t, cache_policy, 100);
SIZE(zx_info_socket_t, 48);
AT(zx_info_socket_t, tx_buf_size, 40);
SIZE(zx_info_timer_t, 24);
AT(zx_info_timer_t, slack, 16);
SIZE(zx_info_stream_t, 24);
AT(zx_info_stream_t, content_size, 16);
SIZE(zx_info_bti_t, 32);
AT(zx_info_bti_t, quarantine_count, 24);
SIZE(zx_info_resource_t, 56);
AT(zx_info_resource_t, size, 16);
AT(zx_info_resource_t, name, 24);
SIZE(zx_info_msi_t, 24);
AT(zx_info_msi_t, base_irq_id, 12);
AT(zx_info_msi_t, interrupt_count, 20);
SIZE(zx_info_interrupt_t, 4);
SIZE(zx_info_cpu_stats_t, 120);
AT(zx_info_cpu_stats_t, reschedules, 16);
AT(zx_info_cpu_stats_t, generic_ipis, 112);
SIZE(zx_info_kmem_stats_t, 72);
AT(zx_info_kmem_stats_t, other_bytes, 64);
SIZE(zx_info_kmem_stats_extended_t, 120);
AT(zx_info_kmem_stats_extended_t, vmo_reclaim_disabled_bytes, 112);
SIZE(zx_info_kmem_stats_compression_t, 168);
AT(zx_info_kmem_stats_compression_t, pages_decompressed_within_log_time, 104);
SIZE(zx_info_memory_stall_t, 16);
AT(zx_info_memory_stall_t, stall_time_full, 8);
SIZE(zx_info_guest_stats_t, 120);
AT(zx_info_guest_stats_t, vm_exits, 16);
AT(zx_info_guest_stats_t, vmcall_instructions, 112);
SIZE(zx_info_vcpu_t, 4);

/* <zircon/syscalls/port.h> */
SIZE(zx_packet_user_t, 32);
SIZE(zx_packet_signal_t, 32);
AT(zx_packet_signal_t, timestamp, 16);
AT(zx_packet_signal_t, reserved1, 24);
SIZE(zx_packet_guest_bell_t, 32);
AT(zx_packet_guest_bell_t, reserved2, 24);
SIZE(zx_packet_guest_mem_t, 32);
AT(zx_packet_guest_mem_t, inst_buf, 9);
AT(zx_packet_guest_mem_t, default_operand_size, 24);
AT(zx_packet_guest_mem_t, reserved, 25);
SIZE(zx_packet_guest_io_t, 32);
AT(zx_packet_guest_io_t, input, 3);
AT(zx_packet_guest_io_t, reserved0, 8);
AT(zx_packet_guest_io_t, reserved1, 16);
AT(zx_packet_guest_io_t, reserved2, 24);
SIZE(zx_packet_guest_vcpu_t, 32);
AT(zx_packet_guest_vcpu_t, reserved, 24);
AT(zx_packet_guest_vcpu_t, interrupt.vector, 8);
AT(zx_packet_guest_vcpu_t, startup.entry, 8);
SIZE(zx_packet_interrupt_t, 32);
AT(zx_packet_interrupt_t, reserved2, 24);
SIZE(zx_packet_page_request_t, 32);
AT(zx_packet_page_request_t, offset, 8);
AT(zx_packet_page_request_t, length, 16);
AT(zx_packet_page_request_t, reserved1, 24);
SIZE(zx_port_packet_t, 48);
AT(zx_port_packet_t, status, 12);
AT(zx_port_packet_t, signal, 16);
AT(zx_port_packet_t, page_request, 16);

/* <zircon/syscalls/exception.h> */
SIZE(zx_x86_64_exc_data_t, 24);
AT(zx_x86_64_exc_data_t, cr2, 16);
SIZE(zx_arm64_exc_data_t, 16);
AT(zx_arm64_exc_data_t, far, 8);
SIZE(zx_exception_context_t, 24);
SIZE(zx_exception_header_t, 8);
AT(zx_exception_header_t, type, 4);
SIZE(zx_exception_report_t, 32);
AT(zx_exception_report_t, context, 8);
AT(zx_exception_report_t, context.arch.u.x86_64.cr2, 24);
SIZE(zx_exception_info_t, 24);
AT(zx_exception_info_t, type, 16);

/* <zircon/syscalls/debug.h> */
SIZE(zx_thread_state_general_regs_t, 160);
AT(zx_thread_state_general_regs_t, gs_base, 152);
SIZE(zx_thread_state_fp_regs_t, 160);
AT(zx_thread_state_fp_regs_t, reserved, 5);
AT(zx_thread_state_fp_regs_t, fip, 8);
AT(zx_thread_state_fp_regs_t, fdp, 16);
AT(zx_thread_state_fp_regs_t, st, 32);
SIZE(zx_thread_state_vector_regs_t, 2120);
AT(zx_thread_state_vector_regs_t, mxcsr, 2112);
SIZE(zx_thread_state_debug_regs_t, 48);
AT(zx_thread_state_debug_regs_t, dr7, 40);

/* <zircon/syscalls/hypervisor.h> */
SIZE(zx_vcpu_state_t, 136);
AT(zx_vcpu_state_t, rflags, 128);
SIZE(zx_vcpu_io_t, 8);
AT(zx_vcpu_io_t, u8, 4);

/* <zircon/syscalls/policy.h> */
SIZE(zx_policy_basic_v1_t, 8);
AT(zx_policy_basic_v1_t, policy, 4);
SIZE(zx_policy_basic_v2_t, 12);
AT(zx_policy_basic_v2_t, flags, 8);
SIZE(zx_policy_timer_slack_t, 16);
AT(zx_policy_timer_slack_t, default_mode, 8);

/* <zircon/syscalls/clock.h> */
SIZE(zx_clock_create_args_v1_t, 8);
SIZE(zx_clock_rate_t, 8);
AT(zx_clock_rate_t, reference_ticks, 4);
SIZE(zx_clock_transformation_t, 24);
AT(zx_clock_transformation_t, rate, 16);
SIZE(zx_clock_details_v1_t, 112);
AT(zx_clock_details_v1_t, mono_to_synthetic, 40);
AT(zx_clock_details_v1_t, query_ticks, 72);
AT(zx_clock_details_v1_t, generation_counter, 104);
SIZE(zx_clock_update_args_v1_t, 24);
AT(zx_clock_update_args_v1_t, error_bound, 16);
SIZE(zx_clock_update_args_v2_t, 32);
AT(zx_clock_update_args_v2_t, error_bound, 24);

/* <zircon/syscalls/profile.h> */
SIZE(zx_profile_info_t, 96);
AT(zx_profile_info_t, cpu_affinity_mask, 32);

/* <zircon/syscalls/scheduler.h> */
SIZE(zx_sched_deadline_params_t, 24);
AT(zx_sched_deadline_params_t, period, 16);

/* <zircon/syscalls/log.h> */
SIZE(zx_log_record_t, 32);
AT(zx_log_record_t, severity, 6);
AT(zx_log_record_t, flags, 7);
AT(zx_log_record_t, pid, 16);
AT(zx_log_record_t, data, 32);

/* <zircon/syscalls/system.h> */
SIZE(zx_system_powerctl_arg_t, 12);
AT(zx_system_powerctl_arg_t, x86_power_limit.enable, 9);
SIZE(zx_cpu_performance_scale_t, 8);
AT(zx_cpu_performance_scale_t, fractional_part, 4);
SIZE(zx_cpu_performance_info_t, 12);
AT(zx_cpu_performance_info_t, performance_scale, 4);
SIZE(zx_cpu_perf_limit_t, 24);
AT(zx_cpu_perf_limit_t, max, 16);

/* <zircon/syscalls/iommu.h> */
SIZE(zx_iommu_desc_dummy_t, 1);
SIZE(zx_iommu_desc_intel_scope_t, 8);
AT(zx_iommu_desc_intel_scope_t, dev_func, 3);
SIZE(zx_iommu_desc_intel_reserved_memory_t, 24);
AT(zx_iommu_desc_intel_reserved_memory_t, _reserved, 17);
SIZE(zx_iommu_desc_intel_t, 16);
AT(zx_iommu_desc_intel_t, whole_segment, 10);
AT(zx_iommu_desc_intel_t, scope_bytes, 11);
AT(zx_iommu_desc_intel_t, _reserved, 14);
SIZE(zx_iommu_desc_arm_smmu_t, 8);

/* <zircon/syscalls/pci.h> */
SIZE(zx_pci_bar_t, 24);
AT(zx_pci_bar_t, addr, 16);
SIZE(zx_pcie_device_info_t, 12);
AT(zx_pcie_device_info_t, sub_class, 5);
AT(zx_pcie_device_info_t, func_id, 10);
SIZE(zx_pci_init_arg_t, 5896);
AT(zx_pci_init_arg_t, irqs, 4100);
AT(zx_pci_init_arg_t, addr_window_count, 5892);
AT(zx_pci_init_arg_t, addr_windows, 5896);

/* <zircon/syscalls/smc.h> */
SIZE(zx_smc_parameters_t, 64);
AT(zx_smc_parameters_t, secure_os_id, 58);
SIZE(zx_smc_result_t, 40);
AT(zx_smc_result_t, arg6, 32);

/* <zircon/syscalls/iob.h> */
SIZE(zx_iob_discipline_mediated_write_ring_buffer_t, 64);
AT(zx_iob_discipline_mediated_write_ring_buffer_t, reserved, 8);
SIZE(zx_iob_discipline_t, 72);
AT(zx_iob_discipline_t, ring_buffer, 8);
SIZE(zx_iob_region_private_t, 32);
SIZE(zx_iob_region_shared_t, 32);
AT(zx_iob_region_shared_t, shared_region, 4);
SIZE(zx_iob_region_t, 120);
AT(zx_iob_region_t, discipline, 16);
AT(zx_iob_region_t, private_region, 88);
SIZE(zx_info_iob_t, 16);
AT(zx_info_iob_t, region_count, 8);
SIZE(zx_iob_region_info_t, 128);
AT(zx_iob_region_info_t, koid, 120);

/* <zircon/syscalls/next.h> */
SIZE(zx_restricted_state_t, 160);
AT(zx_restricted_state_t, gs_base, 152);
SIZE(zx_restricted_syscall_t, 160);
SIZE(zx_restricted_exception_t, 200);
AT(zx_restricted_exception_t, exception, 160);
SIZE(zx_sampler_config_t, 24);
AT(zx_sampler_config_t, iobuffer_discipline, 16);
SIZE(zx_processor_power_level_t, 104);
AT(zx_processor_power_level_t, reserved, 72);
SIZE(zx_processor_power_level_transition_t, 24);
AT(zx_processor_power_level_transition_t, to, 17);
AT(zx_processor_power_level_transition_t, reserved, 18);
SIZE(zx_processor_power_state_t, 24);
AT(zx_processor_power_state_t, control_argument, 16);
SIZE(zx_processor_power_domain_t, 72);
AT(zx_processor_power_domain_t, domain_id, 64);
SIZE(zx_power_domain_info_t, 72);
AT(zx_power_domain_info_t, idle_power_levels, 68);
AT(zx_power_domain_info_t, active_power_levels, 69);
SIZE(zx_packet_processor_power_level_transition_request_t, 32);
AT(zx_packet_processor_power_level_transition_request_t, control_argument, 16);
AT(zx_packet_processor_power_level_transition_request_t, reserved, 24);
SIZE(zx_wake_source_report_header_t, 24);
AT(zx_wake_source_report_header_t, unreported_wake_report_entries, 20);
SIZE(zx_wake_source_report_entry_t, 72);
AT(zx_wake_source_report_entry_t, initial_signal_time, 40);
AT(zx_wake_source_report_entry_t, last_signal_time, 48);
AT(zx_wake_source_report_entry_t, flags, 68);
SIZE(zx_vmo_dirty_range_t, 24);
AT(zx_vmo_dirty_range_t, options, 16);

/* <zircon/eras.h> */
SIZE(zx_packet_exception_202002_t, 32);
AT(zx_packet_exception_202002_t, reserved1, 24);
SIZE(zx_exception_context_v2_t, 32);
AT(zx_exception_context_v2_t, synth_data, 28);
SIZE(zx_exception_report_v2_t, 40);
AT(zx_exception_report_v2_t, context, 8);
AT(zx_exception_report_v2_t, context.synth_data, 36);
SIZE(zx_log_record_202002_t, 32);
AT(zx_log_record_202002_t, flags, 6);
AT(zx_log_record_202002_t, pid, 16);
AT(zx_log_record_202002_t, data, 32);
SIZE(zx_log_record_newest_t, 40);
AT(zx_log_record_newest_t, severity, 14);
AT(zx_log_record_newest_t, flags, 15);
AT(zx_log_record_newest_t, pid, 24);
AT(zx_log_record_newest_t, data, 40);
SIZE(zx_packet_guest_vcpu_201807_t, 32);
AT(zx_packet_guest_vcpu_201807_t, reserved, 24);
AT(zx_packet_guest_vcpu_201807_t, interrupt.vector, 12);
AT(zx_packet_guest_vcpu_201807_t, startup.entry, 16);
SIZE(zx_packet_guest_vcpu_newest_t, 32);
AT(zx_packet_guest_vcpu_newest_t, reserved, 24);
AT(zx_packet_guest_vcpu_newest_t, interrupt.vector, 16);
AT(zx_packet_guest_vcpu_newest_t, startup.entry, 16);
SIZE(zx_packet_guest_mem_newest_t, 32);
AT(zx_packet_guest_mem_newest_t, default_operand_size, 25);
AT(zx_packet_guest_mem_newest_t, reserved, 26);
SIZE(zx_thread_state_general_regs_2018_t, 144);
AT(zx_thread_state_general_regs_2018_t, rflags, 136);
SIZE(zx_thread_state_debug_regs_2018_t, 64);
AT(zx_thread_state_debug_regs_2018_t, dr7, 40);
AT(zx_thread_state_debug_regs_2018_t, dr7_control, 56);
SIZE(zx_profile_scheduler_2018_t, 16);
AT(zx_profile_scheduler_2018_t, quantum, 12);
SIZE(zx_profile_info_2018_t, 20);
AT(zx_profile_info_2018_t, scheduler, 4);
SIZE(zx_pci_init_arg_201807_t, 4616);
AT(zx_pci_init_arg_201807_t, irqs, 4100);
AT(zx_pci_init_arg_201807_t, addr_window_count, 4612);
AT(zx_pci_init_arg_201807_t, addr_windows, 4616);
SIZE(zx_pci_init_arg_201812_t, 4616);
AT(zx_pci_init_arg_201812_t, irqs, 4100);
AT(zx_pci_init_arg_201812_t, addr_window_count, 4612);
AT(zx_pci_init_arg_201812_t, addr_windows, 4616);
SIZE(zx_smc_result_2018_t, 32);
AT(zx_smc_result_2018_t, arg3, 24);

/* <zircon/eras_info.h> */
SIZE(zx_info_process_v2_t, 24);
AT(zx_info_process_v2_t, flags, 16);
SIZE(zx_info_thread_2018_t, 8);
AT(zx_info_thread_2018_t, wait_exception_port_type, 4);
SIZE(zx_info_thread_stats_2018_t, 8);
SIZE(zx_info_task_stats_v2_t, 40);
AT(zx_info_task_stats_v2_t, mem_fractional_scaled_shared_bytes, 32);
SIZE(zx_info_task_runtime_v2_t, 32);
AT(zx_info_task_runtime_v2_t, lock_contention_time, 24);
SIZE(zx_info_maps_mapping_201807_t, 24);
AT(zx_info_maps_mapping_201807_t, committed_pages, 16);
SIZE(zx_info_maps_201807_t, 88);
AT(zx_info_maps_201807_t, size, 40);
AT(zx_info_maps_201807_t, u, 64);
AT(zx_info_maps_201807_t, u.mapping.committed_pages, 80);
SIZE(zx_info_maps_mapping_v2_t, 40);
AT(zx_info_maps_mapping_v2_t, populated_pages, 32);
SIZE(zx_info_maps_v2_t, 104);
AT(zx_info_maps_v2_t, size, 40);
AT(zx_info_maps_v2_t, u, 64);
AT(zx_info_maps_v2_t, u.mapping.populated_pages, 96);
SIZE(zx_info_maps_mapping_v3_t, 88);
AT(zx_info_maps_mapping_v3_t, populated_fractional_scaled_bytes, 80);
SIZE(zx_info_maps_v3_t, 152);
AT(zx_info_maps_v3_t, size, 40);
AT(zx_info_maps_v3_t, u, 64);
SIZE(zx_info_vmo_2018_t, 112);
AT(zx_info_vmo_2018_t, size_bytes, 40);
AT(zx_info_vmo_2018_t, parent_koid, 48);
AT(zx_info_vmo_2018_t, create_options, 100);
AT(zx_info_vmo_2018_t, cache_policy, 104);
SIZE(zx_info_vmo_v2_t, 120);
AT(zx_info_vmo_v2_t, size_bytes, 40);
AT(zx_info_vmo_v2_t, parent_koid, 48);
AT(zx_info_vmo_v2_t, cache_policy, 100);
AT(zx_info_vmo_v2_t, committed_change_events, 112);
SIZE(zx_info_vmo_v3_t, 128);
AT(zx_info_vmo_v3_t, size_bytes, 40);
AT(zx_info_vmo_v3_t, parent_koid, 48);
AT(zx_info_vmo_v3_t, cache_policy, 100);
AT(zx_info_vmo_v3_t, committed_change_events, 112);
AT(zx_info_vmo_v3_t, populated_bytes, 120);
SIZE(zx_info_vmo_v4_t, 176);
AT(zx_info_vmo_v4_t, size_bytes, 40);
AT(zx_info_vmo_v4_t, parent_koid, 48);
AT(zx_info_vmo_v4_t, cache_policy, 100);
AT(zx_info_vmo_v4_t, committed_change_events, 112);
AT(zx_info_vmo_v4_t, populated_fractional_scaled_bytes, 168);
SIZE(zx_info_socket_201810_t, 40);
AT(zx_info_socket_201810_t, tx_buf_size, 32);
SIZE(zx_info_timer_newest_t, 24);
AT(zx_info_timer_newest_t, slack, 16);
SIZE(zx_info_bti_2018_t, 16);
AT(zx_info_bti_2018_t, aspace_size, 8);
SIZE(zx_info_resource_201807_t, 24);
AT(zx_info_resource_201807_t, high, 16);
SIZE(zx_info_cpu_stats_newest_t, 144);
AT(zx_info_cpu_stats_newest_t, normalized_busy_time, 16);
AT(zx_info_cpu_stats_newest_t, idle_energy_consumption_nj, 136);
SIZE(zx_info_kmem_stats_201807_t, 64);
AT(zx_info_kmem_stats_201807_t, other_bytes, 56);
SIZE(zx_info_kmem_stats_v2_t, 152);
AT(zx_info_kmem_stats_v2_t, vmo_discardable_unlocked_bytes, 144);

/* Names of versions that the structures of 2020-07 also go by */
SIZE(zx_exception_context_v1_t, 24);
SIZE(zx_exception_report_v1_t, 32);
SIZE(zx_info_process_v1_t, 16);
SIZE(zx_info_task_stats_v1_t, 32);
SIZE(zx_info_task_runtime_v1_t, 16);
SIZE(zx_info_maps_v1_t, 96);
SIZE(zx_info_vmo_v1_t, 104);
SIZE(zx_info_kmem_stats_v1_t, 72);

/* Versions of topics are in the top four bits */
VALUE(ZX_INFO_VMO_V1, ZX_INFO_VMO);
VALUE(ZX_INFO_VMO_V2, 0x10000017u);
VALUE(ZX_INFO_VMO_V4, 0x30000017u);
VALUE(ZX_INFO_PROCESS_MAPS_V3, 0x2000000du);

/* Rights of new objects, 2020-07 */
VALUE(ZX_DEFAULT_BTI_RIGHTS, 0x802f);
VALUE(ZX_DEFAULT_CHANNEL_RIGHTS, 0xf00e);
VALUE(ZX_DEFAULT_CLOCK_RIGHTS, 0xc00f);
VALUE(ZX_DEFAULT_EVENTPAIR_RIGHTS, 0xf003);
VALUE(ZX_DEFAULT_EVENT_RIGHTS, 0xd003);
VALUE(ZX_DEFAULT_EXCEPTION_RIGHTS, 0x80c2);
VALUE(ZX_DEFAULT_FIFO_RIGHTS, 0xf00f);
VALUE(ZX_DEFAULT_GUEST_RIGHTS, 0x2800b);
VALUE(ZX_DEFAULT_INTERRUPT_RIGHTS, 0xd00f);
VALUE(ZX_DEFAULT_IOMMU_RIGHTS, 0x8003);
VALUE(ZX_DEFAULT_IO_MAPPING_RIGHTS, 0x8004);
VALUE(ZX_DEFAULT_JOB_RIGHTS, 0x7dfcf);
VALUE(ZX_DEFAULT_LOG_RIGHTS, 0xd00b);
VALUE(ZX_DEFAULT_MSI_RIGHTS, 0xc003);
VALUE(ZX_DEFAULT_PAGER_RIGHTS, 0x80c2);
VALUE(ZX_DEFAULT_PCI_DEVICE_RIGHTS, 0xc00f);
VALUE(ZX_DEFAULT_PCI_INTERRUPT_RIGHTS, 0xd00f);
VALUE(ZX_DEFAULT_PMT_RIGHTS, 0x8000);
VALUE(ZX_DEFAULT_PORT_RIGHTS, 0x800f);
VALUE(ZX_DEFAULT_PROCESS_RIGHTS, 0x6d3cf);
VALUE(ZX_DEFAULT_PROFILE_RIGHTS, 0x88003);
VALUE(ZX_DEFAULT_RESOURCE_RIGHTS, 0x800b);
VALUE(ZX_DEFAULT_SOCKET_RIGHTS, 0xf0cf);
VALUE(ZX_DEFAULT_STREAM_RIGHTS, 0xd0c3);
VALUE(ZX_DEFAULT_SUSPEND_TOKEN_RIGHTS, 0x8002);
VALUE(ZX_DEFAULT_SYSTEM_EVENT_LOW_MEMORY_RIGHTS, 0x4003);
VALUE(ZX_DEFAULT_THREAD_RIGHTS, 0x4d2cf);
VALUE(ZX_DEFAULT_TIMER_RIGHTS, 0xd00b);
VALUE(ZX_DEFAULT_VCPU_RIGHTS, 0xd01f);
VALUE(ZX_DEFAULT_VMAR_RIGHTS, 0x8003);
VALUE(ZX_DEFAULT_VMO_RIGHTS, 0xd0ef);

/* Rights of new objects, other years */
VALUE(ZX_DEFAULT_CHANNEL_RIGHTS_201810, 0xf0ce);
VALUE(ZX_DEFAULT_EVENTPAIR_RIGHTS_201810, 0xf00f);
VALUE(ZX_DEFAULT_EVENT_RIGHTS_201810, 0xd00f);
VALUE(ZX_DEFAULT_GUEST_RIGHTS_201807, 0xc00b);
VALUE(ZX_DEFAULT_INTERRUPT_RIGHTS_201810, 0xc00e);
VALUE(ZX_DEFAULT_IRQ_RIGHTS_201810, 0xd00f);
VALUE(ZX_DEFAULT_JOB_RIGHTS_2018, 0x3dfcf);
VALUE(ZX_DEFAULT_JOB_RIGHTS_201810, 0x1dfcf);
VALUE(ZX_DEFAULT_PAGER_RIGHTS_2018, 0x81c2);
VALUE(ZX_DEFAULT_PROCESS_RIGHTS_201810, 0x2d3cf);
VALUE(ZX_DEFAULT_RESOURCE_RIGHTS_201807, 0xd00f);
VALUE(ZX_DEFAULT_SOCKET_RIGHTS_201807, 0xf04f);
VALUE(ZX_DEFAULT_SUSPEND_TOKEN_RIGHTS_201807, 0x2);
VALUE(ZX_DEFAULT_TIMERS_RIGHTS_201810, 0xd00f);
VALUE(ZX_DEFAULT_VMO_RIGHTS_2018, 0xd0ff);
VALUE(ZX_DEFAULT_GUEST_RIGHTS_NEWEST, 0x4800b);
VALUE(ZX_DEFAULT_SOCKET_RIGHTS_NEWEST, 0x10f0cf);
VALUE(ZX_DEFAULT_VMAR_RIGHTS_NEWEST, 0x208003);
VALUE(ZX_DEFAULT_BTI_RIGHTS_NEWEST, 0x80ef);
VALUE(ZX_DEFAULT_PAGER_RIGHTS_NEWEST, 0x1808002);
VALUE(ZX_DEFAULT_CLOCK_RIGHTS_NEWEST, 0xd0cf);
