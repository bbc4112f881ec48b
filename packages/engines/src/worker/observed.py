"""What the engine says about the user's keys, and refuses of them, with the place in its own source.

    observed.watch("my_engine")                     # once, before the engine is imported
    with observed.telling(emit), observed.section("sampling", keys):
        ...                                         # code of the engine, and nothing else

A warning or a log record of level WARNING or above that is issued in a section with keys becomes a `said` event, once
for each place. An exception that leaves a section carries `lem_refusal`, which `failures.failure_of` puts into the
reply, unless its class says that the keys are not to blame. Of the engine's text only the user's keys in it are told.
"""

import logging
import os
import re
import sys
import warnings
from contextlib import contextmanager
from importlib import util

from failures import BadRequest, NotSupported

# Files, packages, memory and devices that fail say nothing about the keys. NotImplementedError is a RuntimeError.
ENVIRONMENT_ERRORS = (OSError, ImportError, MemoryError, RuntimeError)
# A package's own front to `logging` issues nothing by itself: who called it does.
LOGGING_FILES = {"logging.py", "logger.py"}

folders = []  # of the packages that are watched
sections = []  # (name, keys) of the sections that are open, innermost last
told = set()
listener = None


def watch(*packages):
    """Takes part in the warnings of the process and in the logs of these packages, which may not be imported yet."""
    for name in packages:
        found = util.find_spec(name)
        if found is not None and found.submodule_search_locations:
            folders.append(os.path.abspath(found.submodule_search_locations[0]) + os.sep)
            logging.getLogger(name).addHandler(Handler(logging.WARNING))
    shown = warnings.showwarning

    def show(message, category, filename, lineno, file=None, line=None):
        issuer = outside(warnings.__file__, sys._getframe(1))
        if issuer is not None and relative_path(issuer.f_code.co_filename) is not None:
            say("warning", category.__name__, str(message), issuer)
        shown(message, category, filename, lineno, file, line)

    warnings.showwarning = show


class Handler(logging.Handler):
    def emit(self, record):
        try:
            text = record.getMessage()
        except (TypeError, ValueError):  # a template that its arguments do not fit
            text = str(record.msg)
        say("log", record.levelname, text, outside(logging.__file__, sys._getframe(1)))


def outside(filename, frame):
    """The innermost frame of another file."""
    while frame is not None and frame.f_code.co_filename == filename:
        frame = frame.f_back
    return frame


@contextmanager
def telling(emit):
    """Events go to `emit` meanwhile."""
    global listener
    listener = emit
    try:
        yield
    finally:
        listener = None


def forget():
    """From now on everything is said anew, as by a process that was just started."""
    told.clear()
    warnings.simplefilter("default", append=True)  # Python shows a warning again once its filters have changed
    for module in list(sys.modules.values()):
        path = relative_path(getattr(module, "__file__", None) or "")
        if path is not None and os.path.basename(path) in LOGGING_FILES:
            for name, function in vars(module).items():
                if name.endswith("_once") and hasattr(function, "cache_clear"):
                    function.cache_clear()


@contextmanager
def section(name, keys):
    """The engine takes these keys of the user's section."""
    sections.append((name, keys))
    try:
        yield
    except Exception as error:
        if not hasattr(error, "lem_refusal") and blames_keys(error):
            fields = named_keys(str(error), keys)
            error.lem_refusal = {"section": name, "fields": fields, "place": place_of_error(error)}
        raise
    finally:
        sections.pop()


def blames_keys(error):
    if isinstance(error, (BadRequest, NotSupported)):  # lem's own words, not the engine's
        return False
    return isinstance(error, NotImplementedError) or not isinstance(error, ENVIRONMENT_ERRORS)


def say(channel, category, text, frame):
    if not sections or listener is None:
        return
    name, keys = sections[-1]
    fields = named_keys(text, keys)
    place = place_of_frame(frame)
    issue = (channel, name, *fields, *(place or {}).values())
    if keys and place is not None and issue not in told:
        told.add(issue)
        said = {"section": name, "fields": fields, "channel": channel, "category": category, "place": place}
        listener({"event": "said", **said})


def named_keys(text, keys):
    words = set(re.findall(r"\w+", text))
    return sorted(key for key in keys if key in words)


def place_of_frame(frame):
    """The innermost place in a watched package that called for a log record or warning."""
    while frame is not None:
        path = relative_path(frame.f_code.co_filename)
        if path is not None and os.path.basename(path) not in LOGGING_FILES:
            return place(path, frame.f_code, frame.f_lineno)
        frame = frame.f_back
    return None


def place_of_error(error):
    """The innermost place in a watched package that an exception passed; None when it passed none."""
    found, step = None, error.__traceback__
    while step is not None:
        path = relative_path(step.tb_frame.f_code.co_filename)
        if path is not None:
            found = place(path, step.tb_frame.f_code, step.tb_lineno)
        step = step.tb_next
    return found


def relative_path(filename):
    """Relative to the folder that holds the package."""
    for folder in folders:
        if filename.startswith(folder):
            return os.path.relpath(filename, os.path.dirname(os.path.dirname(folder))).replace(os.sep, "/")
    return None


def place(path, code, line):
    return {"path": path, "qualname": getattr(code, "co_qualname", code.co_name), "line": line}
