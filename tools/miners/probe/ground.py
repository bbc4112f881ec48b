"""Values of expressions of the engine's source that no user value enters."""

import enum
import importlib
import importlib.util
import inspect
import tokenize

from attempt import to_line
from names import Missing, class_name, find, mro_names
from values import encode, encode_object, is_data, reference_of


class Ground:
    """Answers ground questions in a forked child."""

    def __init__(self, package, listener):
        self._package = package
        listener.install()

    def answer(self, question):
        return to_line(self._answer(question))

    def _answer(self, question):
        file = self._package.file_of(question["path"])
        if file is None:
            return unavailable("the file is not in the package")
        try:
            text = cut(file, question["span"])
            code = compile(f"({text}\n)", file, "eval")
            names = namespace(question)
        except Exception as error:
            return unavailable(type(error).__name__)
        try:
            value = eval(code, names)
        except Exception as error:
            return {"kind": "raises", "exception": class_name(type(error))}
        return answer_for(value)


def unavailable(reason):
    return {"kind": "unavailable", "reason": reason}


def cut(file, span):
    """The source text of a span; columns are UTF-16 units."""
    with tokenize.open(file) as opened:
        lines = opened.read().split("\n")[span["line"] - 1 : span["endLine"]]
    end = place_of(lines[-1], span["endColumn"])
    start = place_of(lines[0], span["column"])
    lines[-1] = lines[-1][:end]
    lines[0] = lines[0][start:]
    return "\n".join(lines)


def place_of(line, units):
    return units if line.isascii() else len(line.encode("utf-16-le")[: 2 * units].decode("utf-16-le"))


def namespace(question):
    module = importlib.import_module(question["module"])
    names = dict(vars(module))
    package = getattr(module, "__package__", None) or question["module"]
    for each in question["imports"]:
        source = importlib.util.resolve_name(each["module"], package)
        imported = importlib.import_module(source)
        if each["name"] is not None:
            imported = find(f"{source}.{each['name']}")
        names[each["as"]] = imported
    return names


def answer_for(value):
    """The answer that tells a value: as data where it has that form."""
    if is_data(value):
        return {"kind": "value", "value": encode(value)}
    if not isinstance(value, type) and not inspect.ismodule(value) and not callable(value):
        constant = encode_object(value, 0)
        if "__reference__" in constant["value"]["attributes"]:
            return {"kind": "value", "value": constant}
    named = class_name(value) if isinstance(value, type) else class_name(type(value))
    answer = {"kind": "opaque", "type": named, "attributes": public_names(value)}
    if inspect.ismodule(value):
        held = {name: vars(value)[name] for name in answer["attributes"] if name in vars(value)}
        answer["types"] = {name: class_name(type(each)) for name, each in held.items()}
        answer["constants"] = {name: encode_object(each, 0) for name, each in held.items() if is_constant(each)}
    if isinstance(value, type):
        answer["mro"] = mro_names(value)
    if isinstance(value, type) and issubclass(value, enum.Enum):
        answer["members"] = {name: encode(member) for name, member in value.__members__.items()}
    return answer


def is_constant(value):
    """Whether an object is the one that its text names: no function, class, module or data."""
    return not callable(value) and not inspect.ismodule(value) and reference_of(value) is not None


def public_names(value):
    try:
        return sorted(name for name in dir(value) if not name.startswith("_"))
    except Exception:
        return []


def resolve(name):
    """The answer for a dotted name."""
    try:
        return answer_for(find(name))
    except Missing:
        return unavailable("there is no such name")
    except Exception as error:
        return {"kind": "raises", "exception": class_name(type(error))}
