"""A watch that owes nothing to our code: what must never happen to the numbers of a service fails
in the database, and what must be true of all rows is counted once more from the referrals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Q

from providers.capacity import week_of
from providers.models import Service
from providers.vocabulary import Unit
from referral.lifecycle import AGREED, ASKS, LIVE, ClosedBecause, NeedState
from referral.models import CaseEvent, Need, Referral
from referral.obligations import forgotten_arrivals, forgotten_needs

OVERSOLD = """new.held > old.held and new.unit in ('bed', 'place')
    and new.held + new.placed_since > coalesce(new.reported_free, 0)"""
ON_SQLITE = f"""
create trigger no_oversell before update on providers_service when {OVERSOLD}
begin select raise(abort, 'oversold'); end
"""
ON_POSTGRESQL = f"""
create or replace function no_oversell() returns trigger language plpgsql as $$
begin
    if {OVERSOLD} then raise exception 'oversold' using errcode = 'check_violation'; end if;
    return new;
end $$;
create trigger no_oversell before update on providers_service
    for each row execute function no_oversell();
"""
OFF = {
    "sqlite": "drop trigger no_oversell",
    "postgresql": "drop trigger no_oversell on providers_service; drop function no_oversell()",
}


@contextmanager
def watched() -> Iterator[None]:
    """Where a hold would take a bed that is not free, IntegrityError: oversold."""
    with connection.cursor() as cursor:
        cursor.execute(ON_SQLITE if connection.vendor == "sqlite" else ON_POSTGRESQL)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(OFF[connection.vendor])


def wrong_numbers(*, placed: bool = True) -> list[str]:
    """Services whose holds, open asks or agreed places are not those of their referrals.

    `placed=False` where acts of different moments are mixed at random: a number that is confirmed
    after a yes, but dated before it, says nothing about that yes.
    """
    live: dict[UUID, list[Referral]] = defaultdict(list)
    for one in Referral.objects.filter(Q(state__in=LIVE) | Q(pk__in=_left_where_they_are())):
        live[one.service_id].append(one)
    return [
        f"{service.name}: held {service.held}, asks {service.open_asks}, "
        f"placed {service.placed_since}; its referrals say {told}"
        for service in Service.objects.select_related("area__parent").order_by("id")
        if (service.held, service.open_asks, service.placed_since)[: 3 if placed else 2]
        != (told := _told_by_referrals(service, live[service.pk]))[: 3 if placed else 2]
    ]


def _left_where_they_are() -> list[UUID]:
    """Help that ended because the case was closed: that empties no bed; the provider counts it."""
    ended = CaseEvent.objects.filter(kind__in=["completed", "interrupted"])
    by_closing = ended.filter(data__because__in=ClosedBecause.values)
    return list(by_closing.values_list("referral_id", flat=True))


def _told_by_referrals(service: Service, live: list[Referral]) -> tuple[int, int, int]:
    asks = [one for one in live if one.state in ASKS]
    placed = sum(one.placed for one in live if one.state not in ASKS and _counts(service, one))
    return sum(one.held for one in asks), len(asks), placed


def _counts(service: Service, agreed: Referral) -> bool:
    """Since the provider's own number; of appointments, only those of the week counted now."""
    since = service.confirmed_at is None or agreed.answered_at > service.confirmed_at
    if service.unit != Unit.APPOINTMENT:
        return since
    return since and week_of(service, agreed.answered_at) == service.placed_week


def broken_promises(*, placed: bool = True) -> list[str]:
    """Everything that must be true of all rows at any time, and is not."""
    agreed = Count("referrals", filter=Q(referrals__state__in=AGREED))
    asked = Count("referrals", filter=Q(referrals__state__in=ASKS))
    needs = Need.objects.annotate(agreed=agreed, asked=asked)
    nobody_answers = needs.filter(state__in=[NeedState.OFFERED, NeedState.WAITING], asked=0)
    nobody_agreed = needs.filter(state=NeedState.PLACED, agreed=0)
    unheard = needs.filter(
        state__in=[NeedState.UNMET, NeedState.PARKED, NeedState.MET, NeedState.CLOSED], asked__gt=0
    )
    beyond = Referral.objects.filter(held__gt=F("people"))
    uncounted = Referral.objects.filter(service__unit=Unit.NONE).exclude(held=0, placed=0)
    return [
        *wrong_numbers(placed=placed),
        *(f"forgotten: need {one}" for one in forgotten_needs()),
        *(f"forgotten: arrival {one}" for one in forgotten_arrivals()),
        *(f"agreed twice: {one}" for one in needs.filter(agreed__gt=1)),
        *(f"asked, but nobody is: {one}" for one in nobody_answers),
        *(f"agreed, but nobody has: {one}" for one in nobody_agreed),
        *(f"somebody is still asked: {one}" for one in unheard),
        *(f"holds more than its people: {one}" for one in beyond),
        *(f"holds what is not counted: {one}" for one in uncounted),
    ]
