"""The one writer of capacity: the provider's number, and the holds and places we take from it.

free = reported_free − held − placed. Every guard stands in the UPDATE that takes, so that two
workers can never hold the same place (DESIGN §4, rulings 7 and 8).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Exists, F, IntegerField, Q, Value, When
from django.db.models.functions import Greatest

from providers import history
from providers.models import Change, Passability, Service, User
from providers.models.services import ASKS_WHEN_UNKNOWN, monday
from providers.vocabulary import Unit


class UnableToHold(Exception):
    """No place free, or too many open asks."""


class UnableToOpen(UnableToHold):
    """Closed until a later day, or a team that is not there on this one."""


class DirectoryChanged(Exception):
    """The service or the ways to it changed since they were looked at: decide again."""


class UnableToConfirm(ValueError):
    """The number cannot be true; the message says why."""


class Kept(Enum):
    """Said of a number that stays what it is; None would say that it is not known."""

    KEPT = "kept"


KEPT = Kept.KEPT


@dataclass(frozen=True, slots=True)
class Seen:
    """What the decision saw: the service's revision and the version of all ways."""

    revision: int
    passability: int


def day_of(service: Service, at: datetime) -> date:
    """The day where the service is; UTC for a service that is nowhere."""
    return at.astimezone(service.area.zone() if service.area_id else UTC).date()


def week_of(service: Service, at: datetime) -> date:
    """The Monday of this week, there."""
    return monday(day_of(service, at))


def lock(*, services: Iterable[UUID]) -> None:
    """Before a transaction moves the numbers of several services: always in this one order, or two
    of them wait for each other for ever."""
    rows = Service.objects.filter(pk__in=list(services)).order_by("pk")
    list(rows.select_for_update(of=("self",), no_key=True).values_list("pk"))


def hold(*, service: Service, n: int, at: datetime, seen: Seen | None = None) -> int:
    """Open one ask of n places. Returns the places held: n, or 0 where capacity is not counted.

    Raises UnableToHold when nothing is free or nobody is there on this day, DirectoryChanged when
    `seen` is no longer true.
    """
    week = week_of(service, at)
    same = Service.objects.filter(pk=service.pk)
    if seen is not None:
        ways = Passability.objects.filter(version=seen.passability)
        still = ways.filter(Q(holds_until=None) | Q(holds_until__gt=at))  # no report ran out since
        same = same.filter(Exists(still), revision=seen.revision)
    there = same.there_on(day_of(service, at))
    counted = there.with_free(at, week).exclude(unit=Unit.NONE)
    if counted.filter(free__gte=n).update(held=F("held") + n, open_asks=F("open_asks") + 1):
        return n
    unknown = Q(free=None, open_asks__lt=ASKS_WHEN_UNKNOWN)
    if counted.filter(unknown).update(open_asks=F("open_asks") + 1):
        return 0
    if there.filter(unit=Unit.NONE).update(open_asks=F("open_asks") + 1):
        return 0
    if seen is not None and not same.exists():
        raise DirectoryChanged(f"{service.name} changed while it was being chosen.")
    if not there.exists():
        raise UnableToOpen(f"{service.name} takes nobody today.")
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


@transaction.atomic
def confirm(
    *,
    service_id: UUID,
    free: int | None,
    at: datetime,
    by: User | None = None,
    source: str = "",
    maximum: int | Kept | None = KEPT,
) -> None:
    """The provider's own number, from now on. None: open, but the number is not known.

    `by` is None where it was said through a link; `source` says in the history whose number it is
    then. `maximum`: how many there are in all, if that is said as well; None: not known.
    """
    lock(services=[service_id])
    service = Service.objects.select_related("area__parent__parent").get(pk=service_id)
    most = service.maximum if isinstance(maximum, Kept) else maximum
    if free is not None and free < 0:
        raise UnableToConfirm("Write the free places as a number, 0 or more.")
    if free is not None and most is not None and free > most:
        raise UnableToConfirm(f"{service.name} has {most} places in all; write {most} or less.")
    said = {} if isinstance(maximum, Kept) else {"maximum": maximum}
    Service.objects.filter(pk=service_id).update(
        reported_free=free,
        **said,
        placed_since=0,
        placed_week=week_of(service, at),
        confirmed_at=at,
        confirmed_by=by,
        confirmed_by_link=by is None,
        confirm_again_since=None,
        changed_at=at,
    )
    _tell([service], history.Said(by=by, source=source), at)


