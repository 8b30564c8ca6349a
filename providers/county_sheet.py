"""Which services the printed sheet of one county is made from, for whoever may read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from django.db.models import Q, QuerySet
from django.utils import timezone

from providers.access import services_seen_by
from providers.listed import listings
from providers.models import Area, Service, User
from providers.pathway import Around, Pathway, pathway
from providers.vocabulary import Authority

MOST_READ = 1000
CATALOGUES = {"eng": "en", "ara": "ar", "fra": "fr"}  # by ISO 639-3


@dataclass(frozen=True, slots=True)
class Sheet:
    area: Area
    on: date  # today on the wall of the county
    pathway: Pathway
    cut: bool  # there are more than MOST_READ for this county


def sheet(*, user: User, county: Area, at: datetime) -> Sheet:
    """`county` with its parents loaded."""
    rows = listings(for_county(services_seen_by(user), county), user=user)
    told = list(islice(rows, MOST_READ + 1))
    state = county.parent
    around = Around(
        county=county.pcode,
        state=state.pcode if state else "",
        country=state.parent.pcode if state and state.parent else "",
    )
    on = timezone.localtime(at, county.zone()).date()
    found = pathway(told[:MOST_READ], around=around, at=at, on=on)
    return Sheet(county, on, found, cut=len(told) > MOST_READ)


def for_county(seen: QuerySet, county: Area) -> QuerySet:
    """What stands in it, covers it or reaches it from afar, the near first.

    Left out is whom nobody is sent to: authorities and security actors, places whose name looks
    like one and that no person has checked, and what may not exist.
    """
    state = county.parent
    areas = [one for one in (county, state, state and state.parent) if one is not None]
    covering = Service.covers.through.objects.filter(area__in=areas).values("service")
    reaches = Q(area__in=areas) | Q(pk__in=covering) | Q(remote=True)
    checked = Q(location=None) | Q(location__looks_like=Authority.NONE)
    civil = Q(organization__authority=Authority.NONE, organization__is_security_actor=False)
    return seen.filter(reaches, checked, civil, existence_doubted=False).order_by(
        "remote", "name", "id"
    )
