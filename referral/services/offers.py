"""Puts a need to a service, and takes an ask back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from providers import capacity
from providers.models import Service
from providers.vocabulary import ReachedBy, Unit
from referral.card import card
from referral.errors import CaseChanged, ClaimLost, UnableToOffer
from referral.lifecycle import AGREED, ASKS, NEED_MOVES, ReferralState
from referral.models import Case, Need, Referral
from referral.models.referrals import MadeBy, Mode
from referral.models.turns import TurnKind
from referral.safety import VITAL_DATA, is_told, is_unsafe_place, may_tell, refusal
from referral.services.children import may_look_for
from referral.services.locks import (
    lock_need,
    lock_referral,
    lock_services_of,
    move_need,
    move_referral,
    refuse_closed,
)
from referral.services.trail import SWEEP, By, record
from referral.services.turns import close_referral_turns, due_for, open_turn, settle_turns
from referral.urgency import asks_at_once


def _service(service_id: UUID) -> Service:
    return Service.objects.select_related("organization", "location", "area__parent__parent").get(
        pk=service_id
    )


@transaction.atomic
def offer(
    *,
    need_id: UUID,
    service_id: UUID,
    by: By,
    at: datetime,
    made_by: str = MadeBy.HAND,
    seen: capacity.Seen | None = None,
    case_revision: int | None = None,
    claim_token: UUID | None = None,
    decision_id: UUID | None = None,
    reason: str = "",
    without_place: bool = False,
    vital: bool = False,
) -> Referral:
    """Ask one service. The last word on consent, safety and room is read here, under the lock.

    `seen`, `case_revision`, `claim_token`: what the decision looked at; if it changed meanwhile,
    DirectoryChanged, CaseChanged or ClaimLost and nothing is written. UnableToOffer where the
    person said no or nobody may be sent; UnableToHold where there is no room, unless a person
    chose it anyway (`without_place`). `vital`: a life is in danger and nobody can be asked; only
    the check of consent is left out, and the least is told (`vital.act_in_vital_interest`).
    """
    need = lock_need(need_id)
    case = need.case
    refuse_closed(case)
    if claim_token is not None and need.claim_token != claim_token:
        raise ClaimLost(str(need_id))
    if case_revision is not None and case.revision != case_revision:
        raise CaseChanged(str(case.pk))
    service = _service(service_id)
    refuse(need, service, at, consent_needed=not vital)
    members = list(need.members.order_by("position"))
    if not members:
        raise UnableToOffer(code="no_members")
    held = _take(service, len(members), at, seen, without_place)
    told = (
        VITAL_DATA if vital else may_tell(case=case, service=service, at=at, urgency=need.urgency)
    )
    referral = Referral.objects.create(
        need=need,
        service=service,
        state=ReferralState.OFFERED,
        made_by=made_by,
        reason=reason,
        decision_id=decision_id,
        people=len(members),
        held=held,
        card=card(
            case=case, need=need, members=members, service=service, may_tell=told, vital=vital
        ),
        offered_at=at,
        answer_due_at=due_for(need, at),
    )
    _need_is_offered(need, by, at)
    record(
        case=case,
        kind="offered",
        by=by,
        at=at,
        need_id=need.pk,
        referral_id=referral.pk,
        service=str(service.pk),
        made_by=made_by,
        overridden=bool(reason),
    )
    return referral


def refuse(need: Need, service: Service, at: datetime, *, consent_needed: bool = True) -> None:
    """UnableToOffer where this service may not, or cannot now, be asked for this need."""
    code = refusal(
        case=need.case,
        service=service,
        at=at,
        consent_needed=consent_needed,
        urgency=need.urgency,
    )
    if code is None and not may_look_for(need):
        code = "family_risk"
    live = list(need.referrals.live().values_list("service_id", "state"))
    if code is None and service.capability != need.capability:
        code = "without_help"
    if code is None and service.pk in {service_id for service_id, _state in live}:
        code = "asked"
    asks = sum(1 for _service_id, state in live if state in ASKS)
    if code is None and asks >= asks_at_once(need.urgency):
        code = "too_many"
    if code is not None:
        raise UnableToOffer(code=code)


def _take(service, n, at, seen, without_place) -> int:
    try:
        return capacity.hold(service=service, n=n, at=at, seen=seen)
    except capacity.UnableToHold:
        if not without_place:
            raise
        return capacity.ask_without_place(service=service)


def _need_is_offered(need: Need, by: By, at: datetime) -> None:
    """A further ask makes it `offered`, even while somebody else is on a waiting list."""
    move_need(need, "offer", by=by, wanted_service=None, wanted_reason="", attempts=0)
    need.unmet.close(at)
    settle_turns(need=need, at=at, by=by.user)


@transaction.atomic
def record_walk_in(*, need_id: UUID, service_id: UUID, by: By, at: datetime) -> Referral:
    """Told, or accompanied there: no hold, no identity, but an arrival check (ruling 11)."""
    need = lock_need(need_id)
    service = _service(service_id)
    refuse_closed(need.case)
    _refuse_walk_in(need, service, at)
    lock_services_of(need.referrals.asks())
    for other in need.referrals.asks():
        end(referral_id=other.pk, move="cancel", by=by, at=at, because="walk_in")
    move_need(need, "walk_in", by=by, wanted_service=None, wanted_reason="", attempts=0)
    referral = Referral.objects.create(
        need=need,
        service=service,
        state=ReferralState.ACCEPTED,
        mode=Mode.WALK_IN,
        made_by=MadeBy.CHOICE,
        people=need.members.count() or 1,
        offered_at=at,
        answered_at=at,
        expected_at=at,
        arrival_check_at=due_for(need, at),
    )
    need.unmet.close(at)
    settle_turns(need=need, at=at, by=by.user)
    record(
        case=need.case,
        kind="walk_in",
        by=by,
        at=at,
        need_id=need.pk,
        referral_id=referral.pk,
        service=str(service.pk),
    )
    return referral


def _refuse_walk_in(need: Need, service: Service, at: datetime) -> None:
    """Only where one walks in, or calls, without being referred; nobody there is told anything."""
    code = refusal(case=need.case, service=service, at=at, consent_needed=False)
    if code is None and not may_look_for(need):
        code = "family_risk"
    if code is None and service.capability != need.capability:
        code = "without_help"
    if code is None and service.reached_by != ReachedBy.WALK_IN and not service.remote:
        code = "not_walk_in"
    is_there = service.is_there_on(capacity.day_of(service, at))
    if code is None and not (service.is_operating and is_there):
        code = "not_open"
    if code is None and is_unsafe_place(case=need.case, service=service, at=at):
        code = "unsafe_place"
    if code is not None:
        raise UnableToOffer(code=code)


def end(
    *, referral_id: UUID, move: str, by: By, at: datetime, because: str = "", **changes: str
) -> Referral:
    """End a live referral by this move and give back what it held. The need is the caller's."""
    referral = lock_referral(referral_id)
    was_ask, was_agreed = referral.state in ASKS, referral.state in AGREED
    was_in_service = referral.state == ReferralState.IN_SERVICE
    held = referral.held
    move_referral(referral, move, by=by, held=0, ended_at=at, **changes)
    if was_ask:
        capacity.release(service=referral.service, held=held, at=at)
    elif was_agreed and referral.placed and _frees_a_place(referral, move, was_in_service):
        capacity.free_place(
            service=referral.service, placed=referral.placed, since=referral.answered_at, at=at
        )
    close_referral_turns(referral=referral, at=at, by=by.user)
    record(
        case=referral.need.case,
        kind=TOLD_AS.get(move, move),
        by=by,
        at=at,
        need_id=referral.need_id,
        referral_id=referral.pk,
        because=because,
    )
    return referral


