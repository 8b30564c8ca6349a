"""Who may see and do what in case work, as functions of a user and a case.

Views, querysets and panels ask here and nowhere else. "No such" and "not yours" give the same 404.
"""

from __future__ import annotations

from datetime import datetime

from providers.models import Membership, User
from providers.vocabulary import Role
from referral.models import Case, Consent, Need, Referral
from referral.models.cases import blind_to
from referral.models.consent import DataGroup
from referral.models.vital import VitalAct
from referral.safety import is_excluded, is_told, may_tell_of, refusal


def works_on(user: User):
    """The cases this user may change: assigned or covered, as a caseworker."""
    employers = Membership.objects.of(user).with_role(Role.CASEWORKER).values("organization")
    mine = Case.objects.filter(organization__in=employers)
    return Case.objects.visible_to(user).filter(
        pk__in=(mine.filter(assigned_to=user.pk) | mine.filter(covered_by=user.pk)).values("pk")
    )


def supervises(user: User):
    """The cases this user may reassign. Supervision opens no identity (ruling 25)."""
    employers = Membership.objects.of(user).with_role(Role.SUPERVISOR).values("organization")
    return Case.objects.visible_to(user).filter(organization__in=employers)


def needs_worked_on(user: User):
    return Need.objects.filter(case__in=works_on(user).values("pk"))


def referrals_worked_on(user: User):
    """The referrals this user may move for the person, or record as told by telephone."""
    return Referral.objects.filter(need__case__in=works_on(user).values("pk"))


def may_open_identity(user: User, case: Case, *, at: datetime) -> bool:
    """Computed at every read (ruling 3): the caseworker; or a provider that has said yes, as long
    as the person's consent to tell it name and contact is in force. No grant is stored."""
    if works_on(user).filter(pk=case.pk).exists():
        return True
    agreed = (
        Referral.objects.addressed_to(user)
        .agreed()
        .filter(need__case=case)
        .select_related("need__case", "service__organization", "service__location")
    )
    return any(
        not is_excluded(case=case, service=referral.service)
        and DataGroup.IDENTITY in may_tell_of(referral, at=at)
        for referral in agreed
    )


def talks_with(user: User, case: Case, *, at: datetime) -> Referral | None:
    """The referral by which this user, a specialist, is with this person: agreed, and still lawful
    by all three checks. None: not, or not any more. No grant is stored."""
    employers = Membership.objects.of(user).with_role(Role.SPECIALIST).values("organization")
    agreed = (
        Referral.objects.addressed_to(user)
        .agreed()
        .filter(
            need__case=case,
            service__capability="identification",
            service__organization__in=employers,
        )
        .select_related("need__case", "service__organization", "service__location")
        .order_by("offered_at", "id")
    )
    for referral in agreed:
        if refusal(case=case, service=referral.service, at=at) is None:
            return referral
    return None


def may_read_screening(user: User, case: Case, *, at: datetime) -> bool:
    """The caseworker; and the specialist who is with the person. Supervision opens no answer."""
    return works_on(user).filter(pk=case.pk).exists() or talks_with(user, case, at=at) is not None


def may_open_handover(user: User, referral: Referral, *, at: datetime) -> bool:
    """For the accompanying worker only: the caseworker, and the service that said yes, as long as
    the person lets it be told."""
    if works_on(user).filter(pk=referral.need.case_id).exists():
        return True
    agreed = Referral.objects.addressed_to(user).agreed().filter(pk=referral.pk).exists()
    return agreed and is_told(referral, at=at)


def vital_acts_to_review(user: User):
    """Acts without consent in this user's organizations, by somebody else. Who reviews one reads
    what was done and why, and nothing more of the case; an excluded organization is blind."""
    members = Membership.objects.of(user)
    here = members.with_role(Role.CASEWORKER, Role.SUPERVISOR).values("organization")
    return (
        VitalAct.objects.waiting()
        .filter(referral__need__case__organization__in=here)
        .exclude(actor=user.pk)
        .exclude(referral__need__case__in=blind_to(user))
    )


def consents_worked_on(user: User):
    return Consent.objects.filter(case__in=works_on(user).values("pk"))
