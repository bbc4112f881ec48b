"""Classes of pydantic whose own code looks at values before their types do."""

import enum
from typing import Dict, List, Literal, Optional

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, field_validator, model_validator


class Kind(str, enum.Enum):
    A = "a"
    B = "b"

    @classmethod
    def _missing_(cls, value):
        if isinstance(value, str):
            for member in cls:
                if member.value == value.lower():
                    return member
        return None


class Bits(enum.IntFlag):
    ONE = 1
    TWO = 2


class Level(enum.Enum):
    LOW = 1
    HIGH = 2


class Prepared(BaseModel):
    model_config = ConfigDict(extra="forbid")
    choice: Optional[Literal["x", "y"]] = None
    switch: bool = False
    kind: Kind = Kind.A
    bits: Bits = Bits.ONE
    size: int = Field(default=1, validation_alias=AliasChoices("size", "length"))
    hidden: int = Field(default=0, alias="_hidden")
    names: List[str] = ["one"]
    level: Level = Level.LOW
    table: Optional[Dict[str, str]] = None
    steps: Optional[Dict[int, int]] = None

    @field_validator("level", mode="before")
    @classmethod
    def named(cls, value):
        if isinstance(value, Level):
            return value
        word = value.upper()
        if word not in Level.__members__:
            raise ValueError("level")
        return Level[word]

    @field_validator("table", mode="before")
    @classmethod
    def texts(cls, value):
        if value is None:
            return value
        return {str(key): str(each) for key, each in value.items()}

    @field_validator("steps")
    @classmethod
    def no_more(cls, value, info):
        size = info.data.get("size")
        if value is not None and size is not None:
            for step in value.values():
                if step > size:
                    raise ValueError("steps")
        return value

    @field_validator("choice", "switch", mode="before")
    @classmethod
    def words(cls, value):
        if value == "enable":
            return "x"
        if value == "disable":
            return None
        return value

    @model_validator(mode="after")
    def known(self):
        unknown = set(self.names) - {"one", "two"}
        if unknown:
            raise ValueError("names")
        return self


class Written(Prepared):
    def __init__(self, **given):
        super().__init__(**given)
        self.size = self.bits
