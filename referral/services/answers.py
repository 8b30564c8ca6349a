"""What a service says: yes, yes for some, no, a list, meet first, somebody else, a question.

Each answer has the same force whether it came by login or was told to the caseworker.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from providers import capacity
from providers.models import Service
from providers.vocabulary import Unit
from referral.card import card
from referral.errors import LateYes, MoveNotAllowed, UnableToPart
from referral.lifecycle import (
    ASKS,
    LATE,
    NEED_MOVES,
    REFERRAL_MOVES,
    DeclineReason,
    Hand,
    NeedState,
    ReferralState,
)
from referral.models import Incident, Need, Referral
from referral.models.turns import TurnKind
from referral.safety import is_vital, may_tell_of
from referral.services import needs, parting
from referral.services.locks import lock_referral, lock_services_of, move_need, move_referral
from referral.services.moments import believe
from referral.services.offers import end
from referral.services.trail import By, record
from referral.services.turns import close_referral_turns, due_for, open_turn, settle_turns


def _record(referral: Referral, kind: str, by: By, at: datetime, **data: Any) -> None:
    record(
        case=referral.need.case,
        kind=kind,
        by=by,
        at=at,
        need_id=referral.need_id,
        referral_id=referral.pk,
        service=str(referral.service_id),
        **data,
    )


def _answered(by: By, at: datetime) -> dict[str, Any]:
    return {"answered_at": at, "answered_by": by.user, "told_by_phone": by.told}


@transaction.atomic
def mark_seen(*, referral_id: UUID, by: By, at: datetime) -> None:
    """A time, never a state; the clock goes on."""
    referral = lock_referral(referral_id)
    if Referral.objects.asks().filter(pk=referral_id, seen_at=None).update(seen_at=at):
        _record(referral, "seen", by, at)


def mark_all_seen(*, referral_ids: Iterable[UUID], by: By, at: datetime) -> None:
    """All the cards of one page, one transaction each: two pages never lock crosswise."""
    for referral_id in referral_ids:
        mark_seen(referral_id=referral_id, by=by, at=at)


def accept(
    *,
    referral_id: UUID,
    by: By,
    at: datetime,
    people: int | None = None,
    available_from: datetime | None = None,
    expected_at: datetime | None = None,
    handover: dict[str, str] | None = None,
) -> Referral:
    """Yes, for all of them or (fewer `people`) for some. The first yes places the need.

    A yes that comes too late is recorded, opens a human's turn, and raises LateYes.
    """
    believe(available_from, expected_at, at=at)
    with transaction.atomic():
        referral = lock_referral(referral_id)
        may = by.hand in REFERRAL_MOVES["accept"].who
        if may and referral.state in ASKS and referral.need.state in NEED_MOVES["place"].sources:
            if people is not None and people < referral.people:
                if people < 1:
                    raise UnableToPart(_("Write for how many: 1 or more."))
                return _accept_some(referral, people, by, at)
            return _accept_all(referral, by, at, available_from, expected_at, handover)
        late = may and referral.state in LATE
        if late:
            _late_yes(referral, by, at)
    error = LateYes if late else MoveNotAllowed
    raise error(move="accept", table=REFERRAL_MOVES, state=referral.state, hand=by.hand)


def _accept_all(referral, by, at, available_from, expected_at, handover) -> Referral:
    need, service, held = referral.need, referral.service, referral.held
    placed = 0 if service.unit == Unit.NONE else referral.people
    expected = expected_at or available_from or at
    lock_services_of(need.referrals.asks())
    if handover:
        referral.handover = handover
    move_referral(
        referral,
        "accept",
        by=by,
        held=0,
        placed=placed,
        yes_for=None,
        available_from=available_from,
        expected_at=expected,
        arrival_check_at=due_for(need, expected),
        handover_sealed=referral.handover_sealed,
        **_answered(by, at),
    )
    capacity.settle(service=service, held=held, placed=placed, at=at)
    move_need(need, "place", by=by)
    close_referral_turns(referral=referral, at=at, by=by.user)
    settle_turns(need=need, at=at, by=by.user)
    _record(referral, "accepted", by, at)
    for other in need.referrals.asks().exclude(pk=referral.pk):
        end(referral_id=other.pk, move="cancel", by=_for_cancel(by), at=at, because="elsewhere")
    open_turn(
        case=need.case,
        need=need,
        referral=referral,
        kind=TurnKind.HAND_OVER,
        at=at,
        due_at=min(expected, due_for(need, at)) if expected > at else due_for(need, at),
    )
    return referral


def _for_cancel(by: By) -> By:
    """A provider's yes ends the other asks; it is the system that takes them back."""
    return By(Hand.SWEEP, user=None) if by.hand == Hand.PROVIDER else by


