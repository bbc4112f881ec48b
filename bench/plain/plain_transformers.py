"""The work of an experiment by transformers alone, without lem: the other side of the observer benchmark.

stdin: {model, groups: [[{tokens, output_tokens}]], warmups, windows}; stdout: one {cpu_s, output_tokens} a window.
"""
import json
import resource
import sys

import torch
from transformers import AutoConfig, AutoModelForCausalLM

job = json.load(sys.stdin)
if job["weights"] == "random":
    model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(job["model"]), dtype=torch.float32)
else:
    model = AutoModelForCausalLM.from_pretrained(job["model"], dtype=torch.float32)
model.eval()


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def generate(group):
    ids = torch.tensor([request["tokens"] for request in group])
    count = group[0]["output_tokens"]
    out = model.generate(ids, attention_mask=torch.ones_like(ids), eos_token_id=None, max_new_tokens=count, **job["generation"])
    return (out.shape[1] - ids.shape[1]) * len(group)


def window(groups):
    before = cpu_seconds()
    output = sum(generate(group) for group in groups)
    return {"cpu_s": cpu_seconds() - before, "output_tokens": output}


for _ in range(job["warmups"]):
    window(job["groups"][:1])
figures = [window(job["groups"]) for _ in range(job["windows"])]
sys.__stdout__.write(json.dumps(figures) + "\n")
