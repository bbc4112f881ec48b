"""Classes of msgspec."""

from typing import Annotated, Literal, Optional

import msgspec


class Record(msgspec.Struct, kw_only=True):
    must: int
    bound: Annotated[int, msgspec.Meta(ge=0, lt=10)] = 1
    names: list[str] = msgspec.field(default_factory=list)
    mode: Optional[Literal["a", "b"]] = None
