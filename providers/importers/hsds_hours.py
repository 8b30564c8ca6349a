"""Opening hours of HSDS (RFC 5545) as hours of the wall; what a week cannot hold is named."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

from providers.hsds.parts import DAYS, MIDNIGHT
from providers.importers import hsds_fields as read
from providers.importers.csvfile import RowRefused
from providers.importers.listing import HoursTold

CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?")
MINUTES = 24 * 60
LAST_MINUTE = 23 * 60 + 59
NOT_WEEKLY = ("byweekno", "bymonthday", "byyearday", "count")


def hours(
    document: dict, *, where: str = "", offset: timedelta | None = None
) -> tuple[tuple[HoursTold, ...], list[str]]:
    """(hours, what could not be kept). `offset` from UTC of the place: a time that carries another
    one is turned into the hour on the wall there; None: every time is taken as it is written."""
    told: list[HoursTold] = []
    not_kept: list[str] = []
    for path, one in read.parts(document, "schedules", where=where):
        found = _hours(one, path, offset)
        if isinstance(found, HoursTold):
            told.append(found)
        else:
            not_kept.append(f"schedules: {found}")
    return tuple(dict.fromkeys(told)), not_kept


def _hours(one: dict, path: str, offset: timedelta | None) -> HoursTold | str:
    freq = read.text(one, "freq", where=path).upper()
    first = read.day(one, "dtstart", where=path)
    if (why := _not_weekly(one, path, freq)) is not None:
        return why
    days = _days(one, path, freq, first)
    opens, closes = (_clock(one, name, path) for name in ("opens_at", "closes_at"))
    if not days or opens is None or closes is None:
        return read.text(one, "description", where=path) or "without days or hours"
    zone = read.number(one, "timezone", where=path)
    shift = _shift(opens[1], zone, offset)
    last = read.day(one, "valid_to", where=path) or read.day(one, "until", where=path)
    return HoursTold(
        days=tuple((day + (opens[0] + shift) // MINUTES) % 7 for day in days),
        opens=_time(opens[0] + shift, opens[2]),
        closes=_end(opens, closes, shift),
        valid_from=read.day(one, "valid_from", where=path) or first,
        valid_until=read.checked(
            lambda: last + timedelta(days=1) if last else None, f"{path}valid_to", "a nearer day"
        ),
    )


def _not_weekly(one: dict, path: str, freq: str) -> str | None:
    """What a week cannot say; `wkst` alone says nothing where every week is the same."""
    if freq not in ("", "WEEKLY", "DAILY"):
        return freq[:20]
    if (read.whole(one, "interval", where=path) or 1) > 1:
        return "not every week"
    odd = [name for name in NOT_WEEKLY if one.get(name) not in (None, "")]
    return odd[0] if odd else None


def _days(one: dict, path: str, freq: str, first: date | None) -> tuple[int, ...]:
    """0 = Monday; in the order of the file, so a week that begins on Saturday stays so."""
    told = read.text(one, "byday", where=path).upper().replace(" ", "")
    if not told:
        if freq == "DAILY":
            return tuple(range(7))
        return (first.weekday(),) if freq == "WEEKLY" and first else ()
    days = told.split(",")
    strange = [day for day in days if day not in DAYS]
    if strange:
        raise RowRefused(
            f"{path}byday", f"expected days as MO,TU, not {', '.join(strange)[:60]!r}."
        )
    return tuple(dict.fromkeys(DAYS.index(day) for day in days))


def _clock(one: dict, name: str, path: str) -> tuple[int, timedelta | None, int] | None:
    """(minute of the day, offset, second), or None where nothing stands."""
    told = read.text(one, name, where=path)
    if not told:
        return None
    match = CLOCK.fullmatch(told)
    hour, minute, second = (int(part or 0) for part in match.groups()[:3]) if match else (99, 0, 0)
    if not match or (hour, minute) > (24, 0) or minute > 59 or second > 59:
        raise RowRefused(path + name, f"expected a time as 09:00+02:00, not {told[:40]!r}.")
    return hour * 60 + minute, _offset(match[4]), second


def _offset(told: str | None) -> timedelta | None:
    if not told:
        return None
    if told == "Z":
        return timedelta(0)
    digits = told[1:].replace(":", "")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -size if told[0] == "-" else size


def _shift(told: timedelta | None, zone: float | None, offset: timedelta | None) -> int:
    """Minutes to add so that the time is that of the wall."""
    if told is None and zone is not None and abs(zone) <= 14:
        told = timedelta(hours=zone)
    if offset is None or told is None:
        return 0
    return int((offset - told).total_seconds() // 60)


def _time(minute: int, second: int) -> time:
    return time(*divmod(minute % MINUTES, 60), second)


def _end(opens: tuple, closes: tuple, shift: int) -> time:
    """From 00:00 to 23:59 is the whole day, which we write from 00:00 to 00:00."""
    if opens[0] == 0 and closes[0] == LAST_MINUTE:
        return MIDNIGHT if not shift else _time(shift, 0)
    return _time(closes[0] + shift, closes[2])
