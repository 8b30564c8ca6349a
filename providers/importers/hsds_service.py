"""One service of HSDS 3 as listings: one for each place where it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from providers.hsds.facts import one_of
from providers.importers import hsds_fields as read
from providers.importers import hsds_terms as terms
from providers.importers.csvfile import RowRefused
from providers.importers.hsds_languages import languages
from providers.importers.hsds_places import Source, at_place
from providers.importers.listing import (
    Listing,
    OrganizationTold,
    Text,
    Where,
)
from providers.vocabulary import Condition, Operating, OrganizationKind, Unit

UNDETERMINED = "und"  # ISO 639-2 for a text whose language the file does not tell
STATUS = {
    "active": Operating.FUNCTIONING,
    "inactive": Operating.CLOSED,
    "defunct": Operating.CLOSED,
    "temporarily closed": Operating.SUSPENDED,
}
KEPT = {
    *("id", "organization_id", "name", "description", "url", "email", "status"),
    *("application_process", "minimum_age", "maximum_age", "last_modified", "modified_date"),
    *("phones", "schedules", "service_areas", "service_at_locations", "languages"),
    *("organization", "cost_options", "required_documents", "capacities", "attributes"),
}
OURS_TOO = {"eligibility_description", "fees_description", "alert", "assured_date"}
UNITS = {"bed": Unit.BED, "place": Unit.PLACE, "appointment": Unit.APPOINTMENT}
OLDEST = 150


def listings(
    document: dict[str, Any], *, where: Where, offset: timedelta | None = None
) -> list[Listing]:
    """Raises RowRefused. `offset`: from UTC, where the services are; see `hsds_hours.hours`."""
    source = Source(document, where, offset, [], terms.told(document))
    key = read.text(document, "id", most=100)
    if not key:
        raise RowRefused("id", "is empty. Every service needs a key that stays the same.")
    common = _common(source)
    at = read.parts(document, "service_at_locations")
    several = len(at) > 1
    found = []
    for path, one in at or [("", {})]:
        said = common | at_place(source, path, one)
        said["source_id"] = _key_of(source, key, one, several)
        found.append(Listing(**said, not_kept=tuple(dict.fromkeys(source.not_kept))))
    return found


def _key_of(source: Source, key: str, at: dict, several: bool) -> str:
    """One place: the service's key. Several: each place's own, or they would be one service."""
    own = source.told.value("source_id")
    if own is not None:
        return own
    return (read.text(at, "id", most=100) if several else "") or key


def _common(source: Source) -> dict[str, Any]:
    """What the service has wherever it is."""
    document, told = source.document, source.told
    said: dict[str, Any] = {
        "where": source.where,
        "name": read.name_of(document),
        "organization": organization(document),
        "texts": _texts(source),
        "url": read.text(document, "url"),
        "email": read.text(document, "email"),
        "languages": _languages(source),
    }
    said |= _ages(document) | {"operating": _status(source)} | terms.lists(told) | _capacity(source)
    said |= terms.fields(told)
    if not source.is_ours:
        said["conditions"] = _asked(document)
    source.not_kept += [*_without_a_home(source), *told.others]
    return said


def _ages(document: dict[str, Any]) -> dict[str, Any]:
    youngest = read.whole(document, "minimum_age", most=OLDEST)
    oldest = read.whole(document, "maximum_age", most=OLDEST)
    if youngest is not None and oldest is not None and youngest > oldest:
        raise RowRefused("minimum_age", f"{youngest} is above the maximum_age, {oldest}.")
    return {"min_age": youngest, "max_age": oldest}


def _without_a_home(source: Source) -> Iterator[str]:
    kept = KEPT | OURS_TOO if source.is_ours else KEPT
    for name, value in source.document.items():
        if name not in kept and value not in (None, "", [], {}):
            yield str(name)[:60]


def organization(document: dict[str, Any]) -> OrganizationTold:
    inside = read.part(document, "organization")
    if inside is None:
        raise RowRefused(
            "organization",
            "is missing. Expected the organization with its name inside the service: "
            "export full services.",
        )
    told = terms.told(inside, where="organization.")
    name = read.name_of(inside, where="organization.")
    description = read.text(inside, "description", where="organization.")
    key = told.value("source_id")
    kind = told.value("organization_kind")
    return OrganizationTold(
        name=name,
        source_id=read.text(inside, "id", where="organization.", most=100) if key is None else key,
        kind=kind and read.checked(
            lambda: one_of(tuple(OrganizationKind.values))(kind),
            "organization.attributes",
            f"a kind of organization ({', '.join(OrganizationKind.values)})",
        ),
        description="" if description == name else description,
        url=read.text(inside, "website", where="organization."),
        email=read.text(inside, "email", where="organization."),
    )  # fmt: skip


def _status(source: Source) -> str | None:
    told = read.text(source.document, "status").lower()
    if not told:
        return None
    if told not in STATUS:
        raise RowRefused("status", f"expected one of: {', '.join(STATUS)}; not {told[:60]!r}.")
    says_otherwise = source.told.value("operating") is not None
    return None if says_otherwise else STATUS[told]


def _texts(source: Source) -> tuple[Text, ...]:
    own = terms.texts(source.told)
    told = {one.what for one in own}
    if source.told.codes(terms.REACHED):  # then it is our own sentence
        told.add("how_to_reach")
    found = {"description": "description", "how_to_reach": "application_process"}
    rest = [
        Text(what, UNDETERMINED, read.text(source.document, name))
        for what, name in found.items()
        if what not in told and read.text(source.document, name)
    ]
    return (*own, *rest)


def _asked(document: dict[str, Any]) -> tuple[str, ...] | None:
    """Papers and fees that another system names; that it names none does not say there is none."""
    asked = []
    if read.parts(document, "required_documents"):
        asked.append(Condition.DOCUMENTS)
    costs = read.parts(document, "cost_options")
    if any((read.number(one, "amount", where=path) or 0) > 0 for path, one in costs):
        asked.append(Condition.FEES)
    return tuple(str(one) for one in asked) or None


def _languages(source: Source) -> tuple[str, ...] | None:
    if source.told.value("languages") == "none":
        return ()
    known, unknown = languages(source.document)
    source.not_kept += unknown
    return known or None


def _capacity(source: Source) -> dict[str, Any]:
    """The first that is counted in something we know; of others, that they were there."""
    said: dict[str, Any] = {}
    for path, one in read.parts(source.document, "capacities"):
        unit = read.part(one, "unit", where=path) or {}
        name = read.text(unit, "name", where=f"{path}unit.")
        known = UNITS.get(name.lower().removesuffix("s"))
        if known is None or said:
            source.not_kept.append(f"capacities: {name or 'without a unit'}"[:60])
            continue
        free = read.whole(one, "available", where=path)
        maximum = read.whole(one, "maximum", where=path)
        if free is not None and maximum is not None and free > maximum:
            raise RowRefused(f"{path}available", f"is more than the maximum of {maximum}.")
        updated = read.when(one, "updated", where=path)
        if free is not None and updated is None:
            raise RowRefused(f"{path}updated", "is missing. Say when the number was true.")
        said = {"unit": str(known), "reported_free": free, "confirmed_at": updated}
        said["maximum"] = maximum
    return said
