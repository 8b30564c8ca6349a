"""A specialist who is with a person: asked by the caseworker, agreed, and consent in force."""

from __future__ import annotations

from dataclasses import dataclass

from providers.models import Organization, User
from referral import services as case_work
from referral.finding import services
from referral.finding.definition import Elements, Known
from referral.lifecycle import Hand
from referral.models import Case, Consent, Referral
from tests import factories as make
from tests.factories import NOW
from tests.people import Cast, open_case

YES, NO = Known.ESTABLISHED, Known.NOT_ESTABLISHED
ALL_THREE = Elements(acts=YES, means=YES, purpose=YES)
CODES = {"acts": ["transport"], "means": ["debt_bondage"], "purpose": ["forced_labour"]}
NOTES = {"acts": "by lorry", "means": "a debt that grew", "purpose": "a mine"}


@dataclass
class Talk:
    clinic: Organization
    specialist: User
    case: Case
    consent: Consent
    referral: Referral


def talk(cast: Cast, *, name: str = "lemi", case: Case | None = None, **facts) -> Talk:
    clinic = make.organization(f"Clinic of {name}")
    specialist = make.user("specialist", clinic, username=name)
    service = make.service(
        "identification", area_=cast.county, organization_=clinic, name=f"Talks of {name}"
    )
    case = case or open_case(cast, **facts)
    consent = make.consent(case, capability="identification")
    need = make.need(case, "identification")
    asked = case_work.offer(
        need_id=need.pk, service_id=service.pk, by=make.by(cast.caseworker), at=NOW
    )
    by = case_work.By(Hand.PROVIDER, specialist)
    agreed = case_work.accept(referral_id=asked.pk, by=by, at=NOW)
    return Talk(clinic, specialist, case, consent, agreed)


def found(one: Talk, **facts):
    """All three elements, unless said otherwise."""
    facts = {
        "elements": ALL_THREE, "codes": CODES, "notes": NOTES, "decision": "actual", "at": NOW,
    } | facts  # fmt: skip
    return services.record(
        referral=one.referral, member=one.case.members.first(), user=one.specialist, **facts
    )


def compared(one: Talk, leans: str = "journey"):
    points = {key: {"leans": leans, "note": ""} for key in services.wording.POINTS}
    return services.compare(referral=one.referral, user=one.specialist, points=points, at=NOW)


SENT = {
    "because": "first", "acts": "established", "acts_codes": ["transport"],
    "acts_note": "by lorry", "means": "established", "means_codes": ["debt_bondage"],
    "means_note": "a debt that grew", "purpose": "established",
    "purpose_codes": ["forced_labour"], "purpose_note": "a mine", "age": "adult",
    "agreed": "yes", "tags": ["terrorism"],
}  # fmt: skip
