"""The pipe to the host: one JSON object a line, requests in, replies out.

The original stdout is made private at start; descriptor 1 becomes a copy of stderr and descriptor 0 is empty, so that
nothing an engine prints or reads can disturb the conversation.
"""

import json
import os
import sys


class Channel:
    def __init__(self):
        self._source = os.dup(0)
        self._target = os.dup(1)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        sys.stdout.flush()
        os.dup2(2, 1)

    def requests(self):
        """Requests until the host closes its end."""
        with os.fdopen(os.dup(self._source), "rb") as lines:
            for line in lines:
                yield json.loads(line)

    def send(self, message):
        self.send_bytes(json.dumps(message, separators=(",", ":")).encode())

    def send_bytes(self, line):
        write_all(self._target, line + b"\n")

    def close(self):
        """For forked children, which must not hold the pipe."""
        os.close(self._source)
        os.close(self._target)


def write_all(fd, data):
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]
