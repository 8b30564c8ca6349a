"""The only writer of first looks. Nothing here changes a need, unless a person asks for it.

What is read is recorded in the transaction that shows it, as with identity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from providers.models import User
from referral import services, signals
from referral.card import CHILD_BANDS
from referral.lifecycle import Hand
from referral.models import Case, Need
from referral.screening.indicators import Indicator, IndicatorSet, by_code
from referral.screening.judge import Outcome, judge
from referral.screening.models import Screening
from referral.services.locks import lock_open_case
from referral.services.trail import record

WHAT = "screening"
ANSWERS = ("seen", "told", "no", "")
YES = ("seen", "told")
SPECIALIST = "identification"


@dataclass(frozen=True)
class Look:
    """One list as it was answered, and what it suggests."""

    screening: Screening
    which: IndicatorSet
    answers: dict[str, str]
    outcome: Outcome

    def named(self, ids: tuple[str, ...]) -> list[tuple[Indicator, str]]:
        return [(one, self.answers[one.id]) for one in self.which.indicators if one.id in ids]


def may_be_child(case: Case) -> bool:
    """Somebody of this case is under 18, or may be."""
    return case.members.filter(Q(age_band__in=CHILD_BANDS) | Q(age_doubt=True)).exists()


@transaction.atomic
def answer(
    *, case: Case, user: User, which: IndicatorSet, answers: Mapping[str, str], at: datetime
) -> Screening:
    """What was seen or told so far. What is not among `answers` stays as it was; sent twice, it
    is there once."""
    lock_open_case(case.pk)
    known = {one.id for one in which.indicators}
    if wrong := [one for one in answers.items() if one[0] not in known or one[1] not in ANSWERS]:
        raise ValueError(f"not an answer to {which.code}: {wrong}")
    found = Screening.objects.filter(case=case, set_code=which.code).first()
    is_new = found is None
    found = found or Screening(case=case, set_code=which.code, begun_at=at)
    before = found.answers or {}
    merged = {**before, **answers}
    found.answers = {id_: said for id_, said in merged.items() if said}
    found.set_version, found.changed_at, found.changed_by = which.version, at, user
    found.save(force_insert=is_new)
    if merged != before:
        signals.told_anew.send(sender=Screening, case_id=case.pk, at=at)
    if is_new:
        record(case=case, kind="first_look", by=services.By(Hand.CASEWORKER, user), at=at)
    services.write_identity(case=case, user=user, what=WHAT, at=at)
    return found


@transaction.atomic
def read(*, case: Case, user: User, at: datetime) -> list[Look]:
    """All that was answered, the newest first. The look is recorded. The caller asked `access`."""
    services.read_identity(case=case, user=user, what=WHAT, reason="", at=at)
    child = may_be_child(case)
    rows = Screening.objects.filter(case=case).select_related("changed_by")
    return [
        _look(one, which, child)
        for one in rows.order_by("-changed_at", "id")
        if (which := by_code(one.set_code))
    ]


@transaction.atomic
def read_answers(*, case: Case, user: User, which: IndicatorSet, at: datetime) -> dict[str, str]:
    """To go on with one list. Recorded as a look where there is something to see."""
    found = Screening.objects.filter(case=case, set_code=which.code).first()
    if found is None:
        return {}
    services.read_identity(case=case, user=user, what=WHAT, reason="", at=at)
    return found.answers or {}


def _look(screening: Screening, which: IndicatorSet, child: bool) -> Look:
    answers = screening.answers or {}
    yes = {id_ for id_, said in answers.items() if said in YES}
    outcome = judge(which.signs, yes, child=child or which.ages == "children")
    return Look(screening, which, answers, outcome)


def begun(case: Case) -> list[Screening]:
    """That there are first looks, and when; opens no answer."""
    rows = Screening.objects.filter(case=case).defer("answers_sealed")
    return list(rows.order_by("-changed_at", "id"))


def with_specialist(case: Case) -> Need | None:
    """The talk with a specialist that is looked for, or agreed, already."""
    needs = Need.objects.open().filter(case=case, capability=SPECIALIST)
    return needs.order_by("created_at", "id").first()


@transaction.atomic
def propose_specialist(*, case: Case, user: User, at: datetime) -> Need:
    """A person wants it proposed: a draft. Nobody is asked before somebody says so. Twice is
    once."""
    lock_open_case(case.pk)
    had = with_specialist(case)
    by = services.By(Hand.CASEWORKER, user)
    return had or services.add_need(case_id=case.pk, capability=SPECIALIST, by=by, at=at)
