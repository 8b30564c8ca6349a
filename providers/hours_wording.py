"""Opening hours in words: "Open now until 16:00", "Opens Sunday 08:00", "Monday to Friday, …"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, tzinfo

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from providers import hours, wording
from providers.calendars import Week
from providers.hours import Line


def now(lines: Sequence[Line], *, at: datetime, zone: tzinfo) -> tuple[str, str] | None:
    """(tone, words) of its state at `at`; None where no hours are known."""
    found = hours.state(lines, at=at, zone=zone)
    if found is None:
        return None
    if found.is_open:
        if hours.always(lines):
            return "good", _("Open day and night")
        if found.until is None:
            return "good", _("Open now")
        same_day = at.astimezone(zone).date() == found.until.astimezone(zone).date()
        when = wording.hour if same_day else wording.moment
        told = when(found.until, zone) if same_day else when(found.until, at, zone)
        return "good", _("Open now until %(moment)s") % {"moment": told}
    if found.opens is None:
        return "quiet", _("Closed; no further hours are known")
    return "quiet", _("Opens %(moment)s") % {"moment": wording.moment(found.opens, at, zone)}


def line(one: Line, week: Week) -> str:
    """Monday to Friday, 08:00–16:00, from 1 March until 1 June."""
    parts = [_("%(days)s: %(hours)s") % {"days": days(one.days, week), "hours": span(one)}]
    if one.valid_from:
        parts.append(_("from %(day)s") % {"day": date_format(one.valid_from, "j F Y")})
    if one.valid_until:
        parts.append(_("until before %(day)s") % {"day": date_format(one.valid_until, "j F Y")})
    return wording.listed(parts)


def days(which: Iterable[int], week: Week) -> str:
    which = set(which)
    if len(which) == 7:
        return _("Every day")
    return wording.listed(
        str(WEEKDAYS[first]) if first == last else _("%(first)s to %(last)s")
        % {"first": WEEKDAYS[first], "last": WEEKDAYS[last]}
        for first, last in hours.runs(which, week.in_order)
    )  # fmt: skip


def span(one: Line) -> str:
    if one.whole_day:
        return _("day and night")
    words = f"{clock(one.opens)}–{clock(one.closes)}"
    if one.closes <= one.opens:
        return _("%(hours)s the next day") % {"hours": words}
    return words


def clock(one: time) -> str:
    return one.strftime("%H:%M")
