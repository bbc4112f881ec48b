"""What the engine's processes write to stderr and stdout: passed on, and searched for what one of them died of.

The asynchronous engine computes in processes of its own. When one dies, this process is told no more than that; the
error itself is in what the dead one wrote. A thread copies that to the log, and keeps its last lines.
"""

import faulthandler
import os
import re
import threading
from collections import deque
from contextlib import contextmanager

KEPT_LINES = 2000
COPY_S = 0.1
PROCESS = re.compile(r"^\((?P<process>[^()]*pid=\d+[^()]*)\) ?")
LOG_PREFIX = re.compile(r"^[A-Z]+ \d\d-\d\d \d\d:\d\d:\d\d (\[[^\]]*\] ?)+")
EXCEPTION = re.compile(r"^(?P<type>[A-Za-z_][\w.]*)(?:: (?P<message>.*))?$")
TRACEBACK = "Traceback (most recent call last):"
CHAINED = ("During handling of the above exception", "The above exception was the direct cause")


class ChildOutput:
    """Takes the place of stderr and stdout for this process and all that it starts, until `close`."""

    def __init__(self):
        self._lines = deque(maxlen=KEPT_LINES)
        self._original = os.dup(2)
        source, target = os.pipe()
        os.dup2(target, 2)
        os.dup2(target, 1)
        os.close(target)
        faulthandler.enable(file=self._original)
        self._copier = threading.Thread(target=self._copy, args=(source,), name="lem-chatter", daemon=True)
        self._copier.start()

    def _copy(self, source):
        rest = b""
        while chunk := os.read(source, 1 << 16):
            os.write(self._original, chunk)
            *lines, rest = (rest + chunk).split(b"\n")
            self._lines.extend(line.decode(errors="replace") for line in lines)

    def close(self):
        """The last words of this process go to the original again; of others, as long as they live, here."""
        os.dup2(self._original, 2)
        os.dup2(self._original, 1)
        self._copier.join(COPY_S)

    @contextmanager
    def blamed(self):
        """A failure that only says that a process died is raised again as what that process said, then and later."""
        try:
            yield
            self._lines.clear()
        except Exception as error:
            said = first_exception(list(self._lines)) if tells_of_death(error) else None
            if said is None:
                raise
            raise as_exception(*said) from error


def tells_of_death(error):
    """The engine's words for it: a dead engine at work, or one that did not start."""
    return type(error).__name__ == "EngineDeadError" or "root cause" in str(error)


def as_exception(name, message):
    """An exception of the class that the other process named; that class itself may not be importable here."""
    return type(name.rpartition(".")[2], (RuntimeError,), {})(message)


def first_exception(lines):
    """Class and message of the first exception that a process reported with a traceback; None without one.

    Of exceptions that were raised while others were handled, the last counts: it is the one that nobody handled.
    """
    texts = {}  # lines of each process, in the order in which the processes first spoke of a traceback
    for line in lines:
        process, text = bare(line)
        if process in texts or text.startswith(TRACEBACK):
            texts.setdefault(process, []).append(text)
    found = (last_of_chain(text) for text in texts.values())
    return next((one for one in found if one is not None), None)


def bare(line):
    """The process that wrote a line, and the line without what the engine's logger puts before it."""
    match = PROCESS.match(line)
    text = line[match.end() :] if match else line
    return (match["process"] if match else ""), LOG_PREFIX.sub("", text).rstrip()


def last_of_chain(lines):
    found, inside = None, False
    for line in lines:
        if line.startswith(TRACEBACK):
            inside = True
        elif inside:
            if line[:1] not in ("", " ") and (match := EXCEPTION.match(line)):
                found, inside = (match["type"], match["message"] or ""), False
        elif found is not None and line and not line.startswith(CHAINED):
            break
    return found
