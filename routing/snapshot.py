"""The directory as the engine reads it: held in memory, refreshed by version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from threading import Lock
from uuid import UUID

from django.db.models import Case, Count, F, Q, Sum, When

from providers import situation, ways
from providers.local_time import area_zones, midnight
from providers.models import Area, AreaLink, PassabilityReport, Service
from providers.vocabulary import MACROLANGUAGES, Authority, PlacesFor, Sex
from routing.engine.directory import Directory
from routing.engine.rows import AreaRow, Capacity, LinkRow, ServiceRow


@dataclass(frozen=True, slots=True)
class Held:
    directory: Directory
    until: datetime | None  # when the next report on a way expires


_held: Held | None = None
_lock = Lock()


def version(at: datetime) -> tuple[str, int]:
    """The directory's version and that of all ways. Both change with every change a filter sees,
    and with every report that runs out."""
    total = Service.objects.aggregate(n=Count("pk"), revisions=Sum("revision"))
    now = ways.passability_at(at)
    places = f"{Area.objects.count()}.{AreaLink.objects.count()}.{now.version}"
    services = f"{total['n']}.{total['revisions'] or 0}"
    return f"{str(now.series)[:8]}.{services}.{places}", now.version


def directory(*, at: datetime) -> Directory:
    """The snapshot for now, read again only when something changed or a report expired."""
    global _held
    current, seen = version(at)
    with _lock:
        if (
            _held is None
            or _held.directory.version != current
            or (_held.until is not None and _held.until <= at)
        ):
            _held = Held(_build(current, seen, at), ways.next_expiry(at=at))
        return _held.directory


def _build(current: str, passability: int, at: datetime) -> Directory:
    return Directory.build(
        services=_service_rows(),
        areas=_area_rows(at),
        links=_link_rows(at),
        version=current,
        passability=passability,
        macrolanguages=MACROLANGUAGES,
    )


def _area_rows(at: datetime) -> Iterable[AreaRow]:
    shut, held_by = situation.shut_areas(at), situation.held_areas(at)
    for area in Area.objects.all():
        yield AreaRow(
            id=str(area.pk),
            parent=str(area.parent_id) if area.parent_id else None,
            country=area.country,
            level=area.level,
            latitude=area.latitude,
            longitude=area.longitude,
            accessible=area.pk not in shut,
            held_by=held_by.get(area.pk, frozenset()),
        )


def _link_rows(at: datetime) -> Iterable[LinkRow]:
    blocked = Count("reports", filter=Q(reports__in=PassabilityReport.objects.in_force(at)))
    for link in AreaLink.objects.annotate(blocked=blocked):
        yield LinkRow(
            a=str(link.a_id),
            b=str(link.b_id),
            passable=not link.blocked,
            front_line=link.front_line,
        )


def _service_rows() -> Iterable[ServiceRow]:
    services = Service.objects.with_hidden_place().select_related("organization", "location")
    zones = area_zones()
    for service in services.prefetch_related("languages", "conditions", "reports_to", "covers"):
        yield service_row(service, zones.get(service.area_id, UTC))


def service_row(service: Service, zone: tzinfo) -> ServiceRow:
    """One service (`with_hidden_place`) as the engine may see it: without the point of a place
    that is confidential, whichever of the services there it is. Its days begin at midnight in the
    zone where it is. A team that has moved is no more where its office is."""
    point = None if service.hides_place or _has_moved(service) else service.location
    organization = service.organization
    return ServiceRow(
        id=str(service.pk),
        name=service.name,
        organization=str(organization.pk),
        organization_name=organization.name,
        organization_kind=organization.kind,
        authority=_authority(service),
        security_actor=organization.is_security_actor,
        capability=service.capability,
        area=str(service.area_id) if service.area_id else None,
        latitude=point.latitude if point else None,
        longitude=point.longitude if point else None,
        covers=frozenset(str(area.pk) for area in service.covers.all()),
        remote=service.remote,
        comes_to_person=service.comes_to_person,
        reached_by=service.reached_by,
        min_age=service.min_age,
        max_age=service.max_age,
        sexes=_sexes(service),
        max_son_age=service.max_son_age,
        takes_pregnant=service.takes_pregnant,
        access=None if service.access is None else frozenset(service.access),
        languages=frozenset(language.code for language in service.languages.all()),
        conditions=frozenset(condition.kind for condition in service.conditions.all()),
        reports_to=frozenset(report.actor for report in service.reports_to.all()),
        operating=service.is_operating,
        here=not service.between_stops,
        opens_at=max(
            (
                midnight(day, zone)
                for day in (service.closed_until, service.available_from)
                if day is not None
            ),
            default=None,
        ),
        ends_at=service.available_until and midnight(service.available_until, zone),
        for_families=service.places_for == PlacesFor.FAMILY,
        existence_doubted=service.existence_doubted,
        unit=service.unit,
        revision=service.revision,
    )


def _has_moved(service: Service) -> bool:
    place = service.location
    return service.mobile and place is not None and place.area_id != service.area_id


def _authority(service: Service) -> str:
    """What the organization is; else what the place's name looks like until a person checked."""
    if service.organization.authority != Authority.NONE or service.location is None:
        return service.organization.authority
    return service.location.looks_like


def _sexes(service: Service) -> frozenset[str]:
    taken = {
        Sex.WOMAN: service.serves_women,
        Sex.MAN: service.serves_men,
        Sex.OTHER: service.serves_other,
    }
    return frozenset(str(sex) for sex, served in taken.items() if served)


def capacity(*, capability: str, week: date, also: Iterable[UUID] = ()) -> Mapping[str, Capacity]:
    """The volatile numbers of all services of this help, and of those named, fresh."""
    services = Service.objects.filter(Q(capability=capability) | Q(pk__in=list(also)))
    doubted = Q(confirm_again_since__isnull=False)  # something changed there: nothing is known
    known = services.with_placed(week).annotate(
        free_told=_unless(doubted, "reported_free"), told_at=_unless(doubted, "confirmed_at")
    )
    rows = known.values_list("pk", "free_told", "held", "placed", "told_at", "open_asks")
    return {str(pk): Capacity(*numbers) for pk, *numbers in rows}


def _unless(doubted: Q, field: str) -> Case:
    return Case(When(doubted, then=None), default=F(field))
