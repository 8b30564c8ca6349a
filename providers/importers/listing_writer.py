"""Listings into the directory, many at once: in the transaction that is open, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from providers import capacity, history, operating
from providers.capabilities import capability
from providers.importers import listing_fields, listing_rows
from providers.importers.listing import Listing
from providers.importers.listing_match import ListingMatcher
from providers.importers.listing_target import Target
from providers.importers.verdict import Context, Verdict, refused
from providers.importers.writer import (
    BATCH,
    NewService,
    ServiceChange,
    add_services,
    change_services,
    differs,
    insert,
)
from providers.models import Area, Location, Organization, Service
from providers.models.imports import Outcome

MOVED = "changed here since the file was looked at. Check the file again to see what differs now."
PLACE = ("name", "kind", "area_id", "unlocated", "latitude", "longitude")


def write(plans: Sequence[Verdict], matcher: ListingMatcher) -> dict[int, Verdict]:
    """Write these rows. What has changed meanwhile is not written: its place in `plans` and why."""
    targets = [Target.from_json(one.plan) for one in plans]
    places = {one.location for one in targets if one.location}
    beside = Service.objects.filter(location__in=places).values_list("pk", flat=True)
    capacity.lock(services={*beside, *(one.service for one in plans if one.service)})
    now = matcher.compare(targets)
    moved = {n: why for n, why in enumerate(map(_moved, plans, now)) if why}
    kept = [pair for n, pair in enumerate(now) if n not in moved]
    context = matcher.context
    wanted = [target for _verdict, target in kept]
    _organizations(wanted, context)
    moved_places = _locations(wanted, context)
    areas = Area.objects.in_bulk({pk for one in wanted for pk in one.covers})
    add_services(
        _new(target, context, areas)
        for verdict, target in kept
        if target.service and verdict.service is None
    )
    changed = _change([(target, verdict) for verdict, target in kept if verdict.service], context)
    if moved_places:
        others = Service.objects.filter(location__in=moved_places).exclude(pk__in=changed)
        others.update(revision=F("revision") + 1, changed_at=context.at)
    return moved


def _moved(before: Verdict, pair: tuple[Verdict, Target]) -> Verdict | None:
    """Why this can no longer be written as it was shown."""
    now, _target = pair
    if now.outcome == Outcome.REFUSED:
        return now
    if now.outcome in (Outcome.DOUBTFUL, Outcome.UNCHANGED):
        return refused("(row)", MOVED)
    if (before.service, before.revision) != (now.service, now.revision):
        return refused("(row)", MOVED)
    return None


# ------------------------------------------------------------------------- what must be there
def _organizations(targets: Sequence[Target], context: Context) -> None:
    wanted = {one.organization: one.listing.organization for one in targets}
    stored = set(Organization.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    Organization.objects.bulk_create(
        [
            Organization(
                id=key,
                name=told.name,
                kind=told.kind,
                source=context.source,
                **{
                    name: getattr(told, name)
                    for name in listing_fields.ORGANIZATION_FIELDS
                    if getattr(told, name)
                },
            )
            for key, told in wanted.items()
            if key not in stored
        ],
        batch_size=BATCH,
    )


def _locations(targets: Sequence[Target], context: Context) -> list[UUID]:
    """New places in; of the others what the file says of them. Returns those that changed."""
    wanted = {one.location: one for one in targets if one.location and one.listing.place}
    stored = Location.objects.in_bulk(wanted)
    new = [_location(one, context) for key, one in wanted.items() if key not in stored]
    insert(new)
    changed = []
    for key, place in stored.items():
        told = _location(wanted[key], context, place)
        if differs(told, place, PLACE):
            changed.append(told)
    if changed:
        Location.objects.bulk_update(
            changed,
            ["name", "kind", "area", "unlocated", "latitude", "longitude"],
            batch_size=BATCH,
        )
    return [one.pk for one in changed]


def _location(target: Target, context: Context, stored: Location | None = None) -> Location:
    told = target.listing.place
    known = stored or Location(
        source=context.source, source_id=told.source_id or str(target.location)
    )
    area = target.area or known.area_id
    return Location(
        id=target.location,
        organization_id=known.organization_id or target.organization,
        name=told.name or known.name or target.listing.name,
        kind=told.kind or known.kind,
        area_id=area,
        unlocated="" if area else known.unlocated or Location.Unlocated.OUTSIDE,
        latitude=known.latitude if told.latitude is None else told.latitude,
        longitude=known.longitude if told.longitude is None else told.longitude,
        looks_like=known.looks_like,
        source=known.source,
        source_id=known.source_id,
        synthetic=known.synthetic,
    )


# ------------------------------------------------------------------------- services
def _new(target: Target, context: Context, areas: dict[UUID, Area]) -> NewService:
    told = target.listing
    counted = told.confirmed_at is not None
    facts = listing_fields.assumed(told) | listing_fields.told(told)
    facts.setdefault("unit", capability(told.capability).unit)
    service = Service(
        id=target.service,
        organization_id=target.organization,
        location_id=target.location,
        area_id=target.area,
        capability=told.capability,
        reported_free=told.reported_free if counted else None,
        confirmed_at=told.confirmed_at,
        source=context.source,
        source_id=told.source_id,
        created_at=context.at,
        changed_at=context.at,
        **facts,
    )
    return NewService(
        service,
        languages=tuple(dict.fromkeys(told.languages or ())),
        conditions=tuple(dict.fromkeys(told.conditions or ())),
        reports_to=dict(told.reports_to or {}),
        covers=tuple(areas[one] for one in dict.fromkeys(target.covers)),
        **listing_rows.told_of(told),
    )


def _change(rows: Sequence[tuple[Target, Verdict]], context: Context) -> list[UUID]:
    """Returns those whose revision rose: all but those with a newer number and nothing else."""
    stored = Service.objects.select_related("area__parent__parent").prefetch_related(
        *listing_rows.NAMES
    )
    services = stored.in_bulk([target.service for target, _verdict in rows])
    said = history.Said(source=context.source)
    changes, counted, states = [], [], []
    for target, verdict in rows:
        names = {field for field, _before, _after in verdict.diff}
        service = services[target.service]
        if names <= set(listing_fields.FREE):
            counted.append((service, target.listing))
            continue
        if names & set(listing_fields.STATE):
            states.append((service, target.listing))
        if names - set(listing_fields.STATE):
            changes.append(_service_change(target, service, names))
    _take_over(counted, said, context.at)
    change_services(changes, at=context.at, said=said)
    for service, told in states:
        _record_state(service, told, context)
    return [one.pk for one in (*(change.service for change in changes), *(s for s, _ in states))]


def _take_over(counted: Sequence[tuple[Service, Listing]], said: history.Said, at: datetime):
    for service, told in counted:
        capacity.take_over(
            service_id=service.pk, free=told.reported_free, counted_at=told.confirmed_at, at=at
        )
    former = [service for service, _told in counted]
    now = Service.objects.in_bulk([one.pk for one in former])
    after = {key: history.number_of(one) for key, one in now.items()}
    history.record_numbers(former=former, after=after, said=said, at=at)


def _record_state(service: Service, told: Listing, context: Context) -> None:
    """What the file says of whether it works, as a record through time. The rest of what is
    recorded stays: the day and the cause of a state that is the same."""
    status = told.operating or service.operating
    same = status == service.operating
    since = told.operating_since or (same and listing_fields.state_since(service)) or None
    cause = told.operating_cause
    if cause is None:
        cause = service.operating_cause if same else ""
    operating.record_status(
        service_id=service.pk,
        status=status,
        since=since or capacity.day_of(service, context.at),
        source=context.source,
        cause=cause,
        at=context.at,
    )


def _service_change(target: Target, service: Service, names: set[str]) -> ServiceChange:
    told = target.listing
    facts: dict[str, Any] = {
        name: value
        for name, value in listing_fields.told(told).items()
        if name not in listing_fields.STATE
    }
    facts["organization_id"] = target.organization
    facts["location_id"] = target.location or service.location_id
    facts["area_id"] = target.area or (None if told.remote else service.area_id)
    if "confirmed_at" in names:
        facts["reported_free"], facts["confirmed_at"] = told.reported_free, told.confirmed_at
        facts["confirmed_by_id"] = None
    return ServiceChange(
        service,
        facts,
        languages=told.languages if "languages" in names else None,
        conditions=told.conditions if "conditions" in names else None,
        reports_to=told.reports_to if "reports_to" in names else None,
        covers=target.covers if "covers" in names else None,
        **{
            name: value
            for name, value in listing_rows.told_of(told, service).items()
            if name in names
        },
    )
