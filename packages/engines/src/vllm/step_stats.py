"""What the engine's scheduler says at each step, kept for one run."""

import time

from vllm.v1.metrics.loggers import StatLoggerBase

MOST_STEPS = 1 << 20
STEPS_A_LINE = 256
COLUMNS = ("t_ns", "prompt_tokens", "output_tokens", "running", "waiting")


class StepStats:
    """Collects; `since` sums up one run, and forgets it."""

    def __init__(self, places):
        self._places = places  # sequences that the batch can hold
        self._steps = []  # an entry of COLUMNS, and the share of the KV cache in use

    def add(self, scheduler, iteration):
        if len(self._steps) < MOST_STEPS:
            prompt = 0 if iteration is None else iteration.prompt_token_stats.computed
            output = 0 if iteration is None else iteration.num_generation_tokens
            entry = (time.monotonic_ns(), prompt, output, scheduler.num_running_reqs, scheduler.num_waiting_reqs)
            self._steps.append((entry, scheduler.kv_cache_usage))

    def since(self, origin_ns, emit):
        """Emits the steps, and gives what the reply says of them."""
        steps = [step for step in self._steps if step[0][0] >= origin_ns]
        self._steps.clear()
        for at in range(0, len(steps), STEPS_A_LINE):
            rows = [(entry[0] - origin_ns, *entry[1:]) for entry, _ in steps[at : at + STEPS_A_LINE]]
            emit({"event": "steps", **dict(zip(COLUMNS, (list(column) for column in zip(*rows))))})
        running = [entry[3] for entry, _ in steps if entry[3] > 0]
        return {
            "batch_occupancy": sum(running) / len(running) / self._places if running else None,
            "kv_cache_use": max((use for _, use in steps), default=None),
        }


class NoStats:
    """The user switched the engine's statistics off."""

    def since(self, origin_ns, emit):
        return {"batch_occupancy": None, "kv_cache_use": None}


def step_stats(config, arguments):
    """The collector, and the loggers that the engine is to feed it with."""
    if arguments.disable_log_stats:
        return NoStats(), None
    stats = StepStats(config.scheduler_config.max_num_seqs)

    class Logger(StatLoggerBase):
        def __init__(self, vllm_config, engine_index=0):
            pass

        def record(self, scheduler_stats, iteration_stats=None, *others, **more):
            if scheduler_stats is not None:
                stats.add(scheduler_stats, iteration_stats)

        def log_engine_initialized(self):
            pass

    return stats, [Logger]
