"""A place has to be left, or something changed where it stands: what that means for its people.

The directory tells of it inside its own transaction, before it locks a service, so that cases are
locked first as always. What begins at that very moment is not seen there; the sweep finds it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Subquery

from providers import capacity
from providers.models import Review
from providers.vocabulary import Unit, Urgency
from referral.lifecycle import AGREED, ASKS, NeedState
from referral.models import Need, Referral, Turn
from referral.models.turns import TurnKind
from referral.services import needs
from referral.services.answers import look_on
from referral.services.arrivals import give_place_back
from referral.services.locks import lock_cases, lock_referral, move_referral
from referral.services.offers import end
from referral.services.trail import SWEEP, By, record
from referral.services.turns import close_referral_turns, open_turn

UNDER_WAY = timedelta(minutes=1)  # an ask that was being sent when everybody had to leave


# ------------------------------------------------------------------------- everybody has to leave
def place_is_evacuated(sender, *, services: Iterable[UUID], at: datetime, **_) -> None:
    """Everybody there, or on the way there, is looked for first; what was asked is taken back."""
    for referral_id in _locked(services):
        take_back_evacuated(referral_id=referral_id, at=at)
    # what somebody chose there by hand is not asked any more; the router looks at everybody
    wanted = Need.objects.filter(wanted_service__in=list(services), state=NeedState.DUE)
    wanted.update(wanted_service=None, wanted_reason="", claim_token=None, lease_until=None)


def _locked(services: Iterable[UUID]) -> list[UUID]:
    """The live referrals of these services, who is there first; cases locked, then services."""
    services = list(services)
    live = Referral.objects.live().filter(service__in=services)
    cases = set(live.values_list("need__case_id", flat=True))
    lock_cases(cases)
    capacity.lock(services=services)
    found = live.filter(need__case__in=cases).order_by("-arrived_at", "id")
    there_first = sorted(found, key=lambda one: (one.state not in AGREED, str(one.pk)))
    return [one.pk for one in there_first]


@transaction.atomic
def take_back_evacuated(*, referral_id: UUID, at: datetime) -> None:
    """One live referral to a place that has to be left; nothing where it is live no more."""
    referral = lock_referral(referral_id)
    if referral.state in AGREED:
        evacuate(referral_id=referral_id, by=SWEEP, at=at)
    elif referral.state in ASKS:
        _ask_elsewhere(referral, at, because="evacuated")


@transaction.atomic
def evacuate(*, referral_id: UUID, by: By, at: datetime) -> Referral:
    """The place is gone for this person: the need is due before all others, and the caseworker
    finds out where the person is. Where a bed is lost, one is needed within the hour."""
    referral = lock_referral(referral_id)
    need = referral.need
    move_referral(referral, "evacuate", by=by, ended_at=at, arrival_check_at=None)
    give_place_back(referral, at)
    close_referral_turns(referral=referral, at=at, by=by.user)
    record(
        case=need.case,
        kind="evacuated",
        by=by,
        at=at,
        need_id=need.pk,
        referral_id=referral.pk,
        service=str(referral.service_id),
        urgency_before=need.urgency,
    )
    need.evacuated_at = at
    if referral.service.unit == Unit.BED:
        need.urgency = Urgency.IMMEDIATE
    Need.objects.filter(pk=need.pk).update(evacuated_at=at, urgency=need.urgency)
    needs.make_due(need=need, by=by, at=at, move="reopen")
    open_turn(
        case=need.case, need=need, referral=referral, kind=TurnKind.EVACUATED, at=at, due_at=at
    )
    return referral


def _ask_elsewhere(referral: Referral, at: datetime, *, because: str) -> None:
    end(referral_id=referral.pk, move="cancel", by=SWEEP, at=at, because=because)
    look_on(referral.need, SWEEP, at)


# ------------------------------------------------------------------------- something changed there
def something_changed(sender, *, services: Iterable[UUID], at: datetime, **_) -> None:
    """What was decided on the old state is decided again; of who is there somebody is told."""
    for referral_id in _locked(services):
        look_after_change(referral_id=referral_id, at=at)


@transaction.atomic
def look_after_change(*, referral_id: UUID, at: datetime) -> None:
    """An ask is decided again, unless a person made it with a reason; that, and whoever is there or
    on the way, is a human's turn."""
    referral = lock_referral(referral_id)
    if referral.state in ASKS and not referral.reason:
        _ask_elsewhere(referral, at, because="something_changed")
    elif referral.state in (*ASKS, *AGREED):
        need = referral.need
        told = {"case": need.case, "need": need, "referral": referral}
        open_turn(**told, kind=TurnKind.SITUATION, at=at, due_at=at)
        record(
            case=need.case,
            kind="something_changed",
            by=SWEEP,
            at=at,
            need_id=need.pk,
            referral_id=referral.pk,
            service=str(referral.service_id),
        )


def left_behind():
    """Live referrals at places that had to be left, which nobody has taken back yet."""
    return Referral.objects.at_evacuated_places(UNDER_WAY).order_by("offered_at", "id")


def not_looked_after():
    """Live referrals older than a change that waits for its review, of which nobody was told."""
    review = Review.objects.open().filter(service=OuterRef("service")).values("opened_at")[:1]
    told = Turn.objects.filter(
        referral=OuterRef("pk"), kind=TurnKind.SITUATION, opened_at__gte=OuterRef("changed")
    )
    live = Referral.objects.live().annotate(changed=Subquery(review))
    return (
        live.filter(changed__isnull=False, offered_at__lte=F("changed"))
        .exclude(Exists(told))
        .order_by("offered_at", "id")
    )
