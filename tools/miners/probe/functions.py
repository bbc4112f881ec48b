"""Functions of the engine that users call with a folder of theirs: here the folders are fixtures.

A fixture is a list of steps, each {"as": name, "call": function} or {"as": name, "on": earlier name, "call": method} with
"arguments" and "keywords". Among those {"$folder": path} is a path in the fixture's own folder, {"$made": name} an earlier
result; all else is a tagged value.

What a function refuses counts only where every fixture is refused at the same place, by an exception that blames a value,
and where that stays so when the engine is told, of each thing that it asked for and that is missing here, that it is
there. So what depends on a model, on files or on the machine looks as if it were accepted, or has no answer at all.
"""

import json
import os
import sys
import tempfile
import types

from names import find
from values import decode

BLAMES_VALUES = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, AssertionError)


class Functions:
    """The functions by name, with their fixtures made in a child's lifetime."""

    def __init__(self, declared, forks):
        self._declared = {each["name"]: each for each in declared}
        self._folders = {}
        for name, each in self._declared.items():
            root = tempfile.mkdtemp(prefix="fixtures-")
            self._folders[name] = [os.path.join(root, str(place)) for place in range(len(each["fixtures"]))]
        failed = []
        forks.run(list(self._declared), lambda: self._make, lambda line, reason: failed.append(reason or json.loads(line)))
        for name, reason in zip(self._declared, failed):
            if reason is not True:
                raise ValueError(f"the fixtures of {name} cannot be made: {reason}")
        self._machines = {each["name"]: Machine(each["machine"]) for each in declared}

    def _make(self, name):
        try:
            for folder, steps in zip(self._folders[name], self._declared[name]["fixtures"]):
                os.mkdir(folder)
                make(folder, steps)
                find(name)(folder)
            return b"true"
        except Exception as error:
            return json.dumps(f"{type(error).__name__}: {error}"[:500]).encode()

    def worlds(self, name):
        """In a child: the worlds to call a function in; None for what is no function of the target."""
        return None if name not in self._declared else Worlds(self._folders[name], self._machines[name])


def make(folder, steps):
    made = {}

    def value(given):
        if isinstance(given, dict) and "$folder" in given:
            return os.path.join(folder, given["$folder"])
        return made[given["$made"]] if isinstance(given, dict) and "$made" in given else decode(given)

    for step in steps:
        called = getattr(made[step["on"]], step["call"]) if step.get("on") else find(step["call"])
        keywords = {name: value(given) for name, given in step.get("keywords", {}).items()}
        made[step.get("as")] = called(*[value(given) for given in step.get("arguments", [])], **keywords)


class Worlds:
    """Calls one function in all its worlds."""

    def __init__(self, folders, machine):
        self._folders = folders
        self._machine = machine
        self._usable = {}

    def stage(self, call):
        """What `call(folder)`, which gives a stage and its exception, says in every world; None where that is nothing."""
        first = self._machine.watched(lambda: call(self._folders[0]))
        asked = self._machine.missing
        seen = [first]
        if is_quiet(first):
            return without_error(first)
        for folder in self._folders[1:]:
            seen.append(call(folder))
            if is_quiet(merged(seen)):
                return merged(seen)
        for name in asked:
            if self._is_usable(name, call):
                seen.append(self._machine.pretending(name, lambda: call(self._folders[0])))
                if is_quiet(merged(seen)):
                    break
        return merged(seen)

    def _is_usable(self, name, call):
        """Whether the plain call works in a world where one missing thing is there."""
        if name not in self._usable:
            plain = self._machine.pretending(name, lambda: call(self._folders[0], plain=True))
            self._usable[name] = plain["outcome"] == "returned"
        return self._usable[name]


def is_quiet(stage):
    return stage is not None and stage["outcome"] == "returned" and not stage["said"]


def merged(stages):
    """What all stages have in common: one that returned makes it returned; refusals that differ are nothing."""
    said = [each for each in stages[0]["said"] if all(is_said(each, stage) for stage in stages)]
    returned = [stage for stage in stages if stage["outcome"] == "returned"]
    if returned:
        return {**without_error(returned[0]), "said": said}
    places = {place_of(stage) for stage in stages}
    if len(places) > 1 or None in places or not all(blames_value(stage["error"]) for stage in stages):
        return None
    return {**without_error(stages[0]), "said": said}


def is_said(record, stage):
    return any(all(record[key] == each[key] for key in ("path", "line", "channel")) for each in stage["said"])


def place_of(stage):
    frames = stage["exception"]["frames"]
    return (stage["exception"]["type"], frames[0]["path"], frames[0]["line"]) if frames else None


def without_error(stage):
    return {key: value for key, value in stage.items() if key != "error"}


def blames_value(error):
    """Whether an exception, and all that led to it, came of a value, and not of files, imports or devices."""
    while error is not None:
        if not isinstance(error, BLAMES_VALUES) or isinstance(error, (OSError, ImportError, UnicodeError)):
            return False
        error = error.__cause__ or error.__context__
    return True


class Machine:
    """The engine's own questions about what is installed: functions of some of its modules."""

    def __init__(self, modules):
        self._asked = None
        self._pretended = None
        others = {}
        for module in modules:
            for name, function in list(vars(find(module)).items()):
                if callable(function) and not isinstance(function, type) and function.__module__ == module:
                    others[id(function)] = self._asking(f"{module}.{name}", function)
        replace(others)

    def _asking(self, name, function):
        def asking(*positional, **keywords):
            if name == self._pretended:
                return True
            answer = function(*positional, **keywords)
            if answer is False and self._asked is not None and name not in self._asked:
                self._asked.append(name)
            return answer

        asking.__dict__.update(vars(function))
        return asking

    def watched(self, call):
        self._asked = []
        return call()

    @property
    def missing(self):
        """What was asked for since, and is not there."""
        asked, self._asked = self._asked, None
        return asked

    def pretending(self, name, call):
        self._pretended = name
        try:
            return call()
        finally:
            self._pretended = None


def replace(others):
    """Puts other functions in the place of some, by their id, wherever a module names them."""
    for module in [each for each in sys.modules.values() if isinstance(each, types.ModuleType)]:
        for name, value in list(vars(module).items()):
            if id(value) in others:
                setattr(module, name, others[id(value)])
