"""The one writer of the directory, but for capacity (`capacity.py`).

Every change that a filter of the router can see raises `Service.revision`, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from providers import capacity, history, operating
from providers.capabilities import capability as known_capability
from providers.documents import Subject, document_of
from providers.history import Said
from providers.models import (
    Area,
    Location,
    Membership,
    Organization,
    Service,
    ServiceCondition,
    ServiceLanguage,
    ServiceReport,
    User,
)
from providers.vocabulary import Operating, Role
from providers.ways import (
    passability,
    passability_version,
    report_impassable,
    set_front_line,
    ways_changed,
)

__all__ = [
    "add_membership",
    "add_service",
    "add_user",
    "change_organization",
    "change_service",
    "passability",
    "passability_version",
    "reopen_service",
    "report_impassable",
    "set_area_accessible",
    "set_front_line",
    "suspend_service",
    "ways_changed",
]

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
        "places_for",
        "beside",
        "reached_by",
        "phone",
        "remote",
        "comes_to_person",
        "mobile",
        "short_code",
        "url",
        "email",
        "available_from",
        "available_until",
        "unit",
        "maximum",
        "existence_doubted",
        "exposure",
    }
)


# what is asked for: codes, or code → note. Codes alone leave the notes of those that stay
Conditions = Iterable[str] | Mapping[str, str]
# actor → law or practice, or → {"basis": …, "about": …}. A basis alone leaves what stood in `about`
Reports = Mapping[str, str | Mapping[str, str]]


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
    conditions: Conditions = (),
    reports_to: Reports | None = None,
    covers: Iterable[Area] = (),
    **facts,
) -> Service:
    """One service with its lists: see Conditions and Reports."""
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
    operating.begin(services=[service])
    return service


@transaction.atomic
def change_service(
    *,
    service_id: UUID,
    at: datetime,
    by: User | None = None,
    said: Said | None = None,
    languages: Iterable[str] | None = None,
    conditions: Conditions | None = None,
    reports_to: Reports | None = None,
    covers: Iterable[Area] | None = None,
    **changes,
) -> Service:
    """Change what is named, leave the rest. Raises the revision once, and writes the history:
    `by` whom, or `said` in full; neither is the system itself."""
    unknown = set(changes) - CHANGEABLE
    if unknown:
        raise UnableToChangeService(
            f"No such field of a service: {', '.join(sorted(unknown))}. "
            f"Expected: {', '.join(sorted(CHANGEABLE))}."
        )
    capacity.lock(services=[service_id])
    former = Service.objects.get(pk=service_id)
    lists = (("languages", languages), ("conditions", conditions), ("reports_to", reports_to),
             ("covers", covers))  # fmt: skip
    touched = [*changes, *(name for name, rows in lists if rows is not None)]
    before = document_of(former, touched)
    Service.objects.filter(pk=service_id).update(
        revision=F("revision") + 1, changed_at=at, **changes
    )
    service = Service.objects.get(pk=service_id)
    _write_lists(service, languages, conditions, reports_to, covers)
    _tell(former, service, before, said or Said(by=by), at)
    return service


def _tell(former: Subject, now: Subject, before: Mapping, said: Said, at: datetime) -> None:
    after = document_of(now, before)
    history.record(subject=former, before=before, after=after, said=said, at=at)


def _write_lists(service, languages, conditions, reports_to, covers) -> None:
    if languages is not None:
        service.languages.all().delete()
        ServiceLanguage.objects.bulk_create(
            ServiceLanguage(service=service, code=code) for code in dict.fromkeys(languages)
        )
    if conditions is not None:
        notes = dict(service.conditions.values_list("kind", "note"))
        if isinstance(conditions, Mapping):
            notes = dict(conditions)
        service.conditions.all().delete()
        ServiceCondition.objects.bulk_create(
            ServiceCondition(service=service, kind=kind, note=notes.get(kind, ""))
            for kind in dict.fromkeys(conditions)
        )
    if reports_to is not None:
        about = dict(service.reports_to.values_list("actor", "about"))
        service.reports_to.all().delete()
        ServiceReport.objects.bulk_create(
            ServiceReport(service=service, actor=actor, **_report(told, about.get(actor, "")))
            for actor, told in reports_to.items()
        )
    if covers is not None:
        service.covers.set(covers)


def _report(told: str | Mapping[str, str], about: str) -> dict[str, str]:
    return {"basis": told, "about": about} if isinstance(told, str) else dict(told)


def suspend_service(
    *,
    service_id: UUID,
    cause: str,
    since: date,
    at: datetime,
    by: User | None = None,
    source: str = operating.BY_THE_SERVICE,
) -> Service:
    """Closed for now: nobody new is sent; who is there stays theirs."""
    status = Operating.SUSPENDED
    operating.record_status(
        service_id=service_id, status=status, cause=cause, since=since, source=source, by=by, at=at
    )
    return Service.objects.get(pk=service_id)


def reopen_service(
    *,
    service_id: UUID,
    since: date,
    at: datetime,
    by: User | None = None,
    source: str = operating.BY_THE_SERVICE,
) -> Service:
    status = Operating.FUNCTIONING
    operating.record_status(
        service_id=service_id, status=status, since=since, source=source, by=by, at=at
    )
    return Service.objects.get(pk=service_id)


@transaction.atomic
def change_organization(
    *,
    organization_id: UUID,
    at: datetime,
    by: User | None = None,
    said: Said | None = None,
    **changes,
) -> None:
    """Name, kind, authority, security actor: raises the revision of all its services."""
    rows = Organization.objects.filter(pk=organization_id)
    former = rows.select_for_update(no_key=True).get()
    before = document_of(former, changes)
    rows.update(**changes)
    _raise_revisions(Service.objects.filter(organization_id=organization_id), at)
    _tell(former, rows.get(), before, said or Said(by=by), at)


@transaction.atomic
def change_location(
    *, location_id: UUID, at: datetime, by: User | None = None, said: Said | None = None, **changes
) -> None:
    """Name, kind, area, coordinates: raises the revision of all services there."""
    rows = Location.objects.filter(pk=location_id)
    former = rows.select_for_update(no_key=True).get()
    before = document_of(former, changes)
    found = {"unlocated": ""} if changes.get("area") else {}  # it has an area now: nothing to say
    rows.update(**changes, **found)
    _raise_revisions(Service.objects.filter(location_id=location_id), at)
    _tell(former, rows.get(), before, said or Said(by=by), at)


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
