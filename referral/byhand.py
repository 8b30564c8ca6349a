"""Services of one kind of help, found by name or place, each with whether it may be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, prefetch_related_objects

from providers import access
from providers.capacity import day_of
from providers.models import Service, User
from providers.models.services import monday
from referral import safety
from referral.errors import refusals
from referral.models import Need

SHOWN = 30


@dataclass(frozen=True, slots=True)
class Hit:
    """One service. `refused`: why it may not be asked (ruling 1); empty if it may be."""

    service: Service
    refused: str
    closed: bool  # now, or not there today
    may_be_told: bool  # walk-in: the person is told of it, or accompanied


def choosable(need: Need, user: User):
    """What this user may choose from by hand: of confidential services nobody reads who works for
    a security actor or an authority."""
    return access.services_seen_by(user).filter(capability=need.capability)


def search(need: Need, query: str, at: datetime, *, user: User) -> list[Hit]:
    """At most SHOWN, the person's own area first; the same number of queries for any result."""
    case = need.case
    week = monday(at.astimezone(case.area.zone()).date())
    services = (
        choosable(need, user)
        .with_free(at, week)
        .select_related("organization", "location", "area__parent__parent")
        .prefetch_related("conditions", "reports_to")
    )
    for word in query.split():
        services = services.filter(
            Q(name__icontains=word)
            | Q(organization__name__icontains=word)
            | Q(area__name__icontains=word)
            | Q(area__parent__name__icontains=word)
        )
    near = services.filter(area=case.area_id).order_by("name", "id")[:SHOWN]
    found = list(near)
    if len(found) < SHOWN:
        rest = services.exclude(area=case.area_id).order_by("name", "id")
        found += rest[: SHOWN - len(found)]
    return judge(need, found, at)


def judge(need: Need, found: list[Service], at: datetime) -> list[Hit]:
    prefetch_related_objects([need.case], "exclusions")
    consents = safety.consents_for(need, at=at)
    live = set(need.referrals.live().values_list("service_id", flat=True))
    said = refusals()
    hits = []
    for service in found:
        code = safety.refusal(case=need.case, service=service, at=at, consents=consents)
        told = code in (None, "consent") and service.reached_by == "walk_in"
        code = code or ("asked" if service.pk in live else None)
        closed = not (service.is_operating and service.is_there_on(day_of(service, at)))
        hits.append(Hit(service, str(said[code]) if code else "", closed, told))
    return hits
