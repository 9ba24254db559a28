/* What processor a guest finds: the machine's, less what Zircon does not show to guests. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "compat/host/kvm.h"

#define ENTRIES 256u

#define LEAF_FEATURES 1u
#define LEAF_MONITOR 5u
#define LEAF_THERMAL 6u
#define LEAF_EXTENDED_FEATURES 7u
#define LEAF_PERFORMANCE 0xau
#define LEAF_TOPOLOGY 0xbu
#define LEAF_XSAVE 0xdu
#define LEAF_HYPERVISOR 0x40000000u
#define LEAF_KVM_FEATURES 0x40000001u
#define LEAF_AMD_FEATURES 0x80000001u

#define FEATURES_ECX_OFF                                                                           \
	(1u << 3 /* MONITOR */ | 1u << 5 /* VMX */ | 1u << 8 /* TM2 */ | 1u << 15 /* PDCM */)
#define FEATURES_ECX_ON (1u << 21 /* x2APIC */ | 1u << 31 /* runs as a guest */)
#define FEATURES_EDX_OFF (1u << 22 /* ACPI thermal */ | 1u << 29 /* TM */)
#define FEATURES_EDX_ON (1u << 11 /* SYSENTER */)
#define THERMAL_EAX_OFF                                                                            \
	(1u << 0 /* DTS */ | 1u << 6 /* PTM */ | 0xfu << 7 /* HWP */)
#define THERMAL_ECX_OFF (1u << 0 /* MPERF and APERF */ | 1u << 3 /* energy bias */)
#define EXTENDED_EBX_OFF (1u << 25 /* processor trace */)
#define EXTENDED_EDX_OFF                                                                           \
	(1u << 26 /* IBRS, IBPB */ | 1u << 27 /* STIBP */ | 1u << 31 /* SSBD */)
#define XSAVE_EAX_OFF (1u << 3 /* XSAVES */)
/* The clock, by both numbers of its MSRs, and no delays for I/O. */
#define KVM_FEATURES_ON (1u << 0 | 1u << 1 | 1u << 3)
#define NO_PERFORMANCE_EVENTS 0x7fu
/* They are there in any case: see kvm_pages.c. */
#define GIB_PAGES (1u << 26)

static void adjust(struct kvm_cpuid_entry2 *entry, uint32_t id)
{
	switch (entry->function) {
	case LEAF_FEATURES:
		entry->ebx = (entry->ebx & 0xffffff) | id << 24;
		entry->ecx = (entry->ecx & ~FEATURES_ECX_OFF) | FEATURES_ECX_ON;
		entry->edx = (entry->edx & ~FEATURES_EDX_OFF) | FEATURES_EDX_ON;
		break;
	case LEAF_MONITOR:
		entry->eax = entry->ebx = entry->ecx = entry->edx = 0;
		break;
	case LEAF_THERMAL:
		entry->eax &= ~THERMAL_EAX_OFF;
		entry->ecx &= ~THERMAL_ECX_OFF;
		break;
	case LEAF_EXTENDED_FEATURES:
		if (entry->index)
			break;
		entry->ebx &= ~EXTENDED_EBX_OFF;
		entry->edx &= ~EXTENDED_EDX_OFF;
		break;
	case LEAF_PERFORMANCE:
		entry->eax = entry->ecx = entry->edx = 0;
		entry->ebx = NO_PERFORMANCE_EVENTS;
		break;
	case LEAF_TOPOLOGY:
		entry->edx = id;
		break;
	case LEAF_XSAVE:
		if (entry->index == 1)
			entry->eax &= ~XSAVE_EAX_OFF;
		break;
	case LEAF_HYPERVISOR:
		entry->eax = LEAF_KVM_FEATURES;
		memcpy(&entry->ebx, "KVMK", 4);
		memcpy(&entry->ecx, "VMKV", 4);
		memcpy(&entry->edx, "M\0\0", 4);
		break;
	case LEAF_KVM_FEATURES:
		entry->eax = KVM_FEATURES_ON;
		entry->ebx = entry->ecx = entry->edx = 0;
		break;
	case LEAF_AMD_FEATURES:
		entry->edx |= GIB_PAGES;
		break;
	default:
		break;
	}
}

static bool find_gib_pages(const struct kvm_cpuid2 *cpuid)
{
	for (uint32_t i = 0; i < cpuid->nent; i++) {
		if (cpuid->entries[i].function == LEAF_AMD_FEATURES)
			return cpuid->entries[i].edx & GIB_PAGES;
	}
	return false;
}

static bool gib_pages;

bool kvm__has_gib_pages(void)
{
	return __atomic_load_n(&gib_pages, __ATOMIC_RELAXED);
}

int kvm_vcpu__set_cpuid(struct kvm_vcpu *vcpu, uint32_t id)
{
	struct kvm_cpuid2 *cpuid = calloc(1, sizeof(*cpuid) + ENTRIES * sizeof(cpuid->entries[0]));
	int error;

	if (!cpuid)
		return -ENOMEM;
	cpuid->nent = ENTRIES;
	error = kvm__supported_cpuid(cpuid);
	if (!error)
		__atomic_store_n(&gib_pages, find_gib_pages(cpuid), __ATOMIC_RELAXED);
	for (uint32_t i = 0; !error && i < cpuid->nent; i++)
		adjust(&cpuid->entries[i], id);
	if (!error && ioctl(vcpu->fd, KVM_SET_CPUID2, cpuid) < 0)
		error = -errno;
	free(cpuid);
	return error;
}
