"""One field of a document from outside: the text, number or list that it holds, or a refusal."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

from providers.hsds.facts import MOST, moment
from providers.importers.csvfile import RowRefused

LONGEST = 10_000
LONGEST_NAME = 200
NO_LETTER = re.compile("[\0\ud800-\udfff]")
Value = TypeVar("Value")


def text(document: dict, name: str, *, where: str = "", most: int = LONGEST) -> str:
    """The text, stripped; empty where there is none."""
    told = document.get(name)
    column = where + name
    if told is None:
        return ""
    if not isinstance(told, str):
        raise RowRefused(column, f"expected text, not {_kind(told)}.")
    if NO_LETTER.search(told):
        raise RowRefused(column, "holds a character that no text has. Remove it.")
    if len(told) > most:
        raise RowRefused(column, f"has {len(told):,} letters, expected at most {most:,}.")
    return told.strip()


def name_of(document: dict, *, where: str = "") -> str:
    told = text(document, "name", where=where, most=LONGEST_NAME)
    if not told:
        raise RowRefused(f"{where}name", "is empty. Write the name.")
    return told


def number(document: dict, name: str, *, where: str = "") -> float | None:
    """A number, also one that stands in a text, as in CSV."""
    told = document.get(name)
    if told is None or told == "":
        return None
    try:
        if isinstance(told, bool) or not isinstance(told, int | float | str):
            raise ValueError
        value = float(told)
    except (ValueError, OverflowError):
        raise RowRefused(where + name, f"expected a number, not {_kind(told)}.") from None
    if not math.isfinite(value):
        raise RowRefused(where + name, "expected a number.")
    return value


def whole(document: dict, name: str, *, where: str = "", most: int = MOST) -> int | None:
    value = number(document, name, where=where)
    if value is None:
        return None
    if not (value.is_integer() and 0 <= value <= most):
        raise RowRefused(where + name, f"expected a whole number from 0 to {most:,}.")
    return int(value)


def parts(document: dict, name: str, *, where: str = "") -> list[tuple[str, dict]]:
    """The objects of a list, each with the path that names its fields."""
    told = document.get(name)
    if told is None:
        return []
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
        raise RowRefused(where + name, "expected a list of objects.")
    return [(f"{where}{name}[{n}].", one) for n, one in enumerate(told)]


def part(document: dict, name: str, *, where: str = "") -> dict | None:
    told = document.get(name)
    if told is not None and not isinstance(told, dict):
        raise RowRefused(where + name, f"expected an object, not {_kind(told)}.")
    return told


def day(document: dict, name: str, *, where: str = "") -> date | None:
    """A day; of a moment its day."""
    told = text(document, name, where=where)
    if not told:
        return None
    return checked(lambda: date.fromisoformat(told[:10]), where + name, "a day as 2026-11-23")


def when(document: dict, name: str, *, where: str = "") -> datetime | None:
    told = text(document, name, where=where)
    if not told:
        return None
    return checked(lambda: moment(told), where + name, "a moment as 2026-11-23T09:00:00+00:00")


def checked(read: Callable[[], Value], column: str, expected: str) -> Value:
    try:
        return read()
    except (ValueError, OverflowError):
        raise RowRefused(column, f"expected {expected}.") from None


def point(document: dict, *, where: str = "") -> tuple[float | None, float | None]:
    """Latitude and longitude in degrees, both or neither."""
    latitude = number(document, "latitude", where=where)
    longitude = number(document, "longitude", where=where)
    if (latitude is None) != (longitude is None):
        missing = "latitude" if latitude is None else "longitude"
        raise RowRefused(where + missing, "is missing beside the other one. Write both or neither.")
    if latitude is not None and not -90 <= latitude <= 90:
        raise RowRefused(f"{where}latitude", "expected degrees from -90 to 90. Are they swapped?")
    if longitude is not None and not -180 <= longitude <= 180:
        raise RowRefused(f"{where}longitude", "expected degrees from -180 to 180.")
    return latitude, longitude


def _kind(told: Any) -> str:
    names = {dict: "an object", list: "a list", bool: "true or false", str: "a text"}
    return names.get(type(told), "a number")
