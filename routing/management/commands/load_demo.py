from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from providers import clock, synthetic
from providers.models import Location
from referral import signals
from referral.models import Case
from routing import demo, demo_day


class Command(BaseCommand):
    help = "Areas, directory, rules, demonstration users and cases; what is there already stays."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--without-cases", action="store_true")

    def handle(self, *args, without_cases: bool, **options) -> None:
        if not settings.DEMO:
            raise CommandError("Demonstration users exist only under DEMO=1. Nothing was written.")
        at = clock.now()
        if not Location.objects.filter(synthetic=False).exists():
            call_command("load_areas", stdout=self.stdout, verbosity=options["verbosity"])
            call_command("import_facilities", stdout=self.stdout, verbosity=options["verbosity"])
        report = synthetic.load(at=at)
        call_command("load_rules", verbosity=0, stdout=self.stdout)
        call_command("load_pathways", "--missing", verbosity=0, stdout=self.stdout)
        secret = demo.password(Path(settings.DATA_DIR))
        demo.load_cast(organizations=report.organizations, secret=secret)
        if not without_cases:
            self._load_cases(at)
        for player in demo.CAST:
            self.stdout.write(
                f"{player.role:<14} {player.username:<10} {secret}   "
                f"{player.name}, {report.organizations[player.organization].name}"
            )

    @staticmethod
    @transaction.atomic
    def _load_cases(at) -> None:
        """All of them or none: a start that is broken off leaves nothing half told."""
        if demo.load_cases(at=at):
            cases = demo_day.load(at=at)
            signals.demonstrated.send(sender=Case, cases=cases, at=at)
