"""Arranges that somebody goes along, and writes down the start and the arrival.

It is not the referral: that the person arrived at a service is recorded there, by its own move.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from referral.day import WAY_MOVES, VisitState
from referral.errors import UnableToAct
from referral.lifecycle import AGREED, CaseState
from referral.models import Accompaniment, Case, Referral, Turn, Visit
from referral.models.turns import TurnKind
from referral.services.locks import lock_case, lock_open_case, move_row
from referral.services.moments import believe
from referral.services.trail import SWEEP, By, record
from referral.services.turns import open_turn

GRACE = timedelta(hours=4)  # a day's way, or less; then somebody finds out


class UnableToAccompany(UnableToAct):
    """Somebody goes along to what is agreed or planned, and only to that."""


@transaction.atomic
def arrange_accompaniment(
    *, case_id: UUID, companion: str, way: str, leaves_at: datetime, by: By, at: datetime,
    referral: Referral | None = None, visit: Visit | None = None,
) -> Accompaniment:  # fmt: skip
    """`way`: who by name, from where, to where; sealed."""
    believe(leaves_at, at=at)
    case = lock_open_case(case_id)
    agreed = Referral.objects.filter(need__case=case, state__in=AGREED)
    planned = case.visits.filter(state=VisitState.PLANNED)
    if (referral is None) == (visit is None):
        raise UnableToAccompany(_("Choose one service or one visit to go along to."))
    if referral is not None and not agreed.filter(pk=referral.pk).exists():
        raise UnableToAccompany(_("Only to a service that has said yes."))
    if visit is not None and not planned.filter(pk=visit.pk).exists():
        raise UnableToAccompany(_("Only on a visit that is planned."))
    one = Accompaniment(
        case=case, referral=referral, visit=visit, companion=companion, leaves_at=leaves_at,
        arranged_by=by.user, arranged_at=at,
    )  # fmt: skip
    one.way = way or "–"
    one.save(force_insert=True)
    record(
        case=case, kind="accompaniment_arranged", by=by, at=at,
        referral_id=referral.pk if referral else None,
    )  # fmt: skip
    return one


@transaction.atomic
def accompaniment_started(*, accompaniment_id: UUID, by: By, at: datetime) -> None:
    _move(accompaniment_id, "set_out", by, at, started_at=at)


@transaction.atomic
def accompaniment_arrived(*, accompaniment_id: UUID, by: By, at: datetime) -> None:
    _move(accompaniment_id, "get_there", by, at, arrived_at=at)


@transaction.atomic
def call_off_accompaniment(*, accompaniment_id: UUID, by: By, at: datetime) -> None:
    _move(accompaniment_id, "call_off", by, at)


@transaction.atomic
def ask_about_way(*, accompaniment_id: UUID, at: datetime) -> bool:
    """Nobody wrote down that they arrived: somebody finds out now."""
    one, case = _lock(accompaniment_id)
    still = Accompaniment.objects.unheard_of(at - GRACE).filter(pk=one.pk)
    if case.state == CaseState.CLOSED or not still.update(asked_at=at):
        return False
    open_turn(case=case, kind=TurnKind.ON_THE_WAY, at=at, due_at=at)
    record(case=case, kind="accompaniment_unheard_of", by=SWEEP, at=at)
    return True


def call_off_all(*, case: Case, by: By, at: datetime) -> None:
    """The case closes: nobody goes along any more."""
    for one in case.accompaniments.under_way():
        move_row(one, WAY_MOVES, "call_off", by=by)


def _move(accompaniment_id: UUID, move: str, by: By, at: datetime, **changes) -> None:
    one, case = _lock(accompaniment_id)
    move_row(one, WAY_MOVES, move, by=by, **changes)
    record(case=case, kind=f"accompaniment_{move}", by=by, at=at, referral_id=one.referral_id)
    if not case.accompaniments.under_way().filter(asked_at__isnull=False).exists():
        Turn.objects.open().filter(case=case, kind=TurnKind.ON_THE_WAY).update(
            done_at=at, done_by=by.user
        )


def _lock(accompaniment_id: UUID) -> tuple[Accompaniment, Case]:
    ids = Accompaniment.objects.values_list("case_id", flat=True)
    case = lock_case(ids.get(pk=accompaniment_id))
    return Accompaniment.objects.get(pk=accompaniment_id), case
