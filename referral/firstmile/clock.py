"""What the sweep does here: overdue goes to the supervisor, what ended is reduced."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from providers.models import Area
from providers.vocabulary import Level
from referral.firstmile import codes, duties, limits
from referral.firstmile.models import Signal, SignalLook, State
from referral.firstmile.rules import numbers

BATCH = 100


def swept(sender, *, at: datetime, **_more) -> None:
    duties.give_out(at=at)
    escalate(at=at)
    reduce(at=at)
    limits.forget(at=at)
    codes.forget(at=at)


def escalate(*, at: datetime) -> int:
    """Overdue and nobody has ended it: the supervisor's turn, once."""
    return Signal.objects.overdue(at).filter(escalated_at=None).update(escalated_at=at)


def reduce(*, at: datetime) -> int:
    """Of what ended some days ago stay a state, a number and how soon: nobody's code any more."""
    before = at - timedelta(days=numbers()["keep"]["reduce_after_days"])
    old = Signal.objects.filter(state=State.ENDED, ended_at__lte=before, reduced_at=None)
    ids = list(old.order_by("ended_at", "id").values_list("pk", flat=True)[:BATCH])
    for pk in ids:
        _reduce(pk, at)
    return len(ids)


@transaction.atomic
def _reduce(pk, at: datetime) -> None:
    signal = Signal.objects.select_related("area__parent").get(pk=pk)
    signal.not_to.clear()
    SignalLook.objects.filter(signal=signal).delete()
    codes.keep(signal.code, at=at)
    Signal.objects.filter(pk=pk, state=State.ENDED).update(
        area=state_of(signal.area),
        writer="",
        language="",
        barred_kinds="",
        code=None,
        sending=None,
        case=None,
        taken_by=None,
        reduced_at=at,
    )


def state_of(area: Area) -> Area:
    """The state in which it lies; a state is its own."""
    while area.level > Level.STATE and area.parent is not None:
        area = area.parent
    return area
