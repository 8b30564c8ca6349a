"""What is due, found by looking at the rows: without a broker slower, never stopped."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from referral import services, signals
from referral.errors import UnableToAct
from referral.lifecycle import NeedState
from referral.models import Consent, Need, Referral

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

    def anything(self) -> bool:
        return any((self.nudged, self.routed, self.timed_out, self.alarms, self.retried))


def sweep(*, at: datetime) -> Swept:
    """One look. Any number of these may run at once: every step is a conditional update."""
    found = Swept()
    overdue_asks = Referral.objects.overdue(at).order_by("answer_due_at", "id")
    found.timed_out = _each(
        overdue_asks, lambda pk: services.time_out(referral_id=pk, by=services.SWEEP, at=at)
    )
    _each(_asks_without_consent(at), lambda pk: services.end_unconsented(referral_id=pk, at=at))
    missing = Referral.objects.arrival_check_due(at).order_by("arrival_check_at", "id")
    found.alarms = _each(missing, lambda pk: services.alarm_about_arrival(referral_id=pk, at=at))
    services.hand_on(limit=BATCH)
    found.retried = services.retry_unmet(at=at, limit=BATCH)
    found.routed = _each(_due(at).filter(due_at__lte=at - OVERDUE), lambda pk: _do_overdue(pk, at))
    fresh = _due(at).filter(due_at__gt=at - OVERDUE).values_list("pk", flat=True)[:BATCH]
    for need_id in fresh:
        signals.need_due.send(sender=Need, need_id=need_id)
        found.nudged += 1
    return found


def _asks_without_consent(at: datetime):
    """Asks in cases where something that was agreed to has ended: candidates for a closer look."""
    ended = Consent.objects.filter(case=OuterRef("need__case"), ends_at__lte=at, withdrawn_at=None)
    in_force = Consent.objects.in_force(at).filter(case=OuterRef("need__case"))
    return (
        Referral.objects.asks()
        .filter(Exists(ended))
        .exclude(Exists(in_force.filter(capability=OuterRef("service__capability"))))
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
