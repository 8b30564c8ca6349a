"""HSDS 3.x as tables: a zip or a folder of CSV files."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from providers.hsds.guard import unguarded
from providers.hsds.tables import COLUMNS, FILES, Joined, Row
from providers.importers import hsds_bounds as bounds
from providers.importers.csvfile import WHOLE_ROW, Refused, RowRefused
from providers.importers.errors import UnableToImport
from providers.importers.hsds_json import Found, gather

MOST_BYTES = 256 * 1024**2  # of all tables together, unzipped
MOST_ROWS = 1_000_000
MOST_FILES = 100
MOST_COLUMNS = 100
OTHER_NAMES = {  # as other systems and earlier versions call them
    "service_at_locations.csv": "service_at_location",
    "services_at_location.csv": "service_at_location",
    "service_capacities.csv": "service_capacity",
    "unit.csv": "unit",
    "service_attributes.csv": "attribute",
}
TABLES = {name: table for table, name in FILES.items()} | OTHER_NAMES


@dataclass(slots=True)
class Sheets:
    """What was read so far: rows by table, the line of each, and what is counted against us."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)
    broken: list[tuple[int, RowRefused]] = field(default_factory=list)  # of services.csv
    unread: list[str] = field(default_factory=list)  # tables that have no home here
    left: int = MOST_BYTES
    count: int = 0


def read_hsds_tabular(path: Path, *, offset: timedelta | None = None) -> Found:
    """The listings, and the rows that are refused. `line` and `sheet` are those of services.csv;
    of another table's row the column begins with the name of its file.

    Raises UnableToImport when the whole cannot be used. A broken row of a table inside a service
    stops everything: without it a service might look as if it asked for nothing.
    """
    sheets = Sheets()
    try:
        for name, content in _files(path, sheets):
            _read(sheets, name, content)
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise UnableToImport(f"{path.name} cannot be read: {error}. Zip it again.") from error
    if "service" not in sheets.rows:
        raise UnableToImport(f"{path.name} has no services.csv. Expected the tables of HSDS 3.")
    return _told(sheets, path.name, offset)


def _files(path: Path, sheets: Sheets) -> Iterator[tuple[str, bytes]]:
    """(name, content) of the tables that we know, each read no further than is allowed."""
    if path.is_dir():
        for one in _known(sorted(path.glob("*.csv"))[:MOST_FILES], sheets):
            with one.open("rb") as file:
                yield one.name.lower(), _bounded(file, sheets, path.name)
        return
    with zipfile.ZipFile(path) as zipped:
        entries = [one for one in zipped.infolist() if not one.is_dir()]
        if len(entries) > MOST_FILES:
            raise UnableToImport(f"{path.name} holds more than {MOST_FILES} files.")
        by_path = {Path(one.filename): one for one in entries}
        tables = _known(by_path, sheets)
        if sum(by_path[one].file_size for one in tables) > MOST_BYTES:
            raise _too_large(path.name)
        for one in tables:
            with zipped.open(by_path[one]) as file:
                yield one.name.lower(), _bounded(file, sheets, path.name)


def _known(paths: Iterable[Path], sheets: Sheets) -> list[Path]:
    """Those that we read; of other tables the name is kept for the report."""
    found = [one for one in paths if one.suffix.lower() == ".csv"]
    sheets.unread += [one.name[:60] for one in found if one.name.lower() not in TABLES]
    return [one for one in found if one.name.lower() in TABLES]


def _bounded(file: Any, sheets: Sheets, name: str) -> bytes:
    """What a zip says of its size is not believed."""
    content = file.read(sheets.left + 1)
    sheets.left -= len(content)
    if sheets.left < 0:
        raise _too_large(name)
    return content


def _too_large(name: str) -> UnableToImport:
    return UnableToImport(
        f"{name} has more than {MOST_BYTES // 1024**2} MB when it is unzipped. "
        "Split it into several files."
    )


