"""The visits and calls of one worker, by day: what is late, and seven days from today."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from providers.models import User
from referral import access
from referral.models import Visit

DAYS = 7
MOST = 200  # of one week; more is walked by nobody
FURTHEST_WEEK = 52


@dataclass
class Day:
    day: date
    visits: list[Visit] = field(default_factory=list)


@dataclass(frozen=True)
class Week:
    late: list[Visit]
    days: list[Day]
    is_whole: bool


def visits_of(user: User):
    """Planned ones in the cases that this user works on: own and covered."""
    return Visit.objects.planned().filter(case__in=access.works_on(user).values("pk"))


def week(user: User, *, at: datetime, ahead: int = 0) -> Week:
    """The n-th week from today, with empty days; in the first also what is late."""
    start = timezone.localtime(at).date() + timedelta(days=DAYS * ahead)
    days = {start + timedelta(days=n): Day(start + timedelta(days=n)) for n in range(DAYS)}
    rows = visits_of(user).filter(planned_for__lt=_midnight(start + timedelta(days=DAYS)))
    if ahead:
        rows = rows.filter(planned_for__gte=_midnight(start))
    found = list(rows.select_related("case__area").soonest_first()[: MOST + 1])
    late = []
    for one in found[:MOST]:
        day = days.get(timezone.localtime(one.planned_for).date())
        (day.visits if day else late).append(one)
    return Week(late, list(days.values()), len(found) <= MOST)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))
