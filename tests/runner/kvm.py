"""Whether this machine can run guests."""

import os


def kvm_is_missing(context):
    """Why there can be no guests, or nothing."""
    del context
    try:
        os.close(os.open("/dev/kvm", os.O_RDWR))
    except OSError as error:
        return f"/dev/kvm: {error.strerror}"
    return ""
