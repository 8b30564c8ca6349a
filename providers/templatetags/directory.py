"""A service in words: its room, its people, what it asks for."""

from __future__ import annotations

from django import template
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from providers import search, wording
from providers.templatetags.pages import status
from providers.vocabulary import BLOCKING, Access, Unit

register = template.Library()


@register.simple_tag(takes_context=True)
def room(context, service, *, plain: bool = False) -> str:
    """Room today, of a service read with `search.with_room`: shape and words."""
    return status(*room_words(service, context["at"]), plain=plain)


def room_words(service, at) -> tuple[str, str]:
    """3 free; 3 free? (an old number); Full; Closed for now."""
    if service.room == "closed":
        return "quiet", service.get_operating_display()
    words, tone = search.ROOM[service.room]
    if service.room != "room":
        return tone, str(words)
    free = ngettext("%(n)d free", "%(n)d free", service.free) % {"n": service.free}
    old = at - service.confirmed_at > search.FRESH
    return ("open", _("%(free)s?") % {"free": free}) if old else (tone, free)


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
