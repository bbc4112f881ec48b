"""Work in forked children, so that nothing that the work does reaches this process or the next child.

A child answers one item after another through a pipe. One that says nothing for too long, or ends, costs the item it
was at; the rest goes to a new child. Everything that a child started is killed with it.
"""

import json
import os
import select
import signal
import sys
import time
import traceback

from channel import write_all
from memory import die_with_parent, limit_memory

POLL_S = 0.2


class Defect(Exception):
    """An error of the probe itself, which must not look like one of the engine."""


class Forks:
    def __init__(self, channel, limits, settle):
        self._channel = channel
        self._settle = settle
        self._seconds = limits["seconds"]
        self._memory = limits["memoryBytes"]
        self._tried = set(sys.modules)

    def run(self, items, prepare, emit, seconds=None):
        """Gives `emit` one answer an item, in their order: bytes of JSON, or the reason why there is none.

        `prepare()` runs in the child and gives the function that answers an item; `seconds` is the patience with one.
        """
        done = 0
        while done < len(items):
            child = Child(lambda writer, rest=items[done:]: self._serve(writer, rest, prepare))
            reason = None
            for line in child.lines(seconds or self._seconds):
                if line[:1] == b"[":
                    self._import(json.loads(line))
                    continue
                if line[:1] == b"!":
                    child.end()
                    raise Defect(line[1:].decode())
                emit(line, None)
                done += 1
                if done == len(items):
                    child.expect_end()
            reason = child.end()
            if done < len(items):
                emit(None, reason)
                done += 1

    def _serve(self, writer, items, prepare):
        self._channel.close()
        me = os.getpid()
        before = set(sys.modules)
        try:
            answer = prepare()
        except Exception:
            write_all(writer, b"!" + repr(traceback.format_exc()[-1500:]).encode() + b"\n")
            return
        limit_memory(self._memory)
        for item in items:
            try:
                line = answer(item)
            except Exception:
                line = b"!" + repr(traceback.format_exc()[-1500:]).encode()
            if os.getpid() != me:
                return
            write_all(writer, line + b"\n")
        new = [name for name in sys.modules if name not in before]
        write_all(writer, json.dumps(new).encode() + b"\n")

    def _import(self, names):
        """Modules that a child had to import are imported here, so that the next one need not."""
        new = [name for name in names if name not in self._tried]
        self._tried.update(new)
        for name in new:
            try:
                __import__(name)
            except BaseException:
                continue
        if new:
            self._settle()


class Child:
    """One forked child and the pipe from it."""

    def __init__(self, work):
        self._reader, writer = os.pipe()
        self._status = None
        self._hung = False
        self._ending = False
        sys.stdout.flush()
        sys.stderr.flush()
        self._pid = os.fork()
        if self._pid == 0:
            run_child(self._reader, writer, work)
        os.close(writer)
        set_group(self._pid)

    def lines(self, seconds):
        """Lines until the child ends or says nothing for so long."""
        held = b""
        last = time.monotonic()
        while True:
            ready, _, _ = select.select([self._reader], [], [], POLL_S)
            if ready:
                chunk = os.read(self._reader, 1 << 20)
                if not chunk:
                    return
                *whole, held = (held + chunk).split(b"\n")
                last = time.monotonic()
                yield from whole
            elif self._ended():
                return
            elif time.monotonic() - last > seconds:
                self._hung = True
                return

    def expect_end(self):
        """All is answered: what remains is no failure."""
        self._ending = True

    def end(self):
        """Kills what is left of the child's group; says why it gave no further answer."""
        os.close(self._reader)
        killed = self._hung or self._ending
        if not self._ended(1.0 if not killed else 0.0):
            killed = True
        try:
            os.killpg(self._pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        if self._status is None:
            _, self._status = os.waitpid(self._pid, 0)
        bury_orphans()
        if self._hung:
            return "timeout"
        by_kernel = os.WIFSIGNALED(self._status) and os.WTERMSIG(self._status) == signal.SIGKILL and not killed
        return "memory" if by_kernel else "exited"

    def _ended(self, patience=0.0):
        deadline = time.monotonic() + patience
        while self._status is None:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            if pid != 0:
                self._status = status
            elif time.monotonic() >= deadline:
                return False
            else:
                time.sleep(0.005)
        return True


def bury_orphans():
    """As the first process of a container this one inherits what its children leave."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass
    except ChildProcessError:
        pass


def run_child(reader, writer, work):
    code = 1
    try:
        set_group(0)
        die_with_parent()
        os.close(reader)
        work(writer)
        code = 0
    finally:
        os._exit(code)


def set_group(pid):
    try:
        os.setpgid(pid, pid)
    except OSError:
        pass
