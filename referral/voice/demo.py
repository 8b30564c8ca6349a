"""What people of the demonstration said without their caseworker: invented."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from referral.models import Case
from referral.voice import services

DAY = timedelta(days=1)


def load(*, cases: dict[str, UUID], at: datetime, **_more) -> None:
    """A code that was given, a question that waits for its answer, and how to be asked."""
    case = Case.objects.select_related("area__parent__parent").get(pk=cases["helped"])
    services.make_code(case=case, user=case.assigned_to, at=at - 2 * DAY)
    services.say(
        case=case, kind="correct", text="My daughter is with me. It is not written.",
        sent="demonstration", told_to=None, at=at - DAY,
    )  # fmt: skip
    services.listen(
        case=case, user=case.assigned_to, channel="phone", from_day=(at + 14 * DAY).date(),
        at=at - DAY,
    )  # fmt: skip
