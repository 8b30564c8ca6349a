"""What an import of the facility list tells: counts for everybody, rows for who looks closer."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from providers.geography import Boundaries
from providers.importers.csvfile import safe_cell
from providers.importers.errors import UnableToImport
from providers.importers.facilities import (
    NAME,
    OFFERS,
    ORIGIN,
    OUTSIDE,
    Placed,
    Sheet,
    looks_like,
    name_agrees,
    source_id,
)
from providers.importers.facility_writer import Written
from providers.vocabulary import Authority

REPORT_COLUMNS = ("line", "number", "name", "finding", "detail")


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that a person may want to look at."""

    line: int
    number: str
    name: str
    finding: str  # refused | unlocated | name differs | looks like | deleted
    detail: str

    def __str__(self) -> str:
        if self.finding == "refused":
            return f"line {self.line}, {self.detail}"
        return f"line {self.line}, {self.number or '–'} {self.name or '–'}: {self.detail}"


@dataclass(frozen=True, slots=True)
class FacilityReport:
    """The whole run. `findings` are ordered by kind, then line."""

    sheet: Sheet
    placed: Sequence[Placed]
    findings: tuple[Finding, ...]
    written: Written

    def of(self, kind: str) -> list[Finding]:
        return [one for one in self.findings if one.finding == kind]

    def summary(self) -> Iterator[str]:
        """The counts, one line each."""
        sheet, where = self.sheet, Counter(one.unlocated for one in self.placed)
        yield (
            f"Read {sheet.read:,}: {len(sheet.kept):,} kept, {len(sheet.deleted):,} deleted "
            f"(skipped), {len(sheet.refused):,} refused."
        )
        yield (
            f"Placed by polygon: {where['']:,} in a county, {where[ORIGIN]:,} at 0,0 and "
            f"{where[OUTSIDE]:,} elsewhere outside: these {where[ORIGIN] + where[OUTSIDE]:,} are "
            f"listed as unlocated, without services ({self._would_offer():,} hospitals, health "
            "centres and units among them)."
        )
        yield (
            f"County name in the row: {where[''] - len(self.of('name differs')):,} agree, "
            f"{len(self.of('name differs')):,} differ (the polygon counts)."
        )
        gone = sum(one.detail.endswith("(deleted)") for one in self.of("looks like"))
        yield (
            f"Look like police, prison or military by name: {len(self.of('looks like'))} "
            f"({gone} of them deleted): listed, offered nobody until a person has checked."
        )
        yield from self._writing()

    def _would_offer(self) -> int:
        return sum(bool(one.unlocated) and one.facility.kind in OFFERS for one in self.placed)

    def _writing(self) -> Iterator[str]:
        done = self.written
        yield f"Organizations: {done.organizations}. {done}"
        if done.dropped:
            yield f"Deleted in this file but listed before, kept: {done.dropped:,} places."
        if done.doubted:
            yield f"Services marked “may not exist”, as the list dropped them: {done.doubted:,}."
        if done.gone:
            yield f"Places of an earlier run that are not in this file, kept: {done.gone:,}."


def find(sheet: Sheet, placed: Sequence[Placed], *, boundaries: Boundaries) -> tuple[Finding, ...]:
    """All that is worth a look."""
    found = [
        Finding(one.line, "", "", "refused", f"{one.column}: {one.reason}") for one in sheet.refused
    ]
    for row in sheet.deleted:
        found.append(Finding(row.line, source_id(row), row.values[NAME], "deleted", "deleted"))
        if looks_like(row) != Authority.NONE:
            found.append(
                Finding(
                    row.line,
                    source_id(row),
                    row.values[NAME],
                    "looks like",
                    f"{looks_like(row).value} (deleted)",
                )
            )
    for one in placed:
        found.extend(_of_facility(one, boundaries))
    return tuple(sorted(found, key=lambda one: (one.finding, one.line)))


def _of_facility(one: Placed, boundaries: Boundaries) -> Iterator[Finding]:
    facility = one.facility

    def say(finding: str, detail: str) -> Finding:
        return Finding(facility.line, facility.source_id, facility.name, finding, detail)

    if one.unlocated:
        where = f"latitude {facility.latitude:g}, longitude {facility.longitude:g}"
        yield say("unlocated", f"{where}: {'0,0' if one.unlocated == ORIGIN else 'in no county'}")
    elif not name_agrees(one, boundaries=boundaries):
        county = boundaries.by_pcode[one.pcode]
        yield say(
            "name differs", f"the row says {facility.county or '–'}, the polygon {county.name}"
        )
    if facility.looks_like != Authority.NONE:
        yield say("looks like", facility.looks_like.value)


def open_report(path: Path) -> TextIO:
    """The file to write to, before anything is imported. Raises UnableToImport."""
    try:
        return path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise UnableToImport(f"The report {path} cannot be written: {error.strerror}.") from error


def write_report(file: TextIO, findings: Sequence[Finding]) -> None:
    """One line per finding; no cell can become a formula."""
    writer = csv.writer(file)
    writer.writerow(REPORT_COLUMNS)
    for one in findings:
        words = (one.number, one.name, one.finding, one.detail)
        writer.writerow((one.line, *map(safe_cell, words)))
