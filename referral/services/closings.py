"""What belongs to closing a case: what is asked first, what is written down, and, where the person
died or is missing, that every message and reminder stops in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from referral.day import CONFERENCE_MOVES, TRANSFER_MOVES, ConferenceState
from referral.errors import CaseChanged, UnableToAct
from referral.lifecycle import LOST, ClosedBecause
from referral.models import Case, Need, Transfer, Turn
from referral.models.closings import Closing
from referral.models.turns import TurnKind
from referral.services import accompaniments, needs, visits
from referral.services.arrivals import supervisor_of
from referral.services.locks import move_row
from referral.services.trail import By, record
from referral.services.turns import open_turn

BY_PATH = (ClosedBecause.TRANSFERRED, ClosedBecause.MERGED)  # each has an act of its own
LOOK_WITHIN = timedelta(days=1)


class UnableToClose(UnableToAct):
    """This reason is written by the act that it names, and by no other."""


def refuse(*, case: Case, because: str, ending: Iterable[UUID] | None, by_path: bool) -> None:
    """UnableToClose for a reason that another act writes; CaseChanged where something is open that
    was not named (`ending`: ids of the needs that end with the case)."""
    if because in BY_PATH and not by_path:
        raise UnableToClose(_("This is written when another organization or case takes over."))
    named = None if ending is None else {str(one) for one in ending}
    if named is not None and {str(one.pk) for one in open_needs(case)} - named:
        raise CaseChanged(str(case.pk))


def open_needs(case: Case):
    return Need.objects.open().filter(case=case).order_by("created_at", "id")


def write_down(
    *, case: Case, because: str, ended: list[UUID], by: By, at: datetime, goals: str = "",
    afterwards: str = "", note: str = "",
) -> Closing:  # fmt: skip
    """The record; after a death or a disappearance one duty is left: the supervisor's."""
    for transfer in Transfer.objects.offered().filter(case=case):
        move_row(transfer, TRANSFER_MOVES, "take_back", by=by, ended_at=at, ended_by=by.user)
    accompaniments.call_off_all(case=case, by=by, at=at)
    for one in case.conferences.filter(state=ConferenceState.PLANNED):
        move_row(one, CONFERENCE_MOVES, "call_off", by=by, ended_at=at)
    closing = Closing(
        case=case, because=because, goals=goals, afterwards=afterwards, closed_by=by.user,
        closed_at=at, ended_needs=[str(one) for one in ended],
    )  # fmt: skip
    closing.note = note
    closing.save(force_insert=True)
    if because in LOST:
        record(case=case, kind="all_stopped", by=by, at=at)
        open_turn(
            case=case, kind=TurnKind.LOST, at=at, due_at=at + LOOK_WITHIN,
            owner=supervisor_of(case),
        )  # fmt: skip
    return closing


def take_back(*, case: Case, by: By, at: datetime) -> None:
    """The case is open again. That everything stopped was an error, or the person was found: what
    was still to come is planned again, and what was needed is proposed anew. Nobody is asked."""
    closing = Closing.objects.standing().filter(case=case).first()
    if closing is None:
        return
    if closing.because in BY_PATH:
        raise UnableToClose(_("This goes on elsewhere. It is not opened again here."))
    Closing.objects.filter(pk=closing.pk).update(reopened_at=at, reopened_by=by.user)
    if closing.because not in LOST:
        return
    Turn.objects.open().filter(case=case, kind=TurnKind.LOST).update(done_at=at, done_by=by.user)
    visits.plan_again(case=case, called_off_at=closing.closed_at, by=by, at=at)
    for need in Need.objects.filter(pk__in=closing.ended_needs, case=case):
        needs.add_need(
            case_id=case.pk, capability=need.capability, urgency=need.urgency,
            members=need.members.all(), by=by, at=at,
        )  # fmt: skip
