from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from providers.clock import now
from providers.importers.areas import BOUNDARIES, FOLDER, PCODES, load_areas
from providers.importers.errors import UnableToImport


class Command(BaseCommand):
    help = "Loads the areas and the links between them. Running it twice changes nothing."

    def add_arguments(self, parser):
        parser.add_argument(
            "--folder", type=Path, default=FOLDER, help=f"where {PCODES} and {BOUNDARIES} are"
        )

    def handle(self, *, folder, verbosity, **_):
        try:
            report = load_areas(at=now(), folder=folder)
        except UnableToImport as error:
            raise CommandError(str(error)) from error
        if verbosity:
            self.stdout.write(f"Areas: {report.areas}.")
            self.stdout.write(f"Links between areas that touch: {report.links}.")
            for one in report.retired:
                self.stdout.write(f"Kept as retired: {one}.")
