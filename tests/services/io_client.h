/* fuchsia.io from the client's side, in each era. */
#ifndef TESTS_IO_CLIENT_H
#define TESTS_IO_CLIENT_H

#include "tests/services/service_fixture.h"

#include "compat/services/io/vnode.h"

/*
 * Clients of FIDL_2018 use the ordinals of 2018-10, which were numbered by hand, and not those of
 * 2018-12; else the form is the same.
 */
extern bool io_client_numbered;

/* Serves @vnode with @rights; gives up the reference. */
void io_client__serve(struct client *client, enum fidl_era era, struct vnode *vnode,
		      uint32_t rights);

/* Opens with OPEN_FLAG_DESCRIBE; @info gets the tag (IO_INFO_*) on success. */
zx_status_t io_client__open(struct client *dir, uint32_t flags, uint32_t mode, const char *path,
			    struct client *out, uint32_t *info);
/* The same, with the tag dropped. */
zx_status_t io_client__open_file(struct client *dir, uint32_t flags, const char *path,
				 struct client *out);
zx_status_t io_client__mkdir(struct client *dir, const char *path);
zx_status_t io_client__clone(struct client *conn, uint32_t flags, struct client *out);
uint32_t io_client__describe(struct client *conn);
zx_status_t io_client__close(struct client *conn);
zx_status_t io_client__sync(struct client *conn);
zx_status_t io_client__get_attr(struct client *conn, struct vnode_attr *out);
zx_status_t io_client__set_attr(struct client *conn, uint32_t valid,
				const struct vnode_attr *attr);

zx_status_t io_client__read(struct client *file, void *data, uint64_t size, size_t *actual);
zx_status_t io_client__read_at(struct client *file, void *data, uint64_t size, uint64_t offset,
			       size_t *actual);
zx_status_t io_client__write(struct client *file, const void *data, size_t size, size_t *actual);
zx_status_t io_client__write_at(struct client *file, const void *data, size_t size,
				uint64_t offset, size_t *actual);
zx_status_t io_client__seek(struct client *file, int64_t offset, uint32_t origin, uint64_t *out);
zx_status_t io_client__truncate(struct client *file, uint64_t size);
zx_status_t io_client__get_flags(struct client *file, uint32_t *flags);
zx_status_t io_client__set_flags(struct client *file, uint32_t flags);
zx_status_t io_client__get_buffer(struct client *file, uint32_t flags, struct handle *vmo,
				  uint64_t *size);

zx_status_t io_client__unlink(struct client *dir, const char *path);
/* The entries, one after another in @data as the wire has them. */
zx_status_t io_client__read_dirents(struct client *dir, uint64_t max, uint8_t *data,
				    size_t *actual);
zx_status_t io_client__rewind(struct client *dir);
zx_status_t io_client__get_token(struct client *dir, struct handle *token);
/* Take over @token. */
zx_status_t io_client__rename(struct client *dir, const char *src, struct handle *token,
			      const char *dst);
zx_status_t io_client__link(struct client *dir, const char *src, struct handle *token,
			    const char *dst);
zx_status_t io_client__watch(struct client *dir, uint32_t mask, struct client *events);
/* All entries of a directory, sorted: "a/ b c/" (directories with a slash). */
void io_client__list(struct client *dir, char *out, size_t size);

#endif
