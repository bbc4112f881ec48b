"""What the live class says of itself: parameters, defaults, types."""

import dataclasses
import inspect
import re
import sys
import typing

import documentation
from core_schema import Core
from names import class_name, find, mro_names
from shapes import shape, unknown
from values import attributes, encode

NEEDED = object()
STRANGE_KEY = "lem_unknown_key"
DOCUMENTED = re.compile(r"^\s*(\w+) \(([^\n]*?)\)\s*(?::|$)", re.MULTILINE)


def describe(entry, package):
    try:
        cls = find(entry)
        if not isinstance(cls, type):
            return {"kind": "unavailable", "reason": "not a class"}
        return Description(entry, cls, package).all()
    except MemoryError:
        raise
    except Exception as error:
        return {"kind": "unavailable", "reason": f"{type(error).__name__}: {error}"[:300]}


class Description:
    def __init__(self, entry, cls, package):
        self._entry = entry
        self._cls = cls
        self._package = package

    def all(self):
        cls, family = self._cls, family_of(self._cls)
        parameters = self._parameters(family)
        core = core_of(cls) if family.startswith("pydantic") else None
        made = self._made(parameters)
        return {
            "kind": "described",
            "entry": self._entry,
            "family": family,
            "class": class_name(cls),
            "mro": mro_names(cls),
            "place": self._place(),
            "parameters": parameters,
            "unknownKeys": self._unknown_keys(family, core, made),
            "attributes": None if made is None else {name: encode(value) for name, value in attributes(made).items()},
            "documented": documented(cls),
            "descriptions": documentation.hashes(cls, {each["name"] for each in parameters} | set(attributes(made))),
            "core": core,
        }

    def _parameters(self, family):
        if family == "msgspec":
            found = [(each.name, default_of(each), each.type) for each in sys.modules["msgspec"].structs.fields(self._cls)]
        elif family.startswith("pydantic"):
            fields = self._cls.__pydantic_fields__.items()
            taken = [(key, each) for name, each in fields if each.init is not False for key in keys_of(name, each)]
            found = [(key, model_default(each), annotated(each)) for key, each in taken]
        elif family == "dataclass":
            hints = hints_of(self._cls)
            fields = [each for each in dataclasses.fields(self._cls) if each.init]
            found = [(each.name, default_of(each), hints.get(each.name, each.type)) for each in fields]
        else:
            found = self._signature()
        return [parameter(*each) for each in found]

    def _signature(self):
        hints = hints_of(self._cls.__init__)
        for each in list(inspect.signature(self._cls.__init__).parameters.values())[1:]:
            if each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD, each.POSITIONAL_ONLY):
                default = NEEDED if each.default is each.empty else each.default
                yield each.name, default, hints.get(each.name, typing.Any)

    def _made(self, parameters):
        if any(each["required"] for each in parameters):
            return None
        try:
            return self._cls()
        except Exception:
            return None

    def _unknown_keys(self, family, core, made):
        """Seen by trying, where the class can be constructed from nothing; else by its signature."""
        if family.startswith("pydantic"):
            return "reject" if core is not None and core["extra"] == "forbid" else "accept"
        if made is not None:
            try:
                self._cls(**{STRANGE_KEY: 1})
                return "accept"
            except Exception:
                return "reject"
        takes_any = any(each.kind is each.VAR_KEYWORD for each in signature_of(self._cls))
        return "accept" if takes_any else "reject"

    def _place(self):
        try:
            _, line = inspect.getsourcelines(self._cls)
            file = inspect.getsourcefile(self._cls)
        except (OSError, TypeError):
            return None
        path = self._package.path_of(file)
        return None if path is None else {"path": path, "line": line}


def family_of(cls):
    pydantic, msgspec = sys.modules.get("pydantic"), sys.modules.get("msgspec")
    if pydantic is not None and issubclass(cls, pydantic.BaseModel):
        return "pydantic-model"
    if pydantic is not None and hasattr(cls, "__pydantic_validator__"):
        return "pydantic-dataclass"
    if msgspec is not None and issubclass(cls, msgspec.Struct):
        return "msgspec"
    if dataclasses.is_dataclass(cls) and generated_init(cls):
        return "dataclass"
    return "class"


def generated_init(cls):
    """Whether the constructor takes exactly the fields: a dataclass may have a constructor written by hand."""
    names = [each.name for each in signature_of(cls)]
    return names == [each.name for each in dataclasses.fields(cls) if each.init]


def signature_of(cls):
    try:
        return list(inspect.signature(cls).parameters.values())
    except (TypeError, ValueError):
        return []


def default_of(field):
    """The default of a dataclass's or msgspec's field; both mark its absence by an object of their own."""
    factory = field.default_factory
    if callable(factory):
        return factory()
    return NEEDED if is_absent(field.default) else field.default


def is_absent(value):
    msgspec = sys.modules.get("msgspec")
    return value is dataclasses.MISSING or (msgspec is not None and value in (msgspec.NODEFAULT, msgspec.UNSET))


def model_default(field):
    return NEEDED if field.is_required() else field.get_default(call_default_factory=True)


def keys_of(name, field):
    """The keywords of a model's field: its alias, or the names among its choices; of several the first wins."""
    alias = field.validation_alias
    if isinstance(alias, str):
        return [alias]
    names = [each for each in getattr(alias, "choices", ()) if isinstance(each, str)]
    return names or [name]


def annotated(field):
    return typing.Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation


def hints_of(holder):
    try:
        return typing.get_type_hints(holder, include_extras=True)
    except Exception:
        return dict(getattr(holder, "__annotations__", {}))


def parameter(name, default, annotation):
    found = {"name": name, "required": default is NEEDED, "shape": shape_or_unknown(annotation)}
    return found if default is NEEDED else {**found, "default": encode(default)}


def shape_or_unknown(annotation):
    try:
        return shape(annotation)
    except Exception:
        return unknown(annotation)


def documented(cls):
    """The types that doc strings of the form `name (type, ...)` give, by name."""
    found = {}
    for text in (cls.__doc__, cls.__init__.__doc__):
        for match in DOCUMENTED.finditer(text or ""):
            found.setdefault(match.group(1), match.group(2)[:200])
    return found


def core_of(cls):
    try:
        return Core(sys.modules["pydantic"].TypeAdapter(cls).core_schema).entry()
    except Exception:
        return None
