from __future__ import annotations

import logging
import time

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections

from providers import clock
from referral.sweep import sweep

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Look for what is due, again and again: overdue answers, missing arrivals, needs that no "
        "worker took. Run any number of copies beside the workers."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--every", type=float, default=1.0, help="seconds between two looks")
        parser.add_argument("--once", action="store_true", help="look once and end")

    def handle(self, *args, every: float, once: bool, **options) -> None:
        while True:
            try:
                found = sweep(at=clock.now())
                if found.anything() and options["verbosity"] > 1:
                    self.stdout.write(str(found))
            except OperationalError:
                if once:
                    raise
                log.exception("sweep: the database did not answer; looking again")
            if once:
                return
            close_old_connections()
            time.sleep(every)
