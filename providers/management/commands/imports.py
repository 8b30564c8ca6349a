from __future__ import annotations

import logging
import time

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections

from providers import clock
from providers.import_sweep import sweep
from providers.importers.pipeline import SLICE
from providers.models.imports import MOST_BYTES

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Works on files that were uploaded and that no worker has taken, again and again. Where "
        "`manage.py sweep` runs it does this for small files; a directory alone, or one without a "
        "broker, needs this one."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--every", type=float, default=2.0, help="seconds between two looks")
        parser.add_argument("--once", action="store_true", help="look once and end")

    def handle(self, *args, every: float, once: bool, **options) -> None:
        while True:
            try:
                found = sweep(at=clock.now(), now=clock.now, seconds=SLICE, most=MOST_BYTES)
                if found and options["verbosity"] > 1:
                    self.stdout.write(f"Imports that wait: {found}")
            except OperationalError:
                if once:
                    raise
                log.exception("imports: the database did not answer; looking again")
            if once:
                return
            close_old_connections()
            time.sleep(every)
