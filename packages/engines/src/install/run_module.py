"""Runs a Python module as `python -m` does, tied to the process that started it: the kernel ends it when that dies.

    python run_module.py pip install torch
"""

import runpy
import signal
import sys


def tie_to_parent():
    if not sys.platform.startswith("linux"):
        return
    try:
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    except (ImportError, OSError, AttributeError):
        pass


if __name__ == "__main__":
    tie_to_parent()
    sys.argv = sys.argv[1:]
    del sys.path[0]  # this file's folder
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
