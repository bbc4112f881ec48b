"""The work of an experiment by vLLM alone, without lem: the other side of the observer and energy benchmarks.

stdin: {model, weights, engine, shapes: [{name, groups: [[{tokens, output_tokens}]], concurrency, warmups, settle_s,
windows}]}; stdout: one {shape, begin_ns, end_ns, cpu_s, input_tokens, output_tokens} a window, shape by shape within one
load. Times are CLOCK_MONOTONIC; CPU seconds are those of this process and of all that it started.
"""

import asyncio
import json
import os
import sys
import time

from vllm import SamplingParams
from vllm.engine.arg_utils import AsyncEngineArgs
from vllm.sampling_params import RequestOutputKind
from vllm.v1.engine.async_llm import AsyncLLM


def cpu_seconds():
    """By the clock ticks of every process of this one's group."""
    ticks = 0
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == os.getpgrp():
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


async def generate(engine, request, name):
    sampling = SamplingParams(
        temperature=0, max_tokens=request["output_tokens"], ignore_eos=True, output_kind=RequestOutputKind.DELTA
    )
    count = 0
    async for output in engine.generate({"prompt_token_ids": request["tokens"]}, sampling, name):
        count += len(output.outputs[0].token_ids)
    return count


async def window(engine, shape, number):
    """All groups, as many at a time as the shape says; the next begins when one has ended."""
    await engine.reset_prefix_cache()
    waiting = iter(enumerate(shape["groups"]))
    cpu, began = cpu_seconds(), time.monotonic_ns()
    counts = await asyncio.gather(*(run_groups(engine, waiting, number) for _ in range(shape["concurrency"])))
    ended = time.monotonic_ns()
    return {
        "shape": shape["name"],
        "begin_ns": began,
        "end_ns": ended,
        "cpu_s": cpu_seconds() - cpu,
        "input_tokens": sum(len(request["tokens"]) for group in shape["groups"] for request in group),
        "output_tokens": sum(counts),
    }


async def run_groups(engine, waiting, number):
    count = 0
    for place, group in waiting:
        names = (f"{number}-{place}-{at}" for at in range(len(group)))
        count += sum(await asyncio.gather(*(generate(engine, request, name) for request, name in zip(group, names))))
    return count


async def run_shape(engine, shape):
    """Until it is warm: at least `warmups` windows, and `settle_s` seconds; then the windows that count."""
    began, number = time.monotonic(), 0
    while number < shape["warmups"] or time.monotonic() - began < shape["settle_s"]:
        await window(engine, shape, f"{shape['name']}-w{number}")
        number += 1
    return [await window(engine, shape, f"{shape['name']}-{number}") for number in range(shape["windows"])]


async def main(job):
    weights = {"load_format": "dummy"} if job["weights"] == "random" else {}
    engine = AsyncLLM.from_engine_args(AsyncEngineArgs(model=job["model"], **weights, **job["engine"]))
    figures = [figure for shape in job["shapes"] for figure in await run_shape(engine, shape)]
    engine.shutdown()
    return figures


if __name__ == "__main__":
    if os.getpgrp() != os.getpid():
        os.setpgid(0, 0)
    answers, sys.stdout = os.dup(1), sys.stderr
    os.dup2(2, 1)
    os.write(answers, (json.dumps(asyncio.run(main(json.load(sys.stdin)))) + "\n").encode())
