"""The one writer of where mobile teams are: their stops, and what the day makes of them.

A stop is in force from midnight to midnight of its own area's days. `Service.area` and `covers` are
rewritten from the stops in force, because everything (the router's reach, who reads of it, the map)
looks there: once a pass of the sweep, and by the daily beat. Each team moves in one transaction and
only if it is not yet where its stops say, so that a crash between two teams leaves the rest to the
next pass, and any number of passes may run at once. Between two stops a team takes nobody new.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from providers import capacity, history
from providers.documents import document_of
from providers.history import Said
from providers.models import Area, Service, Stop
from providers.services import change_service

MOST_STOPS = 60
TOLD = ("stops", "mobile", "area", "covers")  # what one sending of stops can change
FURTHEST = timedelta(days=2 * 366)


class UnableToStop(ValueError):
    """These stops cannot be kept; the message says which and what to write."""


@dataclass(frozen=True, slots=True)
class Planned:
    """There from one day until before another; None: no end is set."""

    area: Area
    starts_on: date
    ends_on: date | None = None


def believe(stops: Sequence[Planned], *, today: date) -> None:
    """UnableToStop where a stop ends before it begins, is told twice, or lies too far away."""
    if len(stops) > MOST_STOPS:
        raise UnableToStop(_("Keep %(most)d stops at most.") % {"most": MOST_STOPS})
    for one in stops:
        if one.ends_on is not None and one.ends_on <= one.starts_on:
            raise UnableToStop(_("A stop ends on a day after it begins."))
        if abs(one.starts_on - today) > FURTHEST:
            raise UnableToStop(_("Write days within two years of today."))
    if len({(one.area.pk, one.starts_on) for one in stops}) < len(stops):
        raise UnableToStop(_("Two stops in one area begin on the same day. Keep one of them."))


@transaction.atomic
def set_stops(
    *, service_id: UUID, stops: Sequence[Planned], at: datetime, said: Said | None = None
) -> None:
    """These stops and no others from now on; the team is at once where they say, and that is one
    change with them in the history."""
    said = said or Said()
    quiet = replace(said, is_told_later=True)
    capacity.lock(services=[service_id])
    service = Service.objects.select_related("area__parent__parent").get(pk=service_id)
    before = document_of(service, TOLD)
    if said.undoes is None:  # what stood there once may lie further in the past now
        believe(stops, today=capacity.day_of(service, at))
    service.stops.all().delete()
    Stop.objects.bulk_create(
        Stop(service=service, area=one.area, starts_on=one.starts_on, ends_on=one.ends_on)
        for one in stops
    )
    if stops and not service.mobile:
        change_service(service_id=service_id, at=at, said=quiet, mobile=True)
    move(service_id=service_id, at=at, said=quiet)
    after = document_of(Service.objects.get(pk=service_id), TOLD)
    history.record(subject=service, before=before, after=after, said=said, at=at)


def move_teams(*, at: datetime) -> int:
    """Bring every team to where its stops say it is today. Returns how many moved."""
    wandering = Service.objects.filter(Q(stops__isnull=False) | Q(between_stops=True))
    ids = wandering.order_by("pk").values_list("pk", flat=True).distinct()
    away = [service for service in _with_stops(ids) if _target(service, at) is not None]
    return sum(move(service_id=service.pk, at=at) for service in away)


@transaction.atomic
def move(*, service_id: UUID, at: datetime, said: Said | None = None) -> bool:
    """One team, under its lock: another pass may have moved it meanwhile."""
    capacity.lock(services=[service_id])
    [service] = _with_stops([service_id])
    target = _target(service, at)
    if target is None:
        return False
    areas, between = target
    Service.objects.filter(pk=service_id).update(between_stops=between)
    there = {"area": areas[0], "covers": areas} if areas else {}
    change_service(service_id=service_id, at=at, said=said, **there)
    return True


def _with_stops(ids: Iterable[UUID]) -> list[Service]:
    found = Service.objects.filter(pk__in=list(ids)).order_by("pk")
    return list(found.prefetch_related("covers", "stops__area__parent__parent"))


def _target(service: Service, at: datetime) -> tuple[list[Area], bool] | None:
    """(areas where it is now, first the one it came to first; between two stops), or None where it
    is there already."""
    stops = list(service.stops.all())
    areas = here(stops, at)
    between = bool(stops) and not areas
    covered = {one.pk for one in service.covers.all()}
    is_there = not areas or (
        service.area_id == areas[0].pk and covered == {one.pk for one in areas}
    )
    return None if is_there and service.between_stops == between else (areas, between)


def here(stops: Iterable[Stop], at: datetime) -> list[Area]:
    """The areas of the stops in force, each once; the day is that of each area."""
    in_order = sorted(stops, key=lambda one: (one.starts_on, str(one.pk)))
    in_force = [one.area for one in in_order if _is_in_force(one, at)]
    return list({one.pk: one for one in in_force}.values())


def _is_in_force(stop: Stop, at: datetime) -> bool:
    today = at.astimezone(stop.area.zone()).date()
    return stop.starts_on <= today and (stop.ends_on is None or today < stop.ends_on)


def coming(stops: Iterable[Stop], at: datetime) -> Stop | None:
    """The next stop that has not begun yet."""
    later = [one for one in stops if at.astimezone(one.area.zone()).date() < one.starts_on]
    return min(later, key=lambda one: (one.starts_on, str(one.pk)), default=None)
