"""What a listing must be so that the directory can hold it: pure, one reason per row."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from providers.capabilities import all_capabilities
from providers.importers.csvfile import RowRefused
from providers.importers.listing import Listing
from providers.importers.reasons import Because, because
from providers.models.services import SHORT_CODE
from providers.vocabulary import (
    Access,
    Actor,
    Condition,
    Exposure,
    Operating,
    OrganizationKind,
    PlacesFor,
    ReachedBy,
    StatusCause,
    Unit,
)

LENGTHS: dict[str, tuple[int, Callable[[Listing], str]]] = {
    "name": (200, lambda one: one.name),
    "id": (90, lambda one: one.source_id),
    "organization": (200, lambda one: one.organization.name),
    "organization id": (90, lambda one: one.organization.source_id),
    "place": (200, lambda one: one.place.name if one.place else ""),
    "place id": (90, lambda one: one.place.source_id if one.place else ""),
    "url": (200, lambda one: one.url),
    "email": (254, lambda one: one.email),
    "organization url": (200, lambda one: one.organization.url),
    "organization email": (254, lambda one: one.organization.email),
    "kind of place": (60, lambda one: one.place.kind if one.place else ""),
}
CODES: dict[str, tuple[str, ...]] = {
    "reached_by": tuple(ReachedBy.values),
    "unit": tuple(Unit.values),
    "operating": tuple(Operating.values),
    "operating_cause": tuple(StatusCause.values),
    "exposure": tuple(Exposure.values),
    "places_for": tuple(PlacesFor.values),
}
LISTS: dict[str, tuple[str, ...]] = {
    "conditions": tuple(Condition.values),
    "access": tuple(Access.values),
}
NUMBERS = ("min_age", "max_age", "max_son_age", "maximum", "reported_free")
MOST = 32_767  # the smallest of the columns that hold them
LANGUAGE = re.compile(r"[a-z]{3}")
MOST_PHONE, MOST_NOTE = 40, 100
TEXTS = ("description", "how_to_reach")
WEB = re.compile(r"https?://\S+\Z", re.IGNORECASE)


def check(listing: Listing, *, at: datetime) -> None:
    """Raises RowRefused naming the column and what was expected."""
    for column, reason in _problems(listing, at):
        raise RowRefused(column, reason)


def none_of(value: str, known: Iterable[str]) -> Because:
    return because("none_of", value=value, known=", ".join(known))


def _problems(one: Listing, at: datetime) -> Iterator[tuple[str, str]]:
    yield from _words(one)
    yield from _codes(one)
    yield from _numbers(one, at)
    yield from _place(one)


def _words(one: Listing) -> Iterator[tuple[str, str]]:
    for column, text in (("name", one.name), ("organization", one.organization.name)):
        if not text.strip():
            yield column, because("empty")
    if not one.source_id.strip():
        yield "id", because("no_id")
    for column, (most, of) in LENGTHS.items():
        text = of(one)
        if len(text) > most:
            yield column, because("too_long", n=len(text), most=most)
        if "\0" in text:
            yield column, because("nul")
    for column, address in (("url", one.url), ("organization url", one.organization.url)):
        if address and not WEB.match(address):
            yield column, because("no_address", value=address[:60])
    yield from _rows(one)


def _rows(one: Listing) -> Iterator[tuple[str, str]]:
    for phone in one.phones:
        if len(phone.number) > MOST_PHONE or not re.search(r"\d", phone.number):
            yield "phone", because("no_phone", value=phone.number[:40])
        if phone.short and not re.fullmatch(SHORT_CODE, phone.number):
            yield "phone", because("no_short_code", value=phone.number[:40])
        if len(phone.note) > MOST_NOTE:
            yield "phone", because("long_note", n=len(phone.note), most=MOST_NOTE)
    for line in one.hours:
        if not line.days:
            yield "hours", because("no_days")
        if None not in (line.valid_from, line.valid_until) and line.valid_until <= line.valid_from:
            yield "hours", because("ends_early", day=line.valid_until)
    for text in one.texts:
        if text.what not in TEXTS or not LANGUAGE.fullmatch(text.language) or not text.text:
            yield "texts", f"“{text.what} {text.language}” is no text that is kept here."
        if "\0" in text.text:
            yield "texts", "hold a NUL byte. Remove it."


def _codes(one: Listing) -> Iterator[tuple[str, str]]:
    if one.capability is not None and one.capability not in all_capabilities():
        yield "help", none_of(one.capability, all_capabilities())
    kind = one.organization.kind
    if kind is not None and kind not in OrganizationKind.values:
        yield "organization kind", none_of(kind, OrganizationKind.values)
    for name, known in CODES.items():
        value = getattr(one, name)
        if value is not None and value not in known:
            yield name, none_of(value, known)
    for name, known in LISTS.items():
        for value in getattr(one, name) or ():
            if value not in known:
                yield name, none_of(value, known)
    for value in one.languages or ():
        if not LANGUAGE.fullmatch(value):
            yield "languages", because("no_language", value=value)
    for actor, basis in (one.reports_to or {}).items():
        if actor not in Actor.values or basis not in ("law", "practice"):
            yield "reports to", because("no_report", value=f"{actor}: {basis}")


def _numbers(one: Listing, at: datetime) -> Iterator[tuple[str, str]]:
    for name in NUMBERS:
        value = getattr(one, name)
        if value is not None and not 0 <= value <= MOST:
            yield name, because("out_of_range", value=value, most=f"{MOST:,}")
    if one.min_age is not None and one.max_age is not None and one.min_age > one.max_age:
        yield "min_age", because("ages_crossed", youngest=one.min_age, oldest=one.max_age)
    counted = None not in (one.maximum, one.reported_free)
    if counted and one.reported_free > one.maximum:
        yield (
            "reported_free",
            because("more_free_than_all", free=one.reported_free, most=one.maximum),
        )
    if one.serves_women is False and one.serves_men is False and one.serves_other is False:
        yield "serves_women", because("nobody_served")
    if one.confirmed_at is not None and one.confirmed_at > at:
        yield "confirmed_at", because("still_to_come", value=f"{one.confirmed_at:%Y-%m-%d %H:%M}")


def _place(one: Listing) -> Iterator[tuple[str, str]]:
    for where in (one.place, one.area):
        if where is None:
            continue
        if (where.latitude is None) != (where.longitude is None):
            yield "latitude, longitude", because("half_a_point")
        for name, value, most in (
            ("latitude", where.latitude, 90),
            ("longitude", where.longitude, 180),
        ):
            if value is not None and not (math.isfinite(value) and abs(value) <= most):
                yield name, because("no_degrees", value=value, most=most)
    if one.capability is None and one.place is None:
        yield "help", because("no_help_no_place")
