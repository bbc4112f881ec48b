"""Dotted names to objects, and classes to dotted names."""

import importlib


class Missing(Exception):
    """There is no object of that name."""


def find(dotted):
    """The object of a dotted name: the longest importable part, then attributes."""
    parts = dotted.split(".")
    found = None
    for length in range(len(parts), 0, -1):
        name = ".".join(parts[:length])
        try:
            found = importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name is not None and (name == error.name or name.startswith(error.name + ".")):
                continue
            raise
        break
    if found is None:
        raise Missing(dotted)
    for part in parts[length:]:
        try:
            found = getattr(found, part)
        except AttributeError:
            raise Missing(dotted) from None
    return found


def class_name(cls):
    """`pkg.module.Class`; built-in ones bare."""
    module = getattr(cls, "__module__", None)
    name = getattr(cls, "__qualname__", str(cls))
    return name if module in (None, "builtins") else f"{module}.{name}"


def mro_names(cls):
    return [class_name(each) for each in cls.__mro__]
