"""A listing with every key it leads to: its service, its place, who gives it, where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from providers.importers import area_match
from providers.importers.identity import stable_id
from providers.importers.listing import Listing
from providers.importers.listing_json import from_json, to_json

KEYS = ("service", "organization", "area", "location")


@dataclass(frozen=True, slots=True)
class Target:
    """A listing with every key it leads to. Without a service it is a place alone."""

    listing: Listing
    service: UUID | None
    organization: UUID
    area: UUID | None
    covers: tuple[UUID, ...]
    location: UUID | None
    checked: bool = False  # a person has said that it is none of a security actor

    def to_json(self) -> dict[str, Any]:
        keys = {name: str(getattr(self, name) or "") for name in KEYS}
        return {
            "listing": to_json(self.listing),
            "covers": [str(one) for one in self.covers],
            "checked": self.checked,
            **keys,
        }

    @classmethod
    def from_json(cls, plan: Mapping[str, Any]) -> Target:
        keys = {name: UUID(plan[name]) if plan[name] else None for name in KEYS}
        covers = tuple(UUID(one) for one in plan["covers"])
        return cls(from_json(plan["listing"]), covers=covers, checked=plan["checked"], **keys)


def uuid_of(text: str) -> UUID | None:
    """A key of ours, where it is written as we write it."""
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def service_key(listing: Listing, source: str) -> UUID:
    return uuid_of(listing.source_id) or stable_id(source, listing.source_id)


def location_key(listing: Listing, source: str, organization: UUID, area: UUID | None):
    """By its own id; else the same name of the same organization in the same area is one place."""
    place = listing.place
    if place is None:
        return None
    if place.source_id:
        return uuid_of(place.source_id) or stable_id(source, "place", place.source_id)
    name = place.name or listing.name
    return stable_id(source, "place", str(organization), str(area), area_match.plain(name))


def with_point(listing: Listing, point: str) -> Listing:
    """`kept`, `swapped` or `dropped`: what becomes of the coordinates of its place."""
    place = listing.place
    if point == "kept" or place is None or place.latitude is None:
        return listing
    latitude, longitude = (None, None)
    if point == "swapped":
        latitude, longitude = place.longitude, place.latitude
    return replace(listing, place=replace(place, latitude=latitude, longitude=longitude))
