"""A service in words: its room, its people, what it asks for."""

from __future__ import annotations

import re
import textwrap

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from providers import calendars, hours_wording, search, wording
from providers.details_words import phone_words
from providers.models.services import CONFIRMATION_HOLDS
from providers.templatetags.pages import status, timed
from providers.vocabulary import BLOCKING, Access, Unit

register = template.Library()
ISO_639_3 = {"en": "eng", "ar": "ara", "fr": "fra"}  # languages of the pages


@register.simple_tag(takes_context=True)
def room(context, service, *, plain: bool = False) -> str:
    """Room today, of a service read with `search.with_room`: shape and words."""
    return status(*room_words(service, context["at"]), plain=plain)


def room_words(service, at) -> tuple[str, str]:
    """3 free; 3 free? (an old number); Full; Closed for now."""
    if service.room == "closed":
        return "quiet", closed_words(service, at)
    words, tone = search.ROOM[service.room]
    if service.room != "room":
        return tone, str(words)
    free = ngettext("%(n)d free", "%(n)d free", service.free) % {"n": service.free}
    old = at - service.confirmed_at > search.FRESH
    return ("open", _("%(free)s?") % {"free": free}) if old else (tone, free)


@register.simple_tag(takes_context=True)
def closed_words_of(context, service) -> str:
    return closed_words(service, context["at"])


def closed_words(service, at) -> str:
    """Closed for now; Closed until 3 December; From 3 December; …"""
    if not service.is_operating:
        return service.get_operating_display()
    today = timezone.localtime(at).date()
    if service.available_until and service.available_until <= today:
        return _("Was there until %(day)s") % {"day": short_day(service.available_until)}
    if service.closed_until and service.closed_until > today:
        return _("Closed until %(day)s") % {"day": short_day(service.closed_until)}
    if service.available_from and service.available_from > today:
        return _("There from %(day)s") % {"day": short_day(service.available_from)}
    return _("Between two stops")


def short_day(day) -> str:
    return date_format(day, "j F")


@register.simple_tag(takes_context=True)
def confirmed(context, service, *, own: bool = False) -> str:
    """Who confirmed the number, and when. A person's name is told to the service's own only."""
    at = context["at"]
    words = wording.confirmed(service.confirmed_at, at, CONFIRMATION_HOLDS, who(service, own))
    return timed(service.confirmed_at, words) if service.confirmed_at else words


def who(service, own: bool) -> str:
    if service.confirmed_by_id:
        return wording.isolated(service.confirmed_by) if own else _("its own people")
    if service.confirmed_by_link:
        return _("its own people, through a link")
    return _("the list it came from") if service.source else ""


@register.filter
def net_of(service) -> str:
    """What is taken off the number that was reported: empty where nothing is."""
    taken = service.held + service.placed
    if service.free is None or not taken:
        return ""
    words = ngettext(
        "net of %(n)d person agreed but not yet there, or asked for",
        "net of %(n)d people agreed but not yet there, or asked for",
        taken,
    )
    return words % {"n": taken}


@register.filter
def terms(service) -> str:
    """places: families · has a waiting list · meets the person first."""
    told = []
    if service.places_for:
        whom = str(service.get_places_for_display()).lower()
        told.append(_("places: %(whom)s") % {"whom": whom})
    if service.takes_waiting_list:
        told.append(_("has a waiting list"))
    if service.meets_first:
        told.append(_("meets the person first"))
    return " · ".join(map(str, told))


@register.simple_tag(takes_context=True)
def open_now(context, service, *, plain: bool = False) -> str:
    """Open now until 16:00; Opens Sunday 08:00; nothing where no hours are known."""
    lines = [one.line for one in service.hours.all()]
    found = hours_wording.now(lines, at=context["at"], zone=zone_of_service(service))
    return status(*found, plain=plain) if found else ""


def zone_of_service(service):
    """The wall where it is; of one that is nowhere, the reader's."""
    return service.area.zone() if service.area_id else timezone.get_current_timezone()


@register.filter
def week_lines(service) -> list[str]:
    """Its hours, line by line, in the week of its country."""
    week = calendars.week_of(service.area.country if service.area_id else "")
    rows = sorted(service.hours.all(), key=lambda one: (str(one.valid_from or ""), one.days))
    return [hours_wording.line(one.line, week) for one in rows]


