"""What observing costs vLLM, inside one load: lem's worker (A) and a plain loop (B) take turns on the same engine.

stdin: one line, {model, engine, batch, output_tokens, blocks}; then an answer to each `sampler`. stdout, a JSON object a
line: {"event": "sampler", "on"} asks that the energy sampler be started or stopped, and waits; {"event": "run", "how",
"begin_ns", "end_ns", "tokens_per_s", "cpu_s", "itl_s": {"p50", "p99"}}; {"event": "end"}. What lem's worker emits goes to
file descriptor 3, as in a run. Both sides note when each output arrives, as any benchmark of latencies does. Blocks of
A B B A with the same prompts. Where the state changes the engine rests as long as a sampler that starts needs until it is
as in a run, on both sides. Standard library, the engine, and lem's worker.
"""

import asyncio
import json
import math
import os
import pathlib
import sys
import time

SOURCES = pathlib.Path(__file__).resolve().parents[2] / "packages" / "engines" / "src"
sys.path[:0] = [str(SOURCES / "vllm"), str(SOURCES / "worker")]

INPUT_TOKENS = 128
REST_S = 1.5
CHANGE_S = 7.5
EVENTS = 3


class Bench:
    def __init__(self, loaded, job, say):
        from vllm.v1.engine import async_llm

        self.loaded, self.module, self.say = loaded, async_llm, say
        self.group = [
            {"r": r, "tokens": [5 + (7 * r + k) % 300 for k in range(INPUT_TOKENS)], "output_tokens": job["output_tokens"]}
            for r in range(job["batch"])
        ]
        self.tokens = job["batch"] * job["output_tokens"]
        self.noting, self.loggers = async_llm.RequestOutputCollector, loaded.engine.logger_manager.stat_loggers
        self.number, self.arrivals, self.on = 0, {}, False

    def emit(self, event):
        os.write(EVENTS, self.encode({"id": 1, **event}))
        if event["event"] == "tokens":
            self.arrivals.setdefault(event["r"], []).append(event["t_ns"])

    async def lem(self):
        import generate
        from codec import encode
        from token_stream import TokenStream

        self.encode = encode
        work = generate.plan(self.loaded, {"groups": [self.group], "concurrency": 1, "pinned_output": True})
        began = time.monotonic_ns()
        with TokenStream(self.emit) as stream:
            await generate.run(self.loaded, work, stream)
            ended = time.monotonic_ns()  # where a run ends too: what is still to be written delays no token
        self.loaded.steps.since(stream.origin_ns, self.emit)
        self.arrivals = {r: [t for chunk in chunks for t in chunk] for r, chunks in self.arrivals.items()}
        return began, ended

    async def plain(self):
        prompts = [self.loaded.prompt(list(q["tokens"])) for q in self.group]
        sampling = self.loaded.sampling(max_tokens=self.group[0]["output_tokens"], ignore_eos=True)
        self.number += 1
        began = time.monotonic_ns()
        await asyncio.gather(*(self.one(r, prompt, sampling) for r, prompt in enumerate(prompts)))
        return began, time.monotonic_ns()

    async def one(self, r, prompt, sampling):
        arrived = self.arrivals.setdefault(r, [])
        async for _ in self.loaded.engine.generate(prompt, sampling, f"plain-{self.number}-{r}"):
            arrived.append(time.monotonic_ns())

    async def measured(self, how):
        """Without observing, the engine has its own collector and only its own loggers."""
        observed, self.arrivals = how == "lem", {}
        self.module.RequestOutputCollector = self.noting if observed else self.noting.__mro__[1]
        self.loaded.engine.logger_manager.stat_loggers = self.loggers if observed else self.loggers[1:]
        await self.loaded.engine.reset_prefix_cache()
        import process_facts

        cpu = process_facts.cpu_seconds()
        began, ended = await (self.lem() if observed else self.plain())
        used = process_facts.cpu_seconds() - cpu
        rate = self.tokens / (ended - began) * 1e9
        return {"begin_ns": began, "end_ns": ended, "tokens_per_s": rate, "cpu_s": used, "itl_s": gaps(self.arrivals)}

    async def block(self, number):
        for how in ("lem", "plain", "plain", "lem"):
            self.sampler(how == "lem")
            self.say({"event": "run", "block": number, "how": how, **await self.measured(how)})

    def sampler(self, on):
        """The engine rests as long before a run whose sampler was started as before one whose sampler was stopped."""
        due = time.monotonic() + (REST_S if on == self.on else CHANGE_S)
        self.on = on
        self.say({"event": "sampler", "on": on})
        sys.stdin.readline()
        time.sleep(max(0.0, due - time.monotonic()))


def gaps(arrivals):
    """Nearest ranks of the gaps between the arrivals of each request, in seconds."""
    found = sorted(b - a for times in arrivals.values() for a, b in zip(times, times[1:]))
    return {name: found[math.ceil(q * len(found)) - 1] / 1e9 if found else None for name, q in (("p50", 0.5), ("p99", 0.99))}


async def main(job, say):
    import load

    sections = {"engine": job["engine"], "sampling": {"temperature": 0}}
    request = {"model": job["model"], "sections": sections, "parallel": job["batch"], "max_sequence_tokens": 512, "seed": 1}
    loaded = await load.load(request, lambda what: None, lambda text: print(text, file=sys.stderr))
    bench = Bench(loaded, job, say)
    for number in range(job["blocks"] + 1):
        await bench.block(None if number == 0 else number)  # the first is the warm-up
    bench.sampler(False)
    await loaded.shutdown()


if __name__ == "__main__":
    answers = os.dup(1)
    os.dup2(2, 1)
    say = lambda message: os.write(answers, (json.dumps(message) + "\n").encode())  # noqa: E731
    asyncio.run(main(json.loads(sys.stdin.readline()), say))
    say({"event": "end"})
