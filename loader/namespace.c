#include "loader/namespace.h"

#include <string.h>
#include <zircon/errors.h>
#include <zircon/rights.h>

#include "compat/core/channel.h"
#include "compat/services/hypervisor.h"
#include "compat/services/io/io.h"
#include "loader/launcher.h"
#include "loader/note.h"

#define RIGHTS_READ (IO_RIGHT_READABLE | IO_RIGHT_EXECUTABLE)
#define RIGHTS_ALL (IO_RIGHT_READABLE | IO_RIGHT_WRITABLE | IO_RIGHT_EXECUTABLE)

/* Serves @vnode on a new channel whose other end becomes @path; takes over the vnode (or NULL). */
static zx_status_t serve(struct bootstrap *bootstrap, const char *path, struct vnode *vnode,
			 uint32_t rights)
{
	struct channel *ends[2];
	struct handle server, client;
	zx_status_t status;

	if (!vnode)
		return ZX_ERR_NO_MEMORY;
	status = channel__create(&ends[0], &ends[1]);
	if (status == ZX_OK) {
		server = handle__make(&ends[0]->object, ZX_DEFAULT_CHANNEL_RIGHTS);
		client = handle__make(&ends[1]->object, ZX_DEFAULT_CHANNEL_RIGHTS);
		status = bootstrap__add_dir(bootstrap, &client, path);
		if (status == ZX_OK)
			status = io__serve(vnode, rights, &server);
		else
			handle__close(&server);
	}
	vnode__put(vnode);
	return status;
}

static int check(zx_status_t status, const char *path, struct error *error)
{
	if (status == ZX_ERR_OUT_OF_RANGE)
		return error__set(error, EXIT_ZXRUN, "too many directories: no room left for %s",
				  path);
	if (status != ZX_OK)
		return error__set(error, EXIT_ZXRUN, "cannot serve %s: %s", path,
				  status__name(status));
	return 0;
}

static int add_host(const struct options *options, struct bootstrap *bootstrap, const char *path,
		    const char *host, bool read_only, struct error *error)
{
	struct vnode *vnode;
	int err = hostfs__create(host, read_only, &vnode);

	if (err)
		return error__set(error, EXIT_ZXRUN, "cannot show %s as %s: %s", host, path,
				  strerror(-err));
	note(options, "%s is %s%s", path, host, read_only ? ", read-only" : "");
	return check(serve(bootstrap, path, vnode, read_only ? RIGHTS_READ : RIGHTS_ALL), path,
		     error);
}

static int add_tmp(const struct options *options, struct bootstrap *bootstrap,
		   struct error *error)
{
	note(options, "/tmp holds %llu bytes in memory", (unsigned long long)options->tmp_size);
	return check(serve(bootstrap, "/tmp", memfs__create(options->tmp_size), RIGHTS_ALL),
		     "/tmp", error);
}

static zx_status_t connect_launcher(void *data, struct handle *channel)
{
	return launcher__serve(data, channel);
}

static zx_status_t add_launcher(const struct options *options, struct vnode *dir)
{
	struct vnode *vnode = service__create(connect_launcher, (void *)options);
	zx_status_t status;

	if (!vnode)
		return ZX_ERR_NO_MEMORY;
	status = pseudodir__add(dir, "fuchsia.process.Launcher", vnode);
	vnode__put(vnode);
	return status;
}

/* The services of guests know the era that their resource is to have. */
static zx_status_t connect_sysinfo(void *data, struct handle *channel)
{
	return sysinfo__serve((uint32_t)(uintptr_t)data, channel);
}

static zx_status_t connect_hypervisor(void *data, struct handle *channel)
{
	return hypervisor_resource__serve((uint32_t)(uintptr_t)data, channel);
}

static zx_status_t add_service(struct vnode *dir, const char *name, uint32_t era,
			       zx_status_t (*connect)(void *data, struct handle *channel))
{
	struct vnode *vnode = service__create(connect, (void *)(uintptr_t)era);
	zx_status_t status;

	if (!vnode)
		return ZX_ERR_NO_MEMORY;
	status = pseudodir__add(dir, name, vnode);
	vnode__put(vnode);
	return status;
}

static zx_status_t add_hypervisor(uint32_t era, struct vnode *dir)
{
	zx_status_t status = add_service(dir, "fuchsia.sysinfo.SysInfo", era, connect_sysinfo);

	if (status == ZX_OK)
		status = add_service(dir, "fuchsia.kernel.HypervisorResource", era,
				     connect_hypervisor);
	return status;
}

/* /dev/misc/sysinfo, where programs looked for it in 2018 and 2019. */
static int add_dev(uint32_t era, struct bootstrap *bootstrap, struct error *error)
{
	struct vnode *dev = pseudodir__create();
	struct vnode *misc = pseudodir__create();
	zx_status_t status = dev && misc ? add_service(misc, "sysinfo", era, connect_sysinfo) :
					   ZX_ERR_NO_MEMORY;

	if (status == ZX_OK)
		status = pseudodir__add(dev, "misc", misc);
	vnode__put(misc);
	if (status == ZX_OK)
		status = serve(bootstrap, "/dev", dev, RIGHTS_ALL);
	else
		vnode__put(dev);
	return check(status, "/dev", error);
}

static int add_svc(const struct options *options, uint32_t era, struct bootstrap *bootstrap,
		   struct error *error)
{
	struct vnode *dir = pseudodir__create();
	zx_status_t status = dir ? add_launcher(options, dir) : ZX_ERR_NO_MEMORY;

	if (status == ZX_OK && options->hypervisor)
		status = add_hypervisor(era, dir);
	if (status == ZX_OK)
		status = serve(bootstrap, "/svc", dir, RIGHTS_ALL);
	else
		vnode__put(dir);
	return check(status, "/svc", error);
}

static bool is_mapped(const struct options *options, const char *path)
{
	for (size_t i = 0; i < options->num_maps; i++) {
		if (!strcmp(options->maps[i].path, path))
			return true;
	}
	return false;
}

int namespace__add(const struct options *options, uint32_t era, struct bootstrap *bootstrap,
		   struct error *error)
{
	if (options->pkg && add_host(options, bootstrap, "/pkg", options->pkg, true, error))
		return -1;
	if (!is_mapped(options, "/tmp") && add_tmp(options, bootstrap, error))
		return -1;
	if (!is_mapped(options, "/svc") && add_svc(options, era, bootstrap, error))
		return -1;
	if (options->hypervisor && !is_mapped(options, "/dev") && add_dev(era, bootstrap, error))
		return -1;
	for (size_t i = 0; i < options->num_maps; i++) {
		const struct options_map *map = &options->maps[i];

		if (add_host(options, bootstrap, map->path, map->host, map->read_only, error))
			return -1;
	}
	return 0;
}
