"""Classes of pydantic."""

import enum
from typing import Annotated, Literal, Optional, Union

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, field_validator
from pydantic.dataclasses import dataclass


class Color(enum.Enum):
    RED = 1
    BLUE = "blue"


class Size(enum.IntEnum):
    S = 1
    L = 2


class Name(str, enum.Enum):
    A = "a"
    B = "b"


@dataclass
class Inner:
    a: int = 1


@dataclass
class Typed:
    flag: bool = None
    number: int = None
    real: float = None
    text: str = None
    data: bytes = None
    strict_flag: Annotated[bool, Field(strict=True)] = None
    strict_int: Annotated[int, Field(strict=True)] = None
    strict_float: Annotated[float, Field(strict=True)] = None
    strict_text: Annotated[str, Field(strict=True)] = None
    ratio: Annotated[float, Field(gt=0, le=1)] = None
    finite: Annotated[float, Field(allow_inf_nan=False, lt=100)] = None
    even: Annotated[int, Field(multiple_of=2, ge=0, lt=10)] = None
    word: Annotated[str, Field(min_length=2, max_length=4)] = None
    code: Annotated[str, Field(pattern="^[a-z]+$")] = None
    found: Annotated[str, Field(pattern="a")] = None
    choice: Literal["a", "b"] = None
    digit: Literal[1, 2, "x"] = None
    maybe: Literal[True, None] = None
    color: Color = None
    size: Size = None
    name: Name = None
    optional: Optional[int] = 5
    either: Union[int, str] = None
    nearly: Union[bool, float] = None
    numbers: list[int] = None
    words: Annotated[list[str], Field(min_length=1, max_length=2)] = None
    unique: set[int] = None
    frozen: frozenset[str] = None
    many: tuple[int, ...] = None
    pair: tuple[int, str] = None
    table: dict[str, int] = None
    several: Union[str, list[str], None] = None
    deep: list[list[Optional[bool]]] = None
    inner: Inner = None
    thing: object = None


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid")
    must: int
    renamed: int = Field(default=1, alias="other", ge=0)
    after: int = 2

    @field_validator("after")
    @classmethod
    def check_after(cls, value):
        if value > 10:
            raise ValueError("too much")
        return value


class Loose(BaseModel):
    size: int = 1
    word: str = Field(alias="name")


class Renamed(BaseModel):
    model_config = ConfigDict(extra="forbid")
    size: int = Field(default=1, validation_alias=AliasChoices("size", "length"))


class Holder(BaseModel):
    closed: Model = None
    loose: Loose = None
    maybe: Optional[Model] = None
    either: Union[Model, Loose, int] = None
    listed: list[Loose] = None
    renamed: Renamed = None
