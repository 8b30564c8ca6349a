"""Areas from the P-code table, their centres and links from the polygons."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction

from providers import services
from providers.geography import Boundaries, BrokenBoundaries, read_boundaries
from providers.importers.errors import UnableToImport
from providers.importers.identity import stable_id
from providers.importers.writer import Tally, save_all
from providers.models import Area, AreaLink
from providers.vocabulary import Level

FOLDER = Path(__file__).parent.parent / "data" / "south_sudan"
PCODES = "pcodes.csv"
BOUNDARIES = "counties_2020.geojson"
BOUNDARIES_VERSION = "2020"
COLUMNS = (
    "Location",
    "Admin Level",
    "P-Code",
    "Name",
    "Parent P-Code",
    "Valid from date",
    "Version",
)
COUNTRIES = {"SSD": ("South Sudan", "Africa/Juba")}
AREA_FIELDS = (  # not `accessible`: people write that
    "name",
    "level",
    "parent",
    "country",
    "valid_from",
    "retired_on",
    "latitude",
    "longitude",
    "time_zone",
)


@dataclass(frozen=True, slots=True)
class PcodeRow:
    """One line of the P-code table."""

    line: int
    country: str
    level: int
    pcode: str
    name: str
    parent: str
    valid_from: date
    version: str


@dataclass(frozen=True, slots=True)
class AreaReport:
    areas: Tally
    links: Tally
    retired: tuple[str, ...]


def area_id(*, pcode: str, version: str) -> UUID:
    """The key of an area: its P-code and the version of the table it stands in."""
    return stable_id("area", pcode, version)


def load_areas(*, at: datetime, folder: Path = FOLDER) -> AreaReport:
    """Write what the folder says. A second run changes nothing. Raises UnableToImport."""
    rows = read_pcodes(folder / PCODES)
    try:
        boundaries = read_boundaries(folder / BOUNDARIES)
    except BrokenBoundaries as error:
        raise UnableToImport(f"{error} Put the shipped file back.") from error
    areas = planned_areas(rows, boundaries)
    _keep_later_versions(areas)
    links = planned_links(areas, boundaries)
    with transaction.atomic():
        by_level = [[one for one in areas if one.level == level] for level in Level.values]
        tallies = [save_all(level, fields=AREA_FIELDS) for level in by_level]  # parents first
        report = AreaReport(
            areas=sum(tallies, start=Tally()),
            links=save_all(links, fields=("a", "b")),
            retired=tuple(str(one) for one in areas if one.retired_on),
        )
        if report.areas.wrote or report.links.wrote:
            services.ways_changed(at=at)
    return report


def _keep_later_versions(areas: list[Area]) -> None:
    """Where a later table of P-codes has been loaded, its rows stay what they are: only centre and
    links are added to them."""
    ours = {(one.pcode, one.version) for one in areas}
    countries = {one.country for one in areas}
    stored = Area.objects.filter(country__in=countries, retired_on=None)
    later = {one.pcode: one for one in stored if (one.pcode, one.version) not in ours}
    for one in areas:
        known = later.get(one.pcode)
        if known is not None:
            one.id, one.version, one.name = known.id, known.version, known.name
            one.valid_from, one.retired_on = known.valid_from, None


def read_pcodes(path: Path) -> list[PcodeRow]:
    """The rows of the table. Raises UnableToImport naming line and column."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [one for one in COLUMNS if one not in (reader.fieldnames or ())]
            if missing:
                raise UnableToImport(
                    f"{path.name}: the first line lacks {', '.join(missing)}. "
                    "Put the shipped file back."
                )
            rows = [_pcode_row(path, reader.line_num, row) for row in reader]
    except OSError as error:
        raise UnableToImport(f"{path.name} cannot be read: {error.strerror}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnableToImport(
            f"{path.name} is no CSV in UTF-8. Put the shipped file back."
        ) from error
    known = {row.pcode for row in rows} | {row.country for row in rows}
    for row in rows:
        if row.parent not in known:
            raise UnableToImport(
                f"{path.name}, line {row.line}, Parent P-Code: {row.parent!r} is no code of this "
                "table. Expected the code of a state or of the country."
            )
    return rows