def _accept_some(referral: Referral, people: int, by: By, at: datetime) -> Referral:
    """Keeps the hold; whether they may be parted is for the people themselves (ruling 23)."""
    Referral.objects.filter(pk=referral.pk).update(yes_for=people, **_answered(by, at))
    open_turn(
        case=referral.need.case,
        need=referral.need,
        referral=referral,
        kind=TurnKind.PARTIAL_YES,
        at=at,
        due_at=referral.answer_due_at,
    )
    _record(referral, "yes_for_some", by, at, people=people)
    referral.yes_for = people
    return referral


@transaction.atomic
def agree_to_some(*, referral_id: UUID, members: Iterable[UUID], by: By, at: datetime) -> Referral:
    """The people agree to be parted: these go, and the others' own need is looked for.

    UnableToPart where it is nobody, everybody, or more than the yes was for.
    """
    referral = lock_referral(referral_id)
    need, most = referral.need, referral.yes_for
    if most is None or referral.state not in ASKS or by.hand != Hand.CASEWORKER:
        raise MoveNotAllowed(
            move="accept", table=REFERRAL_MOVES, state=referral.state, hand=by.hand
        )
    going = list(need.members.filter(pk__in=list(members)))
    staying = list(need.members.exclude(pk__in=[one.pk for one in going]))
    if not going or not staying or len(going) > most:
        raise UnableToPart(ngettext("Choose %d person.", "Choose up to %d people.", most) % most)
    parting.refuse_parting(case=need.case, members=[*going, *staying])
    need.members.set(going)
    shown = card(
        case=need.case,
        need=need,
        members=going,
        service=referral.service,
        may_tell=may_tell_of(referral, at=at),
        vital=is_vital(referral),
    )
    referral.people = len(going)
    Referral.objects.filter(pk=referral.pk).update(people=len(going), card=shown)
    agreed = _accept_all(referral, by, at, None, None, None)
    rest = needs.add_need(
        case_id=need.case_id,
        capability=need.capability,
        urgency=need.urgency,
        members=staying,
        by=by,
        at=at,
    )
    needs.find_help(need_id=rest.pk, by=by, at=at)
    return agreed


def _late_yes(referral: Referral, by: By, at: datetime) -> None:
    open_turn(
        case=referral.need.case,
        need=referral.need,
        referral=referral,
        kind=TurnKind.LATE_YES,
        at=at,
        due_at=due_for(referral.need, at),
    )
    _record(referral, "late_yes", by, at)


@transaction.atomic
def waitlist(*, referral_id: UUID, by: By, at: datetime) -> Referral:
    """On a list: frees the hold, and has a clock of its own (ruling 19)."""
    referral = lock_referral(referral_id)
    held = referral.held
    _wait(referral, "waitlist", by, at, held=0)
    capacity.release_hold_only(service=referral.service, held=held, at=at)
    return referral


@transaction.atomic
def assess(*, referral_id: UUID, by: By, at: datetime) -> Referral:
    """Meet first: keeps the hold, or takes one where the waiting list had freed it."""
    referral = lock_referral(referral_id)
    held = referral.held
    if referral.state == ReferralState.WAITLISTED:
        held = capacity.hold_again(service=referral.service, n=referral.people, at=at)
    _wait(referral, "assess", by, at, held=held)
    return referral


def _wait(referral: Referral, move: str, by: By, at: datetime, **changes: Any) -> None:
    first = referral.state == ReferralState.OFFERED  # waiting has one limit, however often renamed
    due = due_for(referral.need, at) if first else referral.answer_due_at
    move_referral(
        referral,
        move,
        by=by,
        answer_due_at=due,
        **changes,
        **_answered(by, at),
    )
    _record(referral, move, by, at)
    others = referral.need.referrals.filter(state=ReferralState.OFFERED)
    if referral.need.state in NEED_MOVES["wait"].sources and not others.exists():
        move_need(referral.need, "wait", by=by)


