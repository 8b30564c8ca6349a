"""Data that is not part of this repository, and that some tests ask for where it is at hand."""

from __future__ import annotations

from pathlib import Path

HOME = Path(__file__).resolve().parents[1]


def beside_us(name: str) -> list[Path]:
    """Where `name` may lie: in a folder `shared/data` beside this one, or beside those above it."""
    return [parent / "shared" / "data" / name for parent in HOME.parents[:3]]
