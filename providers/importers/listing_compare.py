"""Listings beside what the directory has: what differs, and what their sender may not touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from providers import import_access
from providers.importers import (
    area_match,
    directory_areas,
    listing_fields,
    listing_fit,
    listing_rows,
)
from providers.importers.area_match import Areas
from providers.importers.csvfile import RowRefused
from providers.importers.facilities import looks_like_words
from providers.importers.identity import stable_id
from providers.importers.listing import Listing
from providers.importers.listing_fields import STATE
from providers.importers.listing_target import Target
from providers.importers.verdict import Context, Verdict, changes, refused
from providers.local_time import area_zones
from providers.models import Location, Service
from providers.models.imports import Outcome
from providers.vocabulary import Authority, Exposure

WITH = ("organization", "location", "area")
LISTS = ("languages", "conditions", "reports_to", "covers", *listing_rows.NAMES)


@dataclass(slots=True)
class Stored:
    """What the directory has of these listings, in a fixed number of queries."""

    services: dict[UUID, Service] = field(default_factory=dict)
    by_source: dict[str, UUID] = field(default_factory=dict)
    organizations: dict[UUID, import_access.Known] = field(default_factory=dict)
    by_name: dict[str, list[import_access.Known]] = field(default_factory=dict)
    locations: dict[UUID, Location] = field(default_factory=dict)
    hidden: set[UUID] = field(default_factory=set)  # places that this user may not learn of
    unseen: set[UUID] = field(default_factory=set)  # services, likewise


class Comparer:
    """For one sender; the areas are read once."""

    def __init__(self, context: Context, areas: Areas, reach: import_access.Reach) -> None:
        self.context = context
        self.areas = areas
        self.reach = reach

    def compared(self, targets: Sequence[Target]) -> list[tuple[Verdict, Target]]:
        """What these come to now, and with which keys."""
        stored = self._stored(targets)
        return [self._compare(one, stored) for one in targets]

    def _stored(self, targets: Sequence[Target]) -> Stored:
        keys = [one.service for one in targets if one.service]
        own = [one.listing.source_id for one in targets if one.service]
        mine = Service.objects.filter(source=self.context.source, source_id__in=own)
        by_source = dict(mine.values_list("source_id", "pk"))
        wanted = {*keys, *by_source.values()}
        rows = Service.objects.select_related(*WITH).prefetch_related(*LISTS)
        services = rows.in_bulk(wanted)
        places = {one.location for one in targets if one.location}
        places |= {one.location_id for one in services.values() if one.location_id}
        locations = Location.objects.in_bulk(places)
        named = {one.listing.organization.name for one in targets}
        user = self.context.user
        keys = {one.organization for one in targets}
        organizations, by_name = import_access.organizations_known(keys, named)
        return Stored(
            services=services,
            by_source=by_source,
            organizations=organizations,
            by_name=by_name,
            locations=locations,
            hidden=import_access.hidden_places(user, locations) if locations else set(),
            unseen=import_access.unseen_services(user, services) if services else set(),
        )

    def _compare(self, target: Target, stored: Stored) -> tuple[Verdict, Target]:
        target = self._known(target, stored)
        try:
            self._may(target, stored)
            organization = self._organization(target, stored)
            target = replace(target, organization=organization)
            service = stored.services.get(target.service) if target.service else None
            asked = self._ask_about_actor(target, stored, service)
            if asked:
                return asked, target
            listing_fit.fits(target.listing, service, self._today(target, service))
            diff = self._diff(target, service, stored)
        except RowRefused as reason:
            return refused(reason.column, reason.reason), target
        exists = service is not None or (not target.service and target.location in stored.locations)
        outcome = Outcome.NEW if not exists else Outcome.CHANGED if diff else Outcome.UNCHANGED
        verdict = Verdict(
            outcome,
            reason=self._note(target, service, stored),
            service=service.pk if service else None,
            revision=service.revision if service else None,
            diff=diff if exists else [],
        )
        return verdict, target

    def _known(self, target: Target, stored: Stored) -> Target:
        """By our key; else by the key in its source, and the place that such a service has."""
        key = target.service
        if key and key not in stored.services:
            key = stored.by_source.get(target.listing.source_id, key)
        target = replace(target, service=key)
        place, service = target.listing.place, stored.services.get(key)
        if place and not place.source_id and service and service.location:
            same = area_match.plain(service.location.name) == area_match.plain(place.name)
            if same or not place.name:
                return replace(target, location=service.location_id)
        if place and not place.source_id and target.location in stored.hidden:
            # whether there is such a place must not show: this one is another
            other = stable_id(self.context.source, "place", "beside", str(key))
            return replace(target, location=other)
        return target

    def _may(self, target: Target, stored: Stored) -> None:
        """Raises RowRefused for what lies outside the areas, or is kept from this user."""
        if not self.reach.holds(target.area):
            raise RowRefused("area", "lies outside your areas. Whoever coordinates it imports it.")
        service = stored.services.get(target.service)
        location = stored.locations.get(target.location)
        for one in (service, location):
            if one is not None and not self.reach.holds(one.area_id):
                raise RowRefused("id", "is of something outside your areas. Use another id.")
        if target.service in stored.unseen:
            raise RowRefused("id", "is of something outside your areas. Use another id.")
        kept_from_us = (
            service is not None
            and service.is_redacted
            and service.organization_id not in self.reach.own
        )
        if kept_from_us and target.listing.place is not None:
            raise RowRefused(
                "place",
                "of a confidential service is changed by its own people only. Leave place and "
                "coordinates out of this row.",
            )
        if kept_from_us:
            _leaves_alone(target.listing, service)
        if service and target.listing.place and service.location_id in stored.hidden:
            raise RowRefused("place", "cannot be changed by a file. Leave it out of this row.")
        if target.location in stored.hidden and not (service and service.is_redacted):
            raise RowRefused("place", "cannot be changed by a file. Leave it out of this row.")
        told = target.listing
        if service and service.is_redacted and told.exposure not in (None, Exposure.REDACTED):
            raise RowRefused(
                "exposure", "a file cannot make a confidential service known. Do it on its page."
            )
        if service and service.capability != told.capability:
            raise RowRefused(
                "help",
                f"“{told.capability}”, but this service gives {service.capability}. A "
                "service keeps its kind of help: add another one.",
            )

    def _organization(self, target: Target, stored: Stored) -> UUID:
        """By id; else by name within the list, else the only one of this name anywhere."""
        told = target.listing.organization
        if target.organization in stored.organizations:
            return target.organization
        service = stored.services.get(target.service)
        if service and service.organization.name.casefold() == told.name.casefold():
            return service.organization_id
        called = stored.by_name.get(told.name.casefold(), [])
        if not told.source_id:
            own = [one for one in called if one.source == self.context.source]
            called = own or called
            if len(called) == 1:
                return called[0].pk
            if called:
                raise RowRefused(
                    "organization",
                    f"{len(called)} organizations are called {told.name}. Write the id of one.",
                )
        if told.kind is None:
            raise RowRefused(
                "organization kind", f"is empty, and {told.name} is new here. Say which kind it is."
            )
        return target.organization

    def _ask_about_actor(self, target: Target, stored: Stored, service) -> Verdict | None:
        """Names like a security actor’s: nobody is sent there until a person has said that it is
        none (ruling 2)."""
        if target.checked or service is not None or not target.service:
            return None
        told = target.listing
        names = (told.organization.name, told.name, told.place.name if told.place else "")
        actor = looks_like_words(" ".join(names))
        known = stored.organizations.get(target.organization)
        if actor == Authority.NONE or (known and known.authority != Authority.NONE):
            return None
        return Verdict(
            Outcome.DOUBTFUL,
            "name",
            f"By its name this may be run by {actor.value}. Nobody would be sent there: is it "
            "something else?",
            doubt=f"actor {told.organization.name}"[:200],
            candidates=[{"area": "", "how": "checked", "point": "kept", "label": ""}],
        )

    # ----------------------------------------------------------------- differences
    def _diff(self, target: Target, service: Service | None, stored: Stored) -> list[list[str]]:
        diff: list[list[str]] = []
        if service is not None:
            diff += changes(self._before(service), self._after(target, service))
            diff += listing_rows.changes(target.listing, service)
            diff += listing_fit.room(target.listing, service)
            if service.location_id != target.location and target.location:
                name = target.listing.place.name or target.listing.name
                diff.append(["location", _name_of(service.location), name])
        place = stored.locations.get(target.location)
        if place is not None:
            diff += changes(self._place_before(place), self._place_after(target))
        return diff

    def _place_before(self, place: Location) -> dict[str, Any]:
        return {
            "place": place.name,
            "place_kind": place.kind,
            "coordinates": coordinates(place.latitude, place.longitude),
            "place_area": self._area(place.area_id),
        }

    def _place_after(self, target: Target) -> dict[str, Any]:
        place = target.listing.place
        if place is None:
            return {}
        after = {
            "place": place.name,
            "place_kind": place.kind,
            "coordinates": coordinates(place.latitude, place.longitude),
            "place_area": self._area(target.area),
        }
        return {name: value for name, value in after.items() if value}

    def _before(self, service: Service) -> dict[str, Any]:
        found = {name: getattr(service, name) for name in listing_fields.FIELDS}
        if found.get("access") is not None:
            found["access"] = sorted(found["access"])
        return found | {
            "phone": service.phone,
            "short_code": service.short_code,
            "organization": service.organization.name,
            "area": self._area(service.area_id),
            "languages": {one.code for one in service.languages.all()},
            "conditions": {one.kind for one in service.conditions.all()},
            "reports_to": {one.actor: one.basis for one in service.reports_to.all()},
            "covers": {self._area(one.pk) for one in service.covers.all()},
        }

    def _after(self, target: Target, service: Service) -> dict[str, Any]:
        told = target.listing
        found = listing_fields.told(told)
        if listing_fields.is_older(told, service):
            found = {name: said for name, said in found.items() if name not in STATE}
        if target.organization != service.organization_id:
            found["organization"] = told.organization.name
        if target.area or told.remote:
            found["area"] = self._area(target.area)
        for name in ("languages", "conditions"):
            if getattr(told, name) is not None:
                found[name] = set(getattr(told, name))
        if told.reports_to is not None:
            found["reports_to"] = dict(told.reports_to)
        if told.covers:
            found["covers"] = {self._area(one) for one in target.covers}
        return found

    def _today(self, target: Target, service: Service | None) -> date:
        """The day where the service is; that of UTC where no zone could make a difference."""
        day, since = self.context.at.date(), target.listing.operating_since
        if since is None or since < day:
            return day
        known = service.area_id if service and not target.listing.remote else None
        zone = self.zones.get(target.area or known, UTC)
        return self.context.at.astimezone(zone).date()

    @cached_property
    def zones(self) -> dict[UUID, ZoneInfo]:
        return area_zones()

    def _area(self, area: UUID | None) -> str:
        return directory_areas.label_of(area, self.areas) if area else ""

    def _note(self, target: Target, service: Service | None, stored: Stored) -> str:
        told = target.listing
        notes = list(listing_fields.without_home(told))
        if service is not None and listing_fields.is_older(told, service):
            notes.append("a state that began before the one that is recorded here")
        known = stored.organizations.get(target.organization)
        if known is not None and known.name != told.organization.name:
            notes.append(f"the organization is called {known.name} here")
        if told.reported_free is not None and told.confirmed_at is None:
            notes.append("free places without the moment when they were counted")
        return f"Not kept: {'; '.join(notes)}." if notes else ""


def _leaves_alone(told: Listing, service: Service) -> None:
    """Raises RowRefused for what could ask after more of a confidential service than its relay
    contact: a guess that is right would change nothing, and so be known."""
    contact = len(told.phones) == 1 and told.phones[0].short == bool(service.short_code)
    kept = {
        "phones": told.phones and not (service.tells_phone and contact),
        "url": told.url,
        "email": told.email,
        "texts": told.texts,
    }
    for column, said in kept.items():
        if said:
            raise RowRefused(
                column,
                "of a confidential service is changed by its own people only. Leave it out of "
                "this row.",
            )


def coordinates(latitude: float | None, longitude: float | None) -> str:
    return "" if latitude is None else f"{latitude:.6f}, {longitude:.6f}"


def _name_of(location: Location | None) -> str:
    return location.name if location else ""
