/* Inside of the loader service: where library files are found, and what was loaded of them. */
#ifndef COMPAT_SERVICES_LDSVC_FILES_H
#define COMPAT_SERVICES_LDSVC_FILES_H

#include <limits.h>
#include <pthread.h>
#include <stdbool.h>

#include "compat/core/list.h"
#include "compat/services/ldsvc.h"

/* The longest configuration, as the loader service of Fuchsia has it. */
#define LDSVC_CONFIG_MAX 30u

/* What all connections with one configuration of the host side share. */
struct ldsvc_files {
	const struct ldsvc_config *config;
	struct list node;
	pthread_mutex_t lock; /* for the lists */
	struct list loaded;   /* struct loaded_file.node */
	struct list missing;  /* struct missing_name.node */
	unsigned int num_missing;
};

/* The shared state for @config; made with the first call. NULL where there is no memory. */
struct ldsvc_files *ldsvc_files__get(const struct ldsvc_config *config);
/* Frees all of it. */
void ldsvc_files__purge(void);

/*
 * A handle to the VMO of the library @name. @subdir: the configuration of the connection, or "";
 * @exclusive: look nowhere else. Blocks on the disk.
 * Errors: ZX_ERR_NOT_FOUND (reported to config->missing), and those of vmo_from_file().
 */
zx_status_t ldsvc_files__load(struct ldsvc_files *files, const char *subdir, bool exclusive,
			      const char *name, struct handle *out);
/*
 * A handle to the VMO of the file that programs know as @path. Errors: also ZX_ERR_NOT_SUPPORTED.
 */
zx_status_t ldsvc_files__load_path(struct ldsvc_files *files, const char *path,
				   struct handle *out);

#endif
