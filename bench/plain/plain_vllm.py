"""The work of an experiment by vLLM alone, without lem: the other side of the observer benchmark.

stdin: {model, weights, engine, groups: [[{tokens, output_tokens}]], warmups, windows}; stdout: one
{cpu_s, output_tokens, seconds} a window. CPU seconds of this process and of all that it started.
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


async def window(engine, groups, number):
    await engine.reset_prefix_cache()
    cpu, began, output = cpu_seconds(), time.monotonic(), 0
    for place, group in enumerate(groups):
        names = (f"{number}-{place}-{at}" for at in range(len(group)))
        output += sum(await asyncio.gather(*(generate(engine, request, name) for request, name in zip(group, names))))
    return {"cpu_s": cpu_seconds() - cpu, "output_tokens": output, "seconds": time.monotonic() - began}


async def main(job):
    weights = {"load_format": "dummy"} if job["weights"] == "random" else {}
    engine = AsyncLLM.from_engine_args(AsyncEngineArgs(model=job["model"], **weights, **job["engine"]))
    for number in range(job["warmups"]):
        await window(engine, job["groups"][:1], f"w{number}")
    figures = [await window(engine, job["groups"], number) for number in range(job["windows"])]
    engine.shutdown()
    return figures


if __name__ == "__main__":
    if os.getpgrp() != os.getpid():
        os.setpgid(0, 0)
    answers, sys.stdout = os.dup(1), sys.stderr
    os.dup2(2, 1)
    os.write(answers, (json.dumps(asyncio.run(main(json.load(sys.stdin)))) + "\n").encode())
