from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from referral.models import Need, Referral
from referral.obligations import forgotten_arrivals, forgotten_needs


class Command(BaseCommand):
    help = "Check that no open need and no agreed referral has been forgotten. Exit 1 if one has."

    def handle(self, *args, **options) -> None:
        needs, arrivals = list(forgotten_needs()[:100]), list(forgotten_arrivals()[:100])
        for need in needs:
            self.stdout.write(
                f"need {need.pk} ({need.state}): no ask, no routing, no turn, no unmet record"
            )
        for referral in arrivals:
            self.stdout.write(f"referral {referral.pk}: agreed, and nobody will ask about arrival")
        if needs or arrivals:
            raise CommandError(f"{len(needs)} needs and {len(arrivals)} arrivals are forgotten.")
        self.stdout.write(
            f"{Need.objects.open().count()} open needs, "
            f"{Referral.objects.live().count()} live referrals: none forgotten."
        )
