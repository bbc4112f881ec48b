"""A small engine of ours: one class with bounds, a strict mode, a warning and a silent change."""

import warnings


class Settings:
    """Settings of a made-up engine.

    Args:
        count (`int`, *optional*, defaults to 4):
            How many; one of 2, 4 or 8.
        share (`float`, *optional*, defaults to 0.5):
            Between 0.0 and 1.0.
        kind (`str`, *optional*, defaults to `"fast"`):
            Either `"fast"` or `"slow"`.
    """

    def __init__(self, count: int = 4, share: float = 0.5, kind: str = "fast", names: list[str] | None = None):
        self.count = count
        self.share = share
        self.kind = kind
        self.names = names
        if count < 1:
            raise ValueError("count")
        if kind == "slow" and share > 0.5:
            warnings.warn("slow")
        if names is not None and len(names) == 0:
            self.names = None

    def check(self, strict: bool = False):
        if strict and self.share > 1:
            raise ValueError("share")
