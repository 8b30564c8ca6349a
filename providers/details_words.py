"""Hours, stops, further phones and texts in words, from the plain values that history keeps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from providers import calendars, hours_wording, wording
from providers.documents import line_of
from providers.facts import Shape
from providers.models import ServiceText
from providers.vocabulary import language_label


def spoken(shape: Shape, value: Any, names: Mapping[str, str]) -> str:
    """`names`: id of an area → its name."""
    if shape is Shape.HOURS:
        week = calendars.week_of("")
        return wording.clauses(hours_wording.line(line_of(one), week) for one in value)
    if shape is Shape.STOPS:
        return wording.clauses(_stop(one, names) for one in value)
    if shape is Shape.PHONES:
        return wording.clauses(_phone(number, said) for number, said in value.items())
    return wording.clauses(_text(key, text) for key, text in value.items())


def _stop(one: Mapping[str, Any], names: Mapping[str, str]) -> str:
    told = {
        "area": names.get(one["area"], _("one that is not listed any more")),
        "first": date_format(date.fromisoformat(one["from"]), "j F Y"),
    }
    if not one["until"]:
        return _("%(area)s from %(first)s") % told
    end = date_format(date.fromisoformat(one["until"]), "j F Y")
    return _("%(area)s from %(first)s until before %(end)s") % {**told, "end": end}


def _phone(number: str, said: Mapping[str, Any]) -> str:
    more = phone_words(said)
    return _("%(what)s (%(note)s)") % {"what": number, "note": more} if more else number


def phone_words(said: Mapping[str, Any]) -> str:
    """short code, for children, English, day and night."""
    return wording.listed(
        [
            *([_("short code")] if said["short"] else []),
            *([said["note"]] if said["note"] else []),
            *(language_label(code) for code in said.get("languages") or ()),
            *([_("day and night")] if said.get("all_day") else []),
        ]
    )


def _text(key: str, text: str) -> str:
    what, _sign, code = key.partition(":")
    told = {"what": _what(what), "language": language_label(code), "text": text}
    return _("%(what)s in %(language)s: %(text)s") % told


def _what(code: str) -> str:
    known = ServiceText.What
    return str(known(code).label) if code in known.values else code
