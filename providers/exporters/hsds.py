"""The directory, or any part of it that the asker may see, as files of HSDS 3.1."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from typing import IO

from providers.hsds import documents, tables
from providers.hsds.guard import guarded
from providers.listed import Listed

ALWAYS = ("organization", "service")  # their files are there even where they hold nothing
ON_ITS_DAY = (1980, 1, 1, 0, 0, 0)  # the same directory gives the same bytes


def hsds_json(services: Iterable[Listed], *, profile: bool = False) -> Iterator[bytes]:
    """A list of full services, as it is made."""
    yield b"["
    for n, one in enumerate(services):
        told = documents.service(one, profile=profile)
        text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        yield (",\n" if n else "\n").encode() + text.encode()
    yield b"\n]\n"


def write_tabular(services: Iterable[Listed], file: IO[bytes], *, profile: bool = False) -> None:
    """A zip of the tables. No cell is taken for a formula by a spreadsheet."""
    found = tables.flat(documents.service(one, profile=profile) for one in services)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        for table, name in tables.FILES.items():
            if table in found or table in ALWAYS:
                entry = zipfile.ZipInfo(name, date_time=ON_ITS_DAY)
                entry.compress_type = zipfile.ZIP_DEFLATED
                zipped.writestr(entry, as_csv(table, found.get(table, [])))


def as_csv(table: str, rows: Iterable[tables.Row]) -> bytes:
    out = io.StringIO(newline="")
    columns = tables.columns(table)
    writer = csv.writer(out, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([guarded(row[name]) for name in columns])
    return out.getvalue().encode()
