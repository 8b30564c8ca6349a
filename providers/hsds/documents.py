"""What one service is in HSDS 3.1: plain dictionaries, made without a database.

Every document is valid HSDS 3.1 as it stands. `profile=True` says `redacted` for a place that is
withheld, which only our profile knows; plain HSDS has `virtual` for it, with an attribute beside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from providers.hsds import parts, sentence
from providers.hsds.attributes import of_organization, of_service, said, text_in_english
from providers.importers.identity import stable_id
from providers.importers.listing import Listing, OrganizationTold
from providers.listed import Listed
from providers.vocabulary import Exposure, Operating

Document = dict[str, Any]
STATUS = {
    Operating.FUNCTIONING: "active",
    Operating.PARTLY: "active",
    Operating.SUSPENDED: "temporarily closed",
    Operating.CLOSED: "inactive",
    Operating.DESTROYED: "defunct",
    Operating.DISPLACED: "temporarily closed",  # it may work where it went, but not here
}
SYNTHETIC = "Synthetic: invented for a demonstration. Nobody answers here."
DOUBTED = "Somebody said that it may not exist. Ask before you send anybody."


def service(one: Listed, *, profile: bool = False) -> Document:
    """The whole service, with everything inside it."""
    told, key = one.listing, service_key(one.listing)
    document = service_row(one)
    lists = {
        "phones": parts.phones(told, key),
        "schedules": parts.schedules(told, key, zone=one.zone, at=one.changed_at),
        "service_areas": parts.service_areas(told, key),
        "service_at_locations": [_at_location(one, profile)] if has_location(told) else [],
        "languages": parts.languages(told, key),
        "required_documents": parts.required_documents(told, key),
        "capacities": parts.capacities(told, key),
        "attributes": of_service(told, key),
    }
    document["organization"] = organization_row(told.organization, full=True)
    return said(document | lists)


def service_row(one: Listed) -> Document:
    """The service as it stands in a list: what there is one of."""
    told = one.listing
    return said(
        {
            "id": str(service_key(told)),
            "organization_id": str(organization_key(told.organization)),
            "name": told.name,
            "description": text_in_english(told, "description"),
            "url": told.url,
            "email": told.email,
            "status": _status(told),
            "application_process": text_in_english(told, "how_to_reach") or sentence.reached(told),
            "fees_description": sentence.fees(told),
            "eligibility_description": sentence.eligibility(told),
            "minimum_age": told.min_age,
            "maximum_age": told.max_age,
            "assured_date": told.confirmed_at.date().isoformat() if told.confirmed_at else None,
            "alert": _alert(one),
            "last_modified": one.changed_at.isoformat(timespec="milliseconds"),
            "organization": organization_row(told.organization),
        }
    )


def _status(told: Listing) -> str:
    """HSDS demands one. A state that has no word here is not called open."""
    return STATUS.get(told.operating, "inactive") if told.operating else "active"


def _alert(one: Listed) -> str:
    said = ((SYNTHETIC, one.synthetic), (DOUBTED, one.doubted))
    return " ".join(text for text, is_so in said if is_so)


def minimal(one: Listed) -> Document:
    """`id` and `modified_date`; and what no service may be without, or it would not be valid."""
    row = service_row(one)
    kept = {name: row[name] for name in ("id", "name", "status", "last_modified")}
    return kept | {"modified_date": row["last_modified"]}


def organization_row(told: OrganizationTold, *, full: bool = False) -> Document:
    """An organization with nothing inside it; `full`: with its attributes."""
    key = organization_key(told)
    return said(
        {
            "id": str(key),
            "name": told.name,
            "description": told.description or told.name,  # HSDS demands one
            "email": told.email,
            "website": told.url,
            "attributes": of_organization(told, key) if full else None,
        }
    )


def organization(
    services: Sequence[Listed], *, full_service: bool = False, profile: bool = False
) -> Document:
    """One organization with its services, of which there is one at least, and their places."""
    told = services[0].listing.organization
    inside = [service(one, profile=profile) if full_service else _in_short(one) for one in services]
    return said(
        {
            **organization_row(told, full=True),
            "locations": _places(services, profile),
            "services": inside,
        }
    )


def _in_short(one: Listed) -> Document:
    row = service_row(one)
    return {name: row[name] for name in ("id", "name", "status")}


def _places(services: Iterable[Listed], profile: bool) -> list[Document]:
    """Each place once, and none that is withheld."""
    found = {
        parts.shown_place(one.listing): location(one, profile=profile)
        for one in services
        if parts.shown_place(one.listing) is not None
    }
    return list(found.values())


def service_at_location(one: Listed, *, profile: bool = False) -> Document:
    """The service where it is, with the whole service inside.

    `name` and `status` are no fields of it; but the specification's own description of this
    answer points at the schema of a service, which demands them.
    """
    inside = service(one, profile=profile)
    inside.pop("service_at_locations", None)
    names = {name: inside[name] for name in ("name", "status")}
    return {**_at_location(one, profile), **names, "service": inside}


def service_at_location_row(one: Listed, *, profile: bool = False) -> Document:
    inside = _at_location(one, profile)
    location_ = inside["location"]
    flat = {name: value for name, value in location_.items() if not isinstance(value, list)}
    return {
        "id": inside["id"],
        "service_id": inside["service_id"],
        "location_id": inside["location_id"],
        "location": flat,
        "service": service_row(one),
    }


def _at_location(one: Listed, profile: bool) -> Document:
    """There is one for a service, so they share their key."""
    told, key = one.listing, service_key(one.listing)
    place = location(one, profile=profile)
    return said(
        {
            "id": str(key),
            "service_id": str(key),
            "location_id": place["id"],
            "service_areas": parts.own_area(told, key),
            "location": place,
        }
    )


def location(one: Listed, *, profile: bool = False) -> Document:
    """Its place; or, where none is told, only in which area that is."""
    told = one.listing
    return parts.location(
        told,
        key=service_key(told),
        kind=location_type(told, profile=profile),
        organization=organization_key(told.organization),
    )


def location_type(told: Listing, *, profile: bool) -> str:
    if parts.shown_place(told) is not None:
        return "physical"
    return "redacted" if profile and told.exposure == Exposure.REDACTED else "virtual"


def has_location(told: Listing) -> bool:
    return parts.shown_place(told) is not None or parts.is_told(told.area)


# ------------------------------------------------------------------------- keys
def service_key(told: Listing) -> UUID:
    return parts.uuid_of(told.source_id) or stable_id("hsds", "service", told.source_id)


def organization_key(told: OrganizationTold) -> UUID:
    words = (told.source_id, told.name, str(told.kind), told.description, told.url, told.email)
    return parts.uuid_of(told.source_id) or stable_id("hsds", "organization", *words)
