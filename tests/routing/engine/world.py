"""A small world to tell stories in: two states of one country, a neighbour country, and a shelter.

kajo - yei - juba - bor        gulu lies across the border of kajo
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from routing.engine.directory import AreaRow, Capacity, Directory, LinkRow, ServiceRow
from routing.engine.facts import Member, Permission, ProtectionFacts
from routing.engine.match import Line, Outcome, check_one, match

AT = datetime(2024, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)

AREAS = {
    area.id: area
    for area in (
        AreaRow("south_sudan", None, "SS", 0, None, None, True),
        AreaRow("equatoria", "south_sudan", "SS", 1, 4.6, 31.2, True),
        AreaRow("jonglei", "south_sudan", "SS", 1, 7.0, 32.0, True),
        AreaRow("juba", "equatoria", "SS", 2, 4.85, 31.60, True),
        AreaRow("yei", "equatoria", "SS", 2, 4.09, 30.68, True),
        AreaRow("kajo", "equatoria", "SS", 2, 3.85, 31.66, True),
        AreaRow("bor", "jonglei", "SS", 2, 6.21, 31.56, True),
        AreaRow("uganda", None, "UG", 0, 1.3, 32.3, True),
        AreaRow("gulu", "uganda", "UG", 2, 2.77, 32.30, True),
    )
}
LINKS = (
    LinkRow("kajo", "yei", True),
    LinkRow("yei", "juba", True),
    LinkRow("juba", "bor", True),
    LinkRow("kajo", "gulu", True),
)

SHELTER = ServiceRow(
    id="shelter",
    name="A shelter",
    organization="refuge",
    organization_name="Refuge",
    organization_kind="ngo",
    authority="none",
    security_actor=False,
    capability="shelter",
    area="juba",
    latitude=None,
    longitude=None,
    covers=frozenset(),
    remote=False,
    comes_to_person=False,
    reached_by="phone_first",
    min_age=None,
    max_age=None,
    sexes=frozenset({"woman", "man", "other"}),
    max_son_age=None,
    takes_pregnant=True,
    access=frozenset({"step_free"}),
    languages=frozenset({"eng"}),
    conditions=frozenset(),
    reports_to=frozenset(),
    operating=True,
    here=True,
    opens_at=None,
    ends_at=None,
    for_families=False,
    existence_doubted=False,
    unit="bed",
    revision=1,
)
WOMAN = Member("26-59", "woman")
ANYONE = (Permission(None, "shelter", every_unconditional=False, offer_on=True),)
NEED = ProtectionFacts(
    capability="shelter",
    urgency="immediate",
    area="juba",
    members=(WOMAN,),
    languages=frozenset(),
    free_to_leave=None,
    together=True,
    excluded_organizations=frozenset(),
    excluded_areas=frozenset(),
    excluded_actors=frozenset(),
    state_security_implicated=False,
    may_tell=ANYONE,
)


def a_shelter(service_id: str = "shelter", **changes: Any) -> ServiceRow:
    """A shelter in Juba that takes everyone, with these changes."""
    return replace(SHELTER, id=service_id, **changes)


def a_need(**changes: Any) -> ProtectionFacts:
    """A woman in Juba who needs shelter now and lets any shelter be told, with these changes."""
    return replace(NEED, **changes)


def room(free: int | None = 1, days: float = 1, **changes: Any) -> Capacity:
    """Places free, as confirmed so many days ago, with nothing held, placed or asked meanwhile."""
    return replace(Capacity(free, 0, 0, AT - days * DAY, 0), **changes)


def directory(
    *services: ServiceRow,
    areas: Iterable[AreaRow] = AREAS.values(),
    links: Iterable[LinkRow] = LINKS,
    **more: Any,
) -> Directory:
    """A snapshot of these services in the small world."""
    return Directory.build(services, areas, links, version="v1", passability=1, **more)


def ask(
    need: ProtectionFacts,
    *services: ServiceRow,
    capacity: dict[str, Capacity] | None = None,
    reach_km: float = 250,
    asked: Iterable[str] = (),
    **world: Any,
) -> Outcome:
    """What the engine finds; a service without capacity was never confirmed."""
    return match(
        need,
        directory(*services, **world),
        reach_km=reach_km,
        kind="protection",
        at=AT,
        capacity=capacity or {},
        asked=frozenset(asked),
    )


def check(need: ProtectionFacts, service: ServiceRow, **more: Any) -> Line:
    """How one service fares."""
    asked = frozenset(more.pop("asked", ()))
    capacity, reach_km = more.pop("capacity", {}), more.pop("reach_km", 250)
    return check_one(
        need,
        directory(service, **more),
        service.id,
        reach_km=reach_km,
        kind="protection",
        at=AT,
        capacity=capacity,
        asked=asked,
    )


def ids(outcome: Outcome) -> list[str]:
    """The candidates' ids, best first."""
    return [candidate.service_id for candidate in outcome.candidates]
