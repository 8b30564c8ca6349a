"""A change in words: what stood there, what shall stand there. Ids are looked up by the caller."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from providers import details_words, wording
from providers.facts import LISTED_APART, Fact, Shape
from providers.vocabulary import Actor, Condition, language_label

BASES = {"law": gettext_lazy("by law"), "practice": gettext_lazy("by practice")}


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a change. `now`: what stands there if it is neither of both."""

    name: str
    label: str
    before: str
    after: str
    now: str | None = None
    is_hidden: bool = False  # the reader may not know either value


def spoken(fact: Fact, value: Any, names: Mapping[str, str]) -> str:
    """One value. `names`: id of an area or place → its name."""
    if value in (None, "", [], {}) and fact.nothing is not None:
        return str(fact.nothing)
    if value in (None, "", [], {}):
        return _("nothing") if fact.shape in (Shape.TABLE, Shape.AREAS) else _("not known")
    if fact.shape is Shape.YES_NO:
        return _("yes") if value else _("no")
    if fact.shape in (Shape.AREA, Shape.PLACE, Shape.SERVICE):
        return names.get(value, _("one that is not listed any more"))
    if fact.shape is Shape.AREAS:
        return wording.listed(names.get(one, one) for one in value)
    if fact.shape is Shape.CODES:
        return wording.listed(_code(fact, one) for one in value)
    if fact.shape is Shape.TABLE:
        return wording.clauses(_row(code, said) for code, said in value.items())
    if fact.shape in LISTED_APART:
        return details_words.spoken(fact.shape, value, names)
    if fact.shape is Shape.DAY:
        return date_format(date.fromisoformat(value), "j F Y")
    if fact.shape is Shape.MOMENT:
        return date_format(timezone.localtime(datetime.fromisoformat(value)), "j F Y H:i")
    return _code(fact, value)


def _code(fact: Fact, code: Any) -> str:
    if fact.words is None:
        return str(code)
    return str(fact.words[code]) if code in fact.words else language_label(code)


def _row(code: str, said: Any) -> str:
    """Of a condition its note; of a report by what right, and about whom."""
    if isinstance(said, str):
        label = Condition(code).label if code in Condition.values else code
        return _("%(what)s (%(note)s)") % {"what": label, "note": said} if said else str(label)
    whom = Actor(code).label if code in Actor.values else code
    words = _("%(whom)s, %(basis)s") % {"whom": whom, "basis": BASES.get(said["basis"], "")}
    about = said.get("about")
    return _("%(what)s (about: %(whom)s)") % {"what": words, "whom": about} if about else words


def hidden() -> str:
    return _("told to its own people only")


def lines(
    facts: Mapping[str, Fact],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    names: Mapping[str, str],
    *,
    sealed: bool = False,
    now: Mapping[str, Any] | None = None,
    unseen: Collection[str] = (),
) -> list[Line]:
    """The fields of a change, in the order of `facts`.

    sealed: the reader may not know the place. now: what stands there, of fields in conflict.
    unseen: ids of places that this reader may not know either.
    """
    told = []
    for name, fact in facts.items():
        if name not in after:
            continue
        values = [before.get(name), after[name], *([now[name]] if now and name in now else [])]
        kept = fact.shape is Shape.PLACE and any(one in unseen for one in values)
        closed = fact.is_place and (sealed or kept)
        words = [hidden() if closed else spoken(fact, one, names) for one in values]
        told.append(Line(name, str(fact.label), words[0], words[1], *words[2:], is_hidden=closed))
    return told


def fields_in_words(facts: Mapping[str, Fact], names: Collection[str]) -> str:
    """name, phone: for a sentence."""
    return wording.listed(str(fact.label).lower() for name, fact in facts.items() if name in names)
