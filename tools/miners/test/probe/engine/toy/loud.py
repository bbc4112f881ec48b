"""Helpers that stand between a check and what it says."""

import functools
import logging
import warnings


@functools.lru_cache(None)
def warning_once(self, *args):
    self.warning(*args)


logging.Logger.warning_once = warning_once
logger = logging.getLogger("toy")


def deprecated(name):
    warnings.warn(f"{name} is old", DeprecationWarning, stacklevel=3)
