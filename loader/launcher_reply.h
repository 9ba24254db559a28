/* What fuchsia.process.Launcher answers to a launch. */
#ifndef LOADER_LAUNCHER_REPLY_H
#define LOADER_LAUNCHER_REPLY_H

#include "compat/services/fidl.h"
#include "loader/launcher_job.h"

/*
 * Replies to the request in work, in the form of its era: with what @job has built where @status is
 * ZX_OK. What the client is given is no longer the job's.
 */
zx_status_t launcher_reply__send(struct fidl_conn *conn, struct launcher_job *job,
				 zx_status_t status);

#endif
