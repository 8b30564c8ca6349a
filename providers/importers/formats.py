"""Every format a file may have: one line each. Found from the content; a person may correct it.

A reader gives rows one by one, in order, each a Listing (or what its book takes) or Refused.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from providers.importers import facility_book, fivew
from providers.importers.csvfile import Refused
from providers.importers.errors import UnableToImport
from providers.importers.facility_book import FacilityBook
from providers.importers.hsds_json import hsds_json
from providers.importers.hsds_tabular import read_hsds_tabular
from providers.importers.listing import Listing, Where
from providers.importers.listing_book import ListingBook
from providers.importers.tables import File
from providers.importers.verdict import Book, Context, Entry, Reading

Lists = Callable[..., tuple[list[Listing], list[Refused]]]


@dataclass(frozen=True, slots=True)
class Format:
    """`sniff` looks at the content and raises nothing; `read` raises UnableToImport."""

    name: str
    label: str
    sniff: Callable[[File], bool]
    read: Callable[..., Reading]  # (file, *, after): rows after that one
    book: Callable[[Context], Book] = ListingBook
    source: str = ""  # the list it always is; empty: a person says which


def from_lists(reader: Lists) -> Callable[..., Reading]:
    """For a reader of bytes that gives all listings and all refusals at once."""

    def read(file: File, *, after: Where | None = None) -> Reading:
        listings, refused = reader(file.data, name=file.name)
        notes = {"about": len(listings) + len(refused)}
        told = [Entry(one.where, one.name[:200], one) for one in listings]
        told += [Entry(_where(one), "", one) for one in refused]
        told.sort(key=place)
        first = (after.sheet, after.line) if after else ("", 0)
        return Reading(iter([one for one in told if place(one) > first]), notes)

    return read


def place(one: Entry) -> tuple[str, int]:
    return one.where.sheet, one.where.line


def _where(one: Refused) -> Where:
    return Where(one.line, getattr(one, "sheet", ""))


def is_json(file: File) -> bool:
    return file.data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def is_tables_of_hsds(file: File) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(file.data)) as zipped:
            names = {Path(one).name.lower() for one in zipped.namelist()[:1000]}
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    return "services.csv" in names


def tables_of_hsds(data: bytes, *, name: str) -> tuple[list[Listing], list[Refused]]:
    """Its reader wants a file, of which it reads only the tables that it knows."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(name).name or "tables.zip")
        path.write_bytes(data)
        return read_hsds_tabular(path)


FORMATS: tuple[Format, ...] = (  # the first that fits; the most telling first
    Format(
        "facilities",
        _("List of health facilities (South Sudan)"),
        facility_book.looks_like_it,
        facility_book.read,
        FacilityBook,
        source="ssd-moh-2020",
    ),
    Format("hsds", _("HSDS 3 in JSON"), is_json, from_lists(hsds_json)),
    Format(
        "hsds-tables",
        _("HSDS 3 as tables (zip of CSV)"),
        is_tables_of_hsds,
        from_lists(tables_of_hsds),
    ),
    Format("5w", _("3W or 5W sheet (xlsx or CSV)"), fivew.looks_like_it, fivew.read),
)
BY_NAME = {one.name: one for one in FORMATS}


def choices() -> list[tuple[str, str]]:
    return [(one.name, one.label) for one in FORMATS]


def detect(file: File) -> Format:
    """Raises UnableToImport when no format fits."""
    for one in FORMATS:
        if one.sniff(file):
            return one
    known = "; ".join(str(one.label) for one in FORMATS)
    raise UnableToImport(f"{file.name} is none of these: {known}. Choose which one it should be.")
