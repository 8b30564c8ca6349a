"""Who may see and change what in the directory: functions of a user, for views and querysets.

Three audiences. The public: `Service.objects.listed_for_public()`. Partners: whoever is signed in,
`services_seen_by`; of a confidential service the area, and its number where it is to be telephoned
first. Need to know: its own people, and whoever has a live grant: `may_see_place`.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from providers.models import (
    Area,
    Change,
    Location,
    Membership,
    Organization,
    PassabilityReport,
    PlaceGrant,
    Review,
    Service,
    User,
)
from providers.vocabulary import Authority, Exposure, Role

ANSWERS = (Role.PROVIDER, Role.SPECIALIST)


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
    return Service.objects.of_organizations(organizations(user, *ANSWERS))


def may_see_place(user: User, service: Service, at: datetime | None = None) -> bool:
    """The place of a confidential service: only its own people; with `at`, whoever has a grant
    then as well, which `grants.open_place` writes down. The area is all that others see."""
    return not service.is_redacted or not closed_to(user, [service], at)


def may_see_location(user: User, service: Service, at: datetime | None = None) -> bool:
    """Where it is, also where a confidential service shares the place: only to whoever may see the
    place of each that is confidential there."""
    hidden = Service.objects.filter(exposure=Exposure.REDACTED)
    here = Q(location=service.location_id) if service.location_id else Q(pk=None)
    return not closed_to(user, hidden.filter(here | Q(pk=service.pk)), at)


def closed_to(user: User, confidential, at: datetime | None = None) -> set:
    """Of these confidential services, the keys of those whose place this user may not see."""
    keys = {one.pk: one.organization_id for one in confidential}
    if not keys:
        return set()
    own = set(organizations_of_providers(user))
    closed = {pk for pk, organization in keys.items() if organization not in own}
    if not closed or at is None:
        return closed
    return closed - set(
        grants_to(user, at).filter(service__in=closed).values_list("service", flat=True)
    )


def grants_to(user: User, at: datetime):
    """The live grants that open something to this user: never to people of a security actor or of
    an authority, whatever was given before somebody became one."""
    if is_apart(user):
        return PlaceGrant.objects.none()
    return PlaceGrant.objects.live(at).to(user)


def locations_hidden_from(user: User, locations) -> set:
    """Of these places, the keys of those where a service is, was or shall be whose place this user
    may not see."""
    keys = {getattr(one, "pk", one) for one in locations}
    hidden = Service.objects.filter(location__in=keys, exposure=Exposure.REDACTED)
    rows = list(hidden.only("pk", "organization_id", "location_id"))
    closed = closed_to(user, rows)
    found = {one.location_id for one in rows if one.pk in closed}
    former = places_kept_back() & keys
    if former:
        foreign = Location.objects.filter(pk__in=former)
        own = organizations_of_providers(user)
        found |= set(foreign.exclude(organization__in=own).values_list("pk", flat=True))
    return found


def places_kept_back() -> set:
    """The keys of places where a confidential service was once, or shall be by a draft, and where
    no open one is now: whoever reads of them reads where it was, or will be."""
    told = Change.objects.filter(confidential=True, after__has_key="location").order_by()
    sides = told.values_list("before__location", "after__location")
    keys = {UUID(one) for both in sides for one in both if one}
    if not keys:
        return keys
    open_now = Service.objects.not_redacted().filter(location__in=keys).order_by()
    return keys - set(open_now.values_list("location", flat=True))


def with_public_place(services):
    """Those of `services` that may be a point on a map: `may_see_location` as a query.

    Stricter by one thing: no place where a confidential service is, not for its own people and not
    with a grant. A map is seen over shoulders.
    """
    hidden = Service.objects.filter(
        location=OuterRef("location"), exposure=Exposure.REDACTED
    ).order_by()
    stays = Q(mobile=False) | Q(location__area=F("area"))  # a team that moved is not at its office
    shown = services.not_redacted().filter(stays, location__latitude__isnull=False)
    return shown.filter(~Exists(hidden))


def areas_bound_to(user: User) -> set:
    """The keys of the areas of somebody who only coordinates these; empty: every area."""
    return _only_areas(list(Membership.objects.of(user).prefetch_related("areas")))


def services_seen_by(user: User):
    """The directory as this user may read it.

    People of a security actor or an authority never read of confidential services, not even that
    there is one. Who only coordinates named areas reads those areas and what is not in an area.
    """
    return _seen(_held(user))


def coordinates(user: User) -> bool:
    """Whether this user keeps the directory of some areas, or of all."""
    return Membership.objects.of(user).with_role(Role.COORDINATOR).exists()


def areas_coordinated_by(user: User):
    """The areas whose directory this user keeps: those of the role, or every one."""
    held = list(Membership.objects.of(user).with_role(Role.COORDINATOR).prefetch_related("areas"))
    if not held:
        return Area.objects.none()
    if any(not one.areas.all() for one in held):
        return Area.objects.current()
    bound = {area.pk for one in held for area in one.areas.all()}
    inside = Q(pk__in=bound) | Q(parent__in=bound) | Q(parent__parent__in=bound)
    return Area.objects.current().filter(inside)


def services_coordinated_by(user: User):
    """The services in those areas, as far as this user may read of them. Who keeps every area keeps
    what is in none, too."""
    seen = services_seen_by(user)
    held = list(Membership.objects.of(user).with_role(Role.COORDINATOR).prefetch_related("areas"))
    if not held:
        return seen.none()
    if any(not one.areas.all() for one in held):
        return seen
    return seen.filter(area__in=areas_coordinated_by(user).values("pk"))


def services_kept_by(user: User):
    """Those whose state this user may record: one's own, and those one coordinates."""
    mine = services_answered_by(user).order_by().values("pk")
    coordinated = services_coordinated_by(user).order_by().values("pk")
    return Service.objects.filter(Q(pk__in=mine) | Q(pk__in=coordinated))


