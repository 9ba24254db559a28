/*
 * First code of a static program. Zircon's loader maps the segments of an ET_DYN file without
 * PT_INTERP and starts it: nobody has relocated it. The calls that it makes are undefined
 * symbols, found here by name in the vDSO's image.
 */
#include "elf_image.h"
#include "rt.h"
#include "string.h"

extern const struct elf64_header __ehdr_start __attribute__((visibility("hidden")));
extern const struct elf64_dynamic _DYNAMIC[] __attribute__((visibility("hidden")));

_Noreturn void rt_entry(zx_handle_t bootstrap, const void *vdso);

static bool resolve_in_vdso(void *ctx, const char *name, uint64_t *value)
{
	return elf_image__lookup(ctx, name, value);
}

/* The program can't call anything yet, so the two calls needed are looked up here. */
static _Noreturn void die_unresolved(const struct elf_image *vdso, const char *name)
{
	static const char text[] = "no such call in the vDSO: ";
	zx_status_t (*debug_write)(const char *buffer, size_t size);
	void (*process_exit)(int64_t code);
	uint64_t value;

	if (elf_image__lookup(vdso, "zx_debug_write", &value)) {
		debug_write = (void *)value;
		debug_write(text, sizeof(text) - 1);
		debug_write(name, strlen(name));
		debug_write("\n", 1);
	}
	if (elf_image__lookup(vdso, "zx_process_exit", &value)) {
		process_exit = (void *)value;
		process_exit(RT_EXIT_UNRESOLVED);
	}
	__builtin_trap();
}

_Noreturn void rt_entry(zx_handle_t bootstrap, const void *vdso)
{
	struct elf_image vdso_image;
	struct elf_image self;
	const char *missing;

	elf_image__init(&self, (uintptr_t)&__ehdr_start, _DYNAMIC);
	elf_image__relocate_relative(&self);
	if (!elf_image__init_at(&vdso_image, vdso))
		__builtin_trap();
	missing = elf_image__relocate_symbols(&self, resolve_in_vdso, &vdso_image);
	if (missing)
		die_unresolved(&vdso_image, missing);
	rt_start(bootstrap, vdso);
}
