"""A supervisor's review: what was asked and answered, what is asked for, and when it is next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from referral.errors import UnableToAct
from referral.models import CaseReview, Turn
from referral.models.reviews import Answer, Ask, Question
from referral.models.turns import TurnKind
from referral.services.locks import lock_open_case
from referral.services.moments import FURTHEST
from referral.services.trail import By, record
from referral.services.turns import open_turn
from referral.urgency import END_OF_DAY

DO_WITHIN = timedelta(days=3)  # what is asked for


class UnableToReview(UnableToAct):
    """Says what a review needs."""


@transaction.atomic
def review_case(
    *, case_id: UUID, answers: Mapping[str, str], asks: Iterable[str], next_on: date, by: By,
    at: datetime,
) -> CaseReview:  # fmt: skip
    """Written by who supervises; the one who works on it sees what is asked for as a turn, and the
    day on which it is looked at again is the supervisor's."""
    case = lock_open_case(case_id)
    today = at.astimezone(case.area.zone()).date()
    told = {Question(one).value: Answer(said).value for one, said in answers.items()}
    if not told or not today < next_on <= today + FURTHEST:
        raise UnableToReview(_("Answer at least one question, and choose a later day."))
    wanted = sorted({Ask(one).value for one in asks})
    review = CaseReview.objects.create(
        case=case, answers=told, asks=wanted, next_on=next_on, reviewed_by=by.user,
        worker=case.assigned_to, reviewed_at=at,
    )  # fmt: skip
    for kind in (TurnKind.REVIEW, TurnKind.ASKED_IN_REVIEW):
        Turn.objects.open().filter(case=case, kind=kind).update(done_at=at, done_by=by.user)
    due = datetime.combine(next_on, END_OF_DAY, tzinfo=case.area.zone())
    open_turn(case=case, kind=TurnKind.REVIEW, owner=by.user, at=at, due_at=due)
    if wanted:
        open_turn(case=case, kind=TurnKind.ASKED_IN_REVIEW, at=at, due_at=at + DO_WITHIN)
    record(case=case, kind="reviewed", by=by, at=at)
    return review
