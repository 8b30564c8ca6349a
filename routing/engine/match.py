"""Who can be asked, in which order, and why nobody else (DESIGN §4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from math import isnan

import numpy as np

from routing.engine.capacity import Confirmed, Stock
from routing.engine.columns import Columns, Integers
from routing.engine.directory import Directory, UnknownService
from routing.engine.facts import ProtectionFacts
from routing.engine.filters import (
    ASKS,
    PASSES,
    UNOVERRIDABLE,
    Criterion,
    Filter,
    Question,
    may_offer,
)
from routing.engine.outcome import (
    Candidate,
    Distance,
    Kind,
    Line,
    Outcome,
    in_order,
    order_key,
    shortlist,
)
from routing.engine.reach import NOWHERE, Mask, Numbers, UnknownArea, haversine_km
from routing.engine.rows import Capacity, ServiceRow

__all__ = [
    "UNOVERRIDABLE",
    "Candidate",
    "Confirmed",
    "Criterion",
    "Distance",
    "Filter",
    "Kind",
    "Line",
    "Outcome",
    "UnknownArea",
    "UnknownService",
    "check_one",
    "match",
    "order_key",
    "shortlist",
]

MOST_LINES = 500

CRITERIA = tuple(PASSES)
FILTERS = tuple(Filter)
FILTER_OF = np.array([FILTERS.index(criterion.filter) for criterion in CRITERIA], dtype=np.int64)
BITS = 1 << np.arange(len(CRITERIA), dtype=np.int64)
PASSED = len(FILTERS)
KM_LIMITS = (25.0, 100.0, 250.0)


def match(
    facts: ProtectionFacts,
    directory: Directory,
    *,
    reach_km: float,
    kind: Kind,
    at: datetime,
    capacity: Mapping[str, Capacity],
    asked: frozenset[str] = frozenset(),
) -> Outcome:
    """Who can be asked for this need, best first; raises `UnknownArea`.

    The same filters hold for both kinds (ruling 4); `kind` is recorded.
    """
    services = directory.offering(facts.capability)
    question = _question(facts, directory, services, reach_km, at, capacity, asked)
    verdict = Verdict.of(question)
    candidates = in_order(_lines(question, verdict, verdict.candidates()))
    others = verdict.near_misses()[: max(0, MOST_LINES - len(candidates))]
    left_out = _left_out(directory, services, verdict)
    return Outcome(
        capability=facts.capability,
        kind=kind,
        directory_version=directory.version,
        passability=directory.passability,
        at=at,
        considered=len(directory.services),
        candidates=candidates,
        lines=(candidates + tuple(_lines(question, verdict, others)))[:MOST_LINES],
        left_out=left_out,
        cause=None if candidates else _emptied_by(left_out),
    )


def check_one(
    facts: ProtectionFacts,
    directory: Directory,
    service_id: str,
    *,
    reach_km: float,
    kind: Kind,
    at: datetime,
    capacity: Mapping[str, Capacity],
    asked: frozenset[str] = frozenset(),
) -> Line:
    """The same filters for one named service (an onward "X", an override): all that it fails.

    `kind` is as in `match`. Raises `UnknownService` and `UnknownArea`.
    """
    services = directory.only(service_id)
    question = _question(facts, directory, services, reach_km, at, capacity, asked)
    (line,) = _lines(question, Verdict.of(question), np.array([0]))
    return line


@dataclass(frozen=True, slots=True)
class Verdict:
    """How each service fared: a bit per failed criterion; `first` is in `FILTERS` or `PASSED`."""

    failed: Integers
    first: Integers

    @classmethod
    def of(cls, question: Question) -> Verdict:
        """Every criterion is looked at for every service, so that each failure can be told."""
        failed = ~np.array([passes(question) for passes in PASSES.values()])
        first = np.where(failed.any(axis=0), FILTER_OF[failed.argmax(axis=0)], PASSED)
        return cls(failed=BITS @ failed, first=first)

    def candidates(self) -> Integers:
        """The places of those that failed nothing."""
        return np.flatnonzero(self.first == PASSED)

    def near_misses(self) -> Integers:
        """The places of those left out only after reach: first those that came furthest."""
        later = (self.first > FILTERS.index(Filter.REACH)) & (self.first < PASSED)
        places = np.flatnonzero(later)
        return places[np.argsort(-self.first[places], kind="stable")]


@cache
def criteria_in(bits: int) -> tuple[Criterion, ...]:
    """The criteria of which the bit is set, in order."""
    return tuple(criterion for place, criterion in enumerate(CRITERIA) if bits >> place & 1)


@cache
def asks_in(bits: int) -> tuple[str, ...]:
    """The asks of which the bit is set, in order."""
    return tuple(ask for place, ask in enumerate(ASKS) if bits >> place & 1)


def _question(
    facts: ProtectionFacts,
    directory: Directory,
    services: Columns,
    reach_km: float,
    at: datetime,
    capacity: Mapping[str, Capacity],
    asked: frozenset[str],
) -> Question:
    return Question(
        facts=facts,
        directory=directory,
        services=services,
        ways=directory.terrain.ways(facts.area),
        reach_km=reach_km,
        stock=Stock.build(services, capacity, at),
        asked=asked,
        at=at,
    )


def _left_out(directory: Directory, services: Columns, verdict: Verdict) -> dict[Filter, int]:
    """How many of the whole directory each filter left out first."""
    counts = np.bincount(verdict.first, minlength=PASSED).tolist()
    left_out = dict(zip(FILTERS, counts, strict=False))
    others_prohibited = directory.prohibited - left_out[Filter.AUTHORITY]
    left_out[Filter.AUTHORITY] += others_prohibited
    left_out[Filter.CAPABILITY] += len(directory.services) - len(services) - others_prohibited
    return left_out


def _emptied_by(left_out: Mapping[Filter, int]) -> Filter:
    """The last filter that left anybody out: before it, somebody remained (ruling 13)."""
    return max(
        (one for one, count in left_out.items() if count),
        key=FILTERS.index,
        default=Filter.CAPABILITY,
    )


def _lines(q: Question, verdict: Verdict, places: Integers) -> list[Line]:
    """The lines of the services at these places, in their order."""
    columns = (
        verdict.failed,
        q.stock.confirmed,
        _language(q),
        *_distance(q),
        q.stock.open_asks,
        q.stock.counted,
        q.stock.free,
        _asks(q),
    )
    seen = zip(*(column[places].tolist() for column in (*columns, may_offer(q))), strict=True)
    rows = (q.services.rows[place] for place in places.tolist())
    return [_line(row, *values) for row, values in zip(rows, seen, strict=True)]


def _line(
    row: ServiceRow,
    failed: int,
    confirmed: int,
    language: bool,
    distance: int,
    km: float,
    open_asks: int,
    counted: bool,
    free: int,
    asks: int,
    offer_on: bool,
) -> Line:
    return Line(
        service_id=row.id,
        name=row.name,
        revision=row.revision,
        organization=row.organization,
        area=row.area,
        reached_by=row.reached_by,
        failed=criteria_in(failed),
        confirmed=Confirmed(confirmed),
        language=language,
        distance=Distance(distance),
        km=None if isnan(km) else int(km),
        open_asks=open_asks,
        free=free if counted else None,
        asks=asks_in(asks),
        conditions=tuple(sorted(row.conditions)),
        offer_on=offer_on,
    )


def _language(q: Question) -> Mask:
    """It offers one of the person's languages, or one that counts as it (ruling 29)."""
    return q.services.languages.any_of(q.directory.understood_as(q.facts.languages))


def _distance(q: Question) -> tuple[Integers, Numbers]:
    """The band, and km from the person's area centre to the service; NaN for none (ruling 16)."""
    s, terrain = q.services, q.directory.terrain
    here = terrain.index[q.facts.area]
    km = haversine_km(terrain.latitude[here], terrain.longitude[here], s.latitude, s.longitude)
    band = Distance.UNDER_25_KM + np.digitize(km, KM_LIMITS)  # NaN is beyond every limit
    # Without an area it passed reach because it covers hers, so it works there.
    in_her_area = s.within.any_of((q.facts.area,)) | (s.area == NOWHERE)
    band = np.where(s.remote, Distance.REMOTE, np.where(in_her_area, Distance.SAME_AREA, band))
    return band, np.where(s.remote, np.nan, km)


def _asks(q: Question) -> Integers:
    """What must be asked before, one bit each."""
    bits = [ask(q).astype(np.int64) << place for place, ask in enumerate(ASKS.values())]
    return np.asarray(sum(bits))
