"""Small lists of facilities, for tests that need one with a certain flaw."""

from __future__ import annotations

import csv
from pathlib import Path

from providers.importers.facilities import COLUMNS

JUBA = {"lat": "4.85", "lon": "31.58", "County": "Juba County"}


def row(number="1", **cells) -> dict[str, str]:
    """One row of a list: a hospital in Juba unless told otherwise."""
    usual = {"#idGeo": number, "Facility": f"Facility {number}", "type": "County Hospital"}
    return dict.fromkeys(COLUMNS, "") | usual | JUBA | cells


def write(folder: Path, *rows: dict[str, str]) -> Path:
    """The rows as a CSV file in this folder."""
    path = folder / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path
