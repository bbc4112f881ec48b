"""When each output arrived in this process, although the engine merges outputs that wait for their reader.

The engine's output handler puts what arrived into one collector a request, from which `generate()` reads; where the
reader is late, the collector adds new tokens to those that wait. Here it notes the instant of each before it does so.
"""

import time

from vllm.v1.engine import async_llm

NAME = "RequestOutputCollector"


def note_arrivals():
    """Takes the place of the engine's collector, where it has one. Idempotent."""
    plain = getattr(async_llm, NAME, None)
    if plain is None or hasattr(plain, "lem_notes_arrivals"):
        return

    class Collector(plain):
        lem_notes_arrivals = True

        def put(self, output):
            t_ns, waiting = time.monotonic_ns(), self.output
            super().put(output)
            if not isinstance(output, Exception):
                merged = waiting is not None and self.output is waiting
                noted = waiting if merged else output
                noted.__dict__.setdefault("lem_arrivals", []).append((t_ns, len(output.outputs[0].token_ids)))

    setattr(async_llm, NAME, Collector)


def arrivals_of(output):
    """Instant and number of tokens of each arrival in an output; one arrival, now, where nothing was noted."""
    noted = getattr(output, "lem_arrivals", None)
    return [(time.monotonic_ns(), len(output.outputs[0].token_ids))] if noted is None else noted
