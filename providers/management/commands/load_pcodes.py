from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from providers.clock import now
from providers.importers.errors import UnableToImport
from providers.importers.pcodes import country_names, load_pcodes

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Loads P-codes of any countries out of OCHA's table (CSV or xlsx). All or nothing; running "
        "it twice changes nothing. A code that a new version has no more is kept as retired."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="global_pcodes_adm_1_2.csv, or a part of it")
        parser.add_argument(
            "--countries", type=Path, help="OCHA's taxonomy of countries (CSV), for their names"
        )

    def handle(self, *, file, countries, verbosity, **_):
        try:
            names = country_names(countries) if countries else {}
            done = load_pcodes(path=file, at=now(), names=names)
        except UnableToImport as error:
            raise CommandError(str(error)) from error
        if verbosity:
            self.stdout.write(f"Areas of {done.countries:,} countries: {done.areas}.")
        if verbosity and done.retired:
            self.stdout.write(f"Retired, and kept: {len(done.retired):,}.")
            for one in done.retired[: None if verbosity > 1 else SHOWN]:
                self.stdout.write(f"  {one}")
