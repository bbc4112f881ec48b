"""Configuration classes of ours, one an idiom: the walk is held against CPython running them."""

import dataclasses
import logging
import math
import os
import warnings
from dataclasses import dataclass, field
from enum import Enum

logger = logging.getLogger(__name__)
KINDS = ("fast", "exact")
ALL_KINDS = KINDS + ("auto",)
LIMIT = 2**6
OLD = {"slow": "use exact", "never": ""}


class Mode(str, Enum):
    ON = "on"
    OFF = "off"


class Colour(Enum):
    RED = 1
    BLUE = 2


def checked(value, name):
    if not isinstance(value, int):
        raise TypeError(name)
    if value < 1:
        raise ValueError(name)
    if value == 7:
        return None
    return value * 2


class Keywords:
    """Keywords with defaults, the rest as attributes; findings are collected and said at the end."""

    flags = ("a_flag", "b_flag")

    def __init__(self, **kwargs):
        given = set(kwargs.keys())
        self.size = kwargs.pop("size", 3)
        self.kind = kwargs.pop("kind", None)
        self.ratio = kwargs.pop("ratio", 0.5)
        self.a_flag = kwargs.pop("a_flag", None)
        self.b_flag = kwargs.pop("b_flag", False)
        self.note = kwargs.pop("note", None)
        if isinstance(self.note, dict):
            self.note = Note(**self.note)
        for key, value in kwargs.items():
            try:
                setattr(self, key, value)
            except AttributeError as error:
                logger.error("cannot set %s", key)
                raise error
        self.validate(given=given)

    def validate(self, strict=False, given=None):
        issues = {}
        if self.kind is not None and self.kind not in ALL_KINDS:
            raise ValueError(f"no kind {self.kind}")
        if self.size is None or self.size == 1:
            if self.ratio != 0.5 and (given is None or "ratio" in given):
                issues["ratio"] = "{x} is not used".format(x=self.ratio)
        elif not 0.0 < self.ratio <= 1.0:
            raise ValueError("ratio")
        for name in self.flags:
            if getattr(self, name) is True:
                issues[name] = "is set"
        for name in ("streamer", "model"):
            if hasattr(self, name):
                raise ValueError(name)
        if self.note is not None:
            self.note.check()
        if len(issues) > 0:
            if strict:
                raise ValueError("\n".join(f"- {name}" for name in issues))
            logger.warning("these are not used: %s", list(issues.keys()))


@dataclass
class Note:
    depth: int = 1
    words: list = field(default_factory=list)

    def check(self):
        if self.depth > LIMIT:
            raise ValueError("depth")
        if any(len(word) == 0 for word in self.words):
            raise ValueError("words")


@dataclass
class Base:
    count: int = 1
    name: str = "x"

    def __post_init__(self):
        self.count = checked(self.count, "count")
        self.name = self.name.lower()
        if self.name.startswith("_"):
            raise ValueError("name")


@dataclass
class Child(Base):
    mode: str = Mode.ON
    items: tuple = (1, 2)
    tags: list = field(default_factory=list)

    def __post_init__(self):
        super().__post_init__()
        if self.mode not in Mode.__members__.values():
            raise ValueError("mode")
        if self.mode == Mode.OFF and self.items:
            self.items = ()
        if self.items is not None and len(self.items) > 2:
            raise ValueError("items")
        total = sum([self.count is None, bool(self.tags), self.mode == "off"])
        if total > 1:
            raise ValueError("total")
        self.tags = list(dict.fromkeys(self.tags))


class Early:
    """Early returns, else branches, handlers, a property with a setter, exact types."""

    def __init__(self, level, target=None, parts=(), scale=1.0):
        self._level = None
        self.level = level
        self.target = self._resolve(target)
        self.parts = [part for part in parts]
        self.scale = max(scale, 0.25) if scale is not None else 0.25
        if not math.isfinite(self.scale):
            raise ValueError("scale")
        if OLD.get(self.target) is not None:
            warnings.warn("old target", stacklevel=2)
        assert type(level) is not bool, "level"

    @property
    def level(self):
        return self._level

    @level.setter
    def level(self, value):
        if value in (None, "none"):
            return
        if value % 2:
            raise ValueError("odd")
        self._level = value

    @staticmethod
    def _resolve(target):
        if target is None:
            return "auto"
        try:
            return ALL_KINDS[target]
        except (TypeError, IndexError):
            if not isinstance(target, str):
                raise
        return target


class Colours:
    def __init__(self, first=Colour.RED, second=None, **others):
        if first != Colour.RED:
            raise ValueError("first")
        self.first = first
        self.second = second if second is not None else others.get("other", 5)
        if second is True or second is False:
            raise TypeError("second")
        while self.second:
            break
        for index, part in enumerate([1, 2]):
            if index > part:
                raise ValueError("never")
        self.home = os.environ.get("FIXTURE_HOME_THAT_IS_NOT_SET")
        if self.home is not None:
            raise ValueError("home")
        self.fields = dataclasses.is_dataclass(Note)
