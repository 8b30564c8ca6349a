"""One page of the catalogue: who opens it, and where it is in the world of `stage`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from providers.access import places_seen_by
from tests.journeys.stage import World

ANONYMOUS = "anonymous"
WITH_A_CODE = "with a code"  # no account: a person on the own page
HALFWAY = "halfway"  # the password was right, the second factor is missing
CASEWORKER, SUPERVISOR = "caseworker", "supervisor"
SPECIALIST, PROVIDER = "specialist", "provider"
COORDINATOR, ADMINISTRATOR = "coordinator", "administrator"
MEMBERS = (CASEWORKER, SUPERVISOR, SPECIALIST, PROVIDER, COORDINATOR, ADMINISTRATOR)
OTHERS = (SUPERVISOR, SPECIALIST, PROVIDER, ADMINISTRATOR)  # meet a long list with fewer rows
NEW_CASEWORKER, NEW_PROVIDER = "new caseworker", "new provider"
NO_ROLE, SECOND_FACTOR = "no role", "second factor"

Find = Callable[[World], Any]


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `sent`: it is the answer to this form, sent to the same address."""

    name: str
    route: str
    who: tuple[str, ...]
    args: tuple[Find, ...] = ()
    query: str = ""
    status: int = 200
    sent: Mapping[str, str] | None = None
    token: bool = True  # whether the form carries the one of its session
    path: str = ""  # where no route leads

    def address(self, world: World) -> str:
        found = self.path or reverse(self.route, args=[find(world) for find in self.args])
        return found + self.query


def case(key: str) -> tuple[Find]:
    return (lambda world: world.cases[key].pk,)


def brought(key: str) -> tuple[Find]:
    return (lambda world: world.files[key].pk,)


def need(key: str) -> tuple[Find]:
    return (lambda world: world.needs[key].pk,)


def ask(key: str) -> tuple[Find]:
    return (lambda world: world.asks[key].pk,)


def alone(key: str) -> tuple[Find]:
    return (lambda world: world.asks[key].vital.pk,)


def service(key: str) -> tuple[Find]:
    return (lambda world: world.services[key].pk,)


def actor(key: str) -> tuple[Find]:
    """The organization of this service."""
    return (lambda world: world.services[key].organization_id,)


def listed_place() -> tuple[Find]:
    """The first that anybody may read of."""
    return (
        lambda world: places_seen_by(world.users["caseworker"]).order_by("name", "id").first().pk,
    )


def reported(key: str) -> tuple[Find]:
    return (lambda world: world.reported[key].pk,)


def person(key: str) -> tuple[Find]:
    return (lambda world: world.users[key].pk,)


def chosen(key: str) -> tuple[Find, Find]:
    """A need, and the first service on its list."""
    first = lambda world: UUID(world.latest(key).options[0]["service_id"])  # noqa: E731
    return (*need(key), first)


def decision(key: str) -> tuple[Find]:
    return (lambda world: world.latest(key).pk,)


def proposal(key: str) -> tuple[Find]:
    """A need of this case that a rule proposed."""
    return (lambda world: world.cases[key].needs.exclude(proposed_by="").first().pk,)


def change(key: str) -> tuple[Find]:
    return (lambda world: world.changes[key].pk,)


def said(key: str) -> tuple[Find]:
    return (lambda world: world.said[key].pk,)


def way(key: str) -> tuple[Find]:
    return (lambda world: world.ways[key].pk,)


def of_the_day(key: str) -> tuple[Find]:
    return (lambda world: world.day[key].pk,)


NOBODY: tuple[Find] = (lambda _world: UUID(int=0),)
WORKER, ONLY_ADMINISTRATOR = (CASEWORKER,), (ADMINISTRATOR,)
FACTOR = (SECOND_FACTOR,)
