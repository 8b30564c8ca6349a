"""A 5W sheet: who does what, where, when, for whom, with a row of HXL tags (docs/5w-columns.md)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

import xlsxwriter

from providers.exporters.files import Facts, listings_of, spooled
from providers.flat import NUMBERS, flat, headers, text_keys
from providers.flat_words import UNKNOWN
from providers.importers.listing import Listing
from providers.listed import Listed

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,  # a name that begins with “=” is a name
    "strings_to_urls": False,
    "strings_to_numbers": False,  # a code that begins with 0 is a code
}
WIDTH = 18  # letters


def write(rows: Iterable[Listed], out: BinaryIO, facts: Facts) -> None:
    write_listings(listings_of(rows), out, facts)


def write_listings(listings: Iterable[Listing], out: BinaryIO, facts: Facts) -> None:
    with spooled(listings) as again, xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties({"created": facts.at.replace(tzinfo=None)})
        sheet = book.add_worksheet("5W")
        columns = headers(text_keys(again()))
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        for place, (header, _tag) in enumerate(columns):
            sheet.set_column(place, place, WIDTH, None if header in NUMBERS else text)
        sheet.freeze_panes(2, 0)
        sheet.write_row(0, 0, [header for header, _tag in columns], bold)
        sheet.write_row(1, 0, [tag for _header, tag in columns])
        for line, listing in enumerate(again(), start=2):
            codes = facts.codes.get((listing.area.pcode, listing.area.version), UNKNOWN)
            _write_row(sheet, line, columns, flat(listing, codes))


def _write_row(sheet, line: int, columns: list[tuple[str, str]], row: dict[str, str]) -> None:
    for place, (header, _tag) in enumerate(columns):
        cell = row.get(header, "")
        if not cell:
            continue
        if header in NUMBERS and _is_exact(float(cell)):
            sheet.write_number(line, place, float(cell))
        elif sheet.write_string(line, place, cell):
            raise ValueError(
                f"{row['Service']}: {header} has {len(cell):,} letters; a cell of a sheet holds "
                "32,767. Take the list as CSV, or shorten it."
            )


def _is_exact(number: float) -> bool:
    """Whether it survives the 16 digits of a cell; one that does not is written as text."""
    return float(f"{number:.16G}") == number
