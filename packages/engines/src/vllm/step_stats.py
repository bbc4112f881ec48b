"""What the engine's scheduler says at each step, kept for the runs that ask for it."""

import time

from vllm.v1.metrics.loggers import StatLoggerBase

MOST_STEPS = 1 << 20


class StepStats:
    """Collects; `between` sums up one run."""

    def __init__(self, places):
        self._places = places  # sequences that the batch can hold
        self._steps = []  # (time, running, KV use)

    def add(self, running, kv_use):
        if len(self._steps) < MOST_STEPS:
            self._steps.append((time.monotonic_ns(), running, kv_use))

    def between(self, from_ns, to_ns):
        """Forgets what it has summed up."""
        steps = [step for step in self._steps if from_ns <= step[0] <= to_ns]
        self._steps.clear()
        running = [step[1] for step in steps if step[1] > 0]
        return {
            "batch_occupancy": sum(running) / len(running) / self._places if running else None,
            "kv_cache_use": max((step[2] for step in steps), default=None),
        }


class NoStats:
    """The user switched the engine's statistics off."""

    def between(self, from_ns, to_ns):
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
                stats.add(scheduler_stats.num_running_reqs, scheduler_stats.kv_cache_usage)

        def log_engine_initialized(self):
            pass

    return stats, [Logger]
