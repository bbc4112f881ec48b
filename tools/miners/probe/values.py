"""Python values as tagged JSON and back, in the forms of the predicate language.

What JSON lacks is {"$py": type, "value": ...}. An object of any other class is {"class", "mro", "attributes"}; one that
is a constant of some module (a dtype, say) has its dotted name as the attribute __reference__. Values of a subclass of
a built-in type, such as members of a str Enum, are given as that type: they are equal to it.
"""

import base64
import enum
import re

from names import Missing, class_name, find, mro_names

EXACT = 2**53
MAX_DEPTH = 8
MAX_ITEMS = 2000
DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+\Z")
UNPLAIN_KEY = re.compile(r"(\d+|\$py|__proto__)\Z")
REFERENCE = "__reference__"


class Undecodable(Exception):
    """The value cannot be made here."""


def tagged(kind, value):
    return {"$py": kind, "value": value}


def encode(value, depth=0):
    encoder = ENCODERS.get(type(value))
    if encoder is not None:
        return encoder(value, depth)
    for base in (bool, int, float, str, bytes, list, tuple, dict, set, frozenset):
        if isinstance(value, base):
            return ENCODERS[base](plain(value, base), depth)
    return encode_object(value, depth)


def plain(value, base):
    if isinstance(value, enum.Enum) and base in (int, float, str, bytes):
        return base(value.value)
    try:
        return base(value)
    except Exception:
        return base()


def encode_int(value, _depth):
    return value if -EXACT < value < EXACT else tagged("int", str(value))


def encode_list(value, depth):
    return encode_items(value, depth) if depth < MAX_DEPTH and len(value) <= MAX_ITEMS else opaque(value)


def encode_items(items, depth):
    return [encode(item, depth + 1) for item in items]


def sequence(kind):
    def encoder(value, depth):
        items = encode_list(value, depth)
        return tagged(kind, items) if isinstance(items, list) else items

    return encoder


def unordered(kind):
    def encoder(value, depth):
        items = encode_list(list(value), depth)
        return tagged(kind, sorted(items, key=repr)) if isinstance(items, list) else items

    return encoder


def encode_dict(value, depth):
    if depth >= MAX_DEPTH or len(value) > MAX_ITEMS:
        return opaque(value)
    if all(type(key) is str and not UNPLAIN_KEY.match(key) for key in value):
        return {key: encode(item, depth + 1) for key, item in value.items()}
    return tagged("dict", [[encode(key, depth + 1), encode(item, depth + 1)] for key, item in value.items()])


ENCODERS = {
    type(None): lambda value, _: value,
    bool: lambda value, _: value,
    str: lambda value, _: value,
    int: encode_int,
    float: lambda value, _: tagged("float", repr(value)),
    bytes: lambda value, _: tagged("bytes", base64.b64encode(value).decode()),
    list: encode_list,
    tuple: sequence("tuple"),
    set: unordered("set"),
    frozenset: unordered("frozenset"),
    dict: encode_dict,
}


def encode_object(value, depth):
    if isinstance(value, type):
        return described(type, {REFERENCE: class_name(value)})
    if isinstance(value, enum.Enum):
        return described(type(value), {"name": value.name, "value": encode(value.value, depth + 1)})
    reference = reference_of(value)
    if reference is not None:
        return described(type(value), {REFERENCE: reference})
    if depth >= MAX_DEPTH // 2:
        return opaque(value)
    return described(type(value), {name: encode(item, depth + 1) for name, item in attributes(value).items()})


def described(cls, known):
    return tagged("object", {"class": class_name(cls), "mro": mro_names(cls), "attributes": known})


def opaque(value):
    return described(type(value), {})


def reference_of(value):
    """The dotted name that an object shows as its text, if it leads back to the object."""
    if type(value).__repr__ is object.__repr__ or hasattr(value, "__dict__"):
        return None
    try:
        text = repr(value)
        return text if DOTTED.match(text) and find(text) is value else None
    except Exception:
        return None


def attributes(value):
    """Public attributes that an object itself holds."""
    names = [*getattr(value, "__struct_fields__", ()), *getattr(value, "__dict__", {})]
    found = {}
    for name in names:
        if not name.startswith("_"):
            try:
                found[name] = getattr(value, name)
            except Exception:
                continue
    return found


def is_data(value, depth=0):
    """Whether a value is made of built-in types and Enum members alone, so that nothing is lost in its JSON form."""
    if value is None or isinstance(value, (bool, int, float, str, bytes, enum.Enum)):
        return True
    if depth >= MAX_DEPTH or type(value) not in (list, tuple, set, frozenset, dict) or len(value) > MAX_ITEMS:
        return False
    parts = [part for pair in value.items() for part in pair] if type(value) is dict else value
    return all(is_data(part, depth + 1) for part in parts)


def decode(value):
    kind = type(value)
    if kind is list:
        return [decode(item) for item in value]
    if kind is not dict:
        return value
    if "$py" not in value:
        return {key: decode(item) for key, item in value.items()}
    try:
        return DECODERS[value["$py"]](value.get("value"))
    except Undecodable:
        raise
    except Exception as error:
        raise Undecodable(f"{value['$py']}: {type(error).__name__}") from error


def decode_object(value):
    known = value.get("attributes", {})
    if REFERENCE in known:
        return find(known[REFERENCE])
    try:
        cls = find(value["class"])
    except Missing as error:
        raise Undecodable(f"no class {error}") from None
    if issubclass(cls, enum.Enum):
        return cls[known["name"]]
    return cls(**{name: decode(item) for name, item in known.items()})


DECODERS = {
    "float": float,
    "int": int,
    "bytes": base64.b64decode,
    "list": lambda items: [decode(item) for item in items],
    "tuple": lambda items: tuple(decode(item) for item in items),
    "set": lambda items: {decode(item) for item in items},
    "frozenset": lambda items: frozenset(decode(item) for item in items),
    "dict": lambda pairs: {decode(key): decode(item) for key, item in pairs},
    "object": decode_object,
}
