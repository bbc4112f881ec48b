"""A small engine of ours, with the ways of checking that real ones have."""

from .settings import Settings, Strict

__all__ = ["Settings", "Strict"]
