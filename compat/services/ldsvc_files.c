#include "compat/services/ldsvc_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compat/core/vmo.h"
#include "compat/services/errno.h"
#include "compat/services/file_vmo.h"

/* Names of a program's own making: remember so many, then report no more of them. */
#define MAX_MISSING 256u

#define FILE_RIGHTS \
	(ZX_RIGHTS_BASIC | ZX_RIGHT_READ | ZX_RIGHT_MAP | ZX_RIGHT_EXECUTE | ZX_RIGHT_GET_PROPERTY)

/* A file that was loaded; found again by its identity on the host, while it is unchanged. */
struct loaded_file {
	struct list node;
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec mtime;
	struct handle vmo;
	char name[ZX_MAX_NAME_LEN];
};

struct missing_name {
	struct list node;
	char name[];
};

static pthread_mutex_t all_lock = PTHREAD_MUTEX_INITIALIZER;
static struct list all_files = { &all_files, &all_files };

struct ldsvc_files *ldsvc_files__get(const struct ldsvc_config *config)
{
	struct ldsvc_files *files = NULL;
	struct ldsvc_files *each;

	pthread_mutex_lock(&all_lock);
	list_for_each(each, &all_files, node)
		if (each->config == config)
			files = each;
	if (!files)
		files = calloc(1, sizeof(*files));
	if (files && !files->config) {
		files->config = config;
		pthread_mutex_init(&files->lock, NULL);
		list__init(&files->loaded);
		list__init(&files->missing);
		list__add_tail(&all_files, &files->node);
	}
	pthread_mutex_unlock(&all_lock);
	return files;
}

static void drop_loaded(struct loaded_file *file)
{
	list__remove(&file->node);
	handle__close(&file->vmo);
	free(file);
}

static void free_files(struct ldsvc_files *files)
{
	struct loaded_file *file;
	struct loaded_file *next_file;
	struct missing_name *name;
	struct missing_name *next_name;

	list_for_each_safe(file, next_file, &files->loaded, node)
		drop_loaded(file);
	list_for_each_safe(name, next_name, &files->missing, node)
		free(name);
	pthread_mutex_destroy(&files->lock);
	free(files);
}

void ldsvc_files__purge(void)
{
	struct ldsvc_files *files;
	struct ldsvc_files *next;

	pthread_mutex_lock(&all_lock);
	list_for_each_safe(files, next, &all_files, node)
		free_files(files);
	list__init(&all_files);
	pthread_mutex_unlock(&all_lock);
}

/* A copy of the handle to what was loaded of the same, unchanged file under the same name. */
static bool find_loaded(struct ldsvc_files *files, const struct stat *st, const char *name,
			struct handle *out)
{
	struct loaded_file *file;
	struct loaded_file *next;
	bool found = false;

	pthread_mutex_lock(&files->lock);
	list_for_each_safe(file, next, &files->loaded, node) {
		if (file->dev != st->st_dev || file->ino != st->st_ino ||
		    strncmp(file->name, name, sizeof(file->name) - 1))
			continue;
		found = file->size == st->st_size && file->mtime.tv_sec == st->st_mtim.tv_sec &&
			file->mtime.tv_nsec == st->st_mtim.tv_nsec;
		if (found)
			*out = handle__dup(&file->vmo, FILE_RIGHTS);
		else
			drop_loaded(file);
		break;
	}
	pthread_mutex_unlock(&files->lock);
	return found;
}

/* A file that could not be remembered is loaded again next time. */
static void remember(struct ldsvc_files *files, const struct stat *st, const char *name,
		     const struct handle *vmo)
{
	struct loaded_file *file = calloc(1, sizeof(*file));

	if (!file)
		return;
	file->dev = st->st_dev;
	file->ino = st->st_ino;
	file->size = st->st_size;
	file->mtime = st->st_mtim;
	file->vmo = handle__dup(vmo, FILE_RIGHTS);
	strncpy(file->name, name, sizeof(file->name) - 1);
	pthread_mutex_lock(&files->lock);
	list__add_tail(&files->loaded, &file->node);
	pthread_mutex_unlock(&files->lock);
}

/*
 * Everybody gets a copy-on-write child of what was loaded, as from the loader service of Fuchsia: a
 * debugger's breakpoint shows in the one process that it was set in.
 */
