"""The parameter schema of the installed version, lifted from the engine's own source: a JSON Schema per section."""

import ast
import dataclasses
import glob
import hashlib
import os
from importlib import metadata

import torch
import transformers
from keywords import UNKNOWN, Keyword, documented_types, keywords, of_tree, schema_of_text, union, with_null

# Where a model comes from, and what holds a live object, is decided by lem or by another section.
DECIDED_BY_LEM = {
    "cache_dir", "code_revision", "config", "config_file_name", "device_mesh", "distributed_config", "force_download",
    "from_flax", "from_tf", "generation_config", "gguf_file", "inputs", "local_files_only", "mirror", "model",
    "model_args", "name_or_path", "output_loading_info", "pretrained_model_name_or_path", "processor_class", "proxies",
    "quantization_config", "resume_download", "revision", "state_dict", "subfolder", "token", "tokenizer_file",
    "tokenizer_object", "tqdm_class", "use_auth_token",
}  # fmt: skip
# What the keywords of classes mean is told by these (classes.json of the corpus).
OF_FUNCTIONS = ("adapter", "compile", "load", "tokenizer")
BOOKKEEPING = {"transformers_version", "generation_kwargs"}


def describe():
    everything = {
        "load": load_keywords(),
        "generation": generation_keywords(),
        "tokenizer": tokenizer_keywords(),
        "adapter": adapter_keywords(),
        "compile": keywords(torch.compile),
        "quantization": merge(quantization_methods().values()),
    }
    left_out = {name: {key: "decided-by-lem" for key in decided(name, everything[name])} for name in sorted(everything)}
    found = {name: without(known, left_out[name]) for name, known in everything.items() if name != "quantization"}
    methods = {name: without(known, left_out["quantization"]) for name, known in quantization_methods().items()}
    sections = {name: section(known) for name, known in found.items()}
    sections["adapter"]["required"] = ["model_id"]
    sections["quantization"] = quantization_section(methods)
    defaults = {name: defaults_of(known) for name, known in found.items()}
    defaults["generation"] = generation_defaults()
    defaults["tokenizer"] = {}  # each tokenizer class has its own
    defaults["quantization"] = {name: defaults_of(known) for name, known in sorted(methods.items())}
    return {
        "engine": "transformers",
        "engine_version": metadata.version("transformers"),
        "sections": dict(sorted(sections.items())),
        "defaults": dict(sorted(defaults.items())),
        "left_out": left_out,
        "descriptions": {name: hashes(everything[name]) for name in OF_FUNCTIONS},
    }


def hashes(known):
    """SHA-256 of what is written of each keyword; the text is the engine's own."""
    return {name: hashlib.sha256(known[name].words.encode()).hexdigest() for name in sorted(known) if known[name].words}


def decided(section_name, known):
    """Names that a section does not take, as lem decides them."""
    of = {"compile": {"model"}, "generation": BOOKKEEPING, "quantization": {"gguf_file"}}.get(section_name, DECIDED_BY_LEM)
    files = {name for name in known if name.endswith("_file")} if section_name == "tokenizer" else set()
    return sorted(name for name in known if name in of | files)


def section(known):
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {name: known[name].schema for name in sorted(known)},
        "additionalProperties": False,
    }


def defaults_of(known):
    stated = {name: known[name].default for name in sorted(known)}
    return {name: value for name, value in stated.items() if value is not UNKNOWN and value is not None}


def without(known, names):
    return {name: value for name, value in known.items() if name not in names}


def load_keywords():
    model = transformers.PreTrainedModel.from_pretrained
    auto = transformers.AutoModelForCausalLM.from_pretrained
    return {**keywords(auto), **keywords(model)}


def generation_keywords():
    documented = documented_types(transformers.GenerationConfig.__doc__ or "")
    names = [n for n in vars(transformers.GenerationConfig()) if not n.startswith("_")]
    unsettled = {name: {} if documented.get(name, UNKNOWN) is UNKNOWN else documented[name] for name in names}
    return {name: Keyword(with_null(schema, None)) for name, schema in unsettled.items()}


def generation_defaults():
    config = transformers.GenerationConfig()
    stated = getattr(config, "_get_default_generation_params", lambda: {n: getattr(config, n) for n in vars(config)})()
    known = without(generation_keywords(), BOOKKEEPING)
    return {name: stated[name] for name in sorted(stated) if name in known and stated[name] is not None}


def adapter_keywords():
    import peft

    own = {"merge": Keyword({"type": "boolean"}, False), "safe_merge": Keyword({"type": "boolean"}, False)}
    model = peft.PeftModel
    return {**keywords(model.load_adapter), **keywords(model.from_pretrained), **own}


# --- quantization: one set of keywords for each method ---


def quantization_methods():
    from transformers.quantizers.auto import AUTO_QUANTIZATION_CONFIG_MAPPING as mapping

    classes = {**mapping, "bitsandbytes": transformers.BitsAndBytesConfig}
    return {name: without(constructor_keywords(cls), {"quant_method"}) for name, cls in classes.items()}


def constructor_keywords(cls):
    try:
        return keywords(cls.__init__, cls.__doc__ or "")
    except OSError:  # written by @dataclass
        return {field.name: field_keyword(field) for field in dataclasses.fields(cls) if field.init}


def field_keyword(field):
    notation = field.type if isinstance(field.type, str) else getattr(field.type, "__name__", str(field.type))
    schema = schema_of_text(notation)
    default = UNKNOWN if field.default is dataclasses.MISSING else field.default
    return Keyword(with_null({} if schema is UNKNOWN else schema, default), default)


def quantization_section(methods):
    """All keywords at the top, for their names; then, for each method, the ones that its class takes."""
    merged = merge(methods.values())
    schema = section(merged)
    schema["properties"] = {"quant_method": {"enum": sorted(methods)}, **schema["properties"]}
    schema["allOf"] = [method_rule(name, methods[name]) for name in sorted(methods)]
    return schema


def method_rule(name, known):
    condition = {"properties": {"quant_method": {"const": name}}, "required": ["quant_method"]}
    properties = {"quant_method": {}, **{key: known[key].schema for key in sorted(known)}}
    return {"if": condition, "then": {"properties": properties, "additionalProperties": False}}


def merge(groups):
    """Keywords of several functions; one that they type differently takes any of the types."""
    merged = {}
    for known in groups:
        for name, value in known.items():
            before = merged.get(name)
            merged[name] = value if before is None else either(before, value)
    return merged


def either(first, second):
    return Keyword(union([first.schema, second.schema]), words=first.words or second.words)


# --- tokenizers: AutoTokenizer hands its keywords to whichever class the model names ---


def tokenizer_keywords():
    base = transformers.PreTrainedTokenizerBase
    named = [base.from_pretrained, transformers.AutoTokenizer.from_pretrained]
    attributes = {name: Keyword({}) for name in getattr(base, "SPECIAL_TOKENS_ATTRIBUTES", ())}
    return merge([*(keywords(function) for function in named), *constructors(), attributes])


def constructors():
    folder = os.path.dirname(transformers.__file__)
    patterns = ("tokenization_*.py", os.path.join("models", "*", "tokenization_*.py"))
    for path in sorted(path for pattern in patterns for path in glob.glob(os.path.join(folder, pattern))):
        with open(path, encoding="utf-8") as file:
            tree = ast.parse(file.read())
        for cls in (node for node in tree.body if isinstance(node, ast.ClassDef)):
            for function in cls.body:
                if isinstance(function, ast.FunctionDef) and function.name == "__init__" and function.args.kwarg:
                    yield of_tree(function, ast.get_docstring(cls) or "")
