"""Our own flat CSV, read again: every row is a listing or a refusal (docs/5w-columns.md)."""

from __future__ import annotations

import re
from pathlib import Path

from providers.flat import COLUMNS, is_tag_row, told
from providers.importers.csvfile import Refused, RowRefused, read_csv
from providers.importers.listing import Listing, Where

NEEDED = tuple(one.header for one in COLUMNS if one.required)
_NUMBER = re.compile(r"-\d+(\.\d+)?", re.ASCII)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula. A plain negative number is none."""
    return f"'{cell}" if cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell) else cell


def unguarded(cell: str) -> str:
    return cell.removeprefix("'")


def read(path: Path) -> tuple[list[Listing], list[Refused]]:
    """The listings of a file, and every row that is none.

    Raises UnableToImport if the file as a whole cannot be used: size, encoding, header.
    """
    rows, refused = read_csv(path, columns=NEEDED)
    listings = []
    for row in rows:
        if is_tag_row(row.values.values()):
            continue
        cells = {name: unguarded(cell) for name, cell in row.values.items()}
        try:
            listings.append(told(cells, Where(row.line)))
        except RowRefused as reason:
            refused.append(Refused(row.line, reason.column, reason.reason))
    return listings, sorted(refused, key=lambda one: one.line)
