"""Reads back, from the constructed objects, what the user's keys and the engine's defaults became."""

import dataclasses
import enum

from arguments import places_of_arguments
from describe import DECIDED_BY_LEM

DRAWN_AT_EACH_START = {"data_parallel_rpc_port"}
MOST_ITEMS = 32


def report(loaded):
    model = loaded.config.model_config
    sections = {"engine": engine_section(loaded), "sampling": sampling_section(loaded)}
    return {
        "effective": {name: plain(values) for name, values in sections.items()},
        "model": {
            "architecture": next(iter(getattr(model.hf_config, "architectures", None) or []), None),
            "parameters": None,
            "dtype": str(model.dtype).removeprefix("torch."),
            "context_length": model.max_model_len,
            "vocabulary": model.get_vocab_size(),
        },
        "devices": devices(loaded.config),
    }


def devices(config):
    kind = str(config.device_config.device_type)
    return ["cpu"] if kind == "cpu" else [f"{kind}:{rank}" for rank in range(config.parallel_config.world_size)]


def engine_section(loaded):
    """Every argument that the configuration holds as a plain value, and each that the user set."""
    given = loaded.sections.get("engine", {})
    found = {}
    for name, value in held_arguments(loaded).items():
        if name in given or (is_small(value) and name not in DECIDED_BY_LEM["engine"] | DRAWN_AT_EACH_START):
            found[name] = value
    return {name: found[name] for name in sorted(found)}


def held_arguments(loaded):
    """The arguments as the engine's configuration holds them; as they were constructed where it does not hold them."""
    places = places_of_arguments(type(loaded.arguments))
    parts = configuration_parts(loaded.config)
    found = {}
    for field in dataclasses.fields(loaded.arguments):
        if not field.name.startswith("_"):
            held = held_at(parts, *places.get(field.name, (None, field.name)))
            found[field.name] = getattr(loaded.arguments, field.name) if held is MISSING else held
    return found


MISSING = object()


def configuration_parts(config):
    """The configuration and its direct parts, by the name of their class; the first of a class counts."""
    parts = {type(config).__name__: config}
    for field in dataclasses.fields(config):
        part = getattr(config, field.name, None)
        if dataclasses.is_dataclass(part):
            parts.setdefault(type(part).__name__, part)
            for inner in dataclasses.fields(part):
                held = getattr(part, inner.name, None)
                if dataclasses.is_dataclass(held):
                    parts.setdefault(type(held).__name__, held)
    return parts


def held_at(parts, owner, name):
    """The value at the place that the argument's default names; else of the one part that has a field of that name."""
    if owner in parts and hasattr(parts[owner], name):
        return getattr(parts[owner], name)
    holders = [part for part in parts.values() if any(f.name == name for f in dataclasses.fields(part))]
    return getattr(holders[0], name) if len(holders) == 1 else MISSING


def sampling_section(loaded):
    """What the engine's object holds, of each key that was set and of all that have a plain value."""
    params = loaded.sampling()
    given = loaded.sections.get("sampling", {})
    names = [name for name in params.__struct_fields__ if not name.startswith("_") and name not in DECIDED_BY_LEM["sampling"]]
    held = {name: getattr(params, name) for name in sorted(names)}
    held["max_tokens"] = given.get("max_tokens")  # each request of a workload has its own
    return {name: value for name, value in held.items() if name in given or is_small(value)}


def is_small(value):
    if isinstance(value, (list, tuple)):
        return 0 < len(value) <= MOST_ITEMS and all(is_small(item) for item in value)
    return isinstance(value, (bool, int, float, str, enum.Enum))


def plain(value, depth=0):
    """As JSON: enums, dtypes and objects by their names; configuration objects field by field."""
    if isinstance(value, enum.Enum):
        return plain(value.value if isinstance(value.value, (str, int)) else value.name, depth)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, dict):
        return {str(key): plain(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner, depth + 1) for inner in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(inner, depth + 1) for inner in value), key=str)
    if dataclasses.is_dataclass(value) and depth < 4:
        return {f.name: plain(getattr(value, f.name, None), depth + 1) for f in dataclasses.fields(value) if f.init}
    return str(value).removeprefix("torch.")
