"""The lru_caches of a package. What a probe put into one (a message that is said once) is forgotten after it."""

import functools
import gc
import sys

KIND = functools._lru_cache_wrapper


class Caches:
    def __init__(self, package):
        self._package = package
        self._found = []
        self._sizes = {}
        self._modules = 0

    def settle(self):
        """Looks for caches, then takes all objects out of garbage collection: children share their memory longer."""
        gc.unfreeze()
        gc.collect()
        self._found = self._look()
        gc.freeze()

    def _look(self):
        return [each for each in gc.get_objects() if type(each) is KIND and self._owns(each)]

    def _owns(self, wrapper):
        return str(getattr(wrapper, "__module__", "")).split(".")[0] == self._package

    def remember(self):
        """In a child: how full the caches are before any probe."""
        self._modules = len(sys.modules)
        self._sizes = {id(each): (each, each.cache_info().currsize) for each in self._found}

    def forget(self):
        """Empties caches that grew, and those of modules that were imported since."""
        if len(sys.modules) != self._modules:
            self._modules = len(sys.modules)
            for each in self._look():
                self._sizes.setdefault(id(each), (each, 0))
        for wrapper, size in self._sizes.values():
            if wrapper.cache_info().currsize > size:
                wrapper.cache_clear()
