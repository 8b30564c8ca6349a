"""Opening hours: is it open at a moment, until when, and when next? Pure: no ORM, no clock.

Hours are those of the wall where the service is. What two lines say together holds: a service is
open when any of them says so. A line belongs to the day on which it opens, so that the night of
the last valid day is still valid after midnight.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

DAY = timedelta(days=1)
WEEK = 8  # days after which every weekday has come round once, whatever the hour
MIDNIGHT = time(0)


@dataclass(frozen=True, slots=True)
class Line:
    """Weekdays 0 = Monday … 6 = Sunday. A close not after the opening lies on the next day, so
    00:00 to 00:00 is the whole day. Valid from a day until before another; None: no limit."""

    days: tuple[int, ...]
    opens: time
    closes: time
    valid_from: date | None = None
    valid_until: date | None = None

    def holds_on(self, day: date) -> bool:
        return (
            day.weekday() in self.days
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_until is None or day < self.valid_until)
        )

    @property
    def whole_day(self) -> bool:
        return self.opens == self.closes == MIDNIGHT


@dataclass(frozen=True, slots=True)
class State:
    """Open now, until when; or closed, and when it opens next. Both moments are aware, UTC.

    Open without `until`: no close within a week. Closed without `opens`: no hours still to come.
    """

    is_open: bool
    until: datetime | None = None
    opens: datetime | None = None


Period = tuple[datetime, datetime]


def moment(day: date, wall: time, zone: tzinfo, *, last: bool = False) -> datetime:
    """That hour of the wall as a moment in UTC.

    An hour that comes twice (clocks go back) is the first for an opening and the `last` for a
    close. One that never comes (clocks go forward) lies as far after the gap as it was meant to.
    """
    local = datetime.combine(day, wall, tzinfo=zone).replace(fold=int(last))
    there = local.astimezone(UTC)
    exists = there.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None)
    return there if exists else local.replace(fold=0).astimezone(UTC)


def periods(lines: Iterable[Line], *, first: date, days: int, zone: tzinfo) -> list[Period]:
    """All openings on `days` days from `first`, in order; what touches or overlaps is one."""
    found: list[Period] = []
    for line in lines:
        for day in (first + DAY * n for n in range(days)):
            if not line.holds_on(day):
                continue
            closing = day if line.closes > line.opens else day + DAY
            opens = moment(day, line.opens, zone)
            closes = moment(closing, line.closes, zone, last=True)
            if closes > opens:
                found.append((opens, closes))
    return merged(found)


def merged(found: Iterable[Period]) -> list[Period]:
    joined: list[Period] = []
    for opens, closes in sorted(found):
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], closes))
        else:
            joined.append((opens, closes))
    return joined


def state(lines: Sequence[Line], *, at: datetime, zone: tzinfo) -> State | None:
    """How it is at `at`. None: no hours are known, which says nothing about being closed."""
    if not lines:
        return None
    today = at.astimezone(zone).date()
    near = periods(lines, first=today - DAY, days=WEEK + 2, zone=zone)
    horizon = moment(today + DAY * WEEK, MIDNIGHT, zone)
    for opens, closes in near:
        if opens <= at < closes:
            return State(True, until=None if closes > horizon else closes)
    return State(False, opens=_next(lines, near, at, today, zone))


def _next(
    lines: Sequence[Line], near: list[Period], at: datetime, today: date, zone: tzinfo
) -> datetime | None:
    """The nearest opening: within the week, else in the first week of a line that is still to come.

    A line without weekday left before its end never opens again.
    """
    soon = [opens for opens, _closes in near if opens > at]
    if soon:
        return soon[0]
    begins = sorted({one.valid_from for one in lines if one.valid_from and one.valid_from > today})
    for first in begins:
        later = periods(lines, first=first, days=WEEK, zone=zone)
        if later:
            return later[0][0]
    return None


def always(lines: Sequence[Line]) -> bool:
    """Day and night, every day, without an end: a line for the clock, such as a hotline."""
    whole = {day for one in lines if one.whole_day and not one.valid_until for day in one.days}
    return len(whole) == 7


def runs(days: Iterable[int], order: Sequence[int]) -> list[tuple[int, int]]:
    """Weekdays that follow each other in this country's week, as (first, last) of each run."""
    wanted, found = set(days), []
    for day in order:
        if day not in wanted:
            continue
        if found and order.index(day) == order.index(found[-1][1]) + 1:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
