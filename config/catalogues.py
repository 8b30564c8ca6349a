"""`python -m config.catalogues`: every .po file of ours made into the .mo file that Django reads.

Needs no GNU gettext. What is up to date is left alone, so that it may run at every start. Without
the .mo files the pages are in English.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
APPS = ("providers", "referral", "routing", "config")


class UnableToCompile(Exception):
    """One line for the person at the terminal."""


def sources(home: Path = HOME) -> list[Path]:
    return sorted(path for app in APPS for path in (home / app).glob("locale/*/LC_MESSAGES/*.po"))


def is_stale(source: Path) -> bool:
    made = source.with_suffix(".mo")
    return not made.exists() or made.stat().st_mtime < source.stat().st_mtime


def write(source: Path) -> Path:
    """The .mo beside it, there as a whole or not at all: others may read or write it just now."""
    from babel.messages.mofile import write_mo  # only for those who compile: it takes a while
    from babel.messages.pofile import PoFileError, read_po

    try:
        with source.open("rb") as file:
            catalogue = read_po(file, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise UnableToCompile(f"{source.relative_to(source.parents[4])}: {error}") from None
    made, draft = source.with_suffix(".mo"), source.with_suffix(f".{os.getpid()}.draft")
    try:
        with draft.open("wb") as file:
            write_mo(file, catalogue)
        draft.replace(made)
    finally:
        draft.unlink(missing_ok=True)
    return made


def compile_all(home: Path = HOME) -> list[Path]:
    """What had to be written."""
    return [write(source) for source in sources(home) if is_stale(source)]


if __name__ == "__main__":
    try:
        print(f"{len(compile_all())} of {len(sources())} catalogues compiled.")
    except UnableToCompile as reason:
        sys.exit(f"OpenNRM: {reason}")
