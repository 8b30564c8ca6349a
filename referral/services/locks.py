"""The first lock of every move: the case row. And the conditional update that every move is."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F

from providers import capacity
from referral.errors import MoveNotAllowed
from referral.lifecycle import (
    CASE_MOVES,
    NEED_MOVES,
    REFERRAL_MOVES,
    CaseState,
    NeedState,
)
from referral.models import Case, Need, Referral
from referral.services.trail import By


def lock_case(case_id: UUID) -> Case:
    """Locked alone, then read: PostgreSQL would join what the row named before whoever held it
    gave the case to somebody else, and find nothing."""
    rows = Case.objects.select_for_update(of=("self",), no_key=True)
    rows.values_list("pk").get(pk=case_id)
    related = ("area__parent__parent", "assigned_to", "organization")
    return Case.objects.select_related(*related).get(pk=case_id)


def lock_cases(case_ids: Iterable[UUID]) -> None:
    """Several, where one act concerns them all: always in one order, and before any service."""
    rows = Case.objects.filter(pk__in=list(case_ids)).order_by("pk")
    list(rows.select_for_update(of=("self",), no_key=True).values_list("pk"))


def lock_open_case(case_id: UUID) -> Case:
    """The same, for what is done in an open case only; MoveNotAllowed in a closed one."""
    case = lock_case(case_id)
    refuse_closed(case)
    return case


def refuse_closed(case: Case) -> None:
    if case.state == CaseState.CLOSED:
        raise MoveNotAllowed(move="work_on", table=CASE_MOVES, state=case.state, hand=None)


def lock_need(need_id: UUID) -> Need:
    """The need, with its case locked."""
    case = lock_case(Need.objects.values_list("case_id", flat=True).get(pk=need_id))
    need = Need.objects.get(pk=need_id)
    need.case = case
    return need


def lock_referral(referral_id: UUID) -> Referral:
    """The referral with its need and service, the case locked."""
    referral = Referral.objects.values_list("need_id", flat=True).get(pk=referral_id)
    need = lock_need(referral)
    found = Referral.objects.select_related("service__area__parent__parent").get(pk=referral_id)
    found.need = need
    return found


def lock_services_of(referrals) -> None:
    """The second lock, where one transaction ends several asks: their services, in one order."""
    capacity.lock(services=referrals.values_list("service_id", flat=True))


def move_need(need: Need, move: str, *, by: By, **changes) -> None:
    """One row of NEED_MOVES as a conditional update; ends any claim. Zero rows: MoveNotAllowed."""
    step = NEED_MOVES[move]
    changes.setdefault("due_at", None)
    moved = by.hand in step.who and Need.objects.filter(pk=need.pk, state__in=step.sources).update(
        state=step.target, claim_token=None, lease_until=None, **changes
    )
    if not moved:
        need.refresh_from_db(fields=["state"])
        raise MoveNotAllowed(move=move, table=NEED_MOVES, state=need.state, hand=by.hand)
    need.state = NeedState(step.target)
    for name, value in changes.items():
        setattr(need, name, value)


def move_referral(referral: Referral, move: str, *, by: By, **changes) -> None:
    """One row of REFERRAL_MOVES as a conditional update. Zero rows: MoveNotAllowed."""
    step = REFERRAL_MOVES[move]
    moved = by.hand in step.who and Referral.objects.filter(
        pk=referral.pk, state__in=step.sources
    ).update(state=step.target, **changes)
    if not moved:
        referral.refresh_from_db(fields=["state"])
        raise MoveNotAllowed(move=move, table=REFERRAL_MOVES, state=referral.state, hand=by.hand)
    referral.state = step.target
    for name, value in changes.items():
        setattr(referral, name, value)


def move_row(row, table: dict, move: str, *, by: By, **changes) -> None:
    """One row of a table of `day.py` as a conditional update. Zero rows: MoveNotAllowed."""
    step = table[move]
    rows = type(row)._default_manager.filter(pk=row.pk, state__in=step.sources)
    if by.hand not in step.who or not rows.update(state=step.target, **changes):
        row.refresh_from_db(fields=["state"])
        raise MoveNotAllowed(move=move, table=table, state=row.state, hand=by.hand)
    row.state = step.target
    for name, value in changes.items():
        setattr(row, name, value)


def raise_revision(case: Case) -> None:
    """Consent, safety or facts changed: what was decided on the old ones is decided again."""
    Case.objects.filter(pk=case.pk).update(revision=F("revision") + 1)
    case.revision += 1
