"""What a worker raises, and how any exception becomes an error reply."""

import traceback

OUT_OF_MEMORY_CLASSES = {"MemoryError", "OutOfMemoryError"}
OUT_OF_MEMORY_TEXTS = ("out of memory", "can't allocate memory", "not enough memory")

# Of these kinds an error may be the keys' fault; `observed.py` says which keys, and where.
REFUSALS = ("failed", "not-supported")


class NotSupported(Exception):
    """The engine cannot do what was asked."""


class BadRequest(Exception):
    """The request breaks the protocol."""


def failure_of(error):
    """The error of a reply: the engine's own class, text and traceback, and the kind that decides lem's error code."""
    kind, refusal = kind_of(error), getattr(error, "lem_refusal", None)
    return {
        "kind": kind,
        "type": type(error).__name__,
        "message": str(error),
        "traceback": "".join(traceback.format_exception(type(error), error, error.__traceback__)),
        **({"refusal": refusal} if refusal is not None and kind in REFUSALS else {}),
    }


def kind_of(error):
    if isinstance(error, BadRequest):
        return "bad-request"
    if isinstance(error, (NotSupported, NotImplementedError)):
        return "not-supported"
    while error is not None:
        text = str(error).lower()
        by_name = any(c.__name__ in OUT_OF_MEMORY_CLASSES for c in type(error).__mro__)
        # torch reports a failed allocation on the CPU as a bare RuntimeError.
        if by_name or (isinstance(error, RuntimeError) and any(t in text for t in OUT_OF_MEMORY_TEXTS)):
            return "out-of-memory"
        error = error.__cause__
    return "failed"