TOLD_AS = {"complete": "completed", "interrupt": "interrupted"}  # the event of a move


def _frees_a_place(referral: Referral, move: str, was_in_service: bool) -> bool:
    """A case that closes empties no bed, and an appointment that was used is used."""
    used = referral.service.unit == Unit.APPOINTMENT and was_in_service
    return move in ("cancel", "withdraw") and not used


@transaction.atomic
def cancel(*, referral_id: UUID, by: By, at: datetime, because: str = "") -> Referral:
    """The sender takes it back. Without another live ask, the need is the caseworker's turn."""
    referral = end(referral_id=referral_id, move="cancel", by=by, at=at, because=because)
    to_human_if_alone(need=referral.need, by=by, at=at, kind=TurnKind.BY_HAND)
    return referral


def to_human_if_alone(*, need: Need, by: By, at: datetime, kind: str) -> None:
    """No referral is live any more: somebody decides what next."""
    if need.referrals.live().exists():
        return
    need.refresh_from_db(fields=["state"])
    if need.state in NEED_MOVES["ask_human"].sources:
        move_need(need, "ask_human", by=by)
        open_turn(case=need.case, need=need, kind=kind, at=at, due_at=due_for(need, at))


def cancel_refused(*, case: Case, by: By, at: datetime) -> None:
    """Take back every ask that the person's safety forbids now. Somebody looks at what is agreed,
    and at what a person asked for with a reason."""
    live = Referral.objects.live().filter(need__case=case)
    lock_services_of(live)
    for referral in live.select_related(
        "service__organization", "service__location", "service__area__parent__parent"
    ):
        code = refusal(case=case, service=referral.service, at=at, consent_needed=False)
        by_reason = code is None and bool(referral.reason)
        if code is None and is_unsafe_place(case=case, service=referral.service, at=at):
            code = "unsafe_place"
        if code and referral.state in ASKS and not by_reason:
            cancel(referral_id=referral.pk, by=by, at=at, because=code)
        elif code:
            referral.need.case = case
            open_turn(
                case=case,
                need=referral.need,
                referral=referral,
                kind=TurnKind.AFTER_WITHDRAWAL,
                at=at,
                due_at=due_for(referral.need, at),
            )


@transaction.atomic
def end_unconsented(*, referral_id: UUID, at: datetime) -> None:
    """Leave to tell ended while the service was still to answer: ask about sharing anew."""
    referral = lock_referral(referral_id)
    if referral.state not in ASKS or is_told(referral, at=at):
        return
    end(referral_id=referral_id, move="cancel", by=SWEEP, at=at, because="consent_ended")
    to_human_if_alone(need=referral.need, by=SWEEP, at=at, kind=TurnKind.ASK_SHARING)
