"""The world's P-codes as OCHA publishes them: any countries in one file, a new version over old.

An area keeps its row while its code lives, whatever the version: what points at it stays. A code
that a new version does not have any more is kept, retired.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.db import connection, transaction

from providers import services
from providers.importers.areas import COLUMNS, COUNTRIES, PcodeRow, area_id
from providers.importers.errors import UnableToImport
from providers.importers.tables import Broken, File, read_sheets
from providers.importers.writer import Tally, save_all
from providers.models import Area
from providers.vocabulary import Level

FIELDS = ("version", "name", "level", "parent", "country", "valid_from", "retired_on")
LENGTHS = {"P-Code": 20, "Name": 200, "Version": 20}
NAME_OF_COUNTRY = ("ISO 3166-1 Alpha 3-Codes", "Preferred Term")


@dataclass(slots=True)
class Loaded:
    areas: Tally = field(default_factory=Tally)
    countries: int = 0
    retired: list[str] = field(default_factory=list)


def load_pcodes(*, path: Path, at: datetime, names: Mapping[str, str] | None = None) -> Loaded:
    """Write what the file says, all or nothing; a second run changes nothing. Raises UnableToImport
    naming the line. `names`: of countries by their code (ISO 3166-1 alpha-3)."""
    names = {code: name for code, (name, _zone) in COUNTRIES.items()} | dict(names or {})
    done = Loaded()
    by_country = read_rows(path)
    with transaction.atomic():
        for country, rows in sorted(by_country.items()):
            _load_country(country, rows, names.get(country, ""), done)
        if done.areas.wrote or done.retired:
            services.ways_changed(at=at)
            _count_anew()
    done.countries = len(by_country)
    return done


def _count_anew() -> None:
    """PostgreSQL looks up each parent when all is written; a connection that met the table empty
    would read it whole for every row."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(Area._meta.db_table)}")


# ------------------------------------------------------------------------- the file
def read_rows(path: Path) -> dict[str, list[PcodeRow]]:
    """By country. Every parent is in the file; no code stands twice. Raises UnableToImport."""
    found: dict[str, list[PcodeRow]] = {}
    lines: dict[str, int] = {}
    for line, row in _lines(path):
        one = _row(path, line, row)
        if one.pcode in lines:
            raise UnableToImport(
                f"{path.name}, line {line}, P-Code: {one.pcode} stands in line {lines[one.pcode]} "
                "already. Load one version at a time."
            )
        lines[one.pcode] = line
        found.setdefault(one.country, []).append(one)
    for country, rows in found.items():
        known = {country, *(one.pcode for one in rows if one.level == Level.STATE)}
        for one in rows:
            if one.parent not in known:
                raise UnableToImport(
                    f"{path.name}, line {one.line}, Parent P-Code: {one.parent!r} is no code of "
                    f"{country} in this file. Expected the code of a state or of the country; if "
                    "zeros are lost, save the column as text."
                )
    if not found:
        raise UnableToImport(f"{path.name} has no row below its header.")
    return found