def _pcode_row(path: Path, line: int, row: dict[str, str]) -> PcodeRow:
    where = f"{path.name}, line {line}"
    if None in row or None in row.values() or not row["P-Code"] or not row["Name"]:
        raise UnableToImport(f"{where}: expected {len(COLUMNS)} columns with P-Code and Name.")
    if row["Location"] not in COUNTRIES or row["Admin Level"] not in ("1", "2"):
        raise UnableToImport(
            f"{where}, Location and Admin Level: expected {' or '.join(COUNTRIES)}, and 1 or 2."
        )
    try:
        valid_from = date.fromisoformat(row["Valid from date"])
    except ValueError as error:
        raise UnableToImport(f"{where}, Valid from date: expected a day as 2022-12-19.") from error
    return PcodeRow(
        line=line,
        country=row["Location"],
        level=int(row["Admin Level"]),
        pcode=row["P-Code"],
        name=row["Name"],
        parent=row["Parent P-Code"],
        valid_from=valid_from,
        version=row["Version"],
    )


def planned_areas(rows: list[PcodeRow], boundaries: Boundaries) -> list[Area]:
    """Unsaved areas: country, states, counties, and what only the older boundaries know."""
    by_pcode: dict[str, Area] = {}
    for country in sorted({row.country for row in rows}):
        by_pcode[country] = _country(country, rows, boundaries)
    for row in sorted(rows, key=lambda row: (row.level, row.pcode)):
        latitude, longitude = boundaries.centre(pcodes=_inside(row.pcode, rows, boundaries))
        by_pcode[row.pcode] = Area(
            id=area_id(pcode=row.pcode, version=row.version),
            pcode=row.pcode,
            version=row.version,
            name=row.name,
            level=row.level,
            parent=by_pcode[row.parent],
            country=row.country,
            valid_from=row.valid_from,
            latitude=latitude,
            longitude=longitude,
        )
    retired = [
        _retired(one, by_pcode[one.parent], boundaries)
        for one in boundaries.all
        if one.pcode not in by_pcode
    ]
    return [*by_pcode.values(), *retired]


def _country(code: str, rows: list[PcodeRow], boundaries: Boundaries) -> Area:
    name, time_zone = COUNTRIES[code]
    latitude, longitude = boundaries.centre(pcodes=boundaries.by_pcode)
    first = min(row.valid_from for row in rows)
    version = next(row.version for row in rows)
    return Area(
        id=area_id(pcode=code, version=version),
        pcode=code,
        version=version,
        name=name,
        level=Level.COUNTRY,
        country=code,
        valid_from=first,
        latitude=latitude,
        longitude=longitude,
        time_zone=time_zone,
    )


def _inside(pcode: str, rows: Iterable[PcodeRow], boundaries: Boundaries) -> list[str]:
    """The polygons of an area: its own or, of a state, those of its counties of today."""
    parts = [row.pcode for row in rows if row.parent == pcode] or [pcode]
    unknown = [one for one in parts if one not in boundaries.by_pcode]
    if unknown:
        raise UnableToImport(f"{BOUNDARIES} has no polygon of {', '.join(unknown)}.")
    return parts


def _retired(boundary, parent: Area, boundaries: Boundaries) -> Area:
    """An area of the older boundaries that today's table does not name any more."""
    latitude, longitude = boundaries.centre(pcodes=[boundary.pcode])
    return Area(
        id=area_id(pcode=boundary.pcode, version=BOUNDARIES_VERSION),
        pcode=boundary.pcode,
        version=BOUNDARIES_VERSION,
        name=boundary.name,
        level=Level.COUNTY,
        parent=parent,
        country=parent.country,
        retired_on=parent.valid_from,
        latitude=latitude,
        longitude=longitude,
    )


def planned_links(areas: list[Area], boundaries: Boundaries) -> list[AreaLink]:
    """One unsaved link per pair of polygons that touch, the lower P-code first.

    A retired area keeps its links: the land is still there, and ways lead through it.
    """
    by_pcode = {one.pcode: one for one in areas}
    return [
        AreaLink(
            id=stable_id("link", str(by_pcode[a].id), str(by_pcode[b].id)),
            a=by_pcode[a],
            b=by_pcode[b],
        )
        for a, b in boundaries.touching()
    ]
