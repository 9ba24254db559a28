/* What a client of fuchsia.process.Launcher hands over before it launches a program. */
#ifndef LOADER_LAUNCHER_INPUTS_H
#define LOADER_LAUNCHER_INPUTS_H

#include <stddef.h>
#include <stdint.h>
#include <zircon/types.h>

#include "compat/services/fidl_wire.h"
#include "loader/bootstrap.h"

struct string_list {
	char **items;
	size_t count;
	size_t bytes; /* with the NUL of each */
};

/* Zeroed at the beginning. */
struct launcher_inputs {
	struct string_list args;
	struct string_list environ;
	struct string_list names;
	struct handle handles[ZX_CHANNEL_MAX_MSG_HANDLES]; /* directories of the names among them */
	uint32_t info[ZX_CHANNEL_MAX_MSG_HANDLES];
	uint32_t num_handles;
	struct handle ldsvc; /* empty: none was given */
	struct handle vdso;  /* likewise */
	/*
	 * The first mistake, which the launch is answered with: requests that add something have no
	 * reply. Nothing is added any more then, which bounds what a client can have us keep.
	 */
	zx_status_t bad;
};

/* Each reads the vector that is a request's one field, and returns false where it is malformed. */
bool launcher_inputs__read_strings(struct launcher_inputs *inputs, struct string_list *list,
				   struct message *message, enum fidl_era era);
bool launcher_inputs__read_names(struct launcher_inputs *inputs, struct message *message,
				 enum fidl_era era);
bool launcher_inputs__read_handles(struct launcher_inputs *inputs, struct message *message,
				   enum fidl_era era);

/*
 * Whether there is room for @more handles in one message. Errors: what the launcher of @era answers
 * where there is not.
 */
zx_status_t launcher_inputs__check_room(const struct launcher_inputs *inputs, enum fidl_era era,
					uint32_t more);
/* Moves the handles to @message, and lends it the strings. */
zx_status_t launcher_inputs__fill(struct launcher_inputs *inputs, struct bootstrap *message);
/* Puts an argument before all others. ZX_ERR_NO_MEMORY. */
zx_status_t launcher_inputs__insert_arg(struct launcher_inputs *inputs, const char *text);
/* Gives up everything. */
void launcher_inputs__free(struct launcher_inputs *inputs);

#endif
