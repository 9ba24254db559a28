/* What all program processes are told about the machine. */
#include <cpuid.h>
#include <elf.h>
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/sysinfo.h>
#include <time.h>
#include <unistd.h>
#include <zircon/features.h>
#include <zxrun/version.h>

#include "compat/host/host.h"

/* A wait spins for at most this long before it sleeps. */
#define SPIN_NS 20000

static struct zxabi_boot common;
static bool several_cpus;

/*
 * The offset of clock_gettime in Linux's vDSO, from the first of its pages; 0 where there is
 * none.
 */
static uint64_t find_clock_gettime(const char *vdso)
{
	const Elf64_Ehdr *ehdr = (const void *)vdso;
	const Elf64_Phdr *phdr = (const void *)(vdso + ehdr->e_phoff);
	const Elf64_Sym *symbols = NULL;
	const char *strings = NULL;
	const uint32_t *hash = NULL;
	const Elf64_Dyn *dyn = NULL;

	for (int i = 0; i < ehdr->e_phnum; i++) {
		if (phdr[i].p_type == PT_DYNAMIC)
			dyn = (const void *)(vdso + phdr[i].p_offset);
	}
	for (; dyn && dyn->d_tag != DT_NULL; dyn++) {
		const char *at = vdso + dyn->d_un.d_ptr;

		if (dyn->d_tag == DT_SYMTAB)
			symbols = (const void *)at;
		else if (dyn->d_tag == DT_STRTAB)
			strings = at;
		else if (dyn->d_tag == DT_HASH)
			hash = (const void *)at;
	}
	if (!symbols || !strings || !hash)
		return 0;
	for (uint32_t i = 0; i < hash[1]; i++) {
		if (!strcmp(strings + symbols[i].st_name, "__vdso_clock_gettime"))
			return symbols[i].st_value;
	}
	return 0;
}

static uint64_t spin_cycles(void)
{
	/* A rough rate is enough: the time to sleep is no promise. */
	zx_time_t begin = host__monotonic();
	uint64_t tsc = __builtin_ia32_rdtsc();
	zx_time_t end;

	do {
		end = host__monotonic();
	} while (end - begin < SPIN_NS);
	return (__builtin_ia32_rdtsc() - tsc) * SPIN_NS / (uint64_t)(end - begin);
}

int host__boot_init(void)
{
	const char *vdso = (const char *)getauxval(AT_SYSINFO_EHDR);
	struct sysinfo info;
	unsigned int eax, ebx, ecx, edx;
	cpu_set_t cpus;

	/* Without FSGSBASE the shim could not find a thread's slot. */
	if (!(getauxval(AT_HWCAP2) & 2))
		return -EOPNOTSUPP;
	common.supervisor_pid = (uint32_t)getpid();
	common.num_cpus = (uint32_t)sysconf(_SC_NPROCESSORS_ONLN);
	if (!sysinfo(&info))
		common.physmem = (uint64_t)info.totalram * info.mem_unit;
	common.spin_cycles = spin_cycles();
	several_cpus = sched_getaffinity(0, sizeof(cpus), &cpus) || CPU_COUNT(&cpus) > 1;
	__cpuid(1, eax, ebx, ecx, edx);
	common.dcache_line = (ebx >> 8 & 0xff) * 8;
	common.features[ZX_FEATURE_KIND_CPU] = ZX_HAS_CPU_FEATURES;
	if (vdso)
		common.clock_gettime = find_clock_gettime(vdso);
	memcpy(common.version, ZXRUN_VERSION, sizeof(ZXRUN_VERSION));
	return host__filter_build(common.filter, ZXABI_FILTER_MAX, &common.filter_count);
}

uint64_t host__spin_cycles(void)
{
	return common.spin_cycles;
}

bool host__several_cpus(void)
{
	return several_cpus;
}

struct remap {
	uint16_t base;
	uint16_t variant;
	uint16_t first;
	uint16_t last;
};

void host__boot_fill(struct zxabi_boot *boot, uint32_t era)
{
	static const struct remap remaps[] = {
#define ROW(base, variant, first, last) { base, variant, first, last },
		ZXABI_VARIANTS(ROW)
#undef ROW
	};

	*boot = common;
	boot->era = era;
	for (uint16_t nr = 0; nr < ZXCALL_COUNT; nr++)
		boot->remap[nr] = nr;
	for (size_t i = 0; i < sizeof(remaps) / sizeof(remaps[0]); i++) {
		if (era >= remaps[i].first && era <= remaps[i].last)
			boot->remap[remaps[i].base] = remaps[i].variant;
	}
}
