"""Which desk answers where; falls back up the tree of areas."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from providers.models import Area, Membership, Organization, User
from providers.vocabulary import Role
from referral.errors import UnableToAct
from referral.firstmile.models import Duty, Signal

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


def desk_for(area: Area, *, not_to: Iterable[UUID] = ()) -> Duty:
    """The desk of the nearest area upwards, the longest on duty first. NoDesk if there is none."""
    allowed = staffed().exclude(organization__in=list(not_to))
    here: Area | None = area
    while here is not None:
        found = allowed.filter(area=here).order_by("began_at", "id").first()
        if found is not None:
            return found
        here = here.parent
    raise NoDesk(_("Nobody is on duty for this area. Call one of the services in the list."))


def others_than(signal: Signal):
    """Where it may be passed on to: never to whom the sender did not want it to go."""
    barred = signal.not_to.values("pk")
    found = staffed().exclude(pk=signal.duty_id).exclude(organization__in=barred)
    return found.order_by("organization__name", "area__name", "id")


def organizations_on_duty():
    return Organization.objects.filter(pk__in=staffed().order_by().values("organization")).by_name()


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
    return duty


@transaction.atomic
def end(*, duty_id: UUID, at: datetime) -> None:
    duty = Duty.objects.select_for_update(of=("self",)).get(pk=duty_id)
    if Signal.objects.open().filter(duty=duty).exists():
        raise StillWaiting(_("Notes wait at this desk. Take them up or pass them on first."))
    Duty.objects.filter(pk=duty_id, ended_at=None).update(ended_at=at)
