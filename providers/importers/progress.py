"""How far a long command is: a bar for a person at a terminal, a few plain lines for a log."""

from __future__ import annotations

from typing import TextIO

WIDTH = 30


class Progress:
    """Call it with (done, of). Writes to `stream`; says nothing when `silent`."""

    def __init__(self, stream: TextIO, *, label: str, silent: bool = False) -> None:
        self.stream = stream
        self.label = label
        self.silent = silent
        self.quarter = 0

    def __call__(self, done: int, of: int) -> None:
        if self.silent or not of:
            return
        if self.stream.isatty():
            bar = "█" * (WIDTH * done // of)
            end = "\n" if done >= of else ""
            self.stream.write(f"\r{self.label} {bar:░<{WIDTH}} {done:,} of {of:,}{end}")
        elif 4 * done // of > self.quarter:
            self.quarter = 4 * done // of
            self.stream.write(f"{self.label}: {done:,} of {of:,}\n")
        self.stream.flush()
