"""The lru_caches of a package. What a probe put into one (a message that is said once) is forgotten after it."""

import functools
import gc

KIND = functools._lru_cache_wrapper


class Caches:
    def __init__(self, package):
        self._package = package
        self._found = []
        self._sizes = []

    def settle(self):
        """Looks for caches, then takes all objects out of garbage collection: children share their memory longer."""
        gc.unfreeze()
        gc.collect()
        self._found = [each for each in gc.get_objects() if type(each) is KIND and self._owns(each)]
        gc.freeze()

    def _owns(self, wrapper):
        return str(getattr(wrapper, "__module__", "")).split(".")[0] == self._package

    def remember(self):
        self._sizes = [(each, each.cache_info, each.cache_info().currsize) for each in self._found]

    def forget(self):
        """Empties caches that grew."""
        for wrapper, info, size in self._sizes:
            if info().currsize > size:
                wrapper.cache_clear()
