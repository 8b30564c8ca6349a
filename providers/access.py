"""Who may see and change what in the directory: functions of a user, for views and querysets."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from providers.models import Location, Membership, Organization, Service, User
from providers.vocabulary import Authority, Exposure, Role


def roles(user: User) -> set[str]:
    """The roles this user has anywhere, now."""
    if not user.is_authenticated:
        return set()
    return set(Membership.objects.of(user).values_list("role", flat=True))


def organizations(user: User, *which: Role):
    """The organizations in which this user has one of these roles."""
    held = Membership.objects.of(user).with_role(*which)
    return Organization.objects.filter(pk__in=held.values("organization"))


def services_answered_by(user: User):
    """The services for which this user answers and says what is free."""
    return Service.objects.of_organizations(organizations(user, Role.PROVIDER, Role.SPECIALIST))


def may_see_place(user: User, service: Service) -> bool:
    """The place of a confidential service: only its own people. The area is all that others see."""
    if not service.is_redacted:
        return True
    return organizations(user, Role.PROVIDER).filter(pk=service.organization_id).exists()


def may_see_location(user: User, service: Service) -> bool:
    """Where it is, also where a confidential service shares the place: only the latter's people."""
    if not may_see_place(user, service):
        return False
    own = organizations(user, Role.PROVIDER).values("pk")
    hidden = Service.objects.filter(location=service.location_id, exposure=Exposure.REDACTED)
    return not hidden.exclude(organization__in=own).exists()


def services_seen_by(user: User):
    """The directory as this user may read it.

    People of a security actor or an authority never read of confidential services, not even that
    there is one. Who only coordinates named areas reads those areas and what is not in an area.
    """
    held = list(Membership.objects.of(user).prefetch_related("areas"))
    seen = Service.objects.all()
    if any(one.organization.is_security_actor or _is_authority(one.organization) for one in held):
        seen = seen.listed_for_public()
    return seen.filter(_in_areas(_only_areas(held)))


def places_seen_by(user: User):
    """Listed places, without those where a confidential service is."""
    held = list(Membership.objects.of(user).prefetch_related("areas"))
    hidden = Service.objects.filter(location=OuterRef("pk"), exposure=Exposure.REDACTED)
    return Location.objects.filter(~Exists(hidden), _in_areas(_only_areas(held)))


def _is_authority(organization: Organization) -> bool:
    return organization.authority != Authority.NONE


def _only_areas(held: list[Membership]) -> set:
    """The areas to which somebody who does nothing but coordinate is bound; none: no bound."""
    bound = {area.pk for one in held for area in one.areas.all()}
    coordinates = all(one.role == Role.COORDINATOR and one.areas.all() for one in held)
    return bound if coordinates else set()


def _in_areas(areas: set) -> Q:
    inside = Q(area__in=areas) | Q(area__parent__in=areas) | Q(area__parent__parent__in=areas)
    return inside | Q(area=None) if areas else Q()