def reviews_kept_by(user: User):
    """What waits, or waited, for this user's look because something changed where it stands."""
    kept = services_coordinated_by(user).order_by().values("pk")
    return Review.objects.filter(service__in=kept)


def way_reports_kept_by(user: User):
    """Reports on ways that begin or end in an area that this user coordinates."""
    kept = areas_coordinated_by(user).values("pk")
    return PassabilityReport.objects.filter(Q(link__a__in=kept) | Q(link__b__in=kept))


def hidden_from(user: User, ids) -> set[str]:
    """Of these services, the ids of those that this user may not read of."""
    seen = services_seen_by(user).order_by().values("pk")
    hidden = Service.objects.filter(pk__in=ids).exclude(pk__in=seen).order_by()
    return {str(pk) for pk in hidden.values_list("pk", flat=True)}


def organizations_seen_by(user: User):
    """Own ones and those of services that are seen. Who works on cases has to be able to name any
    of them, as one to keep away from; but not people of a security actor or an authority."""
    held = list(Membership.objects.of(user))
    works = any(one.role in (Role.CASEWORKER, Role.SUPERVISOR) for one in held)
    apart = any(is_apart_organization(one.organization) for one in held)
    if works and not apart:
        return Organization.objects.all()
    own = Q(pk__in=[one.organization_id for one in held])
    return Organization.objects.filter(
        own | Q(pk__in=services_seen_by(user).order_by().values("organization"))
    )


def places_seen_by(user: User):
    """Listed places, without those where a confidential service is, was or shall be."""
    held = list(Membership.objects.of(user).prefetch_related("areas"))
    hidden = Service.objects.filter(location=OuterRef("pk"), exposure=Exposure.REDACTED)
    seen = Location.objects.exclude(pk__in=places_kept_back())
    return seen.filter(~Exists(hidden), _in_areas(_only_areas(held)))


def places_opened_by(user: User):
    """The places whose page this user may open: listed ones, one's own, and those that one decides;
    none where a confidential service is, was or shall be whose place is not this user's to know."""
    held = _held(user)
    own = Q(organization__in=organizations(user, *ANSWERS).order_by().values("pk"))
    listed = Q(pk__in=places_seen_by(user).order_by().values("pk"))
    hidden = Service.objects.filter(exposure=Exposure.REDACTED, location__isnull=False)
    keys = {*hidden.values_list("location", flat=True), *places_kept_back()}
    opened = Location.objects.filter(listed | own | _decided(held))
    return opened.exclude(pk__in=locations_hidden_from(user, keys)) if keys else opened


def organizations_opened_by(user: User):
    """Those this user reads of, and for who keeps every area all of them."""
    if _everywhere(_held(user)) and not is_apart(user):
        return Organization.objects.all()
    return organizations_seen_by(user)


def may_see_contact(user: User, organization: Organization) -> bool:
    """What an organization says of itself may tell where its confidential house is."""
    hidden = Service.objects.filter(organization=organization, exposure=Exposure.REDACTED)
    return edits(user, organization) or not closed_to(user, hidden)


# ------------------------------------------------------------------------- who changes it
def services_decided_by(user: User):
    """The services whose changes this user decides: a coordinator of their area (of every area,
    where none is named), and an administrator. Never what one may not even read of."""
    held = _held(user)
    return _seen(held).filter(_decided(held))


