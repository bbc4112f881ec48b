"""Warnings and log records of the engine, with the place that issued them.

The place is found on the stack and not in the record: `stacklevel` and helpers that log once make records point
elsewhere.
"""

import inspect
import logging
import sys
import warnings

from names import class_name

NOWHERE = {"path": "", "qualname": "", "line": 0, "span": None}


class Listener:
    def __init__(self, package):
        self._package = package
        self._said = []
        self._methods = {}

    def install(self):
        """Takes over warnings and logging for the rest of this process."""
        warnings.resetwarnings()
        warnings.simplefilter("always")
        warnings.showwarning = self._warned
        self._filters = list(warnings.filters)
        logging.raiseExceptions = False
        logging.Logger.callHandlers = lambda logger, record: self._logged(logger, record)

    def take(self):
        """What was said since the last time."""
        if warnings.filters != self._filters:
            warnings.filters[:] = self._filters
        said, self._said = self._said, []
        return said

    def _warned(self, message, category, filename, lineno, file=None, line=None):
        place = next((place for _, place in self._package.callers(sys._getframe(1)) if place is not None), NOWHERE)
        self._said.append({**place, "channel": "warning", "category": class_name(category)})

    def _logged(self, logger, record):
        if record.levelno < logging.WARNING:
            return
        own = self._own_code(type(logger), logger)
        place = NOWHERE
        for frame, found in self._package.callers(sys._getframe(1)):
            if frame.f_code in own:
                place = NOWHERE
            elif place is NOWHERE and found is not None:
                place = found
        category = logging.getLevelName(record.levelno)
        self._said.append({**place, "channel": "log", "category": category})

    def _own_code(self, cls, logger):
        """The code of a logger's methods, those that an engine added included: none of them is where a log call is."""
        if cls not in self._methods:
            self._methods[cls] = {code_of(getattr(cls, name, None)) for name in dir(cls)}
        added = vars(logger)
        return self._methods[cls] | {code_of(added[name]) for name in added if callable(added[name])}


def code_of(function):
    try:
        function = inspect.unwrap(getattr(function, "__func__", function))
    except ValueError:
        return None
    return getattr(function, "__code__", None)
