"""Times, ages and lists in plain words. Absolute first, then relative; no clock is read here."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

SOON = timedelta(hours=4)  # a deadline nearer than this is shown as pressing


def hour(when: datetime, zone: tzinfo | None = None) -> str:
    return date_format(timezone.localtime(when, zone), "H:i")


def day(when: datetime, at: datetime, zone: tzinfo | None = None) -> str:
    """today, tomorrow, yesterday, Wednesday, 25 November, 25 November 2025."""
    local, today = timezone.localtime(when, zone), timezone.localtime(at, zone)
    apart = (local.date() - today.date()).days
    near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
    if apart in near:
        return near[apart]
    if 1 < apart < 7:
        return date_format(local, "l")
    return date_format(local, "j F" if local.year == today.year else "j F Y")


def moment(when: datetime, at: datetime, zone: tzinfo | None = None) -> str:
    """today 09:10, tomorrow 16:00, Wednesday 09:00, 25 November 09:00."""
    return _("%(day)s %(hour)s") % {"day": day(when, at, zone), "hour": hour(when, zone)}


def day_of(when: datetime, at: datetime, zone: tzinfo | None = None) -> str:
    """For what is over: today 09:10, yesterday 14:00, 3 days ago, 12 November."""
    apart = (timezone.localtime(at, zone).date() - timezone.localtime(when, zone).date()).days
    if 1 < apart < 31:
        return ngettext("%(days)d day ago", "%(days)d days ago", apart) % {"days": apart}
    return moment(when, at, zone) if apart <= 1 else day(when, at, zone)


def since(when: datetime, at: datetime, zone: tzinfo | None = None) -> str:
    """For what goes on: since today 09:10, since yesterday 14:00, for 3 days, since 12 November."""
    apart = (timezone.localtime(at, zone).date() - timezone.localtime(when, zone).date()).days
    if 1 < apart < 31:
        return ngettext("for %(days)d day", "for %(days)d days", apart) % {"days": apart}
    if apart <= 1:
        return _("since %(moment)s") % {"moment": moment(when, at, zone)}
    return _("since %(day)s") % {"day": day(when, at, zone)}


def span(length: timedelta) -> str:
    """2 h 10 min, 40 min, 3 days: never below a minute."""
    minutes = max(int(length.total_seconds()) // 60, 0)
    days, hours = minutes // 1440, minutes // 60
    if days >= 2:
        return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
    if hours >= 1:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes % 60}
    return _("%(minutes)d min") % {"minutes": max(minutes, 1)}


def distance(when: datetime, at: datetime) -> str:
    """in 2 h 10 min; 40 min ago."""
    text = _("in %(span)s") if when >= at else _("%(span)s ago")
    return text % {"span": span(abs(when - at))}


def due(when: datetime, at: datetime, zone: tzinfo | None = None) -> str:
    """By 16:00; By tomorrow 16:00; Overdue since 11:00; Overdue since yesterday 11:00."""
    same_day = timezone.localtime(when, zone).date() == timezone.localtime(at, zone).date()
    shown = hour(when, zone) if same_day else moment(when, at, zone)
    text = _("By %(moment)s") if when > at else _("Overdue since %(moment)s")
    return text % {"moment": shown}


def due_in_full(when: datetime, at: datetime, zone: tzinfo | None = None) -> str:
    """By 16:00, in 2 h 10 min."""
    if when <= at or when - at >= timedelta(days=2):
        return due(when, at, zone)
    return _("%(due)s, %(distance)s") % {
        "due": due(when, at, zone),
        "distance": distance(when, at),
    }


def due_tone(when: datetime, at: datetime, *, others: bool = False) -> str:
    """now: late or nearly; wait: somebody else's turn; open: ours, no hurry."""
    if when - at <= (timedelta(0) if others else SOON):
        return "now"
    return "wait" if others else "open"


def ages(youngest: int | None, oldest: int | None) -> str:
    if youngest is None and oldest is None:
        return _("every age")
    if oldest is None:
        return _("from %(youngest)d years") % {"youngest": youngest}
    if not youngest:
        return _("up to %(oldest)d years") % {"oldest": oldest}
    return _("%(youngest)d to %(oldest)d years") % {"youngest": youngest, "oldest": oldest}


def confirmed(when: datetime | None, at: datetime, holds: timedelta, by: str = "") -> str:
    """confirmed 3 days ago by M. Achol; nobody has confirmed this since 12 November."""
    if when is None:
        return _("never confirmed")
    if at - when >= holds:
        return _("nobody has confirmed this since %(day)s") % {"day": day(when, at)}
    told = {"when": day_of(when, at), "who": by}
    return _("confirmed %(when)s by %(who)s") % told if by else _("confirmed %(when)s") % told


def listed(words) -> str:
    """a, b, c: in the reader's own comma."""
    return _(", ").join(str(one) for one in words)


def clauses(words) -> str:
    """a, b; c, d: several lists in a row."""
    return _("; ").join(str(one) for one in words)


def isolated(name: str) -> str:
    """A name within a sentence: from right to left, it must not carry its neighbours along."""
    return f"\u2068{name}\u2069" if get_language_bidi() else str(name)
