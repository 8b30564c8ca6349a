"""What the passing of time does to the directory, for those who wait for a change.

Nothing here decides who is asked: the engine and the hold compare the days themselves, so that a
closing ends and a team goes without any write. This only moves teams, and marks as changed what
opened meanwhile, so that needs for which nobody was found are looked for again (ruling 24).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from providers.capacity import day_of
from providers.local_time import midnight
from providers.models import Service
from providers.teams import move_teams

LATELY = timedelta(days=3)  # a team that began longer ago than no sweep ran is tried again anyway


@dataclass(slots=True)
class Passed:
    moved: int = 0
    opened: int = 0

    def anything(self) -> bool:
        return bool(self.moved or self.opened)


def let_time_pass(*, at: datetime) -> Passed:
    """One look. Safe at any time, twice, and by many at once: each step is a conditional update."""
    return Passed(moved=move_teams(at=at), opened=_open_again(at) + _begin(at))


def _open_again(at: datetime) -> int:
    """Closings that are over are taken off. No revision: a filter sees no difference."""
    tomorrow = at.date() + timedelta(days=1)  # wherever the service is
    over = Service.objects.filter(closed_until__lte=tomorrow).order_by("pk")
    opened = 0
    for service in over.select_related("area__parent__parent"):
        if service.closed_until <= day_of(service, at):
            same = Service.objects.filter(pk=service.pk, closed_until=service.closed_until)
            opened += same.update(closed_until=None, changed_at=at)
    return opened


def _begin(at: datetime) -> int:
    """Teams whose time has come since their row was last touched."""
    around = (at - LATELY).date(), at.date() + timedelta(days=1)
    begun = 0
    lately = Service.objects.filter(available_from__range=around).order_by("pk")
    for service in lately.select_related("area__parent__parent"):
        zone = service.area.zone() if service.area_id else at.tzinfo
        begins = midnight(service.available_from, zone)
        if service.changed_at < begins <= at:
            begun += Service.objects.filter(pk=service.pk, changed_at__lt=begins).update(
                changed_at=at
            )
    return begun
