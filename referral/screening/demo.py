"""First looks of the demonstration: invented, advisory like any."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from referral.models import Case
from referral.screening import services
from referral.screening.indicators import all_sets

TICKED = (  # story, list, what was told or seen
    ("talk", "a1", {"hurt": "told", "papers": "told", "hours": "told", "pay": "seen"}),
    ("family", "a2", {}),
)


def load(*, cases: dict[str, UUID], at: datetime, **_more) -> None:
    for key, which, answers in TICKED:
        case, found = Case.objects.get(pk=cases[key]), all_sets()[which]
        known = [one.id for one in found.indicators]
        answers = answers or {known[0]: "seen", known[1]: "no"}
        services.answer(
            case=case, user=case.assigned_to, which=found, answers=answers,
            at=at - timedelta(days=3, hours=2) if key == "talk" else at - timedelta(hours=5),
        )  # fmt: skip
