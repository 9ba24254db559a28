/* Model-specific registers that are not simply the machine's: what Zircon shows there. */
#include "compat/core/core.h"
#include "compat/core/vcpu.h"

/* The local APIC, where it always is, in its x2APIC mode; the first processor is told by a bit. */
#define APIC_BASE 0xfee00c00ull
#define APIC_BASE_FIRST 0x100ull

#define MSR_PLATFORM_ID 0x17u
#define MSR_APIC_BASE 0x1bu
#define MSR_SPEC_CTRL 0x48u
#define MSR_PRED_CMD 0x49u
#define MSR_BIOS_SIGN_ID 0x8bu
#define MSR_MTRRCAP 0xfeu
#define MSR_MCG_CAP 0x179u
#define MSR_MCG_STATUS 0x17au
#define MSR_MISC_ENABLE 0x1a0u
#define MSR_TEMPERATURE_TARGET 0x1a2u
#define MSR_MTRR_PHYSBASE0 0x200u
#define MSR_MTRR_PHYSMASK9 0x213u
#define MSR_MTRR_FIX64K 0x250u
#define MSR_MTRR_FIX16K_0 0x258u
#define MSR_MTRR_FIX16K_1 0x259u
#define MSR_MTRR_FIX4K_0 0x268u
#define MSR_MTRR_FIX4K_7 0x26fu
#define MSR_MTRR_DEF_TYPE 0x2ffu
#define MSR_RAPL_POWER_UNIT 0x606u
#define MSR_PKG_ENERGY_STATUS 0x611u
#define MSR_DRAM_POWER_LIMIT 0x618u
#define MSR_DRAM_ENERGY_STATUS 0x619u
#define MSR_PP0_POWER_LIMIT 0x638u
#define MSR_PP0_ENERGY_STATUS 0x639u
#define MSR_PP1_POWER_LIMIT 0x640u
#define MSR_PP1_ENERGY_STATUS 0x641u
#define MSR_PLATFORM_ENERGY_COUNTER 0x64du
#define MSR_PLATFORM_POWER_LIMIT 0x65cu
#define MSR_TSC_DEADLINE 0x6e0u
#define MSR_X2APIC_FIRST 0x800u
#define MSR_X2APIC_LAST 0x83fu
#define MSR_CSTAR 0xc0000083u

#define MISC_ENABLE_FAST_STRINGS 1u

/* Memory types, which do not matter for a guest. */
static bool is_mtrr(uint32_t msr)
{
	return msr == MSR_MTRRCAP || msr == MSR_MTRR_DEF_TYPE || msr == MSR_MTRR_FIX64K ||
	       msr == MSR_MTRR_FIX16K_0 || msr == MSR_MTRR_FIX16K_1 ||
	       (msr >= MSR_MTRR_FIX4K_0 && msr <= MSR_MTRR_FIX4K_7) ||
	       (msr >= MSR_MTRR_PHYSBASE0 && msr <= MSR_MTRR_PHYSMASK9);
}

static bool is_power_limit(uint32_t msr)
{
	return msr == MSR_DRAM_POWER_LIMIT || msr == MSR_PP0_POWER_LIMIT ||
	       msr == MSR_PP1_POWER_LIMIT || msr == MSR_PLATFORM_POWER_LIMIT;
}

/* Those that read as 0: nothing is known of temperatures, energy, checks and microcode. */
static bool reads_zero(uint32_t msr)
{
	switch (msr) {
	case MSR_PLATFORM_ID:
	case MSR_BIOS_SIGN_ID:
	case MSR_MCG_CAP:
	case MSR_MCG_STATUS:
	case MSR_TEMPERATURE_TARGET:
	case MSR_RAPL_POWER_UNIT:
	case MSR_PKG_ENERGY_STATUS:
	case MSR_DRAM_ENERGY_STATUS:
	case MSR_PP0_ENERGY_STATUS:
	case MSR_PP1_ENERGY_STATUS:
	case MSR_PLATFORM_ENERGY_COUNTER:
		return true;
	default:
		return is_mtrr(msr) || is_power_limit(msr);
	}
}

static bool ignores_writes(uint32_t msr)
{
	return is_mtrr(msr) || is_power_limit(msr) || msr == MSR_BIOS_SIGN_ID ||
	       msr == MSR_SPEC_CTRL || msr == MSR_PRED_CMD || msr == MSR_CSTAR;
}

zx_status_t vcpu__read_msr(struct vcpu *vcpu, uint32_t msr)
{
	if (msr >= MSR_X2APIC_FIRST && msr <= MSR_X2APIC_LAST)
		return vcpu_apic__read(vcpu, msr);
	if (msr == MSR_APIC_BASE)
		core_host.vcpu_answer(vcpu->host, APIC_BASE | (vcpu->id ? 0 : APIC_BASE_FIRST));
	else if (msr == MSR_MISC_ENABLE)
		core_host.vcpu_answer(vcpu->host, MISC_ENABLE_FAST_STRINGS);
	else if (reads_zero(msr))
		core_host.vcpu_answer(vcpu->host, 0);
	else
		core_host.vcpu_refuse(vcpu->host);
	return ZX_OK;
}

zx_status_t vcpu__write_msr(struct thread *self, struct vcpu *vcpu, uint32_t msr, uint64_t value,
			    zx_port_packet_t *packet)
{
	if (msr >= MSR_X2APIC_FIRST && msr <= MSR_X2APIC_LAST)
		return vcpu_apic__write(self, vcpu, msr, value, packet);
	if (msr == MSR_TSC_DEADLINE)
		return vcpu_apic__set_tsc_deadline(vcpu, value);
	if (msr == MSR_APIC_BASE) {
		if ((value & ~APIC_BASE_FIRST) == APIC_BASE)
			return ZX_OK;
		core_host.vcpu_note(vcpu->host, "a wrong base for the local APIC", value);
		return ZX_ERR_INVALID_ARGS;
	}
	if (!ignores_writes(msr))
		core_host.vcpu_refuse(vcpu->host);
	return ZX_OK;
}
