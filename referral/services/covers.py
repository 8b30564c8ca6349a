"""Cover for absence: the only writer of `Case.covered_by`.

The period is the truth; `apply` brings the cases to it, when a cover is set or ended and at every
look of the sweep, so that they go back by themselves.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from providers.models import Membership, Organization, User
from providers.vocabulary import Role
from referral.errors import UnableToAct
from referral.lifecycle import CaseState, Hand
from referral.models import Case, Cover, SafetyExclusion
from referral.models.turns import TurnKind
from referral.services.arrivals import supervisor_of
from referral.services.locks import lock_case
from referral.services.moments import believe
from referral.services.trail import SWEEP, By, record
from referral.services.turns import open_turn


class UnableToCover(UnableToAct):
    """Says who may cover for whom, and when."""


@transaction.atomic
def set_cover(
    *, organization: Organization, absent: User, colleague: User, starts_at: datetime,
    ends_at: datetime, by: User, at: datetime, reason: str = "",
) -> Cover:  # fmt: skip
    """A colleague of the same organization works on the cases of somebody who is away, from
    `starts_at` until just before `ends_at`. One at a time; UnableToCover says what is wrong."""
    believe(starts_at, ends_at, at=at)
    _refuse(organization, absent, colleague, starts_at, ends_at, at)
    try:
        with transaction.atomic():
            cover = Cover.objects.create(
                organization=organization, absent=absent, colleague=colleague, reason=reason,
                starts_at=starts_at, ends_at=ends_at, set_by=by, set_at=at,
            )  # fmt: skip
    except IntegrityError:
        raise UnableToCover(_("Somebody covers already. End that first.")) from None
    apply(cover, at=at, by=By(Hand.CASEWORKER, by))
    return cover


def _refuse(organization, absent, colleague, starts_at, ends_at, at) -> None:
    workers = Membership.objects.active().with_role(Role.CASEWORKER)
    here = workers.filter(organization=organization)
    if absent == colleague:
        raise UnableToCover(_("Choose a colleague."))
    if not all(here.filter(user=one).exists() for one in (absent, colleague)):
        raise UnableToCover(_("Choose a caseworker of the same organization."))
    if ends_at <= starts_at or ends_at <= at:
        raise UnableToCover(_("The last day comes after the first, and has not passed."))
    away = Cover.objects.standing().filter(organization=organization, absent=colleague)
    if away.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise UnableToCover(_("This colleague is away then. Choose another."))


@transaction.atomic
def end_cover(*, cover_id: UUID, by: User, at: datetime) -> None:
    """Back sooner. Ended twice is ended once."""
    cover = Cover.objects.get(pk=cover_id)
    if Cover.objects.standing().filter(pk=cover_id).update(ended_at=at, ended_by=by):
        _give_back(cover, at=at, by=By(Hand.CASEWORKER, by))


def bring_to(at: datetime) -> int:
    """Every cover that begins or ends by now, and cases that came meanwhile. For the sweep."""
    changed = 0
    for cover in Cover.objects.over(at).order_by("ends_at", "id"):
        with transaction.atomic():
            if Cover.objects.over(at).filter(pk=cover.pk).update(ended_at=cover.ends_at):
                changed += 1 + _give_back(cover, at=at, by=SWEEP)
    for cover in Cover.objects.under_way(at).order_by("starts_at", "id"):
        changed += apply(cover, at=at, by=SWEEP)
    return changed


def not_covered_yet(cover: Cover):
    """Open cases of the one who is away that the colleague does not work on."""
    return (
        Case.objects.filter(organization=cover.organization_id, assigned_to=cover.absent_id)
        .exclude(state=CaseState.CLOSED)
        .exclude(covered_by=cover.colleague_id)
    )


def blind_to(user_id) -> object:
    """Cases that keep away from an organization of which this user is."""
    theirs = Membership.objects.active().filter(user=user_id).values("organization")
    return SafetyExclusion.objects.filter(organization__in=theirs).values("case")


def apply(cover: Cover, *, at: datetime, by: By) -> int:
    """The cases are the colleague's too. One that keeps away from an organization of which the
    colleague is stays closed to them: the supervisor is asked to see to it."""
    if not Cover.objects.under_way(at).filter(pk=cover.pk).exists():
        return 0
    blind = blind_to(cover.colleague_id)
    waiting = not_covered_yet(cover)
    changed = sum(
        _cover(pk, cover, at, by)
        for pk in waiting.exclude(pk__in=blind).order_by("pk").values_list("pk", flat=True)
    )
    unasked = waiting.filter(pk__in=blind).exclude(
        turns__kind=TurnKind.UNCOVERED, turns__opened_at__gte=cover.starts_at
    )
    for pk in unasked.order_by("pk").values_list("pk", flat=True):
        _ask_supervisor(pk, at)
    return changed


@transaction.atomic
def _cover(case_id: UUID, cover: Cover, at: datetime, by: By) -> int:
    case = lock_case(case_id)
    rows = not_covered_yet(cover).filter(pk=case_id)
    still = Cover.objects.under_way(at).filter(pk=cover.pk).exists()
    if not still or not rows.update(covered_by=cover.colleague_id):
        return 0
    record(case=case, kind="cover_began", by=by, at=at, to=str(cover.colleague_id))
    return 1


@transaction.atomic
def _ask_supervisor(case_id: UUID, at: datetime) -> None:
    case = lock_case(case_id)
    owner = supervisor_of(case)
    open_turn(case=case, kind=TurnKind.UNCOVERED, at=at, due_at=at, owner=owner)


def _give_back(cover: Cover, *, at: datetime, by: By) -> int:
    theirs = Case.objects.filter(
        organization=cover.organization_id, assigned_to=cover.absent_id,
        covered_by=cover.colleague_id,
    )  # fmt: skip
    changed = 0
    for pk in theirs.order_by("pk").values_list("pk", flat=True):
        case = lock_case(pk)
        if theirs.filter(pk=pk).update(covered_by=None):
            record(case=case, kind="cover_ended", by=by, at=at)
            changed += 1
    return changed
