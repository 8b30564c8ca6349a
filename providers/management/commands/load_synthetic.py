from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from providers.clock import now
from providers.importers.errors import UnableToImport
from providers.synthetic import SEED, load


class Command(BaseCommand):
    help = (
        "Adds the invented organizations and services, labelled synthetic wherever they are shown. "
        "Running it twice changes nothing, nor what people changed meanwhile."
    )

    def add_arguments(self, parser):
        parser.add_argument("--seed", type=int, default=SEED, help="for another invention")

    def handle(self, *, seed, verbosity, **_):
        try:
            report = load(at=now(), seed=seed)
        except UnableToImport as error:
            raise CommandError(str(error)) from error
        if verbosity:
            for line in report.summary():
                self.stdout.write(line)
