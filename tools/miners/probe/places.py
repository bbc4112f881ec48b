"""Frames and tracebacks as places in the engine's source."""

import hashlib
import importlib
import itertools
import linecache
import os


class Package:
    """The engine's import package on the disk."""

    def __init__(self, name):
        self.name = name
        self.module = importlib.import_module(name)
        self.folder = os.path.dirname(os.path.realpath(next(iter(self.module.__path__))))
        self._inside = os.path.join(self.folder, name) + os.sep
        self._known = {}

    def file_of(self, path):
        """A path of the source tree on this disk; None when it leads out of the package."""
        file = os.path.realpath(os.path.join(self.folder, path))
        return file if file.startswith(self._inside) else None

    def path_of(self, file):
        """The path in the source tree of a file; None outside the package."""
        real = os.path.realpath(file)
        return real[len(self.folder) + 1 :].replace(os.sep, "/") if real.startswith(self._inside) else None

    def digest(self, path):
        file = self.file_of(path)
        if file is None or not os.path.isfile(file):
            return ""
        with open(file, "rb") as opened:
            return hashlib.sha256(opened.read()).hexdigest()

    def place(self, code, instruction, line):
        """The place of an instruction; None outside the package."""
        key = (code, instruction)
        if key not in self._known:
            self._known[key] = self._place(code, instruction, line)
        return self._known[key]

    def _place(self, code, instruction, line):
        path = self.path_of(code.co_filename)
        if path is None:
            return None
        place = {"path": path, "qualname": getattr(code, "co_qualname", code.co_name), "line": line}
        return {**place, "span": span(code, instruction, os.path.realpath(code.co_filename))}

    def frames(self, error):
        """Places of an exception in the package, the innermost first."""
        found = []
        step = error.__traceback__
        while step is not None:
            place = self.place(step.tb_frame.f_code, step.tb_lasti, step.tb_lineno)
            if place is not None:
                found.append(place)
            step = step.tb_next
        return found[::-1]

    def callers(self, frame):
        """Frames outwards from one, each with its place or None."""
        while frame is not None:
            yield frame, self.place(frame.f_code, frame.f_lasti, frame.f_lineno)
            frame = frame.f_back


def span(code, instruction, file):
    """Where the instruction's expression stands, columns in UTF-16 units; None before Python 3.11."""
    positions = getattr(code, "co_positions", None)
    if positions is None or instruction < 0:
        return None
    found = next(itertools.islice(positions(), instruction // 2, None), None)
    if found is None or None in found:
        return None
    line, end_line, column, end_column = found
    return {
        "line": line,
        "column": utf16(file, line, column),
        "endLine": end_line,
        "endColumn": utf16(file, end_line, end_column),
    }


def utf16(file, line, column):
    text = linecache.getline(file, line)
    if text.isascii():
        return column
    return len(text.encode()[:column].decode(errors="replace").encode("utf-16-le")) // 2
