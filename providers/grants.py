"""The one writer of grants: who else may see a confidential place, and that somebody looked."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from providers import access
from providers.models import (
    Location,
    Membership,
    Organization,
    PlaceGrant,
    PlaceRead,
    Service,
    User,
)

LONGEST = timedelta(days=90)  # whoever still needs it then is given it again


class UnableToGrant(ValueError):
    """Says why, in the reader's language."""


@transaction.atomic
def give(
    *,
    service: Service,
    user: User | None = None,
    organization: Organization | None = None,
    reason: str,
    starts_at: datetime,
    ends_at: datetime,
    by: User,
    at: datetime,
) -> PlaceGrant:
    """To one person, or to all people of one organization. Nobody tells it to themselves."""
    if not access.services_granted_by(by).filter(pk=service.pk).exists():
        raise UnableToGrant(_("Only its own people or a coordinator of its area can grant this."))
    if (user is None) == (organization is None):
        raise UnableToGrant(_("Write one person or choose one organization, not both."))
    if user is not None:
        _refuse_person(service, user, by)
    else:
        _refuse_organization(service, organization, by)
    if not reason.strip():
        raise UnableToGrant(_("Write why this place has to be known."))
    if ends_at <= max(starts_at, at):
        raise UnableToGrant(_("It has to end after it begins, and after now."))
    if ends_at - starts_at > LONGEST:
        raise UnableToGrant(_("Choose at most %(n)d days.") % {"n": LONGEST.days})
    return PlaceGrant.objects.create(
        service=service,
        user=user,
        organization=organization,
        reason=reason.strip(),
        given_by=by,
        given_at=at,
        starts_at=starts_at,
        ends_at=ends_at,
    )


def _refuse_person(service: Service, user: User, by: User) -> None:
    held = list(Membership.objects.of(user))
    if not held or access.is_apart(user):  # one sentence: it tells nothing of accounts
        raise UnableToGrant(_("Nobody to whom a place can be told has this user name."))
    if user.pk == by.pk:
        raise UnableToGrant(_("Somebody else has to grant this to you."))
    if any(one.organization_id == service.organization_id for one in held):
        raise UnableToGrant(_("This person works there."))


def _refuse_organization(service: Service, organization: Organization, by: User) -> None:
    if access.is_apart_organization(organization):
        raise UnableToGrant(_("A place is never told to a security actor or an authority."))
    if organization.pk == service.organization_id:
        raise UnableToGrant(_("It is their own service."))
    if Membership.objects.of(by).filter(organization=organization).exists():
        raise UnableToGrant(_("Somebody else has to grant this to your organization."))


def end(*, grant: PlaceGrant, by: User, at: datetime) -> None:
    """From now on it opens nothing."""
    live = PlaceGrant.objects.open_or_to_come(at).filter(pk=grant.pk)
    if not live.update(ended_at=at, ended_by=by):
        raise UnableToGrant(_("It has ended already."))


@transaction.atomic
def open_place(*, service_id: UUID, user: User, at: datetime) -> tuple[Service, Location | None]:
    """The service with its place, for whoever has a live grant; written down each time.

    The location is None where another confidential place is, that is not this user's to know.
    Raises UnableToGrant without a grant.
    """
    grant = access.grants_to(user, at).filter(service=service_id).order_by("ends_at", "id").first()
    if grant is None:
        raise UnableToGrant(_("The place is not open to you."))
    PlaceRead.objects.create(grant=grant, user=user, read_at=at)
    service = Service.objects.select_related("location", "area__parent").get(pk=service_id)
    told = service.location_id and access.may_see_location(user, service, at)
    return service, service.location if told else None
