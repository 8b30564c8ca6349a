"""What HSDS has no field for: attributes with terms of the profile, and sentences for people."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any
from uuid import UUID

from providers.hsds.facts import NUMBERS, OTHER, SERVED
from providers.hsds.terms import (
    ACCESS,
    CAPABILITIES,
    CONDITIONS,
    FACTS,
    NONE,
    REACHED,
    REPORTS,
    Term,
    term,
)
from providers.importers.identity import stable_id
from providers.importers.listing import Listing, OrganizationTold, PlaceTold
from providers.vocabulary import Exposure

NOT_TOLD = "not_told"  # HSDS demands a status, whether or not one is known
Attribute = dict[str, Any]


def said(document: dict[str, Any]) -> dict[str, Any]:
    """Without what is not known; 0 and False are known."""
    return {name: value for name, value in document.items() if value not in (None, "", [], ())}


def attribute(
    entity: str, key: UUID, taxonomy: str, code: str, *, value: str | None = None, label: str = ""
) -> Attribute:
    """One term put to one row. `value` is kept also where it is empty: that is what was said."""
    one = term(taxonomy, code)
    made: Attribute = {
        "id": str(stable_id("hsds", "attribute", entity, str(key), taxonomy, code, label)),
        "link_id": str(key),
        "link_entity": entity,
        "link_type": taxonomy,
    }
    if value is not None:
        made["value"] = value
    if label:
        made["label"] = label
    return made | {"taxonomy_term": term_inside(one)}


@cache
def term_inside(one: Term) -> dict[str, Any]:
    """A term as it stands in an attribute: its taxonomy by key and name. Not to be changed."""
    return said(
        {
            "id": str(one.id),
            "code": one.code,
            "name": one.name,
            "description": one.description,
            "parent_id": str(one.parent_id) if one.parent_id else None,
            "taxonomy": one.taxonomy.name,
            "language": "eng",
            "taxonomy_id": str(one.taxonomy.id),
        }
    )


def of_service(told: Listing, key: UUID) -> list[Attribute]:
    def made(taxonomy: str, code: str, **more: str) -> Attribute:
        return attribute("service", key, taxonomy, code, **more)

    found = [made(taxonomy, code, **more) for taxonomy, code, more in _facts(told)]
    if str(key) != told.source_id:
        found.append(made(FACTS, "source_id", value=told.source_id))
    return found


def _facts(told: Listing) -> Iterator[tuple[str, str, dict[str, str]]]:
    """(taxonomy, code, value and label) of all that is known of a service."""
    if told.capability:
        yield CAPABILITIES, told.capability, {}
    if told.reached_by:
        yield REACHED, told.reached_by, {}
    for taxonomy, codes in ((CONDITIONS, told.conditions), (ACCESS, told.access)):
        for code in (NONE,) if codes == () else codes or ():
            yield taxonomy, code, {}
    if told.reports_to == {}:
        yield REPORTS, NONE, {}
    for actor, basis in (told.reports_to or {}).items():
        yield REPORTS, actor, {"value": basis}
    if told.languages == ():
        yield FACTS, "languages", {"value": NONE}
    for fact in (*SERVED, *OTHER, *(() if has_capacity(told) else NUMBERS)):
        value = getattr(told, fact.field)
        if value is not None:
            yield fact.taxonomy, fact.code, {"value": fact.write(value)}
    if told.operating is None:
        yield FACTS, "operating", {"value": NOT_TOLD}
    for text in told.texts:
        yield FACTS, "text", {"label": f"{text.what} {text.language}", "value": text.text}


def has_capacity(told: Listing) -> bool:
    """Whether HSDS can say it: what is counted, how many are free, and since when."""
    known = None not in (told.unit, told.reported_free, told.confirmed_at)
    return known and told.unit != "none"


def of_organization(told: OrganizationTold, key: UUID) -> list[Attribute]:
    found = []
    if told.kind:
        found.append(attribute("organization", key, FACTS, "organization_kind", value=told.kind))
    if str(key) != told.source_id:
        found.append(attribute("organization", key, FACTS, "source_id", value=told.source_id))
    return found


def of_place(told: PlaceTold | None, key: UUID, *, exposure: str | None) -> list[Attribute]:
    if told is None:
        why = "redacted" if exposure == Exposure.REDACTED else NONE
        return [attribute("location", key, FACTS, "place", value=why)]
    found = []
    if told.kind:
        found.append(attribute("location", key, FACTS, "place_kind", value=told.kind))
    if str(key) != told.source_id:
        found.append(attribute("location", key, FACTS, "source_id", value=told.source_id))
    return found


def text_in_english(told: Listing, what: str) -> str:
    """The one text that HSDS has room for: in English, else the first."""
    texts = [one for one in told.texts if one.what == what]
    english = [one for one in texts if one.language == "eng"]
    return next((one.text for one in (*english, *texts)), "")
