"""The directory by area: how many services there are in each, and which of them are a point.

Every number comes from the table's own query (`search.services`), so that map and table agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from providers import access, drawing
from providers.models import Area
from providers.vocabulary import Level

MOST_POINTS = 2000


@dataclass(frozen=True, slots=True)
class Part:
    """One area of the map. `shape` is None where no outline is known."""

    pcode: str
    name: str
    number: int
    shown: int  # of which this many are points on the larger map
    is_chosen: bool
    is_seen: bool  # not: another coordinator's
    shape: drawing.Shape | None
    label: tuple[float, float] | None = None  # latitude, longitude

    @property
    def unplaced(self) -> int:
        return self.number - self.shown


@dataclass(frozen=True, slots=True)
class Chart:
    """The numbers of one map. They and `elsewhere` together are the rows of the table."""

    state: Area | None  # whose counties these are; None: the states of the country
    parts: list[Part]
    elsewhere: int  # in no part: by phone or online, or for the whole state
    view_box: str = ""
    around: tuple[drawing.Shape, ...] = ()  # outlines that are no area of today

    @property
    def empty(self) -> list[Part]:
        return [one for one in self.parts if one.is_seen and not one.number]

    @property
    def total(self) -> int:
        return sum(one.number for one in self.parts) + self.elsewhere


def chart(*, found: QuerySet, area: Area | None, bound: set, points: bool = False) -> Chart:
    """The states, or the counties of the state that `area` is or lies in.

    `found` is the table's query without its area. `bound`: see access.areas_bound_to. With
    `points`, `shown` is counted too. Two queries; three with `points`.
    """
    areas = _drawable()
    state = _state_of(area, areas)
    numbers = _folded(_numbers(found), areas, state)
    shown = _folded(_numbers(access.with_public_place(found)), areas, state) if points else {}
    return _chart(numbers, shown, areas, state, area, bound)


def drawn(numbers: Mapping, *, area: Area | None, bound: set) -> Chart:
    """Any numbers by the keys of areas, folded onto the same parts. One query."""
    areas = _drawable()
    state = _state_of(area, areas)
    return _chart(_folded(Counter(numbers), areas, state), {}, areas, state, area, bound)


def _drawable() -> list[Area]:
    return list(Area.objects.filter(level__in=(Level.STATE, Level.COUNTY)).order_by("name", "id"))


def _chart(numbers: Counter, shown: Mapping, areas, state, area, bound) -> Chart:
    sheet = drawing.sheet(state.pcode if state else "")
    shapes = dict(sheet.shapes) if sheet else {}
    parts = [
        Part(
            pcode=one.pcode,
            name=one.name,
            number=numbers.pop(one.pk, 0),
            shown=shown.get(one.pk, 0),
            is_chosen=bool(area and area.pk == one.pk),
            is_seen=not bound or bool(bound & _around(one, areas)),
            shape=shapes.pop(one.pcode, None),
            label=(one.latitude, one.longitude) if one.latitude is not None else None,
        )
        for one in areas
        if not one.retired_on and _is_part(one, state)
    ]
    is_drawn = any(one.shape for one in parts)
    return Chart(
        state=state,
        parts=parts,
        elsewhere=sum(numbers.values()),
        view_box=sheet.view_box if sheet and is_drawn else "",
        around=tuple(shapes.values()),
    )


def points(found: QuerySet) -> QuerySet:
    """Services at a place that everybody may know, with all that a point says; in a fixed order."""
    return access.with_public_place(found).select_related("organization", "location").order_by("id")


def _numbers(found: QuerySet) -> Counter:
    rows = found.order_by().values("area").annotate(number=Count("pk"))
    return Counter({row["area"]: row["number"] for row in rows})


def _state_of(area: Area | None, areas: list[Area]) -> Area | None:
    if area is None or area.level == Level.STATE:
        return area
    return next((one for one in areas if one.pk == area.parent_id), None)


def _is_part(area: Area, state: Area | None) -> bool:
    return area.parent_id == state.pk if state else area.level == Level.STATE


def _folded(numbers: Counter, areas: list[Area], state: Area | None) -> Counter:
    """By part of the map. In a state, its own number is of what is for all of it; no others."""
    part_of = {state.pk: None} if state else {}
    for one in areas:
        if state is None:
            part_of[one.pk] = one.pk if one.level == Level.STATE else one.parent_id
        elif one.parent_id == state.pk:
            part_of[one.pk] = None if one.retired_on else one.pk
    folded: Counter = Counter()
    for pk, number in numbers.items():
        if state is None or pk in part_of:
            folded[part_of.get(pk)] += number
    return folded


def _around(area: Area, areas: list[Area]) -> set:
    """The keys of an area, of its parts, and of what it is a part of."""
    parents = {one.pk: one.parent_id for one in areas}
    above = {area.pk, area.parent_id, parents.get(area.parent_id)}
    return above | {pk for pk, parent in parents.items() if parent == area.pk}
