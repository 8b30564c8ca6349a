"""Why a row is not taken, or is unsure: by code and what it names, told in each reader's language.

`because` gives the English sentence, which carries both along. What is no `Because` is text as it
was written, and told as it is: rows of former times, and what few files ever meet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

REASONS = {
    "empty": _("is empty. Fill it in."),
    "no_id": _("is empty. Give each row its own."),
    "too_long": _("%(n)s characters; expected at most %(most)s. Shorten it."),
    "nul": _("holds a NUL byte. Remove it."),
    "no_address": _("“%(value)s”; expected an address as https://example.org."),
    "no_phone": _("“%(value)s” is no number. Expected one as +211 912 000 111."),
    "no_short_code": _("“%(value)s” is no short code. Expected one as 116."),
    "long_note": _("what is noted has %(n)s characters; at most %(most)s."),
    "no_days": _("lack their days. Write them as Mo-Fr 08:00-16:00."),
    "ends_early": _("end on %(day)s, which is not after they begin."),
    "none_of": _("“%(value)s” is none of: %(known)s."),
    "no_language": _("“%(value)s” is no code of ISO 639-3, such as pga."),
    "no_report": _("“%(value)s”; expected as police: law or military: practice."),
    "out_of_range": _("%(value)s; expected 0 to %(most)s."),
    "ages_crossed": _("%(youngest)s is above the oldest age, %(oldest)s."),
    "more_free_than_all": _("%(free)s free of %(most)s in all."),
    "nobody_served": _("nobody is served. Say yes for women, men or others."),
    "still_to_come": _("%(value)s is still to come."),
    "half_a_point": _("only one of the two is there. Write both or none."),
    "no_degrees": _("%(value)s; expected degrees from -%(most)s to %(most)s, as 4.85."),
    "no_help_no_place": _("is empty, and no place is named either. Fill in one of them."),
    "no_area": _("no area is named. Write its code, such as SS0101."),
    "many_areas": _("%(n)s areas are called %(name)s. Which one is meant?"),
    "elsewhere": _("No %(name)s lies in %(above)s. Is this one meant?"),
    "like_areas": _("No area is called %(name)s. Is one of these meant?"),
    "unknown_area": _("no area is called %(name)s. Write its code, such as SS0101."),
    "left_out": _("left out by a person."),
    "undecided": _("was unsure, and nobody had decided when the file was applied."),
}


class Because(str):
    """The English sentence, with its code and what it names."""

    __slots__ = ("code", "params")
    code: str
    params: dict[str, Any]


def because(code: str, **params: Any) -> Because:
    told = {name: str(value) for name, value in params.items()}
    with translation.override("en"):
        made = Because(str(REASONS[code]) % told if told else str(REASONS[code]))
    made.code, made.params = code, told
    return made


def kept(reason: str) -> dict[str, Any]:
    """What a row keeps of it beside the text: nothing of what is only text."""
    if isinstance(reason, Because):
        return {"code": reason.code, "params": reason.params}
    return {}


def in_words(text: str, known: Mapping[str, Any] | None) -> str:
    """In the reader's language where there is a code that is still known; else as it was kept."""
    sentence = REASONS.get((known or {}).get("code", ""))
    if sentence is None:
        return text
    try:
        return str(sentence) % known["params"] if known["params"] else str(sentence)
    except (KeyError, TypeError, ValueError):  # kept by a version that named other things
        return text