static zx_status_t hand_out(struct handle *loaded, struct handle *out)
{
	struct vmo *vmo = (struct vmo *)loaded->object;
	struct vmo *child;
	zx_status_t status = vmo__create_snapshot(vmo, 0, vmo__stream_size(vmo), false, &child);

	if (status == ZX_OK) {
		child->executable = true;
		*out = handle__make(&child->object, FILE_RIGHTS);
	}
	handle__close(loaded);
	return status;
}

/* Takes over @fd. */
static zx_status_t load_fd(struct ldsvc_files *files, int fd, const char *name, struct handle *out)
{
	struct handle loaded;
	struct vmo *vmo;
	struct stat st;
	zx_status_t status = ZX_OK;

	if (fstat(fd, &st)) {
		status = zx_from_errno(-errno);
	} else if (!find_loaded(files, &st, name, &loaded)) {
		status = vmo_from_file(fd, name, &vmo);
		if (status == ZX_OK) {
			loaded = handle__make(&vmo->object, FILE_RIGHTS);
			remember(files, &st, name, &loaded);
		}
	}
	close(fd);
	return status == ZX_OK ? hand_out(&loaded, out) : status;
}

static bool first_report(struct ldsvc_files *files, const char *name)
{
	struct missing_name *missing;
	bool first = true;

	pthread_mutex_lock(&files->lock);
	list_for_each(missing, &files->missing, node)
		if (!strcmp(missing->name, name))
			first = false;
	first = first && files->num_missing < MAX_MISSING;
	if (first) {
		missing = malloc(sizeof(*missing) + strlen(name) + 1);
		if (missing) {
			strcpy(missing->name, name);
			list__add_tail(&files->missing, &missing->node);
			files->num_missing++;
		}
	}
	pthread_mutex_unlock(&files->lock);
	return first;
}

static void report_found(struct ldsvc_files *files, const char *name, const char *path,
			 zx_status_t status)
{
	if (files->config->found && (status == ZX_OK || first_report(files, name)))
		files->config->found(files->config->data, name, path, status);
}

/*
 * Opens @name in the first directory where that can be done, and tells its path. Returns a
 * descriptor or a negative errno.
 */
static int open_library(struct ldsvc_files *files, const char *subdir, const char *name,
			char path[PATH_MAX])
{
	const struct ldsvc_config *config = files->config;
	int first_error = -ENOENT;

	for (size_t i = 0; i < config->num_dirs; i++) {
		int length = snprintf(path, PATH_MAX, "%s/%s%s%s", config->dirs[i], subdir,
				      *subdir ? "/" : "", name);
		int fd;

		if (length < 0 || (size_t)length >= PATH_MAX)
			continue;
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
		if (fd >= 0)
			return fd;
		if (errno == ENOENT || errno == ENOTDIR)
			continue;
		if (first_error == -ENOENT)
			first_error = -errno;
		report_found(files, name, path, zx_from_errno(-errno));
	}
	return first_error;
}

zx_status_t ldsvc_files__load(struct ldsvc_files *files, const char *subdir, bool exclusive,
			      const char *name, struct handle *out)
{
	const struct ldsvc_config *config = files->config;
	char path[PATH_MAX];
	int fd = -ENOENT;

	if (*subdir)
		fd = open_library(files, subdir, name, path);
	if (fd < 0 && !(*subdir && exclusive))
		fd = open_library(files, "", name, path);
	if (fd >= 0) {
		zx_status_t status = load_fd(files, fd, name, out);

		report_found(files, name, path, status);
		return status;
	}
	if (fd == -ENOENT && config->missing && first_report(files, name))
		config->missing(config->data, name, config->dirs, config->num_dirs);
	return zx_from_errno(fd);
}

zx_status_t ldsvc_files__load_path(struct ldsvc_files *files, const char *path, struct handle *out)
{
	const struct ldsvc_config *config = files->config;
	int fd;

	if (!config->open_path)
		return ZX_ERR_NOT_SUPPORTED;
	fd = config->open_path(config->data, path);
	if (fd < 0)
		return zx_from_errno(fd);
	return load_fd(files, fd, path, out);
}
