"""Tries configurations on an engine's real classes. Needs the engine and the standard library alone.

One JSON object a line arrives on stdin: {"id", "op", ...}. Answers leave on the original stdout: any number of
{"id", "answer": {...}}, then {"id", "ok": {...}} or {"id", "error": {"type", "message"}}. The end of stdin ends this
process. A file named on the command line says what this machine lacks (`setup_of`). Operations, in the order of a conversation:

    hello     {package, files, landmarks, limits, functions, folders}: imports the engine; versions, hashes of files, missing landmarks
    describe  {classes}: one answer a class: parameters, defaults and types as the live class states them
    resolve   {names}: one answer a dotted name
    ground    {questions}: one answer a question: the value of an expression of the engine's source
    probe     {requests}: one answer a request: what a construction and the calls after it did
"""

import importlib.metadata
import json
import os
import platform
import socket
import sys
import time

from attempt import Attempts, to_line
from caches import Caches
from channel import Channel
from describe import describe
from folders import PATIENCE, Folders
from forks import Forks
from functions import Functions
from ground import Ground, resolve
from listener import Listener
from names import Missing, find
from places import Package
from pretend import not_shown, pretend
from stand_ins import StandIns

# Requests below which a child is not warmed up with every folder of a class.
FEW = 24

LONGEST_SLEEP_S = 0.001

# The engine's own imports look elsewhere.
sys.path.pop(0)


class Session:
    def __init__(self, channel, setup):
        self._channel = channel
        self._setup = setup

    def hello(self, request):
        refuse_network()
        hasten()
        self._stand_ins = StandIns(self._setup.get("stand_ins"))
        self._package = Package(request["package"])
        self._listener = Listener(self._package)
        pretend(self._setup.get("pretend", {}))
        missing = [name for name in request["landmarks"] if not exists(name)]
        missing += not_shown(self._setup.get("shows", {}))
        self._caches = Caches(request["package"])
        self._caches.settle()
        self._forks = Forks(self._channel, request["limits"], self._caches.settle)
        self._functions = Functions(request.get("functions", []), self._forks)
        self._folders = Folders(request.get("folders", []), self._forks)
        return {
            "python": platform.python_version(),
            "packages": installed(),
            "files": {path: self._package.digest(path) for path in request["files"]},
            "missing": missing,
        }

    def describe(self, request):
        return self._each(request, request["classes"], lambda: lambda name: to_line(describe(name, self._package)))

    def resolve(self, request):
        return self._each(request, request["names"], lambda: lambda name: to_line(resolve(name)))

    def ground(self, request):
        return self._each(request, request["questions"], lambda: Ground(self._package, self._listener).answer)

    def probe(self, request):
        def lost(item, reason):
            return to_line({"id": item["id"], "kind": "lost", "reason": reason})

        requests = request["requests"]
        few = len(requests) < FEW

        def attempts():
            parts = (self._package, self._listener, self._caches, self._functions, self._folders, self._stand_ins)
            return Attempts(*parts, few)

        self._hear({each["entry"] for each in requests} if few else (), attempts)
        return self._each(request, requests, lambda: attempts().answer, lost)

    def _hear(self, entries, attempts):
        """What classes say of every configuration is found out once, so that few tries need no warming up."""
        for fixture in self._folders.unheard(entries):
            keep = lambda line, _: line is None or self._folders.hear(fixture[0], json.loads(line))
            self._forks.run([fixture], lambda: attempts().usual, keep, PATIENCE)

    def _each(self, request, items, prepare, lost=None):
        rest = iter(items)
        start = b'{"id":%d,"answer":' % request["id"]

        def emit(line, reason):
            item = next(rest)
            if line is None:
                line = (lost or unavailable)(item, reason)
            self._channel.send_bytes(start + line + b"}")

        self._forks.run(items, prepare, emit)
        return {}


def unavailable(_item, reason):
    return to_line({"kind": "unavailable", "reason": reason})


def exists(name):
    try:
        find(name)
    except Missing:
        return False
    return True


def installed():
    found = {}
    for each in importlib.metadata.distributions():
        name = each.metadata["Name"]
        if name is not None:
            found.setdefault(name, each.version)
    return dict(sorted(found.items()))


def refuse_network():
    """A container has no network; a process must not have one either."""

    def refuse(self, address):
        raise OSError(101, "Network is unreachable")

    resolve_here = socket.getaddrinfo

    def resolve(host, *rest, **more):
        own = ("localhost", socket.gethostname(), "localhost.localdomain")
        if host in (None, "", b"") or host in own:
            return resolve_here(host, *rest, **more)
        if not isinstance(host, str) or not set(host) <= set("0123456789abcdefABCDEF.:"):
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return resolve_here(host, *rest, **more)

    socket.socket.connect = refuse
    socket.socket.connect_ex = lambda self, address: 101
    socket.getaddrinfo = resolve
    socket.gethostbyname = lambda host: resolve(host, None, socket.AF_INET)[0][4][0]


def hasten():
    """What an engine waits for between tries does not come here: no server answers."""
    sleep = time.sleep
    time.sleep = lambda seconds: sleep(min(seconds, LONGEST_SLEEP_S))


def setup_of(arguments):
    """{stand_ins, pretend}: what stands in for compiled modules, and the machine to pretend to be."""
    if not arguments:
        return {}
    with open(arguments[0], encoding="utf-8") as opened:
        return json.load(opened)


OPERATIONS = ("hello", "describe", "resolve", "ground", "probe")


def main():
    channel = Channel()
    session = Session(channel, setup_of(sys.argv[1:]))
    for request in channel.requests():
        reply = {"id": request["id"]}
        try:
            if request["op"] not in OPERATIONS:
                raise ValueError("there is no such operation")
            reply["ok"] = getattr(session, request["op"])(request)
        except BrokenPipeError:
            break
        except Exception as error:
            reply["error"] = {"type": type(error).__name__, "message": str(error)[:2000]}
        channel.send(reply)
    os._exit(0)


main()
