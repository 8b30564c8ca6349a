"""What somebody may bring in or change by a file: asked at each step, so that a right that ended
between upload and application counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from providers import access
from providers.models import Area, Membership, Organization, Service, User
from providers.vocabulary import Exposure, Role


@dataclass(frozen=True, slots=True)
class Reach:
    """`areas`: None for every area. `own`: organizations whose confidential places they know."""

    areas: frozenset[UUID] | None
    own: frozenset[UUID] = frozenset()

    def holds(self, area: UUID | None) -> bool:
        """Also what is in no area, such as a telephone line, only for who may touch every area."""
        return self.areas is None or (area is not None and area in self.areas)


NOTHING = Reach(frozenset())


def reach_of(user: User) -> Reach:
    """The areas of a coordinator with all that lies in them; every area for whoever coordinates
    without such a bound, and for an administrator."""
    held = list(
        Membership.objects.of(user)
        .with_role(Role.COORDINATOR, Role.ADMINISTRATOR)
        .prefetch_related("areas")
    )
    if not held:
        return NOTHING
    own = access.organizations(user, Role.PROVIDER).values_list("pk", flat=True)
    bound = [[area.pk for area in one.areas.all()] for one in held]
    if not all(bound):
        return Reach(None, frozenset(own))
    return Reach(_with_inner({pk for areas in bound for pk in areas}), frozenset(own))


def _with_inner(areas: set[UUID]) -> frozenset[UUID]:
    found, new = set(areas), set(areas)
    while new:
        new = set(Area.objects.filter(parent__in=new).values_list("pk", flat=True)) - found
        found |= new
    return frozenset(found)


def hidden_places(user: User, locations) -> set[UUID]:
    """Of these places those where a confidential service of others is: a file may not touch them,
    nor may its outcome tell what is there."""
    own = access.organizations(user, Role.PROVIDER).values("pk")
    hidden = Service.objects.filter(location__in=locations, exposure=Exposure.REDACTED)
    return set(hidden.exclude(organization__in=own).values_list("location_id", flat=True))


def unseen_services(user: User, services) -> set[UUID]:
    """Of these services those that this user may not read of at all."""
    seen = access.services_seen_by(user).order_by().values("pk")
    unseen = Service.objects.filter(pk__in=services).exclude(pk__in=seen).order_by()
    return set(unseen.values_list("pk", flat=True))


class Known(NamedTuple):
    """What an import asks of an organization."""

    pk: UUID
    name: str
    source: str
    authority: str


def organizations_known(keys, names) -> tuple[dict[UUID, Known], dict[str, list[Known]]]:
    """By key, and by name without case: one query per batch."""
    asked = Q(pk__in=keys) | Q(name__in=names)
    rows = Organization.objects.filter(asked).order_by("pk").values_list(*Known._fields)
    found = {one.pk: one for one in map(Known._make, rows)}
    called: dict[str, list[Known]] = {}
    for one in found.values():
        if one.name in names:
            called.setdefault(one.name.casefold(), []).append(one)
    return found, called
