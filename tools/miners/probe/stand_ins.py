"""Stand-ins for what an engine imports and this machine cannot have: compiled extensions, drivers, other packages.

Four kinds, all told by the target:

    native      modules of an extension, as its binding sources describe them: classes with their fields, Enums, functions
    permissive  packages that answer every name with an invented object
    lazy        packages whose __init__ is not run: a name is looked up where __init__ would import it from
    answers     values by dotted name, for what the sources do not write out

An invented object that a probe asks makes its answer worthless: `take()` tells the names that were asked for.
"""

import ast
import enum
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types

from values import decode

UNKNOWN = object()


class StandIns:
    def __init__(self, declared):
        declared = declared or {}
        self._asked = []
        self._answers = {name: decode(value) for name, value in declared.get("answers", {}).items()}
        sys.path[:0] = declared.get("path", [])
        if declared:
            sys.meta_path.insert(0, Finder(self, declared))

    def take(self):
        """What was asked of invented objects since the last time."""
        asked, self._asked = self._asked, []
        return asked

    def answer(self, name):
        """The told value of a dotted name, or UNKNOWN; then the name was asked."""
        value = self._answers.get(name, UNKNOWN)
        if value is UNKNOWN:
            self._asked.append(name)
        return value

    def known(self, name):
        return self._answers.get(name, UNKNOWN)


class Finder(importlib.abc.MetaPathFinder):
    def __init__(self, stand_ins, declared):
        self._stand_ins = stand_ins
        self._permissive = declared.get("permissive", [])
        self._lazy = set(declared.get("lazy", []))
        self._native = {}
        for extension in declared.get("native", []):
            for module in extension["modules"]:
                name = ".".join(part for part in (extension["module"], module["name"]) if part)
                self._native[name] = (extension["module"], module)

    def find_spec(self, name, path=None, target=None):
        if name in self._native:
            loader = NativeLoader(self._stand_ins, *self._native[name])
            return importlib.machinery.ModuleSpec(name, loader, is_package=True)
        if any(name == root or name.startswith(root + ".") for root in self._permissive):
            return importlib.machinery.ModuleSpec(name, PermissiveLoader(self._stand_ins), is_package=True)
        if name in self._lazy:
            spec = importlib.machinery.PathFinder.find_spec(name, path)
            if spec is not None:
                spec.loader = LazyLoader(spec.loader)
            return spec
        return None


class LazyLoader(importlib.abc.Loader):
    def __init__(self, source):
        self._source = source

    def create_module(self, spec):
        return LazyPackage(spec.name)

    def exec_module(self, module):
        tree = ast.parse(self._source.get_source(module.__name__))
        module.__dict__["_imports"] = dict(imports_of(tree, module.__name__))


class LazyPackage(types.ModuleType):
    """A package that imports a name when it is asked for."""

    def __getattr__(self, name):
        found = self.__dict__.get("_imports", {}).get(name)
        if found is None:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        source, member = found
        module = importlib.import_module(source)
        value = module if member is None else member_of(module, member)
        setattr(self, name, value)
        return value


def member_of(module, name):
    try:
        return getattr(module, name)
    except AttributeError:
        return importlib.import_module(f"{module.__name__}.{name}")


def imports_of(tree, package):
    """The names that a package's __init__ imports, each with its module and its name there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            source = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
            for alias in node.names:
                yield alias.asname or alias.name, (source, alias.name)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname is not None:
                    yield alias.asname, (alias.name, None)


class PermissiveLoader(importlib.abc.Loader):
    def __init__(self, stand_ins):
        self._stand_ins = stand_ins

    def create_module(self, spec):
        module = PermissiveModule(spec.name)
        module.__dict__["_stand_ins"] = self._stand_ins
        return module

    def exec_module(self, module):
        pass


class PermissiveModule(types.ModuleType):
    def __getattr__(self, name):
        stand_ins, dotted = self._stand_ins, f"{self.__name__}.{name}"
        if name.startswith("__"):
            value = stand_ins.known(dotted)
            if value is UNKNOWN:
                raise AttributeError(name)
        else:
            value = stand_ins.answer(dotted)
            value = invented(stand_ins, self.__name__, name) if value is UNKNOWN else value
        setattr(self, name, value)
        return value


class Invention(type):
    """The class of invented classes: whatever is asked of one is invented too."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        cls._stand_ins.answer(f"{cls.__module__}.{cls.__qualname__}.{name}")
        value = invented(cls._stand_ins, cls.__module__, f"{cls.__qualname__}.{name}")
        setattr(cls, name, value)
        return value

    def __or__(cls, other):
        return cls

    def __ror__(cls, other):
        return cls

    def __iter__(cls):
        return iter(())

    def __hash__(cls):
        return id(cls)


