from __future__ import annotations

from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from referral.models import Case
from routing.explain import lines
from routing.models import Decision


class Command(BaseCommand):
    help = "Print the router's decisions about a case (its reference) or a need (its id), with why."

    def add_arguments(self, parser) -> None:
        parser.add_argument("which", help="a case reference such as K7M4-2Q, or a need's id")
        parser.add_argument("--all", action="store_true", help="every decision, not only the last")

    def handle(self, *args, which: str, **options) -> None:
        decisions = self._about(which).latest_first()
        found = list(decisions[: None if options["all"] else 1])
        if not found:
            raise CommandError(
                f"No decision about {which}. Expected a case reference such as K7M4-2Q or the id "
                "of a need that the router has looked at."
            )
        for decision in found:
            self.stdout.write("\n".join(lines(decision)))

    def _about(self, which: str):
        case = Case.objects.filter(reference=which.upper()).first()
        if case is not None:
            return Decision.objects.filter(need__case=case)
        try:
            return Decision.objects.filter(need=UUID(which))
        except ValueError:
            return Decision.objects.none()
