"""Builds the model that a `load` request asks for, from the user's keys and nothing else."""

import glob
import os

import observed
import torch
import transformers
from failures import BadRequest, NotSupported
from tagged import untagged

# These change what `from_pretrained` returns or which files it reads: both belong to lem.
RESERVED = {"config", "gguf_file", "output_loading_info", "state_dict", "token", "use_auth_token"}
WEIGHTS = ("*.safetensors", "*.bin", "*.index.json", "*.pt", "*.pth")
TOKENIZER_FILES = ("tokenizer*", "vocab*", "*.model", "spiece*", "tekken.json")


class Loaded:
    """A model that is ready to generate, with what the user asked for."""

    def __init__(self, sections):
        self.sections = sections
        self.model = None  # what generates; with an adapter that is not merged, a PeftModel
        self.base = None  # the transformers model inside
        self.adapter = None  # the adapter's configuration
        self.generation = None  # GenerationConfig with the user's keys
        self.generate_options = {}  # user's keys of `generation` that are no part of GenerationConfig
        self._tokenizer = None
        self._tokenizer_from = None

    def tokenizer(self):
        """The tokenizer; read when it is first needed, because a model of random weights may lack one."""
        if self._tokenizer is None:
            folder, options = self._tokenizer_from
            with observed.section("tokenizer", self.sections.get("tokenizer", {})):
                self._tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **options)
        return self._tokenizer

    def tokenizer_if_any(self):
        return self._tokenizer


def load(request, progress, warn):
    sections = untagged(request["sections"])
    loaded = Loaded(sections)
    torch.manual_seed(request["seed"])
    folder, source = source_of(request)
    keywords = {**load_keywords(sections, warn), **source}
    progress("loading the model")
    random = request["format"] == "hf-folder" and not holds(folder, WEIGHTS)
    with observed.section("load", sections.get("load", {})):
        loaded.base = random_weights(folder, keywords) if random else pretrained(folder, keywords)
    loaded.base.eval()
    loaded._tokenizer_from = folder, {**source, **sections.get("tokenizer", {})}
    if source or "tokenizer" in sections or holds(folder, TOKENIZER_FILES):
        progress("loading the tokenizer")
        loaded.tokenizer()
    loaded.model = with_adapter(loaded, sections.get("adapter"), progress)
    prepare_generation(loaded, sections.get("generation", {}))
    if "compile" in sections:
        # In place, so that generate() of the model itself calls the compiled code.
        with observed.section("compile", sections["compile"]):
            loaded.base.compile(**sections["compile"])
    return loaded


def source_of(request):
    """The folder to load from, and the keyword that names a GGUF file in it."""
    if request["format"] != "gguf":
        return request["model"], {}
    folder, name = os.path.split(os.path.abspath(request["model"]))
    return folder, {"gguf_file": name}


def holds(folder, patterns):
    return any(glob.glob(os.path.join(glob.escape(folder), pattern)) for pattern in patterns)


def pretrained(folder, keywords):
    return transformers.AutoModelForCausalLM.from_pretrained(folder, **keywords)


def random_weights(folder, keywords):
    """A model of the folder's shape; random weights pass through `from_pretrained` so that every keyword applies."""
    trust = {"trust_remote_code": keywords["trust_remote_code"]} if "trust_remote_code" in keywords else {}
    config = transformers.AutoConfig.from_pretrained(folder, **trust)
    shape = {k: v for k, v in keywords.items() if k in config.to_dict() and k not in ("dtype", "torch_dtype")}
    config = transformers.AutoConfig.from_pretrained(folder, **trust, **shape)
    source = transformers.AutoModelForCausalLM.from_config(config, **trust)
    rest = {k: v for k, v in keywords.items() if k not in shape and k not in trust}
    return type(source).from_pretrained(None, config=config, state_dict=source.state_dict(), **rest)


# --- the user's keys as the engine takes them ---