def services_edited_by(user: User):
    """Whoever answers for it says what is so; who decides may say it as well."""
    held = _held(user)
    answers = [one.organization_id for one in held if one.role in ANSWERS]
    return _seen(held).filter(_decided(held) | Q(organization__in=answers))


def services_granted_by(user: User):
    """The confidential services of which this user may tell others the place: its own people, and
    who decides its changes."""
    held = _held(user)
    own = [one.organization_id for one in held if one.role == Role.PROVIDER]
    confidential = _seen(held).filter(exposure=Exposure.REDACTED)
    return confidential.filter(_decided(held) | Q(organization__in=own))


def decides(user: User, subject: Service | Organization | Location) -> bool:
    """Whether this user decides changes of this thing. Of an organization: whoever is bound to no
    area; it may have services in many."""
    held = _held(user)
    if isinstance(subject, Service):
        return _seen(held).filter(_decided(held), pk=subject.pk).exists()
    if isinstance(subject, Location):
        return Location.objects.filter(_decided(held), pk=subject.pk).exists()
    return _everywhere(held)


def edits(user: User, subject: Service | Organization | Location) -> bool:
    """Its own people, who answer for it, and whoever decides."""
    if isinstance(subject, Service):
        return services_edited_by(user).filter(pk=subject.pk).exists()
    home = subject.pk if isinstance(subject, Organization) else subject.organization_id
    return organizations(user, *ANSWERS).filter(pk=home).exists() or decides(user, subject)


def changes_decided_by(user: User):
    """The drafts and the history that this user decides."""
    held = _held(user)
    of_services = Q(service__in=_seen(held).filter(_decided(held)).order_by().values("pk"))
    of_places = Q(location__in=Location.objects.filter(_decided(held)).order_by().values("pk"))
    rest = Q(organization__isnull=False) if _everywhere(held) else Q(pk=None)
    return Change.objects.filter(of_services | of_places | rest)


def changes_seen_by(user: User):
    """The drafts and the history of what this user may edit."""
    answers = organizations(user, *ANSWERS).order_by().values("pk")
    own = Q(organization__in=answers) | Q(location__organization__in=answers)
    edited = Q(service__in=services_edited_by(user).order_by().values("pk"))
    decided = changes_decided_by(user).order_by().values("pk")
    return Change.objects.filter(own | edited | Q(pk__in=decided))


def decides_anything(user: User) -> bool:
    """Whether there is anything that this user decides."""
    return any(one.role in (Role.COORDINATOR, Role.ADMINISTRATOR) for one in _held(user))


def organizations_of_providers(user: User):
    """The keys of the organizations whose confidential places are this user's own."""
    return organizations(user, Role.PROVIDER).values_list("pk", flat=True)


def _everywhere(held: list[Membership]) -> bool:
    bounds = [set(one.areas.all()) for one in held if one.role == Role.COORDINATOR]
    unbound = bool(bounds) and not all(bounds)
    return unbound or any(one.role == Role.ADMINISTRATOR for one in held)


def _held(user: User) -> list[Membership]:
    return list(Membership.objects.of(user).prefetch_related("areas"))


def _seen(held: list[Membership]):
    seen = Service.objects.all()
    if any(is_apart_organization(one.organization) for one in held):
        seen = seen.listed_for_public()
    return seen.filter(_in_areas(_only_areas(held)))


def _decided(held: list[Membership]) -> Q:
    if _everywhere(held):
        return Q(pk__isnull=False)
    coordinated = (one for one in held if one.role == Role.COORDINATOR)
    areas = {area.pk for one in coordinated for area in one.areas.all()}
    return _in_areas(areas) & Q(area__isnull=False) if areas else Q(pk=None)


def is_apart(user: User) -> bool:
    """Whether this user works for a security actor or an authority."""
    return any(is_apart_organization(one.organization) for one in Membership.objects.of(user))


def is_apart_organization(organization: Organization) -> bool:
    return organization.is_security_actor or organization.authority != Authority.NONE


def _only_areas(held: list[Membership]) -> set:
    """The areas to which somebody who does nothing but coordinate is bound; none: no bound."""
    bound = {area.pk for one in held for area in one.areas.all()}
    coordinates = all(one.role == Role.COORDINATOR and one.areas.all() for one in held)
    return bound if coordinates else set()


def _in_areas(areas: set) -> Q:
    inside = Q(area__in=areas) | Q(area__parent__in=areas) | Q(area__parent__parent__in=areas)
    return inside | Q(area=None) if areas else Q()
