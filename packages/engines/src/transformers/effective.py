"""Reads back, from the constructed objects, what the user's keys and the engine's defaults became.

A key that leaves no trace on any object (say, `use_safetensors`) is reported as it was passed.
"""

import inspect
from collections import Counter

import torch


def report(loaded):
    sections = {
        "load": load_section(loaded),
        "generation": generation_section(loaded),
        "quantization": quantization_section(loaded),
        "tokenizer": tokenizer_section(loaded),
        "adapter": adapter_section(loaded),
        "compile": compile_section(loaded),
    }
    config = text_config(loaded.base)
    return {
        "effective": {name: plain(values) for name, values in sections.items() if values is not None},
        "model": {
            "architecture": type(loaded.base).__name__,
            "parameters": loaded.base.num_parameters(),
            "dtype": dtype_name(loaded.base.dtype),
            "context_length": getattr(config, "max_position_embeddings", None),
            "vocabulary": getattr(config, "vocab_size", None),
        },
        "devices": sorted({str(p.device) for p in loaded.base.parameters()}),
        "threads": torch.get_num_threads(),
    }


def text_config(model):
    get = getattr(model.config, "get_text_config", None)
    return get(decoder=True) if get else model.config


def dtype_name(dtype):
    return str(dtype).removeprefix("torch.")


def load_section(loaded):
    model = loaded.base
    observed = {
        "dtype": dtype_name(model.dtype),
        "parameter_dtypes": dict(Counter(dtype_name(p.dtype) for p in model.parameters())),
        "attn_implementation": getattr(model.config, "_attn_implementation", None),
        "device_map": getattr(model, "hf_device_map", None) or str(model.device),
    }
    observed["torch_dtype"] = observed["dtype"]
    given = loaded.sections.get("load", {})
    asked = {key: observed.get(key, of_config(model.config, key, value)) for key, value in given.items()}
    essential = {key: value for key, value in observed.items() if key != "torch_dtype"}
    return {**essential, **asked}


def of_config(config, key, passed):
    for name in (key, f"_{key}"):
        if name in vars(config):
            return getattr(config, name)
    return passed


def generation_section(loaded):
    """What differs from a bare GenerationConfig, the engine's defaults for the rest, and each key that was set.

    `max_length` is left out: each call gets `max_new_tokens`, the output length of the workload, which overrides it.
    """
    defaults = getattr(loaded.generation, "_get_default_generation_params", dict)()
    held = {key: value for key, value in loaded.generation.to_dict().items() if not key.startswith("_")}
    for name in ("transformers_version", "max_length"):
        held.pop(name, None)
    used = {key: defaults.get(key) if value is None else value for key, value in held.items()}
    set_by_user = loaded.sections.get("generation", {})
    shown = {key: value for key, value in used.items() if value is not None or key in set_by_user}
    return {**loaded.generate_options, **shown}


def quantization_section(loaded):
    config = getattr(loaded.base.config, "quantization_config", None)
    if config is None:
        return None
    held = config if isinstance(config, dict) else {"class": type(config).__name__, **config.to_dict()}
    modules = Counter(type(m).__name__ for m in loaded.base.modules() if isinstance(getattr(m, "weight", None), torch.Tensor))
    return {**{k: v for k, v in held.items() if not k.startswith("_")}, "modules": dict(modules)}


def tokenizer_section(loaded):
    tokenizer = loaded.tokenizer_if_any()
    if tokenizer is None:
        return None
    names = ("padding_side", "truncation_side", "bos_token_id", "eos_token_id", "pad_token_id", "vocab_size")
    observed = {name: getattr(tokenizer, name, None) for name in names}
    asked = {key: held_by(tokenizer, key, value) for key, value in loaded.sections.get("tokenizer", {}).items()}
    return {"class": type(tokenizer).__name__, **observed, **asked}


def held_by(tokenizer, key, passed):
    value = getattr(tokenizer, key, None)
    return tokenizer.init_kwargs.get(key, passed) if value is None else value


def adapter_section(loaded):
    if loaded.adapter is None:
        return None
    given = loaded.sections["adapter"]
    adapted = [type(m).__name__ for m in loaded.base.modules() if hasattr(m, "lora_A")]
    return {**given, **loaded.adapter.to_dict(), "merge": loaded.model is loaded.base, "adapted_modules": len(adapted)}


def compile_section(loaded):
    if "compile" not in loaded.sections:
        return None
    arguments = inspect.signature(torch.compile).bind(loaded.base, **loaded.sections["compile"])
    arguments.apply_defaults()
    values = {key: value for key, value in arguments.arguments.items() if key != "model"}
    compiled = loaded.base._compiled_call_impl
    settings = getattr(compiled, "get_compiler_config", None)
    return {**values, "active": compiled is not None, **({"compiler_config": settings()} if settings else {})}


def plain(value):
    """As JSON: dtypes, enums and objects by their names; sets and tuples as lists."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value.value if hasattr(value, "value") else value
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(inner) for inner in value), key=str)
    if hasattr(value, "to_dict"):
        return plain(value.to_dict())
    return dtype_name(value) if isinstance(value, torch.dtype) else str(value)
