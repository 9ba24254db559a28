#include "image.h"

#include <zircon/errors.h>
#include <zircon/syscalls.h>

#include "fidl_io.h"
#include "platform.h"
#include "rt.h"
#include "string.h"

#define ROOT_SIZE 64u

/* The directory in the namespace that @path begins with; @path goes on to what follows. */
static zx_handle_t find_root(const char **path)
{
	char root[ROOT_SIZE] = "";
	size_t size = 1;

	while ((*path)[0] == '/' && (*path)[size] && (*path)[size] != '/' && size < ROOT_SIZE - 1)
		size++;
	if ((*path)[size] != '/')
		return ZX_HANDLE_INVALID;
	memcpy(root, *path, size);
	*path += size + 1;
	return rt_boot__directory(root);
}

zx_status_t image__open(struct image *image, const char *path)
{
	zx_handle_t root = find_root(&path);
	zx_handle_t file;
	zx_handle_t vmo;
	zx_status_t status;

	if (root == ZX_HANDLE_INVALID)
		return ZX_ERR_NOT_FOUND;
	status = io_open(root, IO_RIGHT_READABLE, 0, path, &file, NULL);
	if (status != ZX_OK)
		return status;
	status = io_get_buffer(file, IO_VMO_READ, &vmo, &image->size);
	io_close(file);
	if (status != ZX_OK)
		return status;
	if (image->size)
		status = zx_vmar_map(rt_boot.root_vmar, ZX_VM_PERM_READ, 0, vmo, 0, image->size,
				     &image->addr);
	zx_handle_close(vmo);
	return status;
}

zx_status_t image__copy(const struct image *image, uint64_t offset, uint64_t size,
			struct machine *machine, uint64_t addr)
{
	void *to = machine__at(machine, addr, size);

	if (offset > image->size || size > image->size - offset || !to)
		return ZX_ERR_OUT_OF_RANGE;
	memcpy(to, (const char *)image->addr + offset, size);
	return ZX_OK;
}

zx_status_t image__set_command_line(struct machine *machine, const char *command_line)
{
	size_t size = strlen(command_line) + 1;

	if (size > PLATFORM_COMMAND_LINE_SIZE)
		return ZX_ERR_OUT_OF_RANGE;
	memcpy(machine->memory + PLATFORM_COMMAND_LINE, command_line, size);
	return ZX_OK;
}

zx_status_t image__load_flat(const struct image *image, struct machine *machine,
			     const char *command_line, struct entry *out)
{
	zx_status_t status = image__copy(image, 0, image->size, machine, PLATFORM_IMAGE);

	if (status == ZX_OK)
		status = image__set_command_line(machine, command_line);
	*out = (struct entry){ PLATFORM_IMAGE, machine->size, PLATFORM_COMMAND_LINE };
	return status;
}
