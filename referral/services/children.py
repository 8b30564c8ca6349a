"""What a child's case needs beside the help that is looked for; it never makes that help wait."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from providers.vocabulary import Urgency
from referral import signals
from referral.card import CHILD_BANDS
from referral.models import Case, FamilyRisk, Member, Need
from referral.models.family import RiskOutcome

FAMILY, GUARDIAN = "family_tracing", "guardian_alternative_care"
IS_CHILD = Q(age_band__in=CHILD_BANDS) | Q(age_doubt=True)  # a presumed child is a child
PROPOSED = (  # rule, capability, urgency, why
    (
        "child-needs-best-interests",
        "child_protection",
        Urgency.IMMEDIATE,
        gettext_noop(
            "Somebody here is under 18, or may be: a child-protection worker looks after the "
            "child’s best interests."
        ),
    ),
    (
        "child-needs-a-guardian",
        GUARDIAN,
        Urgency.URGENT,
        gettext_noop(
            "Somebody here is under 18, or may be, and no adult we know of came along: somebody "
            "must care for the child and speak for the child."
        ),
    ),
)


def is_child(member: Member) -> bool:
    return member.age_band in CHILD_BANDS or member.age_doubt


def has_child(case: Case) -> bool:
    return case.members.filter(IS_CHILD).exists()


def proposals(*, case: Case, at: datetime) -> list[dict[str, str]]:
    """With a router, its rules propose these, with their sources, once somebody may be told. While
    nobody may, or without a router, they come from here. Never twice: what the case has, or has
    been offered, is not proposed again."""
    told = case.consents.to_ask(at, Urgency.IMMEDIATE).exists()
    if (signals.need_due.has_listeners() and told) or not has_child(case):
        return []
    alone = not case.members.exclude(IS_CHILD).exists()
    return [
        {"rule": rule, "capability": capability, "urgency": urgency, "why": why}
        for rule, capability, urgency, why in PROPOSED
        if alone or capability != GUARDIAN
    ]


def may_look_for(need: Need) -> bool:
    """Family is looked for only where the person asks for it and the last check of danger from
    family found none. Links the need to that check; the database wants it there."""
    if need.capability != FAMILY or need.family_risk_id:
        return True
    last = last_check(need.case)
    if last is None or not last.allows_tracing:
        return False
    Need.objects.filter(pk=need.pk).update(family_risk=last)
    need.family_risk = last
    return True


def last_check(case: Case) -> FamilyRisk | None:
    """Of two of the same moment the one that forbids it: a mistake there can be mended."""
    allows = Q(asked=True, outcome=RiskOutcome.NONE_FOUND)
    rows = case.family_risks.annotate(
        allows=models.Case(models.When(allows, then=models.Value(1)), default=models.Value(0))
    )
    return rows.order_by("-checked_at", "allows", "-id").first()
