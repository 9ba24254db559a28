/* Memory access of devices, ports, firmware, framebuffer, message-signaled interrupts. */
#include "device.h"

static uint64_t data[8];

static zx_status_t create_iommu(zx_handle_t resource)
{
	zx_handle_t out;

	return zx_iommu_create(resource, 0, data, 1, &out);
}

static zx_status_t create_bti(zx_handle_t iommu, uint32_t options)
{
	zx_handle_t out;

	return zx_bti_create(iommu, options, 0, &out);
}

static zx_status_t pin(zx_handle_t bti)
{
	zx_paddr_t address;
	zx_handle_t pmt;

	return zx_bti_pin(bti, ZX_BTI_PERM_READ, make_vmo(RT_PAGE_SIZE), 0, RT_PAGE_SIZE, &address, 1,
			  &pmt);
}

static zx_status_t call_monitor(zx_handle_t resource)
{
	zx_smc_parameters_t parameters = { 0 };
	zx_smc_result_t result;

	return zx_smc_call(resource, &parameters, &result);
}

static zx_status_t find_tables(zx_handle_t resource)
{
	zx_paddr_t acpi, smbios;

	return zx_pc_firmware_tables(resource, &acpi, &smbios);
}

static zx_status_t get_framebuffer(zx_handle_t resource)
{
	uint32_t format, width, height, stride;

	return zx_framebuffer_get_info(resource, &format, &width, &height, &stride);
}

static zx_status_t allocate_msi(zx_handle_t resource)
{
	zx_handle_t out;

	return zx_msi_allocate(resource, 1, &out);
}

static zx_status_t create_msi(zx_handle_t allocation)
{
	zx_handle_t out;

	return zx_msi_create(allocation, 0, 0, make_vmo(RT_PAGE_SIZE), 0, &out);
}

CHECK_REFUSED(iommu_create, resource, create_iommu(h))
CHECK_REFUSED(bti_create, iommu, create_bti(h, 0))
CHECK_REFUSED(bti_pin, handle, pin(h))
CHECK_REFUSED(bti_release_quarantine, handle, zx_bti_release_quarantine(h))
CHECK_HANDLE_VALID(pmt_unpin, handle, zx_pmt_unpin(h))
CHECK_REFUSED(ioports_request, resource, zx_ioports_request(h, 0x80, 1))
CHECK_REFUSED(ioports_release, resource, zx_ioports_release(h, 0x80, 1))
CHECK_REFUSED(pc_firmware_tables, handle, find_tables(h))
CHECK_REFUSED(framebuffer_get_info, resource, get_framebuffer(h))
CHECK_REFUSED(framebuffer_set_range, resource,
	      zx_framebuffer_set_range(h, ZX_HANDLE_INVALID, 0, 0, 0, 0, 0))
CHECK_REFUSED(msi_allocate, handle, allocate_msi(h))
CHECK_REFUSED(msi_create, handle, create_msi(h))
CHECK_LACKING(smc_call, call_monitor(ZX_HANDLE_INVALID), "")

CHECK_ERROR(bti_create, ZX_ERR_INVALID_ARGS, options, .line = "options")
{
	EXPECT_STATUS(create_bti(ZX_HANDLE_INVALID, 1), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(create_bti(make_event(), 1), ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(pmt_unpin, ZX_ERR_WRONG_TYPE, takes_the_handle)
{
	zx_handle_t event = make_event();

	EXPECT_STATUS(zx_pmt_unpin(event), ZX_ERR_WRONG_TYPE);
	EXPECT(!is_valid(event));
}
