"""What a row of the Ministry of Health's list says: read and checked, without a database.

A place is where its coordinates lie. Names only confirm; swapped coordinates are not guessed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from providers.geography import Boundaries
from providers.importers.csvfile import Refused, Row, RowRefused, read_csv
from providers.models import Location
from providers.vocabulary import Authority

SOURCE = "ssd-moh-2020"
ID, NAME, KIND, COUNTY, DELETED = "#idGeo", "Facility", "type", "County", "Deleted"
OTHER_NAMES, LONGITUDE, LATITUDE = "Alternate Names", "lon", "lat"
COLUMNS = (ID, NAME, KIND, COUNTY, DELETED, OTHER_NAMES, LONGITUDE, LATITUDE)
LENGTHS = {ID: 100, NAME: 200, KIND: 60}

# What the kinds of facility offer (ruling 32). Any other kind is listed without capability: a
# “Specialized Hospital/Clinic” may be for eyes only, or a clinic in a camp.
OFFERS = {
    "Teaching Hospital": ("emergency_medical", "health_ongoing"),
    "State Hospital": ("emergency_medical", "health_ongoing"),
    "County Hospital": ("emergency_medical", "health_ongoing"),
    "Primary Health Care Centre": ("health_ongoing",),
    "Primary Health Care Unit": ("health_ongoing",),
}

# Whole words by which a place looks run by those to whom nobody is ever sent (ruling 2).
LOOKS_LIKE = {
    Authority.PRISON: ("prison", "prisons", "jail", "detention"),
    Authority.POLICE: ("police",),
    Authority.MILITARY: (
        "military",
        "army",
        "spla",
        "sspdf",
        "battalion",
        "brigade",
        "garrison",
        "barracks",
        "soldiers",
        "cantonment",
    ),
}
NUMBER = re.compile(r"[-+]?[0-9]{1,4}(\.[0-9]{1,30})?")
ORIGIN, OUTSIDE = Location.Unlocated.ORIGIN, Location.Unlocated.OUTSIDE


@dataclass(frozen=True, slots=True)
class Facility:
    """One row that is kept. Degrees WGS 84 as in the file."""

    line: int
    source_id: str
    name: str
    kind: str
    county: str
    looks_like: Authority
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that a file says. Read = kept + deleted + refused."""

    kept: tuple[Facility, ...]
    deleted: tuple[Row, ...]
    refused: tuple[Refused, ...]

    @property
    def read(self) -> int:
        return len(self.kept) + len(self.deleted) + len(self.refused)


@dataclass(frozen=True, slots=True)
class Placed:
    """A facility with the P-code of the county whose polygon holds it, or why there is none."""

    facility: Facility
    pcode: str | None
    unlocated: str


def read_facilities(path: Path) -> Sheet:
    """Every row checked. Raises UnableToImport if the file as a whole cannot be used."""
    rows, refused = read_csv(path, columns=COLUMNS)
    found = list(rows_of(rows))
    refused += [one for one in found if isinstance(one, Refused)]
    return Sheet(
        tuple(one for one in found if isinstance(one, Facility)),
        tuple(one for one in found if isinstance(one, Row)),
        tuple(sorted(refused, key=lambda one: one.line)),
    )


def rows_of(rows: Iterable[Row]) -> Iterator[Facility | Row | Refused]:
    """What each row is, in order: kept, deleted (the row itself) or refused."""
    lines: dict[str, int] = {}
    for row in rows:
        try:
            _check_id(row, lines)
            yield row if _is_deleted(row) else _facility(row)
        except RowRefused as reason:
            yield Refused(row.line, reason.column, reason.reason)


def source_id(row: Row) -> str:
    return row.values[ID].strip()


def _check_id(row: Row, lines: dict[str, int]) -> None:
    own = _words(row, ID)
    if own in lines:
        raise RowRefused(
            ID, f"{own} stands in line {lines[own]} already. Give each row its own number."
        )
    lines[own] = row.line


def _is_deleted(row: Row) -> bool:
    mark = row.values[DELETED].strip().casefold()
    if mark not in ("", "deleted"):
        raise RowRefused(DELETED, f"{_shown(row, DELETED)}; expected nothing or “Deleted”.")
    return bool(mark)


def _facility(row: Row) -> Facility:
    return Facility(
        line=row.line,
        source_id=source_id(row),
        name=_words(row, NAME),
        kind=_words(row, KIND),
        county=row.values[COUNTY].strip(),
        looks_like=looks_like(row),
        latitude=_degrees(row, LATITUDE, 90),
        longitude=_degrees(row, LONGITUDE, 180),
    )


def _words(row: Row, column: str) -> str:
    text = row.values[column].strip()
    if not text:
        raise RowRefused(column, "is empty. Fill it in.")
    if len(text) > LENGTHS[column]:
        raise RowRefused(
            column, f"{len(text)} characters; expected at most {LENGTHS[column]}. Shorten it."
        )
    return text


def _degrees(row: Row, column: str, most: int) -> float:
    text = row.values[column].strip()
    number = float(text) if NUMBER.fullmatch(text) else math.nan
    if not abs(number) <= most:
        raise RowRefused(
            column,
            f"{_shown(row, column)}; expected degrees from -{most} to {most}, as 4.85. "
            "Where the place is not known write 0 for both.",
        )
    return number


def _shown(row: Row, column: str) -> str:
    text = row.values[column]
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"


def looks_like(row: Row) -> Authority:
    """By its names, of whom the place looks to be: for a person to check."""
    return looks_like_words(f"{row.values[NAME]} {row.values[OTHER_NAMES]}")


def looks_like_words(text: str) -> Authority:
    words = set(re.findall(r"[a-z]+", text.casefold()))
    for authority, signs in LOOKS_LIKE.items():
        if words.intersection(signs):
            return authority
    return Authority.NONE


def place(facilities: Iterable[Facility], *, boundaries: Boundaries) -> list[Placed]:
    """Each by its coordinates alone, in the given order."""
    facilities = list(facilities)
    points = [(one.latitude, one.longitude) for one in facilities]
    return [
        Placed(one, pcode, "" if pcode else ORIGIN if point == (0, 0) else OUTSIDE)
        for one, point, pcode in zip(
            facilities, points, boundaries.place(points=points), strict=True
        )
    ]


def name_agrees(placed: Placed, *, boundaries: Boundaries) -> bool:
    """Whether the county named in the row is the one whose polygon holds it."""
    return plain(placed.facility.county) == plain(boundaries.by_pcode[placed.pcode].name)


def plain(name: str) -> str:
    """A county's name without case, punctuation and the word “county”."""
    return re.sub(r"[^a-z0-9]|\bcounty\b", "", name.casefold())
