"""Places and services of the facility list: new ones in, changed ones changed, nothing removed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from providers import services
from providers.capabilities import capability
from providers.importers.areas import COUNTRIES
from providers.importers.errors import UnableToImport
from providers.importers.facilities import OFFERS, ORIGIN, SOURCE, Placed
from providers.importers.identity import stable_id
from providers.importers.writer import NewService, Tally, add_services, differs, save_all
from providers.models import Area, Location, Organization, Service
from providers.vocabulary import Authority, Level, OrganizationKind, ReachedBy

BATCH = 250  # places per transaction: nobody waits long behind an import
LOCATION_FIELDS = (
    "organization",
    "name",
    "kind",
    "area",
    "unlocated",
    "latitude",
    "longitude",
    "looks_like",
)
OPERATOR = "operator-not-known"


@dataclass(slots=True)
class Written:
    """What a run did. `doubted`: services that the list no longer supports."""

    locations: Tally = field(default_factory=Tally)
    services: Tally = field(default_factory=Tally)
    organizations: Tally = field(default_factory=Tally)
    doubted: int = 0
    dropped: int = 0  # deleted in this file, listed by an earlier one: kept, and doubted
    gone: int = 0  # places of an earlier run that are not in this file: kept as they are

    def __str__(self) -> str:
        return f"Places: {self.locations}. Services: {self.services}."


def write_facilities(
    placed: Sequence[Placed],
    *,
    deleted: Iterable[str],
    at: datetime,
    whole: bool = False,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Written:
    """Write in small transactions, or with `whole` in a single one. `deleted` are source ids.

    Raises UnableToImport when the areas are not loaded.
    """
    areas = areas_by_pcode()
    unknown = sorted({one.pcode for one in placed if one.pcode} - set(areas))
    if unknown or not areas:
        raise UnableToImport("The areas are not loaded. Run: manage.py load_areas")
    written = Written()
    with transaction.atomic() if whole else nullcontext():
        operators = operators_of(placed, areas, written)
        for start in range(0, len(placed), BATCH):
            write_batch(placed[start : start + BATCH], areas, operators, at, written)
            progress(min(start + BATCH, len(placed)), len(placed))
        doubt_deleted([location_id(one) for one in deleted], at, written)
    written.gone = _count_gone(placed, deleted)
    return written


def location_id(source_id: str) -> UUID:
    return stable_id(SOURCE, source_id)


def service_id(location: Location, code: str) -> UUID:
    return stable_id(SOURCE, location.source_id, code)


def areas_by_pcode() -> dict[str, Area]:
    """The areas of the list's country by P-code: a retired one only where today has none."""
    own = Area.objects.filter(country__in=COUNTRIES)
    ordered = own.select_related("parent__parent").order_by("valid_from", "id")
    found = {one.pcode: one for one in ordered if one.retired_on}
    return found | {one.pcode: one for one in ordered if not one.retired_on}


def operators_of(placed, areas: Mapping[str, Area], written: Written) -> dict[str, Organization]:
    """Those that are needed, saved."""
    rows = operators_for(placed, areas)
    written.organizations += save_all(list(rows.values()), fields=())
    return rows


def operators_for(placed, areas: Mapping[str, Area]) -> dict[str, Organization]:
    """By P-code: one “operator not known” per state, one for the country; those that are needed."""
    needed = {area.pcode: area for area in (_state(one, areas) for one in placed)}
    return {
        pcode: Organization(
            id=stable_id(SOURCE, OPERATOR, pcode),
            name=f"Operator not known, {area.name}",
            kind=OrganizationKind.STATE,
            source=SOURCE,
        )
        for pcode, area in sorted(needed.items())
    }


def _state(one: Placed, areas: Mapping[str, Area]) -> Area:
    if one.pcode:
        return areas[one.pcode].parent
    return min(
        (area for area in areas.values() if area.level == Level.COUNTRY), key=lambda a: a.pcode
    )


