"""What a printed sheet says of one service, in the language that is active while it is rendered."""

from __future__ import annotations

from datetime import date, time

from django import template
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from providers import wording
from providers.importers.listing import HoursTold, Listing
from providers.models.services import ServiceReport
from providers.pathway import AFAR_GROUP, ASKS_GROUP, REQUEST_GROUP
from providers.templatetags.directory import counted
from providers.vocabulary import (
    Actor,
    Condition,
    Operating,
    ReachedBy,
    StatusCause,
    Unit,
    language_label,
)

register = template.Library()
GROUPS = {  # the pillars of the ODIHR handbook (2022), and what stands beside them
    AFAR_GROUP: gettext_lazy("By phone or online, from anywhere"),
    "1": gettext_lazy("First contact and protection"),
    "2": gettext_lazy("Help for the person"),
    "3": gettext_lazy("A life among others"),
    "4": gettext_lazy("Rights and redress"),
    REQUEST_GROUP: gettext_lazy("Only when the person asks for it"),
    ASKS_GROUP: gettext_lazy(
        "These ask for something first: send nobody here by default, and tell the person before "
        "anything else"
    ),
}
WEEK = tuple(range(7))


@register.filter
def group_words(key: str) -> str:
    return str(GROUPS[key])


@register.filter
def first_step(listing: Listing) -> str:
    """Walk in; Phone first; By referral only."""
    return str(ReachedBy(listing.reached_by).label) if listing.reached_by else _("not known")


@register.filter
def how_it_comes(listing: Listing) -> str:
    kinds = (
        (listing.remote, _("by phone or online")),
        (listing.comes_to_person, _("comes to the person")),
        (listing.mobile, _("mobile team")),
    )
    return wording.listed(words for told, words in kinds if told)


@register.filter
def spoken(listing: Listing) -> str:
    return wording.listed(language_label(code) for code in listing.languages or ())


@register.filter
def asked_for(conditions) -> str:
    """identity papers, camp registration."""
    return wording.listed(str(Condition(one).label).lower() for one in conditions)


@register.filter
def whom_it_tells(listing: Listing) -> str:
    """police by law, military by practice."""
    told = sorted((listing.reports_to or {}).items())
    return wording.listed(
        _("%(whom)s %(basis)s")
        % {"whom": str(Actor(actor).label).lower(), "basis": ServiceReport.Basis(basis).label}
        for actor, basis in told
    )


@register.filter
def in_all(listing: Listing) -> str:
    """12 beds in all; how many: not known; nothing where nothing is counted."""
    if listing.unit in (None, Unit.NONE):
        return ""
    if listing.maximum is None:
        return _("how many places: not known")
    return _("%(counted)s in all") % {"counted": counted(listing.unit, listing.maximum)}


@register.filter
def why_closed(listing: Listing) -> str:
    """Closed for now: insecurity, since 3 November 2026; Closed, until 1 December 2026."""
    words = str(Operating(listing.operating).label) if listing.operating else _("Closed")
    if listing.operating_cause:
        words = _("%(state)s: %(cause)s") % {
            "state": words,
            "cause": str(StatusCause(listing.operating_cause).label).lower(),
        }
    since = listing.operating_since
    parts = [words, _("since %(day)s") % {"day": in_full(since)} if since else ""]
    if listing.closed_until:
        parts.append(_("until %(day)s") % {"day": in_full(listing.closed_until)})
    if listing.available_from:
        parts.append(_("there from %(day)s") % {"day": in_full(listing.available_from)})
    return wording.listed(part for part in parts if part)


@register.filter
def hours_words(hours: tuple[HoursTold, ...]) -> list[str]:
    """Mon–Fri 08:00–16:00; day and night; one text for each rule."""
    return [one_rule(one) for one in hours]


def one_rule(hours: HoursTold) -> str:
    """Mon, Wed–Fri 22:00–06:00, from 1 December 2026."""
    days, clock = days_words(hours.days), f"{_hour(hours.opens)}–{_hour(hours.closes)}"
    if hours.opens == hours.closes == time(0):
        clock = _("day and night")
    whole_week = tuple(sorted(set(hours.days))) == WEEK
    parts = [clock if whole_week else _("%(days)s %(hours)s") % {"days": days, "hours": clock}]
    if hours.valid_from:
        parts.append(_("from %(day)s") % {"day": in_full(hours.valid_from)})
    if hours.valid_until:
        parts.append(_("until %(day)s") % {"day": in_full(hours.valid_until)})
    return wording.listed(parts)


def days_words(days: tuple[int, ...]) -> str:
    """Runs of three days and more are shortened."""
    runs: list[list[int]] = []
    for day in sorted(set(days)):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    names = []
    for run in runs:
        ends = [str(WEEKDAYS_ABBR[day]) for day in run]
        names += [f"{ends[0]}–{ends[-1]}"] if len(run) > 2 else ends
    return wording.listed(names)


def in_full(day: date) -> str:
    return date_format(day, "j F Y")


def _hour(hour: time) -> str:
    return hour.strftime("%H:%M")


@register.simple_tag
def text_of(line, what: str, language: str):
    """The text of a line in this language, or the nearest there is; None without one."""
    return line.text(what, language)


@register.simple_tag
def hours_of(line, on) -> list[str]:
    return hours_words(line.hours(on))
