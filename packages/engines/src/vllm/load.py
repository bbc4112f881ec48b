"""Builds the engine that a `load` request asks for, from the user's keys and nothing else."""

import dataclasses
import gc
import glob
import inspect
import logging
import os

import observed
import on_processors
import shared_memory
import vllm
from arrivals import note_arrivals
from failures import BadRequest, NotSupported
from step_stats import step_stats
from tagged import untagged
from vllm.engine.arg_utils import AsyncEngineArgs
from vllm.platforms import current_platform
from vllm.sampling_params import RequestOutputKind, SamplingParams
from vllm.v1.engine.async_llm import AsyncLLM

# Which model, from where, and how its output arrives: these belong to lem.
RESERVED = {"engine": {"model", "hf_token"}, "sampling": {"output_kind", "skip_clone"}}
WEIGHTS = ("*.safetensors", "*.bin", "*.index.json", "*.pt", "*.pth", "*.gguf")
TOKENIZER_FILES = ("tokenizer*", "vocab*", "*.model", "spiece*", "tekken.json")


class Loaded:
    """An engine that is ready to generate, with what the user asked for."""

    def __init__(self, sections):
        self.sections = sections
        self.arguments = None  # AsyncEngineArgs as they were constructed
        self.config = None  # VllmConfig
        self.engine = None
        self.steps = None  # StepStats
        self.any_work = True  # False when the engine was cut to the work that it was loaded for
        self.runs = 0

    async def tokenizer(self):
        if self.config.model_config.skip_tokenizer_init:
            raise NotSupported("the engine has no tokenizer: the model brings none, or engine.skip_tokenizer_init is set")
        found = self.engine.get_tokenizer()
        return await found if inspect.isawaitable(found) else found

    def prompt(self, ids):
        """Token ids as the engine takes them; rendered beforehand where it wants that."""
        render = getattr(getattr(self.engine, "renderer", None), "render_cmpl", None)
        raw = {"prompt_token_ids": ids}
        return raw if render is None else render([raw])[0]

    def sampling(self, **decided):
        """The engine's object of the user's keys, and of what lem decides."""
        keys = self.sections.get("sampling", {})
        return SamplingParams(**{**keys, **decided, "output_kind": RequestOutputKind.DELTA})

    async def shutdown(self):
        segments = shared_memory.segments_of_descendants()
        self.engine.shutdown()
        shared_memory.remove(segments)


async def load(request, progress, warn):
    listen()
    note_arrivals()
    sections = untagged(request["sections"])
    refuse_reserved(sections)
    loaded = Loaded(sections)
    with observed.section("sampling", sections.get("sampling", {})):
        refuse_several(loaded.sampling())
    with observed.section("engine", sections.get("engine", {})):
        made = made_to_measure(request, sections.get("engine", {}))
        loaded.any_work = not made.keys() & on_processors.BY_WORK
        loaded.arguments = AsyncEngineArgs(**engine_keywords(request, sections.get("engine", {}), made, warn))
        loaded.config = loaded.arguments.create_engine_config()
        progress("starting the engine")
        loaded.steps, loggers = step_stats(loaded.config, loaded.arguments)
        loaded.engine = AsyncLLM.from_vllm_config(
            loaded.config,
            stat_loggers=loggers,
            enable_log_requests=loaded.arguments.enable_log_requests,
            disable_log_stats=loaded.arguments.disable_log_stats,
        )
    keep_from_collector()
    return loaded


def configure(loaded, sections):
    """Requests come with other keys from now on; the engine stays as it is."""
    kept = {name: keys for name, keys in loaded.sections.items() if name != "sampling"}
    loaded.sections = {**kept, **sections}
    refuse_reserved(sections)
    with observed.section("sampling", sections.get("sampling", {})):
        refuse_several(loaded.sampling())


def keep_from_collector():
    """What stays until the end is searched for garbage no more: that would stop this process for tenths of a second in
    the midst of a run. The engine's own server does the same at its start."""
    gc.collect()
    gc.freeze()


def listen():
    """The engine configures its logger when it is imported, and drops what listened to it before."""
    logger = logging.getLogger(vllm.__name__)
    if not any(isinstance(handler, observed.Handler) for handler in logger.handlers):
        logger.addHandler(observed.Handler(logging.WARNING))


def refuse_reserved(sections):
    for name, reserved in RESERVED.items():
        taken = sorted(reserved & sections.get(name, {}).keys())
        if taken:
            raise BadRequest(f"lem itself decides {', '.join(taken)} of vllm.{name}")


def refuse_several(sampling):
    if sampling.n != 1:
        raise NotSupported("sampling.n: lem measures one output for each request")


def made_to_measure(request, given):
    """What lem decides where the engine computes on processors, and the user says nothing."""
    return on_processors.defaults(request, given) if current_platform.is_cpu() else {}


def engine_keywords(request, given, made, warn):
    keywords = {**given, "model": request["model"]}
    keywords.setdefault("seed", request["seed"])
    if request.get("weights") == "random" or not holds(request["model"], WEIGHTS):
        keywords.setdefault("load_format", "dummy")
    if not holds(request["model"], TOKENIZER_FILES):
        keywords.setdefault("skip_tokenizer_init", True)
    for key, value in made.items():
        keywords[key] = value
        warn(f"engine.{key} is not set: on processors lem starts the engine with {value}")
    return with_objects(keywords)


def holds(folder, patterns):
    return any(glob.glob(os.path.join(glob.escape(folder), pattern)) for pattern in patterns)


def with_objects(keywords):
    """Mappings become the engine's own configuration objects, where it does not make them itself."""
    made = {}
    for name, value in keywords.items():
        cls = config_class(AsyncEngineArgs, name) if isinstance(value, dict) else None
        made[name] = value if cls is None else cls(**value)
    return made


def config_class(owner, name):
    """The one configuration class among the types of a field; None when there is none, or several."""
    from describe import field_types

    kinds = [kind for kind in field_types(owner).get(name, ()) if dataclasses.is_dataclass(kind)]
    return kinds[0] if len(kinds) == 1 else None
