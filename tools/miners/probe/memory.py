"""Limits of a forked child, and its tie to its parent."""

import ctypes
import resource
import signal

PR_SET_PDEATHSIG = 1


def limit_memory(extra_bytes):
    """Lets this process have so much more memory than it has now."""
    used = data_bytes()
    if used is None:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = used + extra_bytes
    resource.setrlimit(resource.RLIMIT_DATA, (wanted if hard < 0 else min(wanted, hard), hard))


def data_bytes():
    try:
        with open("/proc/self/status") as lines:
            for line in lines:
                if line.startswith("VmData:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return None


def die_with_parent():
    """On Linux the kernel kills this process when its parent ends."""
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    except (AttributeError, OSError):
        pass
