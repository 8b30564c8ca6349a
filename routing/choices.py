"""A stored decision in words: the options in order, who was left out, where rules come from.

Reads rows only: the engine never runs while somebody waits for a page.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from providers import access
from providers.models import Area, Service, User
from providers.vocabulary import Condition, ReachedBy
from routing import wording
from routing.engine.filters import UNOVERRIDABLE
from routing.models import Decision, RuleSet

NEAR_MISSES = 15
LINES_SHOWN = 100
FIXED = frozenset(str(one) for one in UNOVERRIDABLE)


@dataclass(frozen=True, slots=True)
class Option:
    """One candidate with the words of its place in the order."""

    rank: int
    line: dict[str, Any]
    service: Service
    area: str
    why: str
    room: str
    distance: str
    confirmed: str
    decided_by: str
    conditions: list[str]
    asks: list[str]
    asked: bool

    @property
    def walk_in(self) -> bool:
        return self.service.reached_by == ReachedBy.WALK_IN

    @property
    def phone_first(self) -> bool:
        return self.service.reached_by == ReachedBy.PHONE_FIRST


def options(decision: Decision) -> list[Option]:
    """The shortlist, best first. Services that are gone from the directory are left out."""
    order = [line["service_id"] for line in decision.lines if not line["failed"]]
    found = services(decision.options)
    shown = [line for line in decision.options if line["service_id"] in found]
    return [_option(n, line, found, order, decision) for n, line in enumerate(shown, 1)]


def services(lines: Iterable[dict[str, Any]]) -> dict[str, Service]:
    ids = [line["service_id"] for line in lines]
    rows = Service.objects.filter(pk__in=ids)
    rows = rows.select_related("organization", "area__parent__parent")
    return {str(one.pk): one for one in rows.prefetch_related("languages", "hours")}


def _option(rank: int, line, found, order: list[str], decision: Decision) -> Option:
    service = found[line["service_id"]]
    place = order.index(line["service_id"]) if line["service_id"] in order else -1
    return Option(
        rank=rank,
        line=line,
        service=service,
        area=service.area.name if service.area else "",
        why=wording.why_placed(
            line, rank=rank, place=place, of=len(order), override=bool(decision.override)
        ),
        room=wording.room(line, service.unit),
        distance=wording.distance(line),
        confirmed=str(wording.CONFIRMED.get(line["confirmed"], line["confirmed"])),
        decided_by=line.get("decided_by") or "",
        conditions=[str(Condition(one).label) for one in line["conditions"]],
        asks=[str(wording.ASKS.get(one, one)) for one in line["asks"]],
        asked=line["service_id"] in decision.chosen,
    )


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the whole decision."""

    place: int | None
    name: str
    area: str
    service_id: str
    words: dict[str, str]
    failed: str
    may_be_overridden: bool


def seen_lines(decision: Decision, user: User) -> list[dict[str, Any]]:
    """The lines that this user may read. What the router found for the person is told to whoever
    works on the case, or nobody could choose it together with the person; of the other services
    that were looked at, nobody reads more than in the directory."""
    found = {line["service_id"] for line in decision.options}
    others = [line["service_id"] for line in decision.lines if line["service_id"] not in found]
    hidden = access.hidden_from(user, others)
    return [line for line in decision.lines if line["service_id"] not in hidden]


def lines(shown: list[dict[str, Any]], most: int = LINES_SHOWN) -> list[Told]:
    """The first of `seen_lines` in words."""
    shown = shown[:most]
    ids = {line["area"] for line in shown if line["area"]}
    areas = {
        str(pk): name for pk, name in Area.objects.filter(pk__in=ids).values_list("pk", "name")
    }
    waits, told, place = waiting_lists(shown), [], 0
    for line in shown:
        place += not line["failed"]
        told.append(_told(line, None if line["failed"] else place, areas, waits))
    return told


def waiting_lists(shown: list[dict[str, Any]]) -> set[str]:
    """Of the services that are full, those that have a waiting list today."""
    full = [line["service_id"] for line in shown if "capacity" in line["failed"]]
    takes = Service.objects.filter(pk__in=full, takes_waiting_list=True) if full else ()
    return {str(one.pk) for one in takes}


def _told(line, place, areas, waits) -> Told:
    return Told(
        place=place,
        name=line["name"],
        area=areas.get(line["area"], ""),
        service_id=line["service_id"],
        words={
            "confirmed": str(wording.CONFIRMED.get(line["confirmed"], line["confirmed"])),
            "distance": wording.distance(line),
            "decided": wording.decided(line),
        },
        failed=wording.why_failed(line, waiting_list=line["service_id"] in waits),
        may_be_overridden=not FIXED & set(line["failed"]),
    )


def near_misses(decision: Decision, user: User) -> list[Told]:
    """Those left out last, nearest first: what a person may choose all the same."""
    failed = [line for line in seen_lines(decision, user) if line["failed"]]
    return lines(failed, NEAR_MISSES)


def packs(decision: Decision) -> list[RuleSet]:
    return list(RuleSet.objects.filter(digest__in=decision.rule_sets).order_by("name", "digest"))


@dataclass(frozen=True, slots=True)
class Source:
    """The law or practice behind a proposal; `verified` names who read it, or nobody yet."""

    instrument: str
    article: str
    force: str
    verified: str


def source_of(rule_id: str) -> Source | None:
    """The source of a rule that proposed something; None where no pack in force has it."""
    for pack in RuleSet.objects.filter(in_force=True).order_by("name", "digest"):
        for rule in tomllib.loads(pack.text).get("rule", ()):
            if rule["id"] == rule_id or f"{pack.name}:{rule['id']}" == rule_id:
                told = rule["source"]
                force = str(wording.FORCES.get(told["force"], told["force"]))
                return Source(told["instrument"], told["article"], force, told["verified"])
    return None
