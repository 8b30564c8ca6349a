from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from providers.clock import now
from providers.importers.errors import UnableToImport
from providers.importers.facility_list import SHIPPED, import_facilities
from providers.importers.facility_report import FacilityReport, open_report, write_report
from providers.importers.progress import Progress

SHOWN = 20
HEADINGS = {
    "refused": "Refused",
    "looks like": "Look like police, prison or military",
    "unlocated": "Unlocated",
    "name differs": "County name differs",
}


class Command(BaseCommand):
    help = (
        "Imports South Sudan's list of health facilities, each placed by its coordinates. "
        "Running it twice changes nothing. A refused row ends it with status 1; the others are in."
    )

    def add_arguments(self, parser):
        parser.add_argument("--file", type=Path, default=SHIPPED, help="CSV in UTF-8")
        parser.add_argument("--report", type=Path, help="write every finding to this CSV file")
        parser.add_argument(
            "--atomic", action="store_true", help="all rows or none: one refused row refuses all"
        )

    def handle(self, *, file, report, atomic, verbosity, **_):
        try:
            with open_report(report) if report else nullcontext() as target:
                done = import_facilities(
                    at=now(),
                    path=file,
                    atomic=atomic,
                    progress=Progress(self.stdout, label="Places", silent=verbosity == 0),
                )
                if target:
                    write_report(target, done.findings)
        except UnableToImport as error:
            raise CommandError(str(error)) from error
        self.tell(done, verbosity)
        if done.sheet.refused:
            raise CommandError(
                f"{len(done.sheet.refused):,} rows were refused; all others are in. "
                "Correct these and run it again."
            )

    def tell(self, done: FacilityReport, verbosity: int) -> None:
        if verbosity:
            for line in done.summary():
                self.stdout.write(line)
        for kind in HEADINGS if verbosity > 1 else ["refused"]:
            self.list_findings(HEADINGS[kind], done.of(kind), most=None if verbosity > 1 else SHOWN)

    def list_findings(self, heading: str, findings, most: int | None) -> None:
        if findings:
            self.stdout.write(f"{heading}:")
        for one in findings[:most]:
            self.stdout.write(f"  {one}")
        if most and len(findings) > most:
            self.stdout.write(
                f"  and {len(findings) - most:,} more: --verbosity 2 or --report FILE"
            )
