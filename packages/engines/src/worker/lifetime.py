"""Ties a worker's life to its host's: none of the worker's processes outlives the host, or the worker itself.

The host keeps the worker's stdin open as long as it lives. When that ends, the worker's whole process group is killed
at once, by whichever notices first: the thread that reads stdin; the guard, where native code holds the interpreter's
lock; or the kernel's parent-death signal.
"""

import os
import select
import signal
import sys
import threading

MOST_DESCRIPTORS = 1 << 16


def tie_to_host(source):
    """Call it once, while there is one thread. `source` is the descriptor of the host's pipe."""
    die_with_parent()
    start_guard(source)


def read_lines(source, take):
    """Hands each line (bytes) from the host to `take`, on a thread of its own."""
    threading.Thread(target=read, args=(source, take), name="lem-reader", daemon=True).start()


def read(source, take):
    try:
        with os.fdopen(source, "rb", buffering=1 << 16) as lines:
            for line in lines:
                take(line)
    finally:  # a pipe that breaks has ended too
        kill_group()


def kill_group():
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)  # started by hand: the group is the terminal's


def die_with_parent():
    if os.getppid() <= 1 or not sys.platform.startswith("linux"):
        return  # in a container the parent is a starter that ends soon
    try:
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    except (ImportError, OSError, AttributeError):
        pass  # the reader and the guard remain


# --- the guard: a process that waits, without reading, until the host's end of stdin or the worker is gone ---


def start_guard(source):
    leader = os.getpid()
    if os.getpgrp() != leader:
        return
    seen_by_guard, held_here = os.pipe()
    if os.fork() > 0:
        os.close(seen_by_guard)
        close_in_forks(held_here)
        return
    try:
        guard(leader, (source, seen_by_guard))
    finally:
        os._exit(0)


def close_in_forks(fd):
    """Only this process must hold `fd`: in a fork it is closed, once, as the number may then mean something else."""
    held = [fd]
    os.register_at_fork(after_in_child=lambda: os.close(held.pop()) if held else None)


def guard(leader, watched):
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    kept = sorted(watched)
    close_all_but(kept)
    poll = select.poll()
    for fd in kept:
        poll.register(fd, 0)  # hang-up only
    while not poll.poll():
        pass
    os.killpg(leader, signal.SIGKILL)


def close_all_but(kept):
    most = os.sysconf("SC_OPEN_MAX")  # -1 without a limit
    limit = max(most if 0 < most < MOST_DESCRIPTORS else MOST_DESCRIPTORS, kept[-1] + 1)
    for low, high in zip([-1, *kept], [*kept, limit]):
        os.closerange(low + 1, high)
