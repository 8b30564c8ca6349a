"""How long an answer may take. The numbers are data: DESIGN §2, clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from providers import calendars
from providers.vocabulary import Unit, Urgency

END_OF_DAY = time(17, 0)
NOTICE_DAYS = {  # before help with a place to stay ends; for what is no place, none
    Urgency.IMMEDIATE: 7,
    Urgency.URGENT: 7,
    Urgency.SOON: 5,
    Urgency.ROUTINE: 3,
}
STAYS = (Unit.BED, Unit.PLACE)
SAME_HOUR_ASKS = 3  # how many services a same-hour need may ask at once (ruling 10)


@dataclass(frozen=True, slots=True)
class Limit:
    """Round the clock in hours, or in working days of the place."""

    hours: int = 0
    working_days: int = 0

    @property
    def half(self) -> timedelta:
        return timedelta(hours=self.hours / 2) + timedelta(days=self.working_days / 2)


LIMITS = {
    Urgency.IMMEDIATE: Limit(hours=1),
    Urgency.URGENT: Limit(hours=24),
    Urgency.SOON: Limit(working_days=3),
    Urgency.ROUTINE: Limit(working_days=5),
}


def answer_due(urgency: str, *, at: datetime, zone: ZoneInfo, country: str) -> datetime:
    """When an answer is due: after the hours, or at the end of the last working day."""
    limit = LIMITS[Urgency(urgency)]
    if limit.hours:
        return at + timedelta(hours=limit.hours)
    workdays = calendars.week_of(country).working
    day, left = at.astimezone(zone).date(), limit.working_days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() in workdays
    return datetime.combine(day, END_OF_DAY, tzinfo=zone)


def notice_days(urgency: str, unit: str) -> int:
    """How many days before its end a service says that its help ends."""
    return NOTICE_DAYS[Urgency(urgency)] if unit in STAYS else 0


def half_limit(urgency: str) -> timedelta:
    return LIMITS[Urgency(urgency)].half


def asks_at_once(urgency: str) -> int:
    return SAME_HOUR_ASKS if urgency == Urgency.IMMEDIATE else 1
