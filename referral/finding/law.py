"""Sources, codes and what holds here: read once from the data files beside this one."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
FORCES = ("binding", "not_binding_here", "soft_law", "unclear", "none_found")
SEEN = ("primary", "secondary", "background")
ELEMENTS = ("acts", "means", "purpose")


@dataclass(frozen=True, slots=True)
class Source:
    """Where something is written, how it was read when this was made, and who confirmed it."""

    instrument: str
    article: str
    family: str  # by which a jurisdiction says what it is worth
    seen: str
    verified: str  # empty: nobody yet

    @property
    def was_read(self) -> bool:
        return self.seen == "primary"

    def __str__(self) -> str:
        return f"{self.instrument} {self.article}".strip()


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """What holds in one country. Empty texts: no legal basis was found, and nothing follows."""

    body: str
    effect: str
    scheme: str
    seen: str
    verified: str
    force: dict[str, str]

    def force_of(self, source: Source) -> str:
        return self.force.get(source.family, "none_found")


@dataclass(frozen=True, slots=True)
class Concern:
    mechanism: str
    source: str


def _table(name: str) -> dict:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


@cache
def sources() -> dict[str, Source]:
    return {key: Source(**row) for key, row in _table("sources.toml").items()}


@cache
def jurisdictions() -> dict[str, Jurisdiction]:
    return {key: Jurisdiction(**row) for key, row in _table("jurisdictions.toml").items()}


def here(country: str) -> Jurisdiction:
    """By ISO 3166-1 alpha-3; of a country that is not listed, where nothing is known."""
    return jurisdictions().get(country) or jurisdictions()["other"]


@cache
def concerns() -> dict[str, Concern]:
    return {key: Concern(**row) for key, row in _table("concerns.toml").items()}


@cache
def codes() -> dict[str, dict[str, str]]:
    """Element → our code → the code of HTCDS 2.0."""
    table = _table("htcds.toml")
    return {element: table[element] for element in ELEMENTS}


@dataclass(frozen=True, slots=True)
class Cited:
    """One source with what it is worth here."""

    source: Source
    force: str


def cited(ids: Iterable[str], jurisdiction: Jurisdiction) -> list[Cited]:
    found = [sources()[one] for one in ids]
    return [Cited(one, jurisdiction.force_of(one)) for one in found]
