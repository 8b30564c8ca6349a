"""The week of a country: where it begins and which days are worked. Read from one data file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parent / "data" / "calendars.toml"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")  # 0 is Monday, as in `date.weekday`


@dataclass(frozen=True, slots=True)
class Week:
    """Weekdays are numbers, 0 = Monday … 6 = Sunday."""

    first: int
    working: frozenset[int]

    @property
    def in_order(self) -> tuple[int, ...]:
        """The seven days as this country's calendar shows them."""
        return tuple((self.first + n) % 7 for n in range(7))


@cache
def _weeks() -> dict[str, Week]:
    rows = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    return {
        country: Week(DAYS.index(row["first"]), frozenset(map(DAYS.index, row["working"])))
        for country, row in rows.items()
    }


def week_of(country: str) -> Week:
    """The week of an ISO 3166-1 alpha-3 country; of one that is not listed, the common one."""
    return _weeks().get(country) or _weeks()["other"]
