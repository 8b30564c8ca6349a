"""The lists of signs: read once from `sets/*.toml`. A file that is not understood is refused."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext

from providers.capabilities import all_capabilities
from referral.screening.judge import ELEMENTS, WEIGHTS, Sign

FOLDER = Path(__file__).parent / "sets"
SOURCES = "sources.toml"
AGES = ("", "adults", "children")
ON_A_CARD = 8


class UnableToLoadSet(ValueError):
    """A list was refused whole: the message names file and field, and what was expected."""

    def __init__(self, where: str, field: str, expected: str) -> None:
        super().__init__(f"{where}, {field}: expected {expected}.")
        self.where, self.field, self.expected = where, field, expected


@dataclass(frozen=True, slots=True)
class Source:
    name: str
    year: int
    verified: str  # by whom it was read in the source itself; empty: unverified
    note: str


@dataclass(frozen=True, slots=True)
class Indicator:
    id: str
    text: str
    element: str
    weight: str
    source: Source
    section: str
    note: str

    @property
    def words(self) -> str:
        return gettext(self.text)

    @property
    def sign(self) -> Sign:
        return Sign(self.id, self.element, self.weight)


@dataclass(frozen=True, slots=True)
class IndicatorSet:
    code: str
    page: str  # what stands in addresses: tells nothing
    title: str
    population: str
    version: str
    ages: str  # suggested for these
    needs: tuple[str, ...]  # suggested with these
    doubt: str  # why it is in doubt; empty: it is not
    indicators: tuple[Indicator, ...]

    @property
    def label(self) -> str:
        return gettext(self.title)

    @property
    def whom(self) -> str:
        return gettext(self.population)

    @property
    def doubted(self) -> str:
        return gettext(self.doubt) if self.doubt else ""

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple(dict.fromkeys(one.source for one in self.indicators))

    @property
    def signs(self) -> list[Sign]:
        return [one.sign for one in self.indicators]

    @property
    def on_a_card(self) -> list[Indicator]:
        """What fits on a card: of each kind its first ones, in the order of the list."""
        turn = {id_: n for one in ELEMENTS for n, id_ in enumerate(self.of(one))}
        chosen = sorted(self.indicators, key=lambda one: turn[one.id])[:ON_A_CARD]
        return [one for one in self.indicators if one in chosen]

    def of(self, element: str) -> list[str]:
        return [one.id for one in self.indicators if one.element == element]


def load(text: str, *, where: str, sources: dict[str, Source]) -> IndicatorSet:
    """One list, or `UnableToLoadSet`."""
    row = _read(text, where)
    signs = row.pop("indicator", None)
    if not isinstance(signs, list) or not signs:
        raise UnableToLoadSet(where, "indicator", "at least one [[indicator]]")
    names = {one.name for one in fields(IndicatorSet)} - {"indicators"}
    _exactly(row, names, where)
    for name in names - {"needs"}:
        _text(row, name, where, empty=name in ("ages", "doubt"))
    _one_of(row, "ages", AGES, where)
    if not isinstance(row["needs"], list) or set(row["needs"]) - set(all_capabilities()):
        raise UnableToLoadSet(where, "needs", "a list of capabilities")
    found = [_indicator(one, f"{where}, indicator {n}", sources) for n, one in enumerate(signs, 1)]
    if len({one.id for one in found}) < len(found):
        raise UnableToLoadSet(where, "id", "each id once")
    return IndicatorSet(**row | {"needs": tuple(row["needs"])}, indicators=tuple(found))


def _indicator(row: dict, where: str, sources: dict[str, Source]) -> Indicator:
    names = {one.name for one in fields(Indicator)}
    _exactly(row, names, where)
    for name in names:
        _text(row, name, where, empty=name in ("weight", "section", "note"))
    _one_of(row, "element", ELEMENTS, where)
    _one_of(row, "weight", WEIGHTS, where)
    _one_of(row, "source", sources, where)
    if row["weight"] and not row["section"]:
        raise UnableToLoadSet(where, "weight", "none without the section of the source it is from")
    return Indicator(**row | {"source": sources[row["source"]]})


def load_sources(text: str) -> dict[str, Source]:
    rows = _read(text, SOURCES)
    for code, row in rows.items():
        where = f"{SOURCES}, {code}"
        _exactly(row, {one.name for one in fields(Source)}, where)
        for name in ("name", "verified", "note"):
            _text(row, name, where, empty=name != "name")
        if not isinstance(row["year"], int):
            raise UnableToLoadSet(where, "year", "a number")
    return {code: Source(**row) for code, row in rows.items()}


def _read(text: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnableToLoadSet(where, "the file", f"TOML ({error})") from None


def _exactly(row: Any, names: set[str], where: str) -> None:
    known = ", ".join(sorted(names))
    if not isinstance(row, dict):
        raise UnableToLoadSet(where, "the row", f"a table of {known}")
    for name in sorted(set(row) ^ names):
        does = "no such field; there are" if name in row else "this field, beside the rest of"
        raise UnableToLoadSet(where, name, f"{does} {known}")


def _text(row: dict, name: str, where: str, *, empty: bool) -> None:
    if not isinstance(row[name], str) or not (empty or row[name]):
        raise UnableToLoadSet(where, name, "a text" if empty else "a text that is not empty")


def _one_of(row: dict, name: str, allowed, where: str) -> None:
    if row[name] not in allowed:
        raise UnableToLoadSet(where, name, f"one of {', '.join(one or '“”' for one in allowed)}")


@cache
def all_sets() -> dict[str, IndicatorSet]:
    """Every list by the code of its page, in that order."""
    sources = load_sources((FOLDER / SOURCES).read_text(encoding="utf-8"))
    files = sorted(path for path in FOLDER.glob("*.toml") if path.name != SOURCES)
    found = [
        load(one.read_text(encoding="utf-8"), where=one.name, sources=sources) for one in files
    ]
    for name in ("code", "page"):
        if len({getattr(one, name) for one in found}) < len(found):
            raise UnableToLoadSet(str(FOLDER), name, "each once among all files")
    return {one.page: one for one in sorted(found, key=lambda one: one.page)}


def by_code(code: str) -> IndicatorSet | None:
    """None: the list is no longer there; what was answered stays, and is judged by nobody."""
    return next((one for one in all_sets().values() if one.code == code), None)


def suggested(*, child: bool, needs: set[str]) -> list[IndicatorSet]:
    """The lists that fit what the case says already, the best first."""
    age = "children" if child else "adults"
    by_need = [one for one in all_sets().values() if needs & set(one.needs)]
    return [*by_need, *(one for one in all_sets().values() if one.ages == age)]
