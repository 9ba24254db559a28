#include "compat/services/services.h"

#include "compat/host/io.h"
#include "compat/services/dispatch.h"
#include "compat/services/fidl.h"
#include "compat/services/io/hostfs.h"
#include "compat/services/ldsvc_files.h"

static bool shut_down(void)
{
	hostfs_watch__shut_down();
	return fidl__shut_down();
}

void services__stop(void)
{
	dispatch__stop(shut_down);
	io__stop();
	ldsvc_files__purge();
}
