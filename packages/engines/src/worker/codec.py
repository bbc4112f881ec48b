"""Protocol lines from and to Python values."""

import json
import math

from failures import BadRequest


def parse_request(line):
    """One request; raises BadRequest for anything else."""
    try:
        request = json.loads(line)
    except ValueError as error:
        raise BadRequest(f"not JSON: {error}") from error
    if not isinstance(request, dict) or not isinstance(request.get("id"), int) or not isinstance(request.get("op"), str):
        raise BadRequest("a request is an object with an integer `id` and a string `op`")
    return request


def encode(message):
    """One line. What JSON cannot say is written as `plain` and `tagged` have it."""
    try:
        text = json.dumps(message, separators=(",", ":"), default=plain, allow_nan=False)
    except ValueError:
        text = json.dumps(tagged(message), separators=(",", ":"), default=plain, allow_nan=False)
    return text.encode() + b"\n"


def plain(value):
    """Scalars of numpy and torch as numbers; sets as lists; anything else, such as a dtype, as its text."""
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        return value.item()
    return sorted(value, key=str) if isinstance(value, (set, frozenset)) else str(value)


def tagged(value):
    """JSON has no infinity and no NaN: they travel as {"$py": "float", "value": "inf"}, as in configurations."""
    if isinstance(value, dict):
        return {key: tagged(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [tagged(inner) for inner in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else {"$py": "float", "value": float.__repr__(value)}
    return value if value is None or isinstance(value, (int, str)) else tagged(plain(value))
