/*
 * The PCI bus. A kernel without a PCI driver has none of these calls; one that has the driver looks
 * at the handle first, which is all that a program without devices sees of it.
 */
#include "device.h"

static uint32_t value;
static zx_handle_t out;

static zx_status_t get_device(zx_handle_t resource)
{
	zx_pcie_device_info_t info;

	return zx_pci_get_nth_device(resource, 0, &info, &out);
}

static zx_status_t get_bar(zx_handle_t device)
{
	zx_pci_bar_t bar;

	return zx_pci_get_bar(device, 0, &bar, &out);
}

#define CHECK_DEVICE(call, expression) CHECK_LACKING(call, expression, "no PCI driver")

CHECK_DEVICE(pci_enable_bus_master, zx_pci_enable_bus_master(closed_handle(), true))
CHECK_DEVICE(pci_reset_device, zx_pci_reset_device(closed_handle()))
CHECK_DEVICE(pci_config_read, zx_pci_config_read(closed_handle(), 0, 4, &value))
CHECK_DEVICE(pci_config_write, zx_pci_config_write(closed_handle(), 64, 4, 0))
CHECK_DEVICE(pci_get_bar, get_bar(closed_handle()))
CHECK_DEVICE(pci_map_interrupt, zx_pci_map_interrupt(closed_handle(), 0, &out))
CHECK_DEVICE(pci_query_irq_mode, zx_pci_query_irq_mode(closed_handle(), 0, &value))
CHECK_DEVICE(pci_set_irq_mode, zx_pci_set_irq_mode(closed_handle(), 0, 1))

/* Whether the kernel has a driver or not was open from 2018 on. */
static zx_status_t unless_lacking(zx_status_t status)
{
	if (status == ZX_ERR_NOT_SUPPORTED)
		skip("the kernel has no PCI driver");
	return status;
}

CHECK_REFUSED(pci_get_nth_device, handle, unless_lacking(get_device(h)))
CHECK_REFUSED(pci_init, handle,
	      unless_lacking(zx_pci_init(h, BAD_POINTER, sizeof(zx_pci_init_arg_t))))
CHECK_REFUSED(pci_add_subtract_io_range, handle,
	      unless_lacking(zx_pci_add_subtract_io_range(h, 1, 0, 4096, 1)))
CHECK_REFUSED(pci_cfg_pio_rw, handle,
	      unless_lacking(zx_pci_cfg_pio_rw(h, 0, 0, 0, 0, &value, 4, 0)))
