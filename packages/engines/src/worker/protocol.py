"""The Python end of the worker protocol; `protocol.ts` beside this file describes the messages.

How to write a worker. Standard library plus the engine, nothing else:

    import protocol
    protocol.start()                # first of all: before the engine is imported, while there is one thread

    import process_facts
    from token_stream import TokenStream

    class Worker:
        def hello(self, request, emit):
            return protocol.hello("my-engine", "1.2.3", {"torch": "2.13.0"})

        def load(self, request, emit):
            emit({"event": "progress", "share": None, "what": "importing the engine"})
            import my_engine        # slow imports belong here: `hello` has a short deadline
            ...

        def run(self, request, emit):
            process_facts.reset_process_peak()
            cpu = process_facts.cpu_seconds()
            with TokenStream(emit) as stream:
                ...                 # `token_stream.py` shows how
                end_ns = time.monotonic_ns()
            return {"origin_ns": stream.origin_ns, "end_ns": end_ns, "cpu_s": process_facts.cpu_seconds() - cpu,
                    "process_peak_b": process_facts.process_peak_bytes(), ...}

    protocol.serve(Worker())

A handler is `operation(request, emit) -> reply`; `request` is the whole request object, and `emit` may be called from
any thread until the reply: later events are dropped. What a handler raises becomes the error reply: `NotSupported` or
NotImplementedError -> not-supported, `BadRequest` -> bad-request, running out of memory -> out-of-memory, all else ->
failed, with the engine's own class, text and traceback. `unload` and `bye` may be left out. `serve` returns after
`bye`, and the process should then end by itself.

Descriptors. Protocol lines go to descriptor LEM_PROTOCOL_FD if that variable is set, else to the original stdout.
Either is private from `start` on: fd 1 becomes a copy of stderr and fd 0 is empty, for this process and all that it
starts, so print(), C libraries and subprocesses cannot disturb the protocol.

Lifetime. This process and its process group are killed at once when the host ends, and the group also when this
process alone dies; `lifetime.py` says how. Processes that leave the group (setsid) are their creator's responsibility.
"""

import faulthandler
import mmap
import os
import sys
import threading
from queue import SimpleQueue

import lifetime
from codec import encode, parse_request
from failures import NotSupported, failure_of
from processors import processors

PROTOCOL_VERSION = 1

requests = SimpleQueue()  # lines as bytes
writing = threading.Lock()
at_hand = mmap.mmap(-1, 8)  # the request that is being answered; processes that an engine forks see it too
output = None  # the descriptor of the protocol, once it is private


def start():
    """Takes the protocol's descriptors away from everybody else and ties this process to its host. Idempotent."""
    global output
    if output is not None:
        return
    source = os.dup(0)  # copies made by os.dup are closed in subprocesses
    point_at_null(0)
    named = os.environ.pop("LEM_PROTOCOL_FD", None)
    target = os.dup(1 if named is None else int(named))
    if named is not None:
        os.close(int(named))
    sys.stdout.flush()
    os.dup2(2, 1)
    sys.stdout.reconfigure(line_buffering=True)
    faulthandler.enable()  # a crash in native code names the Python line in the log
    lifetime.tie_to_host(source)
    output = target
    lifetime.read_lines(source, requests.put)


def point_at_null(fd):
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, fd)
    os.close(null)


def serve(handlers):
    """Answers requests with `handlers` (an object with a method, or a dict with a function, per operation)."""
    start()
    find = handlers.get if isinstance(handlers, dict) else lambda op: getattr(handlers, op, None)
    while answer(requests.get(), find) != "bye":
        pass


def hello(engine, engine_version, packages, configures=()):
    """The reply to `hello`; `configures` names the sections that a loaded model can be given anew."""
    return {
        "protocol": PROTOCOL_VERSION,
        "engine": engine,
        "engine_version": engine_version,
        "pid": os.getpid(),
        "packages": packages,
        "processors": processors(),
        **({"configures": list(configures)} if configures else {}),
    }


class Exchange:
    """The events of one request, and the reply that ends it.

    A process that the engine forks inherits both this and the descriptor: its events count as long as the request is at
    hand, and would answer another one later.
    """

    def __init__(self):
        self.id = None

    def begin(self, number):
        self.id = number
        set_at_hand(number)

    def emit(self, event):
        line = encode({"id": self.id, **event})
        with writing:
            if self.id == int.from_bytes(at_hand[:], "little"):
                write_all(line)

    def reply(self, line):
        with writing:
            set_at_hand(0)
            write_all(line)


def set_at_hand(number):
    at_hand[:] = number.to_bytes(8, "little")


def write_all(line):
    """Nothing is buffered in between: a fork in the middle would hold, and may write, the same bytes."""
    rest = memoryview(line)
    while rest:
        rest = rest[os.write(output, rest) :]


def answer(line, find):
    """Answers one line; gives its operation, None where there is none."""
    exchange, op = Exchange(), None
    try:
        request = parse_request(line)
        exchange.begin(request["id"])
        op = request["op"]
        handler = find(op)
        if handler is None and op not in ("unload", "bye"):
            raise NotSupported(f"this worker has no operation {op!r}")
        reply = None if handler is None else handler(request, exchange.emit)
        line = encode({"id": exchange.id, "ok": {} if reply is None else reply})
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit too: engines call sys.exit() on bad arguments
        failure = failure_of(error)
        print(failure["traceback"], end="", file=sys.stderr, flush=True)  # a person looks for it in the log
        line = encode({"id": exchange.id, "error": failure})
    exchange.reply(line)
    return op
