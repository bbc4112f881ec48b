"""Runs groups of requests through `generate()`, and reports each output token as the engine hands it over.

Inputs are padded on the left and masked; padding is never reported. A sequence ends with its end-of-sequence token
(which counts), a stop string, or its own limit; what the engine computes for it afterwards is not output. Where the
output length is pinned, the end-of-sequence token is one like any other.
"""

import time

import observed
import torch
from failures import NotSupported

LENGTH_KEYS = ("max_new_tokens", "min_new_tokens", "max_length", "min_length")
EARLY_ENDS = ("stop_strings", "max_time")


class Row:
    """One request of a group while it runs."""

    __slots__ = ("count", "cut", "ended_ns", "input_tokens", "limit", "r", "stopped")

    def __init__(self, request, limit):
        self.r = request["r"]
        self.input_tokens = len(request["tokens"])
        self.limit = limit
        self.count = 0
        self.stopped = False  # by an end-of-sequence token
        self.cut = False  # by a rule of the engine that its tokens do not show
        self.ended_ns = None


class Plan:
    """One group: its rows, its padded input, and the keywords of its call."""

    def __init__(self, loaded, group, pinned):
        generation = loaded.sections.get("generation", {})
        own = generation.get("max_new_tokens")
        self.rows = [Row(q, limit_of(q["output_tokens"], own, pinned)) for q in group]
        self.width = max(len(q["tokens"]) for q in group)
        pad = padding_token(loaded)
        self.ids = torch.tensor([[pad] * (self.width - len(q["tokens"])) + list(q["tokens"]) for q in group])
        self.mask = torch.tensor([[0] * (self.width - len(q["tokens"])) + [1] * len(q["tokens"]) for q in group])
        longest = max(row.limit for row in self.rows)
        self.keywords = {**engine_objects(loaded, generation), "max_new_tokens": longest}
        self.stops = end_tokens(loaded)
        if pinned:
            # Ignored, not suppressed: `min_new_tokens` would mask the vocabulary at each step, which costs energy.
            self.keywords["eos_token_id"] = None
            self.stops = set()
        self.unequal = any(row.limit != longest for row in self.rows)


def limit_of(output_tokens, own, pinned):
    return output_tokens if pinned or own is None else min(output_tokens, own)


def plan(loaded, groups, pinned):
    """Everything that can be made before the clock starts."""
    if pinned:
        refuse_unpinnable(loaded.sections.get("generation", {}))
    plans = [Plan(loaded, group, pinned) for group in groups]
    if beams(loaded) and any(group.unequal for group in plans):
        raise NotSupported("beam search needs one output length for all requests of a group")
    return plans


def refuse_unpinnable(generation):
    found = [key for key in (*LENGTH_KEYS, *EARLY_ENDS) if generation.get(key) is not None]
    if found:
        names = ", ".join(f"generation.{key}" for key in found)
        raise NotSupported(f"workload.pin_output fixes the output length: it excludes {names}")


def beams(loaded):
    return (loaded.generation.num_beams or 1) > 1


def padding_token(loaded):
    pad = loaded.generation.pad_token_id
    stops = sorted(end_tokens(loaded))
    return pad if pad is not None else stops[0] if stops else 0


def end_tokens(loaded):
    eos = loaded.generation.eos_token_id
    return set() if eos is None else {eos} if isinstance(eos, int) else {int(token) for token in eos}


def engine_objects(loaded, generation):
    """The user's keys, as `generate()` takes them: values from the checked configuration, the rest as they are."""
    keys = {key: getattr(loaded.generation, key) for key in generation if key not in loaded.generate_options}
    if generation.get("stop_strings") is not None:
        keys["tokenizer"] = loaded.tokenizer()
    return {**keys, **loaded.generate_options}


def run(loaded, plans, stream):
    """Runs the groups one after another; the mean share of active sequences over all decode steps.

    None without decode steps, and with beams: these go on when the sequence that is handed over has ended.
    """
    active = places = 0
    for group in plans:
        run_group(loaded, group, stream)
        steps = max(row.count for row in group.rows) - 1
        active += sum(max(row.count - 1, 0) for row in group.rows)
        places += max(steps, 0) * len(group.rows)
    return active / places if places and not beams(loaded) else None


def run_group(loaded, group, stream):
    for row in group.rows:
        stream.submitted(row.r)
    device = loaded.base.device
    inputs = {"input_ids": group.ids.to(device), "attention_mask": group.mask.to(device)}
    if beams(loaded):
        run_without_times(loaded, group, inputs, stream)
        return
    stops = group.stops
    one = len(group.rows) == 1
    streamer = OneRow(stream, group.rows[0], stops) if one else Steps(stream, group.rows, stops)
    criteria = stopping(loaded, group, streamer)
    with observed.section("generation", loaded.sections.get("generation", {})):
        loaded.model.generate(**inputs, streamer=streamer, stopping_criteria=criteria, **group.keywords)
    for row in group.rows:
        finish(stream, row, streamer.timing)