def _lines(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnableToImport(f"{path.name} cannot be read: {error.strerror}.") from error
    header: list[str] = []
    for line, cells in read_sheets(File(path.name, data))[0].rows:
        if isinstance(cells, Broken):
            raise UnableToImport(f"{path.name}, line {line}: {cells.reason}")
        if header:
            yield line, dict(zip(header, [*cells, *[""] * len(header)], strict=False))
            continue
        header = [one.removeprefix("\ufeff") for one in cells]
        missing = [one for one in COLUMNS if one not in header]
        if missing:
            raise UnableToImport(
                f"{path.name}: the first line lacks {', '.join(missing)}. Expected OCHA’s table of "
                f"P-codes, with: {', '.join(COLUMNS)}."
            )


def _row(path: Path, line: int, row: Mapping[str, str]) -> PcodeRow:
    def wrong(column: str, expected: str) -> UnableToImport:
        return UnableToImport(
            f"{path.name}, line {line}, {column}: “{row[column][:40]}”; expected {expected}."
        )

    for column, most in LENGTHS.items():
        if not row[column] or len(row[column]) > most:
            raise wrong(column, f"1 to {most} characters")
    if len(row["Location"]) != 3 or not row["Location"].isalpha():
        raise wrong("Location", "a code of three letters, such as SSD")
    if row["Admin Level"] not in ("1", "2"):
        raise wrong("Admin Level", "1 or 2")
    try:
        valid_from = date.fromisoformat(row["Valid from date"])
    except ValueError:
        raise wrong("Valid from date", "a day as 2022-12-19") from None
    return PcodeRow(
        line=line,
        country=row["Location"].upper(),
        level=int(row["Admin Level"]),
        pcode=row["P-Code"],
        name=row["Name"],
        parent=row["Parent P-Code"],
        valid_from=valid_from,
        version=row["Version"],
    )


def country_names(path: Path) -> dict[str, str]:
    """By ISO 3166-1 alpha-3, out of OCHA's taxonomy of countries. Raises UnableToImport."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            code, name = NAME_OF_COUNTRY
            return {row[code]: row[name] for row in csv.DictReader(file) if row[code] and row[name]}
    except (OSError, UnicodeDecodeError, KeyError, csv.Error) as error:
        raise UnableToImport(
            f"{path.name} is no CSV in UTF-8 with the columns {' and '.join(NAME_OF_COUNTRY)}."
        ) from error


# ------------------------------------------------------------------------- the directory
def _load_country(country: str, rows: list[PcodeRow], name: str, done: Loaded) -> None:
    stored = {one.pcode: one for one in _best_of(country)}
    planned = {country: _country(country, rows, name, stored)}
    done.areas += save_all([planned[country]], fields=FIELDS)
    for level in (Level.STATE, Level.COUNTY):
        here = [one for one in rows if one.level == level]
        areas = [_area(one, planned[one.parent], stored) for one in here]
        planned |= {one.pcode: one for one in areas}
        done.areas += save_all(areas, fields=FIELDS)
        if here:
            done.retired += _retire(country, level, set(planned), max(r.valid_from for r in here))


def _best_of(country: str) -> Iterable[Area]:
    """The rows of a country, of each code the one in force last."""
    rows = Area.objects.filter(country=country)
    return sorted(rows, key=lambda one: (one.retired_on is None, one.version))


def _country(country: str, rows: list[PcodeRow], name: str, stored: Mapping[str, Area]) -> Area:
    known = stored.get(country)
    if known is not None:
        return Area(
            id=known.id, pcode=country, version=known.version, name=name or known.name,
            level=Level.COUNTRY, country=country, valid_from=known.valid_from,
        )  # fmt: skip
    version = rows[0].version
    return Area(
        id=area_id(pcode=country, version=version),
        pcode=country,
        version=version,
        name=name or country,
        level=Level.COUNTRY,
        country=country,
        valid_from=min(one.valid_from for one in rows),
    )


def _area(row: PcodeRow, parent: Area, stored: Mapping[str, Area]) -> Area:
    known = stored.get(row.pcode)
    return Area(
        id=known.id if known else area_id(pcode=row.pcode, version=row.version),
        pcode=row.pcode,
        version=row.version,
        name=row.name,
        level=row.level,
        parent=parent,
        country=row.country,
        valid_from=row.valid_from,
    )


def _retire(country: str, level: int, kept: set[str], on: date) -> list[str]:
    """Only of a level that the file speaks of: a file of states says nothing of counties."""
    gone = Area.objects.filter(country=country, level=level, retired_on=None)
    gone = [one for one in gone if one.pcode not in kept]
    Area.objects.filter(pk__in=[one.pk for one in gone]).update(retired_on=on)
    return [str(one) for one in gone]
