"""Prints, for each file named on stdin, CPython's own syntax tree in the shape of the miner's nodes, one JSON line each.
Only facts that both sides know: no positions, match patterns as null."""
import ast
import json
import sys

BINARY = {"Add": "+", "Sub": "-", "Mult": "*", "Div": "/", "FloorDiv": "//", "Mod": "%", "Pow": "**", "LShift": "<<",
          "RShift": ">>", "BitOr": "|", "BitAnd": "&", "BitXor": "^", "MatMult": "@"}
COMPARE = {"Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "Eq": "==", "NotEq": "!=", "In": "in", "NotIn": "not in",
           "Is": "is", "IsNot": "is not"}
UNARY = {"UAdd": "+", "USub": "-", "Invert": "~", "Not": "not"}
RENAMED = {("ExceptHandler", "type"): "type", ("withitem", "context_expr"): "context", ("withitem", "optional_vars"): "target",
           ("AnnAssign", "simple"): None, ("FormattedValue", "format_spec"): "format", ("Import", "names"): "names",
           ("keyword", "arg"): "name", ("alias", "asname"): "alias"}
DROPPED = {"ctx", "type_comment", "type_ignores", "type_params"}
STAR = {"TryStar": "Try"}


def literal(value):
    if value is None:
        return {"type": "none"}
    if value is Ellipsis:
        return {"type": "ellipsis"}
    if isinstance(value, bool):
        return {"type": "bool", "value": value}
    if isinstance(value, int):
        return {"type": "int", "value": hex(value)}
    if isinstance(value, float):
        return {"type": "float", "value": repr(value) if value in (float("inf"),) else value}
    if isinstance(value, complex):
        return {"type": "complex", "value": value.imag}
    if isinstance(value, bytes):
        return {"type": "bytes", "value": value.decode("latin1")}
    return {"type": "str", "value": value}


def params(args):
    found = []
    positional = args.posonlyargs + args.args
    defaults = [None] * (len(positional) - len(args.defaults)) + args.defaults
    for index, (arg, default) in enumerate(zip(positional, defaults)):
        found.append(param(arg, "positional" if index < len(args.posonlyargs) else "any", default))
    if args.vararg:
        found.append(param(args.vararg, "args", None))
    for arg, default in zip(args.kwonlyargs, args.kw_defaults):
        found.append(param(arg, "keyword", default))
    if args.kwarg:
        found.append(param(args.kwarg, "kwargs", None))
    return found


def param(arg, role, default):
    return {"kind": "param", "name": arg.arg, "role": role, "annotation": shape(arg.annotation), "default": shape(default)}


def function(node):
    return {"kind": "FunctionDef", "name": node.name, "params": params(node.args), "returns": shape(node.returns),
            "decorators": shape(node.decorator_list), "body": shape(node.body),
            "isAsync": isinstance(node, ast.AsyncFunctionDef)}


def shape(node):
    if isinstance(node, list):
        return [shape(item) for item in node]
    if not isinstance(node, ast.AST):
        return node
    name = type(node).__name__
    if name == "Constant":
        return {"kind": "Constant", "literal": literal(node.value)}
    if name in ("FunctionDef", "AsyncFunctionDef"):
        return function(node)
    if name == "ClassDef":
        return {"kind": name, "name": node.name, "bases": shape(node.bases), "keywords": shape(node.keywords),
                "decorators": shape(node.decorator_list), "body": shape(node.body)}
    if name == "Lambda":
        return {"kind": name, "params": params(node.args), "body": shape(node.body)}
    if name == "match_case":
        return {"guard": shape(node.guard), "body": shape(node.body)}
    if name in BINARY or name in COMPARE or name in UNARY:
        return BINARY.get(name) or COMPARE.get(name) or UNARY[name]
    if name in ("And", "Or"):
        return name.lower()
    return fields(node, name)


def fields(node, name):
    kind = {"AsyncFor": "For", "AsyncWith": "With", "TryStar": "Try"}.get(name, name)
    found = {} if kind in ("comprehension", "keyword", "alias", "withitem", "ExceptHandler") else {"kind": kind}
    for field, value in ast.iter_fields(node):
        renamed = RENAMED.get((name, field), field)
        if field in DROPPED or renamed is None:
            continue
        if name == "FormattedValue" and field == "conversion":
            value = None if value == -1 else chr(value)
        if name == "ImportFrom" and field == "module":
            value = value or ""
        if name == "comprehension" and field == "is_async":
            renamed, value = "isAsync", bool(value)
        found[renamed] = shape(value)
    if kind in ("For", "With"):
        found["isAsync"] = name.startswith("Async")
    return found


for line in sys.stdin:
    with open(line.rstrip("\n"), "rb") as file:
        print(json.dumps(shape(ast.parse(file.read()).body)), flush=True)
