"""The work of an experiment by transformers alone, without lem: the other side of the observer benchmark.

stdin: {model, groups: [[{tokens, output_tokens}]], warmups, windows}; stdout: one {cpu_s, output_tokens} a window.
"""
import json
import os
import sys

import torch
from transformers import AutoModelForCausalLM

job = json.load(sys.stdin)
model = AutoModelForCausalLM.from_pretrained(job["model"], dtype=torch.float32)
model.eval()


def generate(group):
    ids = torch.tensor([request["tokens"] for request in group])
    count = group[0]["output_tokens"]
    out = model.generate(ids, attention_mask=torch.ones_like(ids), eos_token_id=None, max_new_tokens=count, **job["generation"])
    return (out.shape[1] - ids.shape[1]) * len(group)


def window():
    before = os.times()
    output = sum(generate(group) for group in job["groups"])
    after = os.times()
    return {"cpu_s": after.user + after.system - before.user - before.system, "output_tokens": output}


with torch.inference_mode():
    for _ in range(job["warmups"]):
        window()
    figures = [window() for _ in range(job["windows"])]
sys.__stdout__.write(json.dumps(figures) + "\n")
