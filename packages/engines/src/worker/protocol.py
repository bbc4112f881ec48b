"""The Python end of the worker protocol; `protocol.ts` beside this file describes the messages.

How to write a worker. Standard library plus the engine, nothing else:

    import protocol
    protocol.start()                # first of all: before the engine is imported, while there is one thread

    class Worker:
        def hello(self, request, emit):
            return protocol.hello("my-engine", "1.2.3", {"torch": "2.13.0"})

        def load(self, request, emit):
            emit({"event": "progress", "share": None, "what": "importing the engine"})
            import my_engine        # slow imports belong here: `hello` has a short deadline
            ...

        def run(self, request, emit):
            protocol.reset_process_peak()
            cpu = protocol.cpu_seconds()
            stream = protocol.TokenStream(emit)             # emits `origin`
            stream.submitted(0)
            stream.token(0, 1234)                           # in the token loop
            stream.finished(0, input_tokens=7, output_tokens=1, finish="length", timing="token")
            return {"origin_ns": stream.origin_ns, "end_ns": time.monotonic_ns(),
                    "cpu_s": protocol.cpu_seconds() - cpu, "process_peak_b": protocol.process_peak_bytes(), ...}

    protocol.serve(Worker())

A handler is `operation(request, emit) -> reply`; `request` is the whole request object. What it raises becomes the
error reply: `NotSupported` or NotImplementedError -> not-supported, `BadRequest` -> bad-request, running out of
memory -> out-of-memory, all else -> failed, with the engine's own class, text and traceback. `unload` and `bye` may
be left out. `serve` returns after `bye`, and the process should then end by itself.

Descriptors. Protocol lines go to descriptor LEM_PROTOCOL_FD if that variable is set, else to the original stdout.
Either is private from `start` on: fd 1 becomes a copy of stderr and fd 0 is empty, for this process and all that it
starts, so print(), C libraries and subprocesses cannot disturb the protocol.

Lifetime. The host keeps stdin open as long as it lives. When it ends, this process and its process group are killed
at once: by the reader thread; by a guard process, where native code holds the interpreter's lock; and by the
kernel's parent-death signal. The guard also removes the group when this process alone dies. Processes that leave the
group (setsid) are their creator's responsibility.
"""

import faulthandler
import json
import math
import os
import select
import signal
import sys
import threading
import time
import traceback
from queue import SimpleQueue

PROTOCOL_VERSION = 1
MAX_TOKENS_PER_LINE = 256
FLUSH_NS = 250_000_000


class NotSupported(Exception):
    """The engine cannot do what was asked."""


class BadRequest(Exception):
    """The request breaks the protocol."""


_requests = SimpleQueue()  # lines as bytes
_writing = threading.Lock()
_output = None


def start():
    """Takes the protocol's descriptors away from everybody else and ties this process to its host. Idempotent."""
    global _output
    if _output is not None:
        return
    source = os.dup(0)  # copies made by os.dup are closed in subprocesses
    _point_at_null(0)
    named = os.environ.pop("LEM_PROTOCOL_FD", None)
    target = os.dup(1 if named is None else int(named))
    if named is not None:
        os.close(int(named))
    sys.stdout.flush()
    os.dup2(2, 1)
    sys.stdout.reconfigure(line_buffering=True)
    faulthandler.enable()  # a crash in native code names the Python line in the log
    _die_with_parent()
    _start_guard(source)
    _output = os.fdopen(target, "wb", buffering=1 << 16)
    threading.Thread(target=_read, args=(source,), name="lem-reader", daemon=True).start()


def serve(handlers):
    """Answers requests with `handlers` (an object with a method, or a dict with a function, per operation)."""
    start()
    find = handlers.get if isinstance(handlers, dict) else lambda op: getattr(handlers, op, None)
    while True:
        op, reply = _answer(_requests.get(), find)
        _write(reply)
        if op == "bye":
            return


def hello(engine, engine_version, packages):
    """The reply to `hello`."""
    return {
        "protocol": PROTOCOL_VERSION,
        "engine": engine,
        "engine_version": engine_version,
        "pid": os.getpid(),
        "packages": packages,
        "processors": processors(),
    }


