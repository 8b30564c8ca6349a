"""Writes what happened, and who looked, in the transaction of the act itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from providers.models import User
from referral.lifecycle import Hand
from referral.models import AccessRecord, Case, CaseEvent


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, in what capacity. `told`: a caseworker records what a provider said by phone."""

    hand: Hand
    user: User | None = None
    told: bool = False


ROUTER = By(Hand.ROUTER)
SWEEP = By(Hand.SWEEP)


def record(
    *,
    case: Case,
    kind: str,
    by: By,
    at: datetime,
    happened_at: datetime | None = None,
    need_id: UUID | None = None,
    referral_id: UUID | None = None,
    **data: Any,
) -> CaseEvent:
    """One line of the trail. `data` holds codes and ids, never a name or a text about a person."""
    if by.told:
        data["told_by_phone"] = True
    return CaseEvent.objects.create(
        case=case,
        need_id=need_id,
        referral_id=referral_id,
        kind=kind,
        hand=by.hand,
        by=by.user,
        data=data,
        happened_at=happened_at or at,
        recorded_at=at,
    )


def read_identity(*, case: Case, user: User, what: str, reason: str, at: datetime) -> None:
    _look(case, user, what, AccessRecord.Outcome.READ, reason, at)


def write_identity(*, case: Case, user: User, what: str, at: datetime) -> None:
    _look(case, user, what, AccessRecord.Outcome.WRITTEN, "", at)


def deny(*, case: Case, user: User, what: str, at: datetime) -> None:
    _look(case, user, what, AccessRecord.Outcome.DENIED, "", at)


def _look(case, user, what, outcome, reason, at) -> None:
    AccessRecord.objects.create(
        case=case, by=user, what=what, outcome=outcome, reason=reason, recorded_at=at
    )
