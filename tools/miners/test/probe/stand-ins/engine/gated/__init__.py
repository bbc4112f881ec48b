"""Nothing may run this: it needs what only a machine with the hardware has."""

import ctypes

ctypes.CDLL("libhardware.so")

from .settings import Limits, Settings as Options  # noqa: E402
from . import settings as everything  # noqa: E402
