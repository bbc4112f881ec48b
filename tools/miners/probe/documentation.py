"""What a class says of its parameters in words. Only the hash of each text leaves the probe."""

import ast
import functools
import hashlib
import inspect
import re
import sys
import textwrap
import typing

ENTRY = re.compile(r"^(\s*)`{0,2}(\w+)`{0,2}\s*(?:\([^\n]*\))?\s*:(.*)$")
DELEGATIONS = 3


def hashes(cls, names):
    """SHA-256 of the description of each name that has one, its white space made plain."""
    texts = {**of_doc_strings(cls), **of_attributes(cls), **of_metadata(cls)}
    plain = {name: " ".join(texts[name].split()) for name in names if name in texts}
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in sorted(plain.items()) if text}


def of_metadata(cls):
    """The descriptions that fields carry: pydantic's, those in `Annotated`, and a dataclass field's `help`."""
    found = {}
    try:
        hints = typing.get_type_hints(cls, include_extras=True)
    except Exception:
        hints = {}
    for name, hint in hints.items():
        for each in getattr(hint, "__metadata__", ()):
            keep(found, name, getattr(each, "description", None))
    for name, field in getattr(cls, "__dataclass_fields__", {}).items():
        keep(found, name, field.metadata.get("help"))
    for name, field in getattr(cls, "__pydantic_fields__", {}).items():
        keep(found, name, field.description)
        keep(found, field.validation_alias, field.description)
    return found


def keep(found, name, text):
    if isinstance(name, str) and isinstance(text, str):
        found[name] = text


@functools.lru_cache(maxsize=None)
def of_attributes(cls, depth=0):
    """Texts below the attributes in the class's source; of one whose value is another class's attribute, that one's."""
    found = {}
    for owner in reversed(cls.__mro__[:-1]):
        body = body_of(owner)
        for node, after in zip(body, [*body[1:], None]):
            name = name_of(node)
            text = text_of(after)
            if name is None:
                continue
            if text is None and depth < DELEGATIONS:
                other, attribute = named_elsewhere(owner, node.value)
                text = None if other is None else of_attributes(other, depth + 1).get(attribute)
            keep(found, name, text)
    return found


def body_of(owner):
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(owner))).body[0].body
    except (OSError, TypeError, SyntaxError, IndexError, AttributeError):
        return []


def name_of(node):
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return None


def text_of(node):
    value = node.value if isinstance(node, ast.Expr) else None
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def named_elsewhere(owner, value):
    """`Class.attribute`, or a call of something with `Class` and "attribute"."""
    cls, attribute = None, None
    if isinstance(value, ast.Attribute):
        cls, attribute = value.value, value.attr
    elif isinstance(value, ast.Call) and len(value.args) == 2 and isinstance(value.args[1], ast.Constant):
        cls, attribute = value.args[0], value.args[1].value
    if not isinstance(cls, ast.Name):
        return None, None
    found = getattr(sys.modules.get(owner.__module__), cls.id, None)
    return (found, attribute) if isinstance(found, type) else (None, None)


def of_doc_strings(cls):
    """Entries `name (type): text` and `name: text`, with the lines below that stand further in."""
    found = {}
    for owner in reversed(cls.__mro__[:-1]):
        for text in (owner.__dict__.get("__doc__"), getattr(owner.__dict__.get("__init__"), "__doc__", None)):
            if isinstance(text, str):
                found.update(entries_of(inspect.cleandoc(text).splitlines()))
    return found


def entries_of(lines):
    found = {}
    for place, line in enumerate(lines):
        match = ENTRY.match(line)
        if match:
            inside = match[1] + " "
            rest = [match[3]]
            for below in lines[place + 1 :]:
                if below.strip() and not below.startswith(inside):
                    break
                rest.append(below)
            found.setdefault(match[2], "\n".join(rest))
    return found