class TokenStream:
    """Reports the tokens of one run. A token costs one clock reading and two appends; lines are written in bulk.

    Call it from one thread at a time. `t_ns` arguments are offsets from `origin_ns`; left out, they are now.
    """

    def __init__(self, emit):
        self._emit = emit
        self._buffers = {}
        self._due = FLUSH_NS
        self.origin_ns = time.monotonic_ns()
        emit({"event": "origin", "origin_ns": self.origin_ns})

    def now(self):
        """Nanoseconds since the origin."""
        return time.monotonic_ns() - self.origin_ns

    def submitted(self, r, t_ns=None):
        """Request `r` goes to the engine now: call it just before."""
        self._buffers[r] = ([], [])
        self._emit({"event": "submitted", "r": r, "t_ns": self.now() if t_ns is None else t_ns})

    def token(self, r, token, t_ns=None):
        """One output token of request `r`, an int, has arrived. `t_ns` lets a batch share one instant."""
        if t_ns is None:
            t_ns = time.monotonic_ns() - self.origin_ns
        ids, times = self._buffers[r]
        ids.append(token)
        times.append(t_ns)
        if t_ns >= self._due:
            self.flush()
        elif len(ids) >= MAX_TOKENS_PER_LINE:
            self._flush_one(r)

    def finished(self, r, *, input_tokens, output_tokens, finish, timing, t_ns=None):
        """Request `r` is complete; the counts are the engine's own."""
        t_ns = self.now() if t_ns is None else t_ns
        self._flush_one(r)
        del self._buffers[r]
        self._emit({
            "event": "finished", "r": r, "t_ns": t_ns, "input_tokens": input_tokens,
            "output_tokens": output_tokens, "finish": finish, "timing": timing,
        })  # fmt: skip

    def flush(self):
        """Writes what is buffered, of all requests."""
        for r in self._buffers:
            self._flush_one(r)
        self._due = self.now() + FLUSH_NS

    def _flush_one(self, r):
        ids, times = self._buffers[r]
        if ids:
            self._emit({"event": "tokens", "r": r, "ids": ids, "t_ns": times})
            self._buffers[r] = ([], [])


# --- facts about this process ---


def cpu_seconds():
    """CPU seconds so far of this process and its descendants, dead (where waited for) and alive; take differences."""
    times = os.times()
    own = time.process_time() + times.children_user + times.children_system
    return own + sum(_descendant_ticks().values()) / os.sysconf("SC_CLK_TCK")


def resident_bytes():
    """Resident memory of this process now, or None where the system does not say."""
    return _status_bytes("VmRSS")


_peak_is_fresh = False


def reset_process_peak():
    """Begins a new peak of resident memory; False where the kernel does not let a process do so."""
    global _peak_is_fresh
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        _peak_is_fresh = False
        return False
    peak, now = _status_bytes("VmHWM"), _status_bytes("VmRSS")
    # Some sandboxes accept the write and do nothing.
    _peak_is_fresh = peak is not None and now is not None and peak <= now * 1.01 + (1 << 20)
    return _peak_is_fresh


def process_peak_bytes():
    """Peak resident memory of this process since `reset_process_peak`, else None: never the peak of its lifetime."""
    return _status_bytes("VmHWM") if _peak_is_fresh else None


def processors():
    """Processors that this process may use: its affinity, or the CPU quota of its control groups if less."""
    affinity = getattr(os, "sched_getaffinity", None)
    count = len(affinity(0)) if affinity else os.cpu_count() or 1
    quota = _cpu_quota()
    return count if quota is None else max(1, min(count, math.ceil(quota)))


# --- reading and writing ---


def _read(source):
    with os.fdopen(source, "rb", buffering=1 << 16) as lines:
        for line in lines:
            _requests.put(line)
    _kill_group()


def _answer(line, find):
    ident = op = None
    try:
        request = _parse(line)
        ident, op = request["id"], request["op"]
        handler = find(op)
        if handler is None and op not in ("unload", "bye"):
            raise NotSupported(f"this worker has no operation {op!r}")
        reply = None if handler is None else handler(request, _emitter(ident))
        return op, _encode({"id": ident, "ok": {} if reply is None else reply})
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit too: engines call sys.exit() on bad arguments
        return op, _encode({"id": ident, "error": _failure(error)})


def _parse(line):
    try:
        request = json.loads(line)
    except ValueError as error:
        raise BadRequest(f"not JSON: {error}") from error
    if not isinstance(request, dict) or not isinstance(request.get("id"), int) or not isinstance(request.get("op"), str):
        raise BadRequest("a request is an object with an integer `id` and a string `op`")
    return request


def _emitter(ident):
    return lambda event: _write(_encode({"id": ident, **event}))


def _encode(message):
    try:
        text = json.dumps(message, separators=(",", ":"), default=_plain, allow_nan=False)
    except ValueError:
        text = json.dumps(_tag_floats(message), separators=(",", ":"), default=_plain)
    return text.encode() + b"\n"


def _plain(value):
    """Scalars of numpy and torch as numbers; sets as lists; anything else, such as a dtype, as its text."""
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        return value.item()
    return sorted(value, key=str) if isinstance(value, (set, frozenset)) else str(value)


def _tag_floats(value):
    """JSON has no infinity and no NaN: they travel as {"$py": "float", "value": "inf"}, as in configurations."""
    if isinstance(value, float) and not math.isfinite(value):
        return {"$py": "float", "value": repr(value)}
    if isinstance(value, dict):
        return {key: _tag_floats(v) for key, v in value.items()}
    return [_tag_floats(v) for v in value] if isinstance(value, (list, tuple)) else value


