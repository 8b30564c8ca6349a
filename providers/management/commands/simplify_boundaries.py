from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from providers import outlines
from providers.geography import BrokenBoundaries, read_boundaries
from providers.importers.areas import BOUNDARIES, FOLDER, PCODES, read_pcodes
from providers.importers.errors import UnableToImport
from providers.vocabulary import Level


class Command(BaseCommand):
    help = (
        f"Draws the outlines of the maps ({outlines.FILE.name}) from the full boundaries "
        f"({BOUNDARIES}). The same boundaries give the same bytes."
    )

    def add_arguments(self, parser):
        parser.add_argument("--to", type=Path, default=outlines.FILE, help="the file to write")

    def handle(self, *, to, verbosity, **_):
        try:
            counties = read_boundaries(FOLDER / BOUNDARIES)
            states = [one for one in read_pcodes(FOLDER / PCODES) if one.level == Level.STATE]
        except (BrokenBoundaries, UnableToImport) as error:
            raise CommandError(str(error)) from error
        [country] = {one.country for one in states}
        names = {one.pcode: one.name for one in states}
        text = outlines.collection(counties=counties, states=names, country=country)
        to.write_text(text, encoding="utf-8")
        if verbosity:
            self.stdout.write(f"{to.name}: {len(text.encode()):,} bytes.")
