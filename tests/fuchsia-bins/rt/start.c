/* From the entry point to main() and the end of the process. */
#include "rt.h"

int main(int argc, char **argv);

/* Initialisers of static objects, which C++ has; the linker gives the bounds. */
typedef void (*rt_initialiser)(void);
extern const rt_initialiser __init_array_start[], __init_array_end[];

_Noreturn void rt_start(zx_handle_t bootstrap, const void *vdso)
{
	zx_status_t status;

	rt_boot.vdso = vdso;
	status = rt_boot__read(bootstrap);
	zx_handle_close(bootstrap);
	if (status != ZX_OK) {
		rt_print_error("bad bootstrap message (%d)\n", status);
		zx_process_exit(RT_EXIT_BOOTSTRAP);
	}
	for (const rt_initialiser *run = __init_array_start; run < __init_array_end; run++)
		(*run)();
	zx_process_exit(main(rt_boot.argc, rt_boot.argv));
}

zx_koid_t rt_koid(zx_handle_t handle)
{
	zx_info_handle_basic_t info;
	zx_status_t status;

	status = zx_object_get_info(handle, ZX_INFO_HANDLE_BASIC, &info, sizeof(info), NULL, NULL);
	return status == ZX_OK ? info.koid : ZX_KOID_INVALID;
}
