/* Structures of other calls, of which an argument tells the kind: registers, policies, clocks. */
#include <zircon/eras.h>
#include <zircon/syscalls/clock.h>
#include <zircon/syscalls/debug.h>
#include <zircon/syscalls/hypervisor.h>
#include <zircon/syscalls/policy.h>

#include "compat/host/trace_layout_rows.h"

#define REGISTER(type, name) MEMBER(type, name, ADDRESS, NULL)

MEMBERS(address) = { VALUE(8, ADDRESS, NULL), END };
MEMBERS(number) = { VALUE(4, UNSIGNED, NULL), END };

/* --- Registers of threads and of virtual CPUs --- */

/* In 2018 they ended before the bases. */
MEMBERS(general_regs) = {
	REGISTER(zx_thread_state_general_regs_t, rax),
	REGISTER(zx_thread_state_general_regs_t, rbx),
	REGISTER(zx_thread_state_general_regs_t, rcx),
	REGISTER(zx_thread_state_general_regs_t, rdx),
	REGISTER(zx_thread_state_general_regs_t, rsi),
	REGISTER(zx_thread_state_general_regs_t, rdi),
	REGISTER(zx_thread_state_general_regs_t, rbp),
	REGISTER(zx_thread_state_general_regs_t, rsp),
	REGISTER(zx_thread_state_general_regs_t, r8),
	REGISTER(zx_thread_state_general_regs_t, r9),
	REGISTER(zx_thread_state_general_regs_t, r10),
	REGISTER(zx_thread_state_general_regs_t, r11),
	REGISTER(zx_thread_state_general_regs_t, r12),
	REGISTER(zx_thread_state_general_regs_t, r13),
	REGISTER(zx_thread_state_general_regs_t, r14),
	REGISTER(zx_thread_state_general_regs_t, r15),
	REGISTER(zx_thread_state_general_regs_t, rip),
	REGISTER(zx_thread_state_general_regs_t, rflags),
	REGISTER(zx_thread_state_general_regs_t, fs_base),
	REGISTER(zx_thread_state_general_regs_t, gs_base),
	END,
};

MEMBERS(fp_regs) = {
	REGISTER(zx_thread_state_fp_regs_t, fcw),
	REGISTER(zx_thread_state_fp_regs_t, fsw),
	REGISTER(zx_thread_state_fp_regs_t, ftw),
	REGISTER(zx_thread_state_fp_regs_t, fop),
	REGISTER(zx_thread_state_fp_regs_t, fip),
	REGISTER(zx_thread_state_fp_regs_t, fdp),
	END,
};

MEMBERS(debug_regs) = {
	AS("dr0", zx_thread_state_debug_regs_t, dr[0], ADDRESS, NULL),
	AS("dr1", zx_thread_state_debug_regs_t, dr[1], ADDRESS, NULL),
	AS("dr2", zx_thread_state_debug_regs_t, dr[2], ADDRESS, NULL),
	AS("dr3", zx_thread_state_debug_regs_t, dr[3], ADDRESS, NULL),
	REGISTER(zx_thread_state_debug_regs_t, dr6),
	REGISTER(zx_thread_state_debug_regs_t, dr7),
	END,
};

const struct trace_layout trace_thread_states[] = {
	ONE(ZX_THREAD_STATE_GENERAL_REGS, sizeof(zx_thread_state_general_regs_2018_t),
	    general_regs),
	ONE(ZX_THREAD_STATE_FP_REGS, offsetof(zx_thread_state_fp_regs_t, st), fp_regs),
	DATED_ONE(ZX_THREAD_STATE_DEBUG_REGS, ZXERA_2018_10, ZXERA_NEWEST,
		  sizeof(zx_thread_state_debug_regs_t), debug_regs),
	DATED_ONE(ZX_THREAD_STATE_SINGLE_STEP, ZXERA_2018_10, ZXERA_NEWEST, 4, number),
	DATED_ONE(ZX_THREAD_X86_REGISTER_FS, ZXERA_2018_10, ZXERA_NEWEST, 8, address),
	DATED_ONE(ZX_THREAD_X86_REGISTER_GS, ZXERA_2018_10, ZXERA_NEWEST, 8, address),
	DATED_ONE(ZX_THREAD_STATE_SINGLE_STEP_201807, ZXERA_2018_07, ZXERA_2018_07, 4, number),
	DATED_ONE(ZX_THREAD_X86_REGISTER_FS_201807, ZXERA_2018_07, ZXERA_2018_07, 8, address),
	DATED_ONE(ZX_THREAD_X86_REGISTER_GS_201807, ZXERA_2018_07, ZXERA_2018_07, 8, address),
	END,
};