@transaction.atomic
def decline(*, referral_id: UUID, reason: str, by: By, at: datetime, note: str = "") -> Referral:
    """A typed no; the next one is asked. "We ask for something first" is an incident."""
    reason = DeclineReason(reason)
    referral = _end_ask(referral_id, "decline", by, at, decline_reason=reason, **_answered(by, at))
    _record(referral, "declined", by, at, reason=reason)
    if reason == DeclineReason.CONDITION:
        Incident.objects.create(
            kind=Incident.Kind.CONDITION_ASKED,
            service=referral.service,
            referral=referral,
            note=note,
            opened_at=at,
        )
    look_on(referral.need, by, at)
    return referral


@transaction.atomic
def refer_onward(*, referral_id: UUID, to: Service | None, by: By, at: datetime) -> Referral:
    """Not us but X. X is only written down; the router checks it like anybody (ruling 14)."""
    referral = _end_ask(referral_id, "refer_onward", by, at, named_service=to, **_answered(by, at))
    _record(referral, "referred_onward", by, at, named=str(to.pk) if to else "")
    look_on(referral.need, by, at, wanted_service=to)
    return referral


@transaction.atomic
def time_out(*, referral_id: UUID, by: By, at: datetime) -> Referral:
    """The deadline passed, unless an answer moved it while the sweep was on its way here. An
    unsettled yes for some is taken back, not counted as silence."""
    referral = lock_referral(referral_id)
    moved = referral.answer_due_at is not None and referral.answer_due_at > at
    if moved or by.hand not in REFERRAL_MOVES["time_out"].who:
        raise MoveNotAllowed(
            move="time_out", table=REFERRAL_MOVES, state=referral.state, hand=by.hand
        )
    if referral.yes_for is not None and referral.state in ASKS:
        end(referral_id=referral_id, move="cancel", by=by, at=at, because="partial_not_settled")
        look_on(referral.need, by, at)
        return referral
    referral = _end_ask(referral_id, "time_out", by, at)
    _record(referral, "no_response", by, at)
    look_on(referral.need, by, at)
    return referral


def _end_ask(referral_id: UUID, move: str, by: By, at: datetime, **changes: Any) -> Referral:
    referral = lock_referral(referral_id)
    held = referral.held
    move_referral(referral, move, by=by, held=0, ended_at=at, **changes)
    capacity.release(service=referral.service, held=held, at=at)
    close_referral_turns(referral=referral, at=at, by=by.user)
    return referral


def look_on(need: Need, by: By, at: datetime, *, wanted_service: Service | None = None) -> None:
    """Route again: at once when nobody is left, or to top a same-hour need up to three."""
    need.refresh_from_db(fields=["state"])
    same_hour = needs.has_spare_ask(need)
    if need.state not in (NeedState.OFFERED, NeedState.WAITING):
        return
    if not need.referrals.asks().exists() or same_hour:
        needs.make_due(need=need, by=by, at=at, move="reroute", wanted_service=wanted_service)


@transaction.atomic
def ask_question(*, referral_id: UUID, question: str, by: By, at: datetime) -> None:
    """A question that names nobody. The clock goes on; the caseworker answers."""
    referral = lock_referral(referral_id)
    if referral.state not in ASKS:
        raise MoveNotAllowed(
            move="ask_question", table=REFERRAL_MOVES, state=referral.state, hand=by.hand
        )
    open_turn(
        case=referral.need.case,
        need=referral.need,
        referral=referral,
        kind=TurnKind.QUESTION,
        at=at,
        due_at=referral.answer_due_at,
        note=question[:300],
    )
    _record(referral, "question", by, at)


@transaction.atomic
def answer_question(*, referral_id: UUID, answer: str, by: By, at: datetime) -> None:
    """Goes onto the card, which is all the service sees."""
    referral = lock_referral(referral_id)
    card = {**referral.card, "answers": [*referral.card.get("answers", []), answer[:300]]}
    Referral.objects.asks().filter(pk=referral_id).update(card=card)
    referral.turns.open().filter(kind=TurnKind.QUESTION).update(done_at=at, done_by=by.user)
    _record(referral, "question_answered", by, at)


@transaction.atomic
def acknowledge(*, referral_id: UUID, by: By, at: datetime) -> None:
    """The service says that it has deleted what was taken back."""
    referral = lock_referral(referral_id)
    if (
        Referral.objects.taken_back_unacknowledged()
        .filter(pk=referral_id)
        .update(acknowledged_at=at)
    ):
        referral.turns.open().filter(kind=TurnKind.DELETION).update(done_at=at, done_by=by.user)
        _record(referral, "withdrawal_acknowledged", by, at)
