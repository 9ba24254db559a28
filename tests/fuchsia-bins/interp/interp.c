/* Loading the program with all that it needs, binding, and starting it. */
#include "interp.h"

#include <zircon/errors.h>
#include <zircon/processargs.h>
#include <zircon/syscalls.h>

#include "format.h"
#include "rt.h"
#include "string.h"

/* In the order in which symbols are looked for: the program, its libraries, the vDSO. */
static struct module modules[MODULES_MAX];
static int module_count;
static struct elf_image vdso_image;

_Noreturn void interp_die(const char *format, ...)
{
	char text[200];
	zx_handle_t log;
	size_t length;
	va_list args;

	length = rt_format(text, sizeof(text), "ld.so.1: ");
	va_start(args, format);
	length += rt_vformat(text + length, sizeof(text) - length, format, args);
	va_end(args);
	if (zx_debuglog_create(ZX_HANDLE_INVALID, 0, &log) == ZX_OK)
		zx_debuglog_write(log, 0, text, length);
	zx_process_exit(INTERP_EXIT);
}

static bool is_loaded(const char *name)
{
	int i;

	if (!strcmp(name, vdso_image.soname))
		return true;
	for (i = 0; i < module_count; i++)
		if (!strcmp(name, modules[i].name) || !strcmp(name, modules[i].image.soname))
			return true;
	return false;
}

static void load(const char *name, zx_handle_t vmo)
{
	if (module_count == MODULES_MAX)
		interp_die("%s: more than %d libraries", name, MODULES_MAX - 1);
	module__map(&modules[module_count], name, vmo, rt_boot.root_vmar);
	modules[module_count].name = name;
	zx_handle_close(vmo);
	module_count++;
}

/* Loads what the module asks for; modules that this adds are gone through in their turn. */
static void load_needed(const struct module *module, zx_handle_t service)
{
	const struct elf64_dynamic *entry;

	for (entry = module->image.dynamic; entry->tag != ELF_DT_NULL; entry++) {
		const char *name = module->image.strings + entry->value;
		zx_status_t status;
		zx_handle_t vmo;

		if (entry->tag != ELF_DT_NEEDED || is_loaded(name))
			continue;
		status = ldsvc__load_object(service, name, &vmo);
		if (status != ZX_OK)
			interp_die("library %s, needed by %s: not found (%d)", name, module->name,
				   status);
		load(name, vmo);
	}
}

static bool resolve(void *ctx, const char *name, uint64_t *value)
{
	int i;

	(void)ctx;
	for (i = 0; i < module_count; i++)
		if (elf_image__lookup(&modules[i].image, name, value))
			return true;
	return elf_image__lookup(&vdso_image, name, value);
}

static void bind(struct module *module)
{
	const char *missing;

	elf_image__relocate_relative(&module->image);
	missing = elf_image__relocate_symbols(&module->image, resolve, NULL);
	if (missing)
		interp_die("symbol %s, used by %s: not found", missing, module->name);
	module__protect(module);
}

/* Libraries that others need come later in the list, so it is gone through backwards. */
static void initialise_libraries(void)
{
	int i;

	for (i = module_count - 1; i > 0; i--) {
		const struct elf_image *image = &modules[i].image;
		uint64_t array = elf_image__dynamic(image, ELF_DT_INIT_ARRAY, 0);
		uint64_t size = elf_image__dynamic(image, ELF_DT_INIT_ARRAYSZ, 0);
		void (*const *function)(void) = (void *)(image->bias + array);
		uint64_t j;

		for (j = 0; array && j < size / sizeof(*function); j++)
			function[j]();
	}
}

/* The program gets handles of its own; those of the interpreter would be left over. */
static void close_all(zx_handle_t but_one, zx_handle_t but_two)
{
	uint32_t i;

	for (i = 0; i < rt_boot.handle_count; i++)
		if (rt_boot.handles[i] != but_one && rt_boot.handles[i] != but_two)
			zx_handle_close(rt_boot.handles[i]);
}

_Noreturn void rt_start(zx_handle_t bootstrap, const void *vdso)
{
	zx_handle_t executable;
	zx_handle_t service;
	zx_status_t status;
	int i;

	status = rt_boot__read(bootstrap);
	if (status != ZX_OK)
		interp_die("bad bootstrap message (%d)", status);
	executable = rt_boot__handle(PA_VMO_EXECUTABLE, 0);
	service = rt_boot__handle(PA_LDSVC_LOADER, 0);
	if (!executable || !service || !rt_boot.root_vmar)
		interp_die("bootstrap message without program, loader service or root VMAR");
	if (!elf_image__init_at(&vdso_image, vdso))
		interp_die("no vDSO");

	load(rt_boot.argc ? rt_boot.argv[0] : "program", executable);
	for (i = 0; i < module_count; i++)
		load_needed(&modules[i], service);
	ldsvc__done(service);
	for (i = module_count - 1; i >= 0; i--)
		bind(&modules[i]);
	debug__publish(modules, module_count);
	close_all(executable, service);
	initialise_libraries();
	interp_jump(bootstrap, vdso, modules[0].entry);
}
