"""Settings whose fields must be those of the native class."""

import driver
from driver.clock import now

from .native import Level, Limits as NativeLimits
from .native.parts import Base, Derived, make

assert issubclass(Derived, Base)


def mirrored(native):
    def check(cls):
        fields = [name for name in dir(native) if not name.startswith("_") and not callable(getattr(native, name))]
        missing = [name for name in fields if name not in cls.__annotations__]
        if missing:
            raise ValueError(missing)
        return cls

    return check


@mirrored(NativeLimits)
class Limits:
    low: int
    high: int
    label: str

    def __init__(self, low=NativeLimits.usual_low(), high=7, label="", level="MILD"):
        native = NativeLimits(low, high=high, label=label)
        if native.low > native.high:
            raise ValueError(low)
        self.level = Level[level]


class Settings:
    def __init__(self, size=1, clocked=False, counted=False):
        if size > driver.most:
            raise ValueError(size)
        self.at = now() if clocked else None
        self.parts = make(size) if counted else None


class Machine:
    def __init__(self, wanted=1):
        import platform

        if wanted > len(platform.node()):
            raise ValueError(wanted)
