"""Who may see and do what in case work, as functions of a user and a case.

Views, querysets and panels ask here and nowhere else. "No such" and "not yours" give the same 404.
"""

from __future__ import annotations

from datetime import datetime

from providers.models import Membership, User
from providers.vocabulary import Role
from referral.models import Case, Consent, Need, Referral
from referral.models.consent import DataGroup
from referral.safety import covering, is_excluded, may_tell


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
        .select_related("service__organization", "service__location")
    )
    return any(
        not is_excluded(case=case, service=referral.service)
        and DataGroup.IDENTITY in may_tell(case=case, service=referral.service, at=at)
        for referral in agreed
    )


def may_open_handover(user: User, referral: Referral, *, at: datetime) -> bool:
    """For the accompanying worker only: the caseworker, and the service that said yes, as long as
    the person lets it be told."""
    if works_on(user).filter(pk=referral.need.case_id).exists():
        return True
    agreed = Referral.objects.addressed_to(user).agreed().filter(pk=referral.pk).exists()
    return agreed and bool(covering(case=referral.need.case, service=referral.service, at=at))


def consents_worked_on(user: User):
    return Consent.objects.filter(case__in=works_on(user).values("pk"))
