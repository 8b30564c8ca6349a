"""Services as GeoJSON (RFC 7946): a point where the place may be told, else an area code only."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import BinaryIO

from providers import flat_words as words
from providers.exporters.files import Facts, listings_of
from providers.flat import coarse
from providers.flat_cells import hours_cell
from providers.flat_words import UNKNOWN, AreaCodes
from providers.importers.listing import Listing
from providers.listed import Listed

AS_TOLD = (
    "name", "capability", "operating", "operating_since", "operating_cause", "closed_until",
    "available_from", "available_until", "confirmed_at", "min_age", "max_age", "serves_women",
    "serves_men", "serves_other", "max_son_age", "takes_pregnant", "places_for", "unit", "maximum",
    "reported_free", "takes_waiting_list", "meets_first", "reached_by", "remote",
    "comes_to_person", "mobile", "email", "url", "languages", "access", "conditions", "reports_to",
    "exposure", "synthetic",
)  # fmt: skip


def write(rows: Iterable[Listed], out: BinaryIO, facts: Facts) -> None:
    write_listings(listings_of(rows), out, facts)


def write_listings(listings: Iterable[Listing], out: BinaryIO, facts: Facts) -> None:
    out.write(b'{"type":"FeatureCollection","features":[')
    for number, listing in enumerate(listings):
        codes = facts.codes.get((listing.area.pcode, listing.area.version), UNKNOWN)
        feature = json.dumps(as_feature(listing, codes), ensure_ascii=False, separators=(",", ":"))
        out.write(b",\n" if number else b"\n")
        out.write(feature.encode("utf-8", "replace"))
    out.write(b"\n]}\n")


def as_feature(listing: Listing, codes: AreaCodes = UNKNOWN) -> dict:
    listing = coarse(listing)
    return {
        "type": "Feature",
        "id": listing.source_id,
        "geometry": _geometry(listing),
        "properties": _told(_properties(listing, codes)),
    }


def _geometry(listing: Listing) -> dict | None:
    place = listing.place
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return {"type": "Point", "coordinates": [place.longitude, place.latitude]}


def _properties(listing: Listing, codes: AreaCodes) -> dict:
    return {
        "organization": listing.organization.name,
        "organization_kind": listing.organization.kind,
        "help": words.kind_of_help(listing, codes),
        "sector": words.sector(listing, codes),
        "pillar": words.pillar(listing, codes),
        "for_whom": words.for_whom(listing, codes),
        "adm0_name": codes.country,
        "adm1_name": words.state(listing, codes),
        "adm1_code": codes.state_code,
        "adm2_name": words.county(listing, codes),
        "adm2_code": codes.county_code,
        "area_code": listing.area.pcode,
        "area_version": listing.area.version,
        "covers": [one.pcode for one in listing.covers],
        "place": listing.place.name if listing.place else None,
        "place_kind": listing.place.kind if listing.place else None,
        "phones": [asdict(one) for one in listing.phones],
        "hours": [hours_cell(one) for one in listing.hours if one.days],
        "texts": [asdict(one) for one in listing.texts],
    } | {name: getattr(listing, name) for name in AS_TOLD}


def _told(properties: dict) -> dict:
    """Without what nobody says: a null would read as an answer."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in properties.items()
        if value is not None and value != "" and value != []
    }
