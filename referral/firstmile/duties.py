"""Which desk answers where; falls back up the tree of areas."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, Min, OuterRef
from django.utils.translation import gettext as _

from providers.models import Area, Membership, Organization, User
from providers.vocabulary import Role
from referral.errors import UnableToAct
from referral.firstmile.models import Duty, Signal, State, barring

BATCH = 500  # notes in one sweep
MOST_WAITING = 200
SITS = (Role.CASEWORKER, Role.SUPERVISOR)


class NoDesk(UnableToAct):
    """Nobody is on duty there for this note."""


class StillWaiting(UnableToAct):
    """A desk closes only when nothing waits there."""


def staffed():
    """Live desks at which somebody sits; never of an authority or a security actor."""
    people = Membership.objects.active().with_role(*SITS)
    return (
        Duty.objects.live()
        .filter(
            Exists(people.filter(organization=OuterRef("organization"))),
            organization__authority="none",
            organization__is_security_actor=False,
        )
        .select_related("organization", "area")
    )


def desk_for(
    area: Area, *, not_to: Iterable[UUID] = (), not_to_kinds: Iterable[str] = ()
) -> Duty | None:
    """The desk of the nearest area upwards, the longest on duty first. None: nobody is on duty."""
    allowed = staffed().exclude(organization__in=list(not_to))
    allowed = allowed.exclude(organization__kind__in=list(not_to_kinds))
    here: Area | None = area
    while here is not None:
        found = allowed.filter(area=here).order_by("began_at", "id").first()
        if found is not None:
            return found
        here = here.parent
    return None


def of_note(signal: Signal) -> Duty | None:
    """The desk that this one may go to, as the sender wanted."""
    barred = signal.not_to.values_list("pk", flat=True)
    return desk_for(signal.area, not_to=barred, not_to_kinds=signal.not_to_kinds)


def others_than(signal: Signal):
    """Where it may be passed on to: never to whom the sender did not want it to go."""
    barred = signal.not_to.values("pk")
    found = staffed().exclude(pk=signal.duty_id).exclude(organization__in=barred)
    found = found.exclude(organization__kind__in=signal.not_to_kinds)
    return found.order_by("organization__name", "area__name", "id")


def without_desk(employers: Iterable[Organization]) -> list[tuple[Area, int, datetime]]:
    """(area, how many notes wait, the first that is due) where nobody is on duty: to whom one was
    not to go, it does not count. Nothing of what was told."""
    own = [one.pk for one in employers]
    waiting = Signal.objects.without_desk().exclude(not_to__in=own)
    waiting = waiting.exclude(barring({one.kind for one in employers})).order_by()
    rows = waiting.values_list("area").annotate(n=Count("pk"), first=Min("due_at"))
    found = list(rows.order_by("first", "area")[:MOST_WAITING])
    areas = Area.objects.in_bulk([pk for pk, _n, _first in found])
    return [(areas[pk], number, first) for pk, number, first in found]


def give_out(*, at: datetime) -> int:
    """Notes that waited for a desk, or whose desk has closed, go to whoever is on duty now. Those
    of places without anybody do not keep others waiting."""
    waiting = Signal.objects.without_desk() | Signal.objects.forgotten().filter(state=State.WAITING)
    areas = Area.objects.filter(pk__in=waiting.order_by().values("area"))
    staffed_areas = [one.pk for one in areas.select_related("parent__parent") if desk_for(one)]
    rows = waiting.filter(area__in=staffed_areas).by_what_is_due()
    return sum(_give_out(pk) for pk in rows.values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def _give_out(pk: UUID) -> bool:
    signal = Signal.objects.select_related("area__parent__parent").get(pk=pk)
    desk = of_note(signal)
    if desk is None:
        return False
    locked = Duty.objects.select_for_update(of=("self",)).filter(pk=desk.pk, ended_at=None)
    if not locked.exists():
        return False
    rows = Signal.objects.filter(pk=pk, state=State.WAITING, duty=signal.duty_id)
    return bool(rows.update(duty=desk)) if signal.duty_id != desk.pk else False


def led_by(user: User):
    """The live desks of the organizations that this user supervises."""
    led = Membership.objects.of(user).with_role(Role.SUPERVISOR).values("organization")
    found = Duty.objects.live().filter(organization__in=led).select_related("organization", "area")
    return found.order_by("area__name", "id")


@transaction.atomic
def begin(
    *, organization: Organization, area: Area, at: datetime, people: Iterable[User] = ()
) -> Duty:
    """Twice is once; the people are those of the last time."""
    duty, _made = Duty.objects.get_or_create(
        organization=organization, area=area, ended_at=None, defaults={"began_at": at}
    )
    duty.people.set(people)
    give_out(at=at)
    return duty


@transaction.atomic
def end(*, duty_id: UUID, at: datetime) -> None:
    duty = Duty.objects.select_for_update(of=("self",)).get(pk=duty_id)
    if Signal.objects.open().filter(duty=duty).exists():
        raise StillWaiting(_("Notes wait at this desk. Take them up or pass them on first."))
    Duty.objects.filter(pk=duty_id, ended_at=None).update(ended_at=at)
