"""Accepted is not helped: the handover, the arrival, and what comes of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from providers import capacity
from providers.models import Membership, User
from providers.vocabulary import Role, Unit
from referral.lifecycle import ReferralState
from referral.models import Case, Need, Referral
from referral.models.turns import TurnKind
from referral.services import departures, needs
from referral.services.locks import lock_referral, move_need, move_referral
from referral.services.moments import believe, believe_past
from referral.services.offers import to_human_if_alone
from referral.services.trail import SWEEP, By, record
from referral.services.turns import close_referral_turns, due_for, open_turn
from referral.urgency import half_limit


def _record(referral: Referral, kind: str, by: By, at: datetime, happened_at=None, **data) -> None:
    record(
        case=referral.need.case,
        kind=kind,
        by=by,
        at=at,
        happened_at=happened_at,
        need_id=referral.need_id,
        referral_id=referral.pk,
        service=str(referral.service_id),
        **data,
    )


@transaction.atomic
def hand_over(
    *,
    referral_id: UUID,
    by: By,
    at: datetime,
    expected_at: datetime,
    handover: dict[str, str],
) -> Referral:
    """Time, meeting point, contact, agreed sign. Sealed; the arrival check moves with it."""
    believe(expected_at, at=at)
    referral = lock_referral(referral_id)
    referral.handover = handover
    changed = Referral.objects.filter(pk=referral.pk, state=ReferralState.ACCEPTED).update(
        handover_sealed=referral.handover_sealed,
        expected_at=expected_at,
        arrival_check_at=due_for(referral.need, expected_at),
        arrival_alarms=0,
    )
    if not changed:
        move_referral(referral, "arrive", by=by)  # says which moves are open
    close_referral_turns(referral=referral, at=at, by=by.user)
    _record(referral, "handed_over", by, at)
    return referral


@transaction.atomic
def arrive(
    *, referral_id: UUID, said_by: str, by: By, at: datetime, happened_at: datetime | None = None
) -> Referral:
    """The person is there, says the person or the provider."""
    believe_past(happened_at, at=at)
    referral = lock_referral(referral_id)
    move_referral(
        referral,
        "arrive",
        by=by,
        arrived_at=happened_at or at,
        arrived_said_by=said_by,
        arrival_check_at=None,
    )
    close_referral_turns(referral=referral, at=at, by=by.user)
    Need.objects.filter(pk=referral.need_id).update(evacuated_at=None)  # there is a place again
    _record(referral, "arrived", by, at, happened_at, said_by=said_by)
    return referral


@transaction.atomic
def not_arrive(*, referral_id: UUID, by: By, at: datetime) -> Referral:
    """A person found out that nobody came. A human's turn first: what happened, what is wanted?"""
    referral = lock_referral(referral_id)
    move_referral(referral, "not_arrive", by=by, ended_at=at, arrival_check_at=None)
    give_place_back(referral, at)
    close_referral_turns(referral=referral, at=at, by=by.user)
    _record(referral, "not_arrived", by, at)
    if referral.mode == "walk_in":
        needs.make_due(need=referral.need, by=by, at=at, move="reopen")
    else:
        to_human_if_alone(need=referral.need, by=by, at=at, kind=TurnKind.NOT_REACHED)
    return referral


@transaction.atomic
def complete(
    *, referral_id: UUID, said_by: str, by: By, at: datetime, left_early: bool = False
) -> Referral:
    """Helped, says the person or the provider: the need is met. A service that gives a place to
    stay says first until when (NoticeFirst), unless the person left before, `left_early`."""
    referral = lock_referral(referral_id)
    departures.refuse_without_notice(referral, "complete", by=by, at=at, left_early=left_early)
    move_referral(referral, "complete", by=by, ended_at=at, completed_said_by=said_by)
    give_place_back(referral, at)
    close_referral_turns(referral=referral, at=at, by=by.user)
    move_need(referral.need, "meet", by=by)
    _record(referral, "completed", by, at, said_by=said_by)
    departures.note_early_leave(referral, by=by, at=at, left_early=left_early)
    return referral


@transaction.atomic
def interrupt(*, referral_id: UUID, by: By, at: datetime, left_early: bool = False) -> Referral:
    """Help ended early: the need is open again. A service says first until when (NoticeFirst)."""
    referral = lock_referral(referral_id)
    departures.refuse_without_notice(referral, "interrupt", by=by, at=at, left_early=left_early)
    move_referral(referral, "interrupt", by=by, ended_at=at)
    give_place_back(referral, at)
    close_referral_turns(referral=referral, at=at, by=by.user)
    _record(referral, "interrupted", by, at)
    needs.make_due(need=referral.need, by=by, at=at, move="reopen")
    departures.note_early_leave(referral, by=by, at=at, left_early=left_early)
    return referral


def give_place_back(referral: Referral, at: datetime) -> None:
    """A bed is free again; an appointment that was used is used."""
    came = referral.arrived_at is not None
    if referral.placed and not (came and referral.service.unit == Unit.APPOINTMENT):
        capacity.free_place(
            service=referral.service, placed=referral.placed, since=referral.answered_at, at=at
        )


@transaction.atomic
def alarm_about_arrival(*, referral_id: UUID, at: datetime) -> bool:
    """Nobody recorded an arrival in time: the caseworker's turn, after half the limit again the
    supervisor's, and so on until somebody says what became of it (ruling 20)."""
    referral = lock_referral(referral_id)
    still = Referral.objects.arrival_check_due(at).filter(pk=referral.pk)
    first = referral.arrival_alarms == 0
    wait = half_limit(referral.need.urgency)
    if not still.update(arrival_alarms=F("arrival_alarms") + 1, arrival_check_at=at + wait):
        return False
    case = referral.need.case
    open_turn(
        case=case,
        need=referral.need,
        referral=referral,
        kind=TurnKind.MISSED_ARRIVAL if first else TurnKind.MISSED_ARRIVAL_AGAIN,
        at=at,
        due_at=at,
        owner=case.assigned_to if first else supervisor_of(case),
    )
    _record(referral, "arrival_missed", SWEEP, at, alarm=referral.arrival_alarms + 1)
    return True


def supervisor_of(case: Case) -> User:
    """Somebody who supervises this organization; without one, the caseworker again."""
    excluded = case.exclusions.exclude(organization=None).values("organization")
    first = (
        Membership.objects.active()
        .with_role(Role.SUPERVISOR)
        .filter(organization=case.organization)
        .exclude(user__memberships__organization__in=excluded, user__memberships__ended_at=None)
        .select_related("user")
        .order_by("user__username", "id")
        .first()
    )
    return first.user if first else case.assigned_to
