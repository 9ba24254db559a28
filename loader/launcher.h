/* fuchsia.process.Launcher: starts programs for programs, as fdio_spawn() asks. */
#ifndef LOADER_LAUNCHER_H
#define LOADER_LAUNCHER_H

#include <zircon/types.h>

#include "loader/options.h"

struct handle;

/*
 * Serves one more connection; takes over @channel, also on failure. @options stay until
 * services__stop(): a program launched has its own era, unless they give one.
 * Errors: ZX_ERR_NO_MEMORY, ZX_ERR_NO_RESOURCES.
 */
zx_status_t launcher__serve(const struct options *options, struct handle *channel);

#endif
