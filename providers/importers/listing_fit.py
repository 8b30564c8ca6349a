"""Whether what a listing tells fits what is kept beside it, or what a new service is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from providers.importers.csvfile import RowRefused
from providers.importers.listing import Listing
from providers.importers.verdict import changes
from providers.models import Service
from providers.models.services import ADULT
from providers.vocabulary import PlacesFor

TOGETHER = ("min_age", "max_age", "serves_women", "serves_men", "serves_other", "maximum")
TOGETHER += ("places_for", "available_from", "available_until")
NEW = Service()  # what a field is where nobody says it


def room(told: Listing, service: Service) -> list[list[str]]:
    """A number counts only when it was counted later than the one that we have."""
    if told.confirmed_at is None:
        return []
    if service.confirmed_at is not None and told.confirmed_at <= service.confirmed_at:
        return []
    return list(
        changes(
            {"reported_free": service.reported_free, "confirmed_at": service.confirmed_at},
            {"reported_free": told.reported_free, "confirmed_at": told.confirmed_at},
        )
    )


def fits(told: Listing, service: Service | None, today: date) -> None:
    """Raises RowRefused naming the column, for the first thing that cannot be so.

    `today`: where the service is.
    """
    for column, reason in _problems(told, service or NEW, today):
        raise RowRefused(column, reason)


def _problems(told: Listing, kept: Service, today: date) -> Iterator[tuple[str, str]]:
    so = {name: _either(getattr(told, name), getattr(kept, name)) for name in TOGETHER}
    free = told.reported_free if room(told, kept) else kept.reported_free
    if None not in (so["min_age"], so["max_age"]) and so["min_age"] > so["max_age"]:
        yield "min_age", f"{so['min_age']} would be above the oldest age, {so['max_age']}."
    if not (so["serves_women"] or so["serves_men"] or so["serves_other"]):
        yield "serves_women", "nobody would be served. Say who is."
    if None not in (so["maximum"], free) and free > so["maximum"]:
        yield "maximum", f"{so['maximum']} in all, but {free} are free."
    if why := _places(so):
        yield "places_for", f"“{so['places_for']}”, but {why}"
    first, last = so["available_from"], so["available_until"]
    if None not in (first, last) and last <= first:
        yield "available_until", "is not after the day from which it is there."
    if told.operating_since is not None and told.operating_since > today:
        yield (
            "operating_since",
            f"{told.operating_since} is still to come. Write today or a day that has passed.",
        )


def _either(told: Any, kept: Any) -> Any:
    return kept if told is None else told


def _places(so: Mapping[str, Any]) -> str:
    """Why places cannot be for these alone; empty where they can."""
    match so["places_for"]:
        case PlacesFor.WOMEN if so["serves_men"] or not so["serves_women"]:
            return "men would be served, or women not. Say whom it serves."
        case PlacesFor.MEN if so["serves_women"] or not so["serves_men"]:
            return "women would be served, or men not. Say whom it serves."
        case PlacesFor.UNDER_18 if so["max_age"] is None or so["max_age"] >= ADULT:
            return f"adults would be taken. Write the oldest age, below {ADULT}."
    return ""
