"""A flat CSV file with the columns of the 5W sheet (docs/5w-columns.md)."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import TextIOWrapper
from typing import BinaryIO

from providers.exporters.files import Facts, listings_of, spooled
from providers.flat import flat, headers, text_keys
from providers.flat_words import UNKNOWN
from providers.importers.flat_csv import guarded
from providers.importers.listing import Listing
from providers.listed import Listed


def write(rows: Iterable[Listed], out: BinaryIO, facts: Facts) -> None:
    write_listings(listings_of(rows), out, facts)


def write_listings(listings: Iterable[Listing], out: BinaryIO, facts: Facts) -> None:
    """With a byte order mark: without it, spreadsheets take Arabic for something else."""
    text = TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    with spooled(listings) as again:
        columns = [header for header, _tag in headers(text_keys(again()))]
        rows = csv.writer(text)
        rows.writerow(columns)
        for listing in again():
            codes = facts.codes.get((listing.area.pcode, listing.area.version), UNKNOWN)
            row = flat(listing, codes)
            rows.writerow([guarded(row.get(column, "")) for column in columns])
    text.detach()  # the file is its owner's to close
