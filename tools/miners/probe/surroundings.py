"""What a configuration may change beyond its own object: environment variables and loggers. It is put back after each."""

import logging
import os


class Surroundings:
    def __init__(self):
        self._environment = dict(os.environ)
        self._loggers = {each: state_of(each) for each in loggers()}

    def restore(self):
        if dict(os.environ) != self._environment:
            for name in set(os.environ) - set(self._environment):
                del os.environ[name]
            os.environ.update(self._environment)
        for each in loggers():
            known = self._loggers.get(each)
            if known is not None and state_of(each) != known:
                level, each.disabled, each.propagate, handlers, filters = known
                each.setLevel(level)
                each.handlers[:] = handlers
                each.filters[:] = filters


def loggers():
    named = [each for each in logging.Logger.manager.loggerDict.values() if isinstance(each, logging.Logger)]
    return [logging.getLogger(), *named]


def state_of(logger):
    return (logger.level, logger.disabled, logger.propagate, list(logger.handlers), list(logger.filters))
