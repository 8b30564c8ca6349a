"""Fields of a `Listing` as terms with a value, and back: one table for writers and readers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from providers.hsds.terms import FACTS, PEOPLE
from providers.vocabulary import Exposure, Operating, PlacesFor, StatusCause, Unit

YES, NO = "yes", "no"
MOST = 2**31 - 1  # what a column of the database holds


@dataclass(frozen=True, slots=True)
class Fact:
    """`read` raises ValueError, which says what was expected."""

    field: str  # of Listing
    taxonomy: str
    code: str
    write: Callable[[Any], str]
    read: Callable[[str], Any]


def _yes_or_no(told: bool) -> str:
    return YES if told else NO


def _bool(text: str) -> bool:
    if text not in (YES, NO):
        raise ValueError("expected yes or no")
    return text == YES


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= MOST):
        raise ValueError("expected a whole number")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("expected a day as 2026-11-23") from None


def moment(text: str) -> datetime:
    """An aware datetime, or ValueError."""
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("expected a moment as 2026-11-23T09:00:00+00:00") from None
    if told.tzinfo is None:
        raise ValueError("expected a moment with its offset, as 2026-11-23T09:00:00+00:00")
    return told


def one_of(codes: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in codes:
            known = ", ".join(one or "nothing" for one in codes)
            raise ValueError(f"expected one of: {known}")
        return text

    return read


def _flag(field: str, code: str = "", taxonomy: str = FACTS) -> Fact:
    return Fact(field, taxonomy, code or field, _yes_or_no, _bool)


def _date(field: str) -> Fact:
    return Fact(field, FACTS, field, date.isoformat, _day)


def _code(field: str, codes) -> Fact:
    return Fact(field, FACTS, field, str, one_of(tuple(str(one) for one in codes)))


SERVED = (
    _flag("serves_women", "women", PEOPLE),
    _flag("serves_men", "men", PEOPLE),
    _flag("serves_other", "other", PEOPLE),
    _flag("takes_pregnant", "pregnant", PEOPLE),
    Fact("max_son_age", PEOPLE, "sons_up_to", str, _number),
)
OTHER = (
    _flag("remote"),
    _flag("comes_to_person"),
    _flag("mobile"),
    _code("places_for", PlacesFor.values),
    _code("unit", Unit.values),
    _flag("takes_waiting_list"),
    _flag("meets_first"),
    _date("closed_until"),
    _date("available_from"),
    _date("available_until"),
    _code("operating", Operating.values),
    _date("operating_since"),
    _code("operating_cause", StatusCause.values),
    _code("exposure", Exposure.values),
    _flag("synthetic"),
)
# only where HSDS capacity, which asks for all of unit, free and moment, cannot hold them
NUMBERS = (
    Fact("maximum", FACTS, "maximum", str, _number),
    Fact("reported_free", FACTS, "free", str, _number),
    Fact("confirmed_at", FACTS, "confirmed_at", datetime.isoformat, moment),
)
BY_TERM = {(one.taxonomy, one.code): one for one in (*SERVED, *OTHER, *NUMBERS)}
