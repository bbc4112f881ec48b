"""What CPython makes of predicates: a line {"s": source, "e": [environment...]} in, a line of results out."""

import base64
import json
import re
import resource
import sys
import types
import warnings

warnings.simplefilter("ignore")


class Yes:
    """An object of a foreign class, for which everything works and is true."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_: True

    __hash__ = object.__hash__
    __bool__ = lambda self: True
    __len__ = lambda self: 3
    __abs__ = __neg__ = lambda self: 3
    __iter__ = lambda self: iter([1])
    __contains__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = lambda self, other: True
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = lambda self, other: 1
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = __getitem__ = lambda self, other: 1


class No(Yes):
    """The same, and everything is false."""

    __getattr__ = lambda self, name: (lambda *_: False)
    __hash__ = object.__hash__
    __bool__ = lambda self: False
    __len__ = lambda self: 0
    __iter__ = lambda self: iter([])
    __contains__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = lambda self, other: False
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = lambda self, other: 0
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = __getitem__ = lambda self, other: 0


OBJECTS = {"Yes": Yes(), "No": No()}


def decode(json_value):
    if isinstance(json_value, list):
        return [decode(item) for item in json_value]
    if not isinstance(json_value, dict):
        return json_value
    if "$py" not in json_value:
        return {key: decode(value) for key, value in json_value.items()}
    return DECODERS[json_value["$py"]](json_value["value"])


DECODERS = {
    "float": float,
    "int": int,
    "tuple": lambda items: tuple(map(decode, items)),
    "set": lambda items: set(map(decode, items)),
    "frozenset": lambda items: frozenset(map(decode, items)),
    "bytes": base64.b64decode,
    "dict": lambda pairs: {decode(key): decode(value) for key, value in pairs},
    "object": lambda value: OBJECTS[value["class"]],
}


def encode(value):
    kind = type(value)
    if value is None or kind in (bool, str):
        return value
    if kind is int:
        return value if abs(value) < 2**53 else {"$py": "int", "value": str(value)}
    if kind is float:
        return {"$py": "float", "value": repr(value)}
    if kind is list:
        return [encode(item) for item in value]
    if kind is tuple:
        return {"$py": "tuple", "value": [encode(item) for item in value]}
    if kind in (set, frozenset):
        return {"$py": kind.__name__, "value": sorted((encode(item) for item in value), key=json.dumps)}
    if kind is bytes:
        return {"$py": "bytes", "value": base64.b64encode(value).decode()}
    if kind is dict:
        return {"$py": "dict", "value": [[encode(key), encode(inner)] for key, inner in value.items()]}
    return {"$py": "other", "value": kind.__name__}


def raises(function, exception):
    try:
        function()
    except exception:
        return True
    return False


SAFE = (
    "abs all any bool bytes dict float frozenset hasattr int isinstance len list max min object set sorted str sum "
    "tuple type zip Exception TypeError ValueError AttributeError ArithmeticError ZeroDivisionError OverflowError "
    "LookupError IndexError KeyError"
).split()
BUILTINS = {name: __builtins__.__dict__[name] for name in SAFE}


def evaluate(code, environment):
    fields = {name: decode(value) for name, value in environment["self"].items()}
    names = {
        "__builtins__": BUILTINS,
        "re": re,
        "raises": raises,
        "self": types.SimpleNamespace(**fields),
        "given": environment["given"],
        "defaults": {name: decode(value) for name, value in environment["defaults"].items()},
        "facts": {name: decode(value) for name, value in environment["facts"].items()},
        "domains": {name: decode(value) for name, value in environment["domains"].items()},
    }
    try:
        value = eval(code, names)
        return {"value": encode(value), "truth": bool(value)}
    except Exception as error:
        return {"raises": type(error).__name__}


def kind(answer):
    """All that matters when completions are compared."""
    return answer.get("truth", "raises")


resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))
resource.setrlimit(resource.RLIMIT_CPU, (300, 300))
sys.set_int_max_str_digits(0)
for line in sys.stdin:
    case = json.loads(line)
    code = compile(case["s"], "case", "eval")
    answers = []
    for environment in case["e"]:
        answers.append(evaluate(code, environment))
        if len(answers) >= 8 and len({kind(answer) for answer in answers}) > 1:
            break
    print(json.dumps(answers), flush=True)
