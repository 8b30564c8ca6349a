"""The one writer of capacity: the provider's number, and the holds and places we take from it.

free = reported_free − held − placed. Every guard stands in the UPDATE that takes, so that two
workers can never hold the same place (DESIGN §4, rulings 7 and 8).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.db.models import Case, Exists, F, IntegerField, Q, Value, When
from django.db.models.functions import Greatest

from providers.models import Passability, Service, User
from providers.models.services import ASKS_WHEN_UNKNOWN, monday
from providers.vocabulary import Unit


class UnableToHold(Exception):
    """No place free, or too many open asks."""


class DirectoryChanged(Exception):
    """The service or the ways to it changed since they were looked at: decide again."""


class UnableToConfirm(ValueError):
    """The number cannot be true; the message says why."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the decision saw: the service's revision and the version of all ways."""

    revision: int
    passability: int


def week_of(service: Service, at: datetime) -> date:
    """The Monday of this week where the service is; UTC for a service that is nowhere."""
    zone = service.area.zone() if service.area_id else UTC
    return monday(at.astimezone(zone).date())


def lock(*, services: Iterable[UUID]) -> None:
    """Before a transaction moves the numbers of several services: always in this one order, or two
    of them wait for each other for ever."""
    rows = Service.objects.filter(pk__in=list(services)).order_by("pk")
    list(rows.select_for_update(of=("self",), no_key=True).values_list("pk"))


def hold(*, service: Service, n: int, at: datetime, seen: Seen | None = None) -> int:
    """Open one ask of n places. Returns the places held: n, or 0 where capacity is not counted.

    Raises UnableToHold when nothing is free, DirectoryChanged when `seen` is no longer true.
    """
    week = week_of(service, at)
    same = Service.objects.filter(pk=service.pk)
    if seen is not None:
        same = same.filter(
            Exists(Passability.objects.filter(version=seen.passability)), revision=seen.revision
        )
    counted = same.with_free(at, week).exclude(unit=Unit.NONE)
    if counted.filter(free__gte=n).update(held=F("held") + n, open_asks=F("open_asks") + 1):
        return n
    unknown = Q(free=None, open_asks__lt=ASKS_WHEN_UNKNOWN)
    if counted.filter(unknown).update(open_asks=F("open_asks") + 1):
        return 0
    if same.filter(unit=Unit.NONE).update(open_asks=F("open_asks") + 1):
        return 0
    if seen is not None and not same.exists():
        raise DirectoryChanged(f"{service.name} changed while it was being chosen.")
    raise UnableToHold(f"{service.name} has no place for {n} now.")


def ask_without_place(*, service: Service) -> int:
    """Open one ask although nothing is free: a person chose it, with a reason. Holds nothing."""
    Service.objects.filter(pk=service.pk).update(open_asks=F("open_asks") + 1)
    return 0


def hold_again(*, service: Service, n: int, at: datetime) -> int:
    """Take places for an ask that is open already (an assessment after a waiting list)."""
    week = week_of(service, at)
    counted = Service.objects.filter(pk=service.pk).with_free(at, week).exclude(unit=Unit.NONE)
    return n if counted.filter(free__gte=n).update(held=F("held") + n) else 0


def settle(*, service: Service, held: int, placed: int, at: datetime) -> None:
    """A yes: the ask closes, its hold ends and `placed` places count as taken, in one UPDATE."""
    week = week_of(service, at)
    kept = Case(
        When(Q(unit=Unit.APPOINTMENT) & ~Q(placed_week=week), then=Value(0)),
        default=F("placed_since"),
        output_field=IntegerField(),
    )
    Service.objects.filter(pk=service.pk).update(
        held=F("held") - held,
        open_asks=F("open_asks") - 1,
        placed_since=kept + placed,
        placed_week=week,
        changed_at=at,
    )


def release(*, service: Service, held: int, at: datetime) -> None:
    """Any end before a yes: the ask closes and its hold is free again."""
    Service.objects.filter(pk=service.pk).update(
        held=F("held") - held, open_asks=F("open_asks") - 1, changed_at=at
    )


def release_hold_only(*, service: Service, held: int, at: datetime) -> None:
    """The ask stays open without a place (waiting list)."""
    Service.objects.filter(pk=service.pk).update(held=F("held") - held, changed_at=at)


def free_place(*, service: Service, placed: int, since: datetime, at: datetime) -> None:
    """Somebody agreed to at `since` did not come or has left.

    Only if the provider has not confirmed meanwhile: its own count knows already (ruling 8).
    """
    unconfirmed = Q(confirmed_at=None) | Q(confirmed_at__lt=since)
    # appointments: only what was agreed in the week that is counted now is in `placed_since`
    counted = ~Q(unit=Unit.APPOINTMENT) | Q(placed_week=week_of(service, since))
    Service.objects.filter(unconfirmed, counted, pk=service.pk).update(
        placed_since=Greatest(F("placed_since") - placed, Value(0)), changed_at=at
    )


def confirm(*, service_id: UUID, free: int | None, by: User, at: datetime) -> None:
    """The provider's own number, from now on. None: open, but the number is not known."""
    service = Service.objects.select_related("area").get(pk=service_id)
    if free is not None and free < 0:
        raise UnableToConfirm("Write the free places as a number, 0 or more.")
    if free is not None and service.maximum is not None and free > service.maximum:
        raise UnableToConfirm(
            f"{service.name} has {service.maximum} places in all; write {service.maximum} or less."
        )
    Service.objects.filter(pk=service_id).update(
        reported_free=free,
        placed_since=0,
        placed_week=week_of(service, at),
        confirmed_at=at,
        confirmed_by=by,
        changed_at=at,
    )


def confirm_all(*, services, by: User, at: datetime) -> int:
    """All shown numbers still hold, net of the people agreed since. Returns how many services."""
    done = 0
    for service in services.select_related("area"):
        week = week_of(service, at)
        left = Greatest(F("reported_free") - F("placed"), Value(0))
        done += (
            Service.objects.filter(pk=service.pk)
            .with_placed(week)
            .update(
                reported_free=Case(
                    When(reported_free=None, then=Value(None)),
                    default=left,
                ),
                placed_since=0,
                placed_week=week,
                confirmed_at=at,
                confirmed_by=by,
                changed_at=at,
            )
        )
    return done


@dataclass(frozen=True, slots=True)
class Former:
    """What a service's number was before it was confirmed: what `undo_confirmation` restores."""

    free: int | None
    placed: int
    confirmed_at: datetime | None
    confirmed_by: UUID | None

    @classmethod
    def of(cls, service: Service, at: datetime) -> Former:
        week = week_of(service, at)
        placed = Service.objects.with_placed(week).values_list("placed", flat=True)
        return cls(
            service.reported_free,
            placed.get(pk=service.pk),
            service.confirmed_at,
            service.confirmed_by_id,
        )


def undo_confirmation(
    *, service_id: UUID, confirmed_at: datetime, former: Former, at: datetime
) -> None:
    """Take one number back, counting who was agreed to meanwhile. Not if a newer one was given."""
    undone = Service.objects.filter(pk=service_id, confirmed_at=confirmed_at).update(
        reported_free=former.free,
        placed_since=F("placed_since") + former.placed,
        confirmed_at=former.confirmed_at,
        confirmed_by=former.confirmed_by,
        changed_at=at,
    )
    if not undone:
        raise UnableToConfirm("A newer number was saved meanwhile; it stays.")
