/*
 * Tokens of directories: events that a client shows to say which directory it means, in a request
 * on the connection to another one. They hold as long as the connection that made them.
 */
#ifndef COMPAT_SERVICES_IO_TOKEN_H
#define COMPAT_SERVICES_IO_TOKEN_H

#include "compat/services/io/vnode.h"

struct dir_token;

/* A token for @dir. Errors: ZX_ERR_NO_MEMORY. */
zx_status_t dir_token__create(struct vnode *dir, struct dir_token **out);
/* Another handle to the token's event. */
struct handle dir_token__handle(struct dir_token *token);
/* The directory (not referenced) whose token @handle is, or NULL. */
struct vnode *dir_token__find(const struct handle *handle);
/* The token's end; NULL is allowed. */
void dir_token__drop(struct dir_token *token);

#endif
