import logging

logger = logging.getLogger(__name__)

MODES = ("fast", "slow", "exact")


class Settings:
    def __init__(self, **kwargs):
        self.beams = kwargs.pop("beams", 1)
        self.share = kwargs.pop("share", None)
        self.mode = kwargs.pop("mode", "fast")
        self.sample = kwargs.pop("sample", False)
        self.stops = kwargs.pop("stops", None)
        self.seed = kwargs.pop("seed", None)
        if self.seed == -1:
            self.seed = None
        if isinstance(self.stops, str):
            self.stops = [self.stops]
        if self.beams < 1:
            raise ValueError("beams")
        if self.share is not None and not 0 < self.share <= 1:
            raise ValueError("share")
        if self.mode not in MODES:
            raise ValueError("mode")
        if self.beams > 4 and self.sample:
            raise ValueError("both")
        if self.stops is not None and any(not stop for stop in self.stops):
            raise ValueError("stops")
        self.check()

    def check(self, strict=False):
        issues = {}
        if self.sample is False and self.share is not None:
            issues["share"] = "unused"
        if self.mode == "exact" and self.beams == 1:
            issues["mode"] = "pointless"
        if issues:
            if strict:
                raise ValueError(list(issues))
            logger.warning("issues: %s", list(issues))


class Strict:
    def __init__(self, size, group=64):
        if not isinstance(size, int):
            raise TypeError("size")
        if size % group != 0:
            raise ValueError("group")
        self.size = size
        self.group = group


class Reading:
    def __init__(self, path=None, size=None, width=1):
        if path is not None:
            if not isinstance(path, str):
                raise ValueError("path")
            open("/nowhere/file")
        if size is not None:
            raise ValueError("size")


class Joint:
    def __init__(self, first=False, second=False, method=None, level=0):
        unsupported = [name for name, given in (("first", first), ("second", second)) if given]
        if unsupported:
            raise ValueError(unsupported)
        if isinstance(level, int) and level > 7777:
            raise ValueError("level")
        if method is not None and level != 7777:
            raise ValueError("method")
