"""What the engine answers: lines with reasons, one function for their order, unlike options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from itertools import islice, pairwise
from typing import Literal, NamedTuple

from routing.engine.capacity import Confirmed
from routing.engine.filters import UNOVERRIDABLE, Criterion, Filter

Kind = Literal["protection", "legal_track"]


class Distance(IntEnum):
    """Bands of distance (ruling 16); what works in the person's own area is SAME_AREA."""

    REMOTE = 0
    SAME_AREA = 1
    UNDER_25_KM = 2
    UNDER_100_KM = 3
    UNDER_250_KM = 4
    FURTHER = 5


class Line(NamedTuple):
    """One service and how it fared: the criteria it failed (it passed all others), the values seen.

    `km` is rounded down, None if remote or nowhere; `free` is None if unknown or not counted.
    `asks` is what to ask first ("age", "sex", "access"); `conditions` are told to the person.
    `offer_on`: a permission lets the router ask without a human. `decided_by`: candidates only.
    """

    service_id: str
    name: str
    revision: int
    organization: str
    area: str | None
    reached_by: str
    failed: tuple[Criterion, ...]
    confirmed: Confirmed
    language: bool
    distance: Distance
    km: int | None
    open_asks: int
    free: int | None
    asks: tuple[str, ...]
    conditions: tuple[str, ...]
    offer_on: bool
    decided_by: str | None = None

    @property
    def failed_filters(self) -> tuple[Filter, ...]:
        """Every filter that leaves it out, in order; empty for a candidate."""
        return tuple(dict.fromkeys(criterion.filter for criterion in self.failed))

    @property
    def first_failed(self) -> Filter | None:
        """The filter under which it is counted, or None for a candidate."""
        return self.failed[0].filter if self.failed else None

    @property
    def refused_outright(self) -> tuple[Criterion, ...]:
        """What no human may override here (ruling 1)."""
        return tuple(criterion for criterion in self.failed if criterion in UNOVERRIDABLE)


Candidate = Line  # a candidate is a line that failed nothing


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found. `left_out` has every filter; with the candidates it adds up to `considered`.

    `lines` are the candidates in order, then those that came furthest past reach: 500 at most.
    """

    capability: str
    kind: Kind
    directory_version: str
    passability: int
    at: datetime
    considered: int
    candidates: tuple[Candidate, ...]
    lines: tuple[Line, ...]
    left_out: Mapping[Filter, int]
    cause: Filter | None


def order_key(line: Line) -> tuple[Confirmed, bool, Distance, int, str]:
    """Freshly confirmed, then her language, then near, then fewest open asks, then id."""
    return (line.confirmed, not line.language, line.distance, line.open_asks, line.service_id)


ORDER = ("confirmed", "language", "distance", "open_asks", "id")


def in_order(lines: Sequence[Line]) -> tuple[Candidate, ...]:
    """Candidates, best first, each with the part of the order that put it before the next."""
    keyed = sorted((order_key(line), line) for line in lines)  # no tie: ids are unique
    decided = (
        line._replace(decided_by=_first_difference(key, next_key))
        for (key, line), (next_key, _) in pairwise(keyed)
    )
    return (*decided, *(line for _, line in keyed[-1:]))


def _first_difference(one: tuple[object, ...], other: tuple[object, ...]) -> str:
    for part, a, b in zip(ORDER, one, other, strict=True):
        if a != b:
            return part
    raise ValueError(f"two lines of one service: {one[-1]}")


def shortlist(outcome: Outcome, size: int = 3) -> tuple[Candidate, ...]:
    """Unlike options (ruling 9): the first, another organization, elsewhere or another way.

    Filled up in order where there are not enough unlike ones; never more than `size`.
    """
    chosen: list[Candidate] = []
    for is_unlike in (_anything, _of_another_organization, _elsewhere_or_another_way):
        rest = (one for one in outcome.candidates if one not in chosen and is_unlike(one, chosen))
        chosen += islice(rest, 1)
    rest = (one for one in outcome.candidates if one not in chosen)
    return (*chosen, *islice(rest, size))[:size]


def _anything(one: Candidate, chosen: Sequence[Candidate]) -> bool:
    return True


def _of_another_organization(one: Candidate, chosen: Sequence[Candidate]) -> bool:
    return one.organization not in {other.organization for other in chosen}


def _elsewhere_or_another_way(one: Candidate, chosen: Sequence[Candidate]) -> bool:
    return all(one.area != other.area or one.reached_by != other.reached_by for other in chosen)
