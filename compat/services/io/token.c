#include "compat/services/io/token.h"

#include <stdlib.h>

#include "compat/core/event.h"
#include "compat/core/list.h"

struct dir_token {
	struct list node;
	struct handle event;
	struct vnode *dir; /* referenced */
};

/* All tokens, on the dispatcher's thread only. */
static struct list tokens = { &tokens, &tokens };

zx_status_t dir_token__create(struct vnode *dir, struct dir_token **out)
{
	struct dir_token *token = calloc(1, sizeof(*token));
	struct object *event = token ? event__create() : NULL;

	if (!event) {
		free(token);
		return ZX_ERR_NO_MEMORY;
	}
	token->event = handle__make(event, ZX_RIGHTS_BASIC);
	vnode__get(dir);
	token->dir = dir;
	list__add_tail(&tokens, &token->node);
	*out = token;
	return ZX_OK;
}

struct handle dir_token__handle(struct dir_token *token)
{
	return handle__dup(&token->event, ZX_RIGHTS_BASIC);
}

struct vnode *dir_token__find(const struct handle *handle)
{
	struct dir_token *token;

	list_for_each(token, &tokens, node)
		if (token->event.object == handle->object)
			return token->dir;
	return NULL;
}

void dir_token__drop(struct dir_token *token)
{
	if (!token)
		return;
	list__remove(&token->node);
	handle__close(&token->event);
	vnode__put(token->dir);
	free(token);
}
