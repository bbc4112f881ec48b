"""Classes that users construct with a folder of theirs under one keyword: here the folders are fixtures.

A fixture is made as those of functions are (see functions.py). What a class refuses counts only where it refuses every
fixture, by exceptions that blame a value; what it says or changes only where it does so with every fixture that it takes.
A kind that a version of the engine does not know is left out, but never the first.
One configuration is tried with a few fixtures, similar ones with others. A request that names one fixture is answered for that alone, whatever is to blame. A text that the user gives as the
folder stands for any folder of theirs: the fixture takes its place.
"""

import copy
import json
import os
import tempfile
import zlib

from functions import BLAMES_VALUES, is_said, make
from names import find
from values import decode, encode

# An engine may look at a kind of model for the first time, in a process of its own.
PATIENCE = 120
# Folders besides the first that one configuration is tried with.
OTHERS = 2
# Errors of pydantic that validators of the engine raise.
RAISED = ("value_error", "assertion_error")


class Folders:
    """The classes by name, with their fixtures made before the first of them is needed."""

    def __init__(self, declared, forks):
        self._declared = {each["name"]: each for each in declared}
        self._roots = {name: tempfile.mkdtemp(prefix="folders-") for name in self._declared}
        self._usual = {}
        made, failed = [(name, kind) for name, each in self._declared.items() for kind in each["fixtures"]], []
        note = lambda line, reason: failed.append(reason or json.loads(line))
        forks.run(made, lambda: self._make, note, PATIENCE)
        self._kinds = {name: [] for name in self._declared}
        for (name, kind), reason in zip(made, failed):
            if reason is True:
                self._kinds[name].append(kind)
            elif not self._kinds[name]:
                raise ValueError(f"the fixture {kind} of {name} cannot be made: {reason}")
        for name, kinds in self._kinds.items():
            if len(kinds) < 2:
                raise ValueError(f"of the fixtures of {name} only {', '.join(kinds)} can be made")

    def _make(self, which):
        name, kind = which
        each = self._declared[name]
        try:
            folder = os.path.join(self._roots[name], kind)
            os.mkdir(folder)
            make(folder, each["fixtures"][kind])
            made = find(name)(**{each["keyword"]: folder})
            for call in each["calls"]:
                getattr(made, call["method"])(**decode(call["keywords"]))
            return b"true"
        except Exception as error:
            return json.dumps(f"{type(error).__name__}: {error}"[:500]).encode()

    def unheard(self, names):
        """Classes with the fixtures of which it is not known yet what is said of every configuration."""
        known = [name for name in names if name in self._declared]
        return [(name, kind) for name in known for kind in self._kinds[name] if kind not in self._usual.get(name, {})]

    def hear(self, name, usual):
        self._usual.setdefault(name, {}).update(usual)

    def calls(self, name):
        return [(each["method"], decode(each["keywords"])) for each in self._declared[name]["calls"]]

    def of(self, name, only=None, few=False):
        """The folders of a class to try, all or one; None for a class that needs none. For few tries what is known of them is used."""
        if name not in self._declared:
            return None
        each = self._declared[name]
        kinds = [kind for kind in self._kinds[name] if only in (None, kind)]
        folders = [os.path.join(self._roots[name], kind) for kind in kinds]
        usual = self._usual.get(name, {}) if few else {}
        heard = {folder: usual[kind] for kind, folder in zip(kinds, folders) if kind in usual}
        return Tried(each["keyword"], folders, only is not None, heard)


class Tried:
    """Tries one configuration with several folders."""

    def __init__(self, keyword, folders, is_alone, usual):
        self._keyword = keyword
        self._folders = folders
        self._is_alone = is_alone
        self._usual = usual
        self.is_warm = False

    def warm(self, attempt):
        """Before anything is tried: what is said of every configuration is no news of one. Some of it may be known."""
        for folder in self._folders:
            if self.is_warm and folder in self._usual:
                continue
            stages, _ = attempt({self._keyword: folder})
            self._usual.setdefault(folder, [stage["said"] for stage in stages])
            self.is_warm = True
        return [self._usual[folder] for folder in self._folders]

    def _chosen(self, keywords):
        """The first folder, and two of the others: which ones hangs on the keywords, so that a condition meets them all."""
        first, *others = self._folders
        order = sorted(others, key=lambda folder: zlib.crc32(f"{os.path.basename(folder)} {keywords!r}".encode()))
        return [first, *order[:OTHERS]]

    def stages(self, keywords, attempt):
        """What `attempt(keywords)`, which gives stages and exceptions, shows with every folder; None where that is nothing."""
        if not self._folders:
            return None
        seen = []
        for folder in self._chosen(keywords):
            given = copy.deepcopy(keywords)
            if isinstance(given.get(self._keyword, ""), str):
                given[self._keyword] = folder
            stages, errors = attempt(given)
            news = [
                {**stage, "said": [each for each in stage["said"] if not is_said(each, {"said": usual})]}
                for stage, usual in zip(stages, self._usual[folder])
            ]
            seen.append((without(news, self._keyword, folder), errors))
            if is_plain(seen[0][0], keywords) or is_typed(seen[0][0]):
                break
        return seen[0][0] if self._is_alone else in_common(seen)


def without(stages, keyword, folder):
    """Where the folder itself is, is no change."""
    kept = []
    for stage in stages:
        state = {name: value for name, value in stage["state"].items() if name != keyword and value != folder}
        kept.append({**stage, "state": state})
    return kept


def is_plain(stages, keywords):
    """Whether nothing was refused, said or changed."""
    given = {name: encode(value) for name, value in keywords.items()}
    return all(
        stage["outcome"] == "returned"
        and not stage["said"]
        and all(stage["state"].get(name, value) == value for name, value in given.items())
        for stage in stages
    )


def is_typed(stages):
    """Whether types alone refused what the user gave: no folder makes a value one of another type."""
    items = [item for stage in stages for item in (stage["exception"] or {"items": []})["items"]]
    return bool(items) and all(not item["frames"] and item["type"] not in RAISED for item in items)


def in_common(seen):
    taken = [stages for stages, errors in seen if not errors]
    if not taken:
        blamed = all(blames_values(error) for _, errors in seen for error in errors)
        return seen[0][0] if blamed else None
    first, *others = taken
    return [shared(stage, [other[place] for other in others]) for place, stage in enumerate(first)]


def shared(stage, others):
    said = [each for each in stage["said"] if all(is_said(each, other) for other in others)]
    state = {
        name: value
        for name, value in stage["state"].items()
        if all(name in other["state"] and other["state"][name] == value for other in others)
    }
    return {**stage, "said": said, "state": state}


def blames_values(error, depth=0):
    """Whether an exception, what led to it and what it collects came of values, and not of files, packages or devices."""
    if depth > 8:
        return True
    while error is not None:
        if isinstance(error, (OSError, ImportError, UnicodeError)):
            return False
        if not isinstance(error, (*BLAMES_VALUES, NotImplementedError)):
            return False
        for inner in collected(error):
            if not blames_values(inner, depth + 1):
                return False
        error = error.__cause__ or error.__context__
    return True


def collected(error):
    """The exceptions behind the single errors of one that collects them."""
    errors = getattr(error, "errors", None)
    if not callable(errors):
        return []
    try:
        found = [(item.get("ctx") or {}).get("error") for item in errors()]
    except Exception:
        return []
    return [each for each in found if isinstance(each, BaseException)]
