"""Where one can get to today: areas, the links between them, and distances (rulings 16 and 17).

Masks and distances run over all areas in the order of `Terrain.index`, with one more slot at the
end for "no area", so that a service without an area (slot -1) picks it by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from routing.engine.rows import AreaRow, LinkRow

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]

EARTH_KM = 6371.0088
NOWHERE = -1


class UnknownArea(LookupError):
    """The person's area is not in this directory: nothing can be said about her reach."""


@dataclass(frozen=True, slots=True)
class Ways:
    """From one area: who can be travelled to, who can travel here, and centre distances in km."""

    there: Mask
    here: Mask
    km: Numbers


@dataclass(frozen=True, slots=True)
class Terrain:
    """The areas of one directory and the ways between them; immutable, ways computed once."""

    areas: Mapping[str, AreaRow]
    index: Mapping[str, int]
    latitude: Numbers
    longitude: Numbers
    lineage: Mapping[str, frozenset[str]]
    below: Mapping[str, frozenset[str]]
    neighbours: Mapping[str, frozenset[str]]
    _ways: dict[str, Ways] = field(default_factory=dict)

    @classmethod
    def build(cls, areas: Iterable[AreaRow], links: Iterable[LinkRow]) -> Terrain:
        """Ways are passable links inside one country and across no front line (ruling 17)."""
        by_id = {area.id: area for area in sorted(areas, key=lambda area: area.id)}
        lineage = {area: _lineage(area, by_id) for area in by_id}
        return cls(
            areas=by_id,
            index={area: position for position, area in enumerate(by_id)},
            latitude=np.array([_degrees(a.latitude) for a in by_id.values()] + [np.nan]),
            longitude=np.array([_degrees(a.longitude) for a in by_id.values()] + [np.nan]),
            lineage=lineage,
            below=_below(lineage),
            neighbours=_neighbours(by_id, links),
        )

    def position(self, area: str | None) -> int:
        """The slot of an area in every mask; `NOWHERE` for none, or one not in the directory."""
        return NOWHERE if area is None else self.index.get(area, NOWHERE)

    def ways(self, area: str) -> Ways:
        """What is within reach of this area today; raises `UnknownArea`."""
        if area not in self.areas:
            raise UnknownArea(
                f"area {area!r} is not in the directory; refresh it, or correct the person's area"
            )
        if area not in self._ways:
            self._ways[area] = self._find_ways(area)
        return self._ways[area]

    def may_enter(self, area: str, *, coming_from: str) -> bool:
        """No inaccessible area holds the target without also holding the place one comes from."""
        entered = self.lineage[area] - self.lineage[coming_from]
        return all(self.areas[one].accessible for one in entered)

    def _find_ways(self, area: str) -> Ways:
        position = self.index[area]
        km = haversine_km(
            self.latitude[position], self.longitude[position], self.latitude, self.longitude
        )
        km[position] = 0.0  # also where nobody recorded a centre
        there = self._mask(self._reached_from(area))
        here = self._mask(self._reaching(area))
        # A service without an area works where it covers: nobody travels, but it may have to enter.
        there[NOWHERE] = True
        here[NOWHERE] = all(self.areas[one].accessible for one in self.lineage[area])
        return Ways(there, here, km)

    def _grounds(self, area: str) -> frozenset[str]:
        """Where somebody in this area can be: a state without links stands for its counties."""
        return frozenset({area}) if area in self.neighbours else self.below[area]

    def _reached_from(self, area: str) -> set[str]:
        starts = self._grounds(area)
        # She may leave an inaccessible county of her state; that she can be met there is not known.
        reached = {start for start in starts if self.may_enter(start, coming_from=area)}
        fringe = list(starts)
        while fringe:
            here = fringe.pop()
            for there in self.neighbours.get(here, frozenset()) - reached:
                if self.may_enter(there, coming_from=here):
                    reached.add(there)
                    fringe.append(there)
        return reached

    def _reaching(self, area: str) -> set[str]:
        reaching = {
            ground for ground in self._grounds(area) if self.may_enter(ground, coming_from=area)
        }
        fringe = list(reaching)
        while fringe:
            there = fringe.pop()
            for here in self.neighbours.get(there, frozenset()) - reaching:
                if self.may_enter(there, coming_from=here):
                    reaching.add(here)
                    fringe.append(here)
        return reaching

    def _mask(self, found: set[str]) -> Mask:
        """Somewhere in a state is reached as soon as one of its counties is."""
        mask = np.zeros(len(self.areas) + 1, dtype=np.bool_)
        for area in found:
            mask[self.index[area]] = True
            for above in self.lineage[area]:
                mask[self.index[above]] |= above not in self.neighbours
        return mask


def haversine_km(
    latitude: float, longitude: float, latitudes: Numbers, longitudes: Numbers
) -> Numbers:
    """Great-circle km from one point to many, in degrees; NaN where a coordinate is missing."""
    here, there = np.radians(latitude), np.radians(latitudes)
    north, east = there - here, np.radians(longitudes) - np.radians(longitude)
    chord = np.sin(north / 2) ** 2 + np.cos(here) * np.cos(there) * np.sin(east / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(chord, 0, 1))), dtype=np.float64)


def _degrees(value: float | None) -> float:
    return np.nan if value is None else value


def _lineage(area: str, by_id: Mapping[str, AreaRow]) -> frozenset[str]:
    """The area and all above it."""
    found: set[str] = set()
    above: str | None = area
    while above is not None:
        if above not in by_id or above in found:
            raise ValueError(
                f"area {area!r}: {above!r} is missing or its own ancestor; correct the parents"
            )
        found.add(above)
        above = by_id[above].parent
    return frozenset(found)


def _below(lineage: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Each area with all below it."""
    below = defaultdict(set)
    for area, above in lineage.items():
        for one in above:
            below[one].add(area)
    return {area: frozenset(found) for area, found in below.items()}


def _neighbours(
    by_id: Mapping[str, AreaRow], links: Iterable[LinkRow]
) -> dict[str, frozenset[str]]:
    """Every area that has any link, with those it may be left for today: possibly none."""
    neighbours: dict[str, set[str]] = defaultdict(set)
    for link in links:
        missing = {link.a, link.b} - by_id.keys()
        if missing:
            raise ValueError(f"link {link.a!r} to {link.b!r} names no area here: {sorted(missing)}")
        is_way = _is_way(link, by_id)
        neighbours[link.a] |= {link.b} if is_way else set()
        neighbours[link.b] |= {link.a} if is_way else set()
    for area in sorted(by_id, key=lambda one: by_id[one].level):
        _join_to_linked_parent(area, by_id, neighbours)
    return {area: frozenset(others) for area, others in neighbours.items()}


def _is_way(link: LinkRow, by_id: Mapping[str, AreaRow]) -> bool:
    return link.passable and not link.front_line and by_id[link.a].country == by_id[link.b].country


def _join_to_linked_parent(
    area: str, by_id: Mapping[str, AreaRow], neighbours: dict[str, set[str]]
) -> None:
    """A village has no links of its own: one gets there through its county."""
    parent = by_id[area].parent
    if area not in neighbours and parent is not None and parent in neighbours:
        neighbours[area].add(parent)
        neighbours[parent].add(area)
