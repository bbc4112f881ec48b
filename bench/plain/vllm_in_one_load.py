"""What observing costs vLLM, inside one load: lem's worker (A) and a plain loop (B) take turns on the same engine.

    python vllm_in_one_load.py MODEL_FOLDER [BATCH] [OUTPUT_TOKENS] [BLOCKS] [ENGINE_JSON]

Blocks of A B B A with the same prompts; prints JSON: tokens/s and CPU seconds of each run, the difference of the means
of each block, and the control, which is the difference of its two A. Standard library, the engine, and lem's worker.
"""

import asyncio
import json
import os
import pathlib
import statistics
import sys
import time

SOURCES = pathlib.Path(__file__).resolve().parents[2] / "packages" / "engines" / "src"
sys.path[:0] = [str(SOURCES / "vllm"), str(SOURCES / "worker")]

INPUT_TOKENS = 128
T_975 = {1: 12.71, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262, 19: 2.093}


class Bench:
    def __init__(self, loaded, batch, output_tokens):
        from vllm.v1.engine import async_llm

        self.loaded, self.module = loaded, async_llm
        self.group = [
            {"r": r, "tokens": [5 + (7 * r + k) % 300 for k in range(INPUT_TOKENS)], "output_tokens": output_tokens}
            for r in range(batch)
        ]
        self.tokens = batch * output_tokens
        self.noting, self.loggers = async_llm.RequestOutputCollector, loaded.engine.logger_manager.stat_loggers
        self.sink, self.number = os.open(os.devnull, os.O_WRONLY), 0

    async def lem(self):
        import generate
        from codec import encode
        from token_stream import TokenStream

        request = {"groups": [self.group], "concurrency": 1, "pinned_output": True}
        work = generate.plan(self.loaded, request)
        emit = lambda event: os.write(self.sink, encode({"id": 1, **event}))  # noqa: E731
        began = time.monotonic()
        with TokenStream(emit) as stream:
            await generate.run(self.loaded, work, stream)
        took = time.monotonic() - began
        self.loaded.steps.since(stream.origin_ns, emit)
        return took

    async def plain(self):
        prompts = [self.loaded.prompt(list(q["tokens"])) for q in self.group]
        sampling = self.loaded.sampling(max_tokens=self.group[0]["output_tokens"], ignore_eos=True)
        self.number += 1
        began = time.monotonic()
        await asyncio.gather(*(self.one(p, sampling, f"plain-{self.number}-{r}") for r, p in enumerate(prompts)))
        return time.monotonic() - began

    async def one(self, prompt, sampling, name):
        async for _ in self.loaded.engine.generate(prompt, sampling, name):
            pass

    async def measured(self, run, observed):
        """Without observing, the engine has its own collector and only its own loggers."""
        self.module.RequestOutputCollector = self.noting if observed else self.noting.__mro__[1]
        self.loaded.engine.logger_manager.stat_loggers = self.loggers if observed else self.loggers[1:]
        await self.loaded.engine.reset_prefix_cache()
        import process_facts

        cpu = process_facts.cpu_seconds()
        took = await run()
        return {"tokens_per_s": self.tokens / took, "cpu_s": process_facts.cpu_seconds() - cpu}

    async def block(self):
        return [
            await self.measured(self.lem, True),
            await self.measured(self.plain, False),
            await self.measured(self.plain, False),
            await self.measured(self.lem, True),
        ]


def interval(values):
    if len(values) < 2:
        return {"mean": values[0], "half_width": None}
    t = T_975.get(len(values) - 1, 2.26 if len(values) < 20 else 2.0)
    return {"mean": statistics.fmean(values), "half_width": t * statistics.stdev(values) / len(values) ** 0.5}


def compared(blocks, key):
    differences = [(b[0][key] + b[3][key]) / (b[1][key] + b[2][key]) - 1 for b in blocks]
    return {"difference": interval(differences), "control": interval([b[3][key] / b[0][key] - 1 for b in blocks])}


async def main(model, batch=64, output_tokens=128, blocks=10, engine="{}"):
    import load

    sections = {"engine": json.loads(engine), "sampling": {"temperature": 0}}
    request = {"model": model, "sections": sections, "parallel": int(batch), "max_sequence_tokens": 512, "seed": 1}
    loaded = await load.load(request, lambda what: None, lambda text: print(text, file=sys.stderr))
    bench = Bench(loaded, int(batch), int(output_tokens))
    await bench.block()  # warm-up
    figures = [await bench.block() for _ in range(int(blocks))]
    summary = {key: compared(figures, key) for key in ("tokens_per_s", "cpu_s")}
    await loaded.shutdown()
    return {"batch": int(batch), "output_tokens": int(output_tokens), **summary, "blocks": figures}


if __name__ == "__main__":
    answers = os.dup(1)
    os.dup2(2, 1)
    os.write(answers, (json.dumps(asyncio.run(main(*sys.argv[1:]))) + "\n").encode())
