"""The services of one capability as NumPy columns: every filter is one look at all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from routing.engine.facts import YEARS
from routing.engine.reach import Mask, Numbers, Terrain
from routing.engine.rows import BLOCKING_CONDITIONS, ServiceRow

Integers = npt.NDArray[np.int64]

OLDEST = max(high for _, high in YEARS.values())
NO_SONS = -1
NO_AUTHORITY = "none"


class Labels:
    """Which services carry a label: a boolean column per label, all False for an unknown one."""

    __slots__ = ("_columns", "_size")

    def __init__(self, sets: Sequence[Iterable[str]]) -> None:
        self._size = len(sets)
        self._columns: dict[str, Mask] = {}
        for position, labels in enumerate(sets):
            for label in labels:
                column = self._columns.setdefault(label, np.zeros(self._size, dtype=np.bool_))
                column[position] = True

    def any_of(self, labels: Iterable[str]) -> Mask:
        """Services with at least one of these labels; none for no labels."""
        found = np.zeros(self._size, dtype=np.bool_)
        for label in labels:
            found |= self._columns.get(label, False)
        return found

    def all_of(self, labels: Iterable[str]) -> Mask:
        """Services with each of these labels; all for no labels."""
        found = np.ones(self._size, dtype=np.bool_)
        for label in labels:
            found &= self._columns.get(label, False)
        return found


@dataclass(frozen=True, slots=True)
class Columns:
    """Some services of one capability, by id; `area` is a terrain slot, points are in degrees."""

    rows: tuple[ServiceRow, ...]
    capability: str
    organization: Labels
    actor: Labels
    prohibited: Mask
    security_actor: Mask
    area: Integers
    within: Labels
    held_by: Labels
    latitude: Numbers
    longitude: Numbers
    covers: Labels
    remote: Mask
    comes_to_person: Mask
    walk_in: Mask
    min_age: Integers
    max_age: Integers
    sexes: Labels
    max_son_age: Integers
    takes_pregnant: Mask
    access: Labels
    access_recorded: Mask
    languages: Labels
    unconditional: Mask
    reports_to: Labels
    operating: Mask
    here: Mask
    opens_at: Numbers
    ends_at: Numbers
    for_families: Mask
    existence_doubted: Mask
    uncounted: Mask

    @classmethod
    def build(cls, services: Iterable[ServiceRow], capability: str, terrain: Terrain) -> Columns:
        """The columns of these services, which all have this capability."""
        rows = tuple(sorted(services, key=lambda row: row.id))
        area = np.array([terrain.position(row.area) for row in rows], dtype=np.int64)
        return cls(
            rows=rows,
            capability=capability,
            organization=Labels([(row.organization,) for row in rows]),
            actor=Labels([{row.organization_kind, row.authority} - {NO_AUTHORITY} for row in rows]),
            prohibited=booleans(is_prohibited(row) for row in rows),
            security_actor=booleans(row.security_actor for row in rows),
            area=area,
            within=Labels([_within(row, terrain) for row in rows]),
            held_by=Labels([_held_by(row, terrain) for row in rows]),
            latitude=_point([row.latitude for row in rows], terrain.latitude[area]),
            longitude=_point([row.longitude for row in rows], terrain.longitude[area]),
            covers=Labels([row.covers for row in rows]),
            remote=booleans(row.remote for row in rows),
            comes_to_person=booleans(row.comes_to_person for row in rows),
            walk_in=booleans(row.reached_by == "walk_in" for row in rows),
            min_age=_ages((row.min_age for row in rows), without=0),
            max_age=_ages((row.max_age for row in rows), without=OLDEST),
            sexes=Labels([row.sexes for row in rows]),
            max_son_age=_ages((row.max_son_age for row in rows), without=NO_SONS),
            takes_pregnant=booleans(row.takes_pregnant for row in rows),
            access=Labels([row.access or () for row in rows]),
            access_recorded=booleans(row.access is not None for row in rows),
            languages=Labels([row.languages for row in rows]),
            unconditional=booleans(is_unconditional(row) for row in rows),
            reports_to=Labels([row.reports_to for row in rows]),
            operating=booleans(row.operating for row in rows),
            here=booleans(row.here for row in rows),
            opens_at=_moments((row.opens_at for row in rows), without=-np.inf),
            ends_at=_moments((row.ends_at for row in rows), without=np.inf),
            for_families=booleans(row.for_families for row in rows),
            existence_doubted=booleans(row.existence_doubted for row in rows),
            uncounted=booleans(row.unit == "none" for row in rows),
        )

    def __len__(self) -> int:
        return len(self.rows)


def is_prohibited(row: ServiceRow) -> bool:
    """An authority that decides, guards or fights is never offered anybody (ruling 2)."""
    return row.authority != NO_AUTHORITY


def is_unconditional(row: ServiceRow) -> bool:
    """It asks nothing in return that ruling 4 forbids."""
    return not row.conditions & BLOCKING_CONDITIONS


def booleans(values: Iterable[bool]) -> Mask:
    """One truth per service, as a column."""
    return np.fromiter(values, dtype=np.bool_)


def integers(values: Iterable[int]) -> Integers:
    """One number per service, as a column."""
    return np.fromiter(values, dtype=np.int64)


def _moments(values: Iterable[datetime | None], *, without: float) -> Numbers:
    """Seconds since 1970."""
    seconds = (without if value is None else value.timestamp() for value in values)
    return np.fromiter(seconds, dtype=np.float64)


def _ages(values: Iterable[int | None], *, without: int) -> Integers:
    return integers(without if value is None else value for value in values)


def _within(row: ServiceRow, terrain: Terrain) -> Iterable[str]:
    """The service's area and all above it; an area nobody knows is still the one it names."""
    if row.area is None:
        return ()
    return terrain.lineage.get(row.area, (row.area,))


def _held_by(row: ServiceRow, terrain: Terrain) -> Iterable[str]:
    """Whoever holds the service's area, or one that it lies in."""
    above = (one for one in _within(row, terrain) if one in terrain.areas)
    return frozenset().union(*(terrain.areas[one].held_by for one in above))


def _point(own: Sequence[float | None], centre: Numbers) -> Numbers:
    points = np.array([np.nan if value is None else value for value in own], dtype=np.float64)
    return np.where(np.isnan(points), centre, points)
