"""One construction and the calls after it, watched."""

import copy
import json

from names import Missing, class_name, find, mro_names
from surroundings import Surroundings
from values import Undecodable, attributes, decode, encode

MISSING = object()


class Attempts:
    """Answers probes in a forked child."""

    def __init__(self, package, listener, caches, functions, folders, stand_ins, few=False):
        self._package = package
        self._listener = listener
        self._caches = caches
        self._functions = functions
        self._folders = folders
        self._few = few
        self._surroundings = Surroundings()
        self._tries = {}
        self._stand_ins = stand_ins
        self._worlds = {}
        listener.install()
        caches.remember()

    def answer(self, request):
        try:
            return to_line({"id": request["id"], **self._answer(request)})
        except MemoryError:
            return to_line({"id": request["id"], "kind": "lost", "reason": "memory"})

    def _answer(self, request):
        try:
            entry = find(request["entry"])
            keywords = {name: decode(value) for name, value in request["keywords"].items()}
            calls = [(each["method"], decode(each["keywords"])) for each in request["calls"]]
        except (Missing, Undecodable) as error:
            return {"kind": "unconstructible", "reason": f"{type(error).__name__}: {error}"}
        self._caches.forget()
        self._listener.take()
        worlds = self._worlds_of(request["entry"])
        if worlds is not None:
            return self._called(entry, keywords, worlds)
        wanted = request.get("report", [])
        report = Report(wanted if wanted == "all" else [*keywords, *wanted])
        self._stand_ins.take()
        folders = self._folders_of(request["entry"], request.get("fixture"))
        if folders is None:
            stages = self._stages(entry, keywords, calls, report)
        else:
            stages = self._tried(folders, (entry, keywords, calls, report))
        if stages is None:
            return {"kind": "unconstructible", "reason": "it depends on the fixture or the machine"}
        invented = self._stand_ins.take()
        if invented:
            return {"kind": "unconstructible", "reason": f"nobody knows {invented[0]} here"}
        return {"kind": "done", "stages": stages, "flaky": False}

    def _worlds_of(self, name):
        if name not in self._worlds:
            self._worlds[name] = self._functions.worlds(name)
        return self._worlds[name]

    def _folders_of(self, name, fixture):
        if (name, fixture) not in self._tries:
            self._tries[name, fixture] = self._folders.of(name, fixture, self._few)
        return self._tries[name, fixture]

    def _tried(self, folders, what):
        """A construction with each of several folders; what it changes beyond its object is put back."""
        entry, keywords, calls, report = what
        attempt = self._attempt(entry, calls, report)
        if not folders.is_warm:
            folders.warm(attempt)
            self._caches.remember()
            self._surroundings = Surroundings()
        stages = folders.stages(keywords, attempt)
        if stages is None and len(keywords) == 1:
            # Somewhere it may be fine: no condition may hold for it.
            return [quiet(number) for number in range(len(calls) + 1)]
        return stages

    def _attempt(self, entry, calls, report):
        def attempt(given):
            self._caches.forget()
            errors = []
            try:
                return self._stages(entry, given, calls, report, errors), errors
            finally:
                self._surroundings.restore()

        return attempt

    def usual(self, fixture):
        """What a class says of every configuration with one of its folders."""
        name, kind = fixture
        attempt = self._attempt(find(name), self._folders.calls(name), Report([]))
        (said,) = self._folders.of(name, kind).warm(attempt)
        return to_line({kind: said})

    def _called(self, function, keywords, worlds):
        """A call of a function counts as the construction, and nothing can be read from what it gives."""

        def call(folder, plain=False):
            self._caches.forget()
            errors = []
            given = {} if plain else copy.deepcopy(keywords)
            stage = self._stage(0, lambda: function(folder, **given), dict, errors)
            return {**stage, "error": errors[0] if errors else None}

        stage = worlds.stage(call)
        if stage is None and len(keywords) == 1:
            # Somewhere it may be fine: no condition may hold for it.
            stage = quiet(0)
        if stage is None:
            return {"kind": "unconstructible", "reason": "it depends on the fixture or the machine"}
        return {"kind": "done", "stages": [stage], "flaky": False}

    def _stages(self, entry, keywords, calls, report, errors=None):
        made = []
        stages = [self._stage(0, lambda: made.append(entry(**keywords)), lambda: report.of(made), errors)]
        for number, (method, given) in enumerate(calls, 1):
            if made:
                call = lambda: getattr(made[0], method)(**given)
                stages.append(self._stage(number, call, lambda: report.of(made), errors))
            else:
                stages.append({"stage": number, "outcome": "skipped", "exception": None, "said": [], "state": {}})
        return stages

    def _stage(self, number, call, state, errors=None):
        error = None
        try:
            call()
        except MemoryError:
            raise
        except BaseException as raised:
            error = raised
            (errors if errors is not None else []).append(raised)
        stage = {
            "stage": number,
            "outcome": "returned" if error is None else "raised",
            "exception": None if error is None else described(error, self._package),
            "said": self._listener.take(),
            "state": state(),
        }
        self._listener.take()  # what reading the state said
        return stage


def quiet(number):
    return {"stage": number, "outcome": "returned", "exception": None, "said": [], "state": {}}


class Report:
    """The attributes to tell of an object."""

    def __init__(self, wanted):
        self._wanted = wanted

    def of(self, made):
        if not made:
            return {}
        names = attributes(made[0]) if self._wanted == "all" else self._wanted
        return {name: encode(value) for name, value in self._values(made[0], names)}

    def _values(self, made, names):
        for name in names:
            try:
                value = getattr(made, name, MISSING)
            except Exception:
                continue
            if value is not MISSING:
                yield name, value


def described(error, package):
    return {
        "type": class_name(type(error)),
        "mro": mro_names(type(error)),
        "frames": package.frames(error),
        "items": [item_of(item, package) for item in items_of(error)],
    }


def items_of(error):
    """The single errors of an exception that collects them, as pydantic's does."""
    errors = getattr(error, "errors", None)
    if not callable(errors):
        return []
    try:
        return list(errors())
    except Exception:
        return []


def item_of(item, package):
    cause = (item.get("ctx") or {}).get("error")
    return {
        "loc": [part if isinstance(part, int) else str(part) for part in item.get("loc", ())],
        "type": str(item.get("type", "")),
        "frames": package.frames(cause) if isinstance(cause, BaseException) else [],
    }


def to_line(answer):
    return json.dumps(answer, separators=(",", ":")).encode()
