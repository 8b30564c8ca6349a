"""The need card in words: what a service sees, built from `Referral.card` and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from providers.capabilities import LABELS
from providers.models import Area
from providers.vocabulary import Access, Sex, Urgency, language_label
from providers.wording import clauses, listed
from referral.models.consent import DataGroup
from referral.wording import age_label

Line = tuple[str, str]


def area_names(cards: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Names of the areas that some cards name, in one query."""
    ids = {UUID(card["area"]) for card in cards if card.get("area")}
    return {str(pk): name for pk, name in Area.objects.filter(pk__in=ids).values_list("pk", "name")}


def title(card: Mapping[str, Any]) -> str:
    return str(LABELS.get(card["capability"], card["capability"]))


def lines(card: Mapping[str, Any], areas: Mapping[str, str]) -> list[Line]:
    """(what, words) of everything on the card, in the order in which it is read."""
    told = [
        (_("Help"), title(card)),
        (_("How soon"), str(Urgency(card["urgency"]).label)),
        (_("Who"), who(card)),
    ]
    if card.get("vital"):
        said = _("A life is in danger: asked without leave to tell. Tell nobody else.")
        told.append((_("Why now"), said))
    if card.get("languages"):
        told.append((_("Languages"), listed(map(language_label, card["languages"]))))
    if card.get("area"):
        told.append((_("Where"), areas.get(card["area"], _("Area not known"))))
    if card.get("access"):
        told.append((_("Access"), listed(Access(one).label for one in card["access"])))
    told += [(_("Answer to a question"), answer) for answer in card.get("answers", ())]
    return told


def who(card: Mapping[str, Any]) -> str:
    """ "1 person: Woman or girl, 18 to 59", and whether they stay together."""
    n = card["people"]
    people = ngettext("%(n)d person", "%(n)d people", n) % {"n": n}
    kinds = Counter((one["sex"], one["age"]) for one in card.get("members", ()))
    if not kinds:
        return people
    told = clauses(_kind(sex, age, count) for (sex, age), count in kinds.items())
    if n > 1 and card.get("together"):
        told = _("%(kinds)s; they stay together") % {"kinds": told}
    return _("%(people)s: %(kinds)s") % {"people": people, "kinds": told}


def _kind(sex: str, age: str, count: int) -> str:
    words = _("%(sex)s, %(age)s") % {"sex": Sex(sex).label, "age": age_label(age)}
    return words if count == 1 else f"{count} × {words}"


def not_shown(may_tell: Iterable[str]) -> str:
    """What stays with us: always, and because it was not agreed to."""
    always = _("name, contact and story; papers; any police or court matter; why help is needed")
    told = set(may_tell)
    held_back = [str(g.label) for g in DataGroup if g not in told and g != DataGroup.IDENTITY]
    if DataGroup.IDENTITY in told:
        always = _(
            "story; papers; any police or court matter; why help is needed; name and contact "
            "before a yes"
        )
    return clauses([always, *held_back])
