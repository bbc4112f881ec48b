"""The parameter schema of the installed version, lifted from the engine's own classes: a JSON Schema per section."""

import collections.abc
import dataclasses
import enum
import functools
import types
import typing

import packages

# Where a model comes from, which version of it, and how its output arrives is decided by lem.
DECIDED_BY_LEM = {
    "engine": {"code_revision", "download_dir", "hf_token", "model", "model_weights", "revision", "served_model_name",
               "tokenizer_revision"},
    "sampling": {"output_kind", "output_text_buffer_length", "skip_clone"},
}  # fmt: skip
SCALARS = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}
ARRAYS = (list, tuple, set, frozenset, collections.abc.Sequence, collections.abc.Iterable, collections.abc.Set)
OBJECTS = (dict, collections.abc.Mapping)
DEPTH = 3


def describe():
    from vllm.engine.arg_utils import AsyncEngineArgs
    from vllm.sampling_params import SamplingParams

    fields = {"engine": [f.name for f in dataclasses.fields(AsyncEngineArgs)], "sampling": SamplingParams.__struct_fields__}
    engine = known(AsyncEngineArgs, fields["engine"], "engine")
    sampling = known(SamplingParams, fields["sampling"], "sampling")
    defaults = {"engine": dataclass_defaults(AsyncEngineArgs), "sampling": struct_defaults(SamplingParams)}
    sections = {"engine": engine, "sampling": sampling}
    return {
        "engine": "vllm",
        "engine_version": packages.release("vllm"),
        "sections": {name: section(types_of, defaults[name]) for name, types_of in sections.items()},
        "defaults": {name: stated(defaults[name], sections[name]) for name in sections},
        "left_out": {name: left_out(fields[name], DECIDED_BY_LEM[name]) for name in sections},
    }


def left_out(names, decided):
    """Public names that a section does not take."""
    return {name: "decided-by-lem" for name in sorted(names) if name in decided}


def known(owner, names, section_name):
    of = field_types(owner)
    kept = [name for name in names if not name.startswith("_") and name not in DECIDED_BY_LEM[section_name]]
    return {name: of.get(name, (typing.Any,)) for name in sorted(kept)}


def section(types_of, defaults):
    properties = {name: with_null(schema_of_types(kinds), defaults.get(name, 0)) for name, kinds in types_of.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def dataclass_defaults(cls):
    return {f.name: f.default for f in dataclasses.fields(cls) if f.default is not dataclasses.MISSING}


def struct_defaults(cls):
    names = cls.__struct_fields__
    return dict(zip(names[len(names) - len(cls.__struct_defaults__) :], cls.__struct_defaults__))


def stated(defaults, types_of):
    return {name: text_of(value) for name, value in sorted(defaults.items()) if name in types_of and is_plain(value)}


def is_plain(value):
    if isinstance(value, (list, tuple)):
        return all(is_plain(item) for item in value)
    return isinstance(value, (bool, int, float, str))


def text_of(value):
    return value.value if isinstance(value, enum.Enum) else value


# --- types ---


@functools.lru_cache(maxsize=None)
def field_types(owner):
    """The alternatives of each field's type, by name."""
    try:
        hints = typing.get_type_hints(owner, include_extras=False)
    except Exception:  # a name that only type checkers can resolve: the fields are taken one by one
        hints = one_by_one(owner)
    return {name: alternatives(hint) for name, hint in hints.items()}


def one_by_one(owner):
    import sys

    found = {}
    for cls in reversed(owner.__mro__):
        names = vars(sys.modules.get(cls.__module__, typing))
        for name, hint in cls.__dict__.get("__annotations__", {}).items():
            try:
                found[name] = eval(hint, dict(names)) if isinstance(hint, str) else hint
            except Exception:
                found[name] = typing.Any
    return found


def alternatives(hint):
    if typing.get_origin(hint) is typing.Annotated:
        return alternatives(typing.get_args(hint)[0])
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return tuple(kind for part in typing.get_args(hint) for kind in alternatives(part))
    return (hint,)


def schema_of_types(kinds, depth=0):
    return union([schema_of(kind, depth) for kind in kinds if not is_class_of(kind)])


def is_class_of(kind):
    """`type[X]`: no file can hold it."""
    return typing.get_origin(kind) is type


def schema_of(kind, depth):
    """A JSON Schema; an empty one for what JSON types cannot say, so that nothing is refused that the engine takes."""
    origin = typing.get_origin(kind)
    if origin is typing.Literal:
        return {"enum": [text_of(value) for value in typing.get_args(kind)]}
    if kind in SCALARS:
        return {"type": SCALARS[kind]}
    base = origin or kind
    if not isinstance(base, type):
        return {}
    if issubclass(base, enum.Enum):
        return {"enum": [member.value for member in base]} if all(is_plain(m.value) for m in base) else {}
    if dataclasses.is_dataclass(base):
        return schema_of_dataclass(base, depth)
    if issubclass(base, OBJECTS):
        return {"type": "object"}
    return schema_of_array(kind, depth) if issubclass(base, ARRAYS) else {}


def schema_of_array(kind, depth):
    items = [item for item in typing.get_args(kind) if item is not Ellipsis]
    inner = schema_of_types(alternatives(items[0]), depth + 1) if len(items) == 1 else {}
    return {"type": "array", **({"items": inner} if inner else {})}


def schema_of_dataclass(cls, depth):
    if depth >= DEPTH:
        return {"type": "object"}
    of = field_types(cls)
    names = sorted(f.name for f in dataclasses.fields(cls) if f.init and not f.name.startswith("_"))
    defaults = dataclass_defaults(cls)
    properties = {
        name: with_null(schema_of_types(of.get(name, (typing.Any,)), depth + 1), defaults.get(name, 0)) for name in names
    }
    return {"type": "object", "properties": properties}


def with_null(schema, default):
    return union([schema, {"type": "null"}]) if default is None and schema else schema


def union(schemas):
    """One schema for several: a list of types where that says it all, else `anyOf`; an empty one takes everything."""
    flat = [part for schema in schemas for part in schema.get("anyOf", [schema])]
    if not flat or {} in flat:
        return {}
    distinct = [part for place, part in enumerate(flat) if part not in flat[:place]]
    if len(distinct) == 1:
        return distinct[0]
    if all(part.keys() == {"type"} for part in distinct):
        kinds = {kind for part in distinct for kind in ([part["type"]] if isinstance(part["type"], str) else part["type"])}
        return {"type": sorted(kinds)}
    return {"anyOf": distinct}

