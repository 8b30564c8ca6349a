"""What is due, found by looking at the rows: without a broker slower, never stopped."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from providers import clock, idempotency, import_sweep, ways
from providers.passing import let_time_pass
from referral import services, signals
from referral.errors import UnableToAct
from referral.lifecycle import NeedState
from referral.models import (
    Accompaniment,
    Consent,
    Need,
    Referral,
    Transfer,
    Visit,
    VitalAct,
)
from referral.models.consent import Purpose
from referral.services import accompaniments, consents, covers, evacuations, visits, withdrawals

OVERDUE = timedelta(seconds=10)  # a nudge should long have been heard (ruling 15)
BATCH = 100  # rows of each kind per look

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Swept:
    """How much one look found."""

    nudged: int = 0
    routed: int = 0
    timed_out: int = 0
    alarms: int = 0
    retried: int = 0
    moved: int = 0  # people and asks of places that had to be left, or where something changed

    def anything(self) -> bool:
        return any(
            (self.nudged, self.routed, self.timed_out, self.alarms, self.retried, self.moved)
        )


def sweep(*, at: datetime) -> Swept:
    """One look. Any number of these may run at once: every step is a conditional update."""
    found = Swept()
    _time_passes(at)
    ways.expire(at=at)
    found.moved = _after_conflict(at)
    overdue_asks = Referral.objects.overdue(at).order_by("answer_due_at", "id")
    found.timed_out = _each(
        overdue_asks, lambda pk: services.time_out(referral_id=pk, by=services.SWEEP, at=at)
    )
    _each(_asks_without_consent(at), lambda pk: services.end_unconsented(referral_id=pk, at=at))
    missing = Referral.objects.arrival_check_due(at).order_by("arrival_check_at", "id")
    found.alarms = _each(missing, lambda pk: services.alarm_about_arrival(referral_id=pk, at=at))
    _about_sharing(at)
    found.alarms += _each_of_the_day(at)
    services.hand_on(limit=BATCH)
    idempotency.forget(at=at)
    found.retried = services.retry_unmet(at=at, limit=BATCH)
    fresh = _due(at).filter(due_at__gt=at - OVERDUE)
    found.nudged = _nudge(fresh.evacuated())  # before anybody else's need is worked on
    found.routed = _each(_due(at).filter(due_at__lte=at - OVERDUE), lambda pk: _do_overdue(pk, at))
    found.nudged += _nudge(fresh.filter(evacuated_at=None))
    for receiver, failed in signals.swept.send_robust(sender=Swept, at=at):
        if isinstance(failed, Exception):
            log.error("sweep: %s", receiver, exc_info=failed)
    import_sweep.sweep(at=at, now=clock.now)
    return found


def _time_passes(at: datetime) -> None:
    """Teams move and closings end before anybody is looked for. What fails here is found again."""
    try:
        let_time_pass(at=at)
    except Exception:
        log.exception("sweep: the directory could not be brought to this day; it is tried again")


def _nudge(needs) -> int:
    ids = list(needs.values_list("pk", flat=True)[:BATCH])
    for need_id in ids:
        signals.need_due.send(sender=Need, need_id=need_id)
    return len(ids)


def _after_conflict(at: datetime) -> int:
    """What began while a place was being left or an area changed, and days on which help ends."""
    return (
        _each(
            evacuations.left_behind(),
            lambda pk: services.take_back_evacuated(referral_id=pk, at=at),
        )
        + _each(
            evacuations.not_looked_after(),
            lambda pk: services.look_after_change(referral_id=pk, at=at),
        )
        + _each(
            Referral.objects.leaving_unchecked(at).order_by("leave_check_at", "id"),
            lambda pk: services.ask_after_leaving(referral_id=pk, at=at),
        )
    )


def _about_sharing(at: datetime) -> None:
    """Leave to tell that ends soon, deletions nobody heard of, acts that no second person saw."""
    unheard = Referral.objects.deletion_unheard_of(
        at, first=withdrawals.HEAR_WITHIN, again=withdrawals.ASK_AGAIN
    )
    _each(
        Consent.objects.ending(at, consents.SOON).order_by("ends_at", "id"),
        lambda pk: services.warn_of_end(consent_id=pk, at=at),
    )
    _each(
        unheard.order_by("taken_back_at", "id"),
        lambda pk: services.ask_about_deletion(referral_id=pk, at=at),
    )
    _each(
        VitalAct.objects.overdue(at).order_by("review_due_at", "id"),
        lambda pk: services.escalate_vital_act(act_id=pk, at=at),
    )


def _each_of_the_day(at: datetime) -> int:
    """What a person planned or owes, and nobody wrote down what came of it."""
    covers.bring_to(at)
    missed = Visit.objects.missed(at - visits.GRACE).soonest_first()
    over = Transfer.objects.overdue(at) | Transfer.objects.without_consent(at)
    return (
        _each(missed, lambda pk: services.ask_about_missed(visit_id=pk, at=at))
        + _each(
            over.order_by("answer_due_at", "id"),
            lambda pk: services.expire_transfer(transfer_id=pk, at=at),
        )
        + _each(
            Accompaniment.objects.unheard_of(at - accompaniments.GRACE).order_by("leaves_at", "id"),
            lambda pk: services.ask_about_way(accompaniment_id=pk, at=at),
        )
    )


def _asks_without_consent(at: datetime):
    """Asks in cases where something that was agreed to has ended: candidates for a closer look."""
    ended = Consent.objects.filter(case=OuterRef("need__case"), ends_at__lte=at, withdrawn_at=None)
    in_force = Consent.objects.in_force(at).filter(
        case=OuterRef("need__case"), purpose=Purpose.FIND_HELP
    )
    return (
        Referral.objects.asks()
        .filter(Exists(ended))
        .exclude(Exists(in_force.filter(capability=OuterRef("service__capability"))))
        .exclude(vital__in=VitalAct.objects.standing())
        .exclude(Exists(in_force.filter(organization=OuterRef("service__organization"))))
        .order_by("answer_due_at", "id")
    )


def _due(at: datetime):
    return Need.objects.filter(state=NeedState.DUE).awaiting_routing(at).oldest_due_first()


def _do_overdue(need_id: UUID, at: datetime) -> None:
    """With nobody above to route it, it is a human's turn."""
    if signals.need_overdue.has_listeners():
        signals.need_overdue.send(sender=Need, need_id=need_id, at=at)
    else:
        services.ask_human(need_id=need_id, kind="by_hand", by=services.SWEEP, at=at)


def _each(rows, act: Callable[[UUID], object]) -> int:
    """One bad row never stops the others; it stays due and is found again."""
    done = 0
    ids: Iterable[UUID] = list(rows.values_list("pk", flat=True)[:BATCH])
    for pk in ids:
        try:
            act(pk)
            done += 1
        except UnableToAct:
            continue  # somebody else moved it meanwhile
        except Exception:
            log.exception("sweep: a row could not be handled; it stays due")
    return done
