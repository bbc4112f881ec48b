"""Counts the matrix products of generate() with torch's FlopCounterMode, forward pass by forward pass.

usage: flop_counter.py CASES.json        writes {"versions": {...}, "cases": [...]} on standard output

CASES.json holds a list of cases, or what an earlier call wrote: then the same cases are counted again.
A case is {"name", "config", "input", "output", "batch"}; what comes out also holds the config.json that
save_pretrained() would write ("saved") and the counts. Models get random weights from `config` alone. A case
with "meta": true is too large to be held: it runs on torch's meta device, where shapes are real and numbers
are not, so its tokens are fed by hand with the same cache that generate() makes (and its experts run as batched
products, since the eager loop asks which of them were hit).
"""

import inspect
import json
import platform
import sys

import torch
import transformers
from torch.utils.flop_counter import FlopCounterMode
from transformers import AutoConfig, AutoModelForCausalLM, DynamicCache


def build(case):
    fields = dict(case["config"])
    config = AutoConfig.for_model(fields.pop("model_type"), **fields)
    with torch.device("meta" if case.get("meta") else "cpu"):
        model = AutoModelForCausalLM.from_config(config, attn_implementation="eager")
    if hasattr(model, "set_experts_implementation"):
        model.set_experts_implementation("batched_mm" if case.get("meta") else "eager")
    return model.eval()


def counted(call):
    with FlopCounterMode(display=False) as counter:
        outcome = call()
    return counter.get_total_flops(), outcome


def by_generate(model, case):
    """One count per forward pass of generate(), and what was counted outside of them."""
    passes = []
    forward = model.forward

    def recording(*args, **kwargs):
        flops, outcome = counted(lambda: forward(*args, **kwargs))
        passes.append(flops)
        return outcome

    recording.__signature__ = inspect.signature(forward)
    model.forward = recording
    ids = torch.randint(3, model.config.get_text_config().vocab_size, (case["batch"], case["input"]))
    options = {"max_new_tokens": case["output"], "min_new_tokens": case["output"], "do_sample": False, "pad_token_id": 0}
    total, tokens = counted(lambda: model.generate(ids, attention_mask=torch.ones_like(ids), **options))
    assert tokens.shape == (case["batch"], case["input"] + case["output"]), tokens.shape
    assert total == sum(passes), (total, passes)
    return passes


def by_hand(model, case):
    """The same passes on the meta device, where generate() cannot choose a token."""
    cache = DynamicCache(config=model.config)
    passes = []
    for length in [case["input"]] + [1] * (case["output"] - 1):
        ids = torch.empty((case["batch"], length), dtype=torch.long, device="meta")
        flops, _ = counted(lambda: model(input_ids=ids, past_key_values=cache, use_cache=True, logits_to_keep=1))
        passes.append(flops)
    return passes


def measure(case):
    torch.manual_seed(0)
    model = build(case)
    with torch.no_grad():
        passes = (by_hand if case.get("meta") else by_generate)(model, case)
    counts = {"parameters": model.num_parameters(), "prefill": passes[0], "decode": passes[1:]}
    return {**case, "saved": json.loads(model.config.to_json_string()), "counts": counts}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        given = json.load(file)
    cases = given["cases"] if isinstance(given, dict) else given
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    versions = {"python": platform.python_version(), "torch": torch.__version__, "transformers": transformers.__version__}
    lines = ",\n".join("    " + json.dumps(measure(case)) for case in cases)
    print(f'{{\n  "versions": {json.dumps(versions)},\n  "cases": [\n{lines}\n  ]\n}}')


if __name__ == "__main__":
    main()
