"""Plain rows, as the caller reads them: the only way in for data about places and services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

# What a service may not ask for in return for help (ruling 4). Fees, a medical test and no phone or
# going out are told to the person, never filtered.
BLOCKING_CONDITIONS = frozenset(
    {
        "cooperation",
        "documents",
        "status",
        "programme",
        "recognition",
        "leave_of_another",
        "camp_registration",
        "nationality",
        "ethnicity",
        "religion",
    }
)


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An administrative unit; centre in degrees, `parent` an id of the same directory; `held_by`:
    the kinds of actor that hold it today, as somebody reports."""

    id: str
    parent: str | None
    country: str
    level: int
    latitude: float | None
    longitude: float | None
    accessible: bool
    held_by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LinkRow:
    """Two neighbouring areas, in no order, and whether one can travel between today (ruling 17)."""

    a: str
    b: str
    passable: bool
    front_line: bool = False


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One service at one site with one unit; without a point, its area's centre stands in.

    `covers` names areas, each with all below it. `sexes` lists all it takes: none takes nobody.
    Ages are full years, both ends included; None is no limit. `access` is None if not recorded.
    `opens_at` and `ends_at` are moments: before the one and from the other on it takes nobody, so
    that the passing of time alone opens and ends it. `for_families`: its places are for two or more
    who come together. `here`: False for a mobile team between two stops.
    """

    id: str
    name: str
    organization: str
    organization_name: str
    organization_kind: str
    authority: str
    security_actor: bool
    capability: str
    area: str | None
    latitude: float | None
    longitude: float | None
    covers: frozenset[str]
    remote: bool
    comes_to_person: bool
    reached_by: str
    min_age: int | None
    max_age: int | None
    sexes: frozenset[str]
    max_son_age: int | None
    takes_pregnant: bool
    access: frozenset[str] | None
    languages: frozenset[str]
    conditions: frozenset[str]
    reports_to: frozenset[str]
    operating: bool
    here: bool
    opens_at: datetime | None
    ends_at: datetime | None
    for_families: bool
    existence_doubted: bool
    unit: str
    revision: int


@dataclass(frozen=True, slots=True)
class Capacity:
    """The volatile numbers of one service, read fresh; never part of a revision (ruling 7)."""

    reported_free: int | None
    held: int
    placed_since: int
    confirmed_at: datetime | None
    open_asks: int


NOTHING_KNOWN = Capacity(reported_free=None, held=0, placed_since=0, confirmed_at=None, open_asks=0)