MEMBERS(vcpu_regs) = {
	REGISTER(zx_vcpu_state_t, rax),
	REGISTER(zx_vcpu_state_t, rcx),
	REGISTER(zx_vcpu_state_t, rdx),
	REGISTER(zx_vcpu_state_t, rbx),
	REGISTER(zx_vcpu_state_t, rsp),
	REGISTER(zx_vcpu_state_t, rbp),
	REGISTER(zx_vcpu_state_t, rsi),
	REGISTER(zx_vcpu_state_t, rdi),
	REGISTER(zx_vcpu_state_t, r8),
	REGISTER(zx_vcpu_state_t, r9),
	REGISTER(zx_vcpu_state_t, r10),
	REGISTER(zx_vcpu_state_t, r11),
	REGISTER(zx_vcpu_state_t, r12),
	REGISTER(zx_vcpu_state_t, r13),
	REGISTER(zx_vcpu_state_t, r14),
	REGISTER(zx_vcpu_state_t, r15),
	REGISTER(zx_vcpu_state_t, rflags),
	END,
};

MEMBERS(vcpu_io) = {
	MEMBER(zx_vcpu_io_t, access_size, UNSIGNED, NULL),
	AS("data", zx_vcpu_io_t, u32, ADDRESS, NULL),
	END,
};

const struct trace_layout trace_vcpu_states[] = {
	ONE(ZX_VCPU_STATE, sizeof(zx_vcpu_state_t), vcpu_regs),
	ONE(ZX_VCPU_IO, sizeof(zx_vcpu_io_t), vcpu_io),
	END,
};

/* --- Policies of jobs --- */

MEMBERS(basic_v1) = {
	MEMBER(zx_policy_basic_v1_t, condition, ONE, "policy_condition"),
	MEMBER(zx_policy_basic_v1_t, policy, ONE, "policy_action"),
	END,
};

MEMBERS(basic_v2) = {
	MEMBER(zx_policy_basic_v2_t, condition, ONE, "policy_condition"),
	MEMBER(zx_policy_basic_v2_t, action, ONE, "policy_action"),
	MEMBER(zx_policy_basic_v2_t, flags, ONE, "policy_override"),
	END,
};

/* There is one, whatever the call says of their number. */
MEMBERS(timer_slack) = {
	MEMBER(zx_policy_timer_slack_t, min_slack, DURATION, NULL),
	MEMBER(zx_policy_timer_slack_t, default_mode, ONE, "timer_slack"),
	END,
};

const struct trace_layout trace_policies[] = {
	MANY(ZX_JOB_POL_BASIC_V1, sizeof(zx_policy_basic_v1_t), basic_v1),
	MANY(ZX_JOB_POL_BASIC_V2, sizeof(zx_policy_basic_v2_t), basic_v2),
	ONE(ZX_JOB_POL_TIMER_SLACK, sizeof(zx_policy_timer_slack_t), timer_slack),
	END,
};

/* --- Clocks, by the version of the arguments --- */

MEMBERS(create_args) = { MEMBER(zx_clock_create_args_v1_t, backstop_time, SIGNED, NULL), END };

const struct trace_layout trace_clock_create_args[] = {
	ONE(1, 0, create_args),
	END,
};

MEMBERS(update_args_v1) = {
	MEMBER(zx_clock_update_args_v1_t, rate_adjust, SIGNED, NULL),
	MEMBER(zx_clock_update_args_v1_t, value, SIGNED, NULL),
	MEMBER(zx_clock_update_args_v1_t, error_bound, UNSIGNED, NULL),
	END,
};

MEMBERS(update_args_v2) = {
	MEMBER(zx_clock_update_args_v2_t, rate_adjust, SIGNED, NULL),
	MEMBER(zx_clock_update_args_v2_t, synthetic_value, SIGNED, NULL),
	MEMBER(zx_clock_update_args_v2_t, reference_value, SIGNED, NULL),
	MEMBER(zx_clock_update_args_v2_t, error_bound, UNSIGNED, NULL),
	END,
};

const struct trace_layout trace_clock_update_args[] = {
	ONE(1, 0, update_args_v1),
	ONE(2, 0, update_args_v2),
	END,
};

/* The lines' own numbers say little to a reader. */
MEMBERS(details) = {
	MEMBER(zx_clock_details_v1_t, options, BITS, "clock_create"),
	MEMBER(zx_clock_details_v1_t, backstop_time, SIGNED, NULL),
	MEMBER(zx_clock_details_v1_t, error_bound, UNSIGNED, NULL),
	MEMBER(zx_clock_details_v1_t, query_ticks, SIGNED, NULL),
	MEMBER(zx_clock_details_v1_t, generation_counter, UNSIGNED, NULL),
	END,
};

const struct trace_layout trace_clock_details[] = {
	ONE(1, 0, details),
	END,
};
