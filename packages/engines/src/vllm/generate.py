"""Runs groups of requests through the asynchronous engine, and reports each output token when it arrives.

The groups wait for their turn; the requests of a group go to the engine together, which batches them with whatever else
it is working on. Output arrives as differences: one token each, or several where the engine computed several at once.
"""

import asyncio
import itertools

import observed
from arrivals import arrivals_of
from failures import NotSupported

# Each may end an output before its pinned length.
UNPINNABLE = ("max_tokens", "min_tokens", "stop", "stop_token_ids", "structured_outputs", "repetition_detection")
HEALTH_S = 1
FINISHES = {"length": "length", "stop": "stop", "repetition": "stop", "abort": "cancelled"}


class Request:
    """One request with the engine's own object for it."""

    __slots__ = ("id", "prompt", "r", "sampling")

    def __init__(self, loaded, asked, sampling):
        self.r = asked["r"]
        self.id = f"{loaded.runs}-{self.r}"
        self.prompt = loaded.prompt(list(asked["tokens"]))
        self.sampling = sampling


class Work:
    def __init__(self, groups, concurrency):
        self.groups = groups
        self.concurrency = concurrency


def plan(loaded, request):
    """Everything that can be made before the clock starts."""
    keys, pinned = loaded.sections.get("sampling", {}), request["pinned_output"]
    if pinned:
        refuse_unpinnable(keys)
    loaded.runs += 1
    with observed.section("sampling", keys):
        groups = [[Request(loaded, q, sampling_of(loaded, q, pinned)) for q in group] for group in request["groups"]]
    return Work(groups, request["concurrency"])


def refuse_unpinnable(keys):
    found = [f"sampling.{key}" for key in UNPINNABLE if keys.get(key) not in (None, 0, [])]
    if found:
        raise NotSupported(f"workload.pin_output fixes the output length: it excludes {', '.join(found)}")


def sampling_of(loaded, asked, pinned):
    own = loaded.sections.get("sampling", {}).get("max_tokens")
    if pinned:
        # Ignored, not suppressed: `min_tokens` would mask the vocabulary at each step, which costs energy.
        return loaded.sampling(max_tokens=asked["output_tokens"], ignore_eos=True)
    return loaded.sampling(max_tokens=asked["output_tokens"] if own is None else min(own, asked["output_tokens"]))


async def forget_prompts(loaded):
    """Each run computes its prompts: what an earlier one left in the prefix cache is dropped."""
    await while_alive(loaded.engine, loaded.engine.reset_prefix_cache())


async def run(loaded, work, stream):
    waiting = iter(work.groups)
    with observed.section("sampling", loaded.sections.get("sampling", {})):
        workers = [run_groups(loaded.engine, waiting, stream) for _ in range(work.concurrency)]
        await while_alive(loaded.engine, all_or_none(workers))


async def while_alive(engine, work):
    """Some requests to an engine whose process was killed are never answered: it is asked for its health meanwhile."""
    task = asyncio.ensure_future(work)
    while not task.done():
        await asyncio.wait([task], timeout=HEALTH_S)
        if not task.done() and engine.errored:
            task.cancel()
            await asyncio.wait([task], timeout=HEALTH_S)
            raise engine.dead_error
    return task.result()


async def run_groups(engine, waiting, stream):
    for group in waiting:
        await all_or_none(run_one(engine, request, stream) for request in group)


async def all_or_none(coroutines):
    """Waits for all; the first failure cancels the others, and is raised when they have ended."""
    tasks = [asyncio.ensure_future(one) for one in coroutines]
    try:
        await asyncio.gather(*tasks)
    except BaseException as error:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise own_cause(error) from None


def own_cause(error):
    """The engine wraps what it does not expect in an exception without words."""
    cause = error.__cause__
    return cause if cause is not None and not str(error) else error


async def run_one(engine, request, stream):
    r, count, chunked = request.r, 0, False
    token, origin_ns = stream.token, stream.origin_ns
    stream.submitted(r)
    async for output in engine.generate(request.prompt, request.sampling, request.id):
        ids = iter(output.outputs[0].token_ids)
        for arrived_ns, number in arrivals_of(output):
            t_ns = arrived_ns - origin_ns
            for one in itertools.islice(ids, number):
                token(r, one, t_ns)
            count += number
            chunked = chunked or number > 1
    stream.finished(
        r,
        input_tokens=len(output.prompt_token_ids),
        output_tokens=counted_by_engine(output, count),
        finish=finish_of(output.outputs[0].finish_reason, request),
        timing="chunk" if chunked else "token",
        t_ns=t_ns,
    )


def counted_by_engine(output, arrived):
    """The engine's own count; what arrived, where its statistics are switched off."""
    return arrived if output.metrics is None else output.metrics.num_generation_tokens


def finish_of(reason, request):
    if reason in FINISHES:
        return FINISHES[reason]
    raise RuntimeError(f"the engine ended request {request.r} with {reason!r}")
