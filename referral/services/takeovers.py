"""Hands over a caseload: several cases of one worker to others in one act, all or none.

Each receiver acknowledges each case; what is not acknowledged stays due for the supervisor.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from providers.models import Membership, User
from providers.vocabulary import Role
from referral.errors import CaseChanged, UnableToReassign
from referral.models import Case, Takeover, Turn
from referral.models.turns import TurnKind
from referral.services.cases import reassign
from referral.services.locks import lock_case, lock_cases
from referral.services.trail import By, record
from referral.services.turns import open_turn

READ_WITHIN = timedelta(days=1)
LOOK_AFTER = timedelta(days=2)  # then it is the supervisor's turn
MOST = 200  # cases of one act


@dataclass(frozen=True, slots=True)
class Give:
    """One case, to whom, and what that one should know."""

    case_id: UUID
    to: User
    note: str = ""


@transaction.atomic
def hand_over_caseload(
    *, giver: User, gives: Iterable[Give], by: By, at: datetime
) -> list[Takeover]:
    """CaseChanged where a case is no longer the giver's: then none of them goes."""
    gives = list(gives)
    act = uuid4()
    lock_cases(one.case_id for one in gives)
    return [_give(one, giver, act, by, at) for one in sorted(gives, key=lambda one: one.case_id)]


def _give(one: Give, giver: User, act: UUID, by: By, at: datetime) -> Takeover:
    case = lock_case(one.case_id)
    if case.assigned_to_id != giver.pk:
        raise CaseChanged(str(case.pk))
    held = Membership.objects.of(one.to).with_role(Role.CASEWORKER)
    if one.to == giver or not held.filter(organization=case.organization_id).exists():
        raise UnableToReassign(_("Choose another caseworker of the same organization."))
    settle(case=case, by=by, at=at, replaced_at=at)
    reassign(case_id=case.pk, to=one.to, by=by, at=at)
    case.assigned_to = one.to
    takeover = Takeover(
        act=act, case=case, giver=giver, receiver=one.to, made_by=by.user, made_at=at,
        due_at=at + READ_WITHIN,
    )  # fmt: skip
    takeover.note = one.note
    takeover.save(force_insert=True)
    told = {"case": case, "at": at}
    open_turn(kind=TurnKind.TAKEN_OVER, owner=one.to, due_at=takeover.due_at, **told)
    open_turn(kind=TurnKind.NOT_READ, owner=by.user, due_at=at + LOOK_AFTER, **told)
    record(case=case, kind="taken_over", by=by, at=at, to=str(one.to.pk))
    return takeover


@transaction.atomic
def acknowledge_takeover(*, takeover_id: UUID, by: By, at: datetime) -> None:
    """Read, and taken up. Twice is once."""
    takeover = Takeover.objects.get(pk=takeover_id)
    case = lock_case(takeover.case_id)
    if Takeover.objects.unread().filter(pk=takeover_id).exists():
        settle(case=case, by=by, at=at, acknowledged_at=at)
        record(case=case, kind="takeover_read", by=by, at=at)


def settle(*, case: Case, by: By, at: datetime, **how: datetime) -> None:
    """What was not read yet of this case is read, or is overtaken."""
    Takeover.objects.unread().filter(case=case).update(**how)
    kinds = (TurnKind.TAKEN_OVER, TurnKind.NOT_READ)
    Turn.objects.open().filter(case=case, kind__in=kinds).update(done_at=at, done_by=by.user)
