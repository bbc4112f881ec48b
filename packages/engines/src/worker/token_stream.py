"""Reports the tokens of one run."""

import threading
import time

MAX_TOKENS_PER_LINE = 256
FLUSH_S = 0.25


class Pending:
    """What is not yet written of one request."""

    __slots__ = ("finished", "ids", "submitted", "times")

    def __init__(self, submitted):
        self.submitted, self.ids, self.times, self.finished = submitted, [], [], None


class TokenStream:
    """Writes tokens in bulk, each at most 250 ms after it arrived, also while the engine stalls.

        with TokenStream(emit) as stream:           # emits `origin`
            stream.submitted(0)
            stream.token(0, 1234)                   # in the token loop
            stream.finished(0, input_tokens=7, output_tokens=1, finish="length", timing="token")

    A token costs one clock reading and two appends, without a lock, and a request's begin and end cost no writing
    either: many requests begin and end at the same instants, and would wait for one another's lines. A thread of the
    stream's own writes what has come together. Call it from one thread at a time. `t_ns` arguments are offsets from
    `origin_ns`; left out, they are now.
    """

    def __init__(self, emit):
        self._emit = emit
        self._pending = {}
        self._writing = threading.Lock()
        self._over = threading.Event()
        self._writer = threading.Thread(target=self._write_regularly, name="lem-tokens", daemon=True)
        self.origin_ns = None

    def __enter__(self):
        self._writer.start()
        self.origin_ns = time.monotonic_ns()
        self._emit({"event": "origin", "origin_ns": self.origin_ns})
        return self

    def __exit__(self, *_):
        self._over.set()
        self._writer.join()
        self.flush()

    def now(self):
        """Nanoseconds since the origin."""
        return time.monotonic_ns() - self.origin_ns

    def submitted(self, r, t_ns=None):
        """Request `r` goes to the engine now: call it just before."""
        self._pending[r] = Pending({"event": "submitted", "r": r, "t_ns": self.now() if t_ns is None else t_ns})

    def token(self, r, token, t_ns=None):
        """One output token of request `r`, an int, has arrived. `t_ns` lets a batch share one instant."""
        if t_ns is None:
            t_ns = time.monotonic_ns() - self.origin_ns
        pending = self._pending[r]
        pending.ids.append(token)
        pending.times.append(t_ns)  # last: a token is complete, and may be written, once its time is there
        if len(pending.ids) >= MAX_TOKENS_PER_LINE:
            self._write(r)

    def finished(self, r, *, input_tokens, output_tokens, finish, timing, t_ns=None):
        """Request `r` is complete; the counts are the engine's own."""
        self._pending[r].finished = {
            "event": "finished", "r": r, "t_ns": self.now() if t_ns is None else t_ns, "input_tokens": input_tokens,
            "output_tokens": output_tokens, "finish": finish, "timing": timing,
        }  # fmt: skip

    def flush(self):
        """Writes what has come together, of all requests."""
        for r in list(self._pending):
            self._write(r)

    def _write_regularly(self):
        while not self._over.wait(FLUSH_S):
            self.flush()

    def _write(self, r):
        with self._writing:  # until written, so that lines keep their order
            pending = self._pending.get(r)
            if pending is None:
                return
            finished = pending.finished  # read first: whoever sees the end sees all tokens before it
            if pending.submitted is not None:
                self._emit(pending.submitted)
                pending.submitted = None
            self._write_tokens(r, pending)
            if finished is not None:
                self._emit(finished)
                del self._pending[r]

    def _write_tokens(self, r, pending):
        count = len(pending.times)
        if count > 0:
            tokens = {"event": "tokens", "r": r, "ids": pending.ids[:count], "t_ns": pending.times[:count]}
            del pending.ids[:count], pending.times[:count]
            self._emit(tokens)
