from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from providers import confirmation
from providers.clock import now


class Command(BaseCommand):
    help = (
        "Asks providers by email whether their numbers still hold, where nobody said so for seven "
        "days. Nobody is asked twice within seven days. Run it daily, or let beat do so."
    )

    def handle(self, *, verbosity, **_):
        try:
            planned, sent = confirmation.ask(at=now())
        except confirmation.UnableToAsk as missing:
            raise CommandError(str(missing)) from missing
        if verbosity:
            self.stdout.write(f"To be asked: {planned} more. Sent: {sent}.")
