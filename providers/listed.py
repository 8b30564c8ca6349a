"""Services of the directory as listings: what every export and exchange format is made from.

Here, and only here, it is decided what of a service leaves the directory. Of a confidential one:
its area, no finer than the county, and its relay contact; never its place, nor a text or address
that could tell it. Of a place that it shares with others, not theirs either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from providers import access
from providers.importers.listing import (
    AreaTold,
    HoursTold,
    Listing,
    OrganizationTold,
    PhoneTold,
    PlaceTold,
    Text,
    Where,
)
from providers.models import Area, Membership, Organization, Phone, Service
from providers.vocabulary import Exposure, Level

BATCH = 500
RELATED = ("organization", "location", "area__parent__parent")
ROWS = ("conditions", "languages", "reports_to", "hours", "phones", "texts")


@dataclass(frozen=True, slots=True)
class Listed:
    """A listing with what only our own rows have. Its `source_id`s are our keys as text."""

    listing: Listing
    id: UUID
    created_at: datetime
    changed_at: datetime
    zone: ZoneInfo  # in which its hours are meant
    synthetic: bool = False
    doubted: bool = False  # somebody said that it may not exist


def seen_by(user) -> QuerySet:
    """What this asker may have listed: who has no role here is the public."""
    if user is None or not user.is_authenticated or not Membership.objects.of(user).exists():
        return Service.objects.filter(exposure=Exposure.PUBLIC)
    return access.services_seen_by(user)


def in_full(services: QuerySet) -> QuerySet:
    """With all that `listing_of` reads: a fixed number of queries for any number of services."""
    confidential = Service.objects.filter(
        location=OuterRef("location"), exposure=Exposure.REDACTED
    ).order_by()
    areas = Area.objects.select_related("parent__parent").order_by("pcode", "version")
    return (
        services.select_related(*RELATED)
        .prefetch_related(*ROWS, Prefetch("covers", areas))
        .annotate(place_is_hidden=Exists(confidential))
    )


def listings(services: QuerySet, *, user) -> Iterator[Listing]:
    """Those of `services` that `user` may see, in the order given; a slice is not taken."""
    return (one.listing for one in listed(services, user=user))


def listed(services: QuerySet, *, user) -> Iterator[Listed]:
    """As `listings`, with keys and times. Read in batches, so of any number."""
    seen = services.filter(pk__in=seen_by(user).order_by().values("pk"))
    rows = in_full(seen).iterator(chunk_size=BATCH)
    return (as_listed(row, line) for line, row in enumerate(rows, start=1))


def as_listed(service: Service, line: int = 1) -> Listed:
    """One row of `in_full`."""
    return Listed(
        listing=listing_of(service, line),
        id=service.pk,
        created_at=service.created_at,
        changed_at=service.changed_at,
        zone=service.area.zone() if service.area else ZoneInfo("UTC"),
        synthetic=service.synthetic,
        doubted=service.existence_doubted,
    )


def listing_of(service: Service, line: int = 1) -> Listing:
    """One row of `in_full`, without what must not leave.

    Of a confidential service also texts, addresses and mail stay out: they may tell the place.
    """
    return Listing(
        where=Where(line),
        source_id=str(service.pk),
        name=service.name,
        organization=organization_told(service.organization),
        capability=service.capability or None,
        place=_place(service),
        area=area_told(service.area),
        covers=_each_once(area_told(one) for one in service.covers.all()),
        phones=_phones(service),
        languages=tuple(sorted(one.code for one in service.languages.all())),
        conditions=tuple(sorted(one.kind for one in service.conditions.all())),
        reports_to={one.actor: one.basis for one in service.reports_to.all()},
        access=None if service.access is None else tuple(service.access),
        hours=_hours(service),
        texts=() if service.is_redacted else _texts(service),
        **{name: getattr(service, name) for name in AS_STORED},
        **{name: "" if service.is_redacted else getattr(service, name) for name in OF_THE_PLACE},
    )


AS_STORED = (
    "min_age",
    "max_age",
    "serves_women",
    "serves_men",
    "serves_other",
    "max_son_age",
    "takes_pregnant",
    "reached_by",
    "remote",
    "comes_to_person",
    "mobile",
    "unit",
    "maximum",
    "reported_free",
    "confirmed_at",
    "operating",
    "operating_since",
    "operating_cause",
    "exposure",
    "synthetic",
    "places_for",
    "takes_waiting_list",
    "meets_first",
    "closed_until",
    "available_from",
    "available_until",
)
OF_THE_PLACE = ("url", "email")  # lead to a place, so not told of a confidential one


def organization_told(organization: Organization) -> OrganizationTold:
    return OrganizationTold(
        name=organization.name,
        source_id=str(organization.pk),
        kind=organization.kind,
        description=organization.description,
        url=organization.url,
        email=organization.email,
    )


def _place(service: Service) -> PlaceTold | None:
    place = service.location
    if place is None or service.is_redacted or service.place_is_hidden:
        return None
    at = (None, None) if place.unlocated else (place.latitude, place.longitude)  # 0, 0 is no place
    return PlaceTold(place.name, str(place.pk), place.kind, *at)


def _phones(service: Service) -> tuple[PhoneTold, ...]:
    """Each once, the first number first. Of a confidential one only its relay contact."""
    own = (service.phone, service.short_code)
    code = [PhoneTold(service.short_code, short=True)] if service.short_code else []
    first = [PhoneTold(service.phone)] if service.phone not in ("", service.short_code) else []
    if service.is_redacted:
        return tuple((code or first)[:1]) if service.tells_phone else ()
    more = sorted(service.phones.all(), key=lambda one: one.pk)
    rows = (phone_told(one) for one in more if one.number not in own)
    return (*first, *code, *rows)


def phone_told(one: Phone) -> PhoneTold:
    return PhoneTold(one.number, one.short, one.note, tuple(one.languages), one.all_day)


def _hours(service: Service) -> tuple[HoursTold, ...]:
    lines = (one.line for one in service.hours.all())
    told = (
        HoursTold(one.days, one.opens, one.closes, one.valid_from, one.valid_until) for one in lines
    )
    return tuple(sorted(told, key=lambda one: (one.days, one.opens, str(one.valid_from))))


def _texts(service: Service) -> tuple[Text, ...]:
    rows = (Text(one.what, one.language, one.text) for one in service.texts.all())
    return tuple(sorted(rows, key=lambda one: (one.what, one.language)))


def area_told(area: Area | None) -> AreaTold:
    """By code and names, no finer than the county, and without a point."""
    while area is not None and area.level > Level.COUNTY:
        area = area.parent
    if area is None:
        return AreaTold()
    return AreaTold(pcode=area.pcode, version=area.version, names=_names(area))


def _names(area: Area) -> tuple[str, ...]:
    """From the state down; of a country its own."""
    above = []
    one: Area | None = area
    while one is not None and (one.level > Level.COUNTRY or one is area):
        above.append(one.name)
        one = one.parent
    return tuple(reversed(above))


def _each_once(areas: Iterable[AreaTold]) -> tuple[AreaTold, ...]:
    return tuple(dict.fromkeys(areas))
