"""Python values that JSON cannot say, as configurations carry them: {"$py": "float", "value": "1.0"}."""

import base64

from failures import BadRequest


def untagged(value):
    """The value with every tag replaced by what it stands for."""
    if isinstance(value, list):
        return [untagged(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "$py" not in value:
        return {key: untagged(inner) for key, inner in value.items()}
    kind, inner = value["$py"], value.get("value")
    if kind not in KINDS:
        raise BadRequest(f"no Python type {kind!r} can be given")
    return KINDS[kind](inner)


KINDS = {
    "float": float,
    "tuple": lambda items: tuple(untagged(items)),
    "set": lambda items: set(untagged(items)),
    "bytes": base64.b64decode,
    "dict": lambda pairs: {untagged(key): untagged(inner) for key, inner in pairs},
}
