"""The numbers of data/first_mile.toml."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "first_mile.toml"


@lru_cache(maxsize=1)
def numbers() -> dict[str, dict[str, int]]:
    return tomllib.loads(FILE.read_text())
