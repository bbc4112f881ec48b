"""Installed versions of packages; nothing is imported."""

import os
import runpy
import sys
from importlib import metadata, util


def versions(names):
    """Versions of those that are installed, of Python, and of the CUDA runtime that torch was built for."""
    found = {}
    for name in names:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            pass
    found["python"] = sys.version.split()[0]
    torch = util.find_spec("torch")
    folder = os.path.dirname(torch.origin) if torch is not None and torch.origin else None
    if folder is not None and os.path.exists(os.path.join(folder, "version.py")):
        cuda = runpy.run_path(os.path.join(folder, "version.py")).get("cuda")
        if cuda is not None:
            found["cuda"] = str(cuda)
    return found


def release(name):
    """The version without the mark of its build: `0.32.0` for `0.32.0+cpu`."""
    return metadata.version(name).partition("+")[0]
