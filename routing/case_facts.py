"""A need as the engine may know it. What is not read here cannot sway a decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from referral.models import Need
from referral.models.cases import FreeToLeave
from referral.safety import consents_for
from routing.engine.facts import Member, Permission, ProtectionFacts

FREE = {FreeToLeave.YES: True, FreeToLeave.NO: False, FreeToLeave.UNKNOWN: None}


def protection_facts(need: Need, *, at: datetime) -> ProtectionFacts:
    """Facts without identity, read in one consistent moment by the caller's revision check."""
    case = need.case
    exclusions = list(case.exclusions.all())
    return ProtectionFacts(
        capability=need.capability,
        urgency=need.urgency,
        area=str(case.area_id),
        members=tuple(_member(member) for member in need.members.order_by("position")),
        languages=frozenset(case.languages),
        free_to_leave=FREE[FreeToLeave(case.free_to_leave)],
        together=case.together,
        excluded_organizations=_ids(one.organization_id for one in exclusions),
        excluded_areas=_ids(one.area_id for one in exclusions),
        excluded_actors=frozenset(one.actor for one in exclusions if one.actor),
        state_security_implicated=case.state_security_implicated,
        may_tell=permissions(need, at=at),
    )


def of_everybody(facts: ProtectionFacts, need: Need) -> ProtectionFacts:
    """The same with all people of the case, for rules: a child whose own need is looked for has not
    come without an adult."""
    everybody = need.case.members.order_by("position")
    return replace(facts, members=tuple(_member(member) for member in everybody))


def _ids(values) -> frozenset[str]:
    return frozenset(str(value) for value in values if value is not None)


def _member(member) -> Member:
    return Member(
        age_band=member.age_band,
        sex=member.sex,
        access=frozenset(member.access),
        age_doubt=member.age_doubt,
        pregnant=member.pregnant,
    )


def permissions(need: Need, *, at: datetime) -> tuple[Permission, ...]:
    """The consents by which somebody may be asked about this need, in a fixed order. What they were
    given for is looked at below, and not told here."""
    return tuple(
        Permission(
            organization=str(one.organization_id) if one.organization_id else None,
            capability=one.capability or None,
            every_unconditional=one.every_unconditional,
            offer_on=one.offer_on,
        )
        for one in consents_for(need, at=at)
    )
