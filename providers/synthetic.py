"""The synthetic layer: invented organizations and services, so that the product can be tried.

Everything it writes says `synthetic`. A second run adds what is missing and touches nothing else:
the numbers, closures and ways that people have changed since stay theirs, whatever the seed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from providers import services, synthetic_past
from providers.capabilities import capability
from providers.geography import read_boundaries
from providers.importers.areas import BOUNDARIES, FOLDER
from providers.importers.errors import UnableToImport
from providers.importers.identity import stable_id
from providers.importers.invention import Invented, invent, mould
from providers.importers.writer import NewService, Tally, add_services, save_all
from providers.models import Area, AreaLink, Hours, Location, Organization, Service
from providers.vocabulary import Exposure, Level

SOURCE = "synthetic"
SEED = 7


@dataclass(frozen=True, slots=True)
class SyntheticReport:
    """What a run did. `organizations` by key, those of earlier runs too."""

    organizations: dict[str, Organization]
    organizations_written: Tally
    services_written: Tally
    capabilities: tuple[str, ...]
    cut_off: tuple[str, ...]  # what this run cut off, in words; empty after the first run

    def summary(self) -> list[str]:
        lines = [
            f"Synthetic organizations: {self.organizations_written}.",
            f"Synthetic services: {self.services_written} "
            f"({len(self.capabilities)} kinds of help).",
        ]
        return lines + [f"Cut off: {one}." for one in self.cut_off]


@transaction.atomic
def load(*, at: datetime, seed: int = SEED) -> SyntheticReport:
    """Add the layer, dated from `at`. Raises UnableToImport when the areas are not loaded."""
    areas = {one.pcode: one for one in Area.objects.current().select_related("parent__parent")}
    if not any(one.level == Level.COUNTY for one in areas.values()):
        raise UnableToImport("The areas are not loaded. Run: manage.py load_areas")
    is_first = not Organization.objects.filter(source=SOURCE).exists()
    planned = {key: _organization(key, row) for key, row in mould()["organizations"].items()}
    organizations_written = save_all(list(planned.values()), fields=())
    organizations = Organization.objects.in_bulk([one.id for one in planned.values()])
    by_key = {key: organizations[one.id] for key, one in planned.items()}
    invented = invent(seed=seed, counties=_counties(areas.values()))
    planned_services = [_service(one, by_key[one.organization], areas, at) for one in invented]
    _save_places(planned_services)
    known = set(Service.objects.filter(source=SOURCE).values_list("source_id", flat=True))
    services_written = add_services(planned_services)
    _add_hours([one for one in invented if one.key not in known])
    services_written = add_services(planned_services)
    if is_first:
        synthetic_past.write(at=at, areas=areas, organizations=by_key)
    return SyntheticReport(
        organizations=by_key,
        organizations_written=organizations_written,
        services_written=services_written,
        capabilities=tuple(sorted({one.capability for one in invented})),
        cut_off=tuple(_cut_off(areas, at)) if is_first else (),
    )


def _add_hours(new: Iterable[Invented]) -> None:
    """Of services that this run added: hours that people have changed since stay theirs."""
    Hours.objects.bulk_create(
        Hours(
            service_id=stable_id(SOURCE, "service", one.key),
            days=Hours.mask(line.days),
            opens=line.opens,
            closes=line.closes,
        )
        for one in new
        for line in one.hours_of_week
    )


def _save_places(planned: Iterable[NewService]) -> None:
    """The points of new services only: one that became confidential never gets its point back."""
    ids = set(Service.objects.filter(source=SOURCE).values_list("pk", flat=True))
    of_new = [one.service.location for one in planned if one.service.pk not in ids]
    new = [place for place in of_new if place]
    points = [(place.latitude, place.longitude) for place in new]
    found = read_boundaries(FOLDER / BOUNDARIES).place(points=points)
    for place, pcode in zip(new, found, strict=True):
        if pcode != place.area.pcode:  # the middle is near a border
            place.latitude, place.longitude = place.area.latitude, place.area.longitude
    save_all(new, fields=())


def _counties(areas: Iterable[Area]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for one in areas:
        if one.level == Level.COUNTY:
            found[one.parent.pcode][one.pcode] = one.name
    return dict(found)


def _organization(key: str, row: Mapping) -> Organization:
    return Organization(
        id=stable_id(SOURCE, "organization", key),
        name=row["name"],
        kind=row["kind"],
        authority=row.get("authority", "none"),
        is_security_actor=row.get("security_actor", False),
        source=SOURCE,
        synthetic=True,
    )


def _service(
    one: Invented, organization: Organization, areas: Mapping[str, Area], at: datetime
) -> NewService:
    confirmed_at = None if one.hours is None else at - timedelta(hours=one.hours)
    closed = None if one.closed_days is None else (at - timedelta(days=one.closed_days)).date()
    area = areas[one.area] if one.area else None
    service = Service(
        id=stable_id(SOURCE, "service", one.key),
        organization=organization,
        location=_location(one, organization, area),
        beside_id=stable_id(SOURCE, "service", one.beside) if one.beside else None,
        area=area,
        name=one.name,
        capability=one.capability,
        unit=capability(one.capability).unit,
        reported_free=one.free,
        confirmed_at=confirmed_at,
        operating_since=closed,
        source=SOURCE,
        source_id=one.key,
        synthetic=True,
        created_at=at,
        changed_at=at,
        **one.facts,
    )
    return NewService(
        service=service,
        languages=one.languages,
        conditions=one.conditions,
        reports_to=dict(one.reports_to),
        covers=tuple(areas[pcode] for pcode in one.covers),
    )


def _location(one: Invented, organization: Organization, area: Area | None) -> Location | None:
    """A point near the middle of the county; none at all for what is confidential or remote."""
    if area is None or one.facts.get("exposure") == Exposure.REDACTED:
        return None
    return Location(
        id=stable_id(SOURCE, "location", one.key),
        organization=organization,
        name=one.name,
        area=area,
        latitude=round(area.latitude + one.jitter[0], 5),
        longitude=round(area.longitude + one.jitter[1], 5),
        source=SOURCE,
        source_id=one.key,
        synthetic=True,
    )


def _cut_off(areas: Mapping[str, Area], at: datetime) -> Iterable[str]:
    """Once, when the layer is new: what people open again later stays open."""
    plan = mould()["cut_off"]
    for pcode in plan["may_not_be_entered"]:
        services.set_area_accessible(area_id=areas[pcode].pk, accessible=False, at=at)
        yield f"{areas[pcode].name} may not be entered"
    for report in plan["impassable"]:
        for link in _links(report, areas):
            services.report_impassable(
                link_id=link.pk,
                source=report["source"],
                expires_at=at + timedelta(days=report["days"]),
                at=at,
            )
            yield f"{link.a.name} – {link.b.name} for {report['days']} days, {report['source']}"
    for a, b in plan["front_line"]:
        for link in _links({"between": [a, b]}, areas):
            services.set_front_line(link_id=link.pk, front_line=True, at=at)
            yield f"{link.a.name} – {link.b.name}, front line"


def _links(where: Mapping, areas: Mapping[str, Area]) -> Iterable[AreaLink]:
    links = AreaLink.objects.select_related("a", "b").order_by("a__pcode", "b__pcode")
    if "around" in where:
        area = areas[where["around"]]
        return links.filter(Q(a=area) | Q(b=area))
    pair = [areas[pcode] for pcode in where["between"]]
    return links.filter(a__in=pair, b__in=pair)