def _read(sheets: Sheets, name: str, content: bytes) -> None:
    table = TABLES[name]
    if table in sheets.rows:
        raise UnableToImport(f"{name} stands twice. Leave one.")
    text = bounds.text_of(content, name=name)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = _header(reader, name, table)
    rows, lines = sheets.rows.setdefault(table, []), sheets.lines.setdefault(table, [])
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            _break(sheets, name, table, line, f"no valid CSV: {error}. Close every quote.")
            continue
        if not cells:
            continue
        sheets.count += 1
        if sheets.count > MOST_ROWS:
            raise UnableToImport(f"The tables hold more than {MOST_ROWS:,} rows. Split them.")
        if len(cells) != len(header):
            said = f"{len(cells)} columns, expected {len(header)}. Put text with commas in quotes."
            _break(sheets, name, table, line, said)
            continue
        rows.append({key: unguarded(cell) for key, cell in zip(header, cells, strict=True)})
        lines.append(line)


def _header(reader: Any, name: str, table: str) -> list[str]:
    try:
        header = [cell.strip() for cell in next(reader, [])]
    except csv.Error as error:
        raise UnableToImport(f"{name}, line 1 is no CSV header: {error}.") from error
    if len(header) > MOST_COLUMNS:
        raise UnableToImport(f"{name} has more than {MOST_COLUMNS} columns.")
    if "id" not in header or len(set(header)) != len(header):
        raise UnableToImport(
            f"{name}: expected a first line with each of these once, separated by commas: "
            f"{COLUMNS[table].replace(' ', ', ')}."
        )
    return header


def _break(sheets: Sheets, name: str, table: str, line: int, said: str) -> None:
    if table != "service":
        raise UnableToImport(f"{name}, line {line}: {said}")
    sheets.broken.append((line, RowRefused(WHOLE_ROW, said)))


def _told(sheets: Sheets, name: str, offset: timedelta | None) -> Found:
    joined = Joined(sheets.rows)
    documents: list[tuple[int, Any]] = list(
        zip(sheets.lines["service"], joined.services(), strict=True)
    )
    documents = sorted([*documents, *sheets.broken], key=lambda one: one[0])
    checked = ((line, _complete(one, sheets)) for line, one in documents)
    kept, refused = gather(checked, name=name, sheet=FILES["service"], offset=offset)
    if sheets.unread:
        kept = [replace(one, not_kept=(*one.not_kept, *sheets.unread)) for one in kept]
    return kept, [*refused, *_twice(sheets), *_orphans(sheets, joined)]


def _complete(document: Any, sheets: Sheets) -> Any:
    """A service whose organization or place is named but not there cannot be taken as it is."""
    if isinstance(document, RowRefused):
        return document
    if "organization" not in document:
        told = str(document.get("organization_id", ""))[:60]
        said = f"{told!r} is not in organizations.csv." if told else "is empty."
        return RowRefused("organization_id", f"{said} Expected the id of an organization.")
    for one in document.get("service_at_locations", ()):
        if "location" not in one:
            told = str(one.get("location_id", ""))[:60]
            return RowRefused(
                f"{FILES['service_at_location']} location_id",
                f"{told!r} is not in locations.csv. Expected the id of a location.",
            )
    return document


def _twice(sheets: Sheets) -> Iterator[Refused]:
    """Rows with a key that an earlier one has; of services `gather` says so itself."""
    for table, rows in sheets.rows.items():
        seen: dict[str, int] = {}
        for line, row in zip(sheets.lines[table], rows, strict=True):
            first = seen.setdefault(row["id"], line)
            if first != line and table != "service":
                yield Refused(
                    line,
                    f"{FILES[table]} id",
                    f"{row['id'][:60]!r} stands already in line {first}. Give each row its own.",
                )


def _orphans(sheets: Sheets, joined: Joined) -> Iterator[Refused]:
    for table, n, column, key in joined.orphans():
        yield Refused(
            sheets.lines[table][n],
            f"{FILES[table]} {column}",
            f"{key[:60]!r} is in no table that it can point at. Write an id that is there.",
        )
