"""Plans a visit or a call, and writes down what came of it. A missed one becomes a turn."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from referral.day import VISIT_MOVES, VisitState
from referral.errors import UnableToAct
from referral.lifecycle import CaseState
from referral.models import Case, Turn, Visit
from referral.models.turns import TurnKind
from referral.models.visits import NoVisit
from referral.services.locks import lock_case, lock_open_case, move_row
from referral.services.moments import believe, believe_past
from referral.services.trail import SWEEP, By, record
from referral.services.turns import open_turn

GRACE = timedelta(hours=2)  # then somebody is asked what came of it
PLAN_WITHIN = timedelta(days=3)  # a case that is followed up, and nothing is planned


class UnableToPlan(UnableToAct):
    """A visit is planned for a time that has not passed."""


@transaction.atomic
def plan_visit(
    *,
    case_id: UUID,
    planned_for: datetime,
    kind: str,
    purpose: str,
    by: By,
    at: datetime,
    place: str = "",
    visit_id: UUID | None = None,
) -> Visit:
    """When, what for (a neutral code) and where (sealed). Sent twice with one id: one visit."""
    case = lock_open_case(case_id)
    existing = Visit.objects.filter(pk=visit_id, case=case).first() if visit_id else None
    if existing:
        return existing
    visit = _plan(case, visit_id, planned_for, by, at, kind=kind, purpose=purpose, place=place)
    record(case=case, kind="visit_planned", by=by, at=at, visit=str(visit.pk))
    expect_next(case=case, by=by, at=at)
    return visit


def _plan(case, visit_id, planned_for, by, at, *, place: str, **what) -> Visit:
    believe(planned_for, at=at)
    if planned_for <= at:
        raise UnableToPlan(_("Choose a time that has not passed."))
    visit = Visit(
        pk=visit_id or uuid4(), case=case, planned_for=planned_for, planned_by=by.user,
        planned_at=at, **what,
    )  # fmt: skip
    visit.place = place
    visit.save(force_insert=True)
    return visit


@transaction.atomic
def visit_happened(
    *, visit_id: UUID, by: By, at: datetime, happened_at: datetime | None = None, note: str = ""
) -> Visit:
    believe_past(happened_at, at=at)
    return _came_of_it(visit_id, "happen", by, at, note, happened_at=happened_at or at)


@transaction.atomic
def visit_not_possible(
    *, visit_id: UUID, why_not: str, by: By, at: datetime, note: str = ""
) -> Visit:
    return _came_of_it(visit_id, "be_not_possible", by, at, note, why_not=why_not)


@transaction.atomic
def move_visit(*, visit_id: UUID, planned_for: datetime, by: By, at: datetime) -> Visit:
    """To another time: the new one stands in its place. Gives back the new one."""
    visit = _lock(visit_id)
    told = {"kind": visit.kind, "purpose": visit.purpose, "place": visit.place or ""}
    moved_to = _plan(visit.case, None, planned_for, by, at, **told)
    _end(visit, "move_visit", by, at, moved_to=moved_to)
    record(case=visit.case, kind="visit_moved", by=by, at=at, visit=str(visit.pk))
    return moved_to


def _came_of_it(visit_id: UUID, move: str, by: By, at: datetime, note: str, **changes) -> Visit:
    visit = _lock(visit_id)
    visit.note = note
    _end(visit, move, by, at, note_sealed=visit.note_sealed, **changes)
    kind = "visit_happened" if move == "happen" else "visit_not_possible"
    record(
        case=visit.case, kind=kind, by=by, at=at, happened_at=changes.get("happened_at"),
        visit=str(visit.pk),
    )  # fmt: skip
    return visit


def _lock(visit_id: UUID) -> Visit:
    case = lock_case(Visit.objects.values_list("case_id", flat=True).get(pk=visit_id))
    visit = Visit.objects.get(pk=visit_id)
    visit.case = case
    return visit


def _end(visit: Visit, move: str, by: By, at: datetime, **changes) -> None:
    move_row(visit, VISIT_MOVES, move, by=by, ended_at=at, ended_by=by.user, **changes)
    settle_missed(case=visit.case, by=by, at=at)
    expect_next(case=visit.case, by=by, at=at)


def settle_missed(*, case: Case, by: By, at: datetime) -> None:
    """Whoever was asked about missed ones has answered about all of them."""
    if not case.visits.planned().filter(asked_at__isnull=False).exists():
        _done(case, TurnKind.VISIT_MISSED, by, at)


def _done(case: Case, kind: str, by: By, at: datetime) -> None:
    Turn.objects.open().filter(case=case, kind=kind).update(done_at=at, done_by=by.user)


# ------------------------------------------------------------------------- what is missing
@transaction.atomic
def ask_about_missed(*, visit_id: UUID, at: datetime) -> bool:
    """Nobody wrote down what came of it: it is somebody's turn to say so."""
    visit = _lock(visit_id)
    still = Visit.objects.missed(at - GRACE).filter(pk=visit.pk)
    if visit.case.state == CaseState.CLOSED or not still.update(asked_at=at):
        return False
    open_turn(case=visit.case, kind=TurnKind.VISIT_MISSED, at=at, due_at=at)
    record(case=visit.case, kind="visit_missed", by=SWEEP, at=at, visit=str(visit.pk))
    return True


@transaction.atomic
def say_no_visit(*, case_id: UUID, because: str, by: By, at: datetime) -> NoVisit:
    """Why nothing is planned in this case; the last word counts."""
    case = lock_open_case(case_id)
    case.no_visits.in_force().update(ended_at=at)
    said = NoVisit.objects.create(case=case, because=because, said_by=by.user, said_at=at)
    record(case=case, kind="no_visit", by=by, at=at, because=because)
    expect_next(case=case, by=by, at=at)
    return said


def expect_next(*, case: Case, by: By, at: datetime) -> None:
    """In follow-up something is planned, or it is said why not; else it is the worker's turn."""
    planned = case.visits.planned().exists()
    if planned:
        case.no_visits.in_force().update(ended_at=at)
    case.refresh_from_db(fields=["state"])
    waits = case.state == CaseState.FOLLOW_UP
    if waits and not planned and not case.no_visits.in_force().exists():
        open_turn(case=case, kind=TurnKind.PLAN_NEXT, at=at, due_at=at + PLAN_WITHIN)
    else:
        _done(case, TurnKind.PLAN_NEXT, by, at)


def call_off_visits(*, case: Case, by: By, at: datetime) -> int:
    """Nobody goes and nobody calls any more. Part of the move that ends or gives away the case."""
    called_off = 0
    for visit in case.visits.planned():
        move_row(visit, VISIT_MOVES, "call_off", by=by, ended_at=at, ended_by=by.user)
        called_off += 1
    case.no_visits.in_force().update(ended_at=at)
    for kind in (TurnKind.VISIT_MISSED, TurnKind.PLAN_NEXT):
        _done(case, kind, by, at)
    return called_off


def plan_again(*, case: Case, called_off_at: datetime, by: By, at: datetime) -> None:
    """That they were called off was an error: those of that moment that are still to come."""
    for visit in case.visits.filter(
        state=VisitState.CALLED_OFF, ended_at=called_off_at, planned_for__gt=at
    ):
        move_row(visit, VISIT_MOVES, "plan_again", by=by, ended_at=None, ended_by=None)