def load_keywords(sections, warn):
    given = dict(sections.get("load", {}))
    taken = sorted(RESERVED & given.keys())
    if taken:
        raise BadRequest(f"lem itself decides {', '.join(taken)} of transformers.load")
    for name in ("dtype", "torch_dtype"):
        if name in given:
            given[name] = torch_dtype(given[name])
    if isinstance(given.get("max_memory"), dict):
        given["max_memory"] = {int(k) if k.isdigit() else k: v for k, v in given["max_memory"].items()}
    if "quantization" in sections:
        if "quantization_config" in given:
            raise BadRequest("transformers.quantization and transformers.load.quantization_config exclude one another")
        given["quantization_config"] = quantization(sections["quantization"])
    elif isinstance(given.get("quantization_config"), dict):
        given["quantization_config"] = quantization(given["quantization_config"])
    if torch.cuda.is_available() and not given.keys() & {"device_map", "tp_plan", "device_mesh", "distributed_config"}:
        given["device_map"] = "cuda:0"
        warn("load.device_map is not set: the model goes to the first GPU (cuda:0)")
    return given


def torch_dtype(value):
    """`bfloat16` and `torch.bfloat16` alike; the engine itself refuses what is no dtype."""
    if isinstance(value, dict):
        return {key: torch_dtype(inner) for key, inner in value.items()}
    return value.removeprefix("torch.") if isinstance(value, str) else value


def quantization(section):
    """The engine's own configuration class for `quant_method`, which may also be the name of the class."""
    keys = dict(section)
    cls = quantization_class(keys)
    with observed.section("quantization", section):
        config = cls(**keys)
    lost = sorted(key for key in keys if not hasattr(config, key) and key not in config.to_dict())
    if lost:
        raise ValueError(f"{cls.__name__} has no {', '.join(lost)}")
    return config


def quantization_class(keys):
    from transformers.quantizers.auto import AUTO_QUANTIZATION_CONFIG_MAPPING as mapping

    method = keys.get("quant_method")
    if method is None:
        if keys.keys() & {"load_in_4bit", "load_in_8bit"}:
            return transformers.BitsAndBytesConfig
        raise ValueError("transformers.quantization needs quant_method")
    by_class = {cls.__name__: cls for cls in mapping.values()}
    found = mapping.get(method) or by_class.get(method)
    if method == "bitsandbytes":
        found = transformers.BitsAndBytesConfig
    if found is None:
        raise ValueError(f"no quantization method {method!r}; there are {', '.join(sorted([*mapping, 'bitsandbytes']))}")
    del keys["quant_method"]
    for bits in ("4bit", "8bit"):
        if method == f"bitsandbytes_{bits}":
            keys.setdefault(f"load_in_{bits}", True)
    return found


def with_adapter(loaded, section, progress):
    if section is None:
        return loaded.base
    import peft

    progress("loading the adapter")
    keys = dict(section)
    merge, safe_merge = keys.pop("merge", False), keys.pop("safe_merge", False)
    name = keys.get("adapter_name", "default")
    with observed.section("adapter", section):
        model = peft.PeftModel.from_pretrained(loaded.base, **keys)
    loaded.adapter = model.peft_config[name]
    if not merge:
        return model.eval()
    loaded.base = model.merge_and_unload(safe_merge=safe_merge)
    return loaded.base


def configure(loaded, sections):
    """Requests come with other keys from now on; the model stays as it is."""
    kept = {name: keys for name, keys in loaded.sections.items() if name != "generation"}
    loaded.sections = {**kept, **sections}
    prepare_generation(loaded, sections.get("generation", {}))


def prepare_generation(loaded, section):
    import copy

    with observed.section("generation", section):
        keys = generation_objects(section)
        loaded.generation = copy.deepcopy(loaded.base.generation_config)
        loaded.generate_options = loaded.generation.update(**keys)
    if loaded.generation.num_return_sequences not in (None, 1):
        raise NotSupported("generation.num_return_sequences: lem measures one output for each request")


def generation_objects(section):
    """The keys, with objects of the engine's classes for nested sections."""
    keys = dict(section)
    if isinstance(keys.get("compile_config"), dict):
        keys["compile_config"] = transformers.CompileConfig(**keys["compile_config"])
    if isinstance(keys.get("watermarking_config"), dict):
        keys["watermarking_config"] = transformers.GenerationConfig(
            watermarking_config=keys["watermarking_config"]
        ).watermarking_config
    return keys
