"""The transformers worker: answers the protocol with Hugging Face transformers and PyTorch.

`load.py` builds the model, `effective.py` reads back what it holds, `generate.py` runs requests and `describe.py`
lifts the parameter schema; each imports the engine only when it is needed, so that `hello` answers at once.
"""

import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "worker")]

import observed  # noqa: E402
import packages  # noqa: E402
import process_facts  # noqa: E402
import protocol  # noqa: E402
from failures import BadRequest, NotSupported  # noqa: E402
from tagged import untagged  # noqa: E402
from token_stream import TokenStream  # noqa: E402

PACKAGES = ("torch", "transformers", "tokenizers", "accelerate", "peft", "gguf", "bitsandbytes", "safetensors", "numpy")
CONFIGURES = ("generation",)


class Worker:
    def __init__(self):
        self._loaded = None

    def hello(self, request, emit):
        return protocol.hello("transformers", packages.release("transformers"), packages.versions(PACKAGES), CONFIGURES)

    def describe(self, request, emit):
        import describe

        return describe.describe()

    def load(self, request, emit):
        if self._loaded is not None:
            raise BadRequest("a model is loaded already")
        progress(emit, "importing the engine")
        import effective
        import load

        started = time.monotonic_ns()
        with observed.telling(emit):
            loaded = load.load(request, lambda what: progress(emit, what), lambda text: warn(emit, text))
        synchronize()
        took = time.monotonic_ns() - started
        self._loaded = loaded
        return {**effective.report(loaded), **memory(), "load_ns": took, "any_work": True}

    def configure(self, request, emit):
        import effective
        import load

        observed.forget()
        with observed.telling(emit):
            load.configure(self._model(), untagged(request["sections"]))
        return {"effective": effective.report(self._model())["effective"]}

    def tokenize(self, request, emit):
        tokenizer = self._model().tokenizer()
        texts, special = list(request["texts"]), request["add_special_tokens"]
        if not texts:
            return {"ids": []}
        return {"ids": tokenizer(texts, add_special_tokens=special, verbose=False)["input_ids"]}

    def run(self, request, emit):
        loaded = self._model()
        if request["concurrency"] != 1:
            raise NotSupported("transformers runs one group of requests at a time: concurrency must be 1")
        import generate
        import torch
        import transformers

        transformers.set_seed(request["seed"])
        plans = generate.plan(loaded, request["groups"], request["pinned_output"])
        for device in cuda_devices():
            torch.cuda.reset_peak_memory_stats(device)
        process_facts.reset_process_peak()
        synchronize()
        cpu = process_facts.cpu_seconds()
        with observed.telling(emit), TokenStream(emit) as stream:
            occupancy = generate.run(loaded, plans, stream)
            synchronize()
            end_ns = time.monotonic_ns()
        return {
            "origin_ns": stream.origin_ns,
            "end_ns": end_ns,
            "cpu_s": process_facts.cpu_seconds() - cpu,
            "process_peak_b": process_facts.process_peak_bytes(),
            "device_peak_b": on_devices("max_memory_allocated"),
            "batch_occupancy": occupancy,
            "kv_cache_use": None,
        }

    def unload(self, request, emit):
        self._loaded = None
        if "torch" in sys.modules:
            import gc

            gc.collect()
            if cuda_devices():
                sys.modules["torch"].cuda.empty_cache()
        return {}

    def _model(self):
        if self._loaded is None:
            raise BadRequest("no model is loaded")
        return self._loaded


def progress(emit, what):
    emit({"event": "progress", "share": None, "what": what})


def warn(emit, text):
    emit({"event": "warning", "message": text})


def cuda_devices():
    torch = sys.modules["torch"]
    return range(torch.cuda.device_count()) if torch.cuda.is_available() else ()


def synchronize():
    for device in cuda_devices():
        sys.modules["torch"].cuda.synchronize(device)


def on_devices(statistic):
    """Sum of one of torch's memory statistics over the GPUs; None without GPUs."""
    devices = cuda_devices()
    return sum(getattr(sys.modules["torch"].cuda, statistic)(d) for d in devices) if devices else None


def memory():
    return {"process_b": process_facts.resident_bytes(), "device_b": on_devices("memory_allocated")}


if __name__ == "__main__":
    protocol.start()
    observed.watch("transformers", "peft")
    protocol.serve(Worker())
