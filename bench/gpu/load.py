"""A load of known work for a GPU: bf16 matrix products, constant or as a square wave, told what to do on stdin.

One JSON object a line in: {"do": "constant" | "wave" | "idle" | "end", "seconds": S, "period_ms": P, "duty": D,
"jitter_ms": J}; a jitter moves each period's begin at random, so that no sensor can lock on the wave.
One JSON object a line out: {"event": "ready" | "begin" | "done" | "end", "t_ns": ..., ...}; "done" tells how many
products were finished at that instant, so that joules and work can be cut at the same instants. Times are
CLOCK_MONOTONIC.
"""
import json
import random
import sys
import time

import torch

SIZE = 4096
CHUNK_MS = 10.0


def say(event, **fields):
    sys.stdout.write(json.dumps({"event": event, "t_ns": time.monotonic_ns(), **fields}) + "\n")


class Load:
    def __init__(self):
        self.a, self.b = (torch.randn(SIZE, SIZE, device="cuda", dtype=torch.bfloat16) for _ in range(2))
        self.out = torch.empty_like(self.a)
        self.products = 0
        self.run(200)
        self.per_product = self.pace()
        self.chunk = max(1, round(CHUNK_MS / 1e3 / self.per_product))
        self.events = [torch.cuda.Event(blocking=True) for _ in range(2)]

    def pace(self):
        """Seconds of a product now: a throttled GPU is slower than it was."""
        torch.cuda.synchronize()
        begin = time.monotonic()
        self.run(500)
        torch.cuda.synchronize()
        return (time.monotonic() - begin) / 500

    def run(self, count):
        for _ in range(count):
            torch.mm(self.a, self.b, out=self.out)
        self.products += count

    def constant(self, seconds):
        """Keeps one chunk queued behind the one that runs: the GPU never waits."""
        end = time.monotonic() + seconds
        done = self.products
        self.run(self.chunk)
        self.events[0].record()
        turn = 1
        while time.monotonic() < end:
            self.run(self.chunk)
            self.events[turn].record()
            turn = 1 - turn
            self.events[turn].synchronize()
            done += self.chunk
            say("done", products=done)
        torch.cuda.synchronize()
        say("done", products=self.products)

    def wave(self, seconds, period_ms, duty, jitter_ms=0.0):
        """Full load for a share of each period; periods begin at multiples of the period, or about there."""
        chance = random.Random(1)
        busy = max(1, round(duty * period_ms / 1e3 / self.pace()))
        begin = time.monotonic()
        number = 0
        while time.monotonic() - begin < seconds:
            due = begin + (number * period_ms + chance.uniform(0, jitter_ms)) / 1e3
            while time.monotonic() < due:
                time.sleep(max(0.0, min(0.0005, due - time.monotonic())))
            on = time.monotonic_ns()
            self.run(busy)
            torch.cuda.synchronize()
            say("done", products=self.products, on_ns=on)
            number += 1


def main():
    load = Load()
    say("ready", device=torch.cuda.get_device_name(0), uuid=str(torch.cuda.get_device_properties(0).uuid), torch=torch.__version__, flop_per_product=2 * SIZE**3,
        seconds_per_product=load.per_product)
    sys.stdout.flush()
    for line in sys.stdin:
        order = json.loads(line)
        say("begin", **order)
        if order["do"] == "constant":
            load.constant(order["seconds"])
        elif order["do"] == "wave":
            load.wave(order["seconds"], order["period_ms"], order["duty"], order.get("jitter_ms", 0.0))
        elif order["do"] == "idle":
            time.sleep(order["seconds"])
        say("end", **order)
        sys.stdout.flush()
        if order["do"] == "end":
            return


main()
