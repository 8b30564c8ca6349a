"""What a specialist of the demonstration wrote: a journey for money first, then more was told."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from referral.finding import services
from referral.finding.definition import Age, Agreed, Elements, Known
from referral.lifecycle import AGREED
from referral.models import Referral

YES, NO = Known.ESTABLISHED, Known.NOT_ESTABLISHED
HOUR = timedelta(hours=1)


def load(*, cases: dict[str, UUID], at: datetime, **_more) -> None:
    rows = Referral.objects.filter(
        need__case=cases["talk"], need__capability="identification", state__in=AGREED
    )
    referral = rows.select_related("need__case__area__parent__parent", "service").first()
    if referral is None:
        return
    specialist = referral.answered_by
    by = {"referral": referral, "user": specialist, "member": referral.need.case.members.first()}
    services.record(
        elements=Elements(acts=YES, purpose=NO, age=Age.ADULT, agreed=Agreed.YES),
        codes={"acts": ["transport"]}, decision="not_established", at=at - 40 * HOUR,
        notes={"acts": "Paid a driver to cross. Invented."}, **by,
    )  # fmt: skip
    points = {key: {"leans": "journey", "note": "Invented."} for key in services.wording.POINTS}
    services.compare(referral=referral, user=specialist, points=points, at=at - 39 * HOUR)
    services.tell_anew(case_id=referral.need.case_id, at=at - 20 * HOUR)
    services.record(
        elements=Elements(acts=YES, means=YES, purpose=YES, age=Age.ADULT, agreed=Agreed.YES),
        codes={
            "acts": ["transport", "receipt"], "means": ["debt_bondage", "withholds_documents"],
            "purpose": ["forced_labour"],
        },
        notes={"means": "A debt that grew in a mine. Invented."}, decision="possible",
        reason="One more talk, with another interpreter, first. Invented.", because="new_fact",
        shared=True, at=at - 6 * HOUR, **by,
    )  # fmt: skip
