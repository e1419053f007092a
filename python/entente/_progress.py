"""How far an experiment is: a bar where tqdm is there, else a plain line now and then."""

from __future__ import annotations

import sys
import time
from typing import Any

EVERY = 10.0
"""Seconds between two plain lines."""


class Bar:
    """Is told of runs by the native part, and tells people."""

    def __init__(self) -> None:
        self.bar: Any = None
        self.all = 0
        self.at_most = False
        self.began = self.said = time.monotonic()

    def start(self, runs: int, at_most: bool) -> None:
        """There are so many runs to do, or no more than that."""
        self.all, self.at_most = runs, at_most
        self.began = self.said = time.monotonic()
        try:
            from tqdm.auto import tqdm
        except ImportError:
            return
        self.bar = tqdm(total=None if at_most else runs, unit=" runs", leave=False)

    def done(self, runs: int) -> None:
        """So many are done."""
        if self.bar is not None:
            self.bar.update(runs - self.bar.n)
        elif time.monotonic() - self.said >= EVERY:
            self.said = time.monotonic()
            of = f"{runs:,} of {self.all:,} runs"
            if self.at_most:
                of = f"{runs:,} runs" + (f", {self.all:,} at most" if self.all else "")
            self.notice(f"{of}, after {self.said - self.began:.0f} s")

    def notice(self, words: str) -> None:
        """Something that people should know."""
        if self.bar is not None:
            self.bar.write(words, file=sys.stderr)
        else:
            print(words, file=sys.stderr)

    def close(self) -> None:
        """The experiment has ended."""
        if self.bar is not None:
            self.bar.close()
