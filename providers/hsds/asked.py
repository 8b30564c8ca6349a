"""The query parameters of HSDS: one table, by which requests are read and the API is described."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

USUAL = 25
MOST = 100
MOST_MINIMAL = 10_000  # “return all services within one call”
MOST_WITH_SERVICES = 10  # organizations with every service in full inside
LAST_PAGE = 100_000
LETTERS = 100
FARTHEST = 20_037_508  # half around the earth, in metres


class BadValue(ValueError):
    """`name`: the parameter; the message says what is expected."""

    def __init__(self, name: str, expected: str, *, code: str = "invalid") -> None:
        super().__init__(expected)
        self.name = name
        self.code = code


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    kind: str  # of JSON Schema
    said: str
    read: Callable[[str], Any]  # raises ValueError, which says what is expected


def _yes(text: str) -> bool:
    told = {"true": True, "1": True, "false": False, "0": False}.get(text.lower())
    if told is None:
        raise ValueError("Write true or false.")
    return told


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ValueError("Write an id, as 5b0f3c1e-7a55-4f0e-9d0b-0f7a1b2c3d41.") from None


def _number(most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most:
            return int(text)
        raise ValueError(f"Write a whole number from 1 to {most:,}.")

    return read


def _metres(text: str) -> float:
    try:
        told = float(text) if len(text) < 20 else -1.0
    except ValueError:
        told = -1.0
    if not 0 <= told <= FARTHEST:  # NaN neither
        raise ValueError(f"Write metres, from 0 to {FARTHEST:,}.")
    return told


def _moment(text: str) -> datetime:
    """A day begins at midnight; what names no offset is UTC."""
    # in a query a plus stands for a blank
    told = text.replace(" ", "+") if "T" in text else text
    try:
        if len(told) == 10:
            return datetime.combine(date.fromisoformat(told), time(), tzinfo=UTC)
        found = datetime.fromisoformat(told)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("Write a moment, as 2026-11-23T09:00:00Z.") from None


def _words(text: str) -> str:
    if len(text) > LETTERS:
        raise ValueError(f"Write {LETTERS} letters at most.")
    return text


def _one_of(*codes: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in codes:
            raise ValueError(f"Write {' or '.join(codes)}.")
        return text

    return read


def _flag(name: str, said: str) -> Parameter:
    return Parameter(name, "boolean", said, _yes)


def _id(name: str, said: str) -> Parameter:
    return Parameter(name, "string", said, _key)


PARAMETERS = {
    one.name: one
    for one in (
        Parameter("search", "string", "Words that all stand in what is listed.", _words),
        Parameter("page", "integer", "Which page, from 1.", _number(LAST_PAGE)),
        Parameter("per_page", "integer", "How many on a page.", _number(MOST_MINIMAL)),
        Parameter(
            "format", "string", "json, in pages; or ndjson: everything, one to a line.",
            _one_of("json", "ndjson"),
        ),
        _id("taxonomy_term_id", "Only what has this term, or one below it."),
        _id("taxonomy_id", "Only what has any term of this taxonomy."),
        _id("organization_id", "Only services of this organization."),
        Parameter("modified_after", "string", "Only what changed then or since.", _moment),
        _flag("minimal", "Only what tells a service and when it was changed."),
        _flag("full", "With everything inside."),
        _flag("full_service", "With the services in full."),
        Parameter(
            "postcode", "string",
            "The P-code of an area: what is there, or serves it. With `proximity`: its centre.",
            _words,
        ),
        Parameter(
            "proximity", "string",
            "Metres between the centre of that area and the centre of the service's area. "
            "No finer place is ever looked at.",
            _metres,
        ),
        _flag("top_only", "Only terms that are below no other."),
        _id("parent_id", "Only terms right below this one."),
        Parameter(
            "profile", "string",
            "opennrm: a place that is withheld is `redacted`. Plain HSDS has `virtual` for it.",
            _one_of("plain", "opennrm"),
        ),
    )
}  # fmt: skip
PAGED = ("search", "page", "per_page", "format")
TERMS = ("taxonomy_term_id", "taxonomy_id")
WHERE = ("postcode", "proximity")
LISTS: dict[str, tuple[str, ...]] = {
    "services": (
        *PAGED, *TERMS, "organization_id", "modified_after", "minimal", "full", *WHERE, "profile",
    ),
    "organizations": (*PAGED, *TERMS, "full", "full_service", "profile"),
    "service_at_locations": (
        *PAGED, *TERMS, "organization_id", "modified_after", "full", *WHERE, "profile",
    ),
    "taxonomies": PAGED,
    "taxonomy_terms": (*PAGED, "taxonomy_id", "top_only", "parent_id"),
}  # fmt: skip
ONE: dict[str, tuple[str, ...]] = {
    "services": ("profile",),
    "organizations": ("full_service", "profile"),
    "service_at_locations": ("profile",),
    "taxonomies": (),
    "taxonomy_terms": (),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks of a list, read and checked."""

    values: Mapping[str, Any]
    with_services: bool = False  # a list of organizations, which can hold their services

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    @property
    def streams(self) -> bool:
        return self["format"] == "ndjson"

    @property
    def profile(self) -> bool:
        return self["profile"] == "opennrm"

    @property
    def page(self) -> int:
        return self["page"] or 1

    @property
    def most(self) -> int:
        if self["minimal"]:
            return MOST_MINIMAL
        is_heavy = self.with_services and (self["full"] or self["full_service"])
        return MOST_WITH_SERVICES if is_heavy else MOST

    @property
    def size(self) -> int:
        usual = MOST_MINIMAL if self["minimal"] else min(USUAL, self.most)
        return self["per_page"] or usual


def read(sent: Iterable[tuple[str, str]], allowed: Iterable[str]) -> Asked:
    """Of (name, value) as sent, empty values being none. Raises BadValue for the first that is
    unknown here, stands twice, has no meaning or contradicts another."""
    values: dict[str, Any] = {}
    known = tuple(allowed)
    for name, value in sent:
        if name not in known:
            said = ", ".join(known) or "none"
            raise BadValue(name[:60], f"Not known here. Known are: {said}.", code="unknown")
        if name in values:
            raise BadValue(name, "Stands twice. Write it once.")
        if value.strip():
            values[name] = _value(name, value.strip())
    asked = Asked(values, with_services="full_service" in known)
    _agree(asked)
    return asked


def _value(name: str, text: str) -> Any:
    try:
        return PARAMETERS[name].read(text)
    except ValueError as reason:
        raise BadValue(name, str(reason)) from None


def _agree(asked: Asked) -> None:
    if asked["proximity"] is not None and not asked["postcode"]:
        raise BadValue("proximity", "Write the postcode too: the area from whose centre.")
    if asked["per_page"] and asked["per_page"] > asked.most:
        raise BadValue("per_page", f"Write a whole number from 1 to {asked.most:,}.")
    if asked["minimal"] and asked["full"]:
        raise BadValue("minimal", "Write either minimal or full.")
    for name in ("page", "per_page"):
        if asked.streams and asked[name]:
            raise BadValue(name, "There are no pages in ndjson. Leave it out.")
