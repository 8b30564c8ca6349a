"""What stands inside a service in HSDS: numbers, hours, areas, its place, languages, capacity."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import override

from providers.hsds import attributes
from providers.hsds.attributes import attribute, said
from providers.hsds.terms import FACTS
from providers.importers.identity import stable_id
from providers.importers.listing import AreaTold, HoursTold, Listing, PhoneTold, PlaceTold
from providers.vocabulary import Condition, Exposure, language_label

Part = dict[str, Any]
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MIDNIGHT = time(0, 0)
END_OF_DAY = "23:59"  # HSDS knows no 24:00; from 00:00 to this is the whole day
LONGEST_SHORT_CODE = 6
BETWEEN_NAMES = " > "


def uuid_of(text: str) -> UUID | None:
    """The key that is written so, if it is one; not other ways of writing it."""
    try:
        key = UUID(text)
    except ValueError:
        return None
    return key if str(key) == text else None


def _id(kind: str, key: UUID, *words: object) -> str:
    return str(stable_id("hsds", kind, str(key), *(str(one) for one in words)))


# ------------------------------------------------------------------------- how it is reached
def looks_short(number: str) -> bool:
    return number.isascii() and number.isdigit() and 3 <= len(number) <= LONGEST_SHORT_CODE


def phones(told: Listing, key: UUID) -> list[Part]:
    return [_phone(one, key, n) for n, one in enumerate(told.phones)]


def _phone(told: PhoneTold, key: UUID, n: int) -> Part:
    own = _id("phone", key, n, told.number)
    part = {"id": own, "service_id": str(key), "number": told.number, "type": "voice"}
    more: Part = {"description": told.note}
    facts = {}
    if told.short != looks_short(told.number):
        facts["short_code"] = "yes" if told.short else "no"
    if told.all_day:
        facts["all_day"] = "yes"
    more["attributes"] = [
        attribute("phone", UUID(own), FACTS, name, value=value) for name, value in facts.items()
    ]
    more["languages"] = [
        {"id": _id("language of phone", key, own, code), "phone_id": own, "name": _in_english(code),
         "code": code}
        for code in told.languages
    ]  # fmt: skip
    return part | said(more)


def languages(told: Listing, key: UUID) -> list[Part]:
    return [
        {
            "id": _id("language", key, code),
            "service_id": str(key),
            "name": _in_english(code),
            "code": code,
        }
        for code in told.languages or ()
    ]


@cache
def _in_english(language: str) -> str:
    with override("en"):
        return language_label(language)


# ------------------------------------------------------------------------- when
def schedules(told: Listing, key: UUID, *, zone: ZoneInfo, at: datetime) -> list[Part]:
    """Weekly, in the hours of the wall where the service is, with the offset of that zone."""
    offset = at.astimezone(zone).utcoffset() or timedelta(0)
    return [_schedule(one, key, n, offset) for n, one in enumerate(told.hours)]


def _schedule(told: HoursTold, key: UUID, n: int, offset: timedelta) -> Part:
    whole_day = told.opens == told.closes == MIDNIGHT
    last = told.valid_until - timedelta(days=1) if told.valid_until else None
    hours = offset / timedelta(hours=1)
    return said(
        {
            "id": _id("schedule", key, n),
            "service_id": str(key),
            "valid_from": told.valid_from.isoformat() if told.valid_from else None,
            "valid_to": last.isoformat() if last else None,
            "timezone": int(hours) if hours.is_integer() else hours,
            "wkst": _week_start(told.days),
            "freq": "WEEKLY",
            "byday": ",".join(DAYS[day] for day in told.days),
            "opens_at": _clock(told.opens) + _offset(offset),
            "closes_at": (END_OF_DAY if whole_day else _clock(told.closes)) + _offset(offset),
        }
    )


def _week_start(days: tuple[int, ...]) -> str | None:
    """The day with which the week is written, where that is not Monday: SA in “Sa-Th”."""
    is_a_run = all((day + 1) % 7 == after for day, after in pairwise(days))
    starts_late = len(days) > 1 and days[0] in (5, 6)
    return DAYS[days[0]] if is_a_run and starts_late else None


def _clock(told: time) -> str:
    return told.isoformat("seconds" if told.second else "minutes")


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


# ------------------------------------------------------------------------- where
def is_told(area: AreaTold) -> bool:
    return bool(area.pcode or area.names)


def service_areas(told: Listing, key: UUID) -> list[Part]:
    """Its own area first, which also stands at its place; then those that it covers besides."""
    others = [_area(one, key, f"covers {n}") for n, one in enumerate(told.covers) if is_told(one)]
    return own_area(told, key) + others


def own_area(told: Listing, key: UUID) -> list[Part]:
    return [_area(told.area, key, "own")] if is_told(told.area) else []


def _area(told: AreaTold, key: UUID, which: str) -> Part:
    part: Part = {"id": _id("service_area", key, which), "service_id": str(key)}
    if told.names:
        part |= {"name": told.names[-1], "description": BETWEEN_NAMES.join(told.names)}
    if told.pcode:
        part |= {
            "extent_type": "text",
            "extent": told.pcode,
            "uri": f"urn:ocha:pcode:{told.pcode}:{told.version}",
        }
    return part


def location(told: Listing, *, key: UUID, kind: str, organization: UUID) -> Part:
    """Where a place is told, that place; else the area alone."""
    place = shown_place(told)
    own = place_key(place) if place else UUID(_id("location", key))
    return said(
        {
            "id": str(own),
            "location_type": kind,
            "organization_id": str(organization),
            "name": place.name if place else _no_place(told),
            "latitude": place.latitude if place else None,
            "longitude": place.longitude if place else None,
            "external_identifier": told.area.pcode,
            "external_identifier_type": _scheme(told.area),
            "attributes": attributes.of_place(place, own, exposure=told.exposure),
        }
    )


def shown_place(told: Listing) -> PlaceTold | None:
    """Of a confidential service none, whoever made the listing."""
    return None if told.exposure == Exposure.REDACTED else told.place


def place_key(place: PlaceTold) -> UUID:
    words = (place.source_id, place.name, place.kind, place.latitude, place.longitude)
    key = uuid_of(place.source_id)
    return key or stable_id("hsds", "location", *(str(one) for one in words))


def _scheme(area: AreaTold) -> str:
    return f"OCHA P-code {area.version}".strip() if area.pcode else ""


def _no_place(told: Listing) -> str:
    where = told.area.names[-1] if told.area.names else told.area.pcode
    why = "Place withheld" if told.exposure == Exposure.REDACTED else "No place listed"
    return f"{why}, {where}" if where else why


# ------------------------------------------------------------------------- what it asks and has
def required_documents(told: Listing, key: UUID) -> list[Part]:
    if Condition.DOCUMENTS not in (told.conditions or ()):
        return []
    own = _id("required_document", key)
    return [{"id": own, "service_id": str(key), "document": "Identity papers"}]


def capacities(told: Listing, key: UUID) -> list[Part]:
    """As the provider last said it, and when: not net of what was agreed since, which is ours."""
    if not attributes.has_capacity(told) or told.confirmed_at is None:
        return []
    unit = {
        "id": str(stable_id("hsds", "unit", str(told.unit))),
        "name": str(told.unit),
        "scheme": "OpenNRM",
        "identifier": str(told.unit),
    }
    updated = told.confirmed_at.astimezone(UTC)
    fine = "microseconds" if updated.microsecond % 1000 else "milliseconds"
    capacity = {
        "id": _id("service_capacity", key),
        "service_id": str(key),
        "unit": unit,
        "available": told.reported_free,
        "maximum": told.maximum,
        "updated": updated.isoformat(timespec=fine),
    }
    return [said(capacity)]
