"""pydantic's core schema as data: what each validator checks, in its own words. Functions become their names."""

import enum

from names import class_name, mro_names
from shapes import enum_shape
from values import encode

FACTS = {
    "int": ("strict", "gt", "ge", "lt", "le", "multiple_of"),
    "float": ("strict", "gt", "ge", "lt", "le", "multiple_of", "allow_inf_nan"),
    "str": ("strict", "min_length", "max_length", "pattern", "strip_whitespace", "to_lower", "to_upper"),
    "bytes": ("strict", "min_length", "max_length"),
    "bool": ("strict",),
    "list": ("strict", "min_length", "max_length"),
    "set": ("strict", "min_length", "max_length"),
    "frozenset": ("strict", "min_length", "max_length"),
    "dict": ("strict", "min_length", "max_length"),
    "tuple": ("strict", "min_length", "max_length", "variadic_item_index"),
    "union": ("mode", "strict"),
    "nullable": ("strict",),
}
INNER = {"items_schema": "items", "keys_schema": "keys", "values_schema": "values", "schema": "of"}
MAX_DEPTH = 24


class Core:
    """Reads one class's schema."""

    def __init__(self, schema):
        self._named = {}
        self._collect(schema)
        self._root = schema
        self._depth = 0

    def _collect(self, schema):
        if isinstance(schema, dict):
            if isinstance(schema.get("ref"), str):
                self._named[schema["ref"]] = schema
            for value in schema.values():
                self._collect(value)
        elif isinstance(schema, (list, tuple)):
            for value in schema:
                self._collect(value)

    def entry(self):
        """The fields of a model or dataclass, and the validators around them, the outermost first; None for others."""
        around, schema = [], self._root
        while True:
            kind = schema["type"]
            if kind == "definitions":
                schema = schema["schema"]
            elif kind == "definition-ref":
                schema = self._named[schema["schema_ref"]]
            elif kind.startswith("function-") and "schema" in schema:
                around.append(self._function(schema))
                schema = schema["schema"]
            elif kind in ("model", "dataclass"):
                return self._fields(schema, around)
            else:
                return None

    def _fields(self, schema, around):
        config, inner, inside = schema.get("config") or {}, schema["schema"], []
        while inner["type"].startswith("function-"):
            inside.append(self._function(inner))
            inner = inner["schema"]
        fields = inner["fields"]
        named = fields.items() if isinstance(fields, dict) else ((each["name"], each) for each in fields)
        return {
            "extra": inner.get("extra_behavior") or config.get("extra_fields_behavior") or "ignore",
            "strict": bool(config.get("strict", False)),
            "postInit": bool(schema.get("post_init")),
            "around": around,
            "inside": inside,
            "fields": [self._field(name, each) for name, each in named],
        }

    def _field(self, name, field):
        names = names_of(name, field.get("validation_alias"))
        return {
            "name": name,
            "alias": names[0] if names and names[0] != name else None,
            "plainAlias": names is not None,
            **({"others": names[1:]} if names is not None and len(names) > 1 else {}),
            "init": field.get("init", True) is not False,
            "schema": self._read(field["schema"]),
        }

    def _read(self, schema):
        self._depth += 1
        try:
            if self._depth > MAX_DEPTH:
                return {"type": "other", "name": "recursion"}
            reader = getattr(self, "_read_" + schema["type"].replace("-", "_"), None)
            return reader(schema) if reader is not None else self._plain(schema)
        finally:
            self._depth -= 1

    def _plain(self, schema):
        kind = schema["type"]
        if kind not in FACTS and kind not in ("any", "none", "callable"):
            return {"type": "other", "name": kind}
        found = {"type": kind}
        for name in FACTS.get(kind, ()):
            if schema.get(name) is not None:
                found[name] = encode(schema[name])
        for name, short in INNER.items():
            if isinstance(schema.get(name), dict):
                found[short] = self._read(schema[name])
        return found

    def _read_tuple(self, schema):
        items = [self._read(each) for each in schema["items_schema"]]
        return {**self._plain({**schema, "items_schema": None}), "items": items}

    def _read_union(self, schema):
        choices = [each[0] if isinstance(each, tuple) else each for each in schema["choices"]]
        return {**self._plain(schema), "of": [self._read(each) for each in choices]}

    def _read_literal(self, schema):
        return {"type": "literal", "values": [encode(each) for each in schema["expected"]]}

    def _read_enum(self, schema):
        strict = {"strict": True} if schema.get("strict") else {}
        return {**enum_shape(schema["cls"]), **strict, "custom": looks_up(schema["cls"])}

    def _read_is_instance(self, schema):
        cls = schema["cls"]
        return {"type": "class", "class": class_name(cls), "mro": mro_names(cls)} if isinstance(cls, type) else other(schema)

    def _read_model(self, schema):
        named = {"type": "nested", "class": class_name(schema["cls"]), "mro": mro_names(schema["cls"])}
        return {**named, "error": f"{schema['type']}_type", **self._keys(schema)}

    def _keys(self, schema):
        """The keys that a dict of a model's fields may and must have, where nothing rewrites the dict before."""
        inner = schema["schema"]
        while inner["type"] == "function-after":
            inner = inner["schema"]
        fields, config = inner.get("fields"), schema.get("config") or {}
        if not isinstance(fields, dict) or config.get("populate_by_name") or config.get("validate_by_name"):
            return {}
        names = {name: names_of(name, each.get("validation_alias")) for name, each in fields.items()}
        if None in names.values():
            return {}
        extra = inner.get("extra_behavior") or config.get("extra_fields_behavior")
        lacking = [names[name] for name, each in fields.items() if each["schema"]["type"] != "default"]
        keys = sorted(key for each in names.values() for key in each)
        required = sorted(each[0] for each in lacking if len(each) == 1)
        return {"keys": keys, "required": required, "closed": extra == "forbid"}

    def _read_dataclass(self, schema):
        return self._read_model(schema)

    def _read_default(self, schema):
        return self._read(schema["schema"])

    def _read_lax_or_strict(self, schema):
        return self._read(schema["strict_schema"] if schema.get("strict") else schema["lax_schema"])

    def _read_json_or_python(self, schema):
        return self._read(schema["python_schema"])

    def _read_definitions(self, schema):
        return self._read(schema["schema"])

    def _read_definition_ref(self, schema):
        found = self._named.get(schema["schema_ref"])
        return other(schema) if found is None else self._read(found)

    def _read_chain(self, schema):
        return {"type": "chain", "of": [self._read(each) for each in schema["steps"]]}

    def _read_function_before(self, schema):
        return {**self._function(schema), "of": self._read(schema["schema"])}

    def _read_function_after(self, schema):
        return self._read_function_before(schema)

    def _read_function_wrap(self, schema):
        return self._read_function_before(schema)

    def _read_function_plain(self, schema):
        return self._function(schema)

    def _function(self, schema):
        function = schema["function"]["function"]
        function = getattr(function, "__func__", function)
        name = getattr(function, "__qualname__", type(function).__qualname__)
        return {"type": schema["type"], "module": getattr(function, "__module__", None), "qualname": name}


def names_of(name, alias):
    """The names that a field goes by, the first of which wins; None where one of them is a path."""
    if not isinstance(alias, list):
        return [alias or name]
    simple = all(isinstance(path, list) and len(path) == 1 and isinstance(path[0], str) for path in alias)
    return [path[0] for path in alias] if alias and simple else None


def looks_up(cls):
    """Whether an Enum has a method of its own for values that are no member's."""
    return getattr(cls._missing_, "__func__", cls._missing_) is not enum.Enum._missing_.__func__


def other(schema):
    return {"type": "other", "name": schema["type"]}
