"""Type annotations as data."""

import collections.abc
import enum
import types
import typing

from names import class_name, mro_names
from values import encode

CONSTRAINTS = ("gt", "ge", "lt", "le", "multiple_of", "min_length", "max_length", "pattern", "strict", "allow_inf_nan")
PLAIN = {type(None): "none", None: "none", bool: "bool", int: "int", float: "float", str: "str", bytes: "bytes"}
MAPPINGS = (dict, collections.abc.Mapping, collections.abc.MutableMapping)
SEQUENCES = {
    list: "list",
    set: "set",
    frozenset: "frozenset",
    collections.abc.Sequence: "sequence",
    collections.abc.Iterable: "sequence",
    collections.abc.Collection: "sequence",
}
MAX_DEPTH = 12


def shape(annotation, depth=0):
    if depth > MAX_DEPTH:
        return unknown(annotation)
    if annotation in (typing.Any, object):
        return {"type": "any"}
    if annotation is typing.Callable or annotation is collections.abc.Callable:
        return {"type": "callable"}
    if is_hashable(annotation) and annotation in PLAIN:
        return {"type": PLAIN[annotation]}
    origin = typing.get_origin(annotation)
    if origin is not None:
        return generic(annotation, origin, depth)
    if hasattr(annotation, "__supertype__"):
        return shape(annotation.__supertype__, depth + 1)
    if hasattr(annotation, "__value__"):
        return shape(annotation.__value__, depth + 1)
    if isinstance(annotation, type):
        return class_shape(annotation)
    return unknown(annotation)


def generic(annotation, origin, depth):
    args = typing.get_args(annotation)
    inner = [lambda each=each: shape(each, depth + 1) for each in args]
    if origin is typing.Literal:
        return {"type": "literal", "values": [encode(each) for each in args]}
    if origin in (typing.Union, types.UnionType):
        return {"type": "union", "of": [each() for each in inner]}
    if origin is typing.Annotated:
        found = {}
        for each in annotation.__metadata__:
            found.update(constraints(each))
        return {"type": "constrained", "of": inner[0](), **found} if found else inner[0]()
    if origin is collections.abc.Callable:
        return {"type": "callable"}
    if origin is tuple:
        variadic = len(args) == 2 and args[1] is Ellipsis
        return {"type": "tuple", "items": [each() for each in (inner[:1] if variadic else inner)], "variadic": variadic}
    if origin in MAPPINGS:
        return {"type": "dict", "keys": inner[0](), "values": inner[1]()}
    if origin in SEQUENCES:
        return {"type": SEQUENCES[origin], "items": inner[0]()}
    if origin in (typing.ClassVar, typing.Final, typing.Required, typing.NotRequired):
        return inner[0]() if inner else {"type": "any"}
    return class_shape(origin) if isinstance(origin, type) else unknown(annotation)


def class_shape(cls):
    if cls in MAPPINGS:
        return {"type": "dict", "keys": {"type": "any"}, "values": {"type": "any"}}
    if cls in SEQUENCES:
        return {"type": SEQUENCES[cls], "items": {"type": "any"}}
    if cls is tuple:
        return {"type": "tuple", "items": [{"type": "any"}], "variadic": True}
    if issubclass(cls, enum.Enum):
        return enum_shape(cls)
    return {"type": "class", "class": class_name(cls), "mro": mro_names(cls)}


def enum_shape(cls):
    members = {name: encode(member) for name, member in cls.__members__.items()}
    values = {name: encode(member.value) for name, member in cls.__members__.items()}
    return {"type": "enum", "class": class_name(cls), "mro": mro_names(cls), "members": members, "values": values}


def unknown(annotation):
    return {"type": "unknown", "text": str(annotation)[:200]}


def is_hashable(value):
    try:
        hash(value)
    except TypeError:
        return False
    return True


def constraints(metadata):
    """Bounds and lengths of one piece of metadata: annotated_types, msgspec's Meta, pydantic's Field."""
    found = {}
    for inner in getattr(metadata, "metadata", None) or ():
        found.update(constraints(inner))
    for name in CONSTRAINTS:
        value = getattr(metadata, name, None)
        if value is not None and isinstance(value, (bool, int, float, str)):
            found[name] = encode(value)
    return found