def finish(stream, row, timing):
    finish = "stop" if row.stopped or row.cut or row.count < row.limit else "length"
    stream.finished(
        row.r,
        input_tokens=row.input_tokens,
        output_tokens=row.count,
        finish=finish,
        timing=timing,
        t_ns=row.ended_ns,
    )


# --- times from the engine's streamer ---


class OneRow:
    """Receives the prompt, then each token of a single sequence; several at once under speculative decoding."""

    def __init__(self, stream, row, stops):
        self._token, self._origin = stream.token, stream.origin_ns
        self._row, self._stops = row, stops
        self._prompt = True
        self.timing = "token"

    def put(self, value):
        t_ns = time.monotonic_ns() - self._origin
        if self._prompt:
            self._prompt = False
            return
        row = self._row
        tokens = value.reshape(-1).tolist()
        if len(tokens) > 1:
            self.timing = "chunk"
        for token in tokens:
            if row.stopped or row.count == row.limit:
                return
            self._token(row.r, token, t_ns)
            row.count += 1
            row.ended_ns = t_ns
            row.stopped = token in self._stops

    def end(self):
        pass


class Steps:
    """Receives one token of every sequence at each step, also of those that ended: they are left out."""

    def __init__(self, stream, rows, stops):
        self._token, self._origin = stream.token, stream.origin_ns
        self.active = list(enumerate(rows))
        self._stops = stops
        self._prompt = True
        self.timing = "step"

    def put(self, value):
        t_ns = time.monotonic_ns() - self._origin
        if self._prompt:
            self._prompt = False
            return
        tokens = value.tolist()
        ended = False
        for place, row in self.active:
            token = tokens[place]
            self._token(row.r, token, t_ns)
            row.count += 1
            row.ended_ns = t_ns
            row.stopped = token in self._stops
            ended = ended or row.stopped or row.count == row.limit
        if ended:
            self.active = [(p, row) for p, row in self.active if not row.stopped and row.count < row.limit]

    def cut(self, places, count):
        """The engine ends these sequences at `count` tokens; it says so before or after it hands over the last."""
        for place, row in self.active:
            if place in places and not row.cut:
                row.limit, row.cut = count, True
        self.active = [(place, row) for place, row in self.active if row.count < row.limit]

    def end(self):
        pass


# --- ends that the engine does not know, or does not tell ---


def stopping(loaded, group, streamer):
    from transformers import StoppingCriteriaList, StopStringCriteria

    criteria = StoppingCriteriaList()
    if group.unequal:
        criteria.append(OwnLimits(group, loaded.base.device))
    strings = group.keywords.get("stop_strings")
    if strings is not None and isinstance(streamer, Steps):
        criteria.append(StopStrings(StopStringCriteria(loaded.tokenizer(), strings), streamer, group.width))
    return criteria


class OwnLimits:
    """Ends each sequence of a group at its own limit, where `max_new_tokens` knows only the longest."""

    def __init__(self, group, device):
        self._limits = torch.tensor([row.limit + group.width for row in group.rows], device=device)

    def __call__(self, input_ids, scores, **_):
        return self._limits <= input_ids.shape[1]


class StopStrings:
    """The engine's own test for stop strings, once more, to learn which sequences of a group it ended."""

    def __init__(self, test, streamer, width):
        self._test, self._streamer, self._width = test, streamer, width

    def __call__(self, input_ids, scores, **options):
        done = self._test(input_ids, scores, **options)
        places = {place for place, ended in enumerate(done.tolist()) if ended}
        if places:
            self._streamer.cut(places, input_ids.shape[1] - self._width)
        return done


# --- beam search: the engine settles the tokens at the end ---


def run_without_times(loaded, group, inputs, stream):
    with observed.section("generation", loaded.sections.get("generation", {})):
        output = loaded.model.generate(**inputs, **group.keywords)
    sequences = getattr(output, "sequences", output)[:, group.width :].tolist()
    now = stream.now()
    stops, pad = group.stops, padding_token(loaded)
    for row, tokens in zip(group.rows, sequences):
        for token in own_tokens(tokens, stops, pad):
            stream.token(row.r, token, now)
            row.count += 1
            row.stopped = token in stops
        row.ended_ns = now
        finish(stream, row, "none")


def own_tokens(tokens, stops, pad):
    """Up to and with the end-of-sequence token; without one, all but the padding at the end."""
    for place, token in enumerate(tokens):
        if token in stops:
            return tokens[: place + 1]
    while stops and tokens and tokens[-1] == pad:
        tokens = tokens[:-1]
    return tokens