def _write(line):
    with _writing:
        _output.write(line)
        _output.flush()


_OUT_OF_MEMORY_CLASSES = {"MemoryError", "OutOfMemoryError"}
_OUT_OF_MEMORY_TEXTS = ("out of memory", "can't allocate memory", "not enough memory")


def _failure(error):
    return {
        "kind": _kind(error),
        "type": type(error).__name__,
        "message": str(error),
        "traceback": "".join(traceback.format_exception(type(error), error, error.__traceback__)),
    }


def _kind(error):
    if isinstance(error, BadRequest):
        return "bad-request"
    if isinstance(error, (NotSupported, NotImplementedError)):
        return "not-supported"
    while error is not None:
        text = str(error).lower()
        by_name = any(c.__name__ in _OUT_OF_MEMORY_CLASSES for c in type(error).__mro__)
        # torch reports a failed allocation on the CPU as a bare RuntimeError.
        if by_name or (isinstance(error, RuntimeError) and any(t in text for t in _OUT_OF_MEMORY_TEXTS)):
            return "out-of-memory"
        error = error.__cause__
    return "failed"


# --- lifetime ---


def _point_at_null(fd):
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, fd)
    os.close(null)


def _kill_group():
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)  # started by hand: the group is the terminal's


def _die_with_parent():
    if os.getppid() <= 1 or not sys.platform.startswith("linux"):
        return  # in a container the parent is a starter that ends soon
    try:
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    except (ImportError, OSError, AttributeError):
        pass  # the reader thread and the guard remain


def _start_guard(source):
    """Forks the guard: it waits, without reading, until the host's end of stdin or this process is gone."""
    leader = os.getpid()
    if os.getpgrp() != leader:
        return
    seen_by_guard, held_here = os.pipe()
    if os.fork() > 0:
        os.close(seen_by_guard)
        _close_in_forks(held_here)
        return
    try:
        _guard(leader, (source, seen_by_guard))
    finally:
        os._exit(0)


def _close_in_forks(fd):
    """Only this process must hold `fd`: in a fork it is closed, once, as the number may then mean something else."""
    held = [fd]
    os.register_at_fork(after_in_child=lambda: os.close(held.pop()) if held else None)


def _guard(leader, watched):
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    kept = sorted(watched)
    limit = max(os.sysconf("SC_OPEN_MAX") if os.sysconf("SC_OPEN_MAX") < 65536 else 65536, kept[-1] + 1)
    for low, high in zip([-1, *kept], [*kept, limit]):
        os.closerange(low + 1, high)
    poll = select.poll()
    for fd in kept:
        poll.register(fd, 0)  # hang-up only
    while not poll.poll():
        pass
    os.killpg(leader, signal.SIGKILL)


# --- what /proc says ---


def _status_bytes(field):
    try:
        with open("/proc/self/status") as file:
            for line in file:
                if line.startswith(field + ":"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return None


def _descendant_ticks():
    """Clock ticks used by each living descendant and by the children it waited for."""
    parents, ticks = {}, {}
    for name in os.listdir("/proc") if os.path.isdir("/proc/self") else ():
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as file:
                    fields = file.read().rpartition(")")[2].split()
            except OSError:
                continue  # it ended meanwhile
            parents[int(name)] = int(fields[1])
            ticks[int(name)] = sum(int(f) for f in fields[11:15])
    mine = os.getpid()
    return {pid: used for pid, used in ticks.items() if pid != mine and _descends(pid, mine, parents)}


def _descends(pid, ancestor, parents):
    while pid in parents:
        pid = parents[pid]
        if pid == ancestor:
            return True
    return False


def _cpu_quota():
    """The tightest CPU quota on the way up the control groups, in processors; None without one."""
    quotas = [q for folder in _cgroup_folders() for q in (_quota_v2(folder), _quota_v1(folder)) if q is not None]
    return min(quotas, default=None)


def _cgroup_folders():
    try:
        with open("/proc/self/cgroup") as file:
            entries = [line.rstrip("\n").split(":", 2) for line in file]
    except OSError:
        return
    for _, controllers, path in entries:
        if controllers and "cpu" not in controllers.split(","):
            continue
        root = "/sys/fs/cgroup/" + controllers
        while True:
            yield root + path
            if path in ("", "/"):
                break
            path = os.path.dirname(path)


def _quota_v2(folder):
    try:
        with open(os.path.join(folder, "cpu.max")) as file:
            quota, period = file.read().split()
    except (OSError, ValueError):
        return None
    return None if quota == "max" else int(quota) / int(period)


def _quota_v1(folder):
    try:
        with open(os.path.join(folder, "cpu.cfs_quota_us")) as quota, open(os.path.join(folder, "cpu.cfs_period_us")) as period:
            value = int(quota.read())
            return value / int(period.read()) if value > 0 else None
    except (OSError, ValueError):
        return None
