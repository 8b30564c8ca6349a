"""What a service is shown before it says yes: the least it needs, coarsened. Codes, no identity.

Never ethnicity, gender identity, religion, exploitation or a link to an armed group: no field of
a case holds them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from providers.models import Service
from providers.vocabulary import AgeBand
from referral.models import Case, Member, Need
from referral.models.consent import DataGroup

CHILD_BANDS = frozenset({AgeBand.INFANT, AgeBand.CHILD, AgeBand.YOUNG_TEEN, AgeBand.TEEN})
COARSE_AGES = (None, 0, 18)  # a service with only these limits needs no finer age


def card(
    *,
    case: Case,
    need: Need,
    members: list[Member],
    service: Service,
    may_tell: Iterable[str],
    vital: bool = False,
) -> dict[str, Any]:
    """The need card of one service: only the groups of data that the person agreed to."""
    told = set(may_tell)
    shown: dict[str, Any] = {
        "capability": need.capability,
        "urgency": need.urgency,
        "people": len(members),
    }
    if vital:
        shown["vital"] = True  # asked without consent, because a life is in danger
    if DataGroup.BASICS in told:
        shown["members"] = [_member(member, service) for member in members]
        shown["together"] = case.together
    if DataGroup.LANGUAGES in told and case.languages:
        shown["languages"] = _languages(case.languages, service)
    if DataGroup.PLACE in told:
        shown["area"] = str(_area(case, service).pk)
        shown["comes_to_person"] = service.comes_to_person
    if DataGroup.ACCESS in told:
        shown["access"] = sorted({code for member in members for code in member.access})
    return shown


def _member(member: Member, service: Service) -> dict[str, str]:
    fine = {service.min_age, service.max_age, service.max_son_age} - set(COARSE_AGES)
    return {"age": member.age_band if fine else coarse_age(member.age_band), "sex": member.sex}


def coarse_age(band: str) -> str:
    """child | adult | 60+ | unknown."""
    if band in CHILD_BANDS:
        return "child"
    return "adult" if band in (AgeBand.YOUNG_ADULT, AgeBand.ADULT) else band


def _languages(spoken: list[str], service: Service) -> list[str]:
    """Those both share; where none is shared the service must know which to find."""
    offered = {language.code for language in service.languages.all()}
    return [code for code in spoken if code in offered] or list(spoken)


def _area(case: Case, service: Service):
    """The county only to a service of the same county; else the state."""
    if service.area_id == case.area_id or case.area.parent is None or service.comes_to_person:
        return case.area
    return case.area.parent
