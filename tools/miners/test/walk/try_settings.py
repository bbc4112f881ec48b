"""Makes objects as told by lines of standard input, and answers with what happened."""

import importlib
import json
import logging
import sys
import warnings

said = []


class Listener(logging.Handler):
    def emit(self, record):
        said.append(record.getMessage())


def untag(value):
    if isinstance(value, list):
        return [untag(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("$py") == "float":
        return float(value["value"])
    if value.get("$py") == "tuple":
        return tuple(untag(item) for item in value["value"])
    return {key: untag(item) for key, item in value.items()}


def attempt(module, request):
    del said[:]
    keywords = {name: untag(value) for name, value in request["keywords"].items()}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            made = getattr(module, request["entry"])(**keywords)
            if request["strict"] is not None:
                getattr(made, request["strict"])(strict=True)
        except Exception as error:
            return {"error": type(error).__name__}
    changed = {name: repr(getattr(made, name)) for name in keywords if hasattr(made, name) and getattr(made, name) != keywords[name]}
    return {"error": None, "warned": bool(said or caught), "changed": changed}


module = importlib.import_module(sys.argv[1])
logging.getLogger(sys.argv[1]).addHandler(Listener())
for line in sys.stdin:
    print(json.dumps(attempt(module, json.loads(line))), flush=True)
