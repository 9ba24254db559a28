/* fuchsia.ldsvc.Loader: hands shared libraries to the dynamic linkers of programs. */
#ifndef COMPAT_SERVICES_LDSVC_H
#define COMPAT_SERVICES_LDSVC_H

#include <stddef.h>
#include <zircon/types.h>

struct handle;

/*
 * What the service works with. The strings and arrays are the caller's and must stay until
 * services__stop(). The callbacks run on threads of the services.
 */
struct ldsvc_config {
	/* Host directories, searched in this order. */
	const char *const *dirs;
	size_t num_dirs;
	/*
	 * A library was asked for and is in none of the directories; called once per name. @dirs
	 * are the directories that were searched (without the subdirectories of a configuration).
	 * May be NULL.
	 */
	void (*missing)(void *data, const char *name, const char *const *dirs, size_t num_dirs);
	/*
	 * The library @name is the host file @path. @status: ZX_OK, told each time that it is
	 * asked for, or why it cannot be handed out, told once per name. May be NULL.
	 */
	void (*found)(void *data, const char *name, const char *path, zx_status_t status);
	/*
	 * Opens the file that a program knows by the absolute @path, for the interpreter of a
	 * script or a debug configuration. Returns a descriptor (the service closes it) or a
	 * negative errno. NULL: such requests are answered with ZX_ERR_NOT_SUPPORTED.
	 */
	int (*open_path)(void *data, const char *path);
	void *data;
};

/*
 * Serves one more connection; takes over @channel, also on failure. All connections made with the
 * same @config share the VMOs of the files that they loaded.
 * Errors: ZX_ERR_NO_MEMORY.
 */
zx_status_t ldsvc__serve(const struct ldsvc_config *config, struct handle *channel);

#endif
