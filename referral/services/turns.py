"""Opens and closes turns. The caller holds the case row, so a turn is open once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from providers.models import User
from referral.errors import StillOpen
from referral.lifecycle import LOST
from referral.models import Case, Need, Referral, Turn
from referral.models.turns import CLOSED_BY_PROGRESS, TurnKind
from referral.obligations import forgotten_needs
from referral.services.locks import lock_case
from referral.urgency import answer_due


def due_for(need: Need, at: datetime) -> datetime:
    """When something about this need is due: its urgency's limit, at the person's place."""
    area = need.case.area
    return answer_due(need.urgency, at=at, zone=area.zone(), country=area.country)


def open_turn(
    *,
    case: Case,
    kind: str,
    at: datetime,
    due_at: datetime,
    need: Need | None = None,
    referral: Referral | None = None,
    owner: User | None = None,
    note: str = "",
) -> Turn | None:
    """Open it, or give back the one that is open already. None where the person died or is missing:
    nobody is reminded of anything any more but the one who looks after that."""
    if case.closed_because in LOST and kind != TurnKind.LOST:
        return None
    turn, _made = Turn.objects.get_or_create(
        case=case,
        need=need,
        referral=referral,
        kind=kind,
        done_at=None,
        defaults={
            "owner": owner or case.assigned_to,
            "opened_at": at,
            "due_at": due_at,
            "note": note,
        },
    )
    return turn


def settle_turns(*, need: Need, at: datetime, by: User | None = None) -> None:
    """The need moved on: what asked for a decision about it is done."""
    Turn.objects.open().filter(need=need, kind__in=CLOSED_BY_PROGRESS).update(
        done_at=at, done_by=by
    )


def close_referral_turns(*, referral: Referral, at: datetime, by: User | None = None) -> None:
    Turn.objects.open().filter(referral=referral).update(done_at=at, done_by=by)


@transaction.atomic
def close_turn(*, turn_id: UUID, user: User, at: datetime) -> None:
    """A person ticks it off; twice is once. What nothing would come back to must be decided."""
    turn = Turn.objects.get(pk=turn_id)
    need_id = turn.need_id
    if turn.kind in (TurnKind.VITAL_REVIEW, TurnKind.VITAL_OVERDUE):
        raise StillOpen(_("A second person confirms it or ends it first."))
    lock_case(turn.case_id)  # else two people tick off the last two turns of a need at once
    Turn.objects.open().filter(pk=turn_id).update(done_at=at, done_by=user)
    if need_id and forgotten_needs().filter(pk=need_id).exists():
        raise StillOpen(_("Decide about this need first: look for help, or close it."))
