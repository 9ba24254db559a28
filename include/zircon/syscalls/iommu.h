/* Descriptions of IOMMUs for zx_iommu_create. */
#ifndef ZIRCON_SYSCALLS_IOMMU_H_
#define ZIRCON_SYSCALLS_IOMMU_H_

#include <stdbool.h>
#include <stdint.h>
#include <zircon/compiler.h>

__BEGIN_CDECLS

#define ZX_IOMMU_MAX_DESC_LEN		4096	/* bytes */

/* type */
#define ZX_IOMMU_TYPE_DUMMY		0
#define ZX_IOMMU_TYPE_STUB		0	/* newest name of DUMMY */
#define ZX_IOMMU_TYPE_INTEL		1
#define ZX_IOMMU_TYPE_ARM_SMMU		2	/* newest */

typedef struct zx_iommu_desc_dummy {
	uint8_t reserved;
} zx_iommu_desc_dummy_t;

typedef zx_iommu_desc_dummy_t zx_iommu_desc_stub_t;

/* zx_iommu_desc_intel_scope_t.type */
#define ZX_IOMMU_INTEL_SCOPE_ENDPOINT	0	/* one PCI device */
#define ZX_IOMMU_INTEL_SCOPE_BRIDGE	1	/* a bridge and all behind it */

typedef struct zx_iommu_desc_intel_scope {
	uint8_t type;
	uint8_t start_bus;
	uint8_t num_hops;
	uint8_t dev_func[5];	/* of each hop on the way from start_bus */
} zx_iommu_desc_intel_scope_t;

/* Followed by its scopes: the devices that use this memory */
typedef struct zx_iommu_desc_intel_reserved_memory {
	uint64_t base_addr;
	uint64_t len;		/* bytes */
	uint8_t scope_bytes;	/* of the scopes that follow */
	uint8_t _reserved[7];
} zx_iommu_desc_intel_reserved_memory_t;

/* Followed by its scopes, then by its reserved memory */
typedef struct zx_iommu_desc_intel {
	uint64_t register_base;
	uint16_t pci_segment;
	bool whole_segment;	/* the scopes are the devices left out, not those taken in */
	uint8_t scope_bytes;
	uint16_t reserved_memory_bytes;
	uint8_t _reserved[2];
} zx_iommu_desc_intel_t;

typedef struct zx_iommu_desc_arm_smmu {
	uint64_t register_base;
} zx_iommu_desc_arm_smmu_t;

__END_CDECLS

#endif /* ZIRCON_SYSCALLS_IOMMU_H_ */
