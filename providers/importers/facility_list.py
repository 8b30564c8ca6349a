"""The import of the facility list from file to directory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from providers.geography import BrokenBoundaries, read_boundaries
from providers.importers.areas import BOUNDARIES, FOLDER
from providers.importers.errors import UnableToImport
from providers.importers.facilities import place, read_facilities, source_id
from providers.importers.facility_report import FacilityReport, find
from providers.importers.facility_writer import write_facilities

SHIPPED = FOLDER / "facilities_moh_2020.csv"


def import_facilities(
    *,
    at: datetime,
    path: Path = SHIPPED,
    atomic: bool = False,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> FacilityReport:
    """Check the whole file, then write it; running it again changes nothing.

    A refused row does not stop the others, unless `atomic`: then it refuses them all.
    Raises UnableToImport, with nothing written, when the file or the areas cannot be used.
    """
    try:
        boundaries = read_boundaries(FOLDER / BOUNDARIES)
    except BrokenBoundaries as error:
        raise UnableToImport(str(error)) from error
    sheet = read_facilities(path)
    if atomic and sheet.refused:
        first = "\n".join(f"  {one}" for one in sheet.refused[:20])
        raise UnableToImport(
            f"{len(sheet.refused):,} rows are refused, so nothing was written (--atomic):\n{first}"
        )
    placed = place(sheet.kept, boundaries=boundaries)
    written = write_facilities(
        placed,
        deleted=[source_id(row) for row in sheet.deleted],
        at=at,
        whole=atomic,
        progress=progress,
    )
    return FacilityReport(sheet, placed, find(sheet, placed, boundaries=boundaries), written)