class Invented(metaclass=Invention):
    """An invented object; as a decorator it leaves alone what it decorates."""

    def __init__(self, *positional, **keywords):
        self.__dict__.update(keywords)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        cls = type(self)
        cls._stand_ins.answer(f"{cls.__module__}.{cls.__qualname__}().{name}")
        value = invented(cls._stand_ins, cls.__module__, f"{cls.__qualname__}().{name}")()
        self.__dict__[name] = value
        return value

    def __call__(self, *positional, **keywords):
        decorated = positional[0] if len(positional) == 1 and not keywords else None
        return decorated if callable(decorated) else self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


def invented(stand_ins, module, name):
    last = name.rsplit(".", 1)[-1]
    return Invention(last, (Invented,), {"__module__": module, "__qualname__": name, "_stand_ins": stand_ins})


class NativeLoader(importlib.abc.Loader):
    def __init__(self, stand_ins, extension, described):
        self._stand_ins = stand_ins
        self._extension = extension
        self._described = described

    def create_module(self, spec):
        return types.ModuleType(spec.name)

    def exec_module(self, module):
        for each in self._described["classes"]:
            self._add_class(module, each)
        for each in self._described["functions"]:
            setattr(module, each["name"], self._function(f"{module.__name__}.{each['name']}", each))
        for each in self._described["constants"]:
            set_constant(self._stand_ins, module, module.__name__, each)

    def _add_class(self, module, described):
        *around, name = described["name"].split(".")
        holder = module
        for each in around:
            holder = getattr(holder, each)
        cls = self._class(module, described)
        setattr(holder, name, cls)
        if described["exportsMembers"]:
            for member in cls:
                setattr(holder, member.name, member)

    def _class(self, module, described):
        dotted = f"{module.__name__}.{described['name']}"
        name = described["name"].rsplit(".", 1)[-1]
        if described["kind"] == "enum":
            cls = enum.Enum(name, {member: place for place, member in enumerate(described["members"])}, module=module.__name__)
            for each in [*described["methods"], *described["statics"]]:
                setattr(cls, each["name"], staticmethod(self._function(f"{dotted}.{each['name']}", each)))
            return cls
        bases = tuple(self._base(base) for base in described["bases"])
        root = Exception if described["kind"] == "exception" else Native
        body = {"__module__": module.__name__, "__qualname__": described["name"]}
        cls = type(name, bases or (root,), body)
        cls._constructors = described["constructors"]
        self._fill(cls, dotted, described)
        return cls

    def _fill(self, cls, dotted, described):
        for each in described["properties"]:
            setattr(cls, each, property(getter(self._stand_ins, each, dotted), setter(each)))
        for each in described["methods"]:
            if not each["name"].startswith("__"):
                setattr(cls, each["name"], self._function(f"{dotted}.{each['name']}", each))
        for each in described["statics"]:
            setattr(cls, each["name"], staticmethod(self._function(f"{dotted}.{each['name']}", each)))
        for each in described["constants"]:
            set_constant(self._stand_ins, cls, dotted, each)

    def _base(self, dotted):
        """A base class may stand in a module that is not imported yet."""
        parts = f"{self._extension}.{dotted}".split(".")
        for length in range(len(parts) - 1, 0, -1):
            module = sys.modules.get(".".join(parts[:length]))
            if module is not None:
                found = module
                for each in parts[length:]:
                    found = getattr(found, each)
                return found
        raise ImportError(dotted)

    def _function(self, dotted, described):
        stand_ins = self._stand_ins

        def function(*positional, **keywords):
            told = stand_ins.known(dotted)
            if told is UNKNOWN and "value" in described:
                told = decode(described["value"])
            if told is UNKNOWN:
                stand_ins.answer(dotted)
                return None
            return told

        function.__name__ = described["name"]
        return function


class Native:
    """An object of a native class: it holds what its constructor was given, and what is stored later."""

    _constructors = []

    def __init__(self, *positional, **keywords):
        self._given = self._accepted(positional, keywords)

    def _accepted(self, positional, keywords):
        accepted = [bound(each, positional, keywords) for each in self._constructors]
        fitting = [each for each in accepted if each is not None]
        if self._constructors and not fitting:
            raise TypeError(f"{type(self).__name__}(): incompatible constructor arguments")
        return fitting[0] if fitting else dict(keywords)


def bound(parameters, positional, keywords):
    """What a constructor's parameters hold, or None where the arguments do not fit; unknown defaults are left out."""
    names = [each["name"] for each in parameters]
    given = dict(zip(names, positional))
    if len(positional) > len(names) or set(keywords) & set(given) or set(keywords) - set(names):
        return None
    given.update(keywords)
    if any(each["name"] not in given and not each["isOptional"] for each in parameters):
        return None
    return {**{each["name"]: decode(each["value"]) for each in parameters if "value" in each}, **given}


def getter(stand_ins, name, dotted):
    def get(self):
        if name not in self._given:
            stand_ins.answer(f"{dotted}.{name}")
        return self._given.get(name)

    return get


def setter(name):
    def store(self, value):
        self._given[name] = value

    return store


def set_constant(stand_ins, holder, dotted, described):
    told = stand_ins.known(f"{dotted}.{described['name']}")
    setattr(holder, described["name"], decode(described.get("value")) if told is UNKNOWN else told)
