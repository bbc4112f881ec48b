"""Makes random configurations of an engine's classes, and prints where inside the package each refusal came from, and
which functions of the package ran: the facts that the inventory must foresee. Arguments: package, its classes as JSON
[[dotted name, [methods]]], how many to make, seed."""
import importlib
import inspect
import json
import logging
import random
import sys
import traceback
import warnings

package, classes, wanted, seed = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
warnings.simplefilter("ignore")
module = importlib.import_module(package)
root = module.__path__[0][: -len(package)]
draw = random.Random(seed)
VALUES = [None, True, False, 0, 1, 2, 4, 8, -1, 0.5, 1.5, float("nan"), "static", "auto", "x", "float16", [1], [], {}, (1, 2),
          {"a": {"b": 1}}, {"context_width": 3}]


def load(dotted):
    holder, name = dotted.rsplit(".", 1)
    return getattr(importlib.import_module(holder), name)


def names(cls):
    """The constructor's parameters, or for one that takes anything the attributes that it makes of them."""
    found = [name for name, each in inspect.signature(cls.__init__).parameters.items() if each.kind not in (2, 4)]
    if len(found) > 1:
        return found[1:]
    try:
        return [name for name in vars(cls()) if not name.startswith("_")]
    except ImportError:
        return []


made = [(load(name), methods) for name, methods in classes]
fields = {cls: names(cls) for cls, _ in made}
ran, refusals = set(), {}


def watch(frame, event, _):
    if event == "call" and frame.f_code.co_filename.startswith(root + package):
        code = frame.f_code
        ran.add((code.co_filename[len(root):], getattr(code, "co_qualname", code.co_name)))


def note(error):
    frames = [each for each in traceback.extract_tb(error.__traceback__) if each.filename.startswith(root + package)]
    if frames:
        last = frames[-1]
        key = (last.filename[len(root):], last.lineno, last.end_lineno, type(error).__name__)
        refusals[key] = refusals.get(key, 0) + 1


logging.disable(logging.CRITICAL)
sys.setprofile(watch)
for _ in range(wanted):
    cls, methods = draw.choice(made)
    chosen = draw.sample(fields[cls], min(len(fields[cls]), draw.randint(0, 4)))
    try:
        config = cls(**{name: draw.choice(VALUES) for name in chosen})
        for method in methods:
            getattr(config, method)()
    except Exception as error:
        note(error)
sys.setprofile(None)
print(json.dumps({"ran": sorted(ran), "refusals": [[*key, count] for key, count in sorted(refusals.items())]}))
