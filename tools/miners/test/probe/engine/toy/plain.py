"""Classes written by hand."""

import enum
import warnings

from toy.loud import deprecated, logger

SIZES = (1, 2, 4)
LIMIT = max(SIZES) * 2


class Mode(str, enum.Enum):
    FAST = "fast"
    SAFE = "safe"


class Level(enum.Enum):
    LOW = 1
    HIGH = 2


class Plain:
    """A class.

    Args:
        size (`int`, *optional*): how big
    """

    def __init__(self, size=1, name=None, **kwargs):
        self.size = size
        self.name = name
        self.level = kwargs.pop("level", Level.LOW)
        self._hidden = 1
        if size not in SIZES:
            raise ValueError(
                "wrong size"
            )
        if name == "once":
            logger.warning_once("said once")
        if name == "old":
            deprecated("name")
        if name == "warn":
            warnings.warn("a warning", UserWarning)
        if name == "quiet":
            logger.info("nothing")
        if isinstance(name, str):
            self.name = name.lower()
        for key, value in kwargs.items():
            setattr(self, key, value)

    @property
    def broken(self):
        raise RuntimeError

    def validate(self, strict=False):
        if self.size > 2 and "é" != self.name: raise KeyError(self.size)
        if strict:
            raise Refused("strict")


class Refused(Exception):
    pass


class Needs:
    def __init__(self, must, *, other: int = 3):
        self.must = must
        self.other = other


class Strict:
    def __init__(self, a=1):
        self.a = a
