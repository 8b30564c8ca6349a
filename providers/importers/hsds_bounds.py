"""What may come in as JSON: looked at as bytes before anything is built of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NoReturn

from providers.importers.errors import UnableToImport

MOST_BYTES = 64 * 1024**2
MOST_OBJECTS = 3_000_000
MOST_SERVICES = 100_000
DEEPEST = 30  # HSDS nests about ten deep
# a whole string (the last one perhaps cut off), or a bracket; never looks at a byte twice
TOKEN = re.compile(rb'"(?:[^"\\]|\\.|\\\Z)*+(?:"|\Z)|[\[\]{}]', re.S)
OPEN, CLOSED = (b"{", b"["), (b"}", b"]")


def read_bounded(path: Path) -> bytes:
    """The file, if it is not too large. Raises UnableToImport."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UnableToImport(f"{path.name} cannot be read: {error.strerror}.") from error
    if len(content) > MOST_BYTES:
        raise UnableToImport(
            f"{path.name} has more than {MOST_BYTES // 1024**2} MB. Split it into several files."
        )
    return content


def look(content: bytes, *, name: str) -> None:
    """Refuse what is nested too deeply or holds too many objects. Raises UnableToImport."""
    depth = objects = 0
    for match in TOKEN.finditer(content):
        token = match[0]
        if token in OPEN:
            depth += 1
            objects += token == b"{"
        elif token in CLOSED:
            depth -= 1
        if depth > DEEPEST:
            raise UnableToImport(
                f"{name} is nested more than {DEEPEST} deep; HSDS needs about ten. Export it again."
            )
        if objects > MOST_OBJECTS:
            raise UnableToImport(
                f"{name} holds more than {MOST_OBJECTS:,} objects. Split it into several files."
            )


def text_of(content: bytes, *, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnableToImport(
            f"{name} is not UTF-8 (line {line}, byte {content[error.start]:#04x}). "
            "Save it again as UTF-8."
        ) from error


def parsed(text: str) -> Any:
    """What the JSON says. Raises ValueError, also for numbers that JSON does not have."""
    return json.loads(text, parse_constant=_no_number)


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")
