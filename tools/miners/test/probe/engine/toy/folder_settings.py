"""Settings that are made with a folder of the user's, and prepared afterwards."""

import logging
import os


class FolderSettings:
    def __init__(self, folder, size=1, kind="short", loud=False, level=None):
        self.folder = folder
        self.size = size
        self.kind = kind
        self.loud = loud
        self.level = level

    def prepare(self):
        with open(os.path.join(self.folder, "text"), encoding="utf-8") as opened:
            text = opened.read()
        logging.getLogger("toy").warning("prepared")
        if self.size < 0:
            raise ValueError("negative")
        if self.kind == "long" and len(text) < 4:
            raise ValueError("too short")
        if self.kind == "missing":
            open(os.path.join(self.folder, "nothing"), encoding="utf-8").close()
        if self.loud:
            logging.getLogger("toy").warning("loud")
        if self.level is None:
            self.level = len(text)
        if self.kind == "quiet":
            logging.getLogger("toy").setLevel(logging.CRITICAL)
            os.environ["TOY_QUIET"] = "1"
        if "TOY_QUIET" in os.environ and self.kind == "short":
            raise ValueError("left behind")
