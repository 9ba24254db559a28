/*
 * Reads the first byte behind the root VMAR, where on Zircon nothing is mapped for a program, and
 * whoever runs the program elsewhere may keep what is his.
 */
#include "rt.h"

int main(int argc, char **argv)
{
	zx_info_vmar_t info;
	zx_status_t status;
	volatile uint8_t *beyond;

	(void)argc;
	(void)argv;
	status = zx_object_get_info(rt_boot.root_vmar, ZX_INFO_VMAR, &info, sizeof(info), NULL,
				    NULL);
	if (status != ZX_OK) {
		rt_print("FAIL: the root VMAR's place is not known (%d)\n", status);
		return 1;
	}
	rt_print("about to read behind 0x%llx\n", (unsigned long long)(info.base + info.len));
	beyond = (volatile uint8_t *)(info.base + info.len);
	rt_print("FAIL: read %u\n", *beyond);
	return 1;
}
