"""A workbook or a CSV as rows of text, whatever typed them: bounded, and nothing is evaluated."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from providers.importers import bounds
from providers.importers.errors import UnableToImport

ENCODINGS = {"utf-8": "UTF-8", "cp1256": "Windows Arabic", "cp1252": "Windows Western European"}
DELIMITERS = (",", ";", "\t", "|")
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
Cells = list[str]


@dataclass(frozen=True, slots=True)
class File:
    """A file as it came in. `encoding`: as a person said; empty: found out."""

    name: str
    data: bytes
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that is no row, and why."""

    reason: str


@dataclass(slots=True)
class Sheet:
    """Rows in order, each with its line as a spreadsheet counts, from 1. Read once."""

    name: str
    rows: Iterator[tuple[int, Cells | Broken]]
    is_csv: bool = False
    formulas: int = 0
    about: int = 0  # rows, as far as one can tell beforehand


@dataclass(slots=True)
class Merged:
    """Cells that were merged: all of them say what the first one says."""

    starts: dict[int, list[tuple[int, int, int]]] = field(default_factory=dict)
    open: list[tuple[int, int, int, str]] = field(default_factory=list)

    def fill(self, row: int, cells: Cells) -> None:
        self.open = [one for one in self.open if one[0] >= row]
        for last, left, right in self.starts.get(row, ()):
            value = cells[left] if left < len(cells) else ""
            self.open.append((last, left, right, value))
        for _last, left, right, value in self.open:
            for column in range(left, min(right + 1, len(cells))):
                cells[column] = cells[column] or value


def read_sheets(file: File) -> list[Sheet]:
    """Every sheet with something in it. Raises UnableToImport naming what was expected."""
    bounds.check_size(name=file.name, size=len(file.data))
    if bounds.is_zip(file.data):
        return _workbook(file)
    if file.data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnableToImport(
            f"{file.name} is a workbook of before 2007 or locked with a password. Save it as .xlsx "
            "without a password."
        )
    return [Sheet("", _csv_rows(file), is_csv=True, about=file.data.count(b"\n"))]


# ------------------------------------------------------------------------- workbooks
def _workbook(file: File) -> list[Sheet]:
    formulas = bounds.check_zip(name=file.name, data=file.data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(file.data))
        names = [one.name for one in book.sheets_metadata if "Visible" in str(one.visible)]
    except (CalamineError, PasswordError, ValueError, OSError) as error:
        raise UnableToImport(
            f"{file.name} is no workbook that can be read ({error}). Save it as .xlsx."
        ) from error
    found = [_sheet(file, book, name) for name in names]
    for one in found:
        one.formulas = formulas
    return found


def _sheet(file: File, book: CalamineWorkbook, name: str) -> Sheet:
    try:
        sheet = book.get_sheet_by_name(name)
    except (CalamineError, ValueError) as error:
        raise UnableToImport(f"{file.name}, sheet {name} cannot be read ({error}).") from error

    def rows() -> Iterator[tuple[int, Cells | Broken]]:
        try:
            merged = _merged(sheet)
            top, left = sheet.start or (0, 0)
            if sheet.width > bounds.MOST_COLUMNS or sheet.height > bounds.MOST_ROWS:
                raise UnableToImport(
                    f"{file.name}, sheet {name}: {sheet.width:,} columns and {sheet.height:,} "
                    f"rows; expected at most {bounds.MOST_COLUMNS} and {bounds.MOST_ROWS:,}."
                )
            for number, values in enumerate(sheet.iter_rows()):
                cells = [""] * left + [text_of(one) for one in values]
                cells = cells[: left + sheet.width]
                merged.fill(number, cells)
                if any(cells):
                    yield _line(sheet, number, top), cells
        except (CalamineError, ValueError) as error:
            if isinstance(error, UnableToImport):
                raise
            raise UnableToImport(f"{file.name}, sheet {name} cannot be read ({error}).") from error

    return Sheet(name, rows(), about=sheet.height)


def _line(sheet, number: int, top: int) -> int:
    """Rows are given from the very first one on, or from the first that is used."""
    return number + 1 if sheet.total_height == sheet.height else number + top + 1


def _merged(sheet) -> Merged:
    found = Merged()
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        if right - left < bounds.MOST_COLUMNS:
            found.starts.setdefault(top, []).append((bottom, left, right))
    return found


def text_of(value) -> str:
    """A cell as text. A whole number has no point, a day is 2026-11-26, what is yes is `yes`."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds() // 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return "" if value is None else str(value)


# ------------------------------------------------------------------------- CSV
def decode(file: File) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark, or what a person says that it is."""
    data = file.data
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        kind, shown = "utf-16", "UTF-16"
    else:
        kind = "utf-8-sig" if file.encoding in ("", "utf-8") else file.encoding
        shown = ENCODINGS.get(file.encoding or "utf-8", file.encoding)
    try:
        text = data.decode(kind)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnableToImport(
            f"{file.name} is not {shown} (line {line}, byte {data[error.start]:#04x}). Save it "
            "again as “CSV UTF-8”, or say how its letters are written."
        ) from error
    if "\0" in text:
        raise UnableToImport(f"{file.name} is no text file. Expected a CSV or an .xlsx workbook.")
    return text


def _csv_rows(file: File) -> Iterator[tuple[int, Cells | Broken]]:
    text = decode(file)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    count = 0
    while True:
        first = reader.line_num + 1
        try:
            cells = [one.strip() for one in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            yield (
                first,
                Broken(f"no valid CSV: {error}. Close every quote, and double those inside."),
            )
            continue
        if len(cells) > bounds.MOST_COLUMNS:
            raise UnableToImport(
                f"{file.name}, line {first}: {len(cells):,} columns; expected at most "
                f"{bounds.MOST_COLUMNS}. Delete the columns that are not needed."
            )
        if any(cells):
            count += 1
            if count > bounds.MOST_ROWS:
                raise UnableToImport(
                    f"{file.name} has more than {bounds.MOST_ROWS:,} rows. Split it."
                )
            yield first, cells


def _delimiter(text: str) -> str:
    """What separates the cells: the sign that stands most often in the first lines."""
    head = "\n".join(text.splitlines()[:20])
    return max(DELIMITERS, key=head.count)


def unguarded(text: str) -> str:
    """A cell of a CSV without the one mark that kept a spreadsheet from running it."""
    return text[1:] if text.startswith("'") and text[1:2] in ("'", *FORMULA_SIGNS) else text