def _tell(former: list[Service], said: history.Said, at: datetime) -> None:
    """The history of numbers; `former` as they were before."""
    rows = Service.objects.filter(pk__in=[one.pk for one in former])
    now = {one.pk: history.number_of(one) for one in rows}
    history.record_numbers(former=former, after=now, said=said, at=at)


@transaction.atomic
def confirm_all(*, services, at: datetime, by: User | None = None, source: str = "") -> int:
    """All shown numbers still hold, net of the people agreed since. Returns how many services.

    `by` is None where it was said through a link.
    """
    lock(services=services.order_by().values_list("pk", flat=True))
    done, former = 0, list(services.select_related("area__parent__parent"))
    for service in former:
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
                confirmed_by_link=by is None,
                confirm_again_since=None,
                changed_at=at,
            )
        )
    _tell(former, history.Said(by=by, source=source), at)
    return done


def ask_to_confirm_again(*, services: Iterable[UUID], at: datetime) -> None:
    """Something changed where they stand: their numbers are not known until somebody confirms."""
    Service.objects.filter(pk__in=list(services), confirm_again_since=None).update(
        confirm_again_since=at, changed_at=at
    )


@dataclass(frozen=True, slots=True)
class Former:
    """What a service's number was before it was confirmed: what `undo_confirmation` restores."""

    free: int | None
    placed: int
    confirmed_at: datetime | None
    confirmed_by: UUID | None
    by_link: bool
    maximum: int | None
    confirm_again_since: datetime | None = None

    @classmethod
    def of(cls, service: Service, at: datetime) -> Former:
        week = week_of(service, at)
        stands = Service.objects.with_placed(week).values_list(
            "reported_free",
            "placed",
            "confirmed_at",
            "confirmed_by_id",
            "confirmed_by_link",
            "maximum",
            "confirm_again_since",
        )
        return cls(*stands.get(pk=service.pk))


@transaction.atomic
def undo_confirmation(
    *,
    service_id: UUID,
    confirmed_at: datetime,
    former: Former,
    at: datetime,
    by: User | None = None,
) -> None:
    """Take one number back, counting who was agreed to meanwhile. Not if a newer one was given."""
    lock(services=[service_id])
    service = Service.objects.get(pk=service_id)
    undone = Service.objects.filter(pk=service_id, confirmed_at=confirmed_at).update(
        reported_free=former.free,
        placed_since=F("placed_since") + former.placed,
        confirmed_at=former.confirmed_at,
        confirmed_by=former.confirmed_by,
        confirmed_by_link=former.by_link,
        maximum=former.maximum,
        confirm_again_since=former.confirm_again_since,
        changed_at=at,
    )
    if not undone:
        raise UnableToConfirm("A newer number was saved meanwhile; it stays.")
    _tell_of_undoing(service, by, at)


def _tell_of_undoing(service: Service, by: User | None, at: datetime) -> None:
    """The confirmation that was taken back counts as undone."""
    before = history.number_of(service)
    last = Change.objects.done().filter(
        service=service, state="applied", after__confirmed_at=before["confirmed_at"]
    )
    undone = last.order_by("-number").first()
    if undone is not None:
        history.mark_undone(undone, by=by, at=at)
    now = history.number_of(Service.objects.get(pk=service.pk))
    said = history.Said(by=by, undoes=undone)
    history.record(subject=service, before=before, after=now, said=said, at=at)


def take_over(*, service_id: UUID, free: int | None, counted_at: datetime, at: datetime) -> None:
    """A number out of a file, counted at `counted_at`, if it is newer than the one we have.

    What was agreed since our own number stays counted as taken: the file cannot say whether it
    knew of it, and a place too few is better than one that is not there.
    """
    older = Q(confirmed_at=None) | Q(confirmed_at__lt=counted_at)
    Service.objects.filter(older, pk=service_id).update(
        reported_free=free, confirmed_at=counted_at, confirmed_by=None, changed_at=at
    )
