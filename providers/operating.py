"""The one writer of whether a service works: its periods, and the state now that follows from them.

`Service.operating`, `…_since` and `…_cause` are what the last period says; nothing else sets them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from providers import capacity, history, signals
from providers.documents import document_of
from providers.models import Area, OperatingPeriod, Service, User
from providers.timeline import Span, place_for
from providers.vocabulary import OPERATING, Operating, StatusCause

WITH_THE_SERVICE = "Listed so with the service"  # the source of a state that came with a new row
BY_THE_SERVICE = "The service itself"
FIELDS = ("operating", "operating_since", "operating_cause")
BATCH = 500


class UnableToRecord(ValueError):
    """The record cannot be true; the message says what was expected."""


@transaction.atomic
def record_status(
    *,
    service_id: UUID,
    status: str,
    since: date,
    source: str,
    at: datetime,
    by: User | None = None,
    cause: str = "",
    note: str = "",
    displaced_to: Area | None = None,
) -> OperatingPeriod:
    """From this day on it is so, until the day of a record that is there already.

    A record of the same day takes the place of the former, which is kept as replaced.
    UnableToRecord for a day to come, without a source, or a new area of what has not moved.
    """
    capacity.lock(services=[service_id])
    service = Service.objects.select_related("area__parent__parent").get(pk=service_id)
    _refuse(service, status, since, source, displaced_to, at)
    periods = list(service.periods.standing().by_day())
    place = place_for(spans_of(periods), since)
    if place.cuts is not None:
        OperatingPeriod.objects.filter(pk=periods[place.cuts].pk).update(ends_on=since)
    if place.replaces is not None:
        former = OperatingPeriod.objects.filter(pk=periods[place.replaces].pk)
        former.update(replaced_at=at)
    period = OperatingPeriod.objects.create(
        service=service,
        status=status,
        displaced_to=displaced_to,
        cause=cause,
        source=source[:200],
        note=note[:300],
        starts_on=since,
        ends_on=place.until,
        recorded_by=by,
        recorded_at=at,
    )
    if place.until is None:
        _set_current(service, period, at)
        after = document_of(Service.objects.get(pk=service_id), FIELDS)
        said = history.Said(by=by, source="" if by else source[:50])
        before = document_of(service, FIELDS)
        history.record(subject=service, before=before, after=after, said=said, at=at)
    return period


def _refuse(service, status, since, source, displaced_to, at) -> None:
    zone = service.area.zone() if service.area_id else None
    today = at.astimezone(zone).date() if zone else at.date()
    if since > today:
        raise UnableToRecord(_("Choose today or a day that has passed."))
    if not source.strip():
        raise UnableToRecord(_("Write who says so."))
    if status not in Operating.values:
        raise UnableToRecord(_("Choose the state from the list."))
    if displaced_to is not None and status != Operating.DISPLACED:
        raise UnableToRecord(_("Only what has moved away has a new area. Leave it empty."))


def _set_current(service: Service, period: OperatingPeriod, at: datetime) -> None:
    works = {"evacuated_at": None} if period.status in OPERATING else {}
    Service.objects.filter(pk=service.pk).update(
        operating=period.status,
        operating_since=period.starts_on,
        operating_cause=period.cause,
        revision=F("revision") + 1,
        changed_at=at,
        **works,
    )


def spans_of(periods: Iterable[OperatingPeriod]) -> list[Span]:
    return [Span(one.status, one.starts_on, one.ends_on) for one in periods]


def begin(*, services: Sequence[Service], source: str = WITH_THE_SERVICE) -> None:
    """The first period of new rows that say a state. One that says none is not known, not open."""
    told = [
        one for one in services if one.operating != Operating.FUNCTIONING or one.operating_since
    ]
    OperatingPeriod.objects.bulk_create(
        [
            OperatingPeriod(
                service=one,
                status=one.operating,
                cause=one.operating_cause,
                source=source,
                starts_on=one.operating_since or one.created_at.date(),
                recorded_at=one.created_at,
            )
            for one in told
        ],
        batch_size=BATCH,
    )


def add_past(*, periods: Iterable[OperatingPeriod]) -> None:
    """What came before the state now, from an import that knows it. Overlaps are refused by the
    database; the state now stays as it is."""
    OperatingPeriod.objects.bulk_create(list(periods), batch_size=BATCH)


# ------------------------------------------------------------------------- everybody has to leave
@transaction.atomic
def evacuate(
    *,
    service_ids: Iterable[UUID],
    source: str,
    at: datetime,
    by: User | None = None,
    note: str = "",
) -> list[Service]:
    """Everybody leaves now: nobody new is sent, and whoever is there is looked for first.

    Done twice it is done once. Returns the services for which it was new.
    """
    ids = list(service_ids)
    signals.evacuating.send(sender=Service, services=ids, at=at)
    capacity.lock(services=ids)
    new = list(
        Service.objects.filter(pk__in=ids, evacuated_at=None)
        .select_related("area__parent__parent")
        .order_by("pk")
    )
    for service in new:
        zone = service.area.zone() if service.area_id else None
        record_status(
            service_id=service.pk,
            status=Operating.SUSPENDED,
            since=at.astimezone(zone).date() if zone else at.date(),
            source=source,
            by=by,
            at=at,
            cause=StatusCause.INSECURITY,
            note=note,
        )
    Service.objects.filter(pk__in=[one.pk for one in new]).update(evacuated_at=at)
    return new
