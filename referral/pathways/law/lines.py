"""Where in a TOML file something is written. `tomllib` gives values, and no lines.

Knows the layout that packs have: a header in brackets, a key and its value on one line, a dotted
key, a value that goes on over more lines. What it cannot find is told at the header above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

NAME = r"(?:[\w-]+|\"[^\"]*\"|'[^']*')"
DOTTED = rf"{NAME}(?:\s*\.\s*{NAME})*"
HEADER = re.compile(rf"^\s*(\[\[?)\s*({DOTTED})\s*\]\]?\s*(#.*)?$")
KEY = re.compile(rf"^\s*({DOTTED})\s*=")
PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([\w-]+)")
# a string of several lines; one on its line; the rest of the line is a comment
TOKEN = re.compile(r"\"\"\"|'''|\"(?:[^\"\\]|\\.)*\"|'[^']*'|#.*")
Path = tuple[str | int, ...]


class Lines:
    """Path of a table or key → line, beginning at 1. Tables of a list are numbered from 0."""

    def __init__(self, text: str) -> None:
        self.found: dict[Path, int] = {(): 1}
        self._at: dict[Path, int] = {}  # how many tables a list has so far
        here: Path = ()
        for number, line in _outside_of_strings(text):
            if header := HEADER.match(line):
                here = self._open(header[2], is_list=header[1] == "[[")
                self.found.setdefault(here, number)
            elif key := KEY.match(line):
                self._note((*here, *_parts(key[1])), number)

    def of(self, *path: str | int) -> int:
        """The line of this key; of the nearest table above it where it is not written."""
        while path not in self.found:
            path = path[:-1]
        return self.found[path]

    def _open(self, header: str, *, is_list: bool) -> Path:
        path: Path = ()
        parts = _parts(header)
        for n, part in enumerate(parts):
            path = (*path, part)
            if is_list and n == len(parts) - 1:
                self._at[path] = self._at.get(path, -1) + 1
            if path in self._at:
                path = (*path, self._at[path])
        return path

    def _note(self, path: Path, number: int) -> None:
        for length in range(1, len(path) + 1):
            self.found.setdefault(path[:length], number)


def _parts(dotted: str) -> list[str]:
    return [double or single or bare for double, single, bare in PART.findall(dotted)]


def _outside_of_strings(text: str) -> Iterator[tuple[int, str]]:
    """The lines that do not begin inside a string of several lines. Only a line feed ends one."""
    inside = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if not inside:
            yield number, line
        inside = _after(line, inside)


def _after(line: str, inside: str) -> str:
    """Which string of several lines is open behind this line: its marks, or none."""
    rest = line
    while True:
        if inside:
            _before, mark, rest = rest.partition(inside)
            if not mark:
                return inside
            inside = ""
        found = next((one for one in TOKEN.finditer(rest)), None)
        if found is None or found[0].startswith("#"):
            return ""
        rest = rest[found.end() :]
        inside = found[0] if found[0] in ('"""', "'''") else ""
