"""What this machine grants."""

import resource

MANY_FILES = 2048


def files_are_few(_context):
    """Why a program cannot have many VMOs, or nothing."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if limit == resource.RLIM_INFINITY or limit >= MANY_FILES:
        return ""
    return f"ulimit -Hn is {limit}, and {MANY_FILES} are needed"
