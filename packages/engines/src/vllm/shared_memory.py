"""Shared memory that the engine's processes leave behind when they are ended before they have tidied up."""

import os

import process_facts

PREFIX = "/dev/shm/psm_"  # how Python names them


def segments_of_descendants():
    """Python's shared memory that the processes started from this one have mapped; none where that cannot be seen."""
    found = set()
    for pid in process_facts.descendant_ticks():
        try:
            with open(f"/proc/{pid}/maps") as maps:
                paths = (line.split(maxsplit=5)[-1].rstrip("\n") for line in maps)
                found.update(path for path in paths if path.startswith(PREFIX) and not path.endswith("(deleted)"))
        except OSError:
            continue  # it ended meanwhile, or is somebody else's
    return found


def remove(segments):
    for path in segments:
        try:
            os.unlink(path)
        except OSError:
            pass  # tidied up by its owner