@register.filter
def numbers_of(service) -> list[dict]:
    """Its telephone numbers, each with how it is dialled: a short code first."""
    found = [{"number": service.short_code, "note": _("short code")}] if service.short_code else []
    found += [{"number": service.phone, "note": ""}] if service.phone else []
    for one in service.phones.all():
        said = {name: getattr(one, name) for name in ("short", "note", "languages", "all_day")}
        found.append({"number": one.number, "note": phone_words(said)})
    return [one | {"dialled": dialled(one["number"])} for one in found]


def dialled(number: str) -> str:
    """What a telephone is given: digits, and a plus in front."""
    return re.sub(r"(?!^\+)[^0-9]", "", number.strip())


@register.filter
def told_in(texts, what: str) -> list:
    """The texts of one kind, in the reader's language first."""
    spoken = ISO_639_3.get(get_language() or "", "eng")
    mine = [one for one in texts if one.what == what]
    return sorted(mine, key=lambda one: (one.language != spoken, one.language != "eng", one.pk))


@register.simple_tag
def counted(unit: str, number: int) -> str:
    """3 beds; 1 place."""
    if unit == Unit.BED:
        text = ngettext("%(n)d bed", "%(n)d beds", number)
    elif unit == Unit.APPOINTMENT:
        text = ngettext("%(n)d appointment a week", "%(n)d appointments a week", number)
    else:
        text = ngettext("%(n)d place", "%(n)d places", number)
    return text % {"n": number}


@register.filter
def people(service) -> str:
    """women and girls; men and boys — or everybody."""
    kinds = [
        (service.serves_women, _("women and girls")),
        (service.serves_men, _("men and boys")),
        (service.serves_other, _("people of another sex")),
    ]
    if all(served for served, _words in kinds):
        return _("everybody")
    return wording.listed(words for served, words in kinds if served)


@register.filter
def blocking(conditions) -> list:
    """The conditions that keep a service out of every proposal (ruling 4)."""
    return [one for one in conditions if one.kind in BLOCKING]


@register.filter
def told_beforehand(conditions) -> list:
    return [one for one in conditions if one.kind not in BLOCKING]


@register.filter
def access_words(codes) -> str:
    return wording.listed(Access(code).label for code in codes if code in Access.values)


@register.filter
def place_in(area) -> str:
    """Juba, Central Equatoria."""
    if area is None:
        return mark_safe("")
    return wording.listed(one.name for one in (area, area.parent) if one and one.level)


@register.filter
def area_and_number(part) -> str:
    """Juba: 12 services."""
    words = ngettext("%(area)s: %(n)d service", "%(area)s: %(n)d services", part.number)
    return words % {"area": wording.isolated(part.name), "n": part.number}


@register.filter
def worse_words(shaded) -> str:
    """Juba: 2 of 12 services are worse off than before."""
    words = ngettext(
        "%(area)s: %(n)d of %(all)d services is worse off than before",
        "%(area)s: %(n)d of %(all)d services are worse off than before",
        shaded.part.number,
    )
    name = wording.isolated(shaded.part.name)
    return words % {"area": name, "n": shaded.part.number, "all": shaded.total}


@register.filter
def without_point(part) -> str:
    """of which 3 without a public point; nothing where all are points."""
    if not part.unplaced:
        return ""
    words = ngettext(
        "of which %(n)d without a public point",
        "of which %(n)d without a public point",
        part.unplaced,
    )
    return words % {"n": part.unplaced}


@register.filter
def services_found(number: int) -> str:
    """12 services found: announced after each change of the filters."""
    return ngettext("%(n)d service found", "%(n)d services found", number) % {"n": number}


@register.filter
def names(parts) -> str:
    """Lakes, Unity, Warrap."""
    return wording.listed(wording.isolated(one.name) for one in parts)


@register.filter
def label_lines(name: str) -> list[str]:
    """Western / Equatoria: a name as lines that fit beside each other on a map."""
    return textwrap.wrap(name, width=11, break_long_words=False) or [name]
