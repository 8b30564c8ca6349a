"""A listing as JSON and back: what it does not say is left out."""

from __future__ import annotations

from dataclasses import MISSING, fields
from datetime import date, datetime, time
from functools import cache
from typing import Any

from providers.importers.listing import (
    AreaTold,
    HoursTold,
    Listing,
    OrganizationTold,
    PhoneTold,
    PlaceTold,
    Text,
    Where,
)

PARTS = {"where": Where, "organization": OrganizationTold, "place": PlaceTold, "area": AreaTold}
LISTS = {"covers": AreaTold, "texts": Text, "phones": PhoneTold, "hours": HoursTold}
DAYS = ("available_from", "available_until", "closed_until", "operating_since")
DAYS += ("valid_from", "valid_until")
MOMENTS = ("confirmed_at",)
HOURS = ("opens", "closes")


@cache
def _fields(kind: type) -> tuple[tuple[str, Any], ...]:
    def default(one):
        return one.default if one.default is not MISSING else MISSING

    return tuple((one.name, default(one)) for one in fields(kind))


def to_json(told: Any) -> dict[str, Any]:
    """Any of the parts of a listing."""
    found = {}
    for name, default in _fields(type(told)):
        value = getattr(told, name)
        if value != default:
            found[name] = _plain(value)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, (str, int, float)) or value is None:
        return value
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    return value if isinstance(value, dict) else to_json(value)


def from_json(told: dict[str, Any], kind: type = Listing) -> Any:
    """The inverse: equal to what `to_json` was given."""
    return kind(**{name: _typed(name, value, kind) for name, value in told.items()})


def _typed(name: str, value: Any, kind: type) -> Any:
    if kind is Listing and name in PARTS:
        return None if value is None else from_json(value, PARTS[name])
    if kind is Listing and name in LISTS:
        return tuple(from_json(one, LISTS[name]) for one in value)
    if value is not None and name in DAYS:
        return date.fromisoformat(value)
    if value is not None and name in MOMENTS:
        return datetime.fromisoformat(value)
    if name in HOURS and kind is HoursTold:
        return time.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value
