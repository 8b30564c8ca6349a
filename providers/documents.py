"""Between the rows of the directory and the plain documents of `diff`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from providers import facts
from providers.facts import Fact, Shape
from providers.hours import Line
from providers.models import Area, Location, Organization, Service

Subject = Service | Organization | Location
FACTS: dict[type, dict[str, Fact]] = {
    Service: facts.SERVICE,
    Organization: facts.ORGANIZATION,
    Location: facts.LOCATION,
}
ONE_ROW = {Shape.AREA: Area, Shape.PLACE: Location, Shape.SERVICE: Service}
LISTS = {  # of a service: field → how its rows become a value
    "languages": lambda service: sorted(one.code for one in service.languages.all()),
    "conditions": lambda service: {
        one.kind: one.note for one in sorted(service.conditions.all(), key=lambda row: row.kind)
    },
    "reports_to": lambda service: {
        one.actor: {"basis": one.basis, "about": one.about}
        for one in sorted(service.reports_to.all(), key=lambda row: row.actor)
    },
    "covers": lambda service: sorted(str(one.pk) for one in service.covers.all()),
    "hours": lambda service: sorted(
        (_hours(one.line) for one in service.hours.all()), key=lambda one: str([*one.values()])
    ),
    "stops": lambda service: sorted(
        (
            {"area": str(one.area_id), "from": plain(one.starts_on), "until": plain(one.ends_on)}
            for one in service.stops.all()
        ),
        key=lambda one: (one["from"], one["area"]),
    ),
    "phones": lambda service: {
        one.number: {
            "short": one.short,
            "note": one.note,
            "languages": sorted(one.languages),
            "all_day": one.all_day,
        }
        for one in sorted(service.phones.all(), key=lambda row: row.number)
    },
    "texts": lambda service: {
        f"{one.what}:{one.language}": one.text
        for one in sorted(service.texts.all(), key=lambda row: (row.what, row.language))
    },
    "parts": lambda service: sorted(one.places_for for one in service.parts.all()),
}


def _hours(line: Line) -> dict[str, Any]:
    return {
        "days": list(line.days),
        "opens": line.opens.isoformat("minutes"),
        "closes": line.closes.isoformat("minutes"),
        "from": plain(line.valid_from),
        "until": plain(line.valid_until),
    }


def line_of(told: Mapping[str, Any]) -> Line:
    """As it was before it became plain."""
    first, end = (told[name] and date.fromisoformat(told[name]) for name in ("from", "until"))
    opens, closes = (time.fromisoformat(told[name]) for name in ("opens", "closes"))
    return Line(tuple(told["days"]), opens, closes, first, end)


def facts_of(subject: Subject) -> dict[str, Fact]:
    return FACTS[type(subject)]


def document_of(subject: Subject, names: Iterable[str] | None = None) -> dict[str, Any]:
    """These fields (all of them) as they stand in the row; one query per list that is not
    prefetched. Names that are no field of it are left out."""
    known = facts_of(subject)
    wanted = known if names is None else [name for name in known if name in set(names)]
    return {name: _value(subject, name, known[name]) for name in wanted}


def _value(subject: Subject, name: str, fact: Fact) -> Any:
    if isinstance(subject, Service) and name in LISTS:
        return LISTS[name](subject)
    if fact.shape in ONE_ROW:
        key = getattr(subject, f"{name}_id")
        return str(key) if key else None
    return plain(getattr(subject, name))


def plain(value: Any) -> Any:
    """As JSON gives it back; a closed code as bare text."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return sorted(str(one) for one in value)
    return str(value) if isinstance(value, str) else value


def stored(subject_facts: Mapping[str, Fact], document: Mapping[str, Any]) -> dict[str, Any]:
    """What the writers of `services` take for this document."""
    return {name: _stored(subject_facts[name], value) for name, value in document.items()}


def _stored(fact: Fact, value: Any) -> Any:
    if value is None:
        return None
    if fact.shape in ONE_ROW:
        return UUID(value)
    if fact.shape is Shape.AREAS:
        return [UUID(one) for one in value]
    if fact.shape is Shape.DAY:
        return date.fromisoformat(value)
    if fact.shape is Shape.MOMENT:
        return datetime.fromisoformat(value)
    return value


def names_in(known: Mapping[str, Fact], documents: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """id → name of every area, place and service that these documents name. One query for each."""
    keys: dict[type, set[str]] = {Area: set(), Location: set(), Service: set()}
    for document in documents:
        for name, value in document.items():
            shape = known[name].shape if name in known else None
            if shape is Shape.AREAS:
                keys[Area].update(value or ())
            elif shape is Shape.STOPS:
                keys[Area].update(one["area"] for one in value or ())
            elif shape in ONE_ROW and value:
                keys[ONE_ROW[shape]].add(value)
    found: dict[str, str] = {}
    for model, wanted in keys.items():
        if wanted:
            rows = model.objects.filter(pk__in=wanted).values_list("pk", "name")
            found |= {str(pk): name for pk, name in rows}
    return found


def problems(subject: Subject, document: Mapping[str, Any]) -> dict[str, str]:
    """field → sentence: what the database would refuse in this whole document."""
    if isinstance(subject, Location):
        return _problems_of_place(subject, document)
    if isinstance(subject, Organization):
        return {} if document["name"] else {"name": _("Write the name.")}
    return _problems_of_service(document)


def _problems_of_place(place: Location, told: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    if not told["name"]:
        found["name"] = _("Write the name.")
    if not told["area"] and not place.unlocated:
        found["area"] = _("Choose the area: this place has one.")
    for name, most in (("latitude", 90), ("longitude", 180)):
        value = told[name]
        if value is not None and not -most <= value <= most:
            found[name] = _("Write a number from -%(most)d to %(most)d.") % {"most": most}
    if (told["latitude"] is None) != (told["longitude"] is None):
        lacks = "latitude" if told["latitude"] is None else "longitude"
        found[lacks] = _("Write both coordinates, or neither.")
    return found


def _problems_of_service(told: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    youngest, oldest = told["min_age"], told["max_age"]
    if youngest is not None and oldest is not None and youngest > oldest:
        found["max_age"] = _("The oldest age is below the youngest: write %(n)d or more.") % {
            "n": youngest
        }
    if not (told["serves_women"] or told["serves_men"] or told["serves_other"]):
        found["serves_women"] = _("Tick whom it helps: at least one.")
    if not told["area"] and not told["remote"]:
        found["area"] = _("Choose the area, or tick “by phone or online”.")
    free, most = told["reported_free"], told["maximum"]
    if free is not None and most is not None and free > most:
        found["maximum"] = _("%(free)d are said to be free now: write %(free)d or more.") % {
            "free": free
        }
    return found
