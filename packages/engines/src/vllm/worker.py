"""The vLLM worker: answers the protocol with vLLM's asynchronous engine.

`load.py` builds the engine, `effective.py` reads back what it holds, `generate.py` runs requests, `arrivals.py` notes
when outputs come, `step_stats.py` keeps what the scheduler says at each step, `child_output.py` finds what a process of
the engine died of, and `describe.py` lifts the parameter schema; each imports the engine only when it is needed, so that
`hello` answers at once.

The engine starts processes of its own, which import this file again: everything that acts stands at its end.
"""

import asyncio
import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "worker")]

import observed  # noqa: E402
import packages  # noqa: E402
import process_facts  # noqa: E402
import protocol  # noqa: E402
from child_output import ChildOutput  # noqa: E402
from failures import BadRequest  # noqa: E402
from tagged import untagged  # noqa: E402
from token_stream import TokenStream  # noqa: E402

PACKAGES = ("vllm", "torch", "transformers", "tokenizers", "xgrammar", "flashinfer-python", "triton", "safetensors", "numpy")
CONFIGURES = ("sampling",)


class Worker:
    def __init__(self):
        self._loaded = None
        self._runner = asyncio.Runner()  # one event loop for the engine's whole life
        self._output = None

    def hello(self, request, emit):
        return protocol.hello("vllm", packages.release("vllm"), packages.versions(PACKAGES), CONFIGURES)

    def describe(self, request, emit):
        import describe

        return describe.describe()

    def load(self, request, emit):
        if self._loaded is not None:
            raise BadRequest("a model is loaded already")
        self._output = self._output or ChildOutput()
        progress(emit, "importing the engine")
        import effective
        import load

        started = time.monotonic_ns()
        with observed.telling(emit), self._output.blamed():
            self._loaded = self._runner.run(load.load(request, lambda what: progress(emit, what), lambda text: warn(emit, text)))
        took = time.monotonic_ns() - started
        return {
            **effective.report(self._loaded),
            "process_b": process_facts.resident_bytes(),
            "device_b": None,
            "load_ns": took,
            "any_work": self._loaded.any_work,
        }

    def configure(self, request, emit):
        import effective
        import load

        observed.forget()
        with observed.telling(emit):
            load.configure(self._model(), untagged(request["sections"]))
        return {"effective": effective.report(self._model())["effective"]}

    def tokenize(self, request, emit):
        tokenizer = self._runner.run(self._model().tokenizer())
        texts, special = list(request["texts"]), request["add_special_tokens"]
        return {"ids": [list(tokenizer.encode(text, add_special_tokens=special)) for text in texts]}

    def run(self, request, emit):
        import generate

        loaded = self._model()
        work = generate.plan(loaded, request)
        with observed.telling(emit), self._output.blamed():
            self._runner.run(generate.forget_prompts(loaded))
            process_facts.reset_process_peak()
            cpu = process_facts.cpu_seconds()
            with TokenStream(emit) as stream:
                self._runner.run(generate.run(loaded, work, stream))
                end_ns = time.monotonic_ns()
        return {
            "origin_ns": stream.origin_ns,
            "end_ns": end_ns,
            "cpu_s": process_facts.cpu_seconds() - cpu,
            "process_peak_b": process_facts.process_peak_bytes(),
            "device_peak_b": None,
            **loaded.steps.since(stream.origin_ns, emit),
        }

    def unload(self, request, emit):
        loaded, self._loaded = self._loaded, None
        if loaded is not None:
            self._runner.run(loaded.shutdown())
        return {}

    def bye(self, request, emit):
        self.unload(request, emit)
        self._runner.close()
        if self._output is not None:
            self._output.close()
        return {}

    def _model(self):
        if self._loaded is None:
            raise BadRequest("no model is loaded")
        return self._loaded


def progress(emit, what):
    emit({"event": "progress", "share": None, "what": what})


def warn(emit, text):
    emit({"event": "warning", "message": text})


if __name__ == "__main__":
    protocol.start()
    observed.watch("vllm")
    protocol.serve(Worker())