@transaction.atomic
def write_batch(batch, areas, operators, at: datetime, written: Written) -> None:
    planned = [location_of(one, areas, operators) for one in batch]
    before = Location.objects.in_bulk([one.id for one in planned])
    not_known = {stable_id(SOURCE, OPERATOR, pcode) for pcode in areas}
    for one in planned:
        respect_people(one, before.get(one.id), not_known)
    existing = _services_of(planned)
    written.locations += save_all(planned, fields=LOCATION_FIELDS)
    followed = 0
    for location in planned:
        stored, own = before.get(location.id), existing[location.id]
        if stored is not None and differs(location, stored, LOCATION_FIELDS):
            _follow(own, stored, location, at)
            followed += len(own)
        written.doubted += _doubt_unsupported(own, location, at)
    added = add_services(
        _service(location, code, at) for location in planned for code in offered_at(location)
    )
    of_before = sum(len(own) for own in existing.values())
    written.services += Tally(added.new, followed, of_before - followed)


def location_of(one: Placed, areas, operators) -> Location:
    facility, known = one.facility, one.unlocated != ORIGIN
    return Location(
        id=location_id(facility.source_id),
        organization=operators[_state(one, areas).pcode],
        name=facility.name,
        kind=facility.kind,
        area=areas[one.pcode] if one.pcode else None,
        unlocated=one.unlocated,
        latitude=facility.latitude if known else None,
        longitude=facility.longitude if known else None,
        looks_like=facility.looks_like,
        source=SOURCE,
        source_id=facility.source_id,
    )


def respect_people(planned: Location, stored: Location | None, not_known: set[UUID]) -> None:
    """Keep the operator that somebody found out, and what somebody checked about this name."""
    if stored is None:
        return
    if stored.organization_id not in not_known:
        planned.organization_id = stored.organization_id
    if stored.name == planned.name:
        planned.looks_like = stored.looks_like


def offered_at(location: Location) -> tuple[str, ...]:
    """The capabilities that the list supports here; none where nobody may be sent."""
    if location.area_id is None or location.looks_like != Authority.NONE:
        return ()
    return OFFERS.get(location.kind, ())


def _service(location: Location, code: str, at: datetime) -> NewService:
    service = Service(
        id=service_id(location, code),
        organization_id=location.organization_id,
        location=location,
        area=location.area,
        name=location.name,
        capability=code,
        unit=capability(code).unit,
        reached_by=ReachedBy.WALK_IN,
        source=SOURCE,
        source_id=f"{location.source_id}:{code}",
        created_at=at,
        changed_at=at,
    )
    return NewService(service)


def _services_of(locations: Iterable[Location]) -> dict[UUID, list[Service]]:
    found: dict[UUID, list[Service]] = defaultdict(list)
    for service in Service.objects.filter(source=SOURCE, location__in=locations).by_name():
        found[service.location_id].append(service)
    return found


def _follow(own: Iterable[Service], before: Location, after: Location, at: datetime) -> None:
    """A place changed: its services follow where nobody wrote something else, and say so."""
    for service in own:
        changes = {}
        if service.name == before.name:
            changes["name"] = after.name
        if service.area_id == before.area_id and after.area_id:
            changes["area"] = after.area
        if service.organization_id == before.organization_id != after.organization_id:
            Service.objects.filter(pk=service.pk).update(organization=after.organization_id)
        services.change_service(service_id=service.pk, at=at, **changes)


def _doubt_unsupported(existing: Iterable[Service], location: Location, at: datetime) -> int:
    supported = offered_at(location)
    return _doubt((one for one in existing if one.capability not in supported), at)


@transaction.atomic
def doubt_deleted(locations: Sequence[UUID], at: datetime, written: Written) -> None:
    written.dropped = Location.objects.filter(pk__in=locations).count()
    written.doubted += _doubt(
        Service.objects.filter(source=SOURCE, location_id__in=locations).by_name(), at
    )


def _doubt(doubtful: Iterable[Service], at: datetime) -> int:
    """Nobody new is sent until a person has looked; nothing is removed."""
    done = 0
    for service in doubtful:
        if not service.existence_doubted:
            services.change_service(service_id=service.pk, at=at, existence_doubted=True)
            done += 1
    return done


def _count_gone(placed: Iterable[Placed], deleted: Iterable[str]) -> int:
    seen = {one.facility.source_id for one in placed} | set(deleted)
    stored = Location.objects.filter(source=SOURCE).values_list("source_id", flat=True)
    return sum(one not in seen for one in stored)
