"""Lifts the keywords of a Python function, with JSON types and defaults, from its source: nothing is called.

A keyword is an argument of the signature, or one that the body takes out of its `**kwargs`. Its type comes from its
annotation, else from the type notation in the docstring, else from its default. What cannot be said in JSON types is
left unrestricted, so that a schema never refuses what the engine would take.
"""

import ast
import inspect
import itertools
import re
import textwrap

NAMES = {
    "bool": "boolean", "int": "integer", "float": "number", "str": "string", "None": "null",
    "dict": "object", "Dict": "object", "list": "array", "List": "array", "tuple": "array", "Tuple": "array",
    "set": "array", "Sequence": "array", "Iterable": "array", "Mapping": "object",
    "PathLike": "string", "Path": "string", "dtype": "string", "device": "string",
}  # fmt: skip
# No configuration file can hold these: beside another alternative they add nothing.
NEVER_IN_FILES = {"Callable", "_Callable", "Module", "PreTrainedModel"}
UNKNOWN = object()


class Keyword:
    """One keyword: a JSON Schema (empty: unrestricted), its default where the source states one as a literal, and what the
    documentation says of it."""

    def __init__(self, schema, default=UNKNOWN, words=""):
        self.schema = schema
        self.default = default
        self.words = words


def keywords(function, documentation=""):
    """Keywords of a function by name; `documentation` is read besides its own docstring."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    return of_tree(tree, f"{documentation}\n{ast.get_docstring(tree) or ''}")


def of_tree(tree, documentation=""):
    documented = documented_types(documentation)
    words = documented_words(documentation)
    found = {}
    for name, annotation, default in [*signature(tree), *taken_from_kwargs(tree)]:
        if not name.startswith("_") and name not in found:
            found[name] = keyword(name, annotation, default, documented)
            found[name].words = words.get(name, "")
    return found


def keyword(name, annotation, default, documented):
    schema = schema_of(annotation) if annotation is not None else documented.get(name, UNKNOWN)
    value = literal(default)
    if schema is UNKNOWN and annotation is None and name not in documented:
        schema = by_default(value)
    return Keyword(with_null({} if schema is UNKNOWN else schema, value), value)


def signature(tree):
    given = tree.args
    positional = [*given.posonlyargs, *given.args]
    pairs = zip(positional, [None] * (len(positional) - len(given.defaults)) + list(given.defaults))
    for argument, default in [*pairs, *zip(given.kwonlyargs, given.kw_defaults)]:
        if argument.arg not in ("self", "cls"):
            yield argument.arg, argument.annotation, default


def taken_from_kwargs(tree):
    """`kwargs.pop("x", default)`, `kwargs.get("x")` and `"x" in kwargs`; an annotated assignment gives the type."""
    name = tree.args.kwarg.arg if tree.args.kwarg else None
    annotated = {id(node.value): node.annotation for node in ast.walk(tree) if isinstance(node, ast.AnnAssign)}
    for node in ast.walk(tree) if name else ():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("pop", "get"):
            if is_name(node.func.value, name) and node.args and is_text(node.args[0]):
                default = node.args[1] if len(node.args) > 1 else None
                yield node.args[0].value, annotated.get(id(node)), default
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In) and is_text(node.left):
            if is_name(node.comparators[0], name):
                yield node.left.value, None, None


def is_name(node, name):
    return isinstance(node, ast.Name) and node.id == name


def is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def literal(node):
    try:
        return UNKNOWN if node is None else ast.literal_eval(node)
    except ValueError:
        return UNKNOWN


def by_default(value):
    for kind, name in ((bool, "boolean"), ((int, float), "number")):  # a text may stand beside other types
        if isinstance(value, kind):
            return {"type": name}
    return {}


def with_null(schema, default):
    if default is not None or not schema:
        return schema
    return union([schema, {"type": "null"}])


# --- types ---


def documented_types(text):
    """Types as docstrings write them: a name, then in parentheses one or more types in backticks."""
    found = {}
    for line in text.splitlines():
        match = re.match(r"\s*`?(\w+)`?\s*:?\s*\((.+)\)\s*:?\s*$", line)
        if match and "`" in match[2]:
            notation = re.split(r",\s*(?:\*|defaults)", match[2])[0].replace("`", "")
            found.setdefault(match[1], schema_of_text(notation))
    return found


def documented_words(text):
    """What docstrings write of a name: behind it and on the lines below that stand further in, white space made plain."""
    found = {}
    lines = text.splitlines()
    for place, line in enumerate(lines):
        match = re.match(r"(\s*)`?(\w+)`?\s*(?:\([^\n]*\))?\s*:(.*)$", line)
        if match:
            inside = match[1] + " "
            below = itertools.takewhile(lambda each: not each.strip() or each.startswith(inside), lines[place + 1 :])
            found.setdefault(match[2], " ".join("\n".join([match[3], *below]).split()))
    return found


def schema_of_text(notation):
    try:
        return schema_of(ast.parse(re.sub(r",?\s+or\s+", " | ", notation.strip()), mode="eval").body)
    except SyntaxError:
        return UNKNOWN


def schema_of(node):
    """JSON Schema of a type expression, or UNKNOWN."""
    if isinstance(node, ast.Constant):
        if node.value is None:
            return {"type": "null"}
        return schema_of_text(node.value) if isinstance(node.value, str) else UNKNOWN
    if isinstance(node, (ast.Name, ast.Attribute)):
        name = node.id if isinstance(node, ast.Name) else node.attr
        return {"type": NAMES[name]} if name in NAMES else UNKNOWN
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return alternatives([node.left, node.right])
    if isinstance(node, ast.Subscript):
        return schema_of_generic(node)
    return UNKNOWN


def schema_of_generic(node):
    name = node.value.id if isinstance(node.value, ast.Name) else getattr(node.value, "attr", "")
    inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if name == "Optional":
        return alternatives([*inner, ast.Constant(None)])
    if name == "Union":
        return alternatives(inner)
    if name == "Literal":
        values = [literal(item) for item in inner]
        return UNKNOWN if UNKNOWN in values else {"enum": values}
    kind = NAMES.get(name)
    if kind == "object":
        # Only keys that are strings or integers can be written in a file.
        return {"type": "object"} if schema_of(inner[0]) in ({"type": "string"}, {"type": "integer"}) else UNKNOWN
    if kind != "array":
        return UNKNOWN
    item = schema_of(inner[0]) if name.lower() in ("list", "set", "sequence", "iterable") else UNKNOWN
    return {"type": "array"} if item is UNKNOWN else {"type": "array", "items": item}


def alternatives(nodes):
    possible = [node for node in nodes if name_of(node) not in NEVER_IN_FILES]
    schemas = [schema_of(node) for node in possible]
    return UNKNOWN if UNKNOWN in schemas or not schemas else union(schemas)


def name_of(node):
    inner = node.value if isinstance(node, ast.Subscript) else node
    return inner.id if isinstance(inner, ast.Name) else getattr(inner, "attr", None)


def union(schemas):
    """One schema for several: a list of types where that says it all, else `anyOf`; an empty one takes everything."""
    flat = []
    for schema in schemas:
        parts = schema["anyOf"] if "anyOf" in schema else [schema]
        for part in parts:
            kinds = part["type"] if isinstance(part.get("type"), list) else None
            flat.extend([{"type": kind} for kind in kinds] if kinds else [part])
    if {} in flat:
        return {}
    distinct = [schema for place, schema in enumerate(flat) if schema not in flat[:place]]
    if len(distinct) == 1:
        return distinct[0]
    if all(schema.keys() == {"type"} for schema in distinct):
        return {"type": sorted(schema["type"] for schema in distinct)}
    return {"anyOf": sorted(distinct, key=str)}
