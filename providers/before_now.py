"""Before and now: how many services of each help work in each area, then and today. Pure.

What nobody recorded of a day is not known on that day; it is counted, and never taken for open. Of
a confidential service no more is counted than its area, which is all that its readers are told.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

RANK = {"functioning": 2, "partly": 1}  # any other known status: 0


@dataclass(frozen=True, slots=True)
class Row:
    """`number` services of one help in one area, alike then and now; None: not known that day."""

    area: Hashable
    capability: str
    before: str | None
    now: str | None
    number: int = 1


@dataclass(slots=True)
class Counts:
    functioning: int = 0
    partly: int = 0
    not_working: int = 0
    unknown: int = 0

    def add(self, status: str | None, number: int) -> None:
        if status is None:
            self.unknown += number
        elif status == "functioning":
            self.functioning += number
        elif status == "partly":
            self.partly += number
        else:
            self.not_working += number

    @property
    def total(self) -> int:
        return self.functioning + self.partly + self.not_working + self.unknown


@dataclass(slots=True)
class Cell:
    """One help in one area. `worse` and `better` count services whose status is known on both days
    and went down or up; `uncertain` those of which one of the days is not known."""

    area: Hashable
    capability: str
    before: Counts = field(default_factory=Counts)
    now: Counts = field(default_factory=Counts)
    worse: int = 0
    better: int = 0
    uncertain: int = 0

    @property
    def change(self) -> int:
        """Below 0: more services are worse off than better off."""
        return self.better - self.worse

    def add(self, row: Row) -> None:
        self.before.add(row.before, row.number)
        self.now.add(row.now, row.number)
        if row.before is None or row.now is None:
            self.uncertain += row.number
        elif rank(row.now) < rank(row.before):
            self.worse += row.number
        elif rank(row.now) > rank(row.before):
            self.better += row.number


def rank(status: str) -> int:
    return RANK.get(status, 0)


def table(rows: Iterable[Row]) -> list[Cell]:
    """One cell per area and help that has a service; the worst change first."""
    cells: dict[tuple, Cell] = {}
    for row in rows:
        key = row.area, row.capability
        cells.setdefault(key, Cell(row.area, row.capability)).add(row)
    return sorted(cells.values(), key=worst_first)


def worst_first(cell: Cell) -> tuple:
    return cell.change, -cell.worse, -cell.uncertain, str(cell.area), cell.capability


def by_area(cells: Iterable[Cell]) -> dict[Hashable, Cell]:
    """All help of an area together."""
    found: dict[Hashable, Cell] = defaultdict(lambda: Cell(None, ""))
    for one in cells:
        whole = found[one.area]
        whole.area = one.area
        for then, part in ((whole.before, one.before), (whole.now, one.now)):
            then.functioning += part.functioning
            then.partly += part.partly
            then.not_working += part.not_working
            then.unknown += part.unknown
        whole.worse += one.worse
        whole.better += one.better
        whole.uncertain += one.uncertain
    return dict(found)


def worse_by_area(cells: Iterable[Cell]) -> Counter:
    """How many services are worse off, by area: what the map shows."""
    return Counter({area: one.worse for area, one in by_area(cells).items()})


STEPS = (1, 3, 6)  # from how many services worse off each shade of the map begins


def step(number: int) -> int:
    """0 to 3: the shade of the map."""
    return sum(number >= first for first in STEPS)
