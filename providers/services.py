"""The one writer of the directory, but for capacity (`capacity.py`).

Every change that a filter of the router can see raises `Service.revision`, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from providers import capacity
from providers.capabilities import capability as known_capability
from providers.models import (
    Area,
    AreaLink,
    Membership,
    Organization,
    Passability,
    PassabilityReport,
    Service,
    ServiceCondition,
    ServiceLanguage,
    ServiceReport,
    User,
)
from providers.vocabulary import Operating, Role

CHANGEABLE = frozenset(
    {
        "name",
        "area",
        "location",
        "min_age",
        "max_age",
        "serves_women",
        "serves_men",
        "serves_other",
        "max_son_age",
        "takes_pregnant",
        "access",
        "reached_by",
        "phone",
        "remote",
        "comes_to_person",
        "mobile",
        "unit",
        "maximum",
        "operating",
        "operating_since",
        "operating_cause",
        "existence_doubted",
        "exposure",
    }
)


class UnableToChangeService(ValueError):
    """Names the fields that are not part of a service."""


@transaction.atomic
def add_service(
    *,
    organization: Organization,
    capability: str,
    name: str,
    at: datetime,
    languages: Iterable[str] = (),
    conditions: Iterable[str] = (),
    reports_to: Mapping[str, str] | None = None,
    covers: Iterable[Area] = (),
    **facts,
) -> Service:
    """One service with its lists. `reports_to` maps an actor to its basis: law or practice."""
    facts.setdefault("unit", known_capability(capability).unit)
    service = Service.objects.create(
        organization=organization,
        capability=capability,
        name=name,
        created_at=at,
        changed_at=at,
        **facts,
    )
    _write_lists(service, languages, conditions, reports_to or {}, covers)
    return service


@transaction.atomic
def change_service(
    *,
    service_id: UUID,
    at: datetime,
    languages: Iterable[str] | None = None,
    conditions: Iterable[str] | None = None,
    reports_to: Mapping[str, str] | None = None,
    covers: Iterable[Area] | None = None,
    **changes,
) -> Service:
    """Change what is named, leave the rest. Raises the revision once."""
    unknown = set(changes) - CHANGEABLE
    if unknown:
        raise UnableToChangeService(
            f"No such field of a service: {', '.join(sorted(unknown))}. "
            f"Expected: {', '.join(sorted(CHANGEABLE))}."
        )
    Service.objects.filter(pk=service_id).update(
        revision=F("revision") + 1, changed_at=at, **changes
    )
    service = Service.objects.get(pk=service_id)
    _write_lists(service, languages, conditions, reports_to, covers)
    return service


def _write_lists(service, languages, conditions, reports_to, covers) -> None:
    if languages is not None:
        service.languages.all().delete()
        ServiceLanguage.objects.bulk_create(
            ServiceLanguage(service=service, code=code) for code in dict.fromkeys(languages)
        )
    if conditions is not None:
        service.conditions.all().delete()
        ServiceCondition.objects.bulk_create(
            ServiceCondition(service=service, kind=kind) for kind in dict.fromkeys(conditions)
        )
    if reports_to is not None:
        service.reports_to.all().delete()
        ServiceReport.objects.bulk_create(
            ServiceReport(service=service, actor=actor, basis=basis)
            for actor, basis in reports_to.items()
        )
    if covers is not None:
        service.covers.set(covers)


def suspend_service(*, service_id: UUID, cause: str, since: date, at: datetime) -> Service:
    """Closed for now: nobody new is sent; who is there stays theirs."""
    return change_service(
        service_id=service_id,
        at=at,
        operating=Operating.SUSPENDED,
        operating_cause=cause,
        operating_since=since,
    )


def reopen_service(*, service_id: UUID, since: date, at: datetime) -> Service:
    return change_service(
        service_id=service_id,
        at=at,
        operating=Operating.FUNCTIONING,
        operating_cause="",
        operating_since=since,
    )


@transaction.atomic
def change_organization(*, organization_id: UUID, at: datetime, **changes) -> None:
    """Name, kind, authority, security actor: raises the revision of all its services."""
    Organization.objects.filter(pk=organization_id).update(**changes)
    _raise_revisions(Service.objects.filter(organization_id=organization_id), at)


@transaction.atomic
def set_area_accessible(*, area_id: UUID, accessible: bool, at: datetime) -> None:
    """Nobody can enter, or can again: its services' revisions and all ways get a new version."""
    Area.objects.filter(pk=area_id).update(accessible=accessible)
    _raise_revisions(Service.objects.filter(area_id=area_id), at)
    ways_changed(at=at)


def _raise_revisions(services, at: datetime) -> None:
    capacity.lock(services=services.values_list("pk", flat=True))
    services.update(revision=F("revision") + 1, changed_at=at)


@transaction.atomic
def report_impassable(
    *, link_id: UUID, source: str, expires_at: datetime, at: datetime, note: str = ""
) -> PassabilityReport:
    """Somebody reports that two areas cannot be passed between, until `expires_at`."""
    report = PassabilityReport.objects.create(
        link_id=link_id, source=source, note=note, reported_at=at, expires_at=expires_at
    )
    ways_changed(at=at)
    return report


@transaction.atomic
def set_front_line(*, link_id: UUID, front_line: bool, at: datetime) -> None:
    AreaLink.objects.filter(pk=link_id).update(front_line=front_line)
    ways_changed(at=at)


def ways_changed(*, at: datetime) -> None:
    """A new version of all ways: offers decided on the old one are decided again."""
    passability()
    Passability.objects.update(version=F("version") + 1, changed_at=at)


def passability() -> Passability:
    """The version of all ways; the row is made the first time somebody asks."""
    return Passability.objects.get_or_create(id=1)[0]


def passability_version() -> int:
    return passability().version


@transaction.atomic
def add_user(
    *,
    username: str,
    password: str | None,
    first_name: str = "",
    last_name: str = "",
) -> User:
    """An account without rights; memberships give them. None: no password can be used."""
    return User.objects.create_user(
        username=username, password=password, first_name=first_name, last_name=last_name
    )


def add_membership(
    *, user: User, organization: Organization, role: Role, areas: Iterable[Area] = ()
) -> Membership:
    membership = Membership.objects.create(user=user, organization=organization, role=role)
    membership.areas.set(areas)
    return membership
