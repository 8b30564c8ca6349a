"""A CSV file from outside: what can be read of it, and what cannot, by line and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from providers.importers.errors import UnableToImport

MOST_BYTES = 10 * 1024 * 1024
WHOLE_ROW = "(row)"


@dataclass(frozen=True, slots=True)
class Row:
    """One row as text. `line` is where it begins in the file, the header being line 1."""

    line: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Refused:
    """One row that is not taken, and what would be needed."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}: {self.reason}"


class RowRefused(ValueError):
    """Raised while one row is looked at; `column` and the message become its `Refused`."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


def read_csv(path: Path, *, columns: Sequence[str]) -> tuple[list[Row], list[Refused]]:
    """The rows of a UTF-8 file with these columns (and perhaps more), and those that are broken.

    Raises UnableToImport if the file as a whole cannot be used: size, encoding, header.
    """
    return parse_csv(path.name, _text(path), columns=columns)


def parse_csv(name: str, text: str, *, columns: Sequence[str]) -> tuple[list[Row], list[Refused]]:
    """The same of a text that is read already."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = _header(name, reader, columns)
    rows: list[Row] = []
    refused: list[Refused] = []
    for line, cells in _lines(reader):
        try:
            rows.append(
                Row(line, dict(zip(header, _whole(cells, header, line, reader), strict=True)))
            )
        except RowRefused as reason:
            refused.append(Refused(line, reason.column, reason.reason))
    return rows, refused


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise UnableToImport(
                f"{path.name} has {size / 1024**2:,.1f} MB; expected at most "
                f"{MOST_BYTES // 1024**2} MB. Split it into several files."
            )
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UnableToImport(f"{path.name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise UnableToImport(
            f"{path.name} is not UTF-8 (line {line}, byte {error.object[error.start]:#04x}). "
            "Save it again as “CSV UTF-8”."
        ) from error


def _header(file: str, reader, columns: Sequence[str]) -> list[str]:
    try:
        header = [name.strip() for name in next(reader, [])]
    except csv.Error as error:
        raise UnableToImport(f"{file}, line 1 is no CSV header: {error}.") from error
    missing = [name for name in columns if name not in header]
    if missing:
        raise UnableToImport(
            f"{file}: the first line lacks {', '.join(missing)}. Expected a header with: "
            f"{', '.join(columns)}, separated by commas."
        )
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise UnableToImport(f"{file}: the first line has {', '.join(twice)} twice.")
    return header


def _lines(reader) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """(first line, cells or what is wrong) of each row; empty lines are no rows."""
    while True:
        first = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield first, error
            continue
        if cells:
            yield first, cells


def _whole(cells: list[str] | csv.Error, header: list[str], line: int, reader) -> list[str]:
    if isinstance(cells, csv.Error):
        until = f" (up to line {reader.line_num})" if reader.line_num > line else ""
        raise RowRefused(
            WHOLE_ROW, f"no valid CSV{until}: {cells}. Close every quote, and double those inside."
        )
    if len(cells) != len(header):
        raise RowRefused(
            WHOLE_ROW,
            f"{len(cells)} columns, expected {len(header)}. Put text with commas in quotes.",
        )
    for name, cell in zip(header, cells, strict=True):
        if "\0" in cell:
            raise RowRefused(name, "holds a NUL byte. Remove it.")
    return cells


def safe_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
