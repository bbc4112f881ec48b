"""Functions that are called with a folder."""

import os

from toy import machine


def write(folder, text):
    with open(os.path.join(folder, "text"), "w") as file:
        file.write(text)


def load(folder, size=1, kind=None, fast=False, **kwargs):
    with open(os.path.join(folder, "text")) as file:
        text = file.read()
    if size < 1:
        raise ValueError("size")
    if kind == "long" and len(text) < 3:
        raise ValueError("the text is too short")
    if kind == "missing":
        open(os.path.join(folder, "missing"))
    if fast and not machine.has_accelerator():
        raise ValueError("no accelerator")
    return text * size
